"""Every explorer fits the window with all it says, and nothing that it says moves the page."""

import pytest
from explorers import IMPORT, MADE

PICTURES = [name for name in MADE if MADE[name]().svg]
CELLS = [f"MADE[{name!r}]()" for name in PICTURES]


@pytest.fixture(scope="module", params=[(1366, 768, 0), (1280, 720, 2)], ids=["laptop", "lecture hall"])
def book(request, open_book):
    """All explorers with a picture in one notebook, as a laptop and a projector show them."""
    width, height, size = request.param
    book = open_book(IMPORT, "MADE['text size']()", *CELLS, width=width, height=height)
    book.page.evaluate("() => { window.jupyterapp.commands.execute('application:toggle-left-area'); }")
    book.explorer("MADE['text size']").choose("size", size)
    yield book
    assert not book.console_errors


def box(book, name):
    return book.explorer(f"MADE[{name!r}]").section.bounding_box()


def room(book):
    """Height of the part of the window in which the notebook is."""
    return book.page.locator(".jp-WindowedPanel-outer:visible, .jp-Notebook:visible").first.bounding_box()[
        "height"
    ]


@pytest.mark.parametrize("name", PICTURES)
def test_all_of_an_explorer_is_in_sight_at_once(book, name):
    assert box(book, name)["height"] <= room(book)
    wide = book.explorer(f"MADE[{name!r}]").js(
        "section => [section, ...section.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 &&"
        " e.clientWidth > 0 && !e.closest('svg') && !e.closest('.lstm-aloud') && e.tagName !== 'INPUT').map(e => e.className)"
    )
    assert not wide, "nothing is cut off or scrolls sideways"


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_that_is_said_moves_the_page(book, name):
    page = book.explorer(f"MADE[{name!r}]")
    before = box(book, name)["height"]
    typed = page.js(
        "section => [...section.querySelectorAll('input[type=number]')].map(f => f.closest('[data-control]').dataset.control)"
    )
    if "option" in [c["name"] for c in page.controls()]:
        page.choose("option", 0)
        page.choose("sure", 2)
        page.shows("Commit: the explorer's controls")
        page.press("commit")
        page.shows("You said")
    elif typed:
        page.type_number(typed[0], "1e9")
        page.shows("Nothing was changed")
    assert abs(box(book, name)["height"] - before) < 1


@pytest.mark.parametrize("width", [770, 1920])
def test_other_widths(open_book, width):
    book = open_book(IMPORT, *CELLS, width=width, height=900)
    for name in PICTURES:
        page = book.explorer(f"MADE[{name!r}]")
        assert page.js("section => section.scrollWidth <= section.clientWidth + 1"), name
        assert page.section.locator(".lstm-view svg").bounding_box()["width"] >= 280, name
