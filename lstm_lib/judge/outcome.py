"""What a learner's function did on one case: its value, or its error, in words; its warnings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from lstm_lib.judge.blank import Blank, BlankLeft

__all__ = ["Outcome", "run", "told"]


@dataclass(frozen=True)
class Outcome:
    """A value (an array) or an error in words; what NumPy warned of; whether arguments were changed."""

    value: np.ndarray | None = None
    error: str = ""
    warning: str = ""
    mutated: bool = False

    def same(self, other, tolerance, warnings_too=False):
        """Whether two functions did the same on one case."""
        if self.error or other.error:
            return self.error == other.error
        if self.value.shape != other.value.shape or (warnings_too and self.warning != other.warning):
            return False
        return np.allclose(self.value, other.value, rtol=tolerance, atol=tolerance, equal_nan=True)


def run(function, case, many=False):
    """Call `function` on copies of the arguments in `case`; whatever it does becomes an Outcome.

    many : whether a tuple is as good as a list. Raises BlankLeft where a blank was met, and lets KeyboardInterrupt through.
    """
    arguments = [np.array(a, dtype=float) if np.ndim(a) else a for a in case]
    before = [np.copy(a) for a in arguments]
    with warnings.catch_warnings(record=True) as heard, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            result = function(*arguments)
            value = as_numbers(list(result) if many and isinstance(result, tuple) else result)
        except BlankLeft:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # theirs: whatever it raises is put into words
            return Outcome(error=str(error) if isinstance(error, Refused) else f"it raised {told(error)}")
    mutated = not all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))
    return Outcome(value, warning="; ".join(dict.fromkeys(str(w.message) for w in heard)), mutated=mutated)


class Refused(Exception):
    """A result that is no array of numbers."""


def as_numbers(result):
    """`result` as a float array, or Refused with the reason in words."""
    if isinstance(result, Blank):
        raise BlankLeft
    if result is None:
        raise Refused("it returned None: is a return missing?")
    if isinstance(result, tuple) and len(result) == 1:
        raise Refused("it returned a tuple of one thing: is there a comma after it?")
    if isinstance(result, tuple):
        raise Refused(f"it returned {len(result)} things; one is wanted. Take the one that is asked for.")
    if hasattr(result, "__next__"):
        raise Refused(f"it returned a {type(result).__name__}: wrap it in list(…).")
    try:
        array = np.asarray(result)
    except ValueError:
        raise Refused("the vectors it returned are of unequal length.") from None
    if array.dtype.kind not in "fiub":
        kind = "text" if array.dtype.kind in "US" else f"{array.dtype} values"
        raise Refused(f"it returned {kind}; numbers are wanted.")
    return np.asarray(result, dtype=float)


def told(error):
    """An exception in words, cut short; even one whose own words fail."""
    try:
        words = str(error)
    except Exception:
        words = ""
    return f"{type(error).__name__}: {words[:300]}{'…' if len(words) > 300 else ''}"
