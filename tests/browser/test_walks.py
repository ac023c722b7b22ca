"""Random walks in a real JupyterLab and the same moves in plain Python give equal texts, pictures and controls."""

import pytest
from explorers import IMPORT, MADE, MOVED, WALKED
from tiers import PROOF, quick
from walk import Walk, walk


@pytest.fixture(scope="module")
def book(open_book):
    """The explorers in one notebook."""
    return open_book(IMPORT, *(f"MADE[{name!r}]()" for name in (WALKED if PROOF else MOVED)))


def walk_on(book, name, seed, count):
    def fresh():
        cell = f"MADE[{name!r}]"
        book.run(cell)
        book.tab.evaluate("() => { probe.made.length = 0; }")
        return Walk(book.explorer(cell), MADE[name]())

    walk(fresh, seed, count)
    assert not book.console_errors


@pytest.mark.parametrize("name", quick(WALKED, MOVED))
def test_a_walk(book, name):
    walk_on(book, name, 1, 40)


def kinds(name):
    """What the page must be able to show of an explorer: the kinds of its first controls, its texts, what it sends."""
    explorer = MADE[name]()
    found = {
        f"picture {bool(explorer.svg)}",
        f"films {explorer.films}",
        f"history {explorer.history_buttons}",
    }
    found |= {what for what in ("ask", "goal", "remark") if explorer.view.fields["", what]}
    found |= {"run"} if hasattr(explorer, "run") else set()
    for control in explorer.view.controls:
        marks = ("disabled", "primary", "pressed", "wide", "texts", "placeholder")
        found |= {(control["kind"], mark) for mark in ("", *marks) if not mark or control.get(mark)}
    return found


def test_what_is_moved_has_every_kind_of_control():
    assert set().union(*map(kinds, WALKED)) == set().union(*map(kinds, MOVED))


@pytest.mark.proof
@pytest.mark.parametrize("seed", [2, 3, 4], ids="seed{}".format)
@pytest.mark.parametrize("name", WALKED)
def test_a_long_walk(book, name, seed):
    walk_on(book, name, seed, 200)
