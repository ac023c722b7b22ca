"""The tests can fail: each mutant of explorer.js fails the check that is meant for it."""

import pytest
from delay import Far
from explorers import IMPORT, MADE
from films import drag, forgotten
from lab import NotebookPage
from mutants import MUTANTS, SOURCE, cell, mutated
from tiers import PROOF, quick
from walk import Walk, walk

CHECKS = {
    "a patch to the wrong element": ("walk", "CellExplorer, as found"),
    "a value reported back": ("walk", "CellExplorer, as found"),
    "a frame shifted by one": ("drag", "ForgetClamped"),
    "a stale film kept": ("forgotten", "ForgetClamped"),
    "a move lost": ("walk", "ForgetComputed"),
    "a late answer wins": ("drag", "ForgetClamped"),
}
QUICK = ["a value reported back", "a frame shifted by one"]


@pytest.fixture(scope="module")
def book(lab, browser):
    """For each mutant, an explorer with the mistake and one without."""
    cells = [IMPORT]
    for name in CHECKS if PROOF else QUICK:
        explorer = CHECKS[name][1]
        for source, what in ((mutated(name), "with"), (SOURCE, "without")):
            cells.append(f"{cell(source)}\nMADE[{explorer!r}]()  # {what} {name}")
    far = Far(lab)
    page = NotebookPage(far, browser, lab.write(*cells))
    page.run_all()
    yield page
    page.close()


def checked(book, at, how, explorer, **walks):
    """Make a check of the explorer in the cell that contains `at`."""

    def fresh():
        book.tab.evaluate("() => { probe.made.length = 0; }")
        return book.explorer(at), MADE[explorer]()

    if how == "walk":
        walk(lambda: Walk(*fresh(), **walks), 1, 12, shorten=False)
    else:
        (drag if how == "drag" else forgotten)(*fresh(), *(["f_t"] if how == "drag" else []))


@pytest.mark.parametrize("name", quick(CHECKS, QUICK))
def test_each_mutant_is_caught(book, name):
    book.lab.delay = 0.1 if name == "a late answer wins" else 0.0
    checked(book, f"# without {name}", *CHECKS[name])
    with pytest.raises(AssertionError) as noticed:
        checked(book, f"# with {name}", *CHECKS[name], seconds=3.0)
    print(f"{name}: {str(noticed.value)[:400]}")
    assert book.explorer(f"# with {name}").controls(), "the page still works"


def test_every_mutant_has_a_check():
    assert set(CHECKS) == set(MUTANTS)
