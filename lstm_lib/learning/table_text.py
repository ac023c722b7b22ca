"""The text of a table: pasted, or of a file whose encoding is known."""

import io
import os
import re
from pathlib import Path

from lstm_lib.checks import quoted

MOST_BYTES = 50_000_000

ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Those that a file itself names in its first bytes."""


def text_of(source, encoding):
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
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"source: {shown} is not {encoding}: line {line} has a byte that does not fit. Save it as CSV (UTF-8) in its "
            'program, or say what it is, as in encoding="cp1252" (Windows)'
        ) from None
    except Exception:
        raise ValueError(f"encoding: expected a name like utf-8 or cp1252, got {quoted(encoding)}") from None
    if "\0" in text:
        raise ValueError(
            f"source: {shown} is no text, it has zero bytes; save it as CSV (UTF-8) in its program"
        )
    return text
