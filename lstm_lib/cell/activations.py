"""Activation functions of gates."""

import numpy as np

from lstm_lib.cell.operations import sigma
from lstm_lib.checks import as_floats


def sigmoid(z):
    """σ(z) = 1 / (1 + exp(−z)), element by element, in (0, 1).

    z : array of any shape, or a number; infinities are allowed
    """
    z = as_floats("z", z, allow_infinite=True)
    with np.errstate(over="ignore"):
        f = sigma(np.atleast_1d(z).astype(np.float64))  # also for float32, whose exp is less accurate
    return f.reshape(z.shape).astype(z.dtype)[()]


def logit(f):
    """The z for which σ(z) = f, that is ln(f / (1 − f)); f in [0, 1]; 0 and 1 give ∓infinity."""
    f = as_floats("f", f)
    if (f < 0).any() or (f > 1).any():
        raise ValueError(f"f: expected values from 0 to 1, got {f.min()} to {f.max()}")
    with np.errstate(divide="ignore"):
        return (np.log(f) - np.log1p(-f))[()]
