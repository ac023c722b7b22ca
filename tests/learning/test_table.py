"""A learner's table: what is read, and the sentence for each thing that can be wrong."""

import io
import re

import numpy as np
import pandas as pd
import pytest

from lstm_lib.learning.table import column, read_table
from lstm_lib.learning.table_text import MOST_BYTES

GOOD = 'text,label\nthe film was good,1\n"dull, and long",0\n'


def texts(source, name="text", **options):
    frame, _ = read_table(source, **options)
    return frame[column(frame, name)].tolist()


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\ufeff" + GOOD,
        "\n\n" + GOOD,
        "text;label\nthe film was good;1\ndull, and long;0",
        "text\tlabel\nthe film was good\t1\ndull, and long\t0",
        "text|label\nthe film was good | 1\n dull, and long|0",
        'text,label,,\nthe film was good,1,,\n"dull, and long",0,,\n',
        'text, label\n "the film was good", "1"\n"dull, and long", 0',
        ',text,label\n0,the film was good,1\n1,"dull, and long",0\n',
        "sep=;\r\ntext;label\r\nthe film was good;1\r\ndull, and long;0",
        io.StringIO(GOOD),
        pd.DataFrame({"text": ["the film was good", "dull, and long"], "label": [1, 0]}),
        pd.DataFrame(
            {"label": [1.0, 0.0]}, index=pd.Index(["the film was good", "dull, and long"], name="text")
        ),
        {"text": ["the film was good", " dull, and long"], "label": np.array([1, 0], ">i8")},
    ],
)
def test_separators_line_ends_spaces_and_frames(text):
    frame, remarks = read_table(text)
    assert frame[column(frame, "TEXT")].tolist() == ["the film was good", "dull, and long"]
    assert frame["label"].tolist() == ["1", "0"] and remarks == []


def test_pandas_own_options_are_passed_on():
    for source, options in {
        "Station: North\nUnits: mm\n\n" + GOOD: {"skiprows": 2},
        "Station: North\n\nUnits: mm\n" + GOOD: {"header": 3},
        "# by hand\n" + GOOD: {"comment": "#"},
        "the film was good,1\n'dull, and long',0": {"header": None, "quotechar": "'"},
        "the film was good ~ 1\ndull, and long ~ 0": {"names": ["text", "label"], "sep": "~"},
        'text\tlabel\nthe film was good\t1\ndull, and long\t"0': {"quoting": 3},
        "id  text                label\n1   the film was good   1\n2   dull, and long      0": {
            "sep": r"\s{2,}"
        },
        GOOD + "by the office\n": {"skipfooter": 1},
        GOOD + "more,1": {"nrows": 2},
    }.items():
        frame, _ = read_table(source, ("text", "label"), **options)
        assert frame["text"].tolist() == ["the film was good", "dull, and long"], source
    assert texts('text,label\n"so \\"good\\", no",1', escapechar="\\") == ['so "good", no']
    frame, _ = read_table("# by hand\n" + GOOD, comment="#")
    assert frame.index.name == "row" and frame.index.tolist() == [0, 1], "the lines are not known"
    with pytest.raises(ValueError, match="unexpected keyword argument 'decimel'"):
        read_table(GOOD, decimel=",")
    with pytest.raises(ValueError, match="^skiprows: expected only with a CSV"):
        read_table([1, 2], skiprows=1)


def test_what_is_left_out_is_told():
    frame, remarks = read_table("date;value\n2020-01-01;3,5\n\n;\n2020-01-02;3,6\n")
    assert frame["value"].tolist() == ["3,5", "3,6"] and frame.index.tolist() == [2, 5]
    assert remarks == ["2 empty rows left out, the first in line 3."] and frame.index.name == "line"
    frame, remarks = read_table(pd.DataFrame({"a": [1.5, np.nan, 2], "b": ["x", None, "y"]}))
    assert frame.values.tolist() == [["1.5", "x"], ["2", "y"]]
    assert remarks == ["1 empty row left out, the first in row 1."]
    masked = np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[0, 1], [0, 0]])
    assert read_table(masked, ("a", "b"))[0].values.tolist() == [["1", ""], ["3", "4"]], "never dropped"


def test_one_column_may_contain_commas():
    assert texts("value\n3\n4,5", "value") == ["3", "4,5"]
    assert texts("text\ngood, I think\nbad") == ["good, I think", "bad"]


def test_a_row_of_several_lines_counts_its_first():
    frame, _ = read_table('text,label\n"one\ntwo",1\nthree,0')
    assert frame.values.tolist() == [["one\ntwo", "1"], ["three", "0"]] and frame.index.tolist() == [2, 4]
    with pytest.raises(ValueError, match="line 4 has 3 fields"):
        read_table('text,label\n"one\ntwo",1\nthree,0,0\n')
    assert read_table("x\n\ntext\na", skiprows=1)[0].index.tolist() == [4]


def test_a_stray_quotation_mark_swallows_no_rows():
    for rows, line in (
        ('"good,1\nbad,0\nso",1', 2),
        ('fine,1\n"good,1\nbad",0', 3),
        ('"good, well\nI think",1\n"a,0\nb,1\nc",0', 4),
    ):
        with pytest.raises(ValueError, match=f"line {line}: a quotation mark makes one field .*quoting=3"):
            read_table(f"text,label\n{rows}\nnice,1")
    assert len(texts('text,label\n"good,1\nbad,0\nso",1', quoting=3)) == 3
    reviews = 'text,label\n"good, well, fine\nI think",1\n"good, I think\nmore",1'
    assert texts(reviews) == ["good, well, fine\nI think", "good, I think\nmore"], (
        "its quotation marks are needed"
    )


