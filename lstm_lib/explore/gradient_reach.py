"""How far back a gradient reaches, in an LSTM and in a plain RNN."""

from dataclasses import dataclass, fields
from functools import cache, partial

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.initial import orthogonal
from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.cell.passes import forward
from lstm_lib.cell.reach import jacobian, lstm_jacobian
from lstm_lib.cell.rnn import RNNParams
from lstm_lib.checks import finite_number, one_of, whole_number
from lstm_lib.explore.bounds import checked_settings
from lstm_lib.explore.controls import Whole, choice, listed, slider
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.memory_decay import F
from lstm_lib.explore.state import State
from lstm_lib.views.picture import Picture
from lstm_lib.views.reach_svg import reach_svg
from lstm_lib.views.theme import amount, exact, gate_number

INPUTS = {"none": 0.0, "small": 0.1, "large": 1.0}
MANY, LONGEST = 16, 200
GATES, MATRICES, SLIDERS = ("computed", "clamped"), ("random", "orthogonal"), ("LSTM", "RNN and length")


@dataclass(frozen=True, eq=False)
class Reach(State):
    """The settings of both networks. If `gate` is "clamped", f_t is `f`; otherwise it is computed from b_f, x and u · h."""

    gate: str = "computed"
    f: float = 0.9
    b_f: float = 1.0
    u: float = 0.0
    C_0: float = 0.0
    w: float = 0.9
    T: int = 50
    inputs: str = "small"
    units: int = 1
    matrix: str = "random"
    sliders: str = "LSTM"


RANGES = {"b_f": (-6, 8), "w": (-3, 3), "u": (-3, 3), "C_0": (-10, 10)}
CHOICES = {
    "gate": GATES,
    "f": F,
    "inputs": tuple(INPUTS),
    "units": (1, MANY),
    "matrix": MATRICES,
    "sliders": SLIDERS,
}
CHECKS = {
    **{name: partial(one_of, choices=values) for name, values in CHOICES.items()},
    **{name: partial(finite_number, low=low, high=high) for name, (low, high) in RANGES.items()},
    "T": partial(whole_number, low=2, high=LONGEST),
}


