"""A sequence of inputs, the gates it makes, and what is left of the first memory."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.checks import check_shape
from lstm_lib.explore.bounds import INPUT, MEMORY, WEIGHT, array, numbers, reach
from lstm_lib.explore.controls import Range, Text, Whole, choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.goal import told
from lstm_lib.explore.sequence_text import LONGEST, numbers_in, typed
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
    """Inputs x (T,), weight, bias and first memory of each unit (H,), and what is chosen."""

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    C_0: np.ndarray
    unit: int = 0
    step: int = 0
    sliders: str = "weights"

    @cached_property
    def trace(self):
        """The cell over the sequence, writing nothing."""
        H = len(self.w)
        W_f = np.concatenate([np.zeros((H, H)), self.w[:, None]], axis=1)
        return lstm_forward(LSTMParams.from_gates(W_f=W_f, b_f=self.b), self.x[:, None], C_0=self.C_0)


class GateOverTime(Explorer):
    """Inputs x_t over time drive f_t = σ(w·x_t + b); the first memory C_0 is kept or lost, nothing is written.

    x : (T,) inputs, T from 2 to 60;  w, b, C_0 : (H,) weight on x_t, bias and first memory of each unit
    goal : a Goal that is looked at with the trace, optional
    """

    title = "Forget gate over time"

    def __init__(self, x, w=(2.0,), b=(1.0,), C_0=None, goal=None):
        x, w, b = numbers("x", x), numbers("w", w), numbers("b", b)
        if x.ndim != 1 or not 2 <= len(x) <= LONGEST:
            raise ValueError(f"x: expected 2 to {LONGEST} numbers, got shape {x.shape}")
        check_shape("w", w, ("H",))
        check_shape("b", b, w.shape, why="(a bias for each weight)")
        if len(w) > 4:
            raise ValueError(f"w: expected up to 4 units, got {len(w)}")
        start = Gates(x, w, b, array("C_0", C_0, 1.0, w.shape))
        self.bounds = {"w": reach(WEIGHT, w, b), "x": reach(INPUT, x), "C": reach(MEMORY, start.C_0)}
        self.goal = goal
        self.presets = {name: self._pattern(make) for name, make in PATTERNS.items()}
        super().__init__(start)

    @staticmethod
    def _pattern(make):
        return lambda s: s.but(x=make(len(s.x)))  # as long as the sequence that is there

    def controls(self, s):
        """A unit and a step; the unit's weight, bias and first memory, or the step's input."""
        u, t, several = s.unit, s.step, len(s.w) > 1
        at = f"[{u}]" if several else ""
        rows = [choice("unit", "unit", ("unit",), u, {str(j): j for j in range(len(s.w))})] if several else []
        rows.append(choice("sliders", "sliders", ("sliders",), s.sliders, ["weights", "inputs"]))
        if s.sliders == "weights":
            rows += [
                self._range("w", f"w{at}", ("w", u), s.w[u], self.bounds["w"]),
                self._range("b", f"b{at}", ("b", u), s.b[u], self.bounds["w"]),
            ]
        rows.append(Whole("step", "step t", ("step",), value=t + 1, low=1, high=len(s.x)))
        if s.sliders == "inputs":
            rows.append(self._range("x", f"x_t, t = {t + 1}", ("x", t), s.x[t], self.bounds["x"]))
        rows.append(self._range("C_0", f"C_0{at}", ("C_0", u), s.C_0[u], self.bounds["C"], 0.5))
        if s.sliders == "inputs":
            rows.append(
                Text("inputs", "all x", value=numbers_in(s.x), placeholder="numbers with spaces between")
            )
        return rows

    @staticmethod
    def _range(name, label, path, value, bound, step=0.1):
        return Range(name, label, path, value=float(value), low=-bound, high=bound, step=step)

    def moved(self, s, control, value):
        """Steps are counted from 1; a typed sequence may have another length."""
        if control.name == "step":
            return s.but(step=value - 1)
        if control.name == "inputs":
            x = typed("all x", value, self.bounds["x"])
            return s.but(x=x, step=min(s.step, len(x) - 1))
        return super().moved(s, control, value)

    def picture(self, s, before=None):
        """Inputs, gates, and the memory."""
        trace, t, u, H = s.trace, s.step, s.unit, len(s.w)
        high = max(1.0, float(np.ceil(np.abs(s.C_0).max())))
        strips = [
            Strip("input x_t", unit_series(trace.x, ROLES["x"].ink, "x"), *_around(s.x, 2.0), bars=True),
            Strip("forget gate f_t", unit_series(trace.f, ROLES["f"].ink, "f"), 0, 1),
            Strip("cell state C_t: what is left of C_0", unit_series(trace.C, ROLES["C"].ink, "C"),
                  -high if (s.C_0 < 0).any() else 0, high),
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
        return Picture(svg, summary, **told(self.goal, trace))


def _in(value):
    return f"({plain(value)})" if value < 0 else plain(value)


def _around(values, least):
    limit = max(least, float(np.ceil(np.abs(values).max())))
    return -limit, limit
