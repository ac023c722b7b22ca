"""One step of the whole cell: every gate, weight, bias, state and input can be moved."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.kinds import GATES
from lstm_lib.cell.lstm import LSTMParams, lstm_step
from lstm_lib.checks import one_of
from lstm_lib.explore.bounds import INPUT, MEMORY, WEIGHT, array, bounds_for
from lstm_lib.explore.cell_state import (
    CellState,
    checked_cell,
    checked_clamp,
    clamp_switches,
    gate_choice,
    gate_slider,
    moved_gate,
    weight_controls,
)
from lstm_lib.explore.controls import Button, choice, slider, unit_choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.judge.judge import judge
from lstm_lib.subjects import exercise
from lstm_lib.views.cell_svg import cell_summary, cell_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import beside, plain, vector

PRESETS = {
    "keep": {"f": 1.0, "i": 0.0},
    "erase and write": {"f": 0.0, "i": 1.0, "C_tilde": 0.8},
    "store, don't show": {"f": 1.0, "i": 1.0, "C_tilde": 0.8, "o": 0.0},
    "count up": {"f": 1.0, "i": 1.0, "C_tilde": 0.8, "o": 1.0},
    "compute all": {},
}


@dataclass(frozen=True, eq=False, kw_only=True)
class OneStep(CellState):
    """A cell and the inputs of one step: x_t (D,), h_{t-1} and C_{t-1} (H,); `steps` were made before it."""

    x_t: np.ndarray
    h_prev: np.ndarray
    C_prev: np.ndarray
    steps: int = 0
    sliders: str = "gates"

    @cached_property
    def trace(self):
        return lstm_step(self.params, self.x_t, self.h_prev, self.C_prev, dict(self.clamp))

    @cached_property
    def computed_trace(self):
        """The same step with nothing clamped."""
        return lstm_step(self.params, self.x_t, self.h_prev, self.C_prev)

    def computed(self, gate):
        return getattr(self.computed_trace, GATES[gate].field)


class CellExplorer(Explorer):
    """One step of an LSTM cell; a button makes the next one.

    params : LSTMParams of up to 4 units and 4 inputs; if left out, a cell of one unit
    C_prev, h_prev : (H,) and x_t : (D,), optional starting values
    clamp : {"f": …, "i": …, "o": …, "C_tilde": …}, gates clamped at the start
    sliders : "gates" or "weights", which sliders are shown first;  gate : the gate whose weights are shown first
    yours : a function (params, x_t, h_prev, C_prev) → (h_t, C_t), optional; shown beside the library's result, with
        the verdict of the exercise "step"
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
            W=cell.W, b=cell.b, clamp=checked_clamp(cell, clamp), column=H,
            sliders=one_of("sliders", sliders, ("gates", "weights")), gate=one_of("gate", gate, tuple(GATES)),
            x_t=array("x_t", x_t, 0.5, (D,)), h_prev=array("h_prev", h_prev, 0.0, (H,), limit=1),
            C_prev=array("C_prev", C_prev, 1.0, (H,)),
        )  # fmt: skip
        self.weight_bounds = bounds_for(WEIGHT, cell.W, cell.b)
        self.bounds = {
            "x_t": bounds_for(INPUT, start.x_t),
            "h_prev": (-1, 1),
            "C_prev": bounds_for(MEMORY, start.C_prev),
        }
        self.yours = yours
        self.films = yours is None  # a learner's function is called once per move, and may do anything
        super().__init__(start)

    def controls(self, s):
        """The unit and the clamped gates; the four gates, or a gate with a weight, its input and a bias; C_{t-1}."""
        rows = [
            *unit_choice(s, s.hidden_size),
            choice(s, "sliders", ["gates", "weights"]),
            *clamp_switches(s),
        ]
        if s.sliders == "gates":
            rows += [gate_slider(s, gate) for gate in GATES]
        else:
            column, W, b = weight_controls(s, self.weight_bounds)
            name, field, k = s.met
            met = slider(s, field, name, (field, k), self.bounds[field], 0.05 if field == "h_prev" else 0.1)
            rows += [gate_choice(s), gate_slider(s, s.gate), column, W, met, b]
        C_prev = slider(s, "C_prev", s.of("C_{t-1}"), ("C_prev", s.unit), self.bounds["C_prev"], 0.5)
        return [*rows, C_prev, Button("next", "Next step", group="presets", primary=True)]

    def preset(self, s, name):
        """The preset's gates clamped, and those that are clamped already; the empty preset releases all."""
        more = checked_clamp(s.params, PRESETS[name])
        return s.but(clamp=s.clamp | more if more else {})

    def moved(self, s, control, value):
        """After "Next step", C_t and h_t are the C_{t-1} and h_{t-1} of the step that is shown."""
        if control.name == "next":
            return s.but(C_prev=s.trace.C_t, h_prev=s.trace.h_t, steps=s.steps + 1)
        return moved_gate(s, control, value)

    def picture(self, s, before=None):
        """One step: clamped gates beside their computed values, and the result of the learner's step."""
        other, good, remarks = (
            None,
            False,
            [self._out_of_range(s.of("C_{t-1}", u), C) for u, C in enumerate(s.C_prev)],
        )
        if self.yours is not None:
            t = s.computed_trace
            verdict = judge(exercise("step"), self.yours, (s.params, s.x_t, s.h_prev, s.C_prev))
            other, good = None if verdict.value is None else verdict.value.ravel(), verdict.right
            clamped = " (Your step computes every gate; some are clamped here.)" if s.clamp else ""
            remarks += [verdict.text + clamped, f"The library: C_t {vector(t.C_t)}, h_t {vector(t.h_t)}."]
        step = f"Step {s.steps + 1}: " if s.steps else ""
        mode = f" Clamped: {s.clamped_letters}." if s.clamp else " All gates are computed."
        summary = step + cell_summary(s.trace, s.unit) + mode
        if s.sliders == "weights":
            summary += f" {s.weight_summary(s.computed_trace)}."
        svg = cell_svg(s.trace, s.unit, before and before.trace, other=other, summary=summary,
                       computed=s.computed_trace if s.clamp else None)  # fmt: skip
        return Picture(svg, summary, "\n".join(filter(None, remarks)), good)

    def _out_of_range(self, name, C):
        limit = self.bounds["C_prev"][1]
        if abs(C) <= limit:
            return ""
        shown, limit = beside(C, math.copysign(limit, C)), plain(limit)
        return f"{name} = {shown} is outside its slider's range, −{limit} to {limit}; the computation still uses it."
