"""Exercises on forecasting: persistence, the blindfold, and help that is fitted on the training part alone."""

import numpy as np

from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake, program

PERSISTENCE = Exercise(
    name="persistence",
    cases=(([3.0, 1.5, 4.0, 1.0, 5.5, 9.0, 2.5], 4), ([0.5, -2.0, 3.0, 7.0, -1.0, 2.0], 2), ([2.0, 8.0, 1.0, 6.0, 4.5], 3)),
    mistakes=(
        Mistake(lambda series, cut: series[cut:], "That is the value to be forecast: off by one, and the error is 0. No "
                "forecast is that good: this is a leak."),
        Mistake(lambda series, cut: np.full(len(series) - cut, series[cut - 1]), "That repeats the last value of the training "
                "part: persistence rolled out. One step ahead, every forecast may use the value just before it."),
        Mistake(lambda series, cut: series[cut - 2 : -2], "Each value is one step too old: the last one known before step t "
                "is series[t - 1]."),
        Mistake(lambda series, cut: series[cut - 1 :], "One forecast too many: the last value would be the forecast of a "
                "step after the series."),
        Mistake(lambda series, cut: series[cut:-1], "That starts one step too late: the first forecast is of series[cut], and "
                "uses series[cut − 1]. (As it stands it is also one forecast short.)"),
        Mistake(lambda series, cut: series[: len(series) - cut], "Those are values from the beginning of the training part. "
                "Start at cut − 1."),
        Mistake(lambda series, cut: np.full(len(series) - cut, series[:cut].mean()), "That is the mean baseline: the mean of "
                "the training part."),
        Mistake(lambda series, cut: np.full(len(series) - cut, series.mean()), "That is the mean of the whole series, which "
                "includes what is to be forecast: a leak."),
        Mistake(lambda series, cut: series[:cut], "That is the training part. Wanted are forecasts of series[cut:]."),
        Mistake(lambda series, cut: series[: cut - 1], "That is the training part without its last value. Wanted are forecasts "
                "of series[cut:]."),
        Mistake(lambda series, cut: series[:-1], "These are forecasts of the training part as well. Wanted are those of "
                "series[cut:] alone."),
        Mistake(lambda series, cut: series[cut - 1], "That is one number, the first forecast. Wanted is one for each value from "
                "cut on."),
    ),
    hints=("The forecast of series[cut] is series[cut - 1]; the last one, of series[-1], is series[-2].",
           "It is a slice with two ends: series[… : …]."),
    solution="def persistence(series, cut):\n    return series[cut - 1 : -1]",
    praise="Right: each forecast is the value just before. Whatever an LSTM does has to beat this.",
)  # fmt: skip

MOVES_SOLUTION = """\
def moves(forecast, series, t):
    false = series.copy()
    false[t:] = 1000.0
    return forecast(false, t) != forecast(series, t)"""

SHORT = [3.0, -1.5, 4.0, 1.0, 5.5, -2.5, 7.5]


def _forecast(says):
    """A forecast as a case to try; its docstring describes it to the learner."""
    forecast = program(f"def forecast(series, t):\n    return {says}")
    forecast.__doc__ = f"a forecast that returns {says}"
    return forecast


