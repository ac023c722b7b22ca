"""Training, live: start it, watch it, pause it, stop it, and change its settings meanwhile."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np

from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.live_run import LiveRun
from lstm_lib.explore.remarks import note
from lstm_lib.explore.training_settings import (
    BATCH,
    BEGIN,
    CLIPS,
    FIXED,
    LENGTHS,
    NETWORK,
    OPTIMISERS,
    RATES,
    SIZES,
    checked,
)
from lstm_lib.network import Network
from lstm_lib.rnn import rnn_forward
from lstm_lib.sequence import lstm_forward
from lstm_lib.tasks import TASKS
from lstm_lib.validation import whole_number
from lstm_lib.views.theme import amount, number, plain
from lstm_lib.views.training_svg import training_svg

__all__ = ["TrainingPanel"]


class TrainingPanel(Explorer):
    """Train a cell, or a plain RNN, on a task, and see loss, gradients and gates as it learns.

    task : the one to begin with;  steps : updates after which a run ends
    settings : any of cell, optimiser, rate, clip, forget_bias, hidden_size and seed to begin with

    Learning rate and clipping act on a run under way; all else begins a new one. Data and first weights
    come from `seed`. A run trains in a thread, so other explorers stay alive.
    """

    title = "Training, live"
    label_width = "7em"
    _run = None
    presets = {
        "forgets at once": {"task": "delayed recall", **BEGIN, "forget_bias": 0.0},
        "remembers": {"task": "delayed recall", **BEGIN, "forget_bias": 5.0},
        "rate too high": {"task": "adding", **BEGIN, "optimiser": "SGD", "rate": 3.0, "clip": np.inf},
    }

    def __init__(self, task="delayed recall", steps=400, **settings):
        self.steps = whole_number("steps", steps, 10, 10_000)
        state = checked(task, settings)
        self._key = self._before = None
        super().__init__(state)

    def build(self):
        """What is trained, how, and the run's own buttons."""
        self.add_buttons("task", list(TASKS), lambda s: s["task"], lambda s, value: s.update(task=value))
        self.add_buttons("cell", [("LSTM", "lstm"), ("plain RNN", "rnn")], lambda s: s["cell"],
                         lambda s, value: s.update(cell=value))  # fmt: skip
        self.add_buttons("optimiser", list(OPTIMISERS), lambda s: s["optimiser"],
                         lambda s, value: s.update(optimiser=value))  # fmt: skip
        self.add_choice_slider([(plain(r, 4), r) for r in RATES], lambda s: s["rate"],
                               lambda s, value: s.update(rate=value), "learning rate")  # fmt: skip
        self.add_choice_slider([("none" if c == np.inf else plain(c), c) for c in CLIPS], lambda s: s["clip"],
                               lambda s, value: s.update(clip=value), "clip at")  # fmt: skip
        self.add_slider(-6, 6, 0.5, lambda s: s["forget_bias"], lambda s, value: s.update(forget_bias=value),
                        lambda s: "first b_f", format=".1f", when=lambda s: s["cell"] == "lstm")  # fmt: skip
        self.add_choice_slider([(str(H), H) for H in SIZES], lambda s: s["hidden_size"],
                               lambda s, value: s.update(hidden_size=value), "units H")  # fmt: skip
        self._add_run_buttons()

    def _add_run_buttons(self):
        for label, icon, act in (("Start", "play", self.go), ("Stop", "stop", self.stop)):
            self.buttons[label] = widgets.Button(description=label, icon=icon)
            self.buttons[label].on_click(lambda _, act=act: act())
        self.buttons["Start"].button_style = "primary"
        other = widgets.Button(description="Other first weights", icon="random")
        other.on_click(lambda _: self.move(lambda state: state.update(seed=state["seed"] + 1)))
        self.buttons["Other first weights"] = other
        self._rows.append(
            widgets.Box([self.buttons["Start"], self.buttons["Stop"], other]).add_class("lstm-row")
        )
        self.progress = widgets.IntProgress(min=0, max=self.steps, description="", layout={"width": "100%"})
        self._rows.append(self.progress)

    # --- the run ------------------------------------------------------------------------------------

    @property
    def run(self):
        """The LiveRun in sight."""
        return self._run

    def go(self):
        """Start; or pause what runs; or go on after a pause; or begin anew after an end."""
        with self._lock:
            if self._run.status == "running":
                self._run.pause()
            else:
                if self._run.status not in ("ready", "paused"):
                    self._renew(self.state)
                self._run.start()
            self.move(lambda state: None)

    def stop(self):
        """End the run; its curves stay until the next."""
        with self._lock:
            if self._run.status in ("running", "paused"):
                self._run.stop()
            self.move(lambda state: None)

    def apply(self, preset):
        """Press a preset's button, or "Reset", which also ends the run and clears its curves."""
        with self._lock:
            if preset == "Reset":
                self._run.stop()
                self._key = self._before = None
            super().apply(preset)

    def _renew(self, s):
        """A new network and run for the settings in `s`; the curve of the one before stays as a shadow."""
        task, T = TASKS[s["task"]], LENGTHS[s["task"]]
        first, data, other = (np.random.default_rng([s["seed"], k]) for k in range(3))
        network = Network(
            task.input_size, s["hidden_size"], task.output_size, first, s["cell"], s["forget_bias"]
        )
        B = FIXED.get(task.name, BATCH)
        held_out = task.draw(other, T, B)
        draw = lambda: task.draw(data, T, B)  # noqa: E731
        if task.name in FIXED:
            batch = draw()
            draw = lambda: batch  # noqa: E731
        run = LiveRun(
            network, draw, held_out, OPTIMISERS[s["optimiser"]](s["rate"]), self.steps, s["clip"], self._watch
        )
        if self._run is not None:
            self._run.stop()
            before = self._run.snapshot()
            same_task = self._key is not None and self._key[0] == s["task"]
            self._before = before.losses if before.step and same_task else self._before if same_task else None
        self._run, self._key = run, tuple(s[name] for name in NETWORK)
        wanted = held_out.target[held_out.mask.astype(bool)]
        self._chance = float(((wanted - wanted.mean(axis=0)) ** 2).mean())

    def _watch(self, run):
        with self._lock:
            if run is self._run:  # one that was replaced may still make its last update
                try:
                    self._redraw()  # and no more: the controls are the learner's
                    self._follow()
                except Exception as error:  # it must reach the page, not a log
                    run.stop()
                    self.notice.value = note(
                        f"The picture could not be drawn: {type(error).__name__}: {error}"
                    )

    # --- the picture --------------------------------------------------------------------------------

    def draw(self):
        """The run as it stands; a run that the settings no longer fit is replaced first."""
        s = self.state
        if self._key != tuple(s[name] for name in NETWORK):
            self._renew(s)
        self._run.optimiser.rate, self._run.clip = s["rate"], s["clip"]
        seen = self._run.snapshot()
        if seen.params is not None:
            forward = lstm_forward if s["cell"] == "lstm" else rnn_forward
            self._trace = forward(seen.params, self._run.held_out.x[:, 0])
        headline = f"{s['task']} · {_told(seen, self.steps)}"
        settings = self._settings(s)
        summary = (
            f"{s['task']}: {TASKS[s['task']].asks}. {settings}, seed {s['seed']}; {_told(seen, self.steps)}; "
            f"answering the mean gives {number(self._chance, 2)}."
        )
        svg = training_svg(
            seen, self._trace, self._chance, s["clip"], self._before, headline, settings, summary
        )
        return svg, summary

    @staticmethod
    def _settings(s):
        cell = f"LSTM, first b_f = {plain(s['forget_bias'])}" if s["cell"] == "lstm" else "plain RNN"
        clip = "not clipped" if s["clip"] == np.inf else f"clipped at {plain(s['clip'])}"
        units = f"{s['hidden_size']} unit{'s' if s['hidden_size'] > 1 else ''}"
        return f"{cell}, {units}, {s['optimiser']} at rate {plain(s['rate'], 4)}, {clip}"

    def remark(self):
        """What a run that ended badly wants to be known."""
        seen = self._run.snapshot()
        if seen.status == "diverged":
            return (
                f"The run diverged at update {seen.step}: the loss has grown to {amount(seen.losses[-1])}, so it "
                "was stopped. A lower rate or clipping helps; then start again."
            )
        return f"The run failed: {seen.error}" if seen.status == "failed" else ""

    def _show(self):
        super()._show()
        self._follow()

    def _follow(self):
        """Let buttons and progress bar say how the run stands."""
        status = self._run.status
        begin = self.buttons["Start"]
        begin.description, begin.icon = {"running": ("Pause", "pause"), "paused": ("Go on", "play")}.get(
            status, ("Start", "play")
        )
        self.buttons["Stop"].disabled = self.locked or status not in ("running", "paused")
        self.progress.value = self._run.snapshot().step
        self.progress.bar_style = {"finished": "success", "diverged": "danger", "failed": "danger"}.get(
            status, "info"
        )

    def lock(self, locked=True):
        """Disable (or enable) every control; a run under way goes on."""
        with self._lock:
            super().lock(locked)
            self._follow()

    def close(self):
        """Close the widget, and end its run."""
        if self._run is not None:
            self._run.stop()
        super().close()

    def speaks(self):
        """While it runs the summary changes too often to be read out."""
        return self._run is None or self._run.status != "running"


def _told(seen, steps):
    loss = f"loss {amount(seen.losses[-1])}"
    if seen.status == "ready":
        return f"not started, {loss}"
    return f"{seen.status} at update {seen.step} of {steps}, {loss}"
