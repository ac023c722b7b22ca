"""The gradient check: slopes measured by moving one number at a time."""

import numpy as np

from lstm_lib.checks import as_floats, finite_number, function


def central_differences(loss, array, step=1e-6):
    """∂loss/∂array, shaped as `array`: (loss(a + step) − loss(a − step)) / (2 · step) for each entry a.

    loss : a function of an array that gives one number;  array : float64, it is not changed
    The error shrinks with step², the rounding error grows with 1/step: 1e-6 is between the two.

    Raises
    ------
    ValueError
        A step that is not above 0; NaN, empty or non-numeric values; float32, whose grain is too coarse.
    """
    function("loss", loss, "an array")
    array = as_floats("array", array, np.float64)
    if finite_number("step", step, 0) == 0:
        raise ValueError(f"step: expected a number above 0, got {step!r}")
    slopes = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        up, down = array.copy(), array.copy()
        up[at], down[at] = array[at] + step, array[at] - step
        apart = up[at] - down[at]  # what is left of 2 · step beside a large number
        if apart == 0:
            raise ValueError(f"step: {step:g} is too small to move {array[at]:g} by")
        slopes[at] = (_number(loss(up)) - _number(loss(down))) / apart
    return slopes


def _number(value):
    if np.size(value) != 1:
        raise ValueError(f"loss: expected a function that gives one number, it gave shape {np.shape(value)}")
    return float(np.reshape(value, ()))
