"""Baselines by hand, the blindfold, and what the stored races say."""

import numpy as np
import pytest

from lstm_lib import study
from lstm_lib.learning import forecast as f
from lstm_lib.learning.example_series import henon, trend_and_sine
from lstm_lib.learning.lstm_forecast import lstm, lstm_run, network_forecast, windows_from

SERIES = trend_and_sine(200, np.random.default_rng(0))
QUICK = {"steps": 10, "window": 20}
METHODS = {
    "persistence": f.persistence, "mean": f.mean, "drift": f.drift, "seasonal naive": f.seasonal_naive(50),
    "moving average": f.moving_average(10), "AR": f.autoregression(5), "squares": f.autoregression(3, squares=True),
    "linear window": f.linear_window(5), "detrended": f.prepared(f.autoregression(5)), "with a season": f.prepared(f.mean, True, 50),
    "line and season": f.regular_part(period=50), "LSTM": lstm(**QUICK), "LSTM, detrended": f.prepared(lstm(**QUICK)),
}  # fmt: skip


def rng(seed=0):
    return np.random.default_rng(seed)


def by(method, train, series, at, steps):
    return method(np.array(train, float))(np.array(series, float), np.array(at), steps).round(10).tolist()


def test_simple_baselines_by_hand():
    train, series, at = [1, 2, 4, 3], [1, 2, 4, 3, 8, 9], [4, 5]
    assert by(f.persistence, train, series, at, 2) == [[3, 3], [8, 8]]
    assert by(f.mean, train, series, at, 1) == [[2.5], [2.5]]
    assert np.round(by(f.drift, train, series, at, 2), 4).tolist() == [[3.6667, 4.3333], [8.6667, 9.3333]]
    assert by(f.seasonal_naive(2), train, series, at, 3) == [[4, 3, 4], [3, 8, 3]]
    assert by(f.moving_average(2), train, series, at, 2) == [[3.5, 3.25], [5.5, 6.75]]


def test_regressions_find_what_made_the_series():
    t = np.arange(60.0)
    wave, line = np.sin(t), 3 + 0.5 * t
    for method in (f.autoregression(2), f.linear_window(2)):
        np.testing.assert_allclose(
            method(wave[:40])(wave, np.arange(40, 55), 5)[:, -1], wave[44:59], atol=1e-8
        )
    np.testing.assert_allclose(f.regular_part()(line[:40])(line, np.array([40]), 20)[0], line[40:], atol=1e-9)
    season = line + 2 * np.cos(2 * np.pi * t / 12)
    np.testing.assert_allclose(
        f.regular_part(period=12)(season[:40])(season, np.array([40]), 20)[0], season[40:], atol=1e-8
    )
    x = henon(300, rng())
    assert f.rmse(f.one_step(f.autoregression(2, squares=True))(x, 200) - x[200:]) < 1e-9


