"""Checks that run a learner's function and name the mistake in it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lstm_lib.explore.controls import Button
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.judge.blank import Blank, BlankLeft
from lstm_lib.judge.outcome import run, told
from lstm_lib.views.picture import Picture
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

    cases : tuples of arguments;  quiet : whether a warning is a mistake;  tolerance : absolute and relative
    grade : for answers that are no function: answer → what is wrong with it, or "" if nothing is
    forbidden : names that the code must not use → what to say;  miss : what to say of a wrong number
    many : whether several vectors are wanted, in a list or after a bare return
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
    grade: Callable | None = None
    forbidden: dict[str, str] = field(default_factory=dict)
    many: bool = False
    miss: Callable = lambda value: f"{value:.4g} is not it."  # noqa: E731


@dataclass(frozen=True)
class Verdict:
    """Whether it is right, whether it is finished, and what to say."""

    right: bool
    finished: bool
    words: str


UNFINISHED = Verdict(False, False, "Not finished yet: a blank (___) is still to be filled in.")


def judge(exercise, answer):
    """Run `answer` (a function, or a number where nothing is taken) and say what it is.

    Never raises for what the answer does.
    """
    try:
        return _judged(exercise, answer)
    except BlankLeft:
        return UNFINISHED
    except KeyboardInterrupt:
        return Verdict(
            False, True, "It was stopped before it came to an end. Does a loop in it never finish?"
        )


def _judged(exercise, answer):
    if isinstance(answer, Blank):
        return UNFINISHED
    if exercise.grade is not None:
        return _graded(exercise, answer)
    if not callable(answer):
        if exercise.takes:
            return Verdict(
                False, True, f"Hand in a function of ({exercise.takes}), not {type(answer).__name__}."
            )
        value = answer
        answer = lambda: value  # noqa: E731
    if words := _read(exercise, answer):
        return Verdict(False, True, words)
    got = [run(answer, case, exercise.many) for case in exercise.cases]
    wanted = [run(exercise.right, case) for case in exercise.cases]
    if any(g.mutated for g in got):
        return Verdict(
            False, True, "It changes its own arguments. Work on new arrays: the caller still needs those."
        )
    pairs = list(zip(got, wanted, strict=True))
    values_right = all(g.same(w, exercise.tolerance) for g, w in pairs)
    if values_right and not (exercise.quiet and any(g.warning for g in got)):
        return Verdict(True, True, exercise.praise)
    for mistake in exercise.mistakes:
        theirs = [run(mistake.wrong, case) for case in exercise.cases]
        near = min(exercise.tolerance, 1e-3)
        if all(g.same(t, near, exercise.quiet) for g, t in zip(got, theirs, strict=True)):
            return Verdict(False, True, mistake.words)
    return Verdict(False, True, _unnamed(exercise, got, wanted))


def _read(exercise, function):
    """What can be seen in the function without running it: a forbidden name, arguments in another order."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    for name, words in exercise.forbidden.items():
        if name in code.co_names:
            return words
    takes, has = exercise.takes.split(", "), list(code.co_varnames[: code.co_argcount])
    if has != takes and sorted(has) == sorted(takes):
        return f"Your arguments stand in another order: ({', '.join(has)}). They come as ({exercise.takes})."
    return ""


def _graded(exercise, answer):
    try:
        wrong = exercise.grade(answer)
    except BlankLeft:
        raise
    except (Exception, SystemExit) as error:  # the answer may be anything at all
        wrong = f"That is no answer of the kind asked for ({told(error)})."
    return Verdict(not wrong, True, wrong or exercise.praise)


def _unnamed(exercise, got, wanted):
    """For a mistake that is not on the list: the first case that differs, with both results."""
    if not exercise.takes and not got[0].error:
        value = got[0].value
        return (
            exercise.miss(float(value)) if value.ndim == 0 and np.isfinite(value) else "Expected one number."
        )
    for case, g, w in zip(exercise.cases, got, wanted, strict=True):
        values_right = g.same(w, exercise.tolerance)
        if values_right and not (exercise.quiet and g.warning):
            continue
        given = ", ".join(
            f"{name} = {_shown(np.asarray(value, dtype=float))}"
            for name, value in zip(exercise.takes.split(", "), case, strict=False)
            if not callable(value)
        )
        start = f"For {given}: " if given else ""
        if g.error:
            return start + g.error
        if g.value.shape != w.value.shape:
            return f"{start}it returned shape {g.value.shape}, expected shape {w.value.shape}."
        if values_right:
            return f"{start}the value is right, but NumPy warns: {g.warning}."
        if all(_rounded(*pair) for pair in zip(got, wanted, strict=True)):
            return f"{start}right but rounded: whoever calls it may need more digits."
        if exercise.many and g.value.ndim == 2:
            row = next(
                k for k, (a, b) in enumerate(zip(g.value, w.value, strict=True)) if not np.allclose(a, b)
            )
            return f"{start}the {row + 1}. of the {len(g.value)} is {_shown(g.value[row])}, expected {_shown(w.value[row])}."
        return f"{start}it returned {_shown(g.value)}, expected {_shown(w.value)}."
    return "Not right yet."


def _rounded(got, wanted):
    """Whether a result is the right one, to fewer digits."""
    same_shape = not got.error and got.value.shape == wanted.value.shape
    return same_shape and any(
        np.allclose(got.value, np.round(wanted.value, d), rtol=0, atol=1e-12) for d in range(1, 7)
    )


def _shown(array):
    if array.ndim == 0:
        return f"{float(array):.6g}".replace("-", "−")
    return vector(array, 3) if array.ndim == 1 and array.size <= 7 else f"an array of shape {array.shape}"


@dataclass(frozen=True, eq=False)
class Helped(State):
    """Which help is shown: "", a hint or the solution."""

    help: str = ""


class Checked(Explorer):
    """A verdict with two hints and the solution behind buttons."""

    title = "A check"
    undoes = False

    def __init__(self, exercise, verdict):
        self.exercise, self.verdict = exercise, verdict
        self.help = {"Hint 1": exercise.hints[0], "Hint 2": exercise.hints[1], "Solution": exercise.solution}
        super().__init__(Helped())

    def controls(self, s):
        """The help there is, where it is needed."""
        if self.verdict.right:
            return []
        return [Button(name, name, group="help", pressed=name == s.help) for name in self.help]

    def all_controls(self, s):
        """The help alone."""
        return self.controls(s)

    def moved(self, s, control, value):
        """Show that help; pressed again, hide it."""
        return s.but(help="" if s.help == control.name else control.name)

    def picture(self, s, before=None):
        """No picture: the verdict, and the help."""
        shown = f"\n\n{s.help}:\n{self.help[s.help]}" if s.help else ""
        return Picture("", "", self.plain() + shown, self.verdict.right)

    def plain(self):
        """The verdict."""
        v = self.verdict
        return f"{'✓' if v.right else '…' if not v.finished else '✗'} {self.exercise.name}: {v.words}"
