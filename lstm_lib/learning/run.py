"""A training run in a thread, which can be watched, paused and stopped."""

import threading
import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lstm_lib.cell.params import frozen
from lstm_lib.checks import instance, one_of, whole_number
from lstm_lib.learning.network import Network
from lstm_lib.learning.optimisers import SGD, Adam
from lstm_lib.learning.tasks import Task
from lstm_lib.learning.train import cross_entropy, loss_and_gradient, squared_error, train_step

REDRAW = 0.1
"""Shortest time between two calls of `watch`, in seconds."""

HELD_OUT_EVERY = 10
DIVERGED = 1e6
"""A run diverges when its loss exceeds its first loss by this factor."""

PAUSE = 0.0005
"""Pause after each update, in seconds, in which the kernel can answer other sliders."""

OPTIMISERS = {"Adam": Adam, "SGD": SGD}


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run at one moment, read-only.

    status : "ready", "running", "paused", "stopped", "finished", "diverged" or "failed"
    step : updates made;  losses, norms, clipped : one per update;  reach : |∂loss/∂h_t| of the last update (T,)
    held_out : losses on held-out sequences, after the updates `held_out_at`;  params : the cell's last finite parameters
    """

    status: str
    step: int
    losses: np.ndarray
    norms: np.ndarray
    clipped: np.ndarray
    reach: np.ndarray
    held_out: np.ndarray
    held_out_at: np.ndarray
    params: object
    error: str = ""

    def __post_init__(self):
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value.copy()))


class Run:
    """Trains `network` on `draw()` for at most `steps` updates.

    An iterator: each `next` makes one update and returns its Record. A loop can drive it, or the thread that `start`
    creates. `pause`, `stop` and `snapshot` can be called at any time from any thread, and `optimiser.learning_rate`
    and `max_norm` may be changed during the run.
    held_out : a Batch that is not trained on;  watch(run) : called by the thread, at most ten times per second and at the end
    """

    def __init__(
        self, network, draw, held_out, optimiser, steps, max_norm=None, watch=None, loss=squared_error
    ):
        self.network, self.draw, self.held_out, self.steps, self.loss = network, draw, held_out, steps, loss
        self.optimiser, self.watch = optimiser, watch or (lambda run: None)
        self.max_norm = np.inf if max_norm is None else max_norm
        self._state = threading.Condition()  # also guards the network and the records
        self._status, self._error, self._thread = "ready", "", None
        self._records = []
        self._first, self._params = loss_and_gradient(network, held_out, loss=loss), network.params
        self._held_out = [(0, self._first.loss)]

    def __iter__(self):
        return self

    def __next__(self):
        with self._state:
            if self._status == "ready":
                self._status = "running"
            while self._status == "paused":
                self._state.wait()
            if self._status != "running":
                raise StopIteration
            step = len(self._records) + 1
            record = train_step(self.network, self.draw(), self.optimiser, self.max_norm, step, self.loss)
            self._records.append(record)
            if step % HELD_OUT_EVERY == 0 or step == self.steps:
                seen = loss_and_gradient(self.network, self.held_out, loss=self.loss)
                self._held_out.append((step, seen.loss))
            if not record.finite or record.loss > DIVERGED * self._records[0].loss:
                self._status = "diverged"
            elif step >= self.steps:
                self._status = "finished"
            return record

    @property
    def status(self):
        """As in Snapshot."""
        return self._status

    def start(self):
        """Start in a thread, or resume after a pause."""
        with self._state:
            if self._status == "ready":
                # A daemon thread ends with its kernel. Where threads are not supported, `start` raises first.
                thread = threading.Thread(target=self._work, name="training", daemon=True)
                thread.start()
                self._thread, self._status = thread, "running"
            elif self._status == "paused":
                self._status = "running"
                self._state.notify_all()

    def pause(self):
        """Pause after the current update."""
        with self._state:
            if self._status == "running":
                self._status = "paused"

    def stop(self):
        """Stop after the current update."""
        with self._state:
            if self._status in ("running", "paused"):
                self._status = "stopped"
                self._state.notify_all()

    def join(self, timeout=None):
        """Wait for the end of the thread; whether it has ended."""
        if self._thread is not None:
            self._thread.join(timeout)
            return not self._thread.is_alive()
        return True

    def snapshot(self):
        """The Snapshot of this moment."""
        with self._state:
            seen = self._records or [self._first]
            if np.isfinite(self.network.theta).all():
                self._params = self.network.params
            at, losses = zip(*self._held_out, strict=True)
            per_update = (np.array([getattr(r, name) for r in seen]) for name in ("loss", "norm", "clipped"))
            held_out = np.array(losses), np.array(at)
            step, reach = len(self._records), seen[-1].reach
            return Snapshot(self._status, step, *per_update, reach, *held_out, self._params, self._error)

    def _work(self):
        looked = time.monotonic()
        try:
            for _ in self:
                time.sleep(PAUSE)
                if time.monotonic() - looked >= REDRAW:
                    self.watch(self)
                    looked = time.monotonic()
            self.watch(self)
        except Exception as error:  # any error must reach the page, not only a log
            with self._state:
                self._status, self._error = "failed", f"{type(error).__name__}: {error}"
            self.watch(self)


def run_for(task, steps, seed=0, cell="LSTM", optimiser="Adam", learning_rate=0.01, max_norm=None, hidden_size=8,
            forget_bias=1.0, clamp=None, initialise=None, watch=None):  # fmt: skip
    """A Run for a Task, not yet started; `seed` sets data and initial weights.

    clamp : as in Network, an ablation;  initialise(network, rng) : sets other initial weights, in place
    """
    instance("task", task, Task), whole_number("seed", seed, 0)
    one_of("optimiser", optimiser, tuple(OPTIMISERS))
    weights, data, other = (np.random.default_rng([seed, k]) for k in range(3))
    network = Network(task.input_size, hidden_size, task.output_size, weights, cell, forget_bias, clamp)
    if initialise:
        initialise(network, weights)
    held_out = (task.held_out or task.draw)(other, task.T, task.B)
    batch = task.draw(data, task.T, task.B) if task.fixed else None

    def draw():
        return task.draw(data, task.T, task.B) if batch is None else batch

    loss = cross_entropy if task.classes else squared_error
    return Run(network, draw, held_out, OPTIMISERS[optimiser](learning_rate), steps, max_norm, watch, loss)


def clamped_at_1(gate):
    """`clamp` for an ablation: the gate's key, or "" for none."""
    return {gate: 1.0} if gate else None


@lru_cache(maxsize=32)
def before_training(task, clamp="", **settings):
    """(Snapshot of a run before its first update, an input sequence (T, D)); clamp : a gate clamped at 1, or ""."""
    run = run_for(task, 1, clamp=clamped_at_1(clamp), **settings)
    return run.snapshot(), frozen(run.held_out.x[:, 0].copy())
