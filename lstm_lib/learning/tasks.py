"""Small tasks that need memory: random sequences with targets.

In a batch, x is (T, B, D), the target (T, B, O), and the mask (T, B) is 1 at the steps that have a target, else 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.params import frozen
from lstm_lib.checks import as_floats, check_shape, generator, whole_number


@dataclass(frozen=True, eq=False)
class Batch:
    """x (T, B, D), target (T, B, O) and mask (T, B), copied and read-only; integers and lists become float64."""

    x: np.ndarray
    target: np.ndarray
    mask: np.ndarray

    def __post_init__(self):
        for name in ("x", "target", "mask"):
            object.__setattr__(self, name, frozen(as_floats(name, getattr(self, name)).copy()))
        check_shape("x", self.x, ("T", "B", "D"))
        T, B = self.x.shape[:2]
        check_shape("target", self.target, (T, B, "O"), why=f"(beside x of shape {self.x.shape})")
        check_shape("mask", self.mask, (T, B), why=f"(beside x of shape {self.x.shape})")
        if (self.mask < 0).any() or not self.mask.any():
            raise ValueError("mask: expected 1 at each step with a target, at least once, and 0 elsewhere")


@dataclass(frozen=True)
class Task:
    """A name, what the task asks, its sizes D and O, and `draw(rng, T, B)` → Batch.

    T, B : sizes for training;  fixed : whether every update uses the same sequences, instead of new ones
    classes : whether targets are one-hot classes, and the loss is the cross-entropy;  held_out : `draw` of sequences
        that are never trained on, if there are only so many
    """

    name: str
    asks: str
    input_size: int
    output_size: int
    draw: Callable
    T: int = 20
    B: int = 32
    fixed: bool = False
    classes: bool = False
    held_out: Callable | None = None

    @cached_property
    def mean_loss(self):
        """The loss of the mean baseline in 1,000 sequences: the variance of the answers, or the entropy of classes."""
        batch = self.draw(np.random.default_rng(0), self.T, 1000)
        answers = batch.target[batch.mask > 0]
        if self.classes:
            share = answers.mean(axis=0)
            return float(-(share[share > 0] * np.log(share[share > 0])).sum())
        return float(answers.var(axis=0).mean())


def _sizes(rng, T, B, least):
    generator(rng)
    whole_number("T", T, least)
    whole_number("B", B)


def sum_since_reset(rng, T, B):
    """x = [value in −1…1, reset 0/1]; the target at every step is the sum of the values from the last reset on."""
    _sizes(rng, T, B, 1)
    value, reset = rng.uniform(-1, 1, (T, B)), (rng.random((T, B)) < 0.1).astype(float)
    target, total = np.empty((T, B, 1)), np.zeros(B)
    for t in range(T):
        total = np.where(reset[t] == 1, 0.0, total) + value[t]
        target[t, :, 0] = total
    return Batch(np.stack([value, reset], axis=-1), target, np.ones((T, B)))


def adding(rng, T, B):
    """x = [value in 0…1, mark 0/1] with one mark in each half; the target at the last step is the sum of the marked values."""
    _sizes(rng, T, B, 2)
    value, mark, each = rng.random((T, B)), np.zeros((T, B)), np.arange(B)
    mark[rng.integers(0, T // 2, B), each] = 1
    mark[rng.integers(T // 2, T, B), each] = 1
    return _at_the_end(np.stack([value, mark], axis=-1), (value * mark).sum(axis=0))


def delayed_recall(rng, T, B):
    """x = [cue, query]: a cue of ±1 at the first step, then small noise; the target at the last step is the cue."""
    _sizes(rng, T, B, 2)
    x = np.zeros((T, B, 2))
    x[:, :, 0] = 0.1 * rng.normal(size=(T, B))
    cue = rng.choice([-1.0, 1.0], B)
    x[0, :, 0], x[-1, :, 1] = cue, 1.0
    return _at_the_end(x, cue)


def latch(rng, T, B):
    """x = [value ±1, write 0/1, query 0/1]; the target is the value last written at a query, else 0."""
    _sizes(rng, T, B, 2)
    x = np.zeros((T, B, 3))
    x[:, :, 0] = rng.choice([-1.0, 1.0], (T, B))
    x[:, :, 1] = rng.random((T, B)) < 0.15
    x[0, :, 1] = 1.0
    x[:, :, 2] = (rng.random((T, B)) < 0.25) * (1 - x[:, :, 1])
    return Batch(x, latch_target(x)[..., None], np.ones((T, B)))


def latch_target(x):
    """What a latch answers to x (T, …, 3): the value last written where it is asked, else 0."""
    target, stored = np.zeros(x.shape[:-1]), np.zeros(x.shape[1:-1])
    for t in range(len(x)):
        stored = np.where(x[t, ..., 1] == 1, x[t, ..., 0], stored)
        target[t] = stored * x[t, ..., 2]
    return target


def parity(rng, T, B):
    """x = [bit 0/1]; the target at every step is 1 if the number of ones so far is odd, else −1."""
    _sizes(rng, T, B, 1)
    bits = (rng.random((T, B, 1)) < 0.5).astype(float)
    return Batch(bits, 2 * (np.cumsum(bits, axis=0) % 2) - 1, np.ones((T, B)))


def noise_targets(rng, T, B):
    """x of 5 and a target of 3 numbers at the last step, both random: they can only be memorised."""
    _sizes(rng, T, B, 1)
    x = rng.normal(size=(T, B, 5))
    target, mask = np.zeros((T, B, 3)), np.zeros((T, B))
    target[-1], mask[-1] = rng.normal(size=(B, 3)), 1.0
    return Batch(x, target, mask)


def _at_the_end(x, answer):
    T, B, _ = x.shape
    target, mask = np.zeros((T, B, 1)), np.zeros((T, B))
    target[-1, :, 0], mask[-1] = answer, 1.0
    return Batch(x, target, mask)


TASKS = {
    task.name: task
    for task in (
        Task("delayed recall", "recall the first input at the end", 2, 1, delayed_recall, T=100),
        Task("adding", "add the two marked numbers", 2, 1, adding, T=50),
        Task("sum since reset", "keep a running sum, and forget it at a reset", 2, 1, sum_since_reset, T=30),
        Task("latch", "write, hold, and answer when asked", 3, 1, latch),
        Task("parity", "say whether the number of ones so far is odd", 1, 1, parity, T=12),
        Task(
            "noise",
            "random targets, which can only be memorised",
            5,
            3,
            noise_targets,
            T=10,
            B=100,
            fixed=True,
        ),
    )
}
"""Every task by name."""
