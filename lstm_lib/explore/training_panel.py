"""Live training: start, pause and stop a run, and change its settings meanwhile."""

import weakref
from dataclasses import replace

import numpy as np

from lstm_lib.cell.kinds import kind_of
from lstm_lib.cell.passes import forward
from lstm_lib.checks import one_of, whole_number
from lstm_lib.explore.bounds import checked_settings
from lstm_lib.explore.controls import Button, choice, listed, slider
from lstm_lib.explore.explorer import Explorer, describe
from lstm_lib.explore.goal import goal_fields
from lstm_lib.explore.training_settings import CHECKS, LEARNING_RATES, MAX_NORMS, SIZES, Training
from lstm_lib.learning.run import OPTIMISERS, Run, before_training, clamped_at_1, run_for
from lstm_lib.learning.tasks import TASKS, Task
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import amount, number, plain
from lstm_lib.views.training_svg import training_svg

UNDER_WAY = ("running", "paused")


class TrainingPanel(Explorer):
    """Train a cell on a task, and watch the loss, the gradients and the gates.

    task : a name in TASKS, or a Task of your own, which is then the only one;  steps : the number of updates of a run
    goal : a Goal, optional;  cells : names in KINDS, or kinds of your own, to choose from;  settings : initial values
    of cell, clamp (a gate that is clamped at 1, or ""), optimiser, learning_rate, max_norm, forget_bias, hidden_size
    and seed

    Learning rate and clipping act on the current run; every other change prepares a new one. A run trains in a
    thread, so other explorers keep working; it ends when the page is closed.
    """

    title = "Live training"
    history_buttons = ("Reset",)
    run = None
    presets = {
        "b_f = 0": {"task": TASKS["delayed recall"], "forget_bias": 0.0},
        "b_f = 5": {"task": TASKS["delayed recall"], "forget_bias": 5.0},
        "adding, SGD at 3": {
            "task": TASKS["adding"],
            "optimiser": "SGD",
            "learning_rate": 3.0,
            "max_norm": np.inf,
        },
    }

    def __init__(self, task="delayed recall", steps=400, goal=None, cells=("LSTM", "RNN"), **settings):
        self.cells = [kind_of(cell) for cell in cells]
        self.steps, self.goal = whole_number("steps", steps, 10, 10_000), goal
        settings = {
            name: np.inf if value is None and name == "max_norm" else value
            for name, value in settings.items()
        }
        if not isinstance(task, Task):
            task = TASKS[one_of("task", task, tuple(TASKS))]
        self.tasks = TASKS
        if task not in TASKS.values():
            self.tasks, self.presets = {task.name: task}, {}
        settings = checked_settings("TrainingPanel", settings, CHECKS)
        start = Training(task, **{"cell": self.cells[0], **settings})
        if start.cell not in self.cells:
            self.cells.append(start.cell)
        if len({kind.name for kind in self.cells}) < len({*self.cells}):
            raise ValueError(
                f"cells: expected a name of its own for each, got {[k.name for k in self.cells]}"
            )
        if start.clamp and start.clamp not in start.gates:
            raise ValueError(
                f"clamp: expected a gate of {start.cell.name}, one of {start.gates}, got {start.clamp!r}"
            )
        super().__init__(self._ready(start))

    films = property(lambda self: self.now.state.seen.status != "running")

    def controls(self, s):
        status = s.seen.status
        start = {"ready": "Start", "running": "Pause", "paused": "Resume"}.get(status, "Start again")
        rates = [plain(rate, 4) for rate in LEARNING_RATES]
        norms = ["none" if norm == np.inf else plain(norm) for norm in MAX_NORMS]
        choices = [
            choice(s, "task", self.tasks),
            choice(s, "cell", {kind.name: kind for kind in self.cells}),
            choice(s, "clamp", {"none": "", **{key: key for key in s.gates}}, "clamped at 1"),
        ]
        rows = [
            *(row for row in choices if len(row.options) > 1),
            choice(s, "optimiser", OPTIMISERS.keys()),
            listed(s, "learning_rate", LEARNING_RATES, rates, "learning rate"),
            listed(s, "max_norm", MAX_NORMS, norms, "clip at norm"),
        ]
        if s.biased:
            rows.append(slider(s, "forget_bias", s.biased, ("forget_bias",), (-6, 6), 0.5))
        return [
            *rows,
            listed(s, "hidden_size", SIZES, map(str, SIZES), "units H"),
            Button("pause" if status == "running" else "start", start, group="run", primary=True),
            Button("stop", "Stop", group="run", disabled=status not in UNDER_WAY),
            Button("other", "Other initial weights", group="run"),
        ]

    def moved(self, s, control, value):
        """A button sets the status that the run should have; `follow` then changes the run."""
        name, status = control.name, s.seen.status
        if name == "start":
            s = s if status in ("ready", "paused") else self._ready(s)
            return s.but(seen=replace(s.seen, status="running"))
        if name in ("pause", "stop"):
            return s.but(seen=replace(s.seen, status={"pause": "paused", "stop": "stopped"}[name]))
        if name == "other":
            return self._ready(s.but(seed=s.seed + 1))
        new = super().moved(s, control, value)
        if new.clamp not in new.gates:
            new = new.but(clamp="")
        return new if new.network == s.network else self._ready(new, s)

    def preset(self, s, name):
        """The preset's settings, and the defaults for all others."""
        defaults = Training(cell=self.cells[0], seed=s.seed, seen=s.seen, losses_before=s.losses_before)
        new = defaults.but(**self.presets[name])
        return self._ready(new, s) if new.network != s.network else new

    def _ready(self, s, old=None):
        """A state whose run has not started. The losses of the run before stay visible if the task is the same."""
        old, losses = old or s, s.losses_before
        if old.task != s.task:
            losses = np.zeros(0)
        elif old.seen is not None and old.seen.step:
            losses = old.seen.losses
        return s.but(seen=before_training(**s.network)[0], losses_before=losses)

    # --- the run, which is not part of the state ----------------------------------------------------------

    def follow(self, old, new):
        """Start, pause or stop the run as the state says, and take a snapshot."""
        status = new.seen.status
        if self.run is not None and (new.network != old.network or status not in UNDER_WAY):
            self.run.stop()
        if status in UNDER_WAY:
            run = self.run
            if old.seen.status not in UNDER_WAY:
                watch = weakref.WeakMethod(self.watch)  # so that the thread does not keep the panel alive
                run = run_for(steps=self.steps, learning_rate=new.learning_rate,
                              watch=lambda run: (watch() or Run.stop)(run), **new.network | {"clamp": clamped_at_1(new.clamp)})  # fmt: skip
            run.optimiser.learning_rate, run.max_norm = new.learning_rate, new.max_norm
            {"running": run.start, "paused": run.pause}[status]()
            self.run = run
            self._take_snapshot(run)
        elif status == "stopped" and old.seen.status in UNDER_WAY:
            self._take_snapshot(self.run)
        else:
            self.run = None

    def watch(self, run):
        """Called by the run's thread: show its progress, unless the run has been replaced."""
        with self.lock:
            if run is self.run:
                self._take_snapshot(run)
                self.send()

    def _take_snapshot(self, run):
        """Draw a snapshot of the run. If that fails, the run is stopped and the page says why."""
        self.now = replace(self.now, state=self.state.but(seen=run.snapshot()))
        try:
            self.view = self.look(self.now)
            if self.note:
                self.view = self.view.with_note(self.note)
        except Exception as error:  # in the run's thread, nobody else would report it
            run.stop()
            self.now = replace(self.now, state=self.state.but(seen=run.snapshot()))
            self.note = describe(error)
            self.view = self.view.with_note(self.note)

    def __del__(self):
        """The run can no longer be stopped by anyone else."""
        if self.run is not None:
            self.run.stop()

    def closed(self):
        """Stop the run: no page shows the panel any more."""
        with self.lock:
            if self.run is not None and self.state.seen.status in UNDER_WAY:
                self.run.stop()
                self._take_snapshot(self.run)

    # --- the picture --------------------------------------------------------------------------------------

    def picture(self, s, before=None):
        _, x = before_training(**s.network)
        trace = forward(s.seen.params, x, clamp=clamped_at_1(s.clamp))
        progress, settings = self._progress(s.seen), s.text
        summary = (
            f"{s.task.name}: {s.task.asks}. {settings}, seed {s.seed}; {progress}; the mean baseline's loss is "
            f"{number(s.task.mean_loss, 2)}."
        )
        svg = training_svg(s.seen, trace, s.task.mean_loss, s.max_norm, s.losses_before, f"{s.task.name} · {progress}", settings,
                           s.seen.step / self.steps, summary)  # fmt: skip
        return Picture(svg, summary, self._remark(s), **goal_fields(self.goal, s.seen))

    def _progress(self, seen):
        at = f"{seen.status} at update {seen.step} of {self.steps}"
        return f"{'not started' if seen.status == 'ready' else at}, loss {amount(seen.losses[-1])}"

    @staticmethod
    def _remark(s):
        seen = s.seen
        if seen.status == "diverged":
            return f"The run diverged at update {seen.step}: the loss is {amount(seen.losses[-1])}. " + (
                "Choose a lower learning rate or clip the gradients, then start again."
                if np.isfinite(seen.losses[0])
                else "It was no number before the first update: the cell itself overflows."
            )
        if seen.status == "ready" and s.losses_before.size:
            return "The network has changed: press Start for a new run. The losses of the run before stay for comparison."
        return f"The run failed: {seen.error}" if seen.status == "failed" else ""