MOVES = Exercise(
    name="moves",
    cases=tuple((_forecast(says), SHORT, t) for says, t in (
        ("series[t - 1]", 4), ("series[t]", 4), ("series[:t].mean()", 5), ("(series[t - 1] + series[t] + series[t + 1]) / 3", 4),
        ("series[t - 1] / series.max()", 5), ("2 * series[t - 1] - series[t - 2]", 6), ("series[t - 1] + 0.01 * (series[-1] - series[0])", 3),
        ("series[t + 1]", 4), ("series[t + 2]", 3), ("series[t - 3 : t].max()", 6), ("series[t - 2]", 4), ("4.0", 4), ("0 * series[t - 1]", 4), ("np.round(series[t])", 4), ("-series[t]", 4),
        ("series[t - 1] + series[t + 1] - series[t]", 4), ("series[t - 1] + 1e-4 * series[t]", 4), ("series[t:].mean()", 4), ("series[0]", 4),
    )),
    mistakes=(
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[t + 1 :]")), "You falsify from t + 1 on (or ask for the forecast of "
                "step t − 1, which comes to the same). The value at t itself is what is to be forecast: the most common leak stays hidden."),
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[t - 1 :]")), "You falsify series[t − 1] as well (or ask for the "
                "forecast of step t + 1, which comes to the same). A fair forecast may use it: persistence would be accused."),
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[t]")), "You falsify the value at t alone. A forecast that looks "
                "further ahead is not caught."),
        Mistake(program(MOVES_SOLUTION, ("!=", "==")), "It is turned round: True should mean that the forecast moved."),
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[:t]")), "You falsify what comes before t. Everything before is "
                "allowed; falsify what comes after."),
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[: t + 1]")), "You falsify what comes before t as well, which a fair "
                "forecast may use. Falsify from t on."),
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[t:-1]")), "The end of the series stays true, and a forecast "
                "that uses it is not caught. (A slice that ends at −1 leaves out the last value.)"),
        Mistake(program(MOVES_SOLUTION, ("!=", "is not")), "`is not` compares objects; compare values with !=."),
        Mistake(program(MOVES_SOLUTION, ("false[t:]", "false[:]")), "You falsify the whole series, so every forecast moves, "
                "the fair ones too."),
        Mistake(lambda forecast, series, t: forecast(series, t + 1) != forecast(series, t), "That compares the forecasts of two steps. A fair "
                "forecast changes from step to step. Ask for the same step twice: of the series and of a falsified copy."),
        Mistake(lambda forecast, series, t: forecast(series, t) != series[t], "That asks whether the forecast is wrong. A fair "
                "forecast is nearly always wrong. Falsify, and compare with the forecast before."),
        Mistake(lambda forecast, series, t: forecast(series, t) == series[t], "That asks whether the forecast is right. A "
                "leak need not be right, and a right forecast need not be a leak."),
        Mistake(lambda forecast, series, t: forecast(series[:t], t) != forecast(series, t), "A leak raises "
                "an error here instead of an answer: series[:t] has no value at t. Falsify the values, don't cut them off."),
        Mistake(program(MOVES_SOLUTION, ("false[t:] = 1000.0", "false[t:] = series[t:][::-1]")), "You only turn what comes "
                "after round. A maximum or a mean of it stays the same: put other values there."),
        Mistake(program(MOVES_SOLUTION, ("forecast(false, t) != forecast(series, t)", "False")), "It never says that a "
                "forecast moved. Call it twice, on the series and on a falsified copy, and compare."),
        Mistake(program(MOVES_SOLUTION, ("forecast(false, t) != forecast(series, t)", "True")), "It accuses every forecast. "
                "Call it twice, on the series and on a falsified copy, and compare."),
    ),
    hints=("Copy the series, replace what comes after, call forecast on both, compare.",
           "false = series.copy(); false[t:] = something far from all values."),
    solution=MOVES_SOLUTION,
    praise="Right: the fair ones stand still, the leaks move. `blindfold` in the library does this at several steps.",
)  # fmt: skip

LINE_SOLUTION = """\
def without_line(series, cut):
    t = np.arange(len(series))
    slope, start = np.polyfit(t[:cut], series[:cut], 1)
    return series - (start + slope * t)"""

WITHOUT_LINE = Exercise(
    name="without_line",
    cases=(([1.0, 2.5, 2.0, 4.5, 6.0, 9.0, 3.0], 4), ([0.5, -1.0, 3.0, 2.0, 8.0, -4.0, 6.0], 5), ([9.0, 7.5, 7.0, 4.0, 5.5, 0.0], 3)),
    mistakes=(
        Mistake(program(LINE_SOLUTION, ("t[:cut], series[:cut]", "t, series")), "The line is fitted on the whole series: it knows "
                "where the test part goes. Fit it on series[:cut]."),
        Mistake(program(LINE_SOLUTION, ("t[:cut], series[:cut]", "t[cut:], series[cut:]")), "The line is fitted on the test part. "
                "Fit it on series[:cut]."),
        Mistake(program(LINE_SOLUTION, ("series - (start + slope * t)", "start + slope * t")), "That is the line. Wanted is the "
                "series without it."),
        Mistake(program(LINE_SOLUTION, ("series - (start + slope * t)", "series - slope * t")), "The line has a start as well as "
                "a slope: subtract both."),
        Mistake(program(LINE_SOLUTION, ("(start + slope * t)", "slope * t + start")), "A bracket is missing: as it stands, "
                "the start is added. series - (slope * t + start)."),
        Mistake(program(LINE_SOLUTION, ("series - (start + slope * t)", "start + slope * t - series")), "Turned round: that is "
                "the line without the series."),
        Mistake(program(LINE_SOLUTION, ("series - (start", "series + (start")), "You add the line; subtract it."),
        Mistake(program(LINE_SOLUTION, ("series - (start + slope * t)", "(series - (start + slope * t))[:cut]")), "That is the "
                "training part alone. The line goes on: subtract it from the whole series."),
        Mistake(program(LINE_SOLUTION, ("series - (start + slope * t)", "(series - (start + slope * t))[cut:]")), "That is the "
                "test part alone. Return the whole series without the line."),
        Mistake(lambda series, cut: series - series[:cut].mean(), "That subtracts the mean of the training part, not a line."),
        Mistake(lambda series, cut: np.diff(series), "Those are differences: another way to remove a trend, and one value "
                "shorter. Here a line is asked for."),
        Mistake(lambda series, cut: series - (series[0] + (series[cut - 1] - series[0]) / (cut - 1) * np.arange(len(series))),
                "That is the line through the first and the last value of the training part. Noise in these two tilts it: "
                "fit it to all of them."),
        Mistake(lambda series, cut: series - np.polyfit(np.arange(cut), series[:cut], 1)[1] * np.arange(len(series))
                - np.polyfit(np.arange(cut), series[:cut], 1)[0], "Slope and start are swapped: polyfit returns the slope first."),
    ),
    hints=("np.polyfit(t, values, 1) returns the slope and the start of the best line. Which t and values may it see?",
           "np.polyfit(t[:cut], series[:cut], 1); then subtract start + slope · t for every t."),
    solution=LINE_SOLUTION,
    praise="Right: fitted before the cut, continued after it. The test part had no say.",
)  # fmt: skip

