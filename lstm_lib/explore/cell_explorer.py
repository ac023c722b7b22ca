"""The whole cell: every gate clamped or computed, every weight, bias, state and input within reach."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.gates import GATES
from lstm_lib.cell.lstm import LSTMParams, lstm_step
from lstm_lib.explore.bounds import INPUT, MEMORY, array, beyond, reach
from lstm_lib.explore.cell_state import (
    CellState,
    checked_cell,
    checked_choice,
    checked_clamp,
    clamp_switches,
    gate_range,
    push_words,
    unit_choice,
    weight_bound,
    weight_controls,
)
from lstm_lib.explore.controls import Button, Range, choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.judge.judge import judge
from lstm_lib.subjects import exercise
from lstm_lib.views.cell_svg import cell_summary, cell_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import number, vector

PRESETS = {
    "keep": {"f": 1.0, "i": 0.0},
    "erase and write": {"f": 0.0, "i": 1.0, "C_tilde": 0.8},
    "store, don't show": {"f": 1.0, "i": 1.0, "C_tilde": 0.8, "o": 0.0},
    "count up": {"f": 1.0, "i": 1.0, "C_tilde": 0.8, "o": 1.0},
    "compute all": {},
}


@dataclass(frozen=True, eq=False, kw_only=True)
class OneStep(CellState):
    """A cell and what goes into one step: x_t (D,), h_{t-1} and C_{t-1} (H,); `steps` made before it."""

    x_t: np.ndarray
    h_prev: np.ndarray
    C_prev: np.ndarray
    steps: int = 0
    sliders: str = "gates"

    @cached_property
    def trace(self):
        """The step, with what is clamped clamped."""
        return lstm_step(self.params, self.x_t, self.h_prev, self.C_prev, dict(self.clamp))

    @cached_property
    def computed(self):
        """The same step with nothing clamped."""
        return lstm_step(self.params, self.x_t, self.h_prev, self.C_prev)


class CellExplorer(Explorer):
    """One step of an LSTM cell, and the next, and the next.

    params : LSTMParams of up to 4 units and 4 inputs, optional; a cell of one unit if left out
    C_prev, h_prev : (H,) and x_t : (D,), optional starting values
    clamp : {"f": …, "i": …, "o": …, "C_tilde": …}; moving a gate's slider clamps it, its switch lets it go
    sliders : "gates" or "weights", what is under the sliders at first;  gate : whose weights these are
    yours : a function (params, x_t, h_prev, C_prev) → (h_t, C_t), optional; shown beside the library's, with the
        verdict of the exercise "step"
    """

    title = "The whole LSTM cell"
    presets = PRESETS

    def __init__(
        self,
        params=None,
        x_t=None,
        h_prev=None,
        C_prev=None,
        clamp=None,
        sliders="gates",
        gate="f",
        yours=None,
    ):
        if params is None:
            params = LSTMParams.from_gates(
                W_f=[[0.5, 1.0]], b_f=[1.0], W_i=[[-0.5, 2.0]], W_o=[[0.3, 1.0]], b_o=[0.5], W_C=[[0.4, 1.5]]
            )
        cell = checked_cell(params)
        H, D = params.hidden_size, params.input_size
        start = OneStep(
            W=cell.W, b=cell.b, clamp=checked_clamp(cell, clamp), column=H, **checked_choice(sliders, gate, ("gates", "weights")),
            x_t=array("x_t", x_t, 0.5, (D,)), h_prev=array("h_prev", h_prev, 0.0, (H,), limit=1),
            C_prev=array("C_prev", C_prev, 1.0, (H,)),
        )  # fmt: skip
        self.weight_bound = weight_bound(cell)
        self.bounds = {"x": reach(INPUT, start.x_t), "h": 1.0, "C": reach(MEMORY, start.C_prev)}
        self.yours = yours
        self.films = yours is None  # a learner's function runs once a move, and may do anything
        super().__init__(start)

    def controls(self, s):
        """The unit; what is clamped; the four gates, or a weight with the input it meets and a bias; the old memory."""
        rows = [*unit_choice(s), choice("sliders", "sliders", ("sliders",), s.sliders, ["gates", "weights"])]
        rows += clamp_switches(s)
        computed = {key: getattr(s.computed, gate.field) for key, gate in GATES.items()}
        if s.sliders == "gates":
            rows += [gate_range(s, gate, computed[gate]) for gate in GATES]
        else:
            gate, column, W, b = weight_controls(s, self.weight_bound)
            rows += [gate, gate_range(s, s.gate, computed[s.gate]), column, W, self._input(s), b]
        at = ("C_prev", s.unit)
        rows.append(Range("C_prev", s.of("C_{t-1}"), at, value=float(s.C_prev[s.unit]), low=-self.bounds["C"],
                          high=self.bounds["C"], step=0.5))  # fmt: skip
        return [*rows, Button("next", "Next step", group="presets", primary=True)]

    def _input(self, s):
        """The entry of [h_{t-1}; x_t] that the chosen column meets."""
        H = s.hidden_size
        name, path = self._met(s)
        bound = self.bounds["h" if s.column < H else "x"]
        return Range(path[0], name, path, value=float(getattr(s, path[0])[path[1]]), low=-bound, high=bound,
                     step=0.05 if s.column < H else 0.1)  # fmt: skip

    @staticmethod
    def _met(s):
        k, H = s.column, s.hidden_size
        if k < H:
            return (f"h_{{t-1}}[{k}]" if H > 1 else "h_{t-1}"), ("h_prev", k)
        return (f"x_t[{k - H}]" if len(s.x_t) > 1 else "x_t"), ("x_t", k - H)

    def preset(self, s, name):
        """The preset's gates clamped besides those that are; with none named, all let go."""
        more = checked_clamp(s.params, PRESETS[name])
        return s.but(clamp=s.clamp | more if more else {})

    def moved(self, s, control, value):
        """Moving a gate clamps it; the next step takes what came out as what goes in."""
        name = control.name
        if name == "next":
            return s.but(C_prev=s.trace.C_t, h_prev=s.trace.h_t, steps=s.steps + 1)
        if name.startswith("clamp "):
            gate = name.removeprefix("clamp ")
            return s.with_clamp(gate, getattr(s.computed, GATES[gate].field) if value else None)
        if name in GATES:
            s = s.with_clamp(name, getattr(s.trace, GATES[name].field))
        return super().moved(s, control, value)

    def picture(self, s, before=None):
        """One step, what is clamped beside what is computed, and what a learner's step makes of it."""
        other, good = None, False
        memories = [f"C_{{t-1}}[{u}]" if s.hidden_size > 1 else "C_{t-1}" for u in range(s.hidden_size)]
        remarks = [beyond(name, C, self.bounds["C"]) for name, C in zip(memories, s.C_prev, strict=True)]
        if self.yours is not None:
            t = s.computed
            verdict = judge(exercise("step"), self.yours, (s.params, s.x_t, s.h_prev, s.C_prev))
            other, good = None if verdict.value is None else verdict.value.ravel(), verdict.right
            clamped = " (Your step computes every gate; some are clamped here.)" if s.clamp else ""
            remarks += [verdict.text + clamped, f"The library: C_t {vector(t.C_t)}, h_t {vector(t.h_t)}."]
        step = f"Step {s.steps + 1}: " if s.steps else ""
        names = [gate.letter for key, gate in GATES.items() if key in s.clamp]
        mode = f" Clamped: {', '.join(names)}." if names else " All gates are computed."
        summary = step + cell_summary(s.trace, s.unit) + mode
        if s.sliders == "weights":
            name, path = self._met(s)
            z = getattr(s.computed, f"z_{GATES[s.gate].block}")[s.unit]
            summary += f" {push_words(s, name, getattr(s, path[0])[path[1]])}{number(z)}."
        svg = cell_svg(s.trace, s.unit, before and before.trace, other=other, summary=summary,
                       computed=s.computed if s.clamp else None)  # fmt: skip
        return Picture(svg, summary, "\n".join(filter(None, remarks)), good)
