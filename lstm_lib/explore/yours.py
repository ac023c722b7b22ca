"""A learner's own function in place of, or beside, the library's."""

from __future__ import annotations

import numpy as np

from lstm_lib.exercises.blank import Blank, BlankLeft

__all__ = ["Yours"]


class Yours:
    """Calls a learner's function on copies, and puts into words what it did.

    function : theirs;  takes : its arguments' names;  gives : the name of what it returns
    """

    def __init__(self, function, takes, gives):
        if isinstance(function, Blank):
            function = _unfinished
        if not callable(function):
            raise ValueError(f"yours: expected a function ({takes}) → {gives}, got {type(function).__name__}")
        self.function, self.takes, self.gives = function, takes, gives
        self.remark = ""

    def value(self, expected, *arguments):
        """Their result if it can be drawn beside `expected` (same shape, finite), else None."""
        name = getattr(self.function, "__name__", "your function")
        copies = [np.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
        try:
            got = self.function(*copies)
            parts = got if isinstance(got, tuple | list) else [got]
            array = np.concatenate([np.atleast_1d(p) for p in parts]) if parts is got else np.asarray(got)
            if got is not None and array.dtype.kind not in "fiub":
                kind = "text" if array.dtype.kind in "US" else f"{array.dtype} values"
                self.remark = f"{name} returned {kind}; numbers are wanted."
                return None
            array = array.astype(float) if got is not None else array
        except BlankLeft:
            self.remark = f"{name} still has a blank (___) in it."
            return None
        except (Exception, SystemExit) as error:  # theirs: whatever it raises is shown in words
            self.remark = f"{name} raised {type(error).__name__}: {str(error)[:300]}"
            return None
        if got is None or array.shape != expected.shape:
            came = "None (is a return missing?)" if got is None else f"shape {array.shape}"
            wanted = f"has shape {expected.shape}"
            if self.gives.startswith("("):
                came = came.replace("shape", "numbers of shape")
                wanted = f"is two vectors of {len(expected) // 2} numbers"
            self.remark = f"{name} returned {came}; {self.gives} {wanted}."
            return None
        if not np.isfinite(array).all():
            self.remark = f"{name} returned NaN or infinity."
            return None
        if any(
            isinstance(before, np.ndarray) and not np.array_equal(before, after)
            for before, after in zip(arguments, copies, strict=True)
        ):
            self.remark = f"{name} changed its own arguments ({self.takes}): work on new arrays."
        elif np.allclose(array, expected, atol=1e-9):
            self.remark = f"{name} agrees with the library."
        elif self.gives.startswith("(") and np.allclose(
            array, np.roll(expected, len(expected) // 2), atol=1e-9
        ):
            self.remark = f"{name} returned its two states in the other order; {self.gives} is wanted."
        else:
            worst = float(np.abs(array - expected).max())
            self.remark = f"{name} differs from the library by up to {worst:.2g}."
        return array


def _unfinished(*arguments):
    raise BlankLeft


_unfinished.__name__ = "your function"
