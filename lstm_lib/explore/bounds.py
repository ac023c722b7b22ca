"""How far sliders reach, the usual ranges of the course or wider, and what numbers an explorer takes at all."""

import math

import numpy as np

from lstm_lib.checks import as_floats, check_shape
from lstm_lib.views.theme import beside, plain

WEIGHT, INPUT, MEMORY = 6.0, 6.0, 10.0

GREATEST = 1e6
"""No explorer takes numbers beyond ±this: what is far greater has no room in a picture."""


def reach(usual, *given):
    """The least bound that holds `usual` and every number in the arrays `given`: whole, and of two digits beyond 100."""
    most = max(usual, *(np.abs(values).max() for values in given))
    unit = 10.0 ** max(0, math.floor(math.log10(most)) - 1)
    return math.ceil(most / unit) * unit


def numbers(name, value, limit=GREATEST):
    """An argument of any float type as a new float64 array, nothing in it beyond ±`limit`, or ValueError."""
    values = np.array(as_floats(name, value), dtype=float)
    if np.abs(values).max() > limit:
        worst = values.flat[np.abs(values).argmax()]
        raise ValueError(f"{name}: expected values from {-limit:g} to {limit:g}, got {worst:g}")
    return values


def array(name, value, default, shape, limit=GREATEST):
    """An argument as a new float64 array of `shape`, or `default` everywhere; ValueError names what does not fit."""
    values = np.full(shape, float(default)) if value is None else numbers(name, value, limit)
    check_shape(name, values, shape)
    return values


def beyond(name, value, limit):
    """A sentence where a value has left its slider's range, or ""."""
    if abs(value) <= limit:
        return ""
    now = beside(value, math.copysign(limit, value))
    return f"{name} = {now} has left its slider's range, −{plain(limit)} to {plain(limit)}; it is computed with all the same."
