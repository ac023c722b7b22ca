"""Training, live: start it, watch it, pause it, stop it, and change its settings meanwhile."""

import weakref
from dataclasses import dataclass, field, replace

import numpy as np

from lstm_lib.cell.passes import forward
from lstm_lib.checks import finite_number, one_of, whole_number
from lstm_lib.explore.controls import Button, Range, choice, listed
from lstm_lib.explore.explorer import Explorer, describe
from lstm_lib.explore.goal import told
from lstm_lib.explore.state import State
from lstm_lib.learning.run import OPTIMISERS, Run, Snapshot, before_training, run_for
from lstm_lib.learning.tasks import TASKS, Task
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import amount, number, plain
from lstm_lib.views.training_svg import training_svg

LEARNING_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
MAX_NORMS = (0.1, 0.3, 1.0, 3.0, 10.0, np.inf)
SIZES = (1, 2, 4, 8, 16, 32)
CELLS = {"LSTM": "LSTM", "plain RNN": "RNN"}
CHOICES = {"cell": tuple(CELLS.values()), "optimiser": tuple(OPTIMISERS),
           "learning_rate": LEARNING_RATES, "max_norm": MAX_NORMS, "hidden_size": SIZES}  # fmt: skip
UNDER_WAY = ("running", "paused")
NETWORK = ("cell", "optimiser", "forget_bias", "hidden_size", "seed")
"""What, beside the task, makes another network: a change of it ends the run under way and makes a new one ready."""


@dataclass(frozen=True, eq=False)
class Training(State):
    """The settings; what was `seen` of the run when it was last looked at; the losses of the run before."""

    task: Task = TASKS["delayed recall"]
    cell: str = "LSTM"
    optimiser: str = "Adam"
    learning_rate: float = 0.01
    max_norm: float = 1.0
    forget_bias: float = 1.0
    hidden_size: int = 8
    seed: int = 0
    seen: Snapshot | None = None
    losses_before: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def network(self):
        """The settings that make the network, with the task."""
        return {"task": self.task, **{name: getattr(self, name) for name in NETWORK}}


