"""Forget gate, computed: the sliders are weights, biases and inputs, and f_t follows."""

from __future__ import annotations

import numpy as np

from lstm_lib.cell import lstm_step
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.yours import Yours
from lstm_lib.params import LSTMParams
from lstm_lib.views.forget_gate_svg import forget_gate_summary, forget_gate_svg

__all__ = ["ForgetComputed"]

W_START = [
    [0.5, -0.3, 0.8, 1.2, -0.7, 0.1, 0.4],
    [-0.6, 0.9, 0.2, -1.5, 0.3, 0.8, -0.2],
    [0.1, 0.4, -1.1, 2.0, 0.6, -0.5, 1.0],
]
STATE = {
    "W_f": np.array(W_START),
    "b_f": np.array([0.5, 0.0, -0.5]),
    "v": np.array([0.1, 0.2, 0.3, 1.0, 0.5, -1.0, 0.5]),
    "C_prev": np.array([6.0, 8.0, 9.0]),
    "unit": 0,
    "column": 3,
}


class ForgetComputed(Explorer):
    """x_t (4), h_{t-1} (3), W_f (3×7) and b_f (3) at work; one weight at a time under the slider.

    yours : a function (h_prev, x_t, W_f, b_f) → f_t of shape (3,), optional; shown beside the
        library's, and whatever goes wrong in it is said in words.
    """

    title = "Forget gate, computed: fₜ = σ(W_f · [hₜ₋₁; xₜ] + b_f)"
    presets = {
        "x₀ as a switch": {
            "W_f": np.array([[0, 0, 0, 6.0, 0, 0, 0], [0, 0, 0, -6.0, 0, 0, 0], [0, 0, 0, 3.0, 0, 0, 0]]),
            "b_f": np.zeros(3),
            "unit": 0,
            "column": 3,
        },
        "bias only": {"W_f": np.zeros((3, 7)), "b_f": np.array([-6.0, 0.0, 6.0])},
        "all at +6": {
            "W_f": np.full((3, 7), 6.0), "b_f": np.full(3, 6.0),
            "v": np.array([1.0, 1, 1, 6, 6, 6, 6]),
        },
    }  # fmt: skip

    def __init__(self, yours=None):
        self._yours = None if yours is None else Yours(yours, "h_prev, x_t, W_f, b_f", "f_t")
        super().__init__(STATE)

    def build(self):
        """Choose a row and a column; move that weight, the input it meets and the row's bias."""
        H = 3
        self.add_buttons("row", [(f"unit {u}", u) for u in range(H)], lambda s: s["unit"],
                         lambda s, value: s.update(unit=value))  # fmt: skip
        names = [f"h[{k}]" if k < H else f"x[{k - H}]" for k in range(7)]
        self.add_buttons("column", [(name, k) for k, name in enumerate(names)], lambda s: s["column"],
                         lambda s, value: s.update(column=value))  # fmt: skip
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["W_f"][s["unit"], s["column"]],
            lambda s, value: s["W_f"].__setitem__((s["unit"], s["column"]), value),
            lambda s: f"W_f[{s['unit']}, {s['column']}]",
        )  # fmt: skip
        self.add_slider(
            lambda s: -1 if s["column"] < H else -6,
            lambda s: 1 if s["column"] < H else 6,
            lambda s: 0.05 if s["column"] < H else 0.1,
            lambda s: s["v"][s["column"]],
            lambda s, value: s["v"].__setitem__(s["column"], value),
            lambda s: f"h_prev[{s['column']}]" if s["column"] < H else f"x_t[{s['column'] - H}]",
        )
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["b_f"][s["unit"]],
            lambda s, value: s["b_f"].__setitem__(s["unit"], value),
            lambda s: f"b_f[{s['unit']}]",
        )  # fmt: skip

    def draw(self):
        """One step of a cell that has a forget gate and writes nothing."""
        s = self.state
        params = LSTMParams.from_gates(W_f=s["W_f"], b_f=s["b_f"])
        h_prev, x_t = s["v"][:3], s["v"][3:]
        trace = lstm_step(params, x_t, h_prev, s["C_prev"])
        other = None
        if self._yours is not None:
            other = self._yours.value(trace.f_t, h_prev, x_t, s["W_f"], s["b_f"])
        svg = forget_gate_svg(params, trace, s["unit"], s["column"], other=other)
        return svg, forget_gate_summary(trace, other)

    def remark(self):
        """What the learner's function made of it."""
        return "" if self._yours is None else self._yours.remark
