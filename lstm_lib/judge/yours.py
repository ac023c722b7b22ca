"""A learner's own function beside the library's: called on copies, ended after a while, told of in words."""

import ctypes
import threading

import numpy as np

from lstm_lib.judge.blank import Blank, BlankLeft

SECONDS = 2.0
"""How long a learner's function may take for one picture."""


class Yours:
    """Calls a learner's function and says what it did.

    function : theirs;  takes : its arguments' names;  gives : the name of what it returns
    """

    def __init__(self, function, takes, gives):
        if isinstance(function, Blank):
            function = _unfinished
        if not callable(function):
            raise ValueError(f"yours: expected a function ({takes}) → {gives}, got {type(function).__name__}")
        self.function, self.takes, self.gives = function, takes, gives
        self.name = getattr(function, "__name__", "your function")
        self._running = None

    def beside(self, expected, *arguments):
        """Their result, if it can be drawn beside `expected` (same shape, finite), else None; and what to say of it."""
        copies = [np.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
        array, error = self._call(copies)
        if error:
            return None, error
        if array.shape != expected.shape:
            return None, self._other_shape(array, expected)
        if not np.isfinite(array).all():
            return None, f"{self.name} returned NaN or infinity."
        pairs = zip(arguments, copies, strict=True)
        if any(isinstance(a, np.ndarray) and not np.array_equal(a, b) for a, b in pairs):
            return array, f"{self.name} changed its own arguments ({self.takes}): work on new arrays."
        if np.allclose(array, expected, atol=1e-9):
            return array, f"{self.name} agrees with the library."
        if self._is_pair and np.allclose(array, np.roll(expected, len(expected) // 2), atol=1e-9):
            return array, f"{self.name} returned its two states in the other order; {self.gives} is expected."
        return array, f"{self.name} differs from the library by up to {np.abs(array - expected).max():.2g}."

    _is_pair = property(lambda self: self.gives.startswith("("))

    def _other_shape(self, array, expected):
        if self._is_pair:
            return (
                f"{self.name} returned numbers of shape {array.shape}; {self.gives} is two vectors of "
                f"{len(expected) // 2} numbers."
            )
        return f"{self.name} returned shape {array.shape}; {self.gives} has shape {expected.shape}."

    def _call(self, arguments):
        """(result, "") or (None, what went wrong). A call that does not end is left to itself and told of."""
        if self._running is not None and self._running.is_alive():
            return None, f"{self.name} is still at an earlier call, so it was not called again."
        result, error = [], []

        def run():
            try:
                result.append(_numbers(self.function(*arguments)))
            except BaseException as raised:  # theirs: whatever it raises is told in words
                error.append(raised)

        try:
            self._running = threading.Thread(target=run, name="yours", daemon=True)
            self._running.start()
        except RuntimeError:  # no threads here: it is waited for
            run()
        else:
            self._running.join(SECONDS)
            if self._running.is_alive():
                return None, self._ended()
        if not error:
            return result[0], ""
        if isinstance(error[0], BlankLeft):
            return None, f"{self.name} still has a blank (___) in it."
        if isinstance(error[0], Refused):
            return None, f"{self.name} returned {error[0]}; numbers are expected."
        return None, f"{self.name} raised {type(error[0]).__name__}: {str(error[0])[:300]}"

    def _ended(self):
        """End a call that takes too long, at its next line of Python; a single call of NumPy's has none."""
        too_long = f"{self.name} did not end within {SECONDS:g} s"
        for _ in range(10):  # a loop may catch the first
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._running.ident), ctypes.py_object(SystemExit)
            )
            self._running.join(0.02)
            if not self._running.is_alive():
                return f"{too_long} and was stopped. Does a loop in it never finish?"
        return f"{too_long}. It sleeps, or is inside one call of NumPy: it stops when that returns."


class Refused(Exception):
    """A result that is no array of numbers."""


def _numbers(result):
    """`result`, an array or a sequence of them, as one float array; Refused says what it is instead."""
    if result is None:
        raise Refused("None (is a return missing?)")
    try:
        if isinstance(result, tuple | list):
            array = np.concatenate([np.atleast_1d(part) for part in result])
        else:
            array = np.asarray(result)
    except ValueError:
        raise Refused("rows of unequal length") from None
    if array.dtype.kind not in "fiub":
        raise Refused("text" if array.dtype.kind in "US" else f"{array.dtype} values")
    return array.astype(float)


def _unfinished(*arguments):
    raise BlankLeft


_unfinished.__name__ = "your function"