class TrainingPanel(Explorer):
    """Train a cell, or a plain RNN, on a task, and see loss, gradients and gates as it learns.

    task : the one to begin with, a name in TASKS or a Task of your own;  steps : updates after which a run ends;  goal : a Goal, optional
    settings : any of cell, optimiser, learning_rate, max_norm, forget_bias, hidden_size and seed to begin with

    Learning rate and clipping act on a run under way; all else makes a new one ready. A run trains in a
    thread, so other explorers stay alive; it ends with its page.
    """

    title = "Training, live"
    undoes = False
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

    def __init__(self, task="delayed recall", steps=400, goal=None, **settings):
        self.steps, self.goal = whole_number("steps", steps, 10, 10_000), goal
        if "max_norm" in settings and settings["max_norm"] is None:
            settings["max_norm"] = np.inf
        self.tasks = dict(TASKS)
        if isinstance(task, Task):
            self.tasks[task.name] = task
        else:
            task = TASKS[one_of("task", task, tuple(TASKS))]
        for name, value in settings.items():
            if name in CHOICES:
                settings[name] = one_of(name, value, CHOICES[name])
            elif name == "seed":
                settings[name] = whole_number(name, value, 0)
            elif name == "forget_bias":
                settings[name] = finite_number(name, value, -6, 6)
            else:
                raise ValueError(
                    f"TrainingPanel: expected settings from {[*CHOICES, 'forget_bias', 'seed']}, got {name!r}"
                )
        super().__init__(self._ready(Training(task, **settings)))

    films = property(lambda self: self.now.state.seen.status != "running")

    def controls(self, s):
        """What is trained, how, and the run's own buttons."""
        status = s.seen.status
        go = {"ready": "Start", "running": "Pause", "paused": "Resume"}.get(status, "Start again")
        rates, clips = (
            [plain(r, 4) for r in LEARNING_RATES],
            ["none" if c == np.inf else plain(c) for c in MAX_NORMS],
        )
        rows = [
            choice("task", "task", ("task",), s.task, self.tasks),
            choice("cell", "cell", ("cell",), s.cell, CELLS),
            choice("optimiser", "optimiser", ("optimiser",), s.optimiser, list(OPTIMISERS)),
            listed(
                "learning_rate", "learning rate", ("learning_rate",), s.learning_rate, LEARNING_RATES, rates
            ),
            listed("max_norm", "clip at norm", ("max_norm",), s.max_norm, MAX_NORMS, clips),
        ]
        if s.cell == "LSTM":
            rows.append(Range("forget_bias", "initial b_f", ("forget_bias",), value=s.forget_bias, low=-6, high=6, step=0.5,
                              digits=1))  # fmt: skip
        return [
            *rows,
            listed("hidden_size", "units H", ("hidden_size",), s.hidden_size, SIZES, [str(H) for H in SIZES]),
            Button("pause" if status == "running" else "start", go, group="run", primary=True),
            Button("stop", "Stop", group="run", disabled=status not in UNDER_WAY),
            Button("other", "Other initial weights", group="run"),
        ]

    def moved(self, s, control, value):
        """A button asks for another status of the run; `follow` then sees to it."""
        name, status = control.name, s.seen.status
        if name == "start":
            s = s if status in ("ready", "paused") else self._ready(s)
            return s.but(seen=replace(s.seen, status="running"))
        if name in ("pause", "stop"):
            return s.but(seen=replace(s.seen, status={"pause": "paused", "stop": "stopped"}[name]))
        if name == "other":
            return self._ready(s.but(seed=s.seed + 1))
        new = super().moved(s, control, value)
        return new if new.network == s.network else self._ready(new, s)

    def preset(self, s, name):
        """The preset's settings, all others as at the start of a panel."""
        plain_start = Training(seed=s.seed, seen=s.seen, losses_before=s.losses_before)
        new = plain_start.but(**self.presets[name])
        return self._ready(new, s) if new.network != s.network else new

    def _ready(self, s, old=None):
        """A state whose run has not started; the losses of the run before stay as a shadow on the same task."""
        old = old or s
        shown = old.seen if old.seen is not None and old.task == s.task else None
        losses = shown.losses if shown is not None and shown.step else s.losses_before
        return s.but(
            seen=before_training(**s.network)[0], losses_before=losses if old.task == s.task else np.zeros(0)
        )

    # --- the run, which is no part of the state -----------------------------------------------------------

    def follow(self, old, new):
        """Let the run do what the state asks for, and look at what came of it."""
        status = new.seen.status
        if self.run is not None and (new.network != old.network or status not in UNDER_WAY):
            self.run.stop()
        if status in UNDER_WAY:
            run = self.run
            if old.seen.status not in UNDER_WAY:
                watch = weakref.WeakMethod(self.watch)  # the run's thread keeps no panel alive
                run = run_for(steps=self.steps, learning_rate=new.learning_rate,
                              watch=lambda run: (watch() or Run.stop)(run), **new.network)  # fmt: skip
            run.optimiser.learning_rate, run.max_norm = new.learning_rate, new.max_norm
            {"running": run.start, "paused": run.pause}[status]()
            self.run = run
            self._seen(run)
        elif status == "stopped" and old.seen.status in UNDER_WAY:
            self._seen(self.run)
        else:
            self.run = None

    def watch(self, run):
        """Called by the run's thread: show how it stands. One that was replaced is not shown any more."""
        with self.lock:
            if run is self.run:
                self._seen(run)
                self.tell()

    def _seen(self, run):
        """Look at the run. One that cannot be drawn ends, and the page says why."""
        self.now = replace(self.now, state=self.state.but(seen=run.snapshot()))
        try:
            self.view = self.look(self.now, self.note)
        except Exception as error:  # it may be the run's thread: nobody else would say it
            run.stop()
            self.now = replace(self.now, state=self.state.but(seen=run.snapshot()))
            self.note = describe(error)
            self.view = self.view.with_note(self.note)

    def __del__(self):
        """Nobody can reach the panel any more, nor stop its run."""
        if self.run is not None:
            self.run.stop()

    def left(self):
        """No page shows the panel any more: nobody could stop its run."""
        with self.lock:
            if self.run is not None and self.state.seen.status in UNDER_WAY:
                self.run.stop()
                self._seen(self.run)

    # --- the picture --------------------------------------------------------------------------------------

    def picture(self, s, before=None):
        """The run as it was last seen."""
        (_, x), mean_loss = before_training(**s.network), s.task.mean_loss
        trace = forward(s.seen.params, x)
        stands, settings = self._stands(s.seen), self._settings(s)
        summary = (
            f"{s.task.name}: {s.task.asks}. {settings}, seed {s.seed}; {stands}; the mean baseline's loss is "
            f"{number(mean_loss, 2)}."
        )
        svg = training_svg(s.seen, trace, mean_loss, s.max_norm, s.losses_before, f"{s.task.name} · {stands}", settings,
                           s.seen.step / self.steps, summary)  # fmt: skip
        return Picture(svg, summary, self._remark(s), **told(self.goal, s.seen))

    def _stands(self, seen):
        loss = f"loss {amount(seen.losses[-1])}"
        return (
            f"not started, {loss}"
            if seen.status == "ready"
            else f"{seen.status} at update {seen.step} of {self.steps}, {loss}"
        )

    @staticmethod
    def _settings(s):
        cell = f"LSTM, initial b_f = {plain(s.forget_bias)}" if s.cell == "LSTM" else "plain RNN"
        clip = "not clipped" if s.max_norm == np.inf else f"clipped at {plain(s.max_norm)}"
        units = f"{s.hidden_size} unit{'s' if s.hidden_size > 1 else ''}"
        return f"{cell}, {units}, {s.optimiser}, learning rate {plain(s.learning_rate, 4)}, {clip}"

    @staticmethod
    def _remark(s):
        seen = s.seen
        if seen.status == "diverged":
            return (
                f"The run diverged at update {seen.step}: the loss has grown to {amount(seen.losses[-1])}, so it was "
                "stopped. A lower learning rate or clipping helps; then start again."
            )
        if seen.status == "ready" and s.losses_before.size:
            return "The settings make another network: press Start for a new run beside the one before."
        return f"The run failed: {seen.error}" if seen.status == "failed" else ""
