"""What an exercise is."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.lstm import LSTMParams


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, as a program, and the feedback on it."""

    wrong: Callable
    words: str


@dataclass(frozen=True)
class Exercise:
    """A function (or a number) to write.

    right : what an answer has to equal on all `cases`, tuples of arguments; the function in `solution` if left out
    quiet : whether a warning is a mistake;  tolerance : absolute and relative
    forbidden : {name that the code must not use: feedback};  miss : feedback on a wrong number
    grade : where many answers are right and cannot be compared: answer → what is wrong with it, "" if nothing
    """

    name: str
    hints: tuple[str, str]
    solution: str
    praise: str
    mistakes: tuple[Mistake, ...]
    right: Callable | None = None
    cases: tuple[tuple, ...] = ((),)
    quiet: bool = False
    tolerance: float = 1e-6
    forbidden: dict[str, str] = field(default_factory=dict)
    miss: Callable = lambda value: f"{value:.4g} is not it."  # noqa: E731
    grade: Callable | None = None

    def __post_init__(self):
        if self.right is None and self.grade is None:
            object.__setattr__(self, "right", program(self.solution))

    @property
    def takes(self):
        """Names of the arguments."""
        return list(inspect.signature(self.right).parameters) if self.right else []


def program(source, *changes):
    """The function that `source` defines, after replacing text: each change is (old, new)."""
    for old, new in changes:
        if old not in source:
            raise ValueError(f"changes: expected text that is in the source, got {old!r}")
        source = source.replace(old, new)
    scope = {"np": np, "sigmoid": sigmoid, "LSTMParams": LSTMParams}
    exec(source, scope)
    return next(value for value in scope.values() if inspect.isfunction(value) and value is not sigmoid)
