"""Controls as data: what can be moved in a state, its bounds, and how a new value is checked."""

import math
from dataclasses import asdict, dataclass
from numbers import Real

import numpy as np

from lstm_lib.checks import quoted
from lstm_lib.explore.state import get
from lstm_lib.views.theme import plain

MOST_STOPS = 601
"""The most stops a slider has, and so the most frames of a film; a wider range gets a coarser step."""

LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Control:
    """Something that can be moved now.

    name : the name in messages;  label : the text on the page;  path : where its value is in the state
    group : consecutive buttons and switches of one group share a row
    """

    name: str
    label: str = ""
    path: tuple = ()
    group: str = ""
    disabled: bool = False

    absorbs = True
    """Whether several moves in a row give the same state as the last of them alone."""

    def shown(self):
        """The fields that the page needs."""
        kept = {k: v for k, v in asdict(self).items() if k not in ("path", "values", "final")}
        return {"kind": self.kind, **kept}

    def read(self, value):
        """The checked value of a move, or a ValueError that says what was expected."""
        return value

    def error(self, wanted, value):
        return ValueError(f"{self.label or self.name}: expected {wanted}, got {quoted(value)}")


@dataclass(frozen=True)
class Range(Control):
    """A slider with a number field. A typed value may lie between two steps."""

    value: float = 0.0
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    digits: int = 2

    kind = "range"

    def __post_init__(self):
        least = (self.high - self.low) / (MOST_STOPS - 1)
        if least > self.step:
            power = 10.0 ** math.floor(math.log10(least))
            object.__setattr__(self, "step", next(n * power for n in (1, 2, 5, 10) if n * power >= least))

    def read(self, value):
        if isinstance(value, bool) or not isinstance(value, Real) or not self.low <= value <= self.high:
            raise self.error(f"a number from {plain(self.low)} to {plain(self.high)}", value)
        return round(float(value), 10)

    @property
    def stops(self):
        """The value of every step, from low to high."""
        count = math.floor((self.high - self.low) / self.step + 1e-9)
        return [round(self.low + k * self.step, 10) for k in range(count + 1)]


@dataclass(frozen=True)
class Whole(Range):
    """A slider over whole numbers."""

    step: float = 1
    digits: int = 0

    def read(self, value):
        number = super().read(value)
        if number != int(number):
            raise self.error("a whole number", value)
        return int(number)


@dataclass(frozen=True)
class Listed(Whole):
    """A slider over listed values, which need not be evenly spaced; the page shows `texts` for them."""

    values: tuple = ()
    texts: tuple = ()

    def read(self, value):
        return self.values[super().read(value)]


def slider(state, name, label, path, bounds, step=0.1):
    """A Range from bounds[0] to bounds[1] for the number at `path` in the state."""
    low, high = bounds
    return Range(name, label, path, value=float(get(state, path)), low=low, high=high, step=step)


def listed(state, name, values, texts, label=None):
    """A Listed for the state's field `name`."""
    at, high = list(values).index(getattr(state, name)), len(values) - 1
    return Listed(name, label or name, (name,), value=at, high=high, values=tuple(values), texts=tuple(texts))


@dataclass(frozen=True)
class Choice(Control):
    """One of `options`, the texts of `values`; -1: none yet. `wide`: one option per line."""

    value: int = -1
    options: tuple = ()
    values: tuple = ()
    wide: bool = False

    kind = "choice"

    def read(self, value):
        if isinstance(value, bool) or not isinstance(value, Real) or value not in range(len(self.options)):
            raise self.error(f"the number of an option, 0 to {len(self.options) - 1}", value)
        return self.values[int(value)]


def choice(state, name, options, label=None, wide=False):
    """A Choice for the state's field `name`; options : {text: value}, or values."""
    options = options if isinstance(options, dict) else {str(o): o for o in options}
    values, value = tuple(options.values()), getattr(state, name)
    at = values.index(value) if value in values else -1
    label = name if label is None else label
    return Choice(name, label, (name,), value=at, options=tuple(options), values=values, wide=wide)


def unit_choice(state, H):
    """A list with the choice of a unit, empty for a single unit."""
    return [choice(state, "unit", range(H))] if H > 1 else []


@dataclass(frozen=True)
class Switch(Control):
    """On or off."""

    value: bool = False

    kind = "switch"

    def read(self, value):
        if not isinstance(value, bool | np.bool_):
            raise self.error("true or false", value)
        return bool(value)


@dataclass(frozen=True)
class Text(Control):
    """A line to type in; the page sends it on Enter, or when the line loses the focus."""

    value: str = ""
    placeholder: str = ""

    kind = "text"

    def read(self, value):
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise self.error(f"text of up to {LONGEST_TEXT} letters", value)
        return value.encode(errors="replace").decode()  # half a character (a lone surrogate) cannot be sent


@dataclass(frozen=True)
class Button(Control):
    """A button. `pressed` marks the current preset; after a `final` move nothing can be undone."""

    pressed: bool = False
    primary: bool = False
    final: bool = False

    kind = "button"
    absorbs = False


@dataclass(frozen=True)
class Play(Control):
    """A button with which the page moves the range `moves` forward by itself, one step at a time."""

    moves: str = ""
    milliseconds: int = 900

    kind = "play"

    def read(self, value):
        raise ValueError(f"{self.label}: expected a move of {self.moves}, which this button moves")
