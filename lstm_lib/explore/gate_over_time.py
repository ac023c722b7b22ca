"""Forget gates over a sequence of inputs, and what is left of C_0."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.checks import check_shape
from lstm_lib.explore.bounds import INPUT, MEMORY, WEIGHT, array, bounds_for, numbers
from lstm_lib.explore.controls import Text, Whole, choice, slider, unit_choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.goal import goal_fields
from lstm_lib.explore.sequence_text import LONGEST, as_text, parsed
from lstm_lib.explore.state import State
from lstm_lib.views.picture import Picture
from lstm_lib.views.strips_svg import Strip, strips_svg, unit_series
from lstm_lib.views.theme import ROLES, equals, gate_number, gate_vector, number, percent, plain, read, vector

PATTERNS = {
    "steady": lambda T: np.ones(T),
    "abrupt jump": lambda T: np.where(np.arange(T) < T // 2, 1.0, -1.0),
    "one pulse": lambda T: np.where(np.arange(T) == T // 2, -2.0, 1.0),
    "alternating": lambda T: np.where(np.arange(T) % 2 == 0, 1.0, -1.0),
}


@dataclass(frozen=True, eq=False)
class Gates(State):
    """Inputs x (T,); w, b and C_0 of each unit (H,); and the choices."""

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    C_0: np.ndarray
    unit: int = 0
    step: int = 0
    sliders: str = "weights"

    @cached_property
    def trace(self):
        """A cell that writes nothing."""
        H = len(self.w)
        W_f = np.concatenate([np.zeros((H, H)), self.w[:, None]], axis=1)
        return lstm_forward(LSTMParams.from_gates(W_f=W_f, b_f=self.b), self.x[:, None], C_0=self.C_0)


class GateOverTime(Explorer):
    """Inputs over time set f_t = σ(w·x_t + b), which keeps or forgets C_0; nothing is written.

    x : (T,) inputs, T from 2 to 60;  w, b, C_0 : (H,) weight on x_t, bias and first cell state of each unit
    goal : a Goal, optional
    """

    title = "Forget gate over time"
    presets = PATTERNS

    def __init__(self, x, w=(2.0,), b=(1.0,), C_0=None, goal=None):
        x, w, b = numbers("x", x), numbers("w", w), numbers("b", b)
        if x.ndim != 1 or not 2 <= len(x) <= LONGEST:
            raise ValueError(f"x: expected 2 to {LONGEST} numbers, got shape {x.shape}")
        check_shape("w", w, ("H",))
        check_shape("b", b, w.shape, why="(a bias for each weight)")
        if len(w) > 4:
            raise ValueError(f"w: expected up to 4 units, got {len(w)}")
        start = Gates(x, w, b, array("C_0", C_0, 1.0, w.shape))
        self.weight_bounds, self.input_bounds = bounds_for(WEIGHT, w, b), bounds_for(INPUT, x)
        self.C_bounds, self.goal = bounds_for(MEMORY, start.C_0), goal
        super().__init__(start)

    def preset(self, s, name):
        """The preset's inputs, as many as there are now."""
        return s.but(x=PATTERNS[name](len(s.x)))

    def controls(self, s):
        """A unit and a step; the unit's w, b and C_0, or the step's input and a line with all inputs."""
        u, t, H = s.unit, s.step, len(s.w)
        at = f"[{u}]" if H > 1 else ""
        rows = [*unit_choice(s, H), choice(s, "sliders", ["weights", "inputs"])]
        step = Whole("step", "step t", ("step",), value=t + 1, low=1, high=len(s.x))
        C_0 = slider(s, "C_0", f"C_0{at}", ("C_0", u), self.C_bounds, 0.5)
        if s.sliders == "weights":
            w, b = (slider(s, name, f"{name}{at}", (name, u), self.weight_bounds) for name in ("w", "b"))
            return [*rows, w, b, step, C_0]
        x = slider(s, "x", f"x_t, t = {t + 1}", ("x", t), self.input_bounds)
        line = Text("inputs", "all x", value=as_text(s.x), placeholder="numbers, separated by spaces")
        return [*rows, step, x, C_0, line]

    def moved(self, s, control, value):
        """The slider counts steps from 1; a typed sequence may have another length."""
        if control.name == "step":
            return s.but(step=value - 1)
        if control.name == "inputs":
            x = parsed("all x", value, self.input_bounds[1])
            return s.but(x=x, step=min(s.step, len(x) - 1))
        return super().moved(s, control, value)

    def picture(self, s, before=None):
        trace, t, u, H = s.trace, s.step, s.unit, len(s.w)
        low, high = bounds_for(1, s.C_0)
        strips = [
            Strip("input x_t", unit_series(trace.x, ROLES["x"].ink, "x"), *bounds_for(2, s.x), bars=True),
            Strip("forget gate f_t", unit_series(trace.f, ROLES["f"].ink, "f"), 0, 1),
            Strip("cell state C_t: what is left of C_0", unit_series(trace.C, ROLES["C"].ink, "C"),
                  low if (s.C_0 < 0).any() else 0, high),
        ]  # fmt: skip
        at = f"[{u}]" if H > 1 else ""
        w, x, b, f = _in(s.w[u]), _in(s.x[t]), _in(s.b[u]), gate_number(trace.f[t, u])
        sign = equals(f, sigmoid(read(w) * read(x) + read(b)))
        caption = f"t = {t + 1}:  f_t{at} = σ(w · x_t + b) = σ({w} · {x} + {b}) {sign} {f},  C_t{at} = {number(trace.C[t, u], 3)}"
        gates = gate_number(trace.f[t, 0]) if H == 1 else gate_vector(trace.f[t])
        left = ", ".join(
            percent(c / c_0) if c_0 else "nothing" for c, c_0 in zip(trace.C[-1], s.C_0, strict=True)
        )
        summary = (
            f"{len(s.x)} inputs; at step {t + 1} x_t is {plain(s.x[t])} and f_t is {gates}; at the end "
            f"{left} of C_0 = {vector(s.C_0)} is left."
        )
        svg = strips_svg(strips, self.title, summary, step=t, caption=caption)
        return Picture(svg, summary, **goal_fields(self.goal, trace))


def _in(value):
    return f"({plain(value)})" if value < 0 else plain(value)
