"""A learner's own series from a CSV: dates or none, values, and a sentence for each thing that can be wrong."""

import re
from calendar import monthrange
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np

from lstm_lib.cell.params import frozen
from lstm_lib.checks import as_floats, check_shape, finite_number, quoted
from lstm_lib.learning.example_series import ExampleSeries
from lstm_lib.learning.table import read_table

FEWEST, MOST = 40, 5000
MOST_FILLED = 0.1
MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "?"}
GREATEST = 1e6
NUMBER = r"[-+]?(?=[,.]?\d)(\d+|\d{1,3}([,.]\d{3})+)?([,.]\d*)?([eE][-+]?\d+)?"
THOUSANDS = r"[-+]?[1-9]\d{0,2}([,.]\d{3})+"

DATES = {
    "year-month-day": r"(?P<y>\d{4})[-/.]?(?P<m>\d\d)[-/.]?(?P<d>\d\d)",
    "year-month": r"(?P<y>\d{4})[-/.](?P<m>\d\d?)",
    "year": r"(?P<y>\d{4})(\.0)?",
    "day.month.year": r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})",
    "day/month/year": r"(?P<d>\d\d?)/(?P<m>\d\d?)/(?P<y>\d{4})",
    "month/day/year": r"(?P<m>\d\d?)/(?P<d>\d\d?)/(?P<y>\d{4})",
}


