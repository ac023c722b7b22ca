"""What a table's texts mean, where one reading fits a whole column: numbers and dates."""

import re

import numpy as np

from lstm_lib.checks import one_of, quoted
from lstm_lib.learning.table import MISSING

GREATEST = 1e6
MOST_FILLED = 0.1

SIGNS = [("", "."), ("", ","), (",", "."), (".", ","), (" ", "."), (" ", ","), ("'", "."), ("'", ",")]
"""Between thousands and before decimals."""

NUMBER = r"[-+]?[\d., ']*\d[.,]?([eE][-+]?\d+)?"
TIME = r"[T ]\d\d?:\d\d.*$"
ALIKE = str.maketrans("−–‐‑－﹣’\xa0\u202f\u2009", "------'   ")

DATES = (
    "%Y %m %d,%Y %m,%Y,%m %Y,%Y.%m.%d,%m.%Y,%d.%m.%Y,%d %m %Y,%m %d %Y,%d.%m.%y,%d %m %y,%m %d %y,"
    "%y %m %d,%d %b %Y,%b %d %Y,%Y %b %d,%b %Y,%Y %b,%d %b %y,%b %y,%G W%V %u"
).split(",")
"""Forms of dates, as `_plain` writes them."""


def _one_reading(texts, ways, places, wanted, cure):
    """(way, values) of the reading that fits all texts; `ways` gives the values of each, with NaN or NaT where it does not fit."""
    best = max(ways, key=lambda way: ways[way].notna().sum())
    for k in np.flatnonzero(ways[best].isna())[:1]:
        right = [text for text, fits in zip(texts, ways[best].notna(), strict=True) if fits]
        odd = "".join(sign for sign in dict.fromkeys(texts[k]) if right and sign not in "".join(right))
        told = f"{quoted(texts[k])} ({quoted(odd)} is in no other)" if odd else quoted(texts[k])
        like = f" like {quoted(right[0])}" if right else ""
        raise ValueError(f"{places[k]}: expected {wanted}{like}, got {told}; {cure}")
    for other in [values for values in ways.values() if values.notna().all()]:
        for k in np.flatnonzero(other != ways[best])[:1]:
            both = " or ".join(str(values[k]).removesuffix(" 00:00:00") for values in (ways[best], other))
            raise ValueError(f"source: is {quoted(texts[k])} {both}? Both fit all; {cure}")
    return best, ways[best]


def _unit(text):
    """What a text has beside its first number."""
    return re.sub(NUMBER, "", text.translate(ALIKE), count=1)


def is_data(name, texts):
    """Whether a column's name is a date, or a number with the unit of the column's texts."""
    import pandas as pd

    plain = [_plain(re.sub(TIME, "", name))]
    dates = any(pd.to_datetime(plain, format=form, errors="coerce").notna().all() for form in DATES)
    return dates or bool(re.search(r"\d", name)) and _unit(name) in set(map(_unit, texts))


def numbers(texts, places, remarks, decimal, thousands, na_values):
    """The numbers (T,), NaN where there is none, with the signs for thousands and decimals that fit all of them."""
    import pandas as pd

    na_values = () if na_values is None else na_values
    codes = list(na_values) if isinstance(na_values, list | tuple | set) else [na_values]
    if not all(isinstance(code, str | int | float | np.integer | np.floating) for code in codes):
        raise ValueError(f"na_values: expected a number, a text or a list of them, got {quoted(na_values)}")
    decimal = None if decimal is None else one_of("decimal", str(decimal).translate(ALIKE), (".", ","))
    thousands = (
        None
        if thousands is None
        else one_of("thousands", str(thousands).translate(ALIKE), ("", ".", ",", " ", "'"))
    )
    if thousands and thousands == decimal:
        raise ValueError(f"thousands: expected another sign than decimal, got {quoted(thousands)} for both")
    missing = texts.str.lower().isin(MISSING | {str(code).lower() for code in codes}).to_numpy()
    if some := sorted(set(texts[missing]) - {""}):
        remarks.append(f"Read as missing: {', '.join(map(quoted, some[:4]))}.")
    given = texts[~missing].str.translate(ALIKE)
    units = set(map(_unit, given))
    if len(units) == 1 and re.fullmatch(r"[^-+()\d]+", unit := units.pop()):
        remarks.append(f"{quoted(unit.strip())} is left out of the values.")
        given = given.str.replace(unit, "", n=1, regex=False)
    ways = {}
    for big, small in SIGNS:
        whole = rf"(\d+|[1-9]\d{{0,2}}({re.escape(big)}\d{{3}})+)" if big else r"\d+"
        right = given.str.fullmatch(
            rf"[-+]?(?=[{small}]?\d){whole}?([{small}]\d*)?([eE][-+]?\d+)?", flags=re.ASCII
        )
        if decimal in (None, small) and thousands in (None, big):
            plain = given.str.replace(big, "", regex=False).str.replace(small, ".", regex=False).where(right)
            ways[big, small] = pd.to_numeric(plain).reset_index(drop=True)
    if (
        not given.str.contains(r",|\..*\.|^[-+]?\d{1,3}$").any()
        and thousands is decimal is None
        and (".", ",") in ways
    ):
        points = given.str.contains(".", regex=False)
        if ways.pop((".", ",")).notna().all() and points.any():
            remarks.append(f"{given[points].iloc[0]} is read with a decimal point, not as thousands.")
    (big, small), found = _one_reading(
        given.tolist(), ways, [place for place, gone in zip(places, missing, strict=True) if not gone], "a number",
        "say decimal=, thousands= or sep=, or skiprows= if the header is further down; what is missing is an empty field",
    )  # fmt: skip
    if small == "," and given.str.contains(",").any():
        remarks.append("The values have decimal commas.")
    for k in np.flatnonzero(given.str.contains(big, regex=False))[: bool(big)]:
        remarks.append(f"{quoted(given.iloc[k])} is read as {found[k]:.10g}.")
    values = np.full(len(texts), np.nan)
    values[~missing] = found
    values[np.isin(values, [code for code in codes if not isinstance(code, str)])] = np.nan
    for k in np.flatnonzero(np.abs(values) > GREATEST)[:1]:
        raise ValueError(
            f"{places[k]}: expected values up to a million, got {quoted(texts.iloc[k])}; write them in thousands or millions, "
            "or say na_values= if it marks what is missing"
        )
    for few in _far_away(values):
        codes = ", ".join(f"{code:.10g}" for code in few)
        said, given = ("is read as a value", codes) if len(few) == 1 else ("are read as values", f"[{codes}]")
        remarks.append(
            f"{codes} {said} (in {np.isin(values, few).sum()} of {len(values)} rows); if it marks what is missing, "
            f"say na_values={given}."
        )
    return values


