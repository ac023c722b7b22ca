"""The one judge of a learner's answer, for `check` and for the explorers' `yours`."""

import inspect
import threading
import warnings
from dataclasses import dataclass
from types import CodeType

import numpy as np

from lstm_lib.judge.blank import Blank, BlankLeft
from lstm_lib.judge.call import NotEnded, Outcome, as_numbers, as_shape, outcome, outcomes, timed_outcomes
from lstm_lib.judge.exercise import program
from lstm_lib.judge.slips import slips

RIGHT, WRONG, ERROR, UNFINISHED = "✓", "✗", "!", "…"

_LOCK = threading.RLock()
"""One judgement at a time, because the warnings filter and sys.stdout are shared by all threads."""


@dataclass(frozen=True)
class Verdict:
    """The judgement of an answer.

    state : RIGHT, WRONG (it ran), ERROR (it raised, or took too long) or UNFINISHED (a blank is left)
    value : the result for the last case, in the expected shape; None if it is not finite or does not fit
    """

    name: str
    state: str
    words: str
    printed: str = ""
    value: np.ndarray | None = None

    @property
    def right(self):
        return self.state == RIGHT

    @property
    def text(self):
        printed = self.printed.strip()
        printed = f"\nIt printed: {printed[:200]}{'…' if len(printed) > 200 else ''}" if printed else ""
        return f"{self.state} {self.name}: {self.words}{printed}"


def judge(exercise, answer, *more):
    """The Verdict on `answer` for the exercise's cases and `more` cases. An error in the answer is not raised."""
    with _LOCK, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            return Verdict(exercise.name, *_judged(exercise, answer, (*exercise.cases, *more), heard))
        except BlankLeft:
            words = "Not finished yet: a blank (___) is still to be filled in."
            return Verdict(exercise.name, UNFINISHED, words)
        except NotEnded as late:
            return Verdict(exercise.name, ERROR, _sentence(str(late)))
        except KeyboardInterrupt:
            words = "It was stopped before it came to an end. Does a loop in it never finish?"
            return Verdict(exercise.name, ERROR, words)


def _judged(exercise, answer, cases, heard):
    """The fields of the Verdict after its name."""
    if isinstance(answer, Blank):
        raise BlankLeft
    if not callable(answer):
        if exercise.takes:
            takes = ", ".join(exercise.takes)
            return WRONG, f"Expected a function of ({takes}), got {type(answer).__name__}."
        value = answer
        answer = lambda: value  # noqa: E731
    parameters = _parameters(answer)
    if words := _seen(exercise, answer, parameters):
        return WRONG, words
    answer = _by_position(exercise.takes, answer, parameters)
    got, printed = timed_outcomes(answer, cases, heard, exercise.grade or as_numbers)
    state = ERROR if any(g.raised for g in got) else WRONG
    if exercise.grade:
        words = _sentence(got[0].problem) or got[0].value
        return (state, words, printed) if words else (RIGHT, exercise.praise, printed)
    wanted = outcomes(exercise.right, cases, heard)
    last = got[-1]
    drawable = not last.problem and np.isfinite(last.value).all()
    value = as_shape(last.value, wanted[-1].value.shape) if drawable else None
    if any(g.mutated for g in got):
        words = "It changes its arguments, which the caller still needs. Make new arrays instead."
    elif not any(_differs(exercise, g, w) for g, w in zip(got, wanted, strict=True)):
        state, words = RIGHT, exercise.praise
    else:
        words = (
            _named(exercise, got, cases, heard)
            or _slipped(exercise, got, wanted, cases, heard)
            or _unnamed(exercise, got, wanted, cases)
        )
    return state, words, printed, value


def _sentence(words):
    return words[:1].upper() + words[1:]


def _parameters(answer):
    try:
        return inspect.signature(answer).parameters.values()
    except (TypeError, ValueError):  # some functions written in C have none
        return ()


def _seen(exercise, answer, parameters):
    """What is wrong without a call: async, a forbidden name, or another order of arguments."""
    if inspect.iscoroutinefunction(answer) or inspect.isasyncgenfunction(answer):
        return "It is an async function, and calling one gives no result yet. Write def without async."
    names = _names(getattr(getattr(answer, "func", answer), "__code__", None))
    for name, words in exercise.forbidden.items():
        if name in names:
            return words
    takes, has = exercise.takes, [p.name for p in parameters if p.kind <= p.POSITIONAL_OR_KEYWORD]
    if has != takes and sorted(has) == sorted(takes):
        has, takes = ", ".join(has), ", ".join(takes)
        return f"Your function has its arguments in another order: ({has}). They are passed as ({takes})."
    return ""


