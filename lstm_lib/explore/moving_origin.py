"""A cut between training part and test moves through a series: an LSTM's forecast beside a baseline's."""

import zlib
from dataclasses import fields

import numpy as np

from lstm_lib.checks import one_of
from lstm_lib.explore.bounds import checked_settings
from lstm_lib.explore.controls import Choice, Listed, Switch, Whole, choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.forecast_curves import baseline_curve, network_curve
from lstm_lib.explore.origin_state import (
    AHEAD,
    BASELINES,
    CHECKS,
    HORIZON,
    LAGS,
    LAGS_SQUARED,
    NAMES,
    VIEWS,
    WINDOW,
    Origin,
)
from lstm_lib.learning.example_series import EXAMPLES, example_series
from lstm_lib.learning.forecast import BLOCKS, cuts, mase, rmse
from lstm_lib.learning.stored import study
from lstm_lib.views.origin_svg import origin_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import amount

DIVERGES = "The baseline diverges: its forecasts are fed back and leave the range of the series."


class MovingOrigin(Explorer):
    """Move the cut: an LSTM and a baseline are fitted before it, and judged on the block after it.

    data : one of EXAMPLES;  cut : 0 to 4;  view : "raw" or "detrended", what the LSTM reads;  ahead, h : one of AHEAD, and h
    baseline : one of BASELINES;  lags, squares : of the autoregression;  detrended, season : of it and of the mean
    blind : whether the names of the curves are hidden
    """

    title = "A moving origin"
    usual = {"ahead": AHEAD[0], "h": 1, "blind": False, "guess": ""}
    presets = {
        "beside persistence": usual | {"baseline": "persistence"},
        "same help": usual
        | {"baseline": "AR", "lags": 10, "squares": False, "season": False}
        | {"detrended": True, "view": "detrended"},
        "which is which?": usual | {"blind": True},
    }

    def __init__(self, data="trend and sine", **settings):
        one_of("data", data, EXAMPLES)
        super().__init__(self.possible(Origin(data, **checked_settings("MovingOrigin", settings, CHECKS))))

    # --- what is shown ------------------------------------------------------------------------------------------

    def series(self, s):
        """The ExampleSeries of a state."""
        return example_series(s.data)

    def network(self, s, cut):
        """(θ, window) of the network for these settings, or None if there is none."""
        return study("moving_origin").network(f"{s.data}, {s.view}, cut {cut}").theta, WINDOW

    def options(self):
        """{text: series} to choose from."""
        return {NAMES.get(name, name): name for name in EXAMPLES}

    def controls(self, s):
        """Series, cut, what the LSTM reads, how far ahead; the baseline and its help; blind mode."""
        ends = cuts(len(self.series(s)))
        where = tuple(map(str, ends[:-1]))
        rows = [
            choice(s, "data", self.options(), "series"),
            Listed(
                "cut",
                "cut before",
                ("cut",),
                value=s.cut,
                high=BLOCKS - 1,
                values=tuple(range(BLOCKS)),
                texts=where,
            ),
            choice(s, "view", VIEWS, "the LSTM reads"),
            choice(s, "ahead", AHEAD, "forecast"),
        ]
        if s.ahead == AHEAD[0]:
            rows.append(Whole("h", "h", ("h",), value=s.h, low=1, high=HORIZON))
        there = [name for name in BASELINES if name != "seasonal naive" or self.period(s)]
        rows.append(choice(s, "baseline", there))
        if s.baseline == "AR":
            rows.append(Whole("lags", "lags", ("lags",), value=s.lags, low=1, high=self.most_lags(s)))
        if s.baseline in ("AR", "mean"):
            names = [
                "detrended",
                *(["season"] if self.period(s) else []),
                *(["squares"] if s.baseline == "AR" else []),
            ]
            rows += [Switch(name, name, (name,), "help", value=getattr(s, name)) for name in names]
        rows.append(Switch("blind", "blind: hide the names", ("blind",), value=s.blind))
        if s.blind:
            at = {"A": 0, "B": 1}.get(s.guess, -1)
            rows.append(
                Choice("guess", "the LSTM is", ("guess",), value=at, options=("A", "B"), values=("A", "B"))
            )
        return rows

    def place(self, s, t):
        """The date of step t, or t."""
        dates = self.series(s).dates
        return dates[t] if dates else t

    def period(self, s):
        """The period in steps, if the training part has two of it."""
        period = self.series(s).period
        return period if period and cuts(len(self.series(s)))[0] >= 2 * period else None

    def most_lags(self, s):
        return LAGS_SQUARED if s.squares else min(LAGS, cuts(len(self.series(s)))[0] // 3)

    def moved(self, s, control, value):
        """A guess is about the picture that is shown; another series may have no season and fewer lags."""
        new = super().moved(s, control, value)
        return self.possible(new if control.name == "guess" else new.but(guess=""))

    def preset(self, s, name):
        return self.possible(super().preset(s, name))

    def possible(self, s):
        """The state with what its series has no room for left out."""
        if not self.period(s):
            s = s.but(season=False, baseline="persistence" if s.baseline == "seasonal naive" else s.baseline)
        return s.but(lags=min(s.lags, self.most_lags(s)))

    # --- forecasts ----------------------------------------------------------------------------------------------

    def forecasts(self, s, k):
        """(forecast of the LSTM, or None; of the baseline; truth) of the block after cut k."""
        series, (cut, end) = self.series(s), cuts(len(self.series(s)))[k : k + 2]
        found, ours = self.network(s, k), None
        if found is not None:
            theta, window = found
            ours = network_curve(series, cut, end, s.view, window, theta.tobytes(), s.steps)
        return ours, baseline_curve(series, cut, end, s.help, self.period(s), s.steps), series.values[cut:end]

    def picture(self, s, before=None):
        series, ends = self.series(s), cuts(len(self.series(s)))
        cut, end = ends[s.cut : s.cut + 2]
        pairs = []
        for k in range(s.cut + 1):
            ours, theirs, truth = self.forecasts(s, k)
            pairs.append(None if ours is None else (rmse(ours - truth), rmse(theirs - truth)))
        hidden = s.blind and not s.guess
        name, curves = self.baseline_name(s), {"LSTM": ours, "baseline": theirs}
        if s.blind:
            curves = dict(
                zip("AB", (ours, theirs) if self.lstm_is(s) == "A" else (theirs, ours), strict=True)
            )
        ahead = f"{s.h} step{'s' * (s.h > 1)} ahead" if s.steps else "rolled out from the cut"
        what = f"{series.unit or NAMES.get(s.data, s.data)}, {ahead}"
        who = "A and B" if hidden else f"{self.lstm_name(s)} and {name}"
        scores = (
            "said after your guess"
            if hidden
            else " and ".join(
                f"{label} {self._score(f, truth, series.values[:cut])}"
                for label, f in curves.items()
                if f is not None
            )
        )
        caption = f"RMSE (MASE) on steps {cut} to {end - 1}: {scores}"
        words = f"{what}: {who}. Cut {s.cut + 1} of {BLOCKS}, before {self.place(s, cut)}. {caption}. {'' if hidden else self._tally_words(pairs)}"
        svg = origin_svg(
            series.values,
            cut,
            end,
            curves,
            (what, who),
            caption,
            (BLOCKS, None if hidden else pairs),
            s.blind,
            words.strip(),
        )
        remark = self._remark(s)
        if not hidden and np.abs(theirs - series.values.mean()).max() > 10 * np.ptp(series.values):
            remark = (" ".join([DIVERGES, *remark[:1]]), *remark[1:])
        return Picture(svg, words.strip(), *remark)

    def lstm_name(self, s):
        """The LSTM and what it reads."""
        return f"LSTM ({s.view})"

    def baseline_name(self, s):
        """The baseline and its help in words."""
        name, lags, detrended, season, squares = s.help
        helps = [
            word
            for word, given in (("detrended", detrended), ("season", season), ("squares", squares))
            if given
        ]
        return ", ".join([f"AR({lags})" if name == "AR" else name, *helps])

    @staticmethod
    def lstm_is(s):
        """ "A" or "B": as good as random, and the same each time."""
        told = "|".join(str(getattr(s, f.name)) for f in fields(Origin) if f.name not in ("guess", "blind"))
        return "AB"[zlib.crc32(told.encode()) >> 7 & 1]

    def _remark(self, s):
        if not s.guess:
            return ("Which curve is the LSTM's? Say it, then the names appear.",) if s.blind else ()
        right = s.guess == self.lstm_is(s)
        return (
            f"{'✓' if right else '✗'} The LSTM is {self.lstm_is(s)}, {self.baseline_name(s)} is {'BA'['AB'.index(self.lstm_is(s))]}.",
            right,
        )

    @staticmethod
    def _score(forecast, truth, train):
        scaled = mase(forecast - truth, train)
        return amount(rmse(forecast - truth)) + (f" ({amount(scaled)})" if np.isfinite(scaled) else "")

    @staticmethod
    def _tally_words(pairs):
        seen = [pair for pair in pairs if pair]
        if not seen:
            return "The LSTM is not trained for these settings."
        wins, ours, theirs = sum(a < b for a, b in seen), *np.mean(seen, axis=0)
        return f"The LSTM is better at {wins} of {len(seen)} cuts so far; mean RMSE {amount(ours)} against {amount(theirs)}."
