"""Every explorer fits into the window, nothing is cut off, and moves do not scroll or resize the page."""

import random

import pytest
from explorers import IMPORT, MADE, MOVED
from tiers import quick
from walk import Walk

PICTURES = [name for name in MADE if MADE[name]().svg]
WINDOWS = {
    "laptop": (1366, 768, 0),
    "lecture hall": (1280, 720, 2),
    "narrow": (770, 900, 0),
    "wide": (1920, 1080, 0),
}
STANDS_STILL = """async () => {
    for (let last = '', frames = 0; frames < 30;) {
        await new Promise(resolve => requestAnimationFrame(resolve));
        const now = [...document.querySelectorAll('.lstm')].map(node => node.offsetHeight).join();
        frames = now === last ? frames + 1 : 0;
        last = now;
    }
}"""
"""Waits until no explorer has changed its height for 30 frames."""

SIZES = ["lecture hall", pytest.param("laptop", marks=pytest.mark.proof)]


@pytest.fixture(scope="module")
def book(open_book):
    """All explorers in one notebook, without the file browser beside it."""
    book = open_book(IMPORT, *(f"MADE[{name!r}]()" for name in MADE))
    book.command("application:toggle-left-area")
    yield book
    assert not book.console_errors


@pytest.fixture(params=WINDOWS)
def window(request, book):
    """A window of that size, with that size of text."""
    width, height, size = WINDOWS[request.param]
    book.tab.set_viewport_size({"width": width, "height": height})
    book.start(STANDS_STILL)  # otherwise the switch may move before the click
    book.finished("the layout is stable")
    book.explorer("MADE['text size']").choose("size", size)
    scale = ("", "1.4", "1.8")[size] or "1"
    size_now = "getComputedStyle(document.documentElement).getPropertyValue('--lstm-scale')"
    book.wait_for(f"scale => {size_now} === scale", "its text size", arg=scale)
    book.start(STANDS_STILL)
    book.finished("the layout is stable")
    return request.param


def heights(book):
    """Height of each explorer, and of the part of the window in which the notebook is."""
    room = book.tab.locator(".jp-WindowedPanel-outer:visible, .jp-Notebook:visible").first.bounding_box()
    return [page.section.bounding_box()["height"] for page in book.explorers()], room["height"]


def test_a_whole_explorer_fits_into_the_window(book, window):
    found, room = heights(book)
    if window != "narrow":  # there the picture stands below the controls
        assert {name: h for name, h in zip(MADE, found, strict=True) if h > room} == {}


def test_nothing_is_cut_off_or_scrolls_sideways(book, window):
    for name, page in zip(MADE, book.explorers(), strict=True):
        wide = page.js(
            """root => [root, ...root.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                && !e.closest('svg, .lstm-aloud') && e.tagName !== 'INPUT').map(e => e.outerHTML.slice(0, 80))"""
        )
        assert not wide, name
        if MADE[name]().svg:
            assert page.section.locator(".lstm-view svg").bounding_box()["width"] >= 280, name


@pytest.mark.parametrize("window", SIZES, indirect=True)
@pytest.mark.parametrize("name", quick(PICTURES, MOVED))
def test_moves_do_not_scroll_or_resize_the_page(book, window, name):
    """A few random moves, a refused value, a committed prediction. With other controls, all still fits."""
    book.run(f"MADE[{name!r}]()")
    page, twin, rng = book.explorer(f"MADE[{name!r}]()"), MADE[name](), random.Random(7)
    page.moves_made()
    walk, before = Walk(page, twin), page.section.bounding_box()["height"]
    moves = [walk.thought_of(rng) for _ in range(6)]
    if "option" in {c["name"] for c in page.controls()}:
        answer = ("choose", "option", (0,), True), ("choose", "sure", (2,), True)
        moves = [*answer, ("press", "commit", (), True)]
    else:
        moves += [("type_number", c["name"], ("1e9",), True) for c in page.controls() if c["typed"]][:1]
    for move in moves:
        there = [c["name"] for c in twin.view.controls]
        walk.make(move)
        assert walk.check() == []
        after = page.section.bounding_box()["height"]
        if there != [c["name"] for c in twin.view.controls] and move[1] != "commit":
            assert after <= heights(book)[1]
            before = after
        assert abs(after - before) < 1, f"{move}: {before} → {after}"
