"""Training in a thread for an explorer: one network after the other, with progress and a Stop button."""

import threading
import time
import weakref
from dataclasses import replace

from lstm_lib.explore.controls import Button
from lstm_lib.learning.run import PAUSE, REDRAW


class Trains:
    """For an explorer whose state has `training` and `progress`, besides its class: what Train and Stop do.

    The state says what should be so, `follow` makes it so; any change may set `training` to False. It defines
    jobs(s)              {key: a function that makes a Run}, in order
    done(key, network)   what is wanted of a trained network; called by the thread
    kept(s, key, result) the state with that
    under_way(key, step) progress in words
    """

    run = None
    films = property(lambda self: not self.now.state.training)

    def train_button(self, s, label, disabled=False):
        """Train, or Stop while it trains."""
        if s.training:
            return Button("stop", "Stop", group="run", primary=True)
        return Button("train", label, group="run", primary=True, disabled=disabled)

    def moved(self, s, control, value):
        """Train and Stop."""
        if control.name in ("train", "stop"):
            return s.but(training=control.name == "train", progress="")
        return super().moved(s, control, value)

    def follow(self, old, new):
        """Start or stop the training."""
        if new.training == old.training:
            return
        self._stop()
        if new.training:
            watch = weakref.WeakMethod(self.watch)  # so that the thread does not keep the explorer alive
            self.run = Trainer(self.jobs(new), lambda *seen: (watch() or (lambda *_: None))(*seen))
            self.run.thread.start()

    def watch(self, trainer, key, step, network):
        """Called by the thread: progress, or a trained network (and None for `key` at the end)."""
        result = None if network is None else self.done(key, network)
        with self.lock:
            s = self.state
            if trainer is not self.run:
                return
            if key is None:
                new, self.run = s.but(training=False, progress=""), None
            elif network is None:
                new = s.but(progress=self.under_way(key, step))
            else:
                new = self.kept(s, key, result)
            now = replace(self.now, state=new)
            self.view, self.now = self.look(now), now
            self.send()

    def closed(self):
        """No page shows the explorer any more: stop."""
        with self.lock:
            if self.run is not None:
                self._stop()
                self.now = replace(self.now, state=self.state.but(training=False, progress=""))
                self.view = self.look(self.now)

    def _stop(self):
        if self.run is not None:
            self.run.stop()
            self.run = None

    def __del__(self):
        self._stop()


class Trainer:
    """The thread of `Trains`; watch(trainer, key, step, network) hears of it."""

    def __init__(self, jobs, watch):
        self.jobs, self.watch, self.stopped = jobs, watch, False
        self.thread = threading.Thread(target=self._work, name="training", daemon=True)

    def stop(self):
        self.stopped = True

    def join(self, timeout=None):
        """Wait for the end; whether it has ended."""
        self.thread.join(timeout)
        return not self.thread.is_alive()

    def _work(self):
        for key, make in self.jobs.items():
            run, looked = make(), 0.0
            for record in run:
                if self.stopped:
                    return
                time.sleep(PAUSE)
                if time.monotonic() - looked >= REDRAW:
                    self.watch(self, key, record.step, None)
                    looked = time.monotonic()
            self.watch(self, key, run.steps, run.network)
        self.watch(self, None, 0, None)
