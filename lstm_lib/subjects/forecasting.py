"""Exercises on forecasting: persistence, the blindfold, and help that is fitted on the training part alone."""

import numpy as np

from lstm_lib.judge.exercise import exercise, program


def _series(drawn):
    length, cut = drawn.of((5, 3), (6, 3), (6, 4), (7, 4), (7, 5))
    return drawn.numbers(length), cut


@exercise(
    """
cut - 1 : -1 → cut: | That is the value to be forecast: off by one, and the error is 0. No forecast is that good: this is a leak.
return np.full(len(series) - cut, series[cut - 1]) | That repeats the last value of the training part: persistence rolled out. One step ahead, every forecast may use the value just before it.
cut - 1 : -1 → cut - 2 : -2 | Each value is one step too old: the last one known before step t is series[t - 1].
: -1 → : | One forecast too many: the last value would be the forecast of a step after the series.
cut - 1 : -1 → cut:-1 | That starts one step too late: the first forecast is of series[cut], and uses series[cut − 1]. (As it stands it is also one forecast short.)
cut - 1 : -1 → : len(series) - cut | Those are values from the beginning of the training part. Start at cut − 1.
return np.full(len(series) - cut, series[:cut].mean()) | That is the mean baseline: the mean of the training part.
return np.full(len(series) - cut, series.mean()) | That is the mean of the whole series, which includes what is to be forecast: a leak.
cut - 1 : -1 → :cut | That is the training part. Wanted are forecasts of series[cut:].
cut - 1 : -1 → : cut - 1 | That is the training part without its last value. Wanted are forecasts of series[cut:].
cut - 1 → | These are forecasts of the training part as well. Wanted are those of series[cut:] alone.
cut - 1 : -1 → cut - 1 | That is one number, the first forecast. Wanted is one for each value from cut on.
cut - 1 : -1 → cut + 1 : | Shifted the wrong way: those are values after the ones to be forecast.
return np.append(series[cut + 1 :], series[-1]) | Shifted the wrong way: each is the value after the one to be forecast, and the last stands there twice.
return np.roll(series, -1)[cut:] | Shifted the wrong way: each is the value after the one to be forecast, and the last is the first of the series.
return np.roll(series[cut:], 1) | The first forecast is the last value of the series, which nobody knows yet. It is series[cut − 1].
: -1 → : -2 | One forecast too few: that of series[-1] is series[-2], and a slice leaves out its end.
cut - 1 : -1 → cut - 2 : -1 | One forecast too many at the beginning: the first is series[cut − 1].
cut - 1 : -1 → -cut: | −cut counts from the end: those are the last values of the series, as many as cut.
return np.diff(series)[cut - 1 :] | Those are the changes. The forecast is the value before the change.
return np.full(len(series) - cut, series[-1]) | That repeats the last value of the series, which is to be forecast: a leak.
return np.full(len(series) - cut, series[cut]) | That repeats series[cut], which is to be forecast: a leak.
return series[cut:] - 1 | The 1 is subtracted from the values. It belongs to the place: series[t − 1], not series[t] − 1.
return np.append(0, series[cut:-1]) | The first forecast is 0. It is series[cut − 1], the last value of the training part.
""",
    draw=_series,
    hints=(
        "The forecast of series[cut] is series[cut - 1]; the last one, of series[-1], is series[-2].",
        "It is a slice with two ends: series[… : …].",
    ),
    praise="Right: each forecast is the value just before. Whatever an LSTM does has to beat this.",
)
def persistence(series, cut):
    return series[cut - 1 : -1]


def _forecast(says):
    """A forecast as a case to try; its docstring describes it to the learner."""
    forecast = program(f"def forecast(series, t):\n    return {says}")
    forecast.__doc__ = f"a forecast that returns {says}"
    return forecast


