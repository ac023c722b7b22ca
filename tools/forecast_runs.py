"""What notebook 07 shows of many trained networks: errors of races between methods, and the networks of MovingOrigin.

Called by `tools/train_stored_runs.py` for the names in RACES and for "moving_origin".
"""

import json

import numpy as np

from lstm_lib import Adam, Network, fit
from lstm_lib.learning.example_series import EXAMPLES, example_series, henon, trend_and_sine
from lstm_lib.learning.forecast import (
    autoregression,
    chosen,
    cuts,
    interval,
    moving_average,
    one_step,
    persistence,
    prepared,
    regular_part,
    rmse,
)
from lstm_lib.learning.lstm_forecast import lstm, lstm_run, windows_from
from lstm_lib.learning.series import Scaler, pinball
from lstm_lib.learning.stored import FORECASTS, VIEWS

STARTS = 20
ORDERS = (1, 2, 5, 10, 15, 24, 36, 60)


def drawn(make, cut, methods, unit=False):
    """{method: errors} on 20 drawn series, each with a start of its own; unit : in units of the series' std."""
    found = {}
    for seed in range(STARTS):
        series = make(np.random.default_rng(seed))
        for name, method in methods(seed).items():
            error = rmse(one_step(method)(series, cut) - series[cut:]) / (series.std() if unit else 1)
            found.setdefault(name, []).append(rounded(error))
    return found