def test_the_linear_window_is_the_autoregression_one_step_ahead_only():
    at = np.arange(140, 190)
    one, direct = (
        method(SERIES[:140])(SERIES, at, 5) for method in (f.autoregression(8), f.linear_window(8))
    )
    assert np.abs(one - direct)[:, 4].max() > 0.1
    np.testing.assert_allclose(f.linear_window(8)(SERIES[:140])(SERIES, at, 1), one[:, :1], atol=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_fair_under_the_blindfold(name):
    assert f.blindfold(f.one_step(METHODS[name]), SERIES, 140, rng(1)) is None


@pytest.mark.parametrize("name", METHODS)
def test_several_steps_agree_with_one(name):
    """The first of several steps is the one-step forecast, and each row depends on what comes before it alone."""
    fitted, at = METHODS[name](SERIES[:140]), np.arange(140, 190)
    if name != "linear window":
        np.testing.assert_allclose(fitted(SERIES, at, 4)[:, :1], fitted(SERIES, at, 1), atol=1e-9)
    np.testing.assert_allclose(fitted(SERIES[:140], at[:1], 4), fitted(SERIES, at[:1], 4), atol=1e-9)


LEAKS = {
    "the value itself": lambda s, cut: s[cut:],
    "a centred average": lambda s, cut: np.convolve(s, np.ones(3) / 3, "same")[cut - 1 : -1],
    "a mean of everything": lambda s, cut: np.full(len(s) - cut, s.mean()),
    "scaled by the maximum of everything": lambda s, cut: s[cut - 1 : -1] / s.max(),
    "a line through everything": lambda s, cut: np.polyval(
        np.polyfit(np.arange(len(s)), s, 1), np.arange(cut, len(s))
    ),
    "fitted on the test part": lambda s, cut: f.autoregression(5)(s)(s, np.arange(cut, len(s)), 1)[:, 0],
    "only the last forecast leaks": lambda s, cut: np.append(s[cut - 1 : -2], s[-1]),
}


@pytest.mark.parametrize("name", LEAKS)
@pytest.mark.parametrize("seed", range(5))
def test_the_blindfold_finds_leaks(name, seed):
    if name == "a centred average":
        assert (
            f.blindfold(lambda s, cut: np.convolve(s, np.ones(3) / 3, "same")[cut:], SERIES, 140, rng(seed))
            is not None
        )
    else:
        assert f.blindfold(LEAKS[name], SERIES, 140, rng(seed)) is not None


def test_the_blindfold_names_wrong_arguments():
    with pytest.raises(ValueError, match=r"^forecast: expected shape \(60,\)"):
        f.blindfold(lambda s, cut: s, SERIES, 140, rng())
    with pytest.raises(ValueError, match="^cut: expected a whole number from 1 to 199"):
        f.blindfold(f.one_step(f.mean), SERIES, 200, rng())


def test_scores_cuts_and_intervals():
    assert f.cuts(309) == [209, 229, 249, 269, 289, 309] and f.cuts(200)[0] == 135
    assert (
        f.rmse([3, -4]) == pytest.approx(12.5**0.5) and f.mase(np.array([1, -3]), np.array([0, 2, 1, 4])) == 1
    )
    low, high = f.interval(np.arange(99) - 49.0)
    assert (low, high) == (-40, 40) and f.interval([-1.0, 2.0]) == (-1, 2)
    draws = [rng(k).normal(size=30) for k in range(400)]
    inside = [f.interval(d[:29])[0] <= d[29] <= f.interval(d[:29])[1] for d in draws]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.05), "where errors stay as they were"
    few = {"short": f.persistence, "AR": f.autoregression(10)}
    assert f.chosen(few, SERIES[:140]) == "AR" and f.chosen(few, np.cumsum(rng().normal(size=60))) == "short"


@pytest.mark.parametrize(
    ("method", "least"), [(f.autoregression(30), 31), (f.seasonal_naive(30), 30), (lstm(), 8)]
)
def test_a_training_part_that_is_too_short_is_named(method, least):
    with pytest.raises(ValueError, match=f"^train: expected at least {least} values"):
        method(SERIES[:5])(SERIES, np.array([5]), 1)


# --- the LSTM -------------------------------------------------------------------------------------------------


def test_windows_are_of_the_training_part_and_end_one_step_early():
    draw = windows_from(np.arange(100.0), 20, rng())
    batch = draw()
    np.testing.assert_allclose(batch.target[:-1], batch.x[1:])
    assert batch.x.shape == (20, 32, 1) and batch.mask[:5].sum() == 0 and batch.mask[5:].all()
    assert windows_from(np.arange(100.0), 20, rng(), outputs=3)().target.shape == (20, 32, 3)


def test_a_network_s_forecast_is_its_output_after_the_last_window():
    run = lstm_run(SERIES[:140], 3, **QUICK)
    list(run)
    m, s = SERIES[:140].mean(), SERIES[:140].std()
    y = run.network.predict(((SERIES[130:150] - m) / s)[:, None, None])[-1, 0, 0] * s + m
    found = network_forecast(run.network, SERIES[:140], 20)(SERIES, np.array([150]), 2)
    assert found[0, 0] == pytest.approx(y)
    assert run.optimiser.learning_rate == pytest.approx(0.002), "lowered for the last third"


# --- the stored races ------------------------------------------------------------------------------------------


def stored_errors(name):
    """{arm: its errors (starts, …)} of a study."""
    return study(name).each("error")


def test_a_forecast_of_what_comes_next_with_its_interval():
    walks, inside = [rng(k).normal(size=156).cumsum() for k in range(40)], []
    for walk in walks:
        found, low, high = f.forecast_with_interval(f.persistence, walk[:150], 6)
        assert (found == walk[149]).all() and (low < high).all() and high[5] - low[5] > high[0] - low[0]
        inside.append((low <= walk[150:]) & (walk[150:] <= high))
    assert 0.7 < np.mean(inside) < 0.95
    with pytest.raises(ValueError, match="^steps: expected a whole number from 1 to 25"):
        f.forecast_with_interval(f.persistence, walks[0][:150], 26)