FORECASTS = [(_forecast(says), t) for says, t in (
    ("series[t - 1]", 4), ("series[t]", 4), ("series[:t].mean()", 5), ("(series[t - 1] + series[t] + series[t + 1]) / 3", 4),
    ("series[t - 1] / series.max()", 5), ("2 * series[t - 1] - series[t - 2]", 6), ("series[t - 1] + 0.01 * (series[-1] - series[0])", 3),
    ("series[t + 1]", 4), ("series[t + 2]", 3), ("series[t - 3 : t].max()", 6), ("series[t - 2]", 4), ("0.5", 4), ("0 * series[t - 1]", 4),
    ("np.round(series[t])", 4), ("-series[t]", 4), ("series[t - 1] + series[t + 1] - series[t]", 4),
    ("series[t - 1] + 1e-4 * series[t]", 4), ("series[t:].mean()", 4), ("series[0]", 4), ("series[t]", 3), ("series[t - 1] + series[-1]", 3),
)]  # fmt: skip


def _blindfolded(drawn):
    forecast, t = drawn.of(*FORECASTS)
    return forecast, np.append(drawn.rng.permutation([3.0, -5.0, 7.0, -9.0, 11.0, -13.0]), 15.0), t


@exercise(
    """
false[t:] → false[t + 1 :] | You falsify from t + 1 on (or ask for the forecast of step t − 1, which comes to the same). The value at t itself is what is to be forecast: the most common leak stays hidden.
false[t:] → false[t - 1 :] | You falsify series[t − 1] as well (or ask for the forecast of step t + 1, which comes to the same). A fair forecast may use it: persistence would be accused.
false[t:] → false[t] | You falsify the value at t alone. A forecast that looks further ahead is not caught.
!= → == | It is turned round: True should mean that the forecast moved.
false[t:] → false[:t] | You falsify what comes before t. Everything before is allowed; falsify what comes after.
false[t:] → false[: t + 1] | You falsify what comes before t as well, which a fair forecast may use. Falsify from t on.
false[t:] → false[t:-1] | The end of the series stays true, and a forecast that uses it is not caught. (A slice that ends at −1 leaves out the last value.)
!= → is not | `is not` compares objects; compare values with !=.
false[t:] → false[:] | You falsify the whole series, so every forecast moves, the fair ones too.
forecast(false, t) → forecast(series, t + 1) | That compares the forecasts of two steps. A fair forecast changes from step to step. Ask for the same step twice: of the series and of a falsified copy.
forecast(false, t) → series[t] | That asks whether the forecast is wrong. A fair forecast is nearly always wrong. Falsify, and compare with the forecast before.
forecast(false, t) != → series[t] == | That asks whether the forecast is right. A leak need not be right, and a right forecast need not be a leak.
forecast(false, t) → forecast(series[:t], t) | A leak raises an error here instead of an answer: series[:t] has no value at t. Falsify the values, don't cut them off.
1000.0 → series[t:][::-1] | You only turn what comes after round. A maximum or a mean of it stays the same: put other values there.
return False | It never says that a forecast moved. Call it twice, on the series and on a falsified copy, and compare.
return True | It accuses every forecast. Call it twice, on the series and on a falsified copy, and compare.
!= → > | Only a forecast that becomes larger is caught so. Any change counts: !=.
!= → < | Only a forecast that becomes smaller is caught so. Any change counts: !=.
!= forecast(series, t) → == 1000.0 | Only a forecast that returns the false value itself is caught so. A leak may mix it with others: compare the two forecasts.
!= forecast(series, t) → != 1000.0 | Every forecast that does not return the false value is accused so, the fair ones too. Compare the two forecasts.
!= forecast(series, t) → > 500 | Only a forecast that becomes very large is caught so. Compare the two forecasts.
false[t:] → false[-1] | You falsify the last value alone. A forecast that looks at the others from t on is not caught.
false[t:] → false[-t:] | −t counts from the end: you falsify the last t values. Falsify from t on.
false[t:] → false[:-t] | −t counts from the end, and you falsify what comes before. Falsify from t on.
false[t:] → false[t : t + 2] | What comes from t + 2 on stays true, and a forecast that uses it is not caught.
false[t:] → false[t + 2 :] | The values at t and t + 1 stay true, and a forecast that uses them is not caught.
false[t:] → false[t - 1] | You falsify series[t − 1] alone, which a fair forecast may use. Falsify from t on.
!= → - | That is the change itself. Wanted is whether there is one: True or False.
!= forecast(series, t) → | That is the forecast of the falsified series. Compare it with that of the true one.
return abs(forecast(np.append(series[:t], 1000 + 0 * series[t:]), t) - forecast(series, t)) > 1 | A small change counts as well: a leak may give what comes after very little weight. Compare with !=.
return abs(forecast(np.append(series[:t], 1000 + 0 * series[t:]), t) - forecast(series, t)) > 100 | Only a large change counts so. A leak may give what comes after little weight: compare with !=.
return abs(forecast(np.append(series[:t], 1000 + 0 * series[t:]), t) - series[t]) > abs(forecast(series, t) - series[t]) | That asks whether the forecast gets worse. A leak need not: any change counts.
forecast(false, t) != forecast(series, t) → abs(forecast(false, t)) > abs(forecast(series, t)) | Only a forecast that becomes larger in size is caught so. Any change counts: !=.
forecast(series, t) → forecast(series, t - 1) | One forecast is of step t, the other of step t − 1. A fair one changes from step to step: ask for step t twice.
""",
    draw=_blindfolded,
    seed=1,
    draws=len(FORECASTS),
    hints=(
        "Copy the series, replace what comes after, call forecast on both, compare.",
        "false = series.copy(); false[t:] = something far from all values.",
    ),
    praise="Right: the fair ones stand still, the leaks move. `blindfold` in the library does this at several steps.",
)
def moves(forecast, series, t):
    false = series.copy()
    false[t:] = 1000.0
    return forecast(false, t) != forecast(series, t)


