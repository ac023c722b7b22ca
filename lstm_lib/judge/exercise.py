"""Exercises and named mistakes, as data."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.lstm import LSTMParams


@dataclass(frozen=True)
class Mistake:
    """A common wrong answer, as a program, and the feedback on it."""

    wrong: Callable
    words: str


@dataclass(frozen=True)
class Exercise:
    """A function, or a number, to write.

    right : the function that an answer must equal on all `cases`, tuples of arguments; by default that in `solution`
    quiet : whether a warning makes an answer wrong;  tolerance : absolute and relative
    forbidden : {name that the code must not use: feedback};  miss : feedback on a wrong number
    grade : a function answer → what is wrong with it, or "", for exercises with many right answers
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
    miss: Callable = lambda value: f"{value:.4g} is not right."  # noqa: E731
    grade: Callable | None = None

    def __post_init__(self):
        if self.right is None and self.grade is None:
            object.__setattr__(self, "right", program(self.solution))

    @property
    def takes(self):
        """The names of the arguments."""
        return list(inspect.signature(self.right).parameters) if self.right else []


def program(source, *changes):
    """The function that `source` defines, after `changes` (old, new) of its text."""
    for old, new in changes:
        if old not in source:
            raise ValueError(f"changes: expected text that is in the source, got {old!r}")
        source = source.replace(old, new)
    scope = {"np": np, "sigmoid": sigmoid, "LSTMParams": LSTMParams, "Kind": Kind}
    exec(source, scope)
    return next(value for value in scope.values() if inspect.isfunction(value) and value is not sigmoid)
