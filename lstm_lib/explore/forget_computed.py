"""The forget gate, computed from weights, biases and inputs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.lstm import LSTMParams, lstm_step
from lstm_lib.explore.controls import choice, slider
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.judge.judge import judge
from lstm_lib.subjects import exercise
from lstm_lib.views.forget_gate_svg import forget_gate_summary, forget_gate_svg
from lstm_lib.views.picture import Picture

H, D = 3, 4


@dataclass(frozen=True, eq=False)
class Gate(State):
    """W_f (3, 7), b_f (3,), v = [h_{t-1}; x_t] (7,), C_{t-1} (3,), and the chosen row and column."""

    W_f: np.ndarray
    b_f: np.ndarray
    v: np.ndarray
    C_prev: np.ndarray
    unit: int = 0
    column: int = H

    @cached_property
    def params(self):
        """A cell that writes nothing."""
        return LSTMParams.from_gates(W_f=self.W_f, b_f=self.b_f)

    @cached_property
    def trace(self):
        return lstm_step(self.params, self.v[H:], self.v[:H], self.C_prev)


START = Gate(
    np.array([
        [0.5, -0.3, 0.8, 1.2, -0.7, 0.1, 0.4],
        [-0.6, 0.9, 0.2, -1.5, 0.3, 0.8, -0.2],
        [0.1, 0.4, -1.1, 2.0, 0.6, -0.5, 1.0],
    ]),
    np.array([0.5, 0.0, -0.5]), np.array([0.1, 0.2, 0.3, 1.0, 0.5, -1.0, 0.5]), np.array([6.0, 8.0, 9.0]),
)  # fmt: skip


class ForgetComputed(Explorer):
    """A forget gate of 3 units and 4 inputs; choose a row and a column, and move that weight and what belongs to it.

    yours : a function (h_prev, x_t, W_f, b_f) → f_t of shape (3,), optional; shown beside the library's result, with
        the verdict of the exercise "forget_gate"
    """

    title = "Forget gate, computed: fₜ = σ(W_f · [hₜ₋₁; xₜ] + b_f)"
    presets = {
        "x₀ as a switch": {
            "W_f": [[0, 0, 0, 6, 0, 0, 0], [0, 0, 0, -6, 0, 0, 0], [0, 0, 0, 3, 0, 0, 0]],
            "b_f": [0, 0, 0],
            "unit": 0,
            "column": H,
        },
        "bias only": {"W_f": np.zeros((H, H + D)), "b_f": [-6, 0, 6]},
        "all at +6": {"W_f": np.full((H, H + D), 6.0), "b_f": [6, 6, 6], "v": [1, 1, 1, 6, 6, 6, 6]},
    }

    def __init__(self, yours=None):
        self.yours = yours
        self.films = yours is None  # a learner's function is called once per move, and may do anything
        super().__init__(START)

    def controls(self, s):
        """A row and a column; that weight, its input, the row's bias and C_{t-1} of its unit."""
        u, k = s.unit, s.column
        columns = {f"h[{j}]" if j < H else f"x[{j - H}]": j for j in range(H + D)}
        name, label = ("h_prev", f"h_{{t-1}}[{k}]") if k < H else ("x_t", f"x_t[{k - H}]")
        bounds, step = ((-1, 1), 0.05) if k < H else ((-6, 6), 0.1)
        return [
            choice(s, "unit", {f"unit {j}": j for j in range(H)}, "row"),
            choice(s, "column", columns),
            slider(s, "W_f", f"W_f[{u}, {k}]", ("W_f", u, k), (-6, 6)),
            slider(s, name, label, ("v", k), bounds, step),
            slider(s, "b_f", f"b_f[{u}]", ("b_f", u), (-6, 6)),
            slider(s, "C_prev", f"C_{{t-1}}[{u}]", ("C_prev", u), (-10, 10), 0.5),
        ]

    def picture(self, s, before=None):
        other, remark, good = None, "", False
        if self.yours is not None:
            verdict = judge(exercise("forget_gate"), self.yours, (s.v[:H], s.v[H:], s.W_f, s.b_f))
            other, remark, good = verdict.value, verdict.text, verdict.right
        svg = forget_gate_svg(s.params, s.trace, s.unit, s.column, other=other)
        return Picture(svg, forget_gate_summary(s.trace, other), remark, good)
