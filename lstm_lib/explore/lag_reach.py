"""Which lag does a cell learn? Stored runs as a grid of cells × lags; each of them can be run again."""

from dataclasses import dataclass, replace
from functools import cache

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.kinds import kind_of
from lstm_lib.cell.memory import half_life
from lstm_lib.checks import one_of, whole_number
from lstm_lib.explore.controls import Button, Whole, listed
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.training_panel import UNDER_WAY, TrainingPanel
from lstm_lib.explore.training_settings import Training
from lstm_lib.learning.recall import FRESH, SOLVED, recall_task, share_right
from lstm_lib.learning.stored import study
from lstm_lib.views.lag_grid_svg import lag_grid_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import amount, number, percent

GRID, LAGS = study("lag_grid"), (10, 25, 50, 100, 200)
ROWS = [name.removesuffix(", lag 10") for name in GRID.arms if name.endswith(", lag 10")]


@dataclass(frozen=True, eq=False)
class LagRun(Training):
    """The chosen row of the grid and lag; `right`, the share of fresh sequences that the finished run answers right."""

    row: str = "LSTM, b_f = 1"
    lag: int = 25
    right: float | None = None

    def chosen(self, **changes):
        """The state with a row, a lag or a seed changed, and the settings that belong to them."""
        chosen = {"row": self.row, "lag": self.lag, "seed": self.seed, **changes}
        had = GRID.arms[f"{chosen['row']}, lag {chosen['lag']}"].settings
        settings = {
            name: had[name]
            for name in ("hidden_size", "learning_rate", "max_norm", "forget_bias")
            if name in had
        }
        cell = kind_of(had.get("cell", "LSTM"))
        return LagRun(_task(chosen["lag"]), **settings | {"cell": cell}, **chosen)


class LagReach(TrainingPanel):
    """Choose an initial b_f, or a network without gates, and a lag; see how many stored starts solved it, and run one.

    row : one of ROWS;  lag : one of LAGS;  seed : which start
    """

    title = "Which lag is learned"
    presets = {}

    def __init__(self, row="LSTM, b_f = 1", lag=25, seed=0):
        one_of("row", row, ROWS), one_of("lag", lag, LAGS)
        self.steps, self.starts = (GRID.settings[name] for name in ("updates", "starts"))
        seed = whole_number("seed", seed, 0, self.starts - 1)
        Explorer.__init__(self, self._ready(LagRun().chosen(row=row, lag=lag, seed=seed)))

    def controls(self, s):
        status = s.seen.status
        start = {"ready": "Run it", "running": "Pause", "paused": "Resume"}.get(status, "Run it again")
        return [
            listed(s, "row", ROWS, ROWS, "row"),
            listed(s, "lag", LAGS, map(str, LAGS)),
            Whole("seed", "start", ("seed",), value=s.seed, high=self.starts - 1),
            Button("pause" if status == "running" else "start", start, group="run", primary=True),
            Button("stop", "Stop", group="run", disabled=status not in UNDER_WAY),
        ]

    def moved(self, s, control, value):
        if control.name in ("row", "lag", "seed"):
            return self._ready(s.chosen(**{control.name: value}))
        return super().moved(s, control, value)

    def _ready(self, s, old=None):
        return super()._ready(s, old).but(right=None)

    def _take_snapshot(self, run):
        """The last one also says how many fresh sequences are answered right."""
        if run.status == "finished":
            right = share_right(run.network, self.state.lag)
            self.now = replace(self.now, state=self.state.but(right=right))
        super()._take_snapshot(run)

    def right(self, row, lag):
        """For each stored start, the share of fresh sequences that it answers right."""
        return GRID.arms[f"{row}, lag {lag}"].right[lag]

    def solved(self, row, lag):
        """For each stored start, whether it solved the lag."""
        return self.right(row, lag) >= SOLVED

    def picture(self, s, before=None):
        grid = {
            _named(row): {lag: (int(self.solved(row, lag).sum()), self.starts) for lag in LAGS}
            for row in ROWS
        }
        k, n = grid[_named(s.row)][s.lag]
        stored = self.right(s.row, s.lag)[s.seed]
        verdict = {True: "solved", False: "not solved"}
        said = f"stored: {percent(stored)} right, {verdict[stored >= SOLVED]}"
        run = f"start {s.seed}, {self._progress(s.seen)}"
        if s.right is not None:
            run += f", {percent(s.right)} of {FRESH} fresh sequences right: {verdict[s.right >= SOLVED]}"
        summary = (
            f"{_named(s.row)}, lag {s.lag}: after {self.steps} updates, {k} of {n} starts have solved it "
            f"(at least {percent(SOLVED)} of {FRESH} fresh sequences right). This run: {run} ({said})."
        )
        losses = s.seen.losses, s.seen.held_out, s.seen.held_out_at, self.steps
        svg = lag_grid_svg(grid, (_named(s.row), s.lag), self.solved(s.row, s.lag), s.seed, losses, s.task.mean_loss,
                           (run, said), summary)  # fmt: skip
        return Picture(svg, summary, self._remark(s))

    @staticmethod
    def _remark(s):
        return "" if s.seen.status == "ready" else TrainingPanel._remark(s)

    def _progress(self, seen):
        at = (
            "not run yet"
            if seen.status == "ready"
            else f"{seen.status} at update {seen.step} of {self.steps}"
        )
        return f"{at}, loss {amount(seen.losses[-1])}"


@cache
def _task(lag):
    return recall_task(lag)


@cache
def _named(row):
    """The row's name, with the half-life that its b_f gives at zero input."""
    b_f = GRID.arms[f"{row}, lag 10"].settings.get("forget_bias")
    return row if b_f is None else f"{row}, half-life {number(half_life(float(sigmoid(b_f))), 1)}"
