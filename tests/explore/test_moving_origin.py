"""A moving origin: what is shown belongs to the settings shown; and the panel that trains for other settings."""

import time

import numpy as np
import pytest

from lstm_lib.explore import ForecastPanel, MovingOrigin
from lstm_lib.explore.origin_state import AHEAD, BASELINES
from lstm_lib.learning.example_series import EXAMPLES, ExampleSeries, example_series
from lstm_lib.learning.forecast import autoregression, blindfold, cuts, one_step, persistence, prepared, rmse
from lstm_lib.learning.lstm_forecast import lstm

PATIENCE = 120


def finished(panel):
    end = time.monotonic() + PATIENCE
    while panel.state.training:
        assert time.monotonic() < end
        time.sleep(0.01)
    return panel


def test_the_curves_are_those_of_the_methods():
    made, values = (
        MovingOrigin("co2", cut=2, baseline="AR", lags=7, detrended=True, view="detrended"),
        example_series("co2").values,
    )
    cut, end = cuts(len(values))[2:4]
    _, theirs, truth = made.forecasts(made.state, 2)
    wanted = prepared(autoregression(7))(values[:cut])(values, np.arange(cut, end), 1)[:, 0]
    np.testing.assert_allclose(theirs, wanted)
    assert f"{rmse(wanted - truth):.3f}" in made.summary
    ours = made.forecasts(made.state, 2)[0]
    again = prepared(lstm())(values[:cut])(values, np.arange(cut, end), 1)[:, 0]
    np.testing.assert_allclose(ours, again, atol=0.02), "the stored network is what training gives"


@pytest.mark.parametrize("baseline", BASELINES)
@pytest.mark.parametrize(("ahead", "h"), [(AHEAD[0], 1), (AHEAD[0], 6), (AHEAD[1], 1)])
def test_both_curves_are_fair_under_the_blindfold(baseline, ahead, h, monkeypatch):
    """Falsify the series from t on: no forecast that was made before t moves."""
    made = MovingOrigin("elnino", cut=1, baseline=baseline, ahead=ahead, h=h, season=True, detrended=True)
    honest, values = made.forecasts(made.state, 1), example_series("elnino").values
    cut = cuts(len(values))[1]
    for t in (cut, cut + 9):
        false = values.copy()
        false[t:] = np.random.default_rng(t).normal(20, 30, len(values) - t)
        series = ExampleSeries("elnino", false, 12)
        monkeypatch.setattr(MovingOrigin, "series", lambda self, s, series=series: series)
        made_before = t - cut + h if ahead == AHEAD[0] else None
        for curve, other in zip(honest[:2], made.forecasts(made.state, 1)[:2], strict=True):
            np.testing.assert_array_equal(curve[:made_before], other[:made_before])


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_tally_has_the_cuts_so_far(name):
    made = MovingOrigin(name)
    for k in range(5):
        made.move("cut", k)
        assert f"of {k + 1} cuts so far" in made.summary and made.svg.count(">+") + made.svg.count(">−") >= k


def test_blind_mode_gives_nothing_away_before_the_guess():
    made, seen = MovingOrigin(blind=True), []
    for k in range(5):
        made.move("cut", k)
        words = made.svg + made.summary
        assert (
            "persistence" not in words
            and "LSTM (" not in words
            and "RMSE 3" not in words
            and "better at" not in words
        )
        seen.append(made.lstm_is(made.state))
        made.move("guess", "AB".index(seen[-1]))
        assert "✓ The LSTM is" in made.remark and made.view.picture.good and "persistence" in made.summary
        made.move("h", 2)
        assert made.state.guess == "" and "Which curve" in made.remark
        made.move("h", 1)
    assert set(seen) == {"A", "B"}


def test_a_series_without_a_season_has_no_seasonal_help():
    made = MovingOrigin("elnino", baseline="seasonal naive", season=True, lags=60)
    made.move("data", list(EXAMPLES).index("Hénon"))
    assert (made.state.baseline, made.state.season) == ("persistence", False)
    assert "season" not in {c.name for c in made.controls(made.state.but(baseline="AR"))}
    made = MovingOrigin(baseline="AR", lags=40)
    made.move("squares", True)
    assert made.state.lags == 6


def test_settings_that_the_series_has_no_room_for_are_made_possible():
    made = MovingOrigin("Hénon", baseline="seasonal naive", squares=True, lags=60, season=True)
    assert (made.state.baseline, made.state.lags, made.state.season) == ("persistence", 6, False)
    short = ExampleSeries("short", np.random.default_rng(0).normal(size=45))
    assert ForecastPanel(short, baseline="AR", lags=60).state.lags == 10
    assert (
        "window 28," in ForecastPanel(short).summary and "window 40," in ForecastPanel(short, cut=4).summary
    )


