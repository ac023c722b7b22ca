"""A learner's own series: what is read, what is told, and the sentence for each thing that can be wrong."""

import numpy as np
import pandas as pd
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
    assert len(series) == 50 and remarks == (
        "Read as missing: '-', 'NA', 'NaN'.",
        "3 missing values at the ends are left out.",
    )


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
    "degrees without a header": ("\n".join(f"{v} °C" for v in WAVE), "header in the first line.*'0.0 °C'.*header=None"),
    "months by name without a header": (text([f"{m:%b %Y}" for m in pd.date_range("2015-01", periods=50, freq="MS")]).split("\n", 1)[1],
                                        "header in the first line.*'Jan 2015'"),
    "a time and a gap without a header": (text([f"{d} 12:00" for d in days()], ["NA", *WAVE[1:]]).split("\n", 1)[1], "header in the first line"),
    "a date twice": (text([*days(49), days(1)[0]]), "2024-01-01 stands in line 2 and line 51"),
    "mixed dates": (text([*days(49), "31.12.2024"]), "line 51: expected a date like '2024-01-01', got '31.12.2024' .'.' is in no other"),
    "which is the month": (text([f"0{1 + k % 9}/0{1 + k // 9}/2024" for k in range(50)]), "is '02/01/2024' 2024-01-02 or 2024-02-01. Both fit all.*dayfirst="),
    "no such day": (text([*days(49), "2024-02-30"]), "line 51: expected a date like '2024-01-01', got '2024-02-30'; write"),
    "no dates": (text([f"day {k}" for k in range(50)]), "line 2: expected a date, got 'day 0'; write 2024-12-31.*date=False"),
    "thousands": (text(days(), ["1,234"] * 50, separator=";"), "is '1,234' 1.234 or 1234"),
    "thousands with points": (text(days(), ["1.234", "999"] * 25, separator=";"), "is '1.234' 1.234 or 1234"),
    "millions with points": (text(days(), ["1.234.567"] * 50, separator=";"), "line 2: expected values up to a million, got '1.234.567'"),
    "several points": (text(days(), ["1.234.5"] * 50, separator=";"), "line 2: expected a number.*'1.234.5'"),
    "a note above": ("# from a station\n" + text(days()), "line 2: expected a number.*'date,value'.*skiprows="),
    "commas and points": (text(days(), ["1.234,5", *WAVE[1:]], separator=";"), "line 2: expected a number.*'1.234,5'.*decimal="),
    "three columns": (text(days(), [f"{v},x" for v in WAVE], header="day,v,w"), "say which, as in date='month'"),
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


class Odd:
    def to_pandas(self):
        raise KeyError("x" * 500)


def test_nothing_but_a_sentence_is_raised(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text(DAYS) + "\né", encoding="cp1252")
    closed, undecodable = path.open(), path.open(encoding="utf-8")
    closed.close()
    wrong = [(source, {}) for source in (None, [], {}, pd.DataFrame(), Odd(), closed, undecodable)]
    wrong += [(text(DAYS), given) for given in (
        {"chunksize": 10}, {"iterator": True}, {"comment": 5}, {"date": pd.NA}, {"date_format": 5}, {"date_format": {"a": 1}},
        {"nrows": pd.NA}, {"na_values": [pd.NA]}, {"sep": pd.NA},
    )]  # fmt: skip
    for source, given in wrong + [
        (path, {"encoding": name}) for name in ("punycode", "undefined", "utf\0", 5)
    ]:
        with pytest.raises(ValueError, match="expected|cannot read|is not punycode") as refused:
            own_series(source, **given)
        assert type(refused.value) is ValueError and len(str(refused.value)) <= 300, refused.value
    undecodable.close()
    pairs = np.array(list(zip(DAYS, WAVE, strict=True)), [("date", "U10"), ("value", float)])
    masked = np.ma.array(pairs, mask=[(False, k == 7) for k in range(50)])
    assert own_series(masked)[0].values[7] == WAVE[6]


def test_refusals_are_short_however_large_the_table():
    long = "x" * 5000
    for source in (
        ",".join(f"{long}{k}" for k in range(50)) + "\n" + ",".join(["1"] * 50),
        text(days(), [*WAVE[:30], long, *WAVE[31:]]),
        text([*days(49), long]),
        text([*DAYS[:49], "".join(map(chr, range(0x4E00, 0x4F00)))]),
        text(days(), [f"{v},{long}" for v in WAVE]),
        text(days(), [f"1e{long}"] * 50, header=f"date,{long}"),
        long,
    ):
        with pytest.raises(ValueError) as refused:
            own_series(source)
        assert len(str(refused.value)) <= 300, refused.value