def _far_away(values):
    """Arrays of up to three values far below or above all others that look like codes: of nines, or repeated."""
    known = np.unique(values[~np.isnan(values)])
    gaps, middle = np.diff(known), len(known) // 2
    if len(known) > 3:
        left, right = gaps[:middle].argmax() + 1, middle + gaps[middle:].argmax() + 1
        core = known[left:right]
        for few, gap in ((known[:left], gaps[left - 1]), (known[right:], gaps[right - 1])):
            repeated = np.isin(values, few).sum() > len(few)
            nines = any(re.fullmatch(r"-?99[9.]*", f"{value:.10g}") for value in few)
            below = repeated and len(few) == 1 and few[0] < 0 <= core[0]  # −1 among counts
            if len(few) <= 3 and (gap > np.ptp(core) and (repeated or nines) or below):
                yield few


def dates_of(texts, places, remarks, dayfirst, date_format):
    """The dates (T,) in the one form that fits all of them; a time after the date is left out."""
    import pandas as pd

    plain = [re.sub(TIME, "", text) for text in texts]
    if plain != texts:
        remarks.append("Times of day and time zones are left out of the dates.")
    wrong = "no" if dayfirst is None else "%m %d" if dayfirst else "%d %m"
    forms, plain = ([date_format], plain) if date_format else (DATES, list(map(_plain, plain)))
    form, days = _one_reading(
        texts, {f: pd.to_datetime(plain, format=f, errors="coerce") for f in forms if not f.startswith(wrong)}, places,
        "a date", "write 2024-12-31, or say dayfirst=True or False, date_format='%d.%m.%Y'; or date=False if there are none",
    )  # fmt: skip
    if not date_format and all(re.fullmatch(r"\d+(\.0)?", text) for text in texts):
        # digits alone can as well be numbers of rows, or years of two digits with months
        regular = (
            days.month.nunique() > 1 if form == "%Y %m" else form != "%Y" or spacing(days.year.to_numpy())
        )
        for k in [k for k, day in enumerate(days) if not (regular and 1500 <= day.year <= 2100)][:1]:
            raise ValueError(
                f"{places[k]}: is {quoted(texts[k])} a date? Digits alone are read as 2024 (1500 to 2100, evenly spaced), 202412 "
                "or 20241231; say date_format=, such as '%y%m', or date=False if there are no dates"
            )
    if "%y" in form:
        remarks.append(f"{quoted(texts[0])} is read as {days[0]:%Y-%m-%d}.")
    return days.to_numpy("datetime64[D]")


def spacing(at):
    """The step between whole numbers that are evenly spaced when sorted, but for a few that are missing; 0 if they are not."""
    gaps = np.diff(np.unique(at)) if len(at) > 1 else np.ones(1, int)
    sizes, counts = np.unique(gaps, return_counts=True)
    step = sizes[counts.argmax()] if len(sizes) else 1
    return 0 if (gaps % step).any() or gaps.sum() // step > (1 + MOST_FILLED) * len(at) else step


def _plain(text):
    """A date with one kind of separator, months by three letters, and quarters by their first month."""
    text = re.sub(r"^([12]\d{3})(\d\d)(\d\d|)$", r"\1 \2 \3", text).strip()
    text = re.sub(r"^(\d{4})\.(\d\d)$", r"\1 \2", text)  # 1700.5 is no month
    text = re.sub(r"^(\d{4})\.0$", r"\1", text)  # as pandas writes years beside a missing one
    text = re.sub(r"(?i)^Q([1-4])\W*(\d{4})$", r"\2-Q\1", text)
    text = re.sub(r"(?i)^(\d{4})\W*Q([1-4])$", lambda m: f"{m[1]} {3 * int(m[2]) - 2}", text)
    text = re.sub(r"(?i)^(\d{4})[- ]?M(?=\d\d?$)", r"\1 ", text)
    text = re.sub(r"^(\d{4})-?(W\d\d)$", r"\1 \2 1", text)
    return re.sub(r"\.?[-/, ]+", " ", re.sub(r"([A-Za-z]{3})[a-z]+\.?", r"\1", text))
