"""Recall at a chosen lag: tasks with one lag or several, and how many of fresh sequences are answered right.

The cue comes in at the first step and is asked for `lag` steps later, so a sequence has lag + 1 steps.
"""

from dataclasses import replace

import numpy as np

from lstm_lib.checks import instance, whole_number
from lstm_lib.learning.network import Network, share_of_signs
from lstm_lib.learning.tasks import TASKS, Batch

LONGEST = 10_000
FRESH, SEED = 1000, 99
"""How many fresh sequences judge a network, and the seed that draws them: never that of a training run."""

SOLVED = 0.99
"""A network has solved a lag if it answers this share of the fresh sequences right."""


def recall_task(lag):
    """Delayed recall at one lag: the cue of ±1 at the first step is asked for `lag` steps later."""
    lag = whole_number("lag", lag, 1, LONGEST)
    return replace(TASKS["delayed recall"], name=f"recall at lag {lag}", T=lag + 1)


def mixed_recall(least=5, most=25, numbers=False):
    """Delayed recall with another lag for each batch, from `least` to `most`; held-out sequences have the lag `most`.

    numbers : whether the cue is a number from −1 to 1 instead of a bit, ±1
    """
    least = whole_number("least", least, 1, LONGEST)
    most = whole_number("most", most, least, LONGEST)

    def draw(rng, T, B):
        return recalled(rng, int(rng.integers(least, most + 1)), B, numbers)

    def held_out(rng, T, B):
        return recalled(rng, most, B, numbers)

    what = "number" if numbers else "bit"
    asks = f"recall the first input, a {what}, after {least} to {most} steps"
    return replace(
        TASKS["delayed recall"], name=f"recall a {what}", asks=asks, draw=draw, held_out=held_out, T=most + 1
    )


def recalled(rng, lag, B, numbers=False):
    """A Batch of B sequences of delayed recall; with `numbers`, each cue is multiplied by a number from 0 to 1."""
    batch = TASKS["delayed recall"].draw(rng, lag + 1, B)
    if not numbers:
        return batch
    size = rng.random((B, 1))
    x, target = batch.x.copy(), batch.target.copy()
    x[0, :, :1] *= size
    target[-1] *= size
    return Batch(x, target, batch.mask)


def share_right(network, lag, count=FRESH):
    """The share of `count` fresh sequences in which the sign of the answer is that of the cue."""
    instance("network", network, Network)
    batch = recalled(np.random.default_rng(SEED), whole_number("lag", lag, 1, LONGEST), count)
    return share_of_signs(network.predict(batch.x)[-1], batch.target[-1])
