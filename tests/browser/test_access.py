"""Accessibility: axe-core, names of controls, Tab, keys, focus, touch."""

import importlib.util
import re
from pathlib import Path

import pytest
from explorer_page import REST
from explorers import IMPORT, MADE

KINDS = ("ForgetClamped", "ForgetComputed", "MemoryDecay", "GateOverTime", "CellExplorer",
         "CellOverTime, an RNN beside it", "GradientReach", "TrainingPanel", "a prediction", "a choice", "a check",
         "text size")  # fmt: skip
AXE = Path(importlib.util.find_spec("axe_playwright_python").origin).parent / "axe.min.js"


@pytest.fixture(scope="module")
def book(open_book):
    """An explorer of each kind."""
    book = open_book(IMPORT, *(f"MADE[{name!r}]()" for name in KINDS))
    book.tab.evaluate(AXE.read_text(encoding="utf-8"))
    return book


@pytest.fixture
def fresh(book):
    """A function that gives a fresh explorer of a kind, and its twin."""

    def fresh_(name):
        book.run(f"MADE[{name!r}]()")
        return book.explorer(f"MADE[{name!r}]()"), MADE[name]()

    return fresh_


def axe(book):
    """The violations that axe-core finds in the explorers, and the number of elements that pass some of its rules."""
    return book.tab.evaluate(
        """async () => {
            const { violations, passes } = await axe.run(document.querySelectorAll('.lstm'));
            const against = violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) =>
                `${id}: ${html.slice(0, 160)} (${any.map(({ message }) => message).join('; ').slice(0, 200)})`));
            return [against, Object.fromEntries(passes.map(({ id, nodes }) => [id, nodes.length]))];
        }"""
    )


def move_something(page):
    """Move one control of each kind."""
    kinds = {c["kind"]: c for c in reversed(page.controls()) if not c["disabled"]}
    if "range" in kinds:
        page.key(kinds["range"]["name"], "ArrowRight")
    if "choice" in kinds:
        page.choose(kinds["choice"]["name"], 1)
    if "text" in kinds:
        page.type_text(kinds["text"]["name"], "neither")


@pytest.fixture
def seen_by_axe(book):
    """A window in which the whole notebook is in sight, and a body with a height (JupyterLab's has none, so that axe-core
    takes all of it for hidden): it looks at the contrast of nothing else."""
    size = book.tab.viewport_size
    book.tab.set_viewport_size(size | {"height": 8000})
    book.tab.evaluate("() => { document.body.style.overflow = 'visible'; }")
    yield
    book.tab.evaluate("() => { document.body.style.overflow = ''; }")
    book.tab.set_viewport_size(size)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(book, seen_by_axe, theme):
    book.command("apputils:change-theme", {"theme": theme})
    book.wait_for("theme => document.body.dataset.jpThemeName === theme", "the theme is there", arg=theme)
    for moved in (False, True):
        if moved:
            for page in book.explorers()[:-1]:
                move_something(page)
        book.tab.wait_for_timeout(1000 * REST)
        against, right = axe(book)
        assert against == []
        assert right["label"] >= 50 and right["color-contrast"] >= 150 and right["button-name"] >= 40, right


def test_every_control_has_a_name(book):
    nameless = re.compile(r"^\s*- (slider|spinbutton|radio|textbox|button|img|group)(?! \")", re.M)
    for page in book.explorers():
        heard = page.section.aria_snapshot()
        assert heard.count("- slider ") == page.section.locator("input[type=range]").count()
        assert not nameless.search(heard), heard


@pytest.mark.parametrize("name", KINDS)
def test_tab_reaches_every_control(fresh, name):
    page, twin = fresh(name)
    if name == "GateOverTime":
        move_both(page, twin, "sliders", 1)  # with a line of text
    page.js("section => { section.tabIndex = -1; section.focus(); }")
    page.tab.keyboard.press("Tab")
    reached = []
    while (at := page.focused()) and at not in reached:
        reached.append(at)
        page.tab.keyboard.press("Tab")
    assert list(dict.fromkeys(name for name, _ in reached)) == [c["name"] for c in page.controls()]
    fields = page.section.locator("input[type=range], input[type=number], input[type=text], button").count()
    assert len(reached) == fields + page.section.locator("fieldset").count()


