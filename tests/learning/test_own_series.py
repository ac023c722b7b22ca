"""A learner's own series: what is read, what is told, and the sentence for each thing that can be wrong."""

import numpy as np
import pytest

from lstm_lib.learning.own_series import own_series, save_forecast

WAVE = (np.sin(np.arange(50)) * 10).round(2)


def days(n=50, form="2024-{:02d}-{:02d}", start=0):
    return [form.format(1 + k // 28, 1 + k % 28) for k in range(start, start + n)]


def text(dates, values=WAVE, header="date,value", separator=","):
    return "\n".join(
        [
            header.replace(",", separator),
            *(separator.join([str(d), str(v)]) for d, v in zip(dates, values, strict=True)),
        ]
    )


def test_values_alone_and_with_dates():
    series, remarks = own_series("value\n" + "\n".join(map(str, WAVE)))
    assert (
        series.values.tolist() == WAVE.tolist()
        and remarks == ()
        and series.name == "your value"
        and series.dates is None
    )
    series, remarks = own_series(
        text([f"{1950 + k}" for k in range(50)], header="year;sun spots", separator=";")
    )
    assert (
        series.dates[:2] == ("1950-01-01", "1951-01-01") and series.name == "your sun spots" and remarks == ()
    )
    months = [f"{2000 + k // 12}-{1 + k % 12:02d}" for k in range(50)]
    assert (
        own_series(text(months))[0].dates[-1] == "2004-02-01"
        and own_series(text(months), period=12)[0].period == 12
    )
    assert (
        own_series("value,date\n" + "\n".join(f"{v},{m}" for v, m in zip(WAVE, months, strict=True)))[
            0
        ].dates[0]
        == "2000-01-01"
    )
    wide = "value,place,date\n" + "\n".join(f"{v},here,{m}" for v, m in zip(WAVE, months, strict=True))
    assert own_series(wide)[0].values.tolist() == WAVE.tolist()


def test_decimal_commas_order_gaps_and_ends():
    commas = [str(v).replace(".", ",") for v in WAVE]
    series, remarks = own_series(text([f"{k % 28 + 1}.{k // 28 + 1}.2024" for k in range(28)], commas[:28], separator=";") + "\n" +
                                 "\n".join(f"{k}.2.2024;{c}" for k, c in zip(range(1, 23), commas[28:], strict=True)))  # fmt: skip
    assert (
        remarks[0] == "The values have decimal commas." and series.values[1] == WAVE[1] and len(series) == 53
    )
    assert (
        "3 missing values are filled with the value before them; the longest gap is of 3, from 2024-01-29 on"
        in remarks[1]
    ), "the days after the 28th"
    series, remarks = own_series("\n".join(["date,value", *text(range(1950, 2000)).splitlines()[:0:-1]]))
    assert remarks == ("The rows were from the last date to the first, and are turned round.",)
    assert series.values.tolist() == WAVE.tolist()
    mixed = text(range(1950, 2000)).splitlines()
    mixed[3], mixed[9] = mixed[9], mixed[3]
    assert "sorted" in own_series("\n".join(mixed))[1][0]
    del mixed[20]
    series, remarks = own_series("\n".join(mixed))
    assert (
        len(series) == 50
        and "1 missing value, at 1969-01-01, is filled with the value before it." in remarks[-1]
    )
    series, remarks = own_series("value\nNA\nNaN\n" + "\n".join(map(str, WAVE)) + "\n-")
    assert len(series) == 50 and remarks == ("3 missing values at the ends are left out.",)


def test_uneven_dates_and_long_series_are_told():
    ends = [str((np.datetime64("2000-01") + k + 1).astype("datetime64[D]") - 1) for k in range(50) if k != 1]
    series, remarks = own_series(text(ends, WAVE[:49]))
    assert series.dates[:3] == ("2000-01-31", "2000-02-29", "2000-03-31") and "1 missing value" in remarks[0]
    assert "not evenly spaced" in own_series(text([*ends[:48], "9999-12-31"], WAVE[:49]))[1][-1], (
        "a placeholder"
    )
    weekdays = [
        d for k, d in enumerate(f"2024-0{1 + k // 28}-{1 + k % 28:02d}" for k in range(84)) if k % 7 < 5
    ][:50]
    assert "not evenly spaced" in own_series(text(weekdays))[1][-1]
    series, remarks = own_series("value\n" + "\n".join(str(k % 7) for k in range(6000)))
    assert len(series) == 5000 and remarks == ("Of 6,000 values the last 5,000 are used.",)


WRONG = {
    "five points": ("value\n1\n2\n3\n4\n5", "at least 40 values.*got 5"),
    "constant": ("value\n" + "3\n" * 50, "all 50 are about 3"),
    "nearly constant": ("value\n" + "3\n" * 49 + "3.0000001", "vary by more than a millionth"),
    "tiny": (text(range(1950, 2000), WAVE * 1e-12), "vary by more than a millionth"),
    "text": (text(days(), [*WAVE[:30], "warm", *WAVE[31:]]), "line 32: expected a number.*'warm'"),
    "all missing": (text(days(), ["NA"] * 50), "all are missing"),
    "too many gaps": (text(days(), [v if k % 4 else "" for k, v in enumerate(WAVE)]), "1[0-9] of 5[0-9] values are missing"),
    "no header": (text(days()).split("\n", 1)[1], "header in the first line"),
    "numbers without a header": ("\n".join(map(str, WAVE)), "header in the first line"),
    "a date twice": (text([*days(49), days(1)[0]]), "2024-01-01 stands in lines 2 and 51"),
    "mixed dates": (text([*days(49), "31.12.2024"]), "line 51: '31.12.2024' is no date in the form year-month-day"),
    "which is the month": (text([f"0{1 + k % 9}/0{1 + k // 9}/2024" for k in range(50)]), "day/month/year or month/day/year"),
    "no such day": (text([*days(49), "2024-02-30"]), "line 51: there is no such day as '2024-02-30'"),
    "no dates": (text([f"day {k}" for k in range(50)]), "line 2: expected a date such as"),
    "thousands": (text(days(), ["1,234"] * 50, separator=";"), "one thousand or a decimal"),
    "thousands with points": (text(days(), ["1.234", "999"] * 25, separator=";"), "one thousand or a decimal"),
    "millions with points": (text(days(), ["1.234.567"] * 50, separator=";"), "one thousand or a decimal"),
    "several points": (text(days(), ["1.234.5"] * 50, separator=";"), "or several"),
    "a note above": ("# from a station\n" + text(days()), "line 2: expected a number.*'date,value'"),
    "commas and points": (text(days(), ["1.234,5", *WAVE[1:]], separator=";"), "both commas and points"),
    "three columns": (text(days(), [f"{v},x" for v in WAVE], header="day,v,w"), "name two of them date and value"),
    "infinite": (text(days(), ["1e400", *WAVE[1:]]), "line 2: expected values up to a million"),
    "infinity": (text(days(), ["inf", *WAVE[1:]]), "line 2: expected a number"),
    "code": (text(days(), ["__import__('os')", *WAVE[1:]]), "line 2: expected a number"),
    "other digits": (text(days(), ["٣", *WAVE[1:]]), "line 2: expected a number"),
    "hourly": (text([f"2024-01-0{1 + k // 24} {k % 24:02d}:00" for k in range(50)]), "times of day are not read"),
    "a web page": ("<html>\n<body>1</body>", "web page"),
    "no file": ("nowhere.csv", "no file"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_each_thing_that_is_wrong_has_its_sentence(name):
    source, words = WRONG[name]
    with pytest.raises(ValueError, match=words) as said:
        own_series(source)
    assert len(str(said.value)) < 300


def without(k, lines):
    return [line for j, line in enumerate(lines) if j != k]


def monthly(day):
    ends = [np.datetime64(f"{2001 + k // 12}-{1 + k % 12:02d}") for k in range(50)]
    return [
        str(min(month.astype("datetime64[D]") + day - 1, (month + 1).astype("datetime64[D]") - 1))
        for month in ends
    ]


TOLD = {
    "three decimals": (text(days(28), ["1.234", "5.678"] * 14) + "\n" + text(days(22, start=28), ["9.999"] * 22).split("\n", 1)[1],
                       "1.234 is read with a decimal point, not as thousands."),
    "a code for missing": (text(range(1950, 2000), [*WAVE[:49], -999]), "-999 is read as a value (in 1 of 50 rows)"),
    "times of day": (text([f"{year}-01-01T23:30:00-05:00" for year in range(1950, 2000)]), "Times of day and time zones are left out"),
    "the longest gap": (text(range(1950, 2000), [*WAVE[:20], "", *WAVE[21:30], "", "", *WAVE[32:]]),
                        "3 missing values are filled with the value before them; the longest gap is of 2, from 1980-01-01 on."),
    "a hole": (text([*range(1950, 1975), *range(2950, 2975)]), "The longest gap is from 1974-01-01 to 2950-01-01."),
    "an empty line": ("value\n" + "\n".join([*map(str, WAVE[:9]), "", *map(str, WAVE[10:])]), "1 missing value, at step 9,"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_is_changed_is_told(name):
    source, words = TOLD[name]
    assert words in " ".join(own_series(source)[1])


def test_what_fills_a_gap_does_not_know_what_comes_after_it():
    for later in (WAVE[31], 500.0):
        series, _ = own_series("value\n" + "\n".join(map(str, [*WAVE[:30], "NA", later, *WAVE[32:]])))
        assert series.values[30] == WAVE[29]
    assert len(own_series("value\n\n" + "\n\n".join(map(str, WAVE)))[0]) == 50, "every other line is empty"


@pytest.mark.parametrize("day", [1, 29, 30, 31])
def test_monthly_dates_are_kept(day):
    dates = monthly(day)
    series, remarks = own_series(text(without(20, dates), WAVE[:49]))
    assert series.dates == tuple(dates) and remarks[0].startswith("1 missing value, at 2002-09-")


def test_month_first_is_found_where_a_day_tells_it():
    months = [f"{1 + k // 28}/{1 + k % 28}/2024" for k in range(50)]
    assert own_series(text(months))[0].dates[30] == "2024-01-31", "filled in"


def test_a_forecast_is_saved_and_nothing_is_overwritten(tmp_path):
    path = tmp_path / "forecast.csv"
    save_forecast(path, [1, 2.5], [0, 1], [2, 4])
    assert path.read_text() == "step,forecast,low,high\n1,1,0,2\n2,2.5,1,4\n"
    with pytest.raises(ValueError, match="not overwritten"):
        save_forecast(path, [1], [1], [1])
    with pytest.raises(ValueError, match=r"^high: expected shape \(1,\)"):
        save_forecast(tmp_path / "b.csv", [1], [1], [1, 2])
    save_forecast(tmp_path / "c.csv", [1234567.891], [0], [2])
    assert "1,1234567.891,0,2" in (tmp_path / "c.csv").read_text()
    for path, given, words in (
        (None, [1], "^path: expected the path"),
        ("a\0b", [1], "cannot be written"),
        (tmp_path / "d.csv", 1, "^forecast: "),
    ):
        with pytest.raises(ValueError, match=words):
            save_forecast(path, given, given, given)
    with pytest.raises(ValueError, match="cannot be written"):
        save_forecast(tmp_path / "no" / "b.csv", [1], [1], [1])
