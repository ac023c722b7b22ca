"""A moving origin whose network is trained on the spot: other noise, windows, initial weights, and a learner's own series."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from lstm_lib.cell.params import frozen
from lstm_lib.checks import one_of, whole_number
from lstm_lib.explore.bounds import checked_settings
from lstm_lib.explore.controls import Button, choice, listed
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.moving_origin import MovingOrigin
from lstm_lib.explore.origin_state import CHECKS, VIEWS, WINDOW, Origin
from lstm_lib.explore.trainer import Trains
from lstm_lib.learning.example_series import EXAMPLES, ExampleSeries, example_series, henon, trend_and_sine
from lstm_lib.learning.forecast import BLOCKS, cuts, regular_part
from lstm_lib.learning.lstm_forecast import lstm_run

NOISE = {"trend and sine": (2.0, 0.0, 0.5, 1.0, 4.0), "Hénon": (0.0, 0.02, 0.05, 0.1, 0.2)}
"""The first is that of the stored networks."""

WINDOWS, STEPS = (10, 20, 50, 100), 400


@dataclass(frozen=True, eq=False)
class Trained(Origin):
    """And what needs training: noise, window and start; the networks trained so far; how far training is."""

    noise: float = 2.0
    window: int = WINDOW
    start: int = 0
    sliders: str = "judge"
    thetas: dict = field(default_factory=dict)
    training: bool = False
    progress: str = ""

    def key(self, cut):
        """The name of the network for a cut."""
        return f"{self.data}|{self.view}|{self.noise:g}|{self.window}|{self.start}|{cut}"


RETRAINS = ("data", "view", "noise", "window", "start")


class ForecastPanel(Trains, MovingOrigin):
    """MovingOrigin with training: what a change of noise, window, initial weights or series does to the LSTM.

    data : one of EXAMPLES, or an ExampleSeries, such as `own_series` returns;  steps : updates of each run
    The LSTM's curve is shown only for settings it was trained with. Train starts at this cut and goes on to the others.
    """

    title = "Train and forecast"
    history_buttons = ("Reset",)
    presets = {name: MovingOrigin.presets[name] for name in ("beside persistence", "same help")}

    def __init__(self, data="trend and sine", steps=STEPS, **settings):
        self.own = data if isinstance(data, ExampleSeries) else None
        if isinstance(data, tuple | list | np.ndarray):
            raise ValueError(
                f"data: expected a series, as in own, remarks = own_series(…), got {type(data).__name__}"
            )
        if self.own is None:
            one_of("data", data, EXAMPLES)
        elif cuts(len(data))[0] < 30:
            raise ValueError(f"data: expected a series of at least 40 values, got {len(data)}")
        self.steps = whole_number("steps", steps, 10, 10_000)
        name = self.own.name if self.own else data
        seeing = {name: check for name, check in CHECKS.items() if name != "blind"}
        settings = checked_settings("ForecastPanel", settings, seeing)
        Explorer.__init__(self, self.possible(Trained(name, noise=NOISE.get(name, (0.0,))[0], **settings)))

    # --- what is shown ------------------------------------------------------------------------------------------

    def series(self, s):
        if self.own and s.data == self.own.name:
            return self.own
        return noisy(s.data, s.noise)

    def network(self, s, cut):
        stored = (
            s.noise == NOISE.get(s.data, (0.0,))[0]
            and s.window == WINDOW
            and not s.start
            and self.steps == STEPS
        )
        if stored and not (self.own and s.data == self.own.name):
            return super().network(s, cut)
        theta = s.thetas.get(s.key(cut))
        return None if theta is None else (theta, s.window)

    def lstm_name(self, s):
        window = min(s.window, cuts(len(self.series(s)))[s.cut] - 2)  # as `fitting_window`
        return f"LSTM ({s.view}, window {window}, start {s.start})"

    def options(self):
        return ({self.own.name: self.own.name} if self.own else {}) | super().options()

    def untrained(self, s):
        """The cuts without a network, this one first."""
        return [k for k in (s.cut, *range(BLOCKS)) if self.network(s, k) is None]

    def controls(self, s):
        """What acts at once (judge), or what needs training (train)."""
        live = [c for c in super().controls(s) if c.name != "blind"]
        rows = [choice(s, "sliders", ("judge", "train"))]
        if s.sliders == "judge":
            rows += live
        else:
            rows += [c for c in live if c.name in ("data", "cut", "view")]
            if s.data in NOISE:
                levels = sorted(NOISE[s.data])
                rows.append(listed(s, "noise", levels, [f"{level:g}" for level in levels]))
            rows.append(listed(s, "window", WINDOWS, map(str, WINDOWS)))
        train = self.train_button(s, "Train", disabled=not self.untrained(s))
        return [*rows, train, Button("other", "Other initial weights", group="run")]

    def moved(self, s, control, value):
        """A change that needs training stops it."""
        new = s.but(start=s.start + 1) if control.name == "other" else super().moved(s, control, value)
        if new.data != s.data:
            new = new.but(noise=NOISE.get(new.data, (0.0,))[0])
        return (
            new.but(training=False, progress="")
            if any(getattr(new, n) != getattr(s, n) for n in RETRAINS)
            else new
        )

    def preset(self, s, name):
        new = super().preset(s, name)
        return new.but(training=False, progress="") if new.view != s.view else new

    def reset(self, s):
        """What was trained is kept."""
        return self.start.but(thetas=dict(s.thetas))

    def _remark(self, s):
        if s.training:
            return (f"Training: {s.progress or 'starting'}. Stop ends it.",)
        if self.untrained(s):
            return (
                "The LSTM is not trained for these settings: press Train. (The baseline is fitted at once.)",
            )
        return ()

    # --- training, which is not part of the state ---------------------------------------------------------------

    def jobs(self, s):
        """{cut: a function that makes its Run}."""
        values, ends = self.series(s).values, cuts(len(self.series(s)))

        def job(cut):
            train = values[:cut]
            if s.view == VIEWS[1]:
                train = train - regular_part()(train)(train, np.zeros(1, int), cut)[0]
            return lambda: lstm_run(train, s.start, window=s.window, steps=self.steps)

        return {k: job(ends[k]) for k in dict.fromkeys(self.untrained(s))}

    def under_way(self, cut, step):
        return f"cut {cut + 1} of {BLOCKS}, update {step} of {self.steps}"

    def done(self, cut, network):
        return network.theta.copy()

    def kept(self, s, cut, theta):
        return s.but(thetas=dict(s.thetas) | {s.key(cut): theta})


@lru_cache(maxsize=32)
def noisy(name, noise):
    """The example series with this noise; the real ones as they are."""
    usual, rng = example_series(name), np.random.default_rng(0)
    if name not in NOISE or noise == NOISE[name][0]:
        return usual
    make = trend_and_sine if name in EXAMPLES[:1] else henon
    return replace(usual, values=frozen(make(len(usual), rng, noise)))
