"""What the explorers of a whole cell share: its state, the checks of their arguments, and the controls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lstm_lib.cell.kinds import GATES
from lstm_lib.cell.lstm import LSTMParams
from lstm_lib.cell.params import clamped_values
from lstm_lib.explore.bounds import numbers
from lstm_lib.explore.controls import Range, Switch, choice, slider
from lstm_lib.explore.state import State, put
from lstm_lib.views.theme import equals, number, read

MOST_UNITS = 4


@dataclass(frozen=True, eq=False)
class CellState(State):
    """W (4H, H+D), b (4H,) and `clamp` {gate: (H,)}; the chosen unit, gate, and column of W.

    A subclass has computed(gate): the gate's values (H,) at the step that is shown, as if it were not clamped.
    """

    W: np.ndarray
    b: np.ndarray
    clamp: Mapping = field(default_factory=dict)
    unit: int = 0
    gate: str = "f"
    column: int = 0

    @cached_property
    def params(self):
        return LSTMParams(self.W, self.b)

    @property
    def hidden_size(self):
        return len(self.b) // 4

    @property
    def row(self):
        """The chosen unit's row in the chosen gate's block of W and b."""
        return list(GATES).index(self.gate) * self.hidden_size + self.unit

    def of(self, name, unit=None):
        """A symbol, with the unit's number if there are several units."""
        unit = self.unit if unit is None else unit
        return f"{name}[{unit}]" if self.hidden_size > 1 else name

    def with_clamp(self, gate, values):
        """A copy with a gate clamped, or computed if `values` is None."""
        rest = {name: v for name, v in self.clamp.items() if name != gate}
        return self.but(clamp=rest if values is None else rest | {gate: values})

    @property
    def clamped_letters(self):
        """The letters of the clamped gates, as in "f, i"."""
        return ", ".join(gate.letter for name, gate in GATES.items() if name in self.clamp)

    @property
    def met(self):
        """The symbol, field and index of the entry of [h_{t-1}; x_t] that the chosen column multiplies."""
        k, H, D = self.column, self.hidden_size, self.W.shape[1] - self.hidden_size
        if k < H:
            return f"h_{{t-1}}[{k}]" if H > 1 else "h_{t-1}", "h_prev", k
        return f"x_t[{k - H}]" if D > 1 else "x_t", "x_t", k - H

    def weight_summary(self, trace):
        """What the chosen weight does in a step: W_f[0, 1] × x_t = 2.00 × 0.50 = 1.00; with b_f[0] = … z_f = …."""
        letter, (name, field, k) = GATES[self.gate].block, self.met
        z = getattr(trace, f"z_{letter}")[self.unit]
        w, value = self.W[self.row, self.column], getattr(trace, field)[k]
        w, value, push = number(w), number(value), number(w * value)
        sign = equals(push, read(w) * read(value))
        value = f"({value})" if value.startswith("−") else value
        return (
            f"W_{letter}[{self.unit}, {self.column}] × {name} = {w} × {value} {sign} {push}; with "
            f"b_{letter}[{self.unit}] = {number(self.b[self.row])} and the other products z_{letter} = {number(z)}"
        )


def checked_cell(params):
    """The parameters in float64; ValueError if the cell is too large for an explorer."""
    if not isinstance(params, LSTMParams):
        raise ValueError(f"params: expected LSTMParams, got {type(params).__name__}")
    H, D = params.hidden_size, params.input_size
    if H > MOST_UNITS or D > MOST_UNITS:
        raise ValueError(
            f"params: expected up to {MOST_UNITS} units and {MOST_UNITS} inputs, got H={H}, D={D}"
        )
    return LSTMParams(numbers("params.W", params.W), numbers("params.b", params.b))


def checked_clamp(params, clamp):
    """`clamp` with a float64 array (H,) for each gate, or ValueError."""
    if isinstance(clamp, dict):
        clamp = {gate: numbers(f"clamp[{gate!r}]", values) for gate, values in clamp.items()}
    return clamped_values(params, clamp)


def clamp_switches(s):
    """A switch for each gate: clamped or computed."""
    return [
        Switch(f"clamp {g}", gate.letter, group="clamped:", value=g in s.clamp) for g, gate in GATES.items()
    ]


def gate_slider(s, gate):
    """A slider for the chosen unit's gate; moving it clamps the gate."""
    values, low = s.clamp.get(gate, s.computed(gate)), GATES[gate].low
    path = ("clamp", gate, s.unit)
    return Range(gate, s.of(GATES[gate].symbol), path, value=float(values[s.unit]), low=low, step=0.05)


def moved_gate(s, control, value):
    """The state after a move of any control; moving a gate's slider clamps it, its switch clamps or releases it."""
    name = control.name
    if name.startswith("clamp "):
        gate = name.removeprefix("clamp ")
        return s.with_clamp(gate, s.computed(gate) if value else None)
    if name in GATES and name not in s.clamp:
        s = s.with_clamp(name, s.computed(name))
    return put(s, control.path, value)


def gate_choice(s):
    """A choice of the gate, or of the candidate, on which the other controls act."""
    return choice(s, "gate", {gate.letter: g for g, gate in GATES.items()})


def weight_controls(s, bounds):
    """A choice of columns; the weight in that column and the bias, of the chosen gate and unit."""
    H, letter = s.hidden_size, GATES[s.gate].block
    columns = {f"h[{k}]" if k < H else f"x[{k - H}]": k for k in range(s.W.shape[1])}
    return [
        choice(s, "column", columns, "weight on"),
        slider(s, "W", f"W_{letter}[{s.unit}, {s.column}]", ("W", s.row, s.column), bounds),
        slider(s, "b", f"b_{letter}[{s.unit}]", ("b", s.row), bounds),
    ]
