"""A learner's own table, read by pandas: columns of text, and a sentence for each thing that can be wrong.

Nothing in it is executed or fetched, and nothing is left out without a remark. What the texts mean (labels, dates,
numbers) is for the caller to check.
"""

import csv
import io
import os
import re
import warnings
from pathlib import Path

import numpy as np

from lstm_lib.checks import quoted, whole_number

MOST_BYTES = 50_000_000
MISSING = {"", *"- -- – — ? . .. ... : * na n/a #n/a #na nan <na> nat null none missing".split()}
"""Marks for what is missing, in lower case."""

ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Those that a file itself names in its first bytes."""


def read_table(source, unnamed=(), **options):
    """(DataFrame of texts, remarks) of a path, pasted text (of more than one line), a DataFrame, a Series, arrays or lists.

    Its index, called "line" or "row", says where a row stands in the source.
    unnamed : names for columns that have none, the last for the last;  options : of pandas.read_csv. Without `sep`, the
    separator is found by looking: a comma, a semicolon, a tab or a bar. The first line is a header.
    """
    source = source.read() if hasattr(source, "read") else source
    if isinstance(source, str | os.PathLike):
        frame = _parsed(_text(source, options.pop("encoding", "utf-8")), options)
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
    except Exception as error:
        raise ValueError(
            "source: expected a path, pasted text, a DataFrame, a Series, an array or a list, "
            f"got {type(source).__name__} ({str(error)[:80]})"
        ) from None
    return frame.rename_axis("row")


def _text(source, encoding):
    """The source as text, with \\n at the ends of lines."""
    shown, text = quoted(str(source)), source
    if re.match(r"\s*\w{2,}://", str(source)):
        raise ValueError(f"source: {shown} is an address, and nothing is fetched: download the file first")
    if re.match(r"[A-Za-z]:[\\\0-\x1f].*[\0-\x1f]|[A-Za-z]:[\0-\x1f]", str(source)):
        raise ValueError(f"source: {shown} is no path: in Python a backslash begins a sign; write / for it")
    if not isinstance(source, str) or len(source.strip().splitlines()) == 1:
        text = _decoded(Path(os.fspath(source).strip()), shown, encoding)
    text = io.StringIO(text.removeprefix("\ufeff"), newline=None).read()
    if not text.strip():
        raise ValueError("source: expected a header and at least one row, got nothing but empty space")
    if re.match(
        r"\s*(<(!doctype|\?xml|html|head|body|table)\b|version https://git-lfs|[\[{]\s*[\[{(\"'])", text, re.I
    ):
        raise ValueError(
            "source: expected a CSV, got a web page (HTML), JSON, a list in Python or a pointer of Git LFS; "
            "save the data itself as CSV"
        )
    return re.sub(r"\Asep=.$", "", text, flags=re.M)  # a line for spreadsheets


def _decoded(path, shown, encoding):
    """The text of a file."""
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:  # no such file, no permission, or no possible name
        reason = getattr(error, "strerror", None) or error
        raise ValueError(
            f"source: there is no file that can be read at {shown} ({reason}). Pasted text needs more than one line"
        ) from None
    if len(data) > MOST_BYTES:
        raise ValueError(f"source: expected a file of at most {MOST_BYTES:,} bytes, {shown} has more")
    encoding = next((own for mark, own in ENCODINGS.items() if data.startswith(mark)), encoding)
    try:
        text = data.decode(encoding)
    except (LookupError, TypeError):
        raise ValueError(f"encoding: expected a name like utf-8 or cp1252, got {quoted(encoding)}") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"source: {shown} is not {encoding}: line {line} has a byte that does not fit. Save it as CSV (UTF-8) in its "
            'program, or say what it is, as in encoding="cp1252" (Windows)'
        ) from None
    if "\0" in text:
        raise ValueError(
            f"source: {shown} is no text, it has zero bytes; save it as CSV (UTF-8) in its program"
        )
    return text


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
