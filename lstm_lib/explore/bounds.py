"""How far sliders reach: the usual ranges of the course, wider where an explorer is given more."""

import math

import numpy as np

from lstm_lib.checks import as_floats, check_shape

WEIGHT, INPUT, MEMORY = 6.0, 6.0, 10.0


def reach(usual, *given):
    """The least whole number that holds `usual` and every number in the arrays `given`."""
    return float(max([usual, *(math.ceil(np.abs(values).max()) for values in given)]))


def array(name, value, default, shape, limit=np.inf):
    """An argument as a new float64 array of `shape`, or `default` everywhere; ValueError names what does not fit."""
    if value is None:
        return np.full(shape, float(default))
    values = np.array(as_floats(name, value), dtype=float)
    check_shape(name, values, shape)
    if np.abs(values).max() > limit:
        worst = values.flat[np.abs(values).argmax()]
        raise ValueError(f"{name}: expected values from {-limit:g} to {limit:g}, got {worst:g}")
    return values


def beyond(name, value, limit):
    """A sentence where a value has left its slider's range, or ""."""
    if abs(value) <= limit:
        return ""
    return f"{name} = {value:.4g} has left its slider's range, −{limit:g} to {limit:g}; it is computed with all the same."
