"""The gradient check: central differences, one number at a time."""

import numpy as np

from lstm_lib.checks import as_floats, finite_number, function


def central_differences(loss, array, step=1e-6):
    """∂loss/∂array, shaped as `array`: (loss(a + step) − loss(a − step)) / (2 · step) for each entry a.

    loss : a function of an array that returns one number;  array : float64 (float32 is too coarse), not changed
    The truncation error falls with step², the rounding error grows with 1/step; 1e-6 is a compromise.
    """
    function("loss", loss, "an array")
    array = as_floats("array", array, np.float64)
    if finite_number("step", step, 0) == 0:
        raise ValueError(f"step: expected a number above 0, got {step!r}")
    slopes = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        up, down = array.copy(), array.copy()
        up[at], down[at] = array[at] + step, array[at] - step
        apart = up[at] - down[at]  # 2 · step after rounding
        if apart == 0:
            raise ValueError(f"step: {step:g} is too small to change {array[at]:g}")
        slopes[at] = (_number(loss(up)) - _number(loss(down))) / apart
    return slopes


def _number(value):
    if np.size(value) != 1:
        raise ValueError(f"loss: expected a function that gives one number, it gave shape {np.shape(value)}")
    return float(np.reshape(value, ()))
