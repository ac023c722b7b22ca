"""A learner's own table, read by pandas: columns of text, and a sentence for each thing that can be wrong.

Nothing in it is executed or fetched, and nothing is left out without a remark. What the texts mean (labels, dates,
numbers) is for the caller to check.
"""

import csv
import io
import os
import re
import warnings
from functools import wraps

import numpy as np

from lstm_lib.checks import quoted, whole_number
from lstm_lib.learning.table_text import text_of

MISSING = {"", *"- -- – — ? . .. ... : * na n/a #n/a #na nan <na> nat null none missing".split()}
"""Marks for what is missing, in lower case."""


def refusing(reader):
    """The reader, where whatever pandas or a codec raises is a ValueError that says so."""

    @wraps(reader)
    def read(source, *given, **options):
        try:
            return reader(source, *given, **options)
        except Exception as error:
            if type(error) is ValueError:
                raise
            raise ValueError(
                f"source: expected a table that can be read with {quoted(options)}, got {type(source).__name__}, for which pandas "
                f"or Python says {type(error).__name__}: {str(error)[:80]!a}"
            ) from None

    return read


def read_table(source, unnamed=(), **options):
    """(DataFrame of texts, remarks) of a path, pasted text (of more than one line), a DataFrame, a Series, arrays or lists.

    Its index, called "line" or "row", says where a row stands in the source.
    unnamed : names for columns that have none, the last for the last;  options : of pandas.read_csv. Without `sep`, the
    separator is found by looking: a comma, a semicolon, a tab or a bar. The first line is a header.
    """
    try:
        source = source.read() if hasattr(source, "read") else source
    except Exception as error:  # closed, or of another encoding
        raise ValueError(
            f"source: expected an open file of text, got one that cannot be read ({str(error)[:120]})"
        ) from None
    if isinstance(source, str | os.PathLike):
        frame = _parsed(text_of(source, options.pop("encoding", "utf-8")), options)
    elif options:
        raise ValueError(f"{next(iter(options))}: expected only with a CSV, a path or pasted text")
    else:
        frame = _framed(source)
    spare = unnamed[-frame.shape[1] :] if frame.shape[1] <= len(unnamed) else frame.columns
    names = [
        str(new if isinstance(n, int) else n).strip() for n, new in zip(frame.columns, spare, strict=True)
    ]
    if len(set(names)) < len(names):
        raise ValueError(f"source: expected a different name for each column, found {listed_columns(names)}")
    frame = frame.set_axis(names, axis=1).astype(object).where(frame.notna().to_numpy(), "").map(_said)
    empty = (frame == "").all(axis=1)
    if empty.all():
        raise ValueError("source: expected at least one row below the header, found none")
    first = f", the first in {frame.index.name} {empty.idxmax()}"
    unused = [name for name in names if name.startswith("Unnamed: ") and (frame[name] == "").all()]
    remarks = [f"{counted(int(empty.sum()), 'empty row')} left out{first}."] if empty.any() else []
    return frame[~empty].drop(columns=unused), remarks


def column(frame, name):
    """The name of a column as it is spelt in the table; capitals need not agree."""
    found = [n for n in frame.columns if n.lower() == str(name).lower()]
    if not found:
        raise ValueError(
            f"source: expected a column named {short(name)}, found {listed_columns(frame.columns)}. The first line has to "
            "be a header (skiprows=3 leaves out three lines above it); sep= says what separates columns"
        )
    return str(name) if str(name) in found else found[0]


def listed_columns(names):
    """“the columns 'a', 'b', …”, the first few."""
    more = f", … ({len(names)} in all)" if len(names) > 4 else ""
    return f"the column{'s' if len(names) > 1 else ''} {', '.join(map(short, names[:4]))}{more}"


def short(name):
    """A name in quotation marks, cut."""
    return quoted(name if len(name := str(name)) <= 20 else name[:19] + "…")


def counted(n, noun):
    """“1 row”, “1,200 rows”."""
    return f"{n:,} {noun}{'s' if n != 1 else ''}"


def _said(cell):
    """A cell as the text that a CSV has."""
    if isinstance(cell, bytes):
        raise ValueError(f"source: expected text, got the bytes {quoted(cell)}; use .decode('utf-8')")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # pandas makes 1950.0 of 1950 where a number is missing
    return str(cell).strip().removesuffix(" 00:00:00")


