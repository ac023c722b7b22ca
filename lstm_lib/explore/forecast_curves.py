"""The curves that MovingOrigin compares, of one block, kept for when they are asked for again."""

from functools import lru_cache

import numpy as np

from lstm_lib.learning.forecast import autoregression, drift, mean, persistence, prepared, seasonal_naive
from lstm_lib.learning.lstm_forecast import network_forecast
from lstm_lib.learning.network import Network

FAR = 1e12
"""Where a forecast that is fed back and diverges is held."""


def _block(forecast, series, cut, end, steps):
    """The forecasts of values cut … end − 1: `steps` ahead, or all from the cut."""
    if steps is None:
        return forecast(series, np.array([cut]), end - cut)[0]
    return forecast(series, np.arange(cut, end) - (steps - 1), steps)[:, -1]


@lru_cache(maxsize=4096)
def baseline_curve(series, cut, end, given, period, steps):
    """The baseline's forecasts of values cut … end − 1, `steps` ahead (None: rolled out); given : its name and help."""
    name, lags, detrended, season, squares = given
    method = {"persistence": lambda: persistence, "drift": lambda: drift, "mean": lambda: mean,
              "seasonal naive": lambda: seasonal_naive(round(period)), "AR": lambda: autoregression(lags, squares)}[name]()  # fmt: skip
    if detrended or season:
        method = prepared(method, detrended, period if season else None)
    with np.errstate(over="ignore", invalid="ignore"):
        curve = _block(method(series.values[:cut]), series.values, cut, end, steps)
    return np.clip(np.nan_to_num(curve, nan=FAR), -FAR, FAR)


@lru_cache(maxsize=4096)
def network_curve(series, cut, end, view, window, theta, steps):
    """The LSTM's forecasts with the parameters in `theta` (bytes), trained on series[:cut] in this view."""

    def method(train):
        network = Network(1, 8, 1, np.random.default_rng(0))
        network.theta[:] = np.frombuffer(theta)
        return network_forecast(network, train, window)

    method = prepared(method) if view == "detrended" else method
    return _block(method(series.values[:cut]), series.values, cut, end, steps)
