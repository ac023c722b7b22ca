"""Controls as data: what a person can move in a state, with its bounds, and how a moved value is read."""

import math
from dataclasses import asdict, dataclass
from numbers import Real

import numpy as np

from lstm_lib.checks import quoted
from lstm_lib.views.theme import plain

MOST_STOPS = 601
"""Stops of a slider at most, and so frames of a film; a wider range has a coarser step."""

LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Control:
    """Something that can be moved now.

    name : what moves call it;  label : what the page calls it;  path : where its value lies in the state
    group : buttons and switches that follow one another with one group stand in a row, which it names
    """

    name: str
    label: str = ""
    path: tuple = ()
    group: str = ""
    disabled: bool = False

    absorbs = True
    """Whether a later move of the same control makes an earlier one as if it had never been."""

    def shown(self):
        """Its fields for the page."""
        kept = {k: v for k, v in asdict(self).items() if k not in ("path", "values", "final")}
        return {"kind": self.kind, **kept}

    def read(self, value):
        """A moved value, checked; ValueError says what was expected."""
        return value

    def refuse(self, wanted, value):
        """A ValueError that names the control."""
        return ValueError(f"{self.label or self.name}: expected {wanted}, got {quoted(value)}")


@dataclass(frozen=True)
class Range(Control):
    """A slider with a number field. Typed values may lie between two steps; they are kept as they are."""

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
            raise self.refuse(f"a number from {plain(self.low)} to {plain(self.high)}", value)
        return round(float(value), 10)

    @property
    def stops(self):
        """Every value on a step, from low to high."""
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
            raise self.refuse("a whole number", value)
        return int(number)


@dataclass(frozen=True)
class Listed(Whole):
    """A slider over listed values, which need not be evenly spaced; `texts` stand in place of a number."""

    values: tuple = ()
    texts: tuple = ()

    def read(self, value):
        return self.values[super().read(value)]


def listed(name, label, path, value, values, texts):
    """A slider over `values`, standing at `value`."""
    return Listed(name, label, path, value=list(values).index(value), high=len(values) - 1, values=tuple(values),
                  texts=tuple(texts))  # fmt: skip


@dataclass(frozen=True)
class Choice(Control):
    """One of `options`, the texts of `values`; -1 stands for none yet. `wide` sets one option a line."""

    value: int = -1
    options: tuple = ()
    values: tuple = ()
    wide: bool = False

    kind = "choice"

    def read(self, value):
        if isinstance(value, bool) or not isinstance(value, Real) or value not in range(len(self.options)):
            raise self.refuse(f"the number of an option, 0 to {len(self.options) - 1}", value)
        return self.values[int(value)]


def choice(name, label, path, value, options, **more):
    """A Choice that stands at `value`; options : {text: value}, or texts that are their own values."""
    options = options if isinstance(options, dict) else {str(o): o for o in options}
    values = list(options.values())
    at = values.index(value) if value in values else -1
    return Choice(name, label, path, value=at, options=tuple(options), values=tuple(values), **more)


@dataclass(frozen=True)
class Switch(Control):
    """On or off."""

    value: bool = False

    kind = "switch"

    def read(self, value):
        if not isinstance(value, bool | np.bool_):
            raise self.refuse("true or false", value)
        return bool(value)


@dataclass(frozen=True)
class Text(Control):
    """A line to type in; read when Enter is pressed or the line is left."""

    value: str = ""
    placeholder: str = ""

    kind = "text"

    def read(self, value):
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise self.refuse(f"text of up to {LONGEST_TEXT} letters", value)
        return value.encode(errors="replace").decode()  # half a character is no text that can be sent


@dataclass(frozen=True)
class Button(Control):
    """Something to press. `pressed` marks the preset that is in force; after a `final` move nothing can be undone."""

    pressed: bool = False
    primary: bool = False
    final: bool = False

    kind = "button"
    absorbs = False


@dataclass(frozen=True)
class Play(Control):
    """A button with which the page itself moves the range `moves` on, a step at a time."""

    moves: str = ""
    milliseconds: int = 900

    kind = "play"

    def read(self, value):
        raise ValueError(f"{self.label}: it moves {self.moves}; move that")
