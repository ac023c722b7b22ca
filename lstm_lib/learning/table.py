"""A learner's own CSV, from a file or pasted: columns of text, and a sentence for each thing that can be wrong.

Nothing in it is executed, and nothing is left out without a remark. What the texts mean (labels, dates, numbers) is
for the caller to check.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.checks import quoted

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_BYTES = 50_000_000
LONGEST_FIELD = 131_072
"""A field longer than this is most often a quotation mark that is never closed."""

BINARY = {
    b"PK": "a spreadsheet or an archive", b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\x1f\x8b": "an archive", b"%PDF": "a PDF", b"\x89PNG": "a picture",
}  # fmt: skip
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""The encodings that a file itself names in its first bytes."""


@dataclass(frozen=True)
class Table:
    """Columns of text.

    names : of the columns;  rows : a tuple of texts for each row;  lines : the line of the source where each row begins
    remarks : sentences on what was left out
    """

    names: tuple
    rows: tuple
    lines: tuple
    remarks: tuple = ()

    def __len__(self):
        return len(self.rows)

    def column(self, name):
        """The texts of a column, named in capitals or not; a ValueError names the columns there are."""
        found = [k for k, known in enumerate(self.names) if known.lower() == str(name).lower()]
        if not found:
            there = f"column{'s' if len(self.names) > 1 else ''} {', '.join(map(quoted, self.names))}"
            raise ValueError(
                f"source: expected a column named {quoted(name)}, found the {there}. The first line has to be a header; "
                f"columns are separated by commas, semicolons, tabs or bars (|)"
            )
        return [row[found[0]] for row in self.rows]


def read_table(source, encoding="utf-8"):
    """The Table of a CSV: `source` is the path of a file, or the pasted text (which has more than one line).

    The first line is a header. The separator is found by looking: a comma, a semicolon, a tab or a bar.
    """
    text = _text(source, encoding)
    if text.lstrip()[:1] == "<" and "<" in text.lstrip()[1:]:
        raise ValueError("source: expected a CSV, got a web page (HTML); save the data itself, not the page")
    if not text.strip():
        raise ValueError("source: expected a header and at least one row, got nothing but empty space")
    if re.match(r"\s*[\[{]\s*[\[{(\"']", text):
        raise ValueError("source: expected a CSV, got JSON or a list in Python; save it as CSV")
    rows = _split(re.sub(r"\Asep=.\r?$", "", text, flags=re.M))  # a line for spreadsheets
    (_, names), *rows = rows
    if "" in names[1:] or len(set(map(str.lower, names))) < len(names):
        raise ValueError(
            f"source: expected a header with a different name for each column, got {list(names)}"
        )
    empty = [line for line, row in rows if not any(row)]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise ValueError("source: expected at least one row below the header, found none")
    for line, row in rows:
        if len(row) != len(names):
            raise ValueError(
                f"source: line {line} has {counted(len(row), 'field')}, the header has {len(names)}: {quoted(' | '.join(row))}. "
                "A text that contains the separator has to stand in quotation marks"
            )
    left_out = f"{counted(len(empty), 'empty row')} left out, the first in line {empty[0]}." if empty else ""
    lines, rows = zip(*rows, strict=True)
    return Table(names, rows, lines, (left_out,) if left_out else ())


def _text(source, encoding):
    """The source as text, or a ValueError."""
    if not isinstance(source, str | Path):
        raise ValueError(f"source: expected a path or pasted text, got {type(source).__name__}")
    if re.match(r"[A-Za-z]:[\\\0-\x1f]", str(source)) and re.search(r"[\0-\x1f]", str(source)):
        raise ValueError(
            f"source: {quoted(source)} is no path: in Python a backslash begins a sign; write / for it"
        )
    if isinstance(source, str) and len(source.strip().splitlines()) != 1:
        return source.removeprefix("\ufeff")
    try:
        path = Path(str(source).strip()).expanduser()
        found, size = path.is_file(), path.stat().st_size
        data = path.read_bytes() if found and size <= MOST_BYTES else b""
    except (OSError, ValueError, RuntimeError) as error:  # no such file, no permission, or no possible name
        reason = getattr(error, "strerror", None) or error
        raise ValueError(
            f"source: there is no file that can be read at {quoted(str(source))} ({reason}). Pasted text needs more than one line"
        ) from None
    if not found:
        raise ValueError(f"source: expected a file, {quoted(str(source))} is a folder or a device")
    if size > MOST_BYTES:
        raise ValueError(f"source: expected at most {MOST_BYTES:,} bytes, {path.name} has {size:,}")
    for start, kind in BINARY.items():
        if data.startswith(start):
            raise ValueError(
                f"source: {path.name} is {kind}; open it in its program and save it as CSV (UTF-8)"
            )
    return _decoded(data, path.name, encoding)


def _decoded(data, name, encoding):
    encoding = next((own for mark, own in MARKS.items() if data.startswith(mark)), encoding)
    try:
        text = data.decode(encoding)
    except (LookupError, TypeError):
        raise ValueError(f"encoding: expected a name like utf-8 or cp1252, got {quoted(encoding)}") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"source: {name} is not {encoding}: line {line} has a byte that does not fit. Save it as CSV (UTF-8), "
            'or say what it is, as in encoding="cp1252" (Windows) or "latin-1"'
        ) from None
    if "\0" in text:
        raise ValueError(f"source: {name} is no text file: it has zero bytes in it")
    return text


def _split(text):
    """[(line, fields), …] with the separator that fits best: the most rows with as many fields as the header, at least 2."""
    found = {}
    for separator in SEPARATORS:
        try:
            rows = _rows(text, separator)
        except ValueError as error:
            found[separator] = (0, error)
            continue
        sizes = Counter(len(row) for _, row in rows if any(row))
        wide = len(rows[0][1]) if rows else 0
        found[separator] = (sizes[wide] if wide > 1 else 0, rows)
    best = max(found, key=lambda separator: found[separator][0])
    if found[best][0] == 0 and not isinstance(found[","][1], ValueError):
        return _rows(text, "\x1f", strict=False)  # one column, whose texts may contain commas
    if isinstance(found[best][1], ValueError):
        raise found[best][1]
    return found[best][1]


def _rows(text, separator, strict=True):
    """[(line, fields), …] without spaces around the fields, or without empty fields after the header's last."""
    source, rows, line = io.StringIO(text, newline=""), [], 1
    reader = csv.reader(source, delimiter=separator, strict=strict, skipinitialspace=True)
    try:
        for row in reader:
            row = [field.strip() for field in row]
            wide = len(rows[0][1]) if rows else len(row)
            while len(row) > max(1, wide) and not row[-1]:
                row.pop()
            if rows or any(row):  # the header is the first line that is not empty
                while not rows and row and not row[-1]:
                    row.pop()
                rows.append((line, tuple(row) or ("",)))
            line = reader.line_num + 1
    except csv.Error as error:
        marks = "a quotation mark is never closed, or one inside a text is not doubled"
        reason = (
            f"a text has more than {LONGEST_FIELD:,} signs, or {marks}" if "limit" in str(error) else marks
        )
        raise ValueError(f"source: line {line}: {reason}") from None
    return rows


def counted(n, noun):
    """“1 row”, “1,200 rows”."""
    return f"{n:,} {noun}{'s' if n != 1 else ''}"