def means(name):
    return {method: errors.mean() for method, errors in stored_errors(name).items()}


def test_what_notebook_07_says_of_the_computed_series():
    short, long = stored_errors("line_200"), stored_errors("line_1000")
    ahead = {name: int((short["LSTM, detrended"] < errors).sum()) for name, errors in short.items()}
    assert (
        ahead["AR(10)"] == 10
        and ahead["AR(10), detrended"] == 4
        and ahead["line and sine, told the period"] == 0
    )
    assert ahead["persistence"] >= 15 and 1.95 < means("line_200")["line and sine, told the period"] < 2.1, (
        "the noise has 2"
    )
    assert (short["LSTM"] > short["persistence"]).all() and (
        long["LSTM"] > 2.5 * long["LSTM, detrended"]
    ).all()
    assert (long["LSTM, detrended"] < long["AR(50), detrended"]).sum() == 5
    assert abs(means("line_1000")["LSTM, detrended"] / means("line_1000")["AR(50), detrended"] - 1) < 0.02
    clean, noisy = stored_errors("henon"), stored_errors("henon_noise")
    assert (
        clean["LSTM"].max() < 0.03
        and clean["AR(10)"].min() > 0.7
        and clean["AR(2) with squares"].max() < 1e-9
    )
    assert all((noisy["LSTM"] < errors).all() for name, errors in noisy.items() if name != "LSTM")
    grown = means_by_step("henon_horizon")["LSTM"]
    assert (
        (np.diff(grown) > 0).all()
        and grown[9] < 1 < grown[10]
        and np.log(1 / grown[0]) / 0.42 == pytest.approx(10, abs=0.5)
    )


def means_by_step(name):
    return {method: errors.mean(axis=0) for method, errors in stored_errors(name).items()}


def test_what_notebook_07_says_of_the_real_series():
    nino, co2, seattle = means("elnino"), means("co2"), means("seattle")
    assert nino["LSTM"] < 0.9 * nino["AR(10)"]
    assert round(1 - nino["LSTM with the season"] / nino["AR with the season, order chosen"], 2) == 0.02
    for lstm_ in ("LSTM", "LSTM with the season"):
        assert co2[lstm_] > 1.3 * max(co2["AR(10)"], co2["AR, order chosen"])
    without = [error for name, error in seattle.items() if name != "persistence"]
    assert max(without) / min(without) < 1.03
    spots = stored_errors("sunspots")
    wins, lower = (
        (spots["LSTM"] < spots["AR(9)"]).sum(axis=1),
        spots["LSTM"].mean(axis=1) < spots["AR(9)"].mean(),
    )
    assert ((wins >= 4).sum(), lower.sum()) == (4, 2) and (
        spots["LSTM"].mean(axis=1) > spots["AR(9) of √"].mean()
    ).all()


def test_what_notebook_07_says_of_intervals():
    few, many = study("coverage_200").arms, study("coverage_1000").arms
    methods = "LSTM, training part", "LSTM", "LSTM, split conformal", "AR(10), quantiles"
    said, width, score = (
        [getattr(few[name], what).mean() for name in methods] for what in ("covered", "width", "score")
    )
    assert np.round(said[:3], 2).tolist() == [0.79, 0.63, 0.75]
    assert width[2] / width[1] == pytest.approx(1.5, abs=0.05)
    assert score[3] < score[1] and said[3] > said[1]
    assert min(arm.covered.mean() for arm in many.values()) > 0.77


@pytest.mark.proof
def test_the_answer_to_train_it_yourself():
    for noise, window, low, high, ar in ((2.0, 50, 2.11, 2.30, 2.35), (2.0, 100, 2.17, 2.25, 2.35), (2.0, 10, 2.39, 2.54, 2.35), (4.0, 50, 4.25, 4.43, 4.63)):  # fmt: skip
        v = trend_and_sine(200, rng(), noise)
        blocks = list(zip(f.cuts(200), f.cuts(200)[1:], strict=False))

        def mean(method, v=v, blocks=blocks):
            return np.mean([f.rmse(f.prepared(method)(v[:c])(v, np.arange(c, e), 1)[:, 0] - v[c:e]) for c, e in blocks])  # fmt: skip

        found = [mean(lstm(seed, window=window)) for seed in range(4)]
        assert (min(found), max(found), mean(f.autoregression(10))) == pytest.approx(
            (low, high, ar), abs=0.02
        )
