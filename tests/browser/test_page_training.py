"""A training run in a real JupyterLab: one thread at a time, whatever is pressed, run again or deleted."""

import time

import pytest
from explorer_page import PATIENCE

PANEL = 'TrainingPanel("latch", 10_000)'
THREADS = "[t.name for t in __import__('threading').enumerate()].count('training')"


@pytest.fixture(scope="module")
def opened(open_book):
    """A panel and a cell beside it."""
    return open_book("from lstm_lib.explore import ForgetClamped, TrainingPanel", PANEL, "ForgetClamped()")


@pytest.fixture
def book(opened):
    """A new panel, started; each test ends its run."""
    book = opened
    book.run(PANEL)
    page = book.explorer(PANEL)
    page.press("start")
    page.shows("running at update", "summary")
    assert book.ask(THREADS) == 1
    return book


def no_thread(book):
    end = time.monotonic() + PATIENCE
    while book.ask(THREADS):
        assert time.monotonic() < end, f"{book.ask(THREADS)} threads are still training"
        book.page.wait_for_timeout(250)


def test_start_pressed_twice_pause_resume_and_stop(book):
    page = book.explorer(PANEL)
    page.press("stop")
    page.shows("stopped at update", "summary")
    page.js("e => { const b = e.querySelector('[data-control=start]'); b.click(); b.click(); b.click(); }")
    page.shows("running at update", "summary")
    assert book.ask(THREADS) == 1 and page.words("remark") == ""
    page.press("pause")
    page.shows("paused at update", "summary")
    beside = book.explorer("ForgetClamped()")
    beside.press("keep all")
    beside.shows("keeps [6, 8, 9]", "summary")
    page.press("start")
    page.shows("running at update", "summary")
    page.press("stop")
    page.shows("stopped at update", "summary")
    no_thread(book)


def test_running_the_cell_again_ends_the_run_before(book):
    book.run(PANEL)
    book.explorer(PANEL).shows("not started", "summary")
    no_thread(book)


def test_deleting_the_output_ends_the_run(book):
    book.page.evaluate("() => { lstmPanel().content.activeCellIndex = 1; }")
    book.command("notebook:clear-cell-output")
    no_thread(book)


def test_a_run_can_be_stopped_after_an_interrupt(book):
    book.command("notebook:interrupt-kernel")
    page = book.explorer(PANEL)
    page.shows("running at update", "summary")
    assert book.ask(THREADS) == 1
    page.press("stop")
    page.shows("stopped at update", "summary")
    no_thread(book)