def _framed(source):
    """The DataFrame of something that is no text, with what its index says as a column."""
    import pandas as pd  # where it is used, since it takes a third of a second

    source = source.to_pandas() if hasattr(source, "to_pandas") else source  # of other libraries
    if np.ma.isMaskedArray(source) and source.dtype.names:
        source = {name: source[name].astype(object).filled("") for name in source.dtype.names}
    if np.ma.isMaskedArray(source):
        source = source.astype(object).filled("")
    try:
        if isinstance(source, set | frozenset):
            raise TypeError("a set has no order")
        frame = pd.DataFrame(source)
        index = frame.index
        counts = index.name is None and pd.api.types.is_integer_dtype(index)
        again = index.name in frame and frame[index.name].tolist() == index.tolist()  # set_index(drop=False)
        few = frame.shape[1] == 1 and index.tolist() != list(range(len(frame)))  # years, perhaps
        frame = (
            frame.rename_axis(None).reset_index(drop=True)
            if again
            else frame.reset_index(drop=counts and not few)
        )
        if frame.empty:
            raise TypeError("at least one row is needed")
    except Exception as error:
        raise ValueError(
            "source: expected a path, pasted text, a DataFrame, a Series, an array or a list, "
            f"got {type(source).__name__} ({str(error)[:80]})"
        ) from None
    return frame.rename_axis("row")


def _parsed(text, options):
    """The DataFrame of a CSV's text, whose index counts lines."""
    import pandas as pd

    header, skip = options.get("header", None if "names" in options else 0), options.get("skiprows", 0)
    if skip is None or not isinstance(skip, list | tuple | range | np.ndarray):
        skip = whole_number("skiprows", 0 if skip is None else skip, 0)
    header = header if header is None else whole_number("header", 0 if header == "infer" else header, 0)
    above = skip + (header or 0) if isinstance(skip, int) else 0
    start = re.match(rf"(.*\n){{0,{above}}}([ \t]*\n)*", text).end()
    text, line = text[start:], text[:start].count("\n") + 1
    note = options.get("comment") or "\0"
    lines = text.split("\n")
    rows = [row for row in lines[:1000] if not row.startswith(note)] or [""]
    head = rows[0].count
    sep = max("\t;|,", key=lambda sign: sum(row.count(sign) == head(sign) > 0 for row in rows))
    sep = options.get("sep") or (sep if head(sep) else "\x1f")  # without one, texts may contain commas
    asked = {
        "skipinitialspace": True,
        "skip_blank_lines": False,
        "dtype": str,
        "keep_default_na": False,
    } | options
    asked |= {"sep": sep, "index_col": False, "engine": "python"} | (
        {"skiprows": None, "header": header and 0} if above else {"header": header}
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # that fields are lost
            frame = pd.read_csv(io.StringIO(text), **asked)
    except Exception as error:
        wrong = _wrong(text, sep, line) or f"pandas cannot read it so: {str(error)[:200]}"
        raise ValueError(f"source: {wrong}") from None
    there = frame.notna()
    if (there.any(axis=1) & ~there.all(axis=1)).any() and (wrong := _wrong(text, sep, line)):
        raise ValueError(f"source: {wrong}")
    if options.keys() & {"comment", "skiprows"} and not above:
        return frame.rename_axis("row")  # which line it was is not known
    rows = frame.map(lambda cell: str(cell).count("\n")).sum(axis=1) + 1
    frame = frame.set_axis(line + (header is not None) + rows.cumsum() - rows).rename_axis("line")
    several = {at: lines[at - line :][:n] for at, n in zip(frame.index, rows, strict=True) if n > 1}
    whole = {
        at: len(some) for at, some in several.items() if all(x.count(sep) == head(sep) > 0 for x in some)
    }
    if whole and (len(whole) == len(several) or max(whole.values()) > 2):
        raise ValueError(
            f"source: line {max(whole, key=whole.get)}: a quotation mark makes one field of several lines, each of which could "
            "be a row; quoting=3 reads quotation marks as they are"
        )
    return frame


def _wrong(text, sep, line):
    """Which line of a CSV has a wrong number of fields, or quotation marks that do not fit; None if there is none."""
    reader, at, header = (
        csv.reader(io.StringIO(text), delimiter=str(sep)[0], skipinitialspace=True, strict=True),
        line,
        None,
    )
    try:
        for row in reader:
            header = header or row
            if row and len(row) != len(header):
                return (
                    f"line {at} has {counted(len(row), 'field')}, the header has {len(header)}: {quoted(' | '.join(row))}. A "
                    "text that contains the separator has to stand in quotation marks; skiprows= leaves out lines above the "
                    "header"
                )
            at = line + reader.line_num
    except csv.Error:
        return (
            f"line {at}: a quotation mark is never closed, or one inside a text is not doubled (quoting=3 reads them as they "
            'are; escapechar= is for \\")'
        )
    return None