def _names(code):
    """The names that code uses, and the functions and comprehensions in it."""
    if not isinstance(code, CodeType):
        return set()
    return {*code.co_names}.union(*map(_names, code.co_consts))


def _by_position(takes, answer, parameters):
    """The answer, or, where it takes some arguments by name only, a function that hands them on so."""
    named = {p.name for p in parameters if p.kind == p.KEYWORD_ONLY} & {*takes}
    by_place = {p.name for p in parameters if p.kind <= p.POSITIONAL_OR_KEYWORD}
    kinds = {p.kind.name for p in parameters}
    if "VAR_KEYWORD" in kinds and "VAR_POSITIONAL" not in kinds and len(by_place) < len(takes):
        named = {*takes} - by_place
    if not named:
        return answer

    def by_position(*given):
        pairs = list(zip(takes, given, strict=True))
        return answer(
            *(a for name, a in pairs if name not in named), **{n: a for n, a in pairs if n in named}
        )

    return by_position


def _differs(exercise, got, wanted):
    return not got.same(wanted, exercise.tolerance) or (exercise.quiet and bool(got.warning))


def _named(exercise, got, cases, heard):
    """The feedback on the mistake that equals the answer in every case, or ""."""
    tolerance = min(exercise.tolerance, 1e-3)
    for mistake in exercise.mistakes:
        theirs = (outcome(mistake.wrong, case, heard) for case in cases)
        if all(g.same(t, tolerance, exercise.quiet) for g, t in zip(got, theirs, strict=True)):
            return mistake.words
    return ""


def _slipped(exercise, got, wanted, cases, heard):
    """The slip of the solution that gives the values of the answer in every case, in words, or "".

    True and false say too little to tell one slip from another.
    """
    if (
        not exercise.takes
        or any(g.problem for g in got)
        or all(g.same(w, exercise.tolerance) for g, w in zip(got, wanted, strict=True))
        or {*np.concatenate([np.ravel(w.value) for w in wanted])} <= {0.0, 1.0}
    ):
        return ""
    for text, words in slips(exercise.solution).items():
        function = program(text, scope=exercise.right.__globals__) if words else None
        theirs = (outcome(function, case, heard) for case in cases)
        if words and all(g.same(t, min(exercise.tolerance, 1e-6)) for g, t in zip(got, theirs, strict=True)):
            return f"Your values are those of the solution with one thing changed{words}."
    return ""


def _unnamed(exercise, got, wanted, cases):
    """The feedback on any other mistake: the first case that differs, with both results."""
    k = next(k for k, pair in enumerate(zip(got, wanted, strict=True)) if _differs(exercise, *pair))
    g, w = got[k], wanted[k]
    if not exercise.takes and not g.problem:
        one_number = g.value.size == 1 and np.isfinite(g.value).all()
        return exercise.miss(g.value.item()) if one_number else "Expected one number."
    pairs = zip(exercise.takes, cases[k], strict=True)
    given = ", ".join(filter(None, (_given(name, a) for name, a in pairs)))
    return _sentence(f"{f'for {given}: ' if given else ''}{_difference(g, w, exercise, got, wanted)}")


def _given(name, argument):
    """An argument in words: numbers, a text, or the docstring of a function."""
    if callable(argument):
        return argument.__doc__
    shown = isinstance(argument, str) or np.asarray(argument).dtype.kind in "fi"
    return f"{name} = {_shown(argument)}" if shown else ""


def _difference(g, w, exercise, got, wanted):
    if g.problem:
        return g.problem
    value = as_shape(g.value, w.value.shape)
    if value is None:
        return f"it returned shape {g.value.shape}, expected shape {w.value.shape}."
    if not np.isfinite(value).all():
        return "it returned NaN or infinity."
    if g.same(w, exercise.tolerance):
        return f"the value is right, but NumPy warns: {g.warning}."
    if all(_rounded(*pair) for pair in zip(got, wanted, strict=True)):
        return "the values are right but rounded. Return all digits."
    if value.ndim == 2:
        k = int(np.abs(value - w.value).max(axis=1).argmax())
        return f"number {k + 1} of {len(value)} is {_shown(value[k])}, expected {_shown(w.value[k])}."
    return f"it returned {_shown(value)}, expected {_shown(w.value)}."


def _rounded(got, wanted):
    """Whether a result is the right one, rounded."""
    return not got.problem and any(got.same(Outcome(np.round(wanted.value, d)), 1e-12) for d in range(1, 7))


def _shown(value):
    if isinstance(value, str):
        return f"“{value}”"
    array = np.round(np.asarray(value, dtype=float), 12) + 0.0  # no −8.88e-16, no −0
    if array.size > 7:
        return f"an array of shape {array.shape}"
    return f"[{', '.join(map(_shown, array))}]" if array.ndim else f"{array:.6g}".replace("-", "−")
