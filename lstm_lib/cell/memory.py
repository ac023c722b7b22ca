"""How long a cell remembers, from the forget gate alone."""

import numpy as np

from lstm_lib.checks import as_floats


def half_life(f):
    """Steps until a memory with a constant forget gate `f` has halved: ln ½ / ln f.

    f : number or array in [0, 1]; 0 gives 0 steps, 1 gives infinity
    """
    f = as_floats("f", f)
    if (f < 0).any() or (f > 1).any():
        raise ValueError(f"f: expected values from 0 to 1, got {f.min()} to {f.max()}")
    with np.errstate(divide="ignore"):
        return np.where(f == 1, np.inf, np.log(0.5) / np.log(f))[()]


def retained(f):
    """The fraction of C_0 left after each step: the cumulative product of the gates f (T, …)."""
    return np.cumprod(as_floats("f", f), axis=0)
