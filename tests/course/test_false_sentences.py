"""Sentences that were found to be false stand nowhere in the course again."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).parent / "false_sentences.txt"


def plain(text):
    """Without markup, quotes between the pieces of a Python string, and breaks of lines."""
    joined = re.sub(r"[\"']\s*\n\s*f?[\"']", "", text)
    return re.sub(r"\s+", " ", re.sub(r"[*_`$\\]", "", joined)).casefold()


def texts():
    """(where, text) of what a learner may read: cells with their outputs, the library, README, docs."""
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        for k, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            yield f"{path.name}, cell {k}", "".join(cell["source"])
            for output in cell.get("outputs", ()):
                for shown in (output.get("text", ""), *output.get("data", {}).values()):
                    yield f"{path.name}, output of cell {k}", "".join(shown)
    for path in sorted([*ROOT.glob("lstm_lib/**/*.py"), *ROOT.glob("lstm_lib/**/*.toml"), *ROOT.glob("docs/*.md")]):  # fmt: skip
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    yield "README.md", (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def read():
    return [(where, plain(text)) for where, text in texts()]


LINES = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("line", LINES)
def test_a_false_sentence_does_not_come_back(line):
    fragment = re.fullmatch(r"\d\d: (.+)", line)[1].casefold()
    assert plain(fragment) == fragment, "written without markup"
    assert [where for where, text in read() if fragment in text] == []
