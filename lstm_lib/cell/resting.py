"""One unit as a map from C_{t-1} to C_t: where its memory rests, and whether it comes back after a push.

With the output gate clamped at 1, h = tanh(C), so C alone is the state.
"""

import numpy as np

from lstm_lib.cell.kinds import LSTM
from lstm_lib.cell.lstm import lstm_step
from lstm_lib.cell.passes import params_of
from lstm_lib.checks import finite_number

POINTS, HALVINGS, STEP = 1202, 28, 1e-5


def next_memory(params, x=0.0, clamp=None):
    """The function C_{t-1} → C_t, for arrays, of a cell with one unit and one input, which is `x`; o is clamped at 1."""
    params_of(params, LSTM)
    if (params.input_size, params.hidden_size) != (1, 1):
        raise ValueError(
            f"params: expected one unit and one input, got {params.hidden_size} and {params.input_size}"
        )
    x = finite_number("x", x)

    def after(C):
        C = np.asarray(C, dtype=float)
        column = C.reshape(-1, 1)
        step = lstm_step(params, np.full_like(column, x), np.tanh(column), column, clamp)
        return step.C_t.reshape(C.shape)

    return after


def resting_places(after, low, high):
    """[(C, slope), …] where after(C) = C between `low` and `high`; the place is stable if the slope is between −1 and 1.

    A place is bracketed by a change of sign of after(C) − C on a grid, and the bracket halved; two places nearer than the grid are missed.
    """
    low, high = finite_number("low", low), finite_number("high", high)
    if low >= high:
        raise ValueError(f"low: expected less than high={high:g}, got {low:g}")
    grid = np.linspace(low, high, POINTS)
    up = after(grid) >= grid
    (k,) = np.nonzero(up[1:] != up[:-1])
    a, b = grid[k], grid[k + 1]
    for _ in range(HALVINGS):
        C = (a + b) / 2
        before = (after(C) >= C) == up[k]
        a, b = np.where(before, C, a), np.where(before, b, C)
    slope = (after(a + STEP) - after(a - STEP)) / (2 * STEP)
    return [(float(C), float(s)) for C, s in zip(a, slope, strict=True)]
