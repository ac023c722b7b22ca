"""Films in a real JupyterLab: every picture is right, with or without a delay, and while the kernel does not answer."""

import os
import signal

import pytest
from delay import Far
from explorers import IMPORT, MADE
from films import agrees, drag, forgotten, loaded
from lab import NotebookPage

from lstm_lib.explore import ForgetClamped

FILMED = {
    "ForgetClamped": "f_t",
    "ForgetComputed": "W_f",
    "MemoryDecay": "f",
    "GateOverTime": "b",
    "CellExplorer": "C_prev",
    "CellOverTime, an RNN beside it": "step",
}
LATE = "Python has not answered yet"
PLAYS = 0.7
"""While a film plays: the share of the frames with a slider move that must paint a picture."""


@pytest.fixture(scope="module")
def book(open_book):
    """The filmed explorers, and one that is shown twice."""
    more = "one = MADE['ForgetClamped']()\none", "one  # again", "MADE['PushState']()"
    return open_book(IMPORT, *(f"MADE[{name!r}]()" for name in FILMED), *more, "# busy")


def fresh(book, name):
    """An explorer on the page and its twin, both at their start."""
    cell = f"MADE[{name!r}]()"
    book.run(cell)
    return book.explorer(cell), MADE[name]()


@pytest.mark.parametrize("name", FILMED)
def test_every_painted_picture_is_the_one_of_its_slider_value(book, name):
    page, twin = fresh(book, name)
    wanted = loaded(page, twin, FILMED[name])
    assert drag(page, twin, FILMED[name], wanted=wanted, least=min(10, len(wanted) - 1)) >= PLAYS
    agrees(page, twin)


def test_another_move_discards_the_film(book):
    page, twin = fresh(book, "ForgetClamped")
    forgotten(page, twin)
    page.choose("unit", 2)
    assert not page.film()


def test_the_first_part_of_a_film_arrives_early(book):
    """benchmarks/slider_latency.py measures how early."""
    page, twin = fresh(book, "ForgetComputed")
    stops = len(twin.find(twin.state, "W_f").stops)
    left, right, y = page.track("W_f")
    page.js(
        """section => {
            window.parts = [];
            new MutationObserver(() => section.dataset.film && parts.push(Number(section.dataset.film.split(' ').pop())))
                .observe(section, { attributes: true, attributeFilter: ['data-film'] });
        }"""
    )
    book.tab.mouse.move((left + right) / 2, y)
    book.tab.mouse.down()
    page.wait_for_film("W_f", stops)
    book.tab.mouse.up()
    parts = book.tab.evaluate("() => parts")
    assert parts[0] == 16 < parts[-1] == stops


def test_a_drag_with_a_delay_paints_as_many_frames(book, lab, browser):
    name, painted = "ForgetComputed", {}
    far = Far(lab)
    distant = NotebookPage(far, browser, lab.write(IMPORT, f"MADE[{name!r}]()"))
    distant.run_all()
    far.delay = 0.1
    try:
        for place in (book, distant):
            place.tab.bring_to_front()
            page, twin = fresh(place, name)
            painted[place] = drag(page, twin, "W_f", 2.0, least=20)
            agrees(page, twin)
        print(f"moves with a picture at once: {painted[book]:.0%} near, {painted[distant]:.0%} far")
        assert min(painted.values()) >= PLAYS
    finally:
        distant.close()
        book.tab.bring_to_front()


def test_a_refused_text_stays_though_an_answer_before_it_has_another(book):
    page, twin = fresh(book, "PushState")
    book.run("# busy", "import time  # busy\ntime.sleep(3)", wait=False)
    page.press("far from the end")
    page.type_text("text", "1")
    twin.move("far from the end")
    twin.move("text", "1")
    assert not page.differences(twin, {"text": "1"})


def test_a_drag_continues_while_a_cell_runs(book):
    page, twin = fresh(book, "CellExplorer")
    wanted = loaded(page, twin, "C_prev")
    book.run("# busy", "import time  # busy\ntime.sleep(5)", wait=False)
    assert drag(page, twin, "C_prev", wanted=wanted, least=10) >= PLAYS
    assert "*" in book.cell("# busy").locator(".jp-InputPrompt").inner_text(), "the cell still runs"
    book.settle()
    agrees(page, twin)


def test_a_drag_continues_while_the_kernel_is_stopped(book):
    page, twin = fresh(book, "CellExplorer")
    wanted = loaded(page, twin, "C_prev")
    kernel = book.ask("__import__('os').getpid()")
    os.kill(kernel, signal.SIGSTOP)
    try:
        assert drag(page, twin, "C_prev", wanted=wanted, least=10) >= PLAYS
        page.shows(LATE)
        assert drag(page, twin, "C_prev", 0.5, wanted, least=5) >= PLAYS
    finally:
        os.kill(kernel, signal.SIGCONT)
    agrees(page, twin)


@pytest.mark.parametrize("how", ["ended", pytest.param("restarted", marks=pytest.mark.proof)])
def test_without_a_kernel_the_picture_stays_and_the_film_plays(open_book, lab, how):
    book = open_book(IMPORT, "MADE['ForgetClamped']()")
    page, twin = book.explorer("MADE["), MADE["ForgetClamped"]()
    wanted = loaded(page, twin, "f_t")
    if how == "ended":
        lab.shut_down_kernels(book.path)
    else:
        book.start("() => lstmPanel().sessionContext.session.kernel.restart()")
        book.finished("the kernel has been restarted")
    agrees(page, twin)
    assert drag(page, twin, "f_t", wanted=wanted, least=10) >= PLAYS
    page.shows(LATE)
    book.close()


def test_two_views_of_one_explorer_move_together(book):
    book.run("one = MADE")
    book.run("one  # again")
    first, second, twin = book.explorer("one = MADE"), book.explorer("one  # again"), ForgetClamped()
    wanted = loaded(first, twin, "f_t")
    assert drag(first, twin, "f_t", 0.5, wanted, least=5) >= PLAYS
    agrees(first, twin)
    agrees(second, twin)
    assert first.film()
    second.key("C_prev", "Home")
    twin.move("C_prev", -10.0)
    agrees(second, twin)
    agrees(first, twin)
    assert not first.film(), "what was drawn beforehand holds no more"
    drag(first, twin, "f_t", 0.5)
    agrees(second, twin)


def test_there_were_no_console_errors(book):
    assert not book.console_errors
