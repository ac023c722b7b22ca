"""The plain recurrent network (Elman 1990).

z = W · [h_{t-1}; x_t] + b
h_t = tanh(z)
"""

from lstm_lib.cell.gates import TANH, Gate
from lstm_lib.cell.initial import orthogonal
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.params import Params
from lstm_lib.cell.passes import backward, forward


class RNN(Kind):
    """No gates."""

    name = "RNN"
    sentence = "the hidden state is recomputed at every step"
    source = "Elman 1990 (doi 10.1207/s15516709cog1402_1)"
    gates = (Gate("h", "h", "hidden state", "h_t", TANH),)
    states = {"h": 1}
    lanes = {"h": ("", "", "h")}
    shown = ()
    equations = tuple(gate.equation for gate in gates)

    def step(self, p, x_t, clamp, h_prev):
        """The equations above."""
        (z,) = self.z(p, h_prev, x_t)
        return {"z": z, "h_t": self.gate("h", z, clamp)}

    def back(self, p, s, d, g):
        """ḋz = ḋh_t ⊙ (1 − h_t²), [ḋh_{t-1}; ḋx_t] = Wᵀ · ḋz."""
        dh_prev, dx_t = self.back_through_W(p, self.dz(s, h=d["h"]), g, s.h_prev, s.x_t)
        return dx_t, {"h": dh_prev}


class OrthogonalRNN(RNN):
    """Saxe, McClelland & Ganguli 2014: W_h keeps the length of h."""

    name = "orthogonal RNN"
    sentence = "a plain RNN that starts with an orthogonal W_h"
    source = "Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120); Le, Jaitly & Hinton 2015 (arXiv 1504.00941)"

    def random(self, D, H, rng, forget_bias=1.0):
        """As for the RNN, with an orthogonal W_h."""
        start = super().random(D, H, rng, forget_bias)
        W = start.W.copy()
        W[:, :H] = orthogonal(rng, H)
        return Params(self, W=W, b=start.b)


KIND = RNN()


class RNNParams(Params):
    """W : (H, H+D), acts on [h_{t-1}; x_t];  b : (H,). Both are copied and read-only."""

    def __init__(self, W, b):
        super().__init__(KIND, W=W, b=b)

    @classmethod
    def random(cls, input_size, hidden_size, rng):
        """Weights uniform in ±1/√H from the generator `rng`; b zero."""
        start = KIND.random(input_size, hidden_size, rng)
        return cls(start.W, start.b)


def rnn_forward(params, x, h_0=None):
    """The network over x (T, D) or (T, B, D), from h_0 (zero when left out): a SequenceTrace."""
    return forward(rnn_params(params), x, h_0=h_0)


def rnn_backward(params, trace, dh):
    """Gradients from dh, shaped as trace.h."""
    return backward(rnn_params(params), trace, dh)


def rnn_params(params):
    """`params`, which must be those of an RNN."""
    if not isinstance(params, Params) or params.kind.name != KIND.name:
        raise ValueError(f"params: expected RNNParams, got {type(params).__name__}")
    return params
