"""A cell through a short sequence, step by step, with the plain RNN beside it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.gates import GATES
from lstm_lib.cell.lstm import lstm_forward, lstm_step
from lstm_lib.cell.rnn import RNNParams, rnn_forward
from lstm_lib.checks import check_shape, quoted
from lstm_lib.explore.bounds import INPUT, MEMORY, array, numbers, reach
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
from lstm_lib.explore.controls import Button, Play, Range, Whole, choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.goal import told
from lstm_lib.explore.sequence_text import LONGEST
from lstm_lib.views.cell_svg import cell_summary, cell_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.strips_svg import Series, Strip, strips_svg, unit_series
from lstm_lib.views.theme import MUTED, ROLES, number, plain, vector

SLIDERS = ("inputs", "gates", "weights")
SHOWS = {"over time": "strips", "the cell at step t": "cell"}


@dataclass(frozen=True, eq=False, kw_only=True)
class Sequence(CellState):
    """A cell, inputs x (T, D), first states h_0 and C_0 (H,), and what is chosen."""

    x: np.ndarray
    h_0: np.ndarray
    C_0: np.ndarray
    step: int = 0
    feature: int = 0
    sliders: str = "inputs"
    show: str = "strips"

    @cached_property
    def trace(self):
        """The whole run, with what is clamped clamped at every step."""
        return lstm_forward(self.params, self.x, self.h_0, self.C_0, dict(self.clamp))

    @cached_property
    def at_step(self):
        """The chosen step of it."""
        return self.trace[self.step]

    def computed(self, gate):
        """What a gate would be at each step if it were let go there: (T, H)."""
        return GATES[gate].activation.of(getattr(self.trace, f"z_{GATES[gate].block}"))


class CellOverTime(Explorer):
    """Play, pause and step through a sequence; move an input, a gate or a weight, and all that follows changes.

    params : LSTMParams of a cell of up to 4 units;  x : (T, D) or (T,) inputs, T from 2 to 60, D up to 4
    rnn : RNNParams with the same inputs, optional; its hidden state is drawn under the cell's
    clamp : gates clamped at every step, as in `lstm_step`;  h_0, C_0 : (H,), optional
    sliders : "inputs", "gates" or "weights", what is under the sliders at first;  gate : the one chosen at first
    presets : {name: inputs like x}, further sequences on buttons;  goal : a Goal, optional
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
            raise ValueError(f"rnn: expected RNNParams with input_size {D}, as the cell's, got {came}")
        if not isinstance(presets, dict | None):
            raise ValueError(f"presets: expected {{name: inputs}}, got {type(presets).__name__}")
        if rnn is not None:
            rnn = RNNParams(numbers("rnn.W", rnn.W), numbers("rnn.b", rnn.b))
        start = Sequence(
            W=cell.W, b=cell.b, clamp=checked_clamp(cell, clamp), column=H, x=_inputs("x", x, D),
            h_0=array("h_0", h_0, 0.0, (H,)), C_0=array("C_0", C_0, 0.0, (H,)), **checked_choice(sliders, gate, SLIDERS),
        )  # fmt: skip
        self.rnn, self.goal = rnn, goal
        others = {name: _inputs(f"presets[{quoted(name)}]", xs, D) for name, xs in (presets or {}).items()}
        self.presets = {name: {"x": xs, "step": 0} for name, xs in others.items()}
        self.weight_bound = weight_bound(cell)
        self.bounds = {
            "x": reach(INPUT, start.x, *others.values()),
            "C": reach(MEMORY, start.C_0),
            "h": reach(1, start.h_0),
        }
        taken = {c.name for sliders in SLIDERS for c in self.controls(start.but(sliders=sliders))}
        for name in self.presets:
            if not isinstance(name, str) or not name:
                raise ValueError(f"presets: expected names in text, got {quoted(name)}")
            if name in taken | {*GATES, "Reset", "Undo"}:
                raise ValueError(f"presets: {name!r} is the name of a control")
        super().__init__(start)

    def controls(self, s):
        """Play and step; what is shown; and the input and first states, a gate, or a weight and a bias."""
        T, D = s.x.shape
        rows = [
            Button("back", "Back", group="play", disabled=s.step == 0),
            Play("play", "Play", group="play", moves="step"),
            Button("forward", "Forward", group="play", disabled=s.step == T - 1),
            Whole("step", "step t", ("step",), value=s.step + 1, low=1, high=T),
            choice("show", "show", ("show",), s.show, SHOWS),
            *unit_choice(s),
            choice("sliders", "sliders", ("sliders",), s.sliders, SLIDERS),
        ]
        if s.sliders == "inputs":
            at = f"[{s.feature}]" if D > 1 else ""
            if D > 1:
                rows.append(
                    choice("feature", "input", ("feature",), s.feature, {f"x[{k}]": k for k in range(D)})
                )
            rows.append(self._range("x", f"x_t{at}, t = {s.step + 1}", ("x", s.step, s.feature), s.x[s.step, s.feature],
                                    self.bounds["x"], 0.1))  # fmt: skip
            rows.append(
                self._range("h_0", s.of("h_0"), ("h_0", s.unit), s.h_0[s.unit], self.bounds["h"], 0.05)
            )
        else:
            gate, column, W, b = weight_controls(s, self.weight_bound)
            if s.sliders == "gates":
                rows += [*clamp_switches(s), gate, gate_range(s, s.gate, s.computed(s.gate)[s.step])]
            else:
                rows += [gate, column, W, b]
        if s.sliders != "weights":
            rows.append(
                self._range("C_0", s.of("C_0"), ("C_0", s.unit), s.C_0[s.unit], self.bounds["C"], 0.5)
            )
        return rows

    @staticmethod
    def _range(name, label, path, value, bound, step):
        return Range(name, label, path, value=float(value), low=-bound, high=bound, step=step)

    def moved(self, s, control, value):
        """Steps are counted from 1; moving a gate clamps it at every step."""
        name = control.name
        if name in ("back", "forward"):
            return s.but(step=s.step + (1 if name == "forward" else -1))
        if name == "step":
            return s.but(step=value - 1)
        if name.startswith("clamp "):
            gate = name.removeprefix("clamp ")
            return s.with_clamp(gate, s.computed(gate)[s.step] if value else None)
        if name in GATES and name not in s.clamp:
            s = s.with_clamp(name, s.computed(name)[s.step])
        return super().moved(s, control, value)

    def picture(self, s, before=None):
        """The whole sequence, or the cell at the chosen step."""
        t, u = s.step, s.unit
        summary = f"Step {t + 1} of {len(s.x)}. {cell_summary(s.at_step, u)} Start: h_0 {vector(s.h_0)}, C_0 {vector(s.C_0)}."
        if s.clamp:
            summary += f" Clamped at every step: {', '.join(gate.letter for g, gate in GATES.items() if g in s.clamp)}."
        if s.sliders == "weights":
            summary += f" {self._push(s)}"
        rnn = None if self.rnn is None else rnn_forward(self.rnn, s.x)
        if rnn is not None:
            summary += f" The plain RNN's h_t is {vector(rnn.h[t])}."
        if s.show == "cell":
            free = lstm_step(s.params, s.at_step.x_t, s.at_step.h_prev, s.at_step.C_prev) if s.clamp else None
            svg = cell_svg(s.at_step, u, before and before.at_step, summary=summary, computed=free)
        else:
            svg = self._strips(s, rnn, summary)
        return Picture(svg, summary, **told(self.goal, s.trace))

    @staticmethod
    def _push(s):
        k, H, t = s.column, s.hidden_size, s.at_step
        name, value = (f"h_{{t-1}}[{k}]", t.h_prev[k]) if k < H else (f"x_t[{k - H}]", t.x_t[k - H])
        z = getattr(t, f"z_{GATES[s.gate].block}")[s.unit]
        return f"{push_words(s, name, value)}{number(z)} at this step."

    def _strips(self, s, rnn, summary):
        trace, t, u = s.trace, s.step, s.unit
        which = f" of unit {u}" if s.hidden_size > 1 else ""
        lines = {gate: getattr(trace, gate)[:, u] for gate in ("f", "i", "o")}
        gates = [Series(v, ROLES[g].ink, f"{g}_t", ROLES[g].dash, ROLES[g].marker) for g, v in lines.items()]
        gates += [
            Series(s.computed(g)[:, u], ROLES[g].ink, "computed", "1 5", "") for g in lines if g in s.clamp
        ]
        clamped = [gate.letter for g, gate in GATES.items() if g in s.clamp]
        x = unit_series(trace.x, ROLES["x"].ink, "x")
        strips = [
            Strip("input x_t", x, *_around(trace.x, 1), bars=len(x) == 1),
            Strip(f"gates{which}" + (f" (clamped: {', '.join(clamped)})" if clamped else ""), gates, 0, 1),
            Strip(f"candidate C̃_t{which}", self._candidate(s), -1, 1),
            Strip("cell state C_t", unit_series(trace.C, ROLES["C"].ink, "C"), *_around(trace.C, 1)),
            Strip("hidden state h_t", unit_series(trace.h, ROLES["h"].ink, "h"), -1, 1),
        ]
        if rnn is not None:
            strips.append(Strip("h_t of a plain RNN", unit_series(rnn.h, ROLES["h"].ink, "h"), -1, 1))
        now = plain(trace.x[t, 0]) if len(x) == 1 else vector(trace.x[t], 1)
        caption = (
            f"t = {t + 1}:  x_t = {now},  C_{{t-1}} = {number(s.at_step.C_prev[u])},  C_t = {number(trace.C[t, u])},  "
            f"h_t = {number(trace.h[t, u])}"
        )
        return strips_svg(
            strips, self.title, summary, step=t, caption=caption, height=318 // len(strips), gap=27
        )

    @staticmethod
    def _candidate(s):
        role = ROLES["C_tilde"]
        lines = [Series(s.trace.C_tilde[:, s.unit], role.ink, "C̃_t", role.dash, role.marker)]
        if "C_tilde" in s.clamp:
            lines.append(Series(s.computed("C_tilde")[:, s.unit], MUTED, "computed", "1 5", ""))
        return lines


def _inputs(name, x, D):
    """An argument as inputs (T, D) that an explorer can show, or ValueError."""
    x = numbers(name, x)
    if x.ndim == 1 and D == 1:
        x = x[:, None]
    check_shape(name, x, ("T", D))
    if not 2 <= len(x) <= LONGEST:
        raise ValueError(f"{name}: expected 2 to {LONGEST} steps, got {len(x)}")
    return x


def _around(values, least):
    limit = max(least, float(np.ceil(np.abs(values).max())))
    return -limit, limit
