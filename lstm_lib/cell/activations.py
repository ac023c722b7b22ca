"""The squashing functions of the cell."""

from __future__ import annotations

import numpy as np

from lstm_lib.checks import as_floats

__all__ = ["logit", "sigmoid"]


def sigmoid(z):
    """σ(z) = 1 / (1 + exp(−z)), element by element, in (0, 1).

    Stable over the whole range: exp only ever sees −|z|, so it cannot overflow.

    Parameters
    ----------
    z : array of any shape, or a number; infinities are allowed

    Raises
    ------
    ValueError
        `z` is empty, not numeric or has NaN in it.
    """
    return sigmoid_of(as_floats("z", z, allow_infinite=True))[()]


def sigmoid_of(z):
    """`sigmoid` for an array that has been checked already."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def logit(f):
    """The z for which σ(z) = f, that is ln(f / (1 − f)); f in [0, 1], the ends give ∓infinity.

    Raises
    ------
    ValueError
        `f` is outside [0, 1], empty, not numeric or has NaN in it.
    """
    f = as_floats("f", f)
    if (f < 0).any() or (f > 1).any():
        raise ValueError(f"f: expected values from 0 to 1, got {f.min()} to {f.max()}")
    with np.errstate(divide="ignore"):
        return (np.log(f) - np.log1p(-f))[()]
