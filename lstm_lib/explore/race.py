"""A race of kinds of cell over several tasks: stored starts, and live ones beside them."""

from dataclasses import dataclass, field

import numpy as np

from lstm_lib.cell.kinds import KINDS
from lstm_lib.checks import one_of
from lstm_lib.explore.controls import Whole, choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.explore.trainer import Trains
from lstm_lib.learning.race import RACES, SOLVED_BELOW, errors, exact_test, race_in
from lstm_lib.learning.stored import run_of, unexplained
from lstm_lib.learning.tasks import TASKS
from lstm_lib.views.picture import Picture
from lstm_lib.views.race_svg import race_svg
from lstm_lib.views.theme import amount

STARTS = 40
"""Live starts have numbers below this; those that are stored as well repeat them."""


@dataclass(frozen=True, eq=False)
class Racing(State):
    """The task, two arms that are compared, the start to train, the errors of live starts, and how far training is."""

    task: str
    first: str
    second: str
    start: int = 0
    live: dict = field(default_factory=dict)
    training: bool = False
    progress: str = ""

    @property
    def key(self):
        """The name of the live run."""
        return f"{self.task}|{self.first}|{self.start}"


class Race(Trains, Explorer):
    """Kinds of cell in one task, a dot per start, and an exact test of two of them.

    task : one of RACES;  first, second : names in the stored table;  start : the number of the initial weights and sequences that Train uses
    """

    title = "A race"
    history_buttons = ("Reset",)

    def __init__(self, task="adding", first="LSTM", second="", start=0):
        second = second or next(arm for arm in arms() if arm != first)
        for name, value, known in (
            ("task", task, RACES),
            ("first", first, arms()),
            ("second", second, arms()),
        ):
            one_of(name, value, tuple(known))
        super().__init__(Racing(task, first, second, one_of("start", start, range(STARTS))))

    def controls(self, s):
        return [
            choice(s, "task", RACES),
            choice(s, "first", arms(), "train, compare"),
            choice(s, "second", arms(), "with"),
            Whole("start", "start", ("start",), value=s.start, high=STARTS - 1),
            self.train_button(s, "Train this start", disabled=s.key in s.live),
        ]

    def moved(self, s, control, value):
        """Any move but Train ends the training."""
        return super().moved(s, control, value).but(training=control.name == "train", progress="")

    def reset(self, s):
        """What was trained is kept."""
        return self.start.but(live=dict(s.live))

    # --- what is shown ---------------------------------------------------------------------------------------

    def picture(self, s, before=None):
        """All arms of the task; the exact test counts stored starts alone."""
        budget, rows, solved = race_in(s.task).settings, {}, {}
        for arm in arms():
            stored = errors(race_in(s.task)).get(arm, np.zeros(0))
            live = np.array([float(v) for key, v in s.live.items() if key.startswith(f"{s.task}|{arm}|")])
            solved[arm] = int((stored < SOLVED_BELOW).sum()), len(stored)
            words = "{} of {} solved".format(*solved[arm]) if len(stored) else "not stored"
            rows[arm] = stored, live, words
        (k, n), (m, other) = solved[s.first], solved[s.second]
        counts = (
            f"{name} {KINDS[name.split(', ')[0]].count(TASKS[s.task].input_size, budget['hidden_size'])}"
            for name in dict.fromkeys((s.first, s.second))
        )
        test = f"{s.first} {k} of {n}, {s.second} {m} of {other}"
        if s.first == s.second:
            verdict = "choose two to compare"
        elif not (n and other):
            verdict = "one of them is not stored"
        else:
            p = exact_test(k, n, m, other)
            verdict = f"exact test p = {amount(p)}" + (": no sign of a difference" if p > 0.5 else "")
        stored, trained = rows[s.first][0], s.live.get(s.key)
        now = f"start {s.start} of {s.first}: " + (
            f"stored {amount(stored[s.start])}" if s.start < len(stored) else "not stored"
        )
        now += ", not trained here" if trained is None else f", trained here {amount(float(trained))}"
        notes = (
            f"{test}: {verdict}",
            f"{budget['hidden_size']} units, {budget['updates']} updates of 32 × {budget['T']} steps, "
            f"tested on {budget['tested'][0][0]} steps; parameters: {', '.join(counts)}",
            now,
        )
        summary = f"{s.task}: {TASKS[s.task].asks}. {'. '.join(notes)}."
        remark = f"Training: {s.progress or 'starting'}. Stop ends it." if s.training else ""
        svg = race_svg(
            rows,
            (s.first, s.second),
            SOLVED_BELOW,
            f"{s.task} · {TASKS[s.task].asks}",
            notes,
            self.title,
            summary,
        )
        return Picture(svg, summary, remark)

    # --- training, which is not part of the state ------------------------------------------------------------

    def jobs(self, s):
        """The start that is chosen."""
        had = race_in("adding").arms[s.first].settings
        arm = {name: had[name] for name in ("cell", "initialise") if name in had}
        return {s.key: lambda: run_of(race_in(s.task).settings | arm, s.start)}

    def under_way(self, key, step):
        return f"update {step} of {race_in(key.split('|')[0]).settings['updates']}"

    def done(self, key, network):
        return next(iter(unexplained(network, race_in(key.split("|")[0]).settings).values()))

    def kept(self, s, key, error):
        return s.but(live=dict(s.live) | {key: float(f"{error:.3g}")})


def arms():
    """The names of what races."""
    return list(race_in("adding").arms)
