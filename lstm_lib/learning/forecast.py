"""Forecasts of a time series: baselines, an LSTM, and how to judge them.

A *method* is fitted on the training part, method(train) → forecast, and forecast(series, at, steps) is an array
(len(at), steps): row k forecasts the `steps` values from at[k] on, and may use only what comes before at[k]. Steps
after the first are made recursively: each forecast is used as the next value, unless a method says otherwise.
"""

import numpy as np

from lstm_lib.checks import as_floats, check_shape, function, generator, whole_number

BLOCKS = 5
"""Of the rolling origin: the last third of a series is cut into this many blocks of equal length."""


# --- baselines --------------------------------------------------------------------------------------------------


def persistence(train):
    """The last value, again and again."""
    return lambda series, at, steps: np.repeat(series[at - 1][:, None], steps, axis=1)


def mean(train):
    """The mean of the training part."""
    value = train.mean()
    return lambda series, at, steps: np.full((len(at), steps), value)


def drift(train):
    """The last value, and from there a line with the mean slope of the training part."""
    slope = (train[-1] - train[0]) / max(1, len(train) - 1)
    return lambda series, at, steps: series[at - 1][:, None] + slope * np.arange(1, steps + 1)


def seasonal_naive(period):
    """A method: the value one period before."""
    whole_number("period", period)

    def method(train):
        _enough(train, period)
        return lambda series, at, steps: series[at[:, None] + np.arange(steps) % period - period]

    return method


def moving_average(length):
    """A method: the mean of the last `length` values."""
    whole_number("length", length)
    return lambda train: recursive(lambda lags: lags.mean(axis=1), min(length, _enough(train, 1)))


def autoregression(lags, squares=False):
    """A method: least squares on the last `lags` values and a constant; with `squares`, also on their products in pairs."""
    whole_number("lags", lags)

    def method(train):
        _enough(train, lags + 1)
        x = np.lib.stride_tricks.sliding_window_view(train, lags)[:-1]
        weights = np.linalg.lstsq(_columns(x, squares), train[lags:], rcond=None)[0]
        return recursive(lambda x: _columns(x, squares) @ weights, lags)

    return method


def linear_window(lags):
    """A method: as `autoregression`, with other weights for each step ahead, so that no forecast is fed back (Zeng et al. 2022)."""
    whole_number("lags", lags)

    def method(train):
        def forecast(series, at, steps):
            _enough(train, lags + steps)
            x = np.lib.stride_tricks.sliding_window_view(train, lags)[:-steps]
            later = np.lib.stride_tricks.sliding_window_view(train[lags:], steps)
            weights = np.linalg.lstsq(_columns(x), later, rcond=None)[0]
            return _columns(_last(series, at, lags)) @ weights

        return forecast

    return method


def recursive(one_step, lags):
    """A forecast from `one_step`, a function of the last values (N, lags), oldest first, to the next (N,)."""

    def forecast(series, at, steps):
        seen, found = _last(series, at, lags), []
        for _ in range(steps):
            found.append(one_step(seen))
            seen = np.concatenate([seen[:, 1:], found[-1][:, None]], axis=1)
        return np.stack(found, axis=1)

    return forecast


def _last(series, at, lags):
    return series[at[:, None] + np.arange(-lags, 0)]


def _columns(x, squares=False):
    pairs = [x[:, i] * x[:, j] for i in range(x.shape[1]) for j in range(i + 1)] if squares else []
    return np.column_stack([np.ones(len(x)), x, *pairs])


def _enough(train, least):
    if len(train) < least:
        raise ValueError(f"train: expected at least {least} values, got {len(train)}")
    return len(train)


# --- help --------------------------------------------------------------------------------------------------------


def prepared(method, trend=True, period=None):
    """The method on what is left when a line and, with a `period`, a season (two sines) are subtracted.

    Both are fitted on the training part alone, continued, and added to the forecast.
    """

    def with_help(train):
        weights = np.linalg.lstsq(_regular(np.arange(len(train)), trend, period), train, rcond=None)[0]
        part = lambda t: _regular(t, trend, period) @ weights  # noqa: E731
        forecast = method(train - part(np.arange(len(train))))

        def added(series, at, steps):
            later = part((at[:, None] + np.arange(steps)).ravel()).reshape(len(at), steps)
            return later + forecast(series - part(np.arange(len(series))), at, steps)

        return added

    return with_help