def test_a_period_must_be_in_the_training_part_twice():
    for period, room in ((15, True), (16, False)):
        own = ExampleSeries("own", np.random.default_rng(0).normal(size=45), period)  # trained on 30
        names = [
            c.name
            for c in ForecastPanel(own, baseline="AR", lags=3).controls(
                ForecastPanel(own, baseline="AR").state
            )
        ]
        assert ("season" in names) == room


def test_the_same_help_is_one_step_ahead_again():
    made = MovingOrigin(h=6, ahead=AHEAD[1])
    made.move("same help")
    made.move("cut", 4)
    assert "1 step ahead" in made.summary
    assert "better at 4 of 5 cuts so far; mean RMSE 2.20 against 2.35" in made.summary


def test_a_baseline_that_diverges_says_so_and_draws():
    jump = np.r_[np.full(50, 5.0), 10 + np.random.default_rng(0).normal(size=10)]
    panel = ForecastPanel(ExampleSeries("jump", jump), baseline="AR", squares=True, lags=2, h=12, cut=4)
    assert panel.remark.startswith("The baseline diverges") and "not trained" in panel.remark
    panel = ForecastPanel(ExampleSeries("jump", jump), cut=0)
    assert "baseline 0" in panel.summary and "(0" not in panel.summary, (
        "no MASE where persistence makes no error"
    )


@pytest.mark.parametrize("given", [("own", ()), [1.0, 2.0], np.arange(50.0)])
def test_what_own_series_returns_is_two_things(given):
    with pytest.raises(ValueError, match=r"^data: expected a series, as in own, remarks = own_series\("):
        ForecastPanel(given)


def test_the_panel_has_no_blind_mode():
    with pytest.raises(ValueError, match="ForecastPanel: expected settings from"):
        ForecastPanel(blind=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": "stocks"},
        {"cut": 5},
        {"h": 0},
        {"view": "log"},
        {"baseline": "LSTM"},
        {"blind": "yes"},
        {"x": 1},
    ],
)
def test_wrong_arguments_are_named(wrong):
    with pytest.raises(ValueError, match="expected"):
        MovingOrigin(**wrong)


# --- training --------------------------------------------------------------------------------------------------


def test_the_lstm_is_shown_only_for_settings_it_was_trained_with():
    panel = ForecastPanel("sunspots", steps=10)
    assert "LSTM 1" not in panel.summary and "not trained" in panel.remark and "not trained" in panel.summary
    panel.move("cut", 2)
    panel.move("train")
    finished(panel)
    assert len(panel.state.thetas) == 5 and "of 3 cuts so far" in panel.summary and panel.remark == ""
    panel.move("sliders", 1)
    panel.move("window", 0)
    assert "not trained" in panel.remark and panel.state.training is False
    panel.move("window", 2)
    assert "of 3 cuts so far" in panel.summary
    panel.move("other")
    assert "not trained" in panel.remark and "start 1" in panel.summary
    panel.move("Reset")
    assert len(panel.state.thetas) == 5


def test_stop_and_every_change_that_needs_training_end_it():
    for move in (
        ("stop",),
        ("sliders", 1, "window", 0),
        ("data", 1),
        ("other",),
        ("view", 1),
        ("same help",),
        ("Reset",),
    ):
        panel = ForecastPanel("sunspots", steps=10_000)
        panel.move("train")
        run = panel.run
        assert panel.state.training and not panel.films
        panel.move(*move[:2])
        if len(move) > 2:
            assert panel.state.training, "what needs no training goes on"
            panel.move(*move[2:])
        assert run.join(PATIENCE) and not panel.state.training and panel.run is None


def test_a_page_that_closes_ends_the_training():
    panel = ForecastPanel(steps=10_000)
    panel.move("train")
    run = panel.run
    panel.closed()
    assert run.join(PATIENCE) and not panel.state.training


def test_noise_changes_the_series_of_both():
    panel = ForecastPanel("Hénon", steps=10, baseline="AR", squares=True, lags=2)
    before = panel.summary
    panel.move("sliders", 1)
    panel.move("noise", 3)
    assert panel.state.noise == 0.1 and panel.summary != before
    assert not np.array_equal(panel.series(panel.state).values, example_series("Hénon").values)


def test_a_series_of_ones_own():
    own = ExampleSeries("my <b>series</b>", np.random.default_rng(0).normal(size=90).cumsum())
    panel = ForecastPanel(own, steps=10)
    panel.move("train")
    finished(panel)
    assert "1 step ahead" in panel.summary and "<b>" not in panel.svg and len(panel.state.thetas) == 5
    assert blindfold(one_step(persistence), own.values, 60, np.random.default_rng(0)) is None
    with pytest.raises(ValueError, match="^data: expected a series of at least 40 values, got 20"):
        ForecastPanel(ExampleSeries("short", np.arange(20.0)))
