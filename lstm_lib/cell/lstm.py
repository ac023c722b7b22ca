"""The LSTM cell by hand: one step forward and back, to be read, and to be compared with what the equations give.

Hochreiter & Schmidhuber 1997 with the forget gate of Gers, Schmidhuber & Cummins 2000 and without peepholes:

    z_f, z_i, z_o, z_C = W · [h_{t-1}; x_t] + b
    f_t = σ(z_f)    i_t = σ(z_i)    o_t = σ(z_o)    C̃_t = tanh(z_C)
    C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t
    h_t = o_t ⊙ tanh(C_t)

The backward pass, from the last step to the first, with ḋ for ∂loss/∂ (full BPTT: Graves & Schmidhuber 2005):

    ḋC_t  = ḋC_t + ḋh_t ⊙ o_t ⊙ (1 − tanh²(C_t))          ḋC_{t-1} = ḋC_t ⊙ f_t
    ḋz_f  = ḋC_t ⊙ C_{t-1} ⊙ f_t (1 − f_t)        ḋz_i = ḋC_t ⊙ C̃_t ⊙ i_t (1 − i_t)
    ḋz_o  = ḋh_t ⊙ tanh(C_t) ⊙ o_t (1 − o_t)      ḋz_C = ḋC_t ⊙ i_t ⊙ (1 − C̃_t²)
    [ḋh_{t-1}; ḋx_t] = Wᵀ · ḋz        ḋW += ḋz · [h_{t-1}; x_t]ᵀ        ḋb += ḋz
"""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.kinds import LSTM
from lstm_lib.cell.layouts import Layouts
from lstm_lib.cell.params import Params
from lstm_lib.cell.passes import StepTrace, backward, checked_step, forward, params_of


class LSTMParams(Layouts, Params):
    """All weights and biases of an LSTM with input size D and hidden size H.

    W : (4H, H+D), acts on [h_{t-1}; x_t];  b : (4H,).  Rows: forget, input, output, candidate.
    Both are copied and read-only. Blocks have names: `W_f` (H, H+D), `b_i` (H,), …
    """

    def __init__(self, W, b):
        super().__init__(LSTM, W=W, b=b)

    @classmethod
    def random(cls, input_size, hidden_size, rng, forget_bias=1.0):
        """Weights uniform in ±1/√H from the generator `rng`; b is zero except b_f = `forget_bias`."""
        start = LSTM.random(input_size, hidden_size, rng, forget_bias)
        return cls(start.W, start.b)


def lstm_step(params, x_t, h_prev, C_prev, clamp=None):
    """One step of the LSTM, for a vector or a batch: a StepTrace.

    x_t : (D,) or (B, D);  h_prev, C_prev : (H,) or (B, H)
    clamp : {"f": …, "i": …, "o": …} from 0 to 1 and {"C_tilde": …} from −1 to 1, which replace the computed values;
        numbers, or arrays that broadcast to the state's shape
    """
    given = {"h_prev": h_prev, "C_prev": C_prev}
    x_t, before, clamp = checked_step(params_of(params, LSTM), x_t, clamp, given)
    h_prev, C_prev = before["h"], before["C"]
    z_f, z_i, z_o, z_C = np.split(np.concatenate([h_prev, x_t], axis=-1) @ params.W.T + params.b, 4, axis=-1)
    f_t = clamp.get("f", sigmoid(z_f))
    i_t = clamp.get("i", sigmoid(z_i))
    o_t = clamp.get("o", sigmoid(z_o))
    C_tilde = clamp.get("C_tilde", np.tanh(z_C))
    kept, written = f_t * C_prev, i_t * C_tilde
    C_t = kept + written
    tanh_C = np.tanh(C_t)
    values = {"x_t": x_t, "h_prev": h_prev, "C_prev": C_prev, "z_f": z_f, "z_i": z_i, "z_o": z_o, "z_C": z_C,
              "f_t": f_t, "i_t": i_t, "o_t": o_t, "C_tilde": C_tilde, "kept": kept, "written": written, "C_t": C_t,
              "tanh_C": tanh_C, "h_t": o_t * tanh_C}  # fmt: skip
    return StepTrace(LSTM, values, tuple(clamp))


def lstm_step_back(params, s, dh, dC):
    """The equations above for one step s, a StepTrace: {"W", "b", "x", "h", "C": gradient} from ∂loss/∂h_t and ∂loss/∂C_t."""
    dC = dC + dh * s.o_t * (1 - s.tanh_C**2)
    dz = {
        "f": dC * s.C_prev * s.f_t * (1 - s.f_t),
        "i": dC * s.C_tilde * s.i_t * (1 - s.i_t),
        "o": dh * s.tanh_C * s.o_t * (1 - s.o_t),
        "C_tilde": dC * s.i_t * (1 - s.C_tilde**2),
    }
    dz = np.concatenate([value * (gate not in s.clamped) for gate, value in dz.items()], axis=-1)
    dh_prev, dx = np.split(dz @ params.W, [params.hidden_size], axis=-1)
    rows, seen = np.atleast_2d(dz), np.atleast_2d(np.concatenate([s.h_prev, s.x_t], axis=-1))
    return {"W": rows.T @ seen, "b": rows.sum(axis=0), "x": dx, "h": dh_prev, "C": dC * s.f_t}


def lstm_forward(params, x, h_0=None, C_0=None, clamp=None):
    """The LSTM over a sequence x, (T, D) or (T, B, D): a SequenceTrace. h_0, C_0 : zero when left out."""
    return forward(params_of(params, LSTM), x, clamp, h_0=h_0, C_0=C_0)


def lstm_backward(params, trace, dh, dC_T=None):
    """Gradients of a loss w.r.t. parameters, inputs and initial states.

    dh : shaped as trace.h, ∂loss/∂h_t of every step (zero where a step's h is not used)
    dC_T : shaped as trace.C_0, ∂loss/∂C of the last step; zero when left out
    """
    return backward(params_of(params, LSTM), trace, dh, dC_T=dC_T)