@exercise(
    """
t[:cut], series[:cut] → t, series | The line is fitted on the whole series: it knows where the test part goes. Fit it on series[:cut].
t[:cut], series[:cut] → t[cut:], series[cut:] | The line is fitted on the test part. Fit it on series[:cut].
series - (start + slope * t) → start + slope * t | That is the line. Wanted is the series without it.
(start + slope * t) → slope * t | The line has a start as well as a slope: subtract both.
(start + slope * t) → slope * t + start | A bracket is missing: as it stands, the start is added. series - (slope * t + start).
series - (start + slope * t) → start + slope * t - series | Turned round: that is the line without the series.
series - → series + | You add the line; subtract it.
series - (start + slope * t) → (series - (start + slope * t))[:cut] | That is the training part alone. The line goes on: subtract it from the whole series.
series - (start + slope * t) → (series - (start + slope * t))[cut:] | That is the test part alone. Return the whole series without the line.
return series - series[:cut].mean() | That subtracts the mean of the training part, not a line.
return np.diff(series) | Those are differences: another way to remove a trend, and one value shorter. Here a line is asked for.
slope, start = np.polyfit(t[:cut], series[:cut], 1) → start, slope = series[0], (series[cut - 1] - series[0]) / (cut - 1) | That is the line through the first and the last value of the training part. Noise in these two tilts it: fit it to all of them.
slope, start → start, slope | Slope and start are swapped: polyfit returns the slope first.
t[:cut], series[:cut] → series[:cut], t[:cut] | The arguments of polyfit have changed places: first t, then the values.
series - (start + slope * t) → np.where(t < cut, series, series - (start + slope * t)) | The line is subtracted after the cut alone. Subtract it from the whole series.
series - (start + slope * t) → np.where(t < cut, series - (start + slope * t), series) | The line is subtracted before the cut alone. It goes on: subtract it from the whole series.
t[:cut], series[:cut] → t[: cut - 1], series[: cut - 1] | The last value of the training part is missing in the fit: series[:cut] has it.
t[:cut], series[:cut] → t[: cut + 1], series[: cut + 1] | The first value of the test part is in the fit: series[:cut] ends before it.
return series - np.polyval(np.polyfit(np.arange(cut), series[:cut], 2), np.arange(len(series))) | That is a parabola, of degree 2. A line has degree 1.
series - ( → series / ( | You divided by the line; subtract it.
start + slope * t → np.where(t < cut, start + slope * t, np.polyval(np.polyfit(t[cut:], series[cut:], 1), t)) | The test part has a line of its own, fitted on it. Subtract the training part's line from both.
slope * t → slope * (t + 1) | Time begins at 0 in the fit and at 1 where the line is subtracted.
slope * t → slope * (t - cut) | Time begins at the start in the fit, and at the cut where the line is subtracted.
slope * t → slope | The slope is the change per step: multiply it by t.
(start + slope * t) → start | Only the start is subtracted, so the slope is still there.
start + slope * t → (start + slope) * t | The start is multiplied by t as well. Only the slope is.
slope * t → slope * np.minimum(t, cut - 1) | After the cut your line is level. It goes on with its slope.
slope * t) → slope * t) + series[:cut].mean() | The mean of the training part is still there. Subtract the whole line.
slope * t → slope * t[:cut] | The line is only as long as the training part. Take it at every t.
start + slope * t → np.polyfit(t[:cut], series[:cut], 1) | polyfit returns two numbers, the slope and the start. The line is start + slope * t.
t[:cut], series[:cut] → t, series[:cut] | polyfit needs as many t as values: t[:cut] with series[:cut].
""",
    draw=_series,
    hints=(
        "np.polyfit(t, values, 1) returns the slope and the start of the best line. Which t and values may it see?",
        "np.polyfit(t[:cut], series[:cut], 1); then subtract start + slope · t for every t.",
    ),
    praise="Right: fitted before the cut, continued after it. The test part had no say.",
)
def without_line(series, cut):
    t = np.arange(len(series))
    slope, start = np.polyfit(t[:cut], series[:cut], 1)
    return series - (start + slope * t)