def move_both(page, twin, name, value=None):
    """Choose or press on the page and on the twin, and check that the page shows it."""
    page.press(name) if value is None else page.choose(name, value)
    twin.move(name, value)
    assert page.differences(twin) == []


def cells_of(book):
    """Its cells, and which of them is active."""
    return book.tab.evaluate(
        """() => { const { content } = lstmPanel(); return [content.activeCellIndex,
            content.widgets.map(({ model }) => [model.type, model.sharedModel.getSource(), model.executionCount])]; }"""
    )


KEYS = "ArrowUp ArrowDown a b c d d x v m y z s i i 0 0 j k o Delete Backspace Space Enter Shift+Enter Alt+Enter Shift+M".split()


def test_no_key_press_reaches_jupyterlab(book, fresh):
    page, twin = fresh("GateOverTime")
    move_both(page, twin, "sliders", 1)
    before = cells_of(book)
    fields = {"range": "C_0", "number": "C_0", "text": "inputs", "radio": "sliders", "button": "Undo"}
    for field, name in fields.items():
        page.focus(name, f"input[type={field}]")
        for key in KEYS:
            page.tab.keyboard.press(key)
            assert page.focused() == [name, field], f"{key} in {name}"
        assert cells_of(book) == before, name
        if name == "sliders":
            page.choose("sliders", 1)
    assert not book.tab.locator(".jp-Dialog").count()


def test_the_focus_stays_when_controls_come_and_go(fresh):
    page, twin = fresh("CellExplorer")
    page.focus("sliders", "input:checked")
    page.tab.keyboard.press("ArrowRight")
    twin.move("sliders", 1)
    assert page.differences(twin) == [] and page.focused() == ["sliders", "radio"]
    page.key("W", "End")
    twin.move("W", 6.0)
    assert page.differences(twin) == [] and page.focused() == ["W", "range"]
    for name in ("clamp i", "keep", "next", "compute all", "Reset", "Undo", "Undo"):
        page.focus(name)
        page.tab.keyboard.press("Enter")
        twin.move(name, True if name == "clamp i" else None)
        assert page.differences(twin) == [] and page.focused() == [name, "button"]
    page.type_number("W", "99")
    twin.move("W", 99)
    assert page.differences(twin) == [] and page.focused() == ["W", "number"]


def test_the_focus_stays_in_a_prediction_whose_controls_change(fresh):
    page, twin = fresh("a prediction")
    page.focus("skip")
    page.tab.keyboard.press("Enter")
    twin.move("skip")
    assert page.differences(twin) == []
    assert page.focused(), "the button has gone; the focus is not lost in the page"


def test_escape_undoes_the_last_move(fresh):
    page, twin = fresh("ForgetClamped")
    before = page.words("summary")
    page.key("f_t", "Home")
    twin.move("f_t", 0.0)
    assert page.differences(twin) == [] and page.words("summary") != before
    page.escape("f_t")
    twin.move("Undo")
    assert page.differences(twin) == [] and page.words("summary") == before


def test_escape_in_a_field_restores_its_value(fresh):
    page, twin = fresh("ForgetClamped")
    page.key("f_t", "Home")
    twin.move("f_t", 0.0)
    page.focus("f_t", "input[type=number]")
    page.tab.keyboard.press("9")
    page.tab.keyboard.press("Escape")
    assert page.differences(twin) == []


def test_touch_moves_a_slider(book, fresh):
    page, twin = fresh("MemoryDecay")
    left, right, y = page.track("n")
    finger = book.context.new_cdp_session(book.tab)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind, share=None):
        points = [] if share is None else [{"x": left + share * (right - left), "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    page.moves_made()
    for shares in ([0.8], [0.8, 0.6, 0.4, 0.3]):  # a tap, and a drag
        touch("touchStart", shares[0])
        for share in shares[1:]:
            touch("touchMove", share)
        touch("touchEnd")
        near = "([node, at]) => Math.abs(node.querySelector('[data-control=n] input').value - at) <= 4"
        book.wait_for(near, "the slider is at the finger", arg=[page.node, 100 * shares[-1]])
        twin.move(*page.moves_made()[-1])
        assert page.differences(twin) == []
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
