"""Exercises and named mistakes, as data."""

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from textwrap import dedent

import numpy as np

from lstm_lib.cell.activations import logit, sigmoid
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.lstm import LSTMParams
from lstm_lib.judge.draw import Draw


@dataclass(frozen=True)
class Mistake:
    """A common wrong answer, as a program, and the feedback on it."""

    wrong: Callable
    words: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function, or a value, to write.

    right : the function that solves it;  draw : a function of a Draw → the arguments of a case
    draws : how many cases;  seed : another one draws others, if a slip is right in one of them by luck
    table : the mistakes, as `exercise` reads them;  shown : what is shown as solution, if not the source of `right`
    quiet : whether a warning makes an answer wrong;  tolerance : absolute and relative
    forbidden : {name that the code must not use: feedback};  miss : feedback on a wrong number
    grade : a function answer → what is wrong with it, or "", for exercises with many right answers
    """

    name: str
    right: Callable
    hints: tuple[str, str]
    praise: str
    table: str = ""
    draw: Callable = lambda drawn: ()  # noqa: E731
    draws: int = 12
    seed: int = 0
    shown: str = ""
    quiet: bool = False
    tolerance: float = 1e-6
    forbidden: dict[str, str] = field(default_factory=dict)
    miss: Callable = lambda value: f"{value:.4g} is not right."  # noqa: E731
    grade: Callable | None = None

    @property
    def takes(self):
        """The names of the arguments."""
        return list(inspect.signature(self.right).parameters)

    @cached_property
    def solution(self):
        return self.shown or _source(self.right)

    @cached_property
    def cases(self):
        """The arguments to try, those with the fewest numbers and digits first."""
        drawn = [tuple(self.draw(Draw(k, self.seed))) for k in range(self.draws if self.takes else 1)]
        return sorted(
            drawn, key=lambda case: (sum(map(np.size, case)), len(str([a for a in case if not callable(a)])))
        )

    @cached_property
    def mistakes(self):
        return [self._mistake(line) for line in self.table.strip().splitlines()]

    def _mistake(self, line):
        change, _, words = map(str.strip, line.rpartition(" | "))
        head, body = _source(self.right).split(":\n", 1)
        if "→" not in change:
            body = f"    {_lines(change)}"
        else:
            for old, _, new in (one.partition("→") for one in change.split(" ; ")):
                if _lines(old) not in body:
                    raise ValueError(
                        f"{self.name}: expected text of the solution, got {old.strip()!r} in {line!r}"
                    )
                body = body.replace(_lines(old), _lines(new))
        if not change or not words:
            raise ValueError(f"{self.name}: expected “what is changed | feedback”, got {line!r}")
        try:
            return Mistake(program(f"{head}:\n{body}", scope=self.right.__globals__), words)
        except SyntaxError as error:
            raise ValueError(f"{self.name}: {line!r} is no program ({error})") from None


def exercise(mistakes="", name="", **fields):
    """A decorator that makes an Exercise of the function that solves it.

    mistakes : a line for each, with the feedback on it; ⏎ begins a new line of the program
        old → new ; old → new | feedback    the solution with these changes
        return … | feedback                 this in place of its body; it may call functions of the same file
    """
    return lambda function: Exercise(name or function.__name__, function, table=mistakes, **fields)


@cache
def _source(function):
    """The text of a function without its decorators."""
    source = dedent(inspect.getsource(function))
    lines = source.splitlines()[ast.parse(source).body[0].lineno - 1 :]
    return "\n".join(lines).replace("  # fmt: skip", "")


def _lines(text):
    return text.strip().replace(" ⏎ ", "\n    ")


def program(source, scope=()):
    """The function that `source` defines; `scope` holds what it may use."""
    known = {"np": np, "logit": logit, "sigmoid": sigmoid, "LSTMParams": LSTMParams, "Kind": Kind}
    scope = known | dict(scope)
    exec(source, scope)
    return scope[re.search(r"^def (\w+)", source, re.MULTILINE)[1]]
