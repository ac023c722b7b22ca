"""A race of kinds of cell over several tasks: how many of their starts solve them, and an exact test."""

import math

from lstm_lib.checks import one_of
from lstm_lib.learning.stored import study

RACES = ("parity", "adding", "sum since reset", "latch", "delayed recall")
"""The tasks. In each, all kinds have the same budget; two of them also start with a closed input gate, b_i = −2."""

SOLVED_BELOW = 0.1
"""A start has solved its task if less than this fraction of the targets' variance is unexplained afterwards."""


def race_in(task):
    """The Study of one task."""
    return study("race_" + one_of("task", task, RACES).replace(" ", "_"))


def errors(race):
    """{arm: the fraction unexplained of each start} of such a Study."""
    return {name: next(iter(left.values())) for name, left in race.each("unexplained").items()}


def exact_test(solved, n, other_solved, other_n):
    """Fisher's exact test, two-sided: the probability of shares that differ as much as k of n and k of n, by chance alone."""
    total = solved + other_solved

    def ways(k):
        return math.comb(n, k) * math.comb(other_n, total - k)

    possible = [ways(k) for k in range(max(0, total - other_n), min(n, total) + 1)]
    return sum(w for w in possible if w <= ways(solved)) / sum(possible)
