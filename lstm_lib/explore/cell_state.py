"""What the explorers of the whole cell share: its weights, what is clamped, what is chosen; and their controls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lstm_lib.cell.gates import GATES
from lstm_lib.cell.lstm import LSTMParams
from lstm_lib.cell.params import clamped_values
from lstm_lib.checks import one_of
from lstm_lib.explore.bounds import WEIGHT, numbers, reach
from lstm_lib.explore.controls import Range, Switch, choice
from lstm_lib.explore.state import State, get
from lstm_lib.views.theme import equals, number, read

MOST_UNITS = 4


@dataclass(frozen=True, eq=False)
class CellState(State):
    """W (4H, H+D), b (4H,) and `clamp` {gate: (H,)}; the chosen unit, gate, and column of W."""

    W: np.ndarray
    b: np.ndarray
    clamp: Mapping = field(default_factory=dict)
    unit: int = 0
    gate: str = "f"
    column: int = 0

    @cached_property
    def params(self):
        """The cell."""
        return LSTMParams(self.W, self.b)

    @property
    def hidden_size(self):
        """Its number of units."""
        return len(self.b) // 4

    @property
    def row(self):
        """The chosen unit's row in the chosen gate's block of W and b."""
        return list(GATES).index(self.gate) * self.hidden_size + self.unit

    def of(self, name):
        """A symbol, with the chosen unit's number where there are several."""
        return f"{name}[{self.unit}]" if self.hidden_size > 1 else name

    def with_clamp(self, gate, values):
        """A copy with a gate clamped, or let go where `values` is None."""
        rest = {name: v for name, v in self.clamp.items() if name != gate}
        return self.but(clamp=rest if values is None else rest | {gate: values})


def checked_cell(params):
    """The parameters in float64 if an explorer can show them, or ValueError."""
    if not isinstance(params, LSTMParams):
        raise ValueError(f"params: expected LSTMParams, got {type(params).__name__}")
    H, D = params.hidden_size, params.input_size
    if H > MOST_UNITS or D > MOST_UNITS:
        raise ValueError(
            f"params: expected up to {MOST_UNITS} units and {MOST_UNITS} inputs, got H={H}, D={D}"
        )
    return LSTMParams(numbers("params.W", params.W), numbers("params.b", params.b))


def checked_clamp(params, clamp):
    """`clamp` with an array (H,) for each gate, whatever its float type, or ValueError."""
    if isinstance(clamp, dict):
        clamp = {gate: numbers(f"clamp[{gate!r}]", values) for gate, values in clamp.items()}
    return clamped_values(params, clamp)


def checked_choice(sliders, gate, allowed):
    """What is under the sliders at first, and of which gate, or ValueError."""
    return {"sliders": one_of("sliders", sliders, allowed), "gate": one_of("gate", gate, tuple(GATES))}


def unit_choice(s):
    """The row of units, where there are several."""
    if s.hidden_size == 1:
        return []
    return [choice("unit", "unit", ("unit",), s.unit, {str(u): u for u in range(s.hidden_size)})]


def clamp_switches(s):
    """A switch for each gate: clamped, or computed."""
    return [
        Switch(f"clamp {g}", gate.letter, group="clamped:", value=g in s.clamp) for g, gate in GATES.items()
    ]


def gate_range(s, gate, computed):
    """The chosen unit's gate: its clamped value, or the computed one, which a move clamps."""
    value = float(s.clamp.get(gate, computed)[s.unit])
    low = GATES[gate].activation.low
    return Range(gate, s.of(GATES[gate].symbol), ("clamp", gate, s.unit), value=value, low=low, step=0.05)


def weight_controls(s, bound):
    """A row of gates and one of columns, which choose the weight and the bias under the sliders."""
    H = s.hidden_size
    names = [f"h[{k}]" if k < H else f"x[{k - H}]" for k in range(s.W.shape[1])]
    letter = GATES[s.gate].block
    return [
        choice("gate", "gate", ("gate",), s.gate, {gate.letter: g for g, gate in GATES.items()}),
        choice("column", "weight on", ("column",), s.column, {name: k for k, name in enumerate(names)}),
        _range(s, "W", f"W_{letter}[{s.unit}, {s.column}]", ("W", s.row, s.column), bound),
        _range(s, "b", f"b_{letter}[{s.unit}]", ("b", s.row), bound),
    ]


def _range(s, name, label, path, bound):
    return Range(name, label, path, value=float(get(s, path)), low=-bound, high=bound, step=0.1)


def weight_bound(params):
    """How far the weights' sliders reach, for a cell that an explorer is given."""
    return reach(WEIGHT, params.W, params.b)


def push_words(s, name, value):
    """What the chosen weight does: W_f[0, 1] × x_t[0] = 2.00 × 0.50 = 1.00 of z_f."""
    letter = GATES[s.gate].block
    w = s.W[s.row, s.column]
    w, value, push = number(w), number(value), number(w * value)
    sign = equals(push, read(w) * read(value))
    value = f"({value})" if value.startswith("−") else value
    return (
        f"W_{letter}[{s.unit}, {s.column}] × {name} = {w} × {value} {sign} {push}; "
        f"with b_{letter}[{s.unit}] = {number(s.b[s.row])} and the other products z_{letter} = "
    )
