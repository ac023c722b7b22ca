"""Random walks in a real JupyterLab and the same moves in plain Python give equal texts, pictures and controls."""

import pytest
from explorers import IMPORT, MADE, WALKED
from walk import Walk, quick, walk


@pytest.fixture(scope="module")
def book(open_book):
    """All explorers in one notebook."""
    return open_book(IMPORT, *(f"MADE[{name!r}]()" for name in WALKED))


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


@pytest.mark.proof
@pytest.mark.parametrize("seed", [2, 3, 4], ids="seed{}".format)
@pytest.mark.parametrize("name", WALKED)
def test_a_long_walk(book, name, seed):
    walk_on(book, name, seed, 200)
