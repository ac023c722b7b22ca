"""Call a learner's function on copies of the arguments, in a thread, with a time limit."""

import builtins
import ctypes
import io
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Number

import numpy as np

from lstm_lib.judge.blank import Blank, BlankLeft

SECONDS = 2.0
"""The time limit for all cases of an exercise together."""


@dataclass(frozen=True)
class Outcome:
    """The result of one call: a `value`, or a `problem` in words.

    raised : whether the problem is an exception;  warning : NumPy's warnings;  mutated : whether it changed an argument
    """

    value: np.ndarray | None = None
    problem: str = ""
    raised: bool = False
    warning: str = ""
    mutated: bool = False

    def same(self, other, tolerance, warnings_too=False):
        """Whether two results are equal; for a float32 value with a tolerance that suits its precision."""
        if self.problem or other.problem:
            return self.problem == other.problem
        value = as_shape(self.value, other.value.shape)
        if value is None or (warnings_too and self.warning != other.warning):
            return False
        if value.dtype == np.float32:
            tolerance = max(tolerance, 1e-5)
        return np.allclose(value, other.value, rtol=tolerance, atol=tolerance, equal_nan=True)


def as_shape(value, shape):
    """`value` in `shape`, or None if it does not fit. Axes of length 1 are ignored: (1, 3) fits (3,), and (1,) fits ()."""
    return value.reshape(shape) if np.squeeze(value).shape == tuple(n for n in shape if n != 1) else None


class Refused(Exception):
    """A result is not an array of numbers."""


def as_numbers(result):
    """`result`, a number or nested sequence of numbers, as a float array."""
    if result is None:
        raise Refused("it returned None: is a return missing?")
    if hasattr(result, "__next__"):
        raise Refused(f"it returned a {type(result).__name__}: wrap it in list(…).")
    try:
        array = np.asarray(result)
    except ValueError:
        raise Refused("it returned vectors of unequal length.") from None
    if array.dtype.kind == "O" and all(isinstance(value, Number) for value in array.flat):
        array = array.astype(float)  # fractions, decimals
    if array.dtype.kind not in "fiub":
        kind = "text" if array.dtype.kind in "US" else f"{array.dtype} values"
        if any(value is None for value in array.flat):
            kind = "None among its values"
        raise Refused(f"it returned {kind}; numbers are expected.")
    return array if array.dtype == np.float32 else array.astype(float)


def outcomes(function, cases, heard, convert=as_numbers):
    """The Outcome of `function` on copies of each case's arguments; `heard` is the list of recorded warnings."""
    return [outcome(function, case, heard, convert) for case in cases]


def outcome(function, case, heard, convert=as_numbers):
    """The Outcome of `function` on copies of a case's arguments."""
    arguments, before = ([_copied(a) for a in case] for _ in range(2))
    first = len(heard)
    with np.errstate(all="warn", under="ignore"):
        try:
            result = function(*arguments)
            if isinstance(result, Blank):
                raise BlankLeft
            value = convert(result)
        except (BlankLeft, KeyboardInterrupt):
            raise
        except Refused as refused:
            return Outcome(problem=str(refused))
        except BaseException as error:
            if getattr(threading.current_thread(), "stopped", False):
                raise
            return Outcome(problem=f"it raised {describe_error(error)}", raised=True)
    mutated = not all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))
    warning = "; ".join(dict.fromkeys(str(w.message) for w in heard[first:]))
    return Outcome(value, warning=warning, mutated=mutated)


def _copied(argument):
    """A copy of what a function could change: a dict, or numbers in a list or an array."""
    if isinstance(argument, dict):
        return dict(argument)
    return np.array(argument, dtype=float) if np.ndim(argument) else argument


def describe_error(error):
    """The type of an exception and the start of its message; works even if its __str__ fails."""
    try:
        message = str(error)
    except Exception:
        message = ""
    return f"{type(error).__name__}: {message[:300]}{'…' if len(message) > 300 else ''}"


class NotEnded(Exception):
    """A call took too long; the message says whether it was stopped."""


_running = []
"""(function, thread) of calls that could not be stopped."""


def timed_outcomes(function, cases, heard, convert=as_numbers):
    """`outcomes` within SECONDS, and what the function printed; otherwise NotEnded."""
    _running[:] = [(f, thread) for f, thread in _running if thread.is_alive()]
    if any(f is function for f, _ in _running):
        raise NotEnded("an earlier call is still running, so the function was not called again.")
    results, errors = [], []

    def work():
        try:
            results.extend(outcomes(function, cases, heard, convert))
        except BaseException as error:  # raised again in the waiting thread
            errors.append(error)

    thread = threading.Thread(target=work, name="learner's function", daemon=True)
    with _console(thread) as printed:
        try:
            thread.start()
        except RuntimeError:  # no threads in this Python (Pyodide)
            work()
        else:
            try:
                thread.join(SECONDS)
            finally:
                problem = _stop(function, thread)
            if problem:
                raise NotEnded(problem)
    if errors:
        raise errors[0]
    return results, printed.getvalue()


def _stop(function, thread):
    """Stop the thread at its next line of Python. Return what to say about it, "" if it has ended by itself."""
    if not thread.is_alive():
        return ""
    thread.stopped = True
    for _ in range(10):  # the function may catch some
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        thread.join(0.02)
        if not thread.is_alive():
            return f"it did not end within {SECONDS:g} s and was stopped. Does a loop in it never finish?"
    _running.append((function, thread))
    return f"it did not end within {SECONDS:g} s. It is sleeping or inside a call of NumPy, and is stopped when that returns."


@contextmanager
def _console(thread):
    """Collect what `thread` prints, and refuse input() in it; other threads are not affected."""
    stdout, ask, printed = sys.stdout, builtins.input, io.StringIO()

    def is_learner():
        return thread.ident in (None, threading.get_ident())

    class Stdout:
        def write(self, text):
            return (printed if is_learner() else stdout).write(text)

        def __getattr__(self, name):
            return getattr(stdout, name)

    def refuse_input(*prompt):
        if is_learner():
            raise RuntimeError("input() cannot be used here; use the arguments instead.")
        return ask(*prompt)

    sys.stdout, builtins.input = Stdout(), refuse_input
    try:
        yield printed
    finally:
        sys.stdout, builtins.input = stdout, ask
