"""A race of kinds of cell over several tasks: the same budget for all, many starts, an exact test."""

import math
from dataclasses import dataclass, replace

import numpy as np

from lstm_lib.cell.params import layout
from lstm_lib.checks import one_of, whole_number
from lstm_lib.learning.network import fraction_unexplained
from lstm_lib.learning.run import run_for
from lstm_lib.learning.tasks import TASKS

CLOSED = ", b_i = −2"
"""The end of the name of an arm whose input gate starts closed; without it, b_i starts at 0."""

SOLVED_BELOW = 0.1
"""A start has solved its task if less than this fraction of the targets' variance is unexplained afterwards."""


@dataclass(frozen=True)
class Budget:
    """What every kind gets in a task: units, updates of 32 sequences of T steps, learning rate, first forget bias.

    tested : the number of steps of the fresh sequences that it is judged on
    """

    hidden_size: int
    T: int
    updates: int
    learning_rate: float
    forget_bias: float
    tested: int

    def task(self, name):
        """The Task, with these lengths."""
        return replace(TASKS[name], T=self.T)


RACES = {
    "parity": Budget(6, 12, 500, 0.02, 1.0, 300),
    "adding": Budget(8, 30, 450, 0.01, 1.0, 30),
    "sum since reset": Budget(8, 20, 200, 0.01, 1.0, 300),
    "latch": Budget(2, 20, 200, 0.03, 1.0, 100),
    "delayed recall": Budget(8, 20, 100, 0.01, 3.0, 20),
}


def parity_name(kind):
    """The name of the stored network of that kind that was trained for parity, for `stored_network`."""
    return "parity_" + "".join(letter if letter.isalnum() else "_" for letter in kind.lower())


def race_run(task, arm, start):
    """The Run of one start, not yet started; arm : a name in KINDS, which may end with CLOSED."""
    kind, closed = arm.removesuffix(CLOSED), arm.endswith(CLOSED)
    budget = RACES[one_of("task", task, tuple(RACES))]
    return run_for(
        budget.task(task), budget.updates, whole_number("start", start, 0), kind, hidden_size=budget.hidden_size,
        learning_rate=budget.learning_rate, forget_bias=budget.forget_bias, max_norm=1.0,
        initialise=close_input_gate if closed else None,
    )  # fmt: skip


def close_input_gate(network, rng):
    """b_i = −2: sigmoid(−2) is 0.12."""
    where = layout(network.kind.said, network.input_size, network.hidden_size).where
    rows = where["b_i"][1] if "b_i" in where else slice(0)
    network.b[rows] = -2.0


def race_error(task, network):
    """`fraction_unexplained` on 200 fresh sequences of the length tested."""
    budget = RACES[task]
    return fraction_unexplained(network, TASKS[task].draw(np.random.default_rng(99), budget.tested, 200))


def exact_test(solved, n, other_solved, other_n):
    """Fisher's exact test, two-sided: the probability of shares that differ as much as k of n and k of n, by chance alone."""
    total = solved + other_solved

    def ways(k):
        return math.comb(n, k) * math.comb(other_n, total - k)

    possible = [ways(k) for k in range(max(0, total - other_n), min(n, total) + 1)]
    return sum(w for w in possible if w <= ways(solved)) / sum(possible)
