"""A run of training in a thread of its own, that can be watched, paused and stopped; and how one is made."""

import threading
import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lstm_lib.learning.network import Network
from lstm_lib.learning.optimisers import SGD, Adam
from lstm_lib.learning.tasks import TASKS
from lstm_lib.learning.train import measure, train_step

REDRAW = 0.1
"""Seconds between two looks at a run, at least."""

HELD_OUT_EVERY = 10
GROWN = 1e6
"""A loss that has grown so many times over is called diverged, though it still is a number."""

BREATH = 0.0005
"""Seconds of rest after an update, in which the kernel answers other sliders."""


LENGTHS = {"delayed recall": 100, "adding": 50, "sum since reset": 30, "latch": 20, "noise": 10}
BATCH = 32
FIXED = {"noise": 100}
"""Tasks with a set of so many sequences, used again at every update; the others draw new ones."""

OPTIMISERS = {"Adam": Adam, "SGD": SGD}

NETWORK = ("task", "cell", "optimiser", "forget_bias", "hidden_size", "seed")
"""What makes another network: a change of it ends the run under way and makes a new one ready."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run as it stood at one moment: nothing in it changes any more.

    status : "ready", "running", "paused", "stopped", "finished", "diverged" or "failed"
    step : updates made;  losses, norms, clipped : one an update;  reach : |∂loss/∂h_t| of the last (T,)
    held_out : losses on other sequences, at the updates `held_out_at`;  params : the cell's, the last that were finite
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


class LiveRun:
    """Trains `network` on `draw()` for at most `steps` updates; `rate` and `clip` may be changed meanwhile.

    held_out : a Batch that is only looked at;  watch(run) : called from the thread, at most ten times a
    second and once at the end. Start, pause and stop at any time, from any thread.
    """

    def __init__(self, network, draw, held_out, optimiser, steps, clip, watch):
        self.network, self.draw, self.held_out, self.steps = network, draw, held_out, steps
        self.optimiser, self.watch = optimiser, watch
        self.clip = np.inf if clip is None else clip
        self._state = threading.Condition()  # also guards the network and the records
        self._status, self._error, self._thread = "ready", "", None
        self._records = []
        self._first, self._params = measure(network, held_out), network.params
        self._held_out = [(0, self._first.loss)]

    @property
    def status(self):
        """As in a Snapshot."""
        return self._status

    def start(self):
        """Begin, or resume after a pause."""
        with self._state:
            if self._status == "ready":
                self._status = "running"
                # A daemon ends with its kernel.
                self._thread = threading.Thread(target=self._work, name="training", daemon=True)
                self._thread.start()
            elif self._status == "paused":
                self._status = "running"
                self._state.notify_all()

    def pause(self):
        """Rest after the update under way."""
        with self._state:
            if self._status == "running":
                self._status = "paused"

    def stop(self):
        """End after the update under way; what was learned stays."""
        with self._state:
            if self._status in ("running", "paused"):
                self._status = "stopped"
                self._state.notify_all()

    def join(self, timeout=None):
        """Wait for the end; True if it has come."""
        if self._thread is not None:
            self._thread.join(timeout)
            return not self._thread.is_alive()
        return True

    def snapshot(self):
        """What there is to see now."""
        with self._state:
            seen = self._records or [self._first]
            if np.isfinite(self.network.theta).all():
                self._params = self.network.params
            at, losses = zip(*self._held_out, strict=True)
            return Snapshot(
                self._status, len(self._records), *(np.array([getattr(r, n) for r in seen])
                for n in ("loss", "norm", "clipped")), seen[-1].reach, np.array(losses), np.array(at),
                self._params, self._error,
            )  # fmt: skip

    def _work(self):
        looked = time.monotonic()
        try:
            while self._one_update():
                time.sleep(BREATH)
                if time.monotonic() - looked >= REDRAW:
                    self.watch(self)
                    looked = time.monotonic()
            self.watch(self)
        except Exception as error:  # whatever it is, it must reach the page, not a log
            with self._state:
                self._status, self._error = "failed", f"{type(error).__name__}: {error}"
            self.watch(self)

    def _one_update(self):
        with self._state:
            while self._status == "paused":
                self._state.wait()
            if self._status != "running":
                return False
            step = len(self._records) + 1
            record = train_step(self.network, self.draw(), self.optimiser, self.clip, step)
            self._records.append(record)
            if step % HELD_OUT_EVERY == 0 or step == self.steps:
                self._held_out.append((step, measure(self.network, self.held_out).loss))
            if not record.finite or record.loss > GROWN * self._records[0].loss:
                self._status = "diverged"
            elif step >= self.steps:
                self._status = "finished"
            return self._status == "running"


def made_run(settings, steps, learning_rate, clip, watch):
    """A LiveRun, ready to start, for the values of NETWORK; data and initial weights come from the seed."""
    name, cell, optimiser, forget_bias, hidden_size, seed = settings
    task, T, B = TASKS[name], LENGTHS[name], FIXED.get(name, BATCH)
    weights, data, other = (np.random.default_rng([seed, k]) for k in range(3))
    network = Network(task.input_size, hidden_size, task.output_size, weights, cell, forget_bias)
    held_out, batch = task.draw(other, T, B), task.draw(data, T, B) if name in FIXED else None

    def draw():
        return task.draw(data, T, B) if batch is None else batch

    return LiveRun(network, draw, held_out, OPTIMISERS[optimiser](learning_rate), steps, clip, watch)


@lru_cache(maxsize=32)
def before_training(settings):
    """A Snapshot of a run that has not started, an input sequence (T, D), and the loss of the mean."""
    run = made_run(settings, 1, 0.01, None, None)
    answers = run.held_out.target[run.held_out.mask.astype(bool)]
    return run.snapshot(), run.held_out.x[:, 0], float(((answers - answers.mean(axis=0)) ** 2).mean())
