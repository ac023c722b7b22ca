"""Rounding, disturbed on purpose, and comparisons that hold whatever a processor makes of the last digits.

A matrix product is added up in another order by another processor. A training run in which gradients grow amplifies
the difference: after twenty updates two processors may agree in no digit, and both are right.
"""

from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np

from lstm_lib import Network
from lstm_lib.learning import stored
from lstm_lib.learning.race import exact_test

SIZE = 1e-15
"""Relative: five units in the last place, where another processor differs in one or two at a time."""


def disturb(draw):
    """From now on, first and stored weights and all inputs of a Network are multiplied by 1 ± SIZE; returns what ends it.

    The signs depend on the draw and an array's shape alone, so a run that is repeated gives the same.
    """
    init, inputs, store = Network.__init__, Network.inputs, stored.Network

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

    def loaded(path):
        network = store.load(path)
        network.theta = moved(network.theta)
        return network

    def end():
        Network.__init__, Network.inputs, stored.Network = init, inputs, store

    Network.__init__, stored.Network = initialised, SimpleNamespace(load=loaded)
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


# --- results of runs that amplify rounding: how many starts, and how well, not which ------------------------------

FAILED = 2
"""A share of the variance unexplained of which more is no result: the network has diverged."""


def same_share(now, of, before, before_of):
    """Whether two shares of starts may be the same, by Fisher's exact test."""
    return exact_test(now, of, before, before_of) > 0.01


def same_errors(now, before):
    """Whether the starts of two arms do as well as one another.

    As many fail; and the medians of the others differ, in the log, by less than the middle half of all of them is
    wide, or by less than a tenth.
    """
    now, before = np.asarray(now, float), np.asarray(before, float)
    fine = [errors[errors < FAILED] for errors in (now, before)]
    if not same_share(len(fine[0]), len(now), len(fine[1]), len(before)):
        return False
    if not len(fine[0]) or not len(fine[1]):
        return True
    low, high = np.quantile(np.log(np.concatenate(fine)), (0.25, 0.75))
    return abs(np.log(np.median(fine[0]) / np.median(fine[1]))) <= max(high - low, 0.1)