DAYS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-01-01", periods=50)]


def monthly_dates(form, n=50):
    return [f"{pd.Timestamp(2015 + k // 12, 1 + k % 12, 1):{form}}" for k in range(n)]


FIRST = {
    "no zeros": [f"{2015 + k // 12}-{1 + k % 12}-1" for k in range(50)],
    "strokes": [f"{2015 + k // 12}/{1 + k % 12}/1" for k in range(50)],
    "points": [f"1.{1 + k % 12}.{2015 + k // 12}" for k in range(50)],
    "quarters": [f"{2015 + k // 4}Q{1 + k % 4}" for k in range(50)],
    "quarters first": [f"Q{1 + k % 4} {2015 + k // 4}" for k in range(50)],
    "quarters with a hyphen": [f"{2015 + k // 4}-Q{1 + k % 4}" for k in range(50)],
    "periods": pd.period_range("2015-01", periods=50, freq="M"),
    "statistics": [f"{2015 + k // 12}M{1 + k % 12:02d}" for k in range(50)],
    **{form: monthly_dates(form) for form in ("%b-%Y", "%B %Y", "%m/%Y", "%Y%m", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%Y %b", "%b. %Y",
                                              "%Y%m%d", "%d. %b %Y", "%Y.%m")},
    "floats": [f"{2015 + k}.0" for k in range(50)],
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST)
def test_dates_as_people_write_them(name):
    series, remarks = own_series(pd.DataFrame({"when": FIRST[name], "value": WAVE}))
    assert series.dates[0] == "2015-01-01" and series.values.tolist() == WAVE.tolist() and remarks == ()
    second = {"floats": "2016-01-01"} | dict.fromkeys([n for n in FIRST if "quarters" in n], "2015-04-01")
    assert series.dates[1] == second.get(name, "2015-02-01")


def test_digits_alone_are_dates_only_in_three_forms():
    for dates in (
        [f"{1700 + k}.5" for k in range(50)],
        monthly_dates("%y%m"),
        monthly_dates("%y%m%d"),
        [f"{d:%y%m%d}" for d in pd.date_range("2015-01-01", periods=50)],
        range(1000, 1050),
        range(2800, 2850),
        [*range(1950, 1975), *range(2001, 2026)],
    ):
        with pytest.raises(ValueError, match="^source: line [0-9]+: .*date_format=") as refused:
            own_series(text(dates))
        assert len(str(refused.value)) <= 300
    assert own_series(text(monthly_dates("%y%m")), date_format="%y%m")[0].dates[1] == "2015-02-01"
    assert own_series(text(range(1800, 2000, 4)))[0].dates[1] == "1804-01-01"


def test_weeks_and_years_of_two_digits():
    series, _ = own_series(text([f"2020-W{k:02d}" for k in range(1, 51)]))
    assert series.dates[:2] == ("2019-12-30", "2020-01-06")
    series, remarks = own_series(
        text(
            [f"{1 + k % 28:02d}.{1 + k // 28:02d}.23" for k in range(28)]
            + [f"{k:02d}.02.23" for k in range(1, 23)]
        )
    )
    assert series.dates[0] == "2023-01-01" and "'01.01.23' is read as 2023-01-01." in remarks
    series, remarks = own_series(text(monthly_dates("%d-%b-%y")))
    assert series.dates[1] == "2015-02-01" and remarks == ("'01-Jan-15' is read as 2015-01-01.",)


def test_a_date_that_can_be_two_is_asked_about_and_answered():
    dates = [f"{1 + k % 12}/{1 + k // 12}/2024" for k in range(50)]
    for given, last in (
        ({"dayfirst": True}, "2024-05-02"),
        ({"dayfirst": False}, "2024-12-04"),
        ({"date_format": "%d/%m/%Y"}, "2024-05-02"),
    ):
        assert own_series(text(dates), **given)[0].dates[-1] == last
    with pytest.raises(ValueError, match="Both fit all.*dayfirst="):
        own_series(text(dates))
    with pytest.raises(ValueError, match="is '0.-01-03' 20.* Both fit"):
        own_series(text([f"{1 + k % 12:02d}-{1 + k // 12:02d}-03" for k in range(50)]))


