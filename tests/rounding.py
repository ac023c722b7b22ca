"""Rounding, disturbed on purpose, and comparisons that hold whatever a processor makes of the last digits.

A matrix product is added up in another order by another processor. A training run in which gradients grow amplifies
the difference: after twenty updates two processors may agree in no digit, and both are right.
"""

from contextlib import contextmanager

import numpy as np

from lstm_lib import Network
from lstm_lib.learning.stored import Study

SIZE = 1e-15
"""Relative: five units in the last place, where another processor differs in one or two at a time."""


def disturb(draw):
    """From now on, first and stored weights and all inputs of a Network are multiplied by 1 ± SIZE; returns what ends it.

    The signs depend on the draw and an array's shape alone, so a run that is repeated gives the same.
    """
    init, inputs, network = Network.__init__, Network.inputs, Study.network

    def moved(array):
        if array.dtype.kind != "f":
            return array
        signs = np.random.default_rng([draw, *array.shape]).choice((-1, 1), array.shape)
        return (array * (1 + SIZE * signs)).astype(array.dtype)

    def initialised(self, *args, **more):
        init(self, *args, **more)
        for part in self.parts(self.theta).values():
            if part.ndim > 1:  # a bias starts at a number that somebody has chosen
                part[...] = moved(part)

    def kept(self, *args):
        found = network(self, *args)
        found.theta = moved(found.theta)
        return found

    def end():
        Network.__init__, Network.inputs, Study.network = init, inputs, network

    Network.__init__, Study.network = initialised, kept
    Network.inputs = lambda self, *args: moved(inputs(self, *args))
    return end


@contextmanager
def disturbed(draw):
    """`disturb`, inside a `with` alone."""
    end = disturb(draw)
    try:
        yield
    finally:
        end()


def with_draws(measure, draws=(1, 2)):
    """What `measure()` returns, and again for each draw: (1 + draws, …)."""
    found = [measure()]
    for draw in draws:
        with disturbed(draw):
            found.append(measure())
    return np.array(found)


def steady(found):
    """Which numbers of `with_draws` may be compared: those that move by less than a hundred-thousandth of themselves."""
    return np.ptp(found, axis=0) <= 1e-5 * np.abs(found[0])


# --- results of runs that amplify rounding: how the starts do together, not which of them -------------------------


def alike(now, before):
    """Whether the starts of two arms may do as well as one another: by the ranks of all of them (Mann & Whitney 1947).

    What has no number, or none that is finite, ranks above all; what differs in less than a thousandth is the same.
    """
    now, before = (np.nan_to_num(np.asarray(x, float), nan=np.inf, posinf=np.inf) for x in (now, before))
    if now.shape == before[: len(now)].shape and np.allclose(now, before[: len(now)], rtol=1e-3, atol=1e-9):
        return True
    above = (now[:, None] > before).sum() + (now[:, None] == before).sum() / 2
    n, m, ties = len(now), len(before), np.unique([*now, *before], return_counts=True)[1]
    spread = n * m / 12 * (n + m + 1 - (ties**3 - ties).sum() / ((n + m) * (n + m - 1)))
    return abs(above - n * m / 2) <= 3 * np.sqrt(spread)