LEFT_SOLUTION = """\
def something_left(errors):
    r = np.corrcoef(errors[:-1], errors[1:])[0, 1]
    return abs(r) > 2 / np.sqrt(len(errors))"""


def _errors(seed, n, echo, mean=0.0):
    """Noise, of which `echo` times the value before is left in the next."""
    noise = np.random.default_rng(seed).normal(size=n)
    return np.round(mean + noise + echo * np.concatenate([[0.0], noise[:-1]]), 2)


SOMETHING_LEFT = Exercise(
    name="something_left",
    cases=(([-3.0, -2.5, -2.0, -1.0, -0.5, 0.0, 0.5, 1.5, 2.0, 2.5, 2.5, 3.0],), ([1.0, -1.5, 1.0, -2.0, 1.5, -1.0, 2.0, -1.0, 1.5, -2.0],),
           ([0.5, 1.0, -2.0, -0.5, 1.0, 2.0, -1.0],), ([1.0, 2.0, 1.5, 0.0, -1.0, -1.5, 0.5],), ([5.5, 5.0, 6.0, 4.5, 5.0, 6.5, 5.0],), (_errors(1, 60, 0.7),), (_errors(1, 60, 0.7, 9.0),),
           (_errors(7, 60, 0.0),), (_errors(7, 60, 0.0, 9.0),), (_errors(5, 12, 0.7),), (_errors(7, 60, -0.6),),
           (10 * np.sin(np.arange(60) / 4) + 5 * _errors(2, 60, 0.0),), (np.sin(np.arange(40) * np.pi / 4),),
           (np.sign(_errors(7, 60, 0.0)) * (1.1 + np.sin(np.arange(60) / 5)),)),
    mistakes=(
        Mistake(program(LEFT_SOLUTION, ("abs(r)", "r")), "Waves alone: errors that jump up and down in turn have a correlation below 0, "
                "and can be forecast as well. Take abs(r)."),
        Mistake(program(LEFT_SOLUTION, ("abs(r)", "-r")), "Only errors that jump up and down in turn are found so. Take abs(r)."),
        Mistake(program(LEFT_SOLUTION, (">", "<")), "It is turned round: True should mean that something is left."),
        Mistake(program(LEFT_SOLUTION, ("[0, 1]", "[0, 0]")), "True of all errors. (If you took [0, 0]: that is the correlation of errors with "
                "themselves, always 1. Take [0, 1] of the matrix of errors[:-1] and errors[1:].)"),
        Mistake(program(LEFT_SOLUTION, ("abs(r)", "r**2")), "r² has a limit of its own, 4/n; 2/√n is that of |r|."),
        Mistake(program(LEFT_SOLUTION, ("errors[:-1], errors[1:]", "abs(errors[:-1]), abs(errors[1:])")), "That asks whether large errors follow "
                "large ones. The signs are lost: take abs of r, not of the errors."),
        Mistake(program(LEFT_SOLUTION, ("errors[:-1], errors[1:]", "errors[:-2], errors[2:]")), "That is each error with the next but one."),
        Mistake(program(LEFT_SOLUTION, ("2 / ", "1 / ")), "The limit is too low: noise passes 1/√n in one case of "
                "three, and 2/n, without the root, more often. It is 2/√n."),
        Mistake(program(LEFT_SOLUTION, ("2 / np.sqrt(len(errors))", "0.5")), "A fixed limit is too wide for many errors and too narrow for few: 2/√n."),
        Mistake(lambda errors: (errors[:-1] * errors[1:]).sum() / (errors**2).sum() > 2 / np.sqrt(len(errors)), "With a mean that is not 0 "
                "all errors seem to go together. Subtract it first; np.corrcoef does."),
        Mistake(lambda errors: abs((errors[:-1] * errors[1:]).sum() / (errors**2).sum()) > 2 / np.sqrt(len(errors)), "Subtract the mean "
                "first; np.corrcoef does. Otherwise all errors of a forecast that is too high seem to go together."),
        Mistake(lambda errors: abs(errors.mean()) > 2 * errors.std() / np.sqrt(len(errors)), "That asks whether the mean is 0. Errors with "
                "the mean 0 may form waves."),
    ),
    hints=("errors[:-1] and errors[1:] are each error and the next. np.corrcoef of both is a matrix.",
           "r = np.corrcoef(errors[:-1], errors[1:])[0, 1]; chance reaches ±2/√n."),
    solution=LEFT_SOLUTION,
    praise="Right: what stays inside ±2/√n looks like noise, one step back. (A season in the errors shows at its own period.)",
)  # fmt: skip