def own_series(source, period=None, encoding="utf-8"):
    """(ExampleSeries, remarks) of a CSV with a column of values and, before it, perhaps one of dates.

    source : a path, or pasted text;  period : of its season, in steps, if it has one
    Values are taken one step apart. What was changed (order, gaps, length) is told in the remarks.
    """
    if period is not None:
        finite_number("period", period, 2)
    table = read_table(source, encoding)
    columns = sorted((name for name in table.names if name.lower() in ("date", "value")), key=str.lower)
    if len(columns) < 2:
        columns = list(table.names)
    if len(columns) > 2:
        raise ValueError(
            f"source: expected one column of values, or dates and values, found the columns {', '.join(table.names)}; "
            "name two of them date and value"
        )
    if all(_is_data(name) for name in columns):
        raise ValueError(
            f"source: expected a header in the first line, such as date,value; got {', '.join(columns)}, which look like data"
        )
    remarks = []
    values = _values(table.column(columns[-1]), table.lines, remarks)
    if len(columns) == 2:
        remarks[:0] = table.remarks
        dates, values = _in_order(table.column(columns[0]), values, table.lines, remarks)
    else:
        at = np.subtract(table.lines, table.lines[0])  # an empty line is a missing value
        dates, values = None, _placed(values, at // max(1, np.gcd.reduce(at)))
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
    name = "your " + (columns[-1] if len(columns[-1]) <= 30 else columns[-1][:29] + "…")
    return ExampleSeries(name, frozen(values.copy()), period, dates), tuple(remarks)


def _is_data(name):
    return re.fullmatch(r"[-+\d.,/: ]*\d[-+\d.,/: ]*", name) is not None


def _values(texts, lines, remarks):
    """The numbers (T,), NaN where there is none; a decimal comma is read where all commas can be one."""
    clean = ["" if text.lower() in MISSING else text.replace("−", "-") for text in texts]
    for text, line in zip(clean, lines, strict=True):
        if text and not re.fullmatch(NUMBER, text, flags=re.ASCII):
            raise ValueError(
                f"source: line {line}: expected a number in the column of values, got {quoted(text)}"
            )
    commas, points = ([text for text in clean if sign in text] for sign in ",.")
    unsure = commas or points
    if unsure and all(re.fullmatch(THOUSANDS, text) for text in unsure):
        if commas or any(re.fullmatch(r"[-+]?\d{1,3}|.*\..*\..*", text) for text in clean):
            raise ValueError(
                f"source: is {quoted(unsure[0])} in the column of values one thousand or a decimal? "
                "Leave the sign out, or write every value with a point and as many decimals"
            )
        remarks.append(f"{unsure[0]} is read with a decimal point, not as thousands.")
    if mixed := [text for text in clean if len(re.findall("[,.]", text)) > 1] or commas and points and commas:
        raise ValueError(
            f"source: the values have both commas and points, or several, such as {quoted(mixed[0])}; "
            "use one sign for decimals and none for thousands"
        )
    if commas:
        remarks.append("The values have decimal commas.")
    if coded := [text for text in clean if re.fullmatch(r"-99+([.,][09]+)?", text)]:
        remarks.append(
            f"{coded[0]} is read as a value (in {len(coded)} of {len(clean)} rows); if it marks what is missing, leave it empty."
        )
    values = np.array([float(text.replace(",", ".") or "nan") for text in clean])
    if (great := np.abs(values) > GREATEST).any():
        k = int(great.argmax())
        raise ValueError(
            f"source: line {lines[k]}: expected values up to a million, got {quoted(texts[k])}; write them in thousands or millions"
        )
    return values


def _in_order(texts, values, lines, remarks):
    """(dates, values) by date, with a NaN for each date that is missing in a regular series."""
    days = _days(texts, lines, remarks)
    twice = [text for text, n in Counter(days).items() if n > 1]
    if twice:
        at = [lines[k] for k, day in enumerate(days) if day == twice[0]]
        what = (
            "times of day are not read: leave the column of dates out"
            if any(":" in text for text in texts)
            else "keep one value for each date"
        )
        raise ValueError(
            f"source: the date {twice[0].isoformat()} stands in lines {at[0]} and {at[1]}; {what}"
        )
    order = sorted(range(len(days)), key=lambda k: days[k])
    if order != list(range(len(days))):
        backwards = order == list(range(len(days)))[::-1]
        remarks.append(
            "The rows were from the last date to the first, and are turned round."
            if backwards
            else "The rows were not in the order of their dates, and are sorted."
        )
    days, values = [days[k] for k in order], values[order]
    last = max(day.day for day in days)  # of monthly dates: the same day, or the end of a shorter month
    months = all(day.day == min(last, monthrange(day.year, day.month)[1]) for day in days)
    at = np.array([12 * d.year + d.month - 1 if months else d.toordinal() for d in days])
    gaps = np.diff(at) if len(at) > 1 else np.ones(1, int)
    step = int(Counter(gaps.tolist()).most_common(1)[0][0])
    if (gaps % step).any() or gaps.sum() // step > (1 + MOST_FILLED) * len(days):
        k = int(gaps.argmax())
        remarks.append(
            "The dates are not evenly spaced; the values are taken one step apart all the same. "
            f"The longest gap is from {days[k]} to {days[k + 1]}."
        )
        return tuple(map(str, days)), values

    def day(n):
        if not months:
            return date.fromordinal(n)
        return date(n // 12, n % 12 + 1, min(last, monthrange(n // 12, n % 12 + 1)[1]))

    dates = tuple(str(day(int(n))) for n in range(at[0], at[-1] + 1, step))
    return dates, _placed(values, (at - at[0]) // step)


def _placed(values, at):
    """The values at their steps, with NaN at those between."""
    whole = np.full(at[-1] + 1, np.nan)
    whole[at] = values
    return whole


def _days(texts, lines, remarks):
    """The dates in the one form that fits all of them; a time after the date is left out."""
    given, texts = texts, [re.sub(r"[T ]\d\d?:\d\d.*$", "", text) for text in texts]
    if given != texts:
        remarks.append("Times of day and time zones are left out of the dates.")
    read = {form: [_day(pattern, text) for text in texts] for form, pattern in DATES.items()}
    fits = {form: days for form, days in read.items() if all(days)}
    if len({tuple(days) for form, days in fits.items() if "/year" in form}) > 1:
        raise ValueError(
            f"source: is {quoted(texts[0])} day/month/year or month/day/year? Both fit all dates; write them as 2024-12-31"
        )
    if fits:
        return next(iter(fits.values()))
    form, found = max(read.items(), key=lambda item: sum(map(bool, item[1])))
    k = next(k for k, day in enumerate(found) if not day)
    if found[k] is not None:
        what = "there is no such day as {}"
    elif any(found):
        what = f"{{}} is no date in the form {form} of the others; write all dates as 2024-12-31"
    else:
        what = "expected a date such as 2024-12-31, got {}; if the column has no dates, leave it out"
    raise ValueError(f"source: line {lines[k]}: {what.format(quoted(texts[k]))}")


def _day(pattern, text):
    """The date; None if the text is of another form, False if there is no such day."""
    match = re.fullmatch(pattern, text, flags=re.ASCII)
    if not match:
        return None
    try:
        return date(*(int(match.groupdict().get(part) or 1) for part in "ymd"))
    except ValueError:
        return False


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
    columns = [as_floats(*given) for given in (("forecast", forecast), ("low", low), ("high", high))]
    for name, column in zip(("forecast", "low", "high"), columns, strict=True):
        check_shape(name, column, (columns[0].size,))
    if not isinstance(path, str | Path):
        raise ValueError(f"path: expected the path of a new file, got {type(path).__name__}")
    rows = (
        ",".join([str(k + 1), *(f"{v:.10g}" for v in row)])
        for k, row in enumerate(zip(*columns, strict=True))
    )
    try:
        with Path(path).open("x", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(["step,forecast,low,high", *rows]) + "\n")
    except FileExistsError:
        raise ValueError(f"path: {Path(path).name} is there already, and is not overwritten") from None
    except (OSError, ValueError) as error:  # no folder, no permission, or no possible name
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"path: {quoted(Path(path).name)} cannot be written ({reason})") from None
