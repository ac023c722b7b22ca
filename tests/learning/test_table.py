"""A learner's CSV: what is read, and the sentence for each thing that can be wrong."""

import pytest

from lstm_lib.learning.table import LONGEST_FIELD, MOST_BYTES, read_table

GOOD = 'text,label\nthe film was good,1\n"dull, and long",0\n'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "\n\n" + GOOD,
        "text;label\nthe film was good;1\ndull, and long;0",
        "text\tlabel\nthe film was good\t1\ndull, and long\t0",
        "text|label\nthe film was good | 1\n dull, and long|0",
        'text,label,,\nthe film was good,1,,\n"dull, and long",0,,\n',
        'text, label\n "the film was good", "1"\n"dull, and long", 0',
        ',text,label\n0,the film was good,1\n1,"dull, and long",0\n',
        "sep=;\r\ntext;label\r\nthe film was good;1\r\ndull, and long;0",
    ],
)
def test_separators_line_ends_and_spaces(text):
    table = read_table(text)
    assert table.column("TEXT") == ["the film was good", "dull, and long"] and table.column("label") == [
        "1",
        "0",
    ]
    assert len(table) == 2 and table.remarks == ()


def test_what_is_left_out_is_told():
    table = read_table("date;value\n2020-01-01;3,5\n\n;\n2020-01-02;3,6\n")
    assert table.column("value") == ["3,5", "3,6"] and table.lines == (2, 5)
    assert table.remarks == ("2 empty rows left out, the first in line 3.",)


def test_one_column_may_contain_commas():
    assert read_table("value\n3\n4,5").column("value") == ["3", "4,5"]
    assert read_table("text\ngood, I think\nbad").column("text") == ["good, I think", "bad"]


def test_a_row_of_several_lines_counts_its_first():
    table = read_table('text,label\n"one\ntwo",1\nthree,0')
    assert table.rows == (("one\ntwo", "1"), ("three", "0")) and table.lines == (2, 4)


def test_files(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    path = tmp_path / "own.csv"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_text("text,label\ncafé,1\n", encoding=encoding)
        for source in (path, str(path), f"\n{path}\n", "~/own.csv"):
            assert read_table(source).column("text") == ["café"]
    path.write_text("text,label\ncafé,1\n", encoding="utf-8-sig")
    assert read_table(path, encoding="cp1252").column("text") == ["café"], "the file says what it is"
    path.write_text("text,label\ncafé,1\n", encoding="cp1252")
    assert read_table(path, encoding="cp1252").column("text") == ["café"]
    with pytest.raises(ValueError, match='not utf-8: line 2 has a byte .* encoding="cp1252"'):
        read_table(path)
    with pytest.raises(ValueError, match="^encoding: .*got 'martian'"):
        read_table(path, encoding="martian")
    with pytest.raises(ValueError, match="^encoding: .*got None"):
        read_table(path, encoding=None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 and more", "is a spreadsheet or an archive; open it in its program and save it as CSV"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"\x1f\x8b\x08", "is an archive"),
        (b"text,label\n\0,1", "zero bytes"),
        (b"", "nothing but empty space"),
        (b"<!DOCTYPE html><html>a,b</html>", "a web page"),
        (b"x" * (MOST_BYTES + 1), "expected at most 50,000,000 bytes, own.csv has 50,000,001"),
    ],
)
def test_files_that_are_no_csv(tmp_path, content, words):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_table(path)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (3, "got int"),
        ("nowhere.csv", "there is no file that can be read at 'nowhere.csv' .* more than one line"),
        ("x\0y", "there is no file"),
        (".", "is a folder or a device"),
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
        ("text,Text\na,b", "a different name for each column"),
        ("text,,label\na,b,c", "a different name for each column, got ..text., .., .label.."),
        (
            "text,label\ngood, I think,1\nbad,0\nnice,1",
            "line 2 has 3 fields, the header has 2: 'good | I think | 1'",
        ),
        ("text,label\ngood\nbad,0", "line 2 has 1 field, the header has 2"),
        (
            'text,label\n"good,1\nbad,0',
            "line 2: a quotation mark is never closed, or one inside a text is not doubled",
        ),
        (
            'text,label\n"' + "x" * (LONGEST_FIELD + 1),
            "line 2: a text has more than 131,072 signs, or a quotation",
        ),
        ('text,label\n"good" film,1\nbad,0', "line 2: a quotation mark is never closed, or one inside"),
    ],
)
def test_each_mistake_has_its_sentence(source, words):
    with pytest.raises(ValueError, match=f"^source: .*{words}") as refused:
        read_table(source)
    assert len(str(refused.value)) < 400


def test_a_column_that_is_not_there():
    for text in (
        "the film was good,1\nit was bad,0",
        "review;stars\ngood;5",
        "text\ngood",
        '# mine\ntext,label\n"good, I think",1',
    ):
        with pytest.raises(ValueError, match="a column named 'label', found the column"):
            read_table(text).column("label")


def test_what_looks_like_code_is_text():
    row = "=cmd|' /C calc'!A0,<img src=x onerror=alert(1)>,__import__('os').system('x')"
    assert read_table(f"a,b,c\n{row}\n").rows == (tuple(row.split(",")),)