def test_files(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    path = tmp_path / "own.csv"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_text("text,label\ncafé,1\n", encoding=encoding)
        for source in (path, str(path), f"\n{path}\n", "~/own.csv"):
            assert texts(source) == ["café"]
    path.write_text("text,label\ncafé,1\n", encoding="utf-8-sig")
    assert texts(path, encoding="cp1252") == ["café"], "the file says what it is"
    path.write_text("text,label\ncafé,1\n", encoding="cp1252")
    assert texts(path, encoding="cp1252") == ["café"]
    with pytest.raises(ValueError, match='not utf-8: line 2 has a byte .* encoding="cp1252"'):
        read_table(path)
    with pytest.raises(ValueError, match="^encoding: .*got 'martian'"):
        read_table(path, encoding="martian")
    with pytest.raises(ValueError, match="^encoding: .*got None"):
        read_table(path, encoding=None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\x14\0\x06\0 and more", "is no text, it has zero bytes; save it as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is not utf-8: line 2 .* Save it as CSV"),
        (b"\x89PNG\r\n\x1a\n\0", "is not utf-8: line 1"),
        (b"\x1f\x8b\x08\0", "is not utf-8: line 1"),
        (b"\x80\x04\x95\0", "is not utf-8: line 1"),
        (b"text,label\n\0,1", "zero bytes"),
        (b"", "nothing but empty space"),
        (b"<!DOCTYPE html><html>a,b</html>", "a web page"),
        (b"x" * (MOST_BYTES + 1), "expected a file of at most 50,000,000 bytes, .*own.csv"),
    ],
)
def test_files_that_are_no_csv(tmp_path, monkeypatch, content, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_table("own.csv")


WIDE = ",".join(f"a column with a long name {k}" for k in range(2000))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (3, "a list, got int"),
        (None, "at least one row"),
        ({"a": 1}, "got dict"),
        ([b"good"], "the bytes b'good'; use .decode"),
        ("nowhere.csv", "there is no file that can be read at 'nowhere.csv' .* more than one line"),
        ("https://example.org/a.csv", "is an address, and nothing is fetched: download the file first"),
        ("s3://bucket/a.csv", "is an address"),
        ("x\0y", "there is no file"),
        (".", "there is no file that can be read at '.'"),
        ("C:\new\reviews.csv", "is no path: in Python a backslash begins a sign"),
        ("C:\\\temp.csv", "is no path"),
        ('{"text": "good", "label": 1}\n{"text": "bad"}', "JSON"),
        ("[('good', 1),\n('bad', 0)]", "a list in Python"),
        ("", "nothing but empty space"),
        (" \n \n", "nothing but empty space"),
        ("<html>\n<body>a,b</body>", "a web page"),
        ("text,label", "there is no file"),
        ("text,label\n", "there is no file"),
        ("text,label\n\n,\n", "at least one row below the header"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "a different name for each column"),
        (
            "text,label\ngood, I think,1\nbad,0\nnice,1",
            "line 2 has 3 fields, the header has 2: 'good | I think | 1'",
        ),
        ("text,label\ngood\nbad,0", "line 2 has 1 field, the header has 2"),
        (
            'text,label\n"good,1\nbad,0',
            "line 2: a quotation mark is never closed, or one inside a text is not doubled",
        ),
        ('text,label\nfine,1\n"' + "x" * 200_000, "line 3: a quotation mark is never closed"),
        ('text,label\n"good" film,1\nbad,0', "line 2: a quotation mark is never closed, or one inside"),
        ('text,label\n"so \\"good\\", no",1\nbad,0', "line 2: .*escapechar="),
        (WIDE + "\n1,2", "line 2 has 2 fields, the header has 2000"),
    ],
)
def test_each_mistake_has_its_sentence(source, words):
    with pytest.raises(ValueError, match=f"^source: .*{words}") as refused:
        read_table(source)
    assert len(str(refused.value)) <= 300


def test_a_column_that_is_not_there():
    for text in (
        "the film was good,1\nit was bad,0",
        "review;stars\ngood;5",
        "text\ngood",
        "a note\ntext\ngood",
        f"{WIDE}\n{WIDE}",
    ):
        frame, _ = read_table(text)
        with pytest.raises(ValueError, match="a column named 'label', found the column") as refused:
            column(frame, "label")
        assert len(str(refused.value)) <= 300 and "skiprows=" in str(refused.value)
    frame, _ = read_table("text,Text\na,b")
    assert column(frame, "Text") == "Text" and column(frame, "text") == "text"


def test_what_looks_like_code_is_text():
    row = "=cmd|' /C calc'!A0,<img src=x onerror=alert(1)>,__import__('os').system('x')"
    assert read_table(f"a,b,c\n{row}\n")[0].values.tolist() == [row.split(",")]
    assert re.match("<", texts("<DATE>,<CLOSE>\n20200102,3", "<DATE>")[0]) is None, (
        "headers in angle brackets"
    )
