"""Labels, contrast, focus, keys and touch."""

from pathlib import Path

import axe_playwright_python
import pytest
from explorer_page import REST
from explorers import IMPORT, MADE

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
CELLS = [f"MADE[{name!r}]()" for name in MADE if name != "text size"]


@pytest.fixture(scope="module")
def book(open_book):
    """Every explorer, question and check in one notebook."""
    return open_book(IMPORT, *CELLS, width=1280, height=900)


def violations(book):
    """What axe-core finds inside the explorers: [rule, where it is, why]."""
    book.page.evaluate(AXE)
    book.start("async () => { window.axeFound = await axe.run({include: [['.lstm']]}, {resultTypes: ['violations']}); }")
    book.finished("axe has run", 120)
    return book.page.evaluate(
        """() => axeFound.violations.flatMap(v => v.nodes.map(n => [v.id, n.target.join(' '), n.failureSummary]))"""
    )


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(book, theme):
    book.command("apputils:change-theme", {"theme": theme})
    assert violations(book) == []
    page = book.explorer("MADE['ForgetClamped']")
    page.type_number("f_t", "7")
    page.shows("Nothing was changed")
    book.page.wait_for_timeout(1000 * REST)
    assert violations(book) == []


def test_tab_reaches_every_control_in_order(book):
    page = book.explorer("MADE['ForgetComputed']")
    names = [c["name"] for c in page.controls() if not c["disabled"]]
    page.focus(names[0], "input[type=radio]")
    reached = [names[0]]
    for _ in range(40):
        book.page.keyboard.press("Tab")
        at = page.js("section => section.contains(document.activeElement) ? document.activeElement.closest('[data-control]')?.dataset.control : null")
        if at and at != reached[-1]:
            reached.append(at)
    assert [name for name in reached if name in names] == names


def test_keys_stay_in_the_explorer(book):
    page = book.explorer("MADE['GateOverTime']")
    cells = "() => lstmPanel().content.widgets.length"
    before, active = book.page.evaluate(cells), "() => lstmPanel().content.activeCellIndex"
    page.focus("w")
    index = book.page.evaluate(active)
    for key in ("a", "b", "ArrowDown", "ArrowUp", "d", "d", "x", "m", "Enter"):
        book.page.keyboard.press(key)
    page.choose("sliders", 1)
    book.wait_for("section => section.querySelector('[data-control=inputs]')", "the line has come", arg=page.node)
    page.type_text("inputs", "1 2 abd")
    page.shows("'abd' is not a number")
    assert book.page.evaluate(cells) == before and book.page.evaluate(active) == index


def test_the_focus_stays_when_controls_come_and_go(book):
    page = book.explorer("MADE['CellExplorer']")
    page.focus("sliders", "input[type=radio]")
    book.page.keyboard.press("ArrowRight")
    book.wait_for("section => section.querySelector('[data-control=W]')", "the weights have come", arg=page.node)
    at = "section => document.activeElement.closest('[data-control]')?.dataset.control"
    assert page.js(at) == "sliders"
    page.focus("W")
    book.page.keyboard.press("End")
    page.shows("6.00", "summary")
    assert page.js(at) == "W"
    page.press("keep")
    page.shows("Clamped", "summary")
    assert page.js(at) == "keep", "a button that was pressed is still there"


def test_escape_undoes_the_last_move(book):
    page = book.explorer("MADE['ForgetClamped, one unit']")
    before = page.words("summary")
    page.key("f_t", "Home")
    book.wait_for("([s, t]) => s.querySelector('.lstm-summary').textContent !== t", "it moved", arg=[page.node, before])
    page.escape("f_t")
    page.shows(before, "summary")


def test_a_finger_moves_a_slider(book):
    page = book.explorer("MADE['MemoryDecay']")
    page.control("n").scroll_into_view_if_needed()
    left, right, y = page.track("n")
    cdp = book.page.context.new_cdp_session(book.page)
    cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    at = page.value("n")

    def touch(kind, x=None):
        points = [] if x is None else [{"x": x, "y": y}]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", left + 0.1 * (right - left))
    for share in (0.3, 0.5, 0.8):
        touch("touchMove", left + share * (right - left))
    touch("touchEnd")
    book.wait_for("([s, t]) => s.querySelector('[data-control=n] input').value > t", "it has moved", arg=[page.node, at], timeout=10)
    page.shows(f"after {page.value('n'):.0f} steps", "summary")
