"""A learner's own series from a table: dates or none, values, and a sentence for each thing that can be wrong."""

from pathlib import Path

import numpy as np

from lstm_lib.cell.params import frozen
from lstm_lib.checks import as_floats, check_shape, finite_number, quoted
from lstm_lib.learning.columns import MOST_FILLED, dates_of, is_data, numbers, spacing
from lstm_lib.learning.example_series import ExampleSeries
from lstm_lib.learning.table import column, listed_columns, read_table, refusing

FEWEST, MOST = 40, 5000


@refusing
def own_series(source, period=None, date=None, value=None, decimal=None, thousands=None, na_values=(), dayfirst=None,
               date_format=None, **options):  # fmt: skip
    """(ExampleSeries, remarks) of a table with a column of values and perhaps one of dates.

    source : a path, pasted text, a DataFrame, a Series, an array or a list;  period : of its season, in steps, if it has one
    date, value : names of the columns, date=False for none;  na_values : what else marks missing values, such as 999.9
    decimal, thousands, dayfirst, date_format : as in pandas, where a number or a date can be read in two ways
    options : of pandas.read_csv, such as sep, encoding and skiprows
    Values are taken one step apart. What was changed (order, gaps, length) is told in the remarks.
    """
    if period is not None:
        finite_number("period", period, 2)
    frame, left_out = read_table(source, ("date", "value"), **options)
    date, value, rest = _columns(frame, date, value)
    places, remarks = [f"source: {frame.index.name} {at}" for at in frame.index], []
    values = numbers(frame[value], places, remarks, decimal, thousands, na_values)
    if date:
        remarks[:0] = left_out
        dates, values = _in_order(frame[date].tolist(), values, places, remarks, dayfirst, date_format)
    else:
        at = frame.index.to_numpy() - frame.index[0]  # an empty line is a missing value
        step = max(1, np.gcd.reduce(at)) if frame.index.name == "line" else 1
        dates, values = None, _placed(values, at // step)
    if rest:
        remarks.append(f"Not read: {listed_columns(rest)}.")
    values, dates = _filled(values, dates, remarks)
    if len(values) < FEWEST:
        raise ValueError(f"source: expected at least {FEWEST} values, got {len(values)}")
    if np.ptp(values) <= 1e-6 * max(1, np.abs(values).max()):
        raise ValueError(
            f"source: expected values that vary by more than a millionth, all {len(values)} are about {values[0]:g}"
        )
    if len(values) > MOST:
        remarks.append(f"Of {len(values):,} values the last {MOST:,} are used.")
        values, dates = values[-MOST:], dates[-MOST:] if dates else None
    name = "your " + (value if len(value) <= 30 else value[:29] + "…")
    return ExampleSeries(name, frozen(values.copy()), period, dates), tuple(remarks)


def _columns(frame, date, value):
    """The names of the columns of dates (or None) and of values, and the others."""
    names = {name.lower(): name for name in frame.columns}
    if value is date is None and not {"date", "value"} <= names.keys():
        *dates, value = names.values()
        date = dates[-1] if dates else None
        if len(dates) > 1:
            raise ValueError(
                f"source: expected one column of values, or dates and values, found {listed_columns(frame.columns)}; "
                "say which, as in date='month', value='rain'"
            )
        if any(is_data(name, frame[name]) for name in frame):
            raise ValueError(
                f"source: expected a header in the first line, such as date,value, found {listed_columns(frame.columns)}, "
                "which look like data; if there is no header, say header=None, else which is which: date=, value="
            )
    else:
        value = column(frame, "value" if value is None else value)
        date = names.get("date") if date is None else date and column(frame, date)
    return date, value, [name for name in frame.columns if name not in (date, value)]


def _in_order(texts, values, places, remarks, dayfirst, date_format):
    """(dates, values) by date, with a NaN for each date that is missing in a regular series."""
    days = dates_of(texts, places, remarks, dayfirst, date_format)
    order = np.argsort(days, kind="stable")
    for a, b in zip(order, order[1:], strict=False):
        if days[a] == days[b]:
            cure = (
                "times of day are not read: leave dates out, as in date=False, value='load'"
                if any(":" in text for text in texts)
                else "keep one value for each date"
            )
            raise ValueError(
                f"source: the date {days[a]} stands in {places[a][8:]} and {places[b][8:]}; {cure}"
            )
    if (turned := np.diff(order) < 0).any():
        remarks.append(
            "The rows were from the last date to the first, and are turned round."
            if turned.all()
            else "The rows were not in the order of their dates, and are sorted."
        )
    days, values = days[order], values[order]
    month = days.astype("datetime64[M]")
    last = max(days - month)  # of monthly dates: the same day, or the end of a shorter month
    months = (days == _on(month, last)).all()
    at = (month if months else days).astype(int)
    if not (step := spacing(at)):
        k = int(np.diff(at).argmax())
        remarks.append(
            "The dates are not evenly spaced; the values are taken one step apart all the same. "
            f"The longest gap is from {days[k]} to {days[k + 1]}."
        )
        return tuple(map(str, days)), values
    whole = np.arange(at[0], at[-1] + 1, step)
    whole = _on(whole.astype("datetime64[M]"), last) if months else whole.astype("datetime64[D]")
    return tuple(map(str, whole)), _placed(values, (at - at[0]) // step)


def _on(month, last):
    """The day of each month that is `last` after its first, or its end."""
    return np.minimum(month + last, (month + 1).astype("datetime64[D]") - 1)


def _placed(values, at):
    """The values at their steps, with NaN at those between."""
    whole = np.full(at[-1] + 1, np.nan)
    whole[at] = values
    return whole


def _filled(values, dates, remarks):
    """The values without those missing at both ends, and with the value before in gaps between: it knows nothing of what comes after."""
    there = np.flatnonzero(~np.isnan(values))
    if not len(there):
        raise ValueError("source: expected numbers in the column of values, all are missing")
    first, last = there[0], there[-1] + 1
    if last - first < len(values):
        remarks.append(f"{len(values) - (last - first)} missing values at the ends are left out.")
    values, dates = values[first:last], dates[first:last] if dates else None
    gaps = np.isnan(values)
    if gaps.mean() > MOST_FILLED:
        raise ValueError(
            f"source: {gaps.sum()} of {len(values)} values are missing; more than {MOST_FILLED:.0%} is too much to fill in"
        )
    if gaps.any():
        last_known = np.maximum.accumulate(np.where(gaps, 0, np.arange(len(values))))
        since = np.arange(len(values)) - last_known
        k = int(since.argmax()) - since.max() + 1
        n, at = int(gaps.sum()), dates[k] if dates else f"step {k}"
        remarks.append(
            f"1 missing value, at {at}, is filled with the value before it."
            if n == 1
            else f"{n} missing values are filled with the value before them; the longest gap is of {since.max()}, from {at} on."
        )
        values = values[last_known]
    return values, dates


def save_forecast(path, forecast, low, high):
    """Write a CSV with the columns step, forecast, low and high; the first step is the one after the series. No file is overwritten."""
    import pandas as pd

    columns = {
        name: as_floats(name, given) for name, given in (("forecast", forecast), ("low", low), ("high", high))
    }
    for name, given in columns.items():
        check_shape(name, given, (columns["forecast"].size,))
    if not isinstance(path, str | Path):
        raise ValueError(f"path: expected the path of a new file, got {type(path).__name__}")
    frame = pd.DataFrame(columns, index=pd.RangeIndex(1, columns["forecast"].size + 1, name="step"))
    try:
        with Path(path).expanduser().open("x", encoding="utf-8", newline="\n") as file:
            frame.to_csv(file, float_format="%.10g", lineterminator="\n")
    except FileExistsError:
        raise ValueError(f"path: {quoted(str(path))} is there already, and is not overwritten") from None
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # no folder, no such home, no permission, or no possible name
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"path: {quoted(str(path))} cannot be written ({reason})") from None