def regular_part(period=None):
    """A method: the line and the season alone, as in `prepared`."""
    return prepared(lambda train: lambda series, at, steps: np.zeros((len(at), steps)), period=period)


def _regular(t, trend, period):
    angles = [k * 2 * np.pi * t / period for k in (1, 2)] if period else []
    waves = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    return np.column_stack([np.ones(len(t)), *([t] if trend else []), *waves])


def chosen(methods, train, part=0.8):
    """The name of the method {name: method} with the lowest RMSE on the end of the training part, fitted on its first `part`."""
    cut = round(part * len(train))
    return min(methods, key=lambda name: rmse(one_step(methods[name])(train, cut) - train[cut:]))


# --- judging -----------------------------------------------------------------------------------------------------


def one_step(method):
    """A function (series, cut) → one-step forecasts (len(series) − cut,) of series[cut:], fitted on series[:cut]."""
    return lambda series, cut: method(series[:cut])(series, np.arange(cut, len(series)), 1)[:, 0]


def cuts(n):
    """The rolling origin: the BLOCKS + 1 ends of the blocks in which a series of n values is tested; the last is n."""
    length = max(1, n // (3 * BLOCKS))
    return [n - k * length for k in range(BLOCKS, -1, -1)]


def rmse(error):
    """The root of the mean squared error."""
    return float(np.sqrt(np.mean(np.square(error))))


def mase(error, train):
    """The mean absolute error as a multiple of that of persistence, one step ahead, in the training part; NaN if it made none."""
    persistent = np.abs(np.diff(train)).mean()
    return float(np.abs(error).mean() / persistent) if persistent else np.nan


def blindfold(forecast, series, cut, rng):
    """The first step at which a forecast moves when everything from it on is falsified, or None if none of five steps shows one.

    forecast(series, cut) → forecasts of series[cut:]; the one of series[t] may depend on series[:t] alone, and what is
    fitted on series[:cut] alone
    """
    series = as_floats("series", series)
    check_shape("series", series, ("T",))
    cut = whole_number("cut", cut, 1, len(series) - 1)
    function("forecast", forecast, "(series, cut)"), generator(rng)
    honest, moved = np.asarray(forecast(series.copy(), cut)), []
    check_shape("forecast", honest, (len(series) - cut,), why="(one for each value from cut on)")
    for t in np.unique(np.linspace(cut, len(series) - 1, 5).round().astype(int)):
        false = series.copy()
        false[t:] = rng.normal(series.mean(), 10 * (series.std() or 1.0), len(series) - t)
        changed = np.flatnonzero(np.asarray(forecast(false, cut))[: t - cut + 1] != honest[: t - cut + 1])
        moved += [cut + int(k) for k in changed[:1]]
    return min(moved, default=None)


def interval(errors):
    """(low, high) to be added to a forecast, so that 80 % of past `errors` (truth − forecast) lie between.

    The ranks are those of split conformal prediction, a little further out than the quantiles; with few errors the
    largest are used.
    """
    errors = np.sort(as_floats("errors", errors))
    n = len(errors)
    k = max(0, (n + 1) // 10 - 1)
    return float(errors[k]), float(errors[n - 1 - k])


def forecast_with_interval(method, series, steps):
    """(forecast, low, high) of the `steps` values after a series, (steps,) each.

    80 % of the errors lie between low and high that the method, fitted on the first two thirds, makes as many
    steps ahead in the last third.
    """
    series = as_floats("series", series)
    check_shape("series", series, ("T",))
    whole_number("steps", steps, 1, max(1, len(series) // 6))
    cut = 2 * len(series) // 3
    at = np.arange(cut, len(series) - steps + 1)
    errors = series[at[:, None] + np.arange(steps)] - method(series[:cut])(series, at, steps)
    found = method(series)(series, np.array([len(series)]), steps)[0]
    low, high = np.array([interval(e) for e in errors.T]).T
    return found, found + low, found + high