class GradientReach(Explorer):
    """How much a small change at step t changes step T: the C of an LSTM, and the h of a plain RNN.

    gate : "computed" or "clamped";  f : the clamped value;  b_f : the bias of the computed gate
    u : the LSTM's weight on h, for all four layers (with 16 units, the gain of that matrix);  C_0 : its first cell state
    w : the RNN's weight on h (with 16 units, the gain of its matrix)
    T : length, 2 to 200;  inputs : "none", "small" or "large" noise;  units : 1 or 16
    matrix : the RNN's with 16 units, "random" or "orthogonal";  sliders : "LSTM" or "RNN and length"
    """

    title = "How far a gradient reaches"

    def __init__(self, **settings):
        start = Reach(**checked_settings("GradientReach", settings, CHECKS))
        default = {field.name: field.default for field in fields(Reach)}
        base = default | {"units": start.units}
        if start.units == 1:
            base |= {"T": start.T, "C_0": start.C_0}
            self.presets = {
                "f = 0.99": base | {"gate": "clamped", "f": 0.99, "inputs": "none"},
                "w = 1, no input": base | {"w": 1.0, "inputs": "none"},
                "w = 1, large inputs": base | {"w": 1.0, "inputs": "large"},
            }
        else:
            base |= {"b_f": 3.0, "T": 100}
            self.presets = {
                "vanishing RNN": base | {"w": 0.8},
                "exploding RNN": base | {"w": 2.0},
                "orthogonal RNN": base | {"w": 1.0, "matrix": "orthogonal"},
                "exploding LSTM": base | {"u": 3.0},
            }
        super().__init__(start)

    def controls(self, s):
        """The inputs; then how f_t is made and what else the LSTM depends on, or the RNN's weight and the length."""
        many = s.units == MANY
        rows = [choice(s, "inputs", INPUTS.keys()), choice(s, "sliders", SLIDERS)]
        if s.sliders == "LSTM":
            rows.append(choice(s, "gate", GATES, "f_t is"))
            if s.gate == "clamped":
                rows.append(listed(s, "f", F, [f"{f:g}" for f in F], "f_t"))
            u = self._slider(s, "u", "gain u" if many else "u, on h")
            return [*rows, self._slider(s, "b_f", "b_f"), u, self._slider(s, "C_0", "C_0", 0.5)]
        if many:
            rows.append(choice(s, "matrix", MATRICES, "RNN's matrix"))
        w = self._slider(s, "w", "gain w" if many else "w, on h", 0.01)
        return [*rows, w, Whole("T", "length T", ("T",), value=s.T, low=2, high=LONGEST)]

    @staticmethod
    def _slider(s, name, label, step=0.1):
        return slider(s, name, label, (name,), RANGES[name], step)

    def picture(self, s, before=None):
        """Both networks on the same inputs. The random numbers never change."""
        H = s.units
        noise, W_rnn, W_lstm, W_x = _drawn(H, s.matrix)
        x = INPUTS[s.inputs] * noise[: s.T]
        rnn = RNNParams(np.concatenate([s.w * W_rnn, W_x], axis=1), np.zeros(H))
        b = np.concatenate([np.full(H, s.b_f), np.zeros(3 * H)])
        lstm = LSTMParams(np.concatenate([s.u * W_lstm, np.tile(W_x, (4, 1))], axis=1), b)
        clamp, C_0 = ({"f": s.f} if s.gate == "clamped" else None), np.full(H, s.C_0)
        direct, full = lstm_jacobian(lstm, x, C_0, clamp)
        lines = {
            "direct": direct.max(axis=1),
            "full": np.linalg.norm(full, 2, axis=(1, 2)),
            "rnn": np.linalg.norm(jacobian(rnn, x), 2, axis=(1, 2)),
        }
        h, trace = forward(rnn, x).h, lstm_forward(lstm, x, C_0=C_0, clamp=clamp)
        one_step = np.linalg.norm((1 - h**2)[:, :, None] * rnn.W[:, :H], 2, axis=(1, 2))
        factors = {"f": trace.f.max(axis=1), "rnn": one_step}
        computed = sigmoid(trace.z_f).max(axis=1) if clamp else None
        summary = self._summary(s, lines, computed)
        states = {"C": trace.C[:, 0], "h": h[:, 0]}
        return Picture(reach_svg(states, factors, lines, H, self.title, summary, computed), summary)

    @staticmethod
    def _summary(s, lines, computed):
        left = {name: amount(values[0]) for name, values in lines.items()}
        rest = f"b_f = {exact(s.b_f, 1)}, which gives f = {gate_number(sigmoid(s.b_f))} if x and h are 0"
        f = f"f_t is computed, with {rest}"
        if s.gate == "clamped":
            f = f"f_t is clamped at {gate_number(s.f)}; computed, it would be {gate_number(computed[0])} at first"
        return (
            f"{f}. C_0 = {exact(s.C_0, 1)}, u = {exact(s.u)}, w = {exact(s.w)}. Of a change at step 1, this "
            f"is left at step {s.T}: in the LSTM's C {left['direct']} by the direct path and {left['full']} by all paths, "
            f"in the RNN's h {left['rnn']}."
        )


@cache
def _drawn(H, matrix):
    """Noise (200, 1), and matrices for H units before scaling: the RNN's and the LSTM's on h, and the one on x."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(LONGEST, 1))
    if H == 1:
        return noise, np.ones((1, 1)), np.ones((4, 1)), np.ones((1, 1))
    W_rnn, W_lstm = rng.normal(size=(H, H)) / H**0.5, rng.normal(size=(4 * H, H)) / H**0.5
    W_x, turned = rng.normal(size=(H, 1)), orthogonal(rng, H)
    return noise, turned if matrix == "orthogonal" else W_rnn, W_lstm, W_x