def line(n, long):
    """The slide's series of n values, by methods that are told less and more about it."""

    def methods(seed):
        found = {
            "persistence": persistence, "moving average (10)": moving_average(10), "AR(10)": autoregression(10),
            "AR(10), detrended": prepared(autoregression(10)), "line and sine, told the period": regular_part(period=50),
            "LSTM": lstm(seed), "LSTM, detrended": prepared(lstm(seed)),
        }  # fmt: skip
        return found | ({"AR(50), detrended": prepared(autoregression(50))} if long else {})

    return drawn(lambda rng: trend_and_sine(n, rng), 7 * n // 10, methods)


def chaos(noise):
    """Hénon's map, with noise as a fraction of its std."""
    methods = lambda seed: {  # noqa: E731
        "persistence": persistence, "AR(10)": autoregression(10), "AR(2) with squares": autoregression(2, squares=True),
        "AR(4) with squares": autoregression(4, squares=True),
        "LSTM": lstm(seed, window=30, steps=600, learning_rate=0.02),
    }  # fmt: skip
    return drawn(lambda rng: henon(1000, rng, noise), 700, methods, unit=True)


def rolling(name, methods, starts):
    """{method: errors (cuts, starts)} of a real series at the five cuts; a method without a seed has one column."""
    series, found = example_series(name).values, {}
    ends = cuts(len(series))
    for cut, end in zip(ends[:-1], ends[1:], strict=True):
        for method, (make, seeds) in methods(series[:cut], starts).items():
            errors = [
                rmse(make(seed)(series[:cut])(series, np.arange(cut, end), 1)[:, 0] - series[cut:end])
                for seed in range(seeds)
            ]
            found.setdefault(method, []).append([rounded(error) for error in errors])
    return found


def sunspots(train, starts):
    """Yearly sunspots; AR(9) is the textbook's model, also of their square roots."""
    root = lambda train: rooted(autoregression(9), train)  # noqa: E731
    return {"persistence": (lambda _: persistence, 1), "AR(9)": (lambda _: autoregression(9), 1), "AR(9) of √": (lambda _: root, 1),
            "LSTM": (lambda seed: lstm(seed, hidden_size=4, steps=200), starts)}  # fmt: skip


def rooted(method, train):
    """The method on square roots, squared again."""
    forecast = method(np.sqrt(train))
    return lambda series, at, steps: forecast(np.sqrt(np.maximum(series, 0)), at, steps) ** 2


def seasonal(period, trend=False):
    """A series with a season: autoregressions without and with the same help."""

    def methods(train, starts):
        orders = {p: autoregression(p) for p in ORDERS}
        helped = {p: prepared(autoregression(p), trend, period) for p in ORDERS}
        long, best = chosen(orders, train), chosen(helped, train)
        settings = {"steps": 600, "learning_rate": 0.005}
        view = (lambda method: prepared(method)) if trend else (lambda method: method)
        return {
            "persistence": (lambda _: persistence, 1),
            "AR(10)": (lambda _: view(autoregression(10)), 1),
            "AR, order chosen": (lambda _: view(orders[long]), 1),
            "AR with the season, order chosen": (lambda _: helped[best], 1),
            "LSTM": (lambda seed: view(lstm(seed, **settings)), starts),
            "LSTM with the season": (lambda seed: prepared(lstm(seed, **settings), trend, period), starts),
        }

    return methods


def coverage(n):
    """Share inside and width (in std of the training part) of intervals for 80 %, on detrended series of n values."""
    cut, found = 7 * n // 10, {}
    for seed in range(STARTS):
        series = trend_and_sine(n, np.random.default_rng(seed))
        series = series - regular_part()(series[:cut])(series, np.arange(1), n)[0]
        scaled = Scaler.fit(series[:cut]).scale(series)
        ends, whole = quantile_ends(scaled, cut, seed), slice(cut, None)
        found.setdefault("LSTM, training part", []).append(inside(*ends, scaled, slice(60, cut)))
        found.setdefault("LSTM", []).append(inside(*ends, scaled, whole))
        early = 7 * cut // 10
        low, high = quantile_ends(scaled, early, seed)
        misses = np.maximum(low - scaled, scaled - high)[early:cut]
        more = np.sort(misses)[min(len(misses) - 1, int(np.ceil(0.8 * (len(misses) + 1))) - 1)]
        found.setdefault("LSTM, split conformal", []).append(inside(low - more, high + more, scaled, whole))
        fitted = np.concatenate(
            [np.zeros(10), autoregression(10)(scaled[:cut])(scaled, np.arange(10, n), 1)[:, 0]]
        )
        for name, (a, b) in {"AR(10), quantiles": np.quantile((scaled - fitted)[10:cut], [0.1, 0.9]),
                             "AR(10), conformal ranks": interval((scaled - fitted)[10:cut])}.items():  # fmt: skip
            found.setdefault(name, []).append(inside(fitted + a, fitted + b, scaled, whole))
    return found


def quantile_ends(scaled, cut, seed):
    """The 10 % and 90 % quantiles that a network trained with the pinball loss forecasts of every value."""
    network, optimiser = Network(1, 8, 2, np.random.default_rng(seed)), Adam(0.01)
    draw = windows_from(scaled[:cut], 50, np.random.default_rng(seed), outputs=2)
    for record in fit(network, draw, optimiser, 500, 1.0, pinball([0.1, 0.9])):
        if record.step == 330:
            optimiser.learning_rate = 0.002
    y = Scaler.fit(scaled[:cut]).unscale(
        network.predict(Scaler.fit(scaled[:cut]).scale(scaled)[:, None, None])[:, 0]
    )
    return np.concatenate([[-9], y[:-1, 0]]), np.concatenate([[9], y[:-1, 1]])


def inside(low, high, truth, where):
    """[share inside, mean width, interval score] (Gneiting & Raftery 2007; lower is better)."""
    low, high, truth = low[where], high[where], truth[where]
    score = high - low + 10 * np.maximum(low - truth, 0) + 10 * np.maximum(truth - high, 0)
    return [
        rounded(v) for v in (((truth >= low) & (truth <= high)).mean(), (high - low).mean(), score.mean())
    ]


def horizon():
    """Errors of Hénon's map 1 … 15 steps ahead, recursively, in units of its std."""
    found = {"LSTM": [], "AR(2) with squares": [], "AR(10)": []}
    for seed in range(STARTS):
        series = henon(1000, np.random.default_rng(seed))
        at = np.arange(700, 985)
        truth = series[at[:, None] + np.arange(15)]
        for name, method in {"LSTM": lstm(seed, window=30, steps=600, learning_rate=0.02),
                             "AR(2) with squares": autoregression(2, squares=True), "AR(10)": autoregression(10)}.items():  # fmt: skip
            error = method(series[:700])(series, at, 15) - truth
            found[name].append([rounded(e) for e in np.sqrt((error**2).mean(axis=0)) / series.std()])
    return found


RACES = {
    "line_200": lambda: line(200, long=False),
    "line_1000": lambda: line(1000, long=True),
    "henon": lambda: chaos(0.0),
    "henon_noise": lambda: chaos(0.1),
    "henon_horizon": horizon,
    "sunspots": lambda: rolling("sunspots", sunspots, STARTS),
    "elnino": lambda: rolling("elnino", seasonal(12), 4),
    "co2": lambda: rolling("co2", seasonal(12, trend=True), 4),
    "seattle": lambda: rolling("seattle", seasonal(365.25), 4),
    "coverage_200": lambda: coverage(200),
    "coverage_1000": lambda: coverage(1000),
}


def networks():
    """The θ of the networks of MovingOrigin: {series|view: (cuts, parameters)}, trained as `lstm_run` does."""
    found = {}
    for name in EXAMPLES:
        series = example_series(name).values
        for view in VIEWS:
            thetas = []
            for cut in cuts(len(series))[:-1]:
                train = series[:cut] - (
                    regular_part()(series[:cut])(series, np.zeros(1, int), cut)[0]
                    if view == "detrended"
                    else 0
                )
                run = lstm_run(train)
                for _ in run:
                    pass
                thetas.append(run.network.theta)
            found[f"{name}|{view}"] = np.array(thetas, dtype=np.float32)
    return found


def store(name):
    """Train what is called `name`, and write it to lstm_lib/stored/forecasts/."""
    FORECASTS.mkdir(exist_ok=True)
    if name == "moving_origin":
        np.savez(FORECASTS / "moving_origin.npz", **networks())
    else:
        (FORECASTS / f"{name}.json").write_text(json.dumps(RACES[name]()) + "\n", encoding="utf-8")


def rounded(value):
    """With four significant digits."""
    return float(f"{value:.4g}")
