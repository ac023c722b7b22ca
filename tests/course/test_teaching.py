"""How each notebook teaches: its minutes, its objectives, where items are worked, its links, where right answers stand."""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from lstm_lib.subjects.question import all_questions

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from minutes import core  # noqa: E402

BOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
each = pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
ITEM, OBJECTIVE = re.compile(r"S\d\.\d+"), re.compile(r"O\d")


def cells(path):
    """(cell, its source, whether it belongs to the core) of each cell."""
    found, deeper = [], False
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        headings = re.findall(r"^## .*", text, flags=re.M) if cell["cell_type"] == "markdown" else []
        if headings:
            deeper = "deeper" in headings[-1].lower()
        found.append((cell, text, not deeper))
    return found


def tags(cell):
    return cell["metadata"].get("tags", [])


@each
def test_the_core_takes_forty_minutes_at_most_and_the_opening_says_how_many(path):
    promised = int(re.search(r"The core takes about (\d+) minutes", cells(path)[0][1])[1])
    assert core(path) <= 40.5 and abs(core(path) - promised) <= 3, f"{core(path):.1f}: see tools/minutes.py"


@each
def test_every_objective_is_tested_in_the_core(path):
    """The k-th objective of the opening is the tag Ok of a question, an exercise or an explorer with a goal."""
    objectives = re.findall(r"^- \*\*", cells(path)[0][1], flags=re.M)
    tested = {
        tag
        for cell, text, in_core in cells(path)
        for tag in tags(cell)
        if OBJECTIVE.fullmatch(tag) and in_core and re.search(r"\b(check|choose|predict)\(|goal=", text)
    }
    assert tested == {f"O{k + 1}" for k in range(len(objectives))}


@each
def test_every_item_is_worked_where_its_tag_stands(path):
    """With an executed result, or with a question and its answer."""
    for cell, text, _ in cells(path):
        if any(ITEM.fullmatch(tag) for tag in tags(cell)):
            worked = cell["outputs"] if cell["cell_type"] == "code" else "?" in text and "<details>" in text
            assert worked, f"{tags(cell)}: neither a result nor a question with its answer"


@each
def test_every_source_is_a_link(path):
    """A year in the text is that of a source, and stands in the text of a link to it."""
    prose = "\n".join(text for cell, text, _ in cells(path) if cell["cell_type"] == "markdown")
    years = r"\b(?:19[89]|20[012])\d\b"
    linked = " ".join(re.findall(r"\[([^\]]*)\]\(https?://[^)\s]+\)", prose))
    without_links = re.sub(r"\(https?://[^)\s]+\)", "", prose)
    assert set(re.findall(years, without_links)) <= set(re.findall(years, linked))


def test_right_answers_are_spread_over_the_letters():
    at = Counter(q.options.index(q.right) for q in all_questions().values())
    assert max(at.values()) <= 0.4 * at.total(), at
