"""A cell over a short sequence, step by step, with a plain RNN beside it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.kinds import GATES
from lstm_lib.cell.lstm import lstm_forward, lstm_step
from lstm_lib.cell.passes import forward
from lstm_lib.cell.rnn import RNNParams
from lstm_lib.checks import check_shape, one_of, quoted
from lstm_lib.explore.bounds import INPUT, MEMORY, WEIGHT, array, bounds_for, numbers
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
from lstm_lib.explore.controls import Button, Play, Whole, choice, slider, unit_choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.goal import goal_fields
from lstm_lib.explore.sequence_text import LONGEST
from lstm_lib.views.cell_svg import cell_summary, cell_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.strips_svg import Series, Strip, strips_svg, unit_series
from lstm_lib.views.theme import ROLES, number, plain, vector

SLIDERS = ("inputs", "gates", "weights")
SHOWS = {"over time": "strips", "the cell at step t": "cell"}


@dataclass(frozen=True, eq=False, kw_only=True)
class Sequence(CellState):
    """A cell, inputs x (T, D), first states h_0 and C_0 (H,), and the choices."""

    x: np.ndarray
    h_0: np.ndarray
    C_0: np.ndarray
    step: int = 0
    feature: int = 0
    sliders: str = "inputs"
    show: str = "strips"

    @cached_property
    def trace(self):
        return lstm_forward(self.params, self.x, self.h_0, self.C_0, dict(self.clamp))

    @cached_property
    def at_step(self):
        """The trace of the chosen step."""
        return self.trace[self.step]

    def computed_all(self, gate):
        """The gate's values at each step (T, H), as if it were not clamped at that step."""
        return GATES[gate].squashed(getattr(self.trace, f"z_{GATES[gate].block}"))

    def computed(self, gate):
        return self.computed_all(gate)[self.step]


