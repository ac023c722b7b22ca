"""Checks that run a learner's function and name the mistake in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets
import numpy as np

from lstm_lib.exercises.blank import Blank, BlankLeft
from lstm_lib.exercises.panel import Panel, boxed
from lstm_lib.views.theme import vector

__all__ = ["Checked", "Exercise", "Mistake", "Verdict", "judge"]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, as code, and the words that name it."""

    wrong: Callable
    words: str


@dataclass(frozen=True)
class Exercise:
    """A function to write: what it takes, the right one, inputs to try, wrong ones, hints, solution.

    cases : tuples of arguments;  quiet : whether a warning is a mistake;  tolerance : absolute
    """

    name: str
    takes: str
    right: Callable
    cases: tuple[tuple, ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, str]
    solution: str
    praise: str
    quiet: bool = False
    tolerance: float = 1e-6


@dataclass(frozen=True)
class Verdict:
    """Whether it is right, whether it is finished, and what to say."""

    right: bool
    finished: bool
    words: str


@dataclass(frozen=True)
class _Outcome:
    value: np.ndarray | None = None
    error: str = ""
    warning: str = ""
    mutated: bool = False

    def same(self, other, tolerance):
        """Whether two functions did the same on one case."""
        if self.error or other.error:
            return self.error == other.error
        if self.warning != other.warning or self.value.shape != other.value.shape:
            return False
        return np.allclose(self.value, other.value, rtol=0, atol=tolerance, equal_nan=True)


def judge(exercise, answer):
    """Run `answer` (a function, or a number where nothing is taken) and say what it is.

    Never raises for what the answer does, apart from KeyboardInterrupt.
    """
    if isinstance(answer, Blank):
        return Verdict(False, False, "Not finished yet: a blank (___) is still to be filled in.")
    if not callable(answer):
        if exercise.takes:
            return Verdict(
                False, True, f"Hand in a function of ({exercise.takes}), not {type(answer).__name__}."
            )
        value = answer
        answer = lambda: value  # noqa: E731
    try:
        got = [_run(answer, case) for case in exercise.cases]
    except BlankLeft:
        return Verdict(False, False, "Not finished yet: a blank (___) is still to be filled in.")
    wanted = [_run(exercise.right, case) for case in exercise.cases]
    if any(g.mutated for g in got):
        return Verdict(
            False, True, "It changes its own arguments. Work on new arrays: the caller still needs those."
        )
    tolerance = exercise.tolerance
    if all(g.same(w, tolerance) and (not exercise.quiet or not g.warning)
           for g, w in zip(got, wanted, strict=True)):  # fmt: skip
        return Verdict(True, True, exercise.praise)
    for mistake in exercise.mistakes:
        if all(g.same(_run(mistake.wrong, case), tolerance)
               for g, case in zip(got, exercise.cases, strict=True)):  # fmt: skip
            return Verdict(False, True, mistake.words)
    return Verdict(False, True, _unnamed(exercise, got, wanted))


def _run(function, case):
    arguments = [np.array(a, dtype=float) if np.ndim(a) else a for a in case]
    before = [np.copy(a) for a in arguments]
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            result = function(*arguments)
            if isinstance(result, Blank):
                raise BlankLeft
            if result is None:
                return _Outcome(error="it returned None: is a return missing?")
            value = np.asarray(result, dtype=float)
        except BlankLeft:
            raise
        except (Exception, SystemExit) as error:  # theirs: whatever it raises is put into words
            return _Outcome(error=f"it raised {type(error).__name__}: {error}")
    mutated = any((a != b).any() for a, b in zip(map(np.asarray, arguments), before, strict=True))
    return _Outcome(value, warning="; ".join(dict.fromkeys(str(w.message) for w in heard)), mutated=mutated)


def _unnamed(exercise, got, wanted):
    """For a mistake that is not on the list: the first case that differs, with both results."""
    if not exercise.takes and not got[0].error:
        return f"{_shown(got[0].value)} is not it." if got[0].value.ndim == 0 else "Expected one number."
    for case, g, w in zip(exercise.cases, got, wanted, strict=True):
        if g.same(w, exercise.tolerance) and not (exercise.quiet and g.warning):
            continue
        given = ", ".join(
            f"{name} = {_shown(np.asarray(value, dtype=float))}"
            for name, value in zip(exercise.takes.split(", "), case, strict=False)
        )
        start = f"For {given}: " if given else ""
        if g.error:
            return f"{start}{g.error}"
        if g.value.shape != w.value.shape:
            return f"{start}it returned shape {g.value.shape}, expected shape {w.value.shape}."
        if exercise.quiet and g.warning:
            return f"{start}the value may be right, but NumPy warns: {g.warning}."
        return f"{start}it returned {_shown(g.value)}, expected {_shown(w.value)}."
    return "Not right yet."


def _shown(array):
    if array.ndim == 0:
        return vector([array], 3)[1:-1]
    return vector(array, 3) if array.ndim == 1 and array.size <= 7 else f"an array of shape {array.shape}"


class Checked(Panel):
    """A verdict with two hints and the solution behind buttons."""

    def __init__(self, exercise, verdict):
        self.exercise, self.verdict = exercise, verdict
        self.says = widgets.HTML(boxed(self._line(), verdict.right))
        self.more = widgets.HTML()
        self.buttons = {}
        shown = {"Hint 1": exercise.hints[0], "Hint 2": exercise.hints[1], "Solution": exercise.solution}
        for name, words in shown.items():
            button = widgets.Button(description=name)
            button.on_click(lambda _, name=name, words=words: self._show(name, words))
            self.buttons[name] = button
        row = [] if verdict.right else [widgets.Box(list(self.buttons.values())).add_class("lstm-row")]
        super().__init__([self.says, *row, self.more])

    def _show(self, name, words):
        self.more.value = boxed(f"{name}:\n{words}")

    def _line(self):
        v = self.verdict
        return f"{'✓' if v.right else '…' if not v.finished else '✗'} {self.exercise.name}: {v.words}"

    def plain(self):
        """The verdict."""
        return self._line()
