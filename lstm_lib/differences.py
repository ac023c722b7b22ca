"""The gradient check: slopes measured by moving one number at a time."""

from __future__ import annotations

import numpy as np

from lstm_lib.validation import as_floats

__all__ = ["central_differences"]


def central_differences(loss, array, step=1e-6):
    """∂loss/∂array, shaped as `array`: (loss(a + step) − loss(a − step)) / (2 · step) for each entry a.

    loss : a function of an array that gives one number;  array : float64, it is not changed
    The error shrinks with step², the rounding error grows with 1/step: 1e-6 is between the two.

    Raises
    ------
    ValueError
        A step that is not above 0; NaN, empty or non-numeric values; float32, whose grain is too coarse.
    """
    array = as_floats("array", array, np.float64)
    if not step > 0:
        raise ValueError(f"step: expected a number above 0, got {step!r}")
    slopes = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        moved = array.copy()
        moved[at] = array[at] + step
        above = float(loss(moved))
        moved = array.copy()
        moved[at] = array[at] - step
        slopes[at] = (above - float(loss(moved))) / (2 * step)
    return slopes