class CellOverTime(Explorer):
    """Play a sequence or step through it; move an input, a gate or a weight, and see what changes.

    params : LSTMParams of up to 4 units and 4 inputs;  x : (T, D) or (T,) inputs, T from 2 to 60
    rnn : RNNParams with the same inputs, optional; its hidden state is drawn below the cell's
    clamp : gates clamped at every step, as in `lstm_step`;  h_0, C_0 : (H,), optional
    sliders : "inputs", "gates" or "weights", which sliders are shown first;  gate : the gate that is chosen first
    presets : {name: inputs like x}, other sequences, each with a button;  goal : a Goal, optional
    """

    title = "The cell through time"

    def __init__(
        self,
        params,
        x,
        rnn=None,
        clamp=None,
        h_0=None,
        C_0=None,
        sliders="inputs",
        gate="f",
        presets=None,
        goal=None,
    ):
        cell = checked_cell(params)
        H, D = params.hidden_size, params.input_size
        if rnn is not None and not (isinstance(rnn, RNNParams) and rnn.input_size == D):
            came = f"input_size {rnn.input_size}" if isinstance(rnn, RNNParams) else type(rnn).__name__
            raise ValueError(f"rnn: expected RNNParams with input_size {D}, like the cell, got {came}")
        if not isinstance(presets, dict | None):
            raise ValueError(f"presets: expected {{name: inputs}}, got {type(presets).__name__}")
        if rnn is not None:
            rnn = RNNParams(numbers("rnn.W", rnn.W), numbers("rnn.b", rnn.b))
        start = Sequence(
            W=cell.W, b=cell.b, clamp=checked_clamp(cell, clamp), column=H, x=_inputs("x", x, D),
            h_0=array("h_0", h_0, 0.0, (H,)), C_0=array("C_0", C_0, 0.0, (H,)),
            sliders=one_of("sliders", sliders, SLIDERS), gate=one_of("gate", gate, tuple(GATES)),
        )  # fmt: skip
        self.rnn, self.goal = rnn, goal
        others = {name: _inputs(f"presets[{quoted(name)}]", xs, D) for name, xs in (presets or {}).items()}
        self.presets = {name: {"x": xs, "step": 0} for name, xs in others.items()}
        self.weight_bounds = bounds_for(WEIGHT, cell.W, cell.b)
        self.input_bounds = bounds_for(INPUT, start.x, *others.values())
        self.C_bounds, self.h_bounds = bounds_for(MEMORY, start.C_0), bounds_for(1, start.h_0)
        taken = {c.name for sliders in SLIDERS for c in self.controls(start.but(sliders=sliders))}
        for name in self.presets:
            if not isinstance(name, str) or not name:
                raise ValueError(f"presets: expected names in text, got {quoted(name)}")
            if name in taken | {*GATES, "Reset", "Undo"}:
                raise ValueError(f"presets: {name!r} is the name of a control")
        super().__init__(start)

    def controls(self, s):
        """Play and step; what is drawn; and sliders for the input and first states, a gate, or a weight and a bias."""
        T, D = s.x.shape
        rows = [
            Button("back", "Back", group="play", disabled=s.step == 0),
            Play("play", "Play", group="play", moves="step"),
            Button("forward", "Forward", group="play", disabled=s.step == T - 1),
            Whole("step", "step t", ("step",), value=s.step + 1, low=1, high=T),
            choice(s, "show", SHOWS),
            *unit_choice(s, s.hidden_size),
            choice(s, "sliders", SLIDERS),
        ]
        C_0 = slider(s, "C_0", s.of("C_0"), ("C_0", s.unit), self.C_bounds, 0.5)
        if s.sliders == "weights":
            return [*rows, gate_choice(s), *weight_controls(s, self.weight_bounds)]
        if s.sliders == "gates":
            return [*rows, *clamp_switches(s), gate_choice(s), gate_slider(s, s.gate), C_0]
        if D > 1:
            rows.append(choice(s, "feature", {f"x[{k}]": k for k in range(D)}, "input"))
        label = f"x_t{f'[{s.feature}]' if D > 1 else ''}, t = {s.step + 1}"
        x = slider(s, "x", label, ("x", s.step, s.feature), self.input_bounds)
        return [*rows, x, slider(s, "h_0", s.of("h_0"), ("h_0", s.unit), self.h_bounds, 0.05), C_0]

    def moved(self, s, control, value):
        """The slider counts steps from 1; a gate is clamped at every step."""
        name = control.name
        if name in ("back", "forward"):
            return s.but(step=s.step + (1 if name == "forward" else -1))
        if name == "step":
            return s.but(step=value - 1)
        return moved_gate(s, control, value)

    def picture(self, s, before=None):
        t, u = s.step, s.unit
        summary = f"Step {t + 1} of {len(s.x)}. {cell_summary(s.at_step, u)} Start: h_0 {vector(s.h_0)}, C_0 {vector(s.C_0)}."
        if s.clamp:
            summary += f" Clamped at every step: {s.clamped_letters}."
        if s.sliders == "weights":
            summary += f" {s.weight_summary(s.at_step)} at this step."
        rnn = None if self.rnn is None else forward(self.rnn, s.x)
        if rnn is not None:
            summary += f" The plain RNN's h_t is {vector(rnn.h[t])}."
        if s.show == "cell":
            free = lstm_step(s.params, s.at_step.x_t, s.at_step.h_prev, s.at_step.C_prev) if s.clamp else None
            svg = cell_svg(s.at_step, u, before and before.at_step, summary=summary, computed=free)
        else:
            svg = self._strips(s, rnn, summary)
        return Picture(svg, summary, **goal_fields(self.goal, s.trace))

    def _strips(self, s, rnn, summary):
        trace, t, u = s.trace, s.step, s.unit
        which = f" of unit {u}" if s.hidden_size > 1 else ""
        gates = [line for gate in ("f", "i", "o") for line in self._lines(s, gate)]
        clamped = f" (clamped: {s.clamped_letters})" if s.clamp else ""
        x = unit_series(trace.x, ROLES["x"].ink, "x")
        strips = [
            Strip("input x_t", x, *bounds_for(1, trace.x), bars=len(x) == 1),
            Strip(f"gates{which}{clamped}", gates, 0, 1),
            Strip(f"candidate C̃_t{which}", self._lines(s, "C_tilde"), -1, 1),
            Strip("cell state C_t", unit_series(trace.C, ROLES["C"].ink, "C"), *bounds_for(1, trace.C)),
            Strip("hidden state h_t", unit_series(trace.h, ROLES["h"].ink, "h"), -1, 1),
        ]
        if rnn is not None:
            strips.append(Strip("h_t of the plain RNN", unit_series(rnn.h, ROLES["h"].ink, "h"), -1, 1))
        now = plain(trace.x[t, 0]) if len(x) == 1 else vector(trace.x[t], 1)
        caption = (
            f"t = {t + 1}:  x_t = {now},  C_{{t-1}} = {number(s.at_step.C_prev[u])},  C_t = {number(trace.C[t, u])},  "
            f"h_t = {number(trace.h[t, u])}"
        )
        return strips_svg(
            strips, self.title, summary, step=t, caption=caption, height=318 // len(strips), gap=27
        )

    @staticmethod
    def _lines(s, gate):
        """The chosen unit's gate over time; if it is clamped, its computed values as well."""
        role, u = ROLES[gate], s.unit
        lines = [Series(getattr(s.trace, gate)[:, u], role.ink, GATES[gate].symbol, role.dash, role.marker)]
        if gate in s.clamp:
            lines.append(Series(s.computed_all(gate)[:, u], role.ink, "computed", "1 5", ""))
        return lines


def _inputs(name, x, D):
    """The argument as inputs (T, D), or ValueError."""
    x = numbers(name, x)
    if x.ndim == 1 and D == 1:
        x = x[:, None]
    check_shape(name, x, ("T", D))
    if not 2 <= len(x) <= LONGEST:
        raise ValueError(f"{name}: expected 2 to {LONGEST} steps, got {len(x)}")
    return x