def _errors(drawn):
    """A trend, a saw, noise that grows, waves, or noise; r, however it is computed, is not close to its limit."""
    n, mean, size = drawn.of(7, 12, 30, 60), drawn.of(0, 0, 0, 9, 9), drawn.of(0.8, 2.0, 2.0)
    made = drawn.of(
        np.sort,
        lambda noise: (3 + noise) * (-1.0) ** np.arange(n),
        lambda noise: np.sort(abs(noise)) * np.sign(noise),
        lambda noise: noise + np.roll(noise, 1) / 2,
        np.array,
    )
    while True:
        errors = np.round(mean + made(drawn.rng.normal(0, size, n)), 1)
        e = errors - errors.mean()
        r = np.corrcoef(e[:-1], e[1:])[0, 1], (e[:-1] * e[1:]).sum() / (e**2).sum()
        strength = np.abs(r) * np.sqrt(n)
        if max(strength) < 1.95 or min(strength) > 2.05:
            return (errors,)


@exercise(
    """
abs(r) → r | Waves alone: errors that jump up and down in turn have a correlation below 0, and can be forecast as well. Take abs(r).
abs(r) → -r | Only errors that jump up and down in turn are found so. Take abs(r).
> → < | It is turned round: True should mean that something is left.
[0, 1] → [0, 0] | True of all errors. (If you took [0, 0]: that is the correlation of errors with themselves, always 1. Take [0, 1] of the matrix of errors[:-1] and errors[1:].)
abs(r) → r**2 | r² has a limit of its own, 4/n; 2/√n is that of |r|.
errors[:-1], errors[1:] → abs(errors[:-1]), abs(errors[1:]) | That asks whether large errors follow large ones. The signs are lost: take abs of r, not of the errors.
errors[:-1], errors[1:] → errors[:-2], errors[2:] | That is each error with the next but one.
2 / → 1 / | The limit is too low: noise passes 1/√n in one case of three. It is 2/√n.
2 / np.sqrt(len(errors)) → 0.5 | A fixed limit is too wide for many errors and too narrow for few: 2/√n.
np.corrcoef(errors[:-1], errors[1:])[0, 1] → (errors[:-1] * errors[1:]).sum() / (errors**2).sum() ; abs(r) → r | With a mean that is not 0 all errors seem to go together. Subtract it first; np.corrcoef does.
np.corrcoef(errors[:-1], errors[1:])[0, 1] → (errors[:-1] * errors[1:]).sum() / (errors**2).sum() | Subtract the mean first; np.corrcoef does. Otherwise all errors of a forecast that is too high seem to go together.
abs(r) → abs(errors.mean()) ; 2 / → 2 * errors.std() / | That asks whether the mean is 0. Errors with the mean 0 may form waves.
np.sqrt(len(errors)) → len(errors) | The root is missing: 2/n is far below 2/√n, so noise often passes it.
2 / np.sqrt(len(errors)) → np.sqrt(2 / len(errors)) | Noise often passes this limit, √(2/n) = 1.4/√n. It is 2/√n for |r|, and 4/n for r².
2 / np.sqrt(len(errors)) → 4 / len(errors) | 4/n is the limit of r². That of |r| is its root, 2/√n.
2 / → 3 / | The limit is too high: chance reaches 2/√n, and 3/√n hardly ever.
2 / → 4 / | The limit is far too high: chance reaches 2/√n.
return False | It never says that something is left. No correlation is above 1: is your limit, for 7 errors and for 60? It is 2/√n.
> 2 / np.sqrt(len(errors)) → ; abs(r) → r | That is the correlation. Wanted is whether it is beyond ±2/√n: True or False.
> 2 / np.sqrt(len(errors)) → | That is the size of the correlation. Wanted is whether it is above 2/√n: True or False.
abs(r) > 2 / np.sqrt(len(errors)) → r > 0 | Every correlation above 0 counts so. Chance alone gives up to 2/√n, of either sign.
abs(r) > → r < | It is turned round, and a correlation far below 0 counts as noise. Take abs(r), and >.
[0, 1] → | You compare the whole matrix of np.corrcoef. The correlation of each error with the next is its entry [0, 1].
errors[:-1], errors[1:] → errors, np.roll(errors, 1) | np.roll puts the last error before the first, which are no neighbours. Take errors[:-1] and errors[1:].
errors[:-1], errors[1:] → errors, np.arange(len(errors)) | That asks whether the errors rise or fall with time. Compare each with the next.
np.corrcoef → np.cov | That is the covariance, which grows with the size of the errors. np.corrcoef divides by their spread.
return abs((errors[:-1] * errors[1:]).mean()) > 2 / np.sqrt(len(errors)) | That product grows with the size of the errors. np.corrcoef subtracts the mean and divides by the spread.
2 / np.sqrt(len(errors)) → 0.2 | About 0.2, whatever n, is the limit for 100 errors. It is 2/√n.
2 / np.sqrt(len(errors)) → 0.3 | About 0.3, whatever n, is the limit for 44 errors. It is 2/√n.
""",
    draw=_errors,
    draws=40,
    hints=(
        "errors[:-1] and errors[1:] are each error and the next. np.corrcoef of both is a matrix.",
        "r = np.corrcoef(errors[:-1], errors[1:])[0, 1]; chance reaches ±2/√n.",
    ),
    praise="Right: what stays inside ±2/√n looks like noise, one step back. (A season in the errors shows at its own period.)",
)
def something_left(errors):
    r = np.corrcoef(errors[:-1], errors[1:])[0, 1]
    return abs(r) > 2 / np.sqrt(len(errors))