NUMBERS = {
    "thousands with commas": ([f"{v + 1280:,.2f}" for v in WAVE], WAVE + 1280, "'1,280.00' is read as 1280."),
    "thousands with points": ([f"{v + 1280:,.2f}".translate({44: ".", 46: ","}) for v in WAVE], WAVE + 1280, "The values have decimal commas. '1.280,00' is read as 1280."),
    "thousands with spaces": ([f"{v + 10280:,.2f}".translate({44: " ", 46: ","}) for v in WAVE], WAVE + 10280, "'10 280,00' is read as 10280."),
    "narrow spaces": ([f"{v + 10280:,.2f}".replace(",", "\u202f") for v in WAVE], WAVE + 10280, "'10 280.00' is read as 10280."),
    "apostrophes": ([f"{v + 10280:,.2f}".replace(",", "’") for v in WAVE], WAVE + 10280, "10'280.00"),
    "per cent": ([f"{v}%" for v in WAVE], WAVE, "'%' is left out of the values."),
    "euros": ([f"{v} €" for v in WAVE], WAVE, "'€' is left out of the values."),
    "dollars": ([f"${abs(v)}" for v in WAVE], abs(WAVE), "'$' is left out of the values."),
    "minus signs": ([str(v).replace("-", "−") for v in WAVE], WAVE, ""),
    **{f"minus {sign!a}": ([str(v).replace("-", sign) for v in WAVE], WAVE, "") for sign in "–‐‑－﹣"},
    "exponents": ([f"{v:e}" for v in WAVE], WAVE, ""),
    "marks": ([".", "..", ":", "#N/A", "missing", *WAVE[5:]], WAVE[5:], "Read as missing: '#N/A', '.', '..', ':'."),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_as_people_write_them(name):
    given, wanted, told = NUMBERS[name]
    series, remarks = own_series({"date": DAYS[: len(given)], "value": given})
    np.testing.assert_allclose(series.values[: len(wanted)], wanted[: len(series)], atol=1e-9)
    assert told in " ".join(remarks), remarks


@pytest.mark.parametrize("form", ["{}/5", "{}:30", "{}-", "({})"])
def test_what_is_no_unit_is_not_left_out(form):
    with pytest.raises(ValueError, match="^source: row 0: expected a number, got"):
        own_series([form.format(k % 5) for k in range(50)])


@pytest.mark.parametrize(
    "wrong", ["(20.5)", "20.5 p", "20.5*", "20.5 €", "1 20", "20-21", "0x1F", "1_000", "1,2,3"]
)
def test_what_is_no_number_is_named_with_its_sign(wrong):
    with pytest.raises(ValueError, match="^source: row 7: expected a number") as refused:
        own_series([*WAVE[:7], wrong, *WAVE[8:]])
    assert repr(wrong) in str(refused.value) and "what is missing is an empty field" in str(refused.value)
    if "20.5" in wrong:
        assert f"({wrong.replace('20.5', '')!r} is in no other)" in str(refused.value)


def test_signs_that_can_be_two_are_asked_about_and_answered():
    source = text(days(), ["1,234", "2,345"] * 25, separator=";")
    with pytest.raises(ValueError, match="is '1,234' 1.234 or 1234. Both fit all; say decimal=, thousands="):
        own_series(source)
    assert own_series(source, decimal=",")[0].values[0] == 1.234
    assert own_series(source, thousands=",")[0].values[0] == 1234
    assert own_series(source, decimal=".")[0].values[0] == 1234
    assert own_series(text(days(), ["0,123", "0,456"] * 25, separator=";"))[0].values[0] == 0.123, (
        "no thousands"
    )


def test_each_sign_for_decimals_and_thousands_works_or_is_named():
    points, wanted = text(DAYS, [f"1.{100 + k}" for k in range(50)], separator=";"), 1100 + np.arange(50)
    for given in ({"thousands": "."}, {"thousands": ".", "decimal": ","}, {"decimal": ","}):
        assert own_series(points, **given)[0].values.tolist() == wanted.tolist()
    spaces = points.replace(".", "\xa0")
    for sign in (" ", "\xa0"):
        assert own_series(spaces, thousands=sign)[0].values.tolist() == wanted.tolist()
    for name, sign in (
        ("decimal", "·"),
        ("decimal", "5"),
        ("decimal", ""),
        ("thousands", "_"),
        ("thousands", ",,"),
    ):
        with pytest.raises(ValueError, match=f"^{name}: expected one of .*got {sign!r}"):
            own_series(points, **{name: sign})
    with pytest.raises(ValueError, match="^thousands: expected another sign"):
        own_series(points, decimal=",", thousands=",")


def test_arguments_that_mean_nothing_are_named():
    for given, words in (
        ({"na_values": {"value": 1}}, "na_values: expected a number, a text or a list"),
        ({"na_values": pd.NA}, "na_values: "),
        ({"skiprows": lambda k: k == 1}, "skiprows: expected a whole number"),
        ({"skiprows": -1}, "skiprows: "),
        ({"skiprows": "3"}, "skiprows: "),
        ({"skiprows": True}, "skiprows: "),
        ({"header": [0, 1]}, "header: expected a whole number"),
        ({"header": -1}, "header: "),
        ({"header": "0"}, "header: "),
    ):
        with pytest.raises(ValueError, match=f"^{words}"):
            own_series(text(DAYS), **given)
    assert own_series(text(DAYS), header="infer", skiprows=None, na_values=None)[1] == ()
    with pytest.raises(ValueError, match="^source: .*got set .a set has no order"):
        own_series(set(WAVE))


CODES = {
    "999.9 among 20": (999.9, 20), "9999 once": (9999, 20), "-99": (-99, 20), "-99.9": (-99.9, 20), "-200 twice": (-200, 20),
    "0 among 1000": (0, 1000), "-9999": (-9999, 0), "99 among 2": (99, 2), "-1 among counts": (-1, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", CODES)
def test_codes_for_what_is_missing_are_asked_about(name):
    code, mean = CODES[name]
    values = WAVE / 10 + mean
    for k in (7,) if "once" in name else (7, 23):
        values[k] = code
    series, remarks = own_series(values)
    assert (
        f"{code} is read as a value (in {(values == code).sum()} of 50 rows); if it marks what is missing, say na_values={code}."
        in remarks
    )
    series, remarks = own_series(values, na_values=code)
    assert series.values[7] == values[6] and "missing value" in remarks[1]
    assert own_series(text(DAYS, values), na_values=[str(code), "x"])[0].values[7] in (values[6], code)


def test_values_that_are_only_large_are_not_asked_about():
    spike = WAVE.copy()
    spike[20] = 60
    two = np.where(np.arange(50) % 25 < 12, np.arange(50) % 5, 100 + np.arange(50) % 4)
    for values in (
        WAVE,
        spike,
        two,
        (np.arange(50) % 2),
        np.arange(50) % 3,
        np.exp(np.arange(50) / 10),
        np.round(WAVE / 10),
    ):
        assert own_series(values)[1] == ()


def test_frames_series_arrays_and_lists_are_read():
    index = pd.date_range("2024-01-01", periods=50)
    sources = [
        pd.Series(WAVE, index=index), pd.Series(WAVE, index=index, name="value"), pd.DataFrame({"value": WAVE}, index=index),
        pd.DataFrame({"when": index, "rain": WAVE}), pd.DataFrame({"when": index.tz_localize("UTC"), "rain": WAVE}),
        [list(row) for row in zip(DAYS, WAVE, strict=True)],
        pd.DataFrame({"rain": WAVE, "when": [d.date() for d in index]})[["when", "rain"]],
        pd.DataFrame({"value": WAVE, "place": "here", "date": index})[::1],
    ]  # fmt: skip
    for source in sources:
        series, _ = own_series(source)
        assert series.dates[:2] == ("2024-01-01", "2024-01-02") and series.values.tolist() == WAVE.tolist()
    for source in (
        WAVE,
        WAVE.tolist(),
        WAVE[:, None],
        pd.Series(WAVE),
        WAVE.astype(">f4"),
        {"value": WAVE},
        tuple(WAVE),
    ):
        series, remarks = own_series(source)
        assert series.dates is None and remarks == ()
        np.testing.assert_allclose(series.values, WAVE, rtol=1e-6)
    series, remarks = own_series(np.ma.masked_where(np.arange(50) == 7, WAVE))
    assert series.values[7] == WAVE[6] and "1 missing value, at step 7, is filled" in remarks[0]
    series, remarks = own_series(pd.Series(WAVE, index=index).iloc[::-1].mask(np.arange(50) == 7))
    assert "turned round" in remarks[0] and "1 missing value, at 2024-02-12, is filled" in remarks[1]
    gone = pd.Series(WAVE)
    gone[1::2] = np.nan
    with pytest.raises(ValueError, match="24 of 49 values are missing"):
        own_series(gone)


def test_an_index_that_says_something_is_read():
    for index in (pd.RangeIndex(1950, 2000), pd.RangeIndex(1950, 2000, name="year"), list(range(1950, 2000))):
        assert own_series(pd.Series(WAVE, index, name="rain"))[0].dates[1] == "1951-01-01"
        assert own_series(pd.DataFrame({"rain": WAVE}, index))[0].dates[1] == "1951-01-01"
    two = pd.DataFrame({"rain": WAVE, "snow": WAVE}, pd.RangeIndex(1950, 2000, name="year"))
    assert own_series(two, date="year", value="snow")[0].dates[1] == "1951-01-01"
    dated = pd.DataFrame({"date": DAYS, "value": WAVE})
    assert (
        own_series(dated.set_index("date", drop=False))[1]
        == own_series(dated.iloc[:0:-1].iloc[::-1])[1]
        == ()
    )
    with pytest.raises(ValueError, match="^source: .*already exists"):
        own_series(dated.set_index(dated["value"].rename("date")))


def test_columns_are_named_and_the_others_are_told():
    wide = pd.DataFrame({"id": range(50), "month": monthly_dates("%Y-%m"), "temp": WAVE, "Rain": WAVE + 5})
    series, remarks = own_series(wide, date="Month", value="rain")
    assert series.name == "your Rain" and series.dates[1] == "2015-02-01" and series.values[0] == 5
    assert remarks == ("Not read: the columns 'id', 'temp'.",)
    series, remarks = own_series(wide, value="temp")
    assert series.dates is None and remarks == ("Not read: the columns 'id', 'month', 'Rain'.",)
    named = wide.rename(columns={"month": "Date"})
    assert own_series(named, date=False, value="temp")[0].dates is None
    part = named[["Date", "temp"]].rename(columns={"temp": "value"})[lambda frame: frame["value"] < 9.8]
    assert "Not read" not in " ".join(own_series(part)[1]), "the index only counts"
    assert own_series(wide.rename(columns={"month": "Date"}), value="temp")[0].dates[1] == "2015-02-01"
    for given, words in (
        ({}, "say which, as in"),
        ({"value": "rian"}, "a column named 'rian'"),
        ({"date": "month"}, "a column named 'value'"),
    ):
        with pytest.raises(ValueError, match=f"^source: .*{words}"):
            own_series(wide, **given)


@pytest.mark.parametrize("name", ["CO2", "PM2.5", "2m temperature", "Na", "May"])
def test_a_name_with_digits_is_no_data(name):
    assert own_series(text(DAYS, header=f"day 1,{name}"))[0].name == f"your {name}"


def test_pandas_options_are_passed_on():
    source = "Station: North\nUnits: mm\n\n" + text(
        DAYS, [str(v).replace(".", ",") for v in WAVE], separator=";"
    )
    for given in ({"skiprows": 2}, {"header": 3}):
        series, remarks = own_series(source, **given)
        assert series.values.tolist() == WAVE.tolist() and remarks == ("The values have decimal commas.",)
    lines = text(DAYS).split("\n")[1:]
    assert own_series("\n".join(lines), header=None)[0].values.tolist() == WAVE.tolist()
    assert own_series("\n".join(lines).replace(",", " "), header=None, sep=r"\s+")[0].dates[0] == "2024-01-01"


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
    "a hole": (text([*(f"{year}-01" for year in (*range(1950, 1975), *range(2950, 2975)))]), "The longest gap is from 1974-01-01 to 2950-01-01."),
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
        ("", [1], "'' is there already"),
        ("~nobody_at_all/a.csv", [1], "'~nobody_at_all/a.csv' cannot be written"),
        (tmp_path / "d.csv", 1, "^forecast: "),
    ):
        with pytest.raises(ValueError, match=words):
            save_forecast(path, given, given, given)
    with pytest.raises(ValueError, match="cannot be written"):
        save_forecast(tmp_path / "no" / "b.csv", [1], [1], [1])
