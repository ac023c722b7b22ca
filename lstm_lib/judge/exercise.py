"""What an exercise is, and where the exercises are found."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.resources import files

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.params import LSTMParams


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


def subjects():
    """The TOML files of questions, which lie in lstm_lib/exercises, in order of their names."""
    listed = files("lstm_lib.exercises").iterdir()
    return sorted((file for file in listed if file.name.endswith(".toml")), key=lambda file: file.name)


@cache
def all_exercises():
    """Every exercise by name; they lie in modules beside the questions on the same subject."""
    modules = [import_module(f"lstm_lib.exercises.{file.name.removesuffix('.toml')}") for file in subjects()]
    found = [e for module in modules for e in vars(module).values() if isinstance(e, Exercise)]
    return {e.name: e for e in found}


def exercise(name):
    """The exercise called `name`, or a ValueError that lists those there are."""
    if name not in all_exercises():
        raise ValueError(f"exercise: expected one of {sorted(all_exercises())}, got {name!r}")
    return all_exercises()[name]
