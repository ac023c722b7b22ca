"""Random walks in a real JupyterLab and the same moves in plain Python give equal texts, pictures and controls."""

import os

import pytest
from explorers import IMPORT, MADE, MOVED, WALKED, kinds, quick
from walk import Walk, walk


@pytest.fixture(scope="module")
def book(open_book):
    """The explorers in one notebook."""
    walked = WALKED if os.environ.get("PROOF") == "1" else MOVED
    return open_book(IMPORT, *(f"MADE[{name!r}]()" for name in walked))


def walk_on(book, name, seed, count):
    def fresh():
        cell = f"MADE[{name!r}]"
        book.run(cell)
        book.tab.evaluate("() => { probe.made.length = 0; }")
        return Walk(book.explorer(cell), MADE[name]())

    walk(fresh, seed, count)
    assert not book.console_errors


@pytest.mark.parametrize("name", quick(WALKED))
def test_a_walk(book, name):
    walk_on(book, name, 1, 40)


def test_what_is_moved_has_every_kind_of_control():
    assert set().union(*map(kinds, WALKED)) == set().union(*map(kinds, MOVED))


@pytest.mark.proof
@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("name", WALKED)
def test_a_long_walk(book, name, seed):
    walk_on(book, name, seed, 200)
