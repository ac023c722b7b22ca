"""The bounds of sliders, and the checks of the numbers that an explorer is given."""

import math

import numpy as np

from lstm_lib.checks import as_floats, check_shape

WEIGHT, INPUT, MEMORY = 6.0, 6.0, 10.0
"""The bounds in the course; an explorer widens them if it is given larger values."""

GREATEST = 1e6
"""Explorers take no numbers beyond ±this: larger ones do not fit into a picture."""


def bounds_for(usual, *arrays):
    """(−bound, bound), where bound is whole, at least `usual`, and at least as large as every value in `arrays`.

    Above 100 it has two significant digits.
    """
    most = max(usual, *(np.abs(values).max() for values in arrays))
    unit = 10.0 ** max(0, math.floor(math.log10(most)) - 1)
    bound = math.ceil(most / unit) * unit
    return -bound, bound


def numbers(name, value, limit=GREATEST):
    """The argument as a new float64 array; ValueError if a value lies beyond ±`limit`."""
    values = np.array(as_floats(name, value), dtype=float)
    if np.abs(values).max() > limit:
        worst = values.flat[np.abs(values).argmax()]
        raise ValueError(f"{name}: expected values from {-limit:g} to {limit:g}, got {worst:g}")
    return values


def array(name, value, default, shape, limit=GREATEST):
    """The argument as a new float64 array of `shape`, filled with `default` if it is None."""
    values = np.full(shape, float(default)) if value is None else numbers(name, value, limit)
    check_shape(name, values, shape)
    return values


def checked_settings(owner, settings, checks):
    """`settings` checked by {name: function (name, value)}; ValueError for a name that is not in `checks`."""
    for name in settings:
        if name not in checks:
            raise ValueError(f"{owner}: expected settings from {[*checks]}, got {name!r}")
    return {name: checks[name](name, value) for name, value in settings.items()}
