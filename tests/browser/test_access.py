"""Explorers without a mouse, without eyes, with fingers: axe-core, names, Tab, keys, focus, touch."""

import importlib.util
import re
from pathlib import Path

import pytest
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
    """What axe-core says against the explorers; and how many elements it found right in some of its rules."""
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
def tall(book):
    """A window in which the whole notebook is in sight: axe-core looks at the contrast of nothing else."""
    size = book.tab.viewport_size
    book.tab.set_viewport_size(size | {"height": 8000})
    yield
    book.tab.set_viewport_size(size)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(book, tall, theme):
    book.command("apputils:change-theme", {"theme": theme})
    book.wait_for("theme => document.body.dataset.jpThemeName === theme", "the theme is there", arg=theme)
    for moved in (False, True):
        if moved:
            for page in book.explorers()[:-1]:
                move_something(page)
            book.settle()
        against, right = axe(book)
        assert against == []
        assert right["label"] >= 50 and right["color-contrast"] >= 200 and right["button-name"] >= 40, right


def test_every_control_has_a_name(book):
    nameless = re.compile(r"^\s*- (slider|spinbutton|radio|textbox|button|img)(?! \")", re.M)
    for page in book.explorers():
        heard = page.section.aria_snapshot()
        assert heard.count("- slider ") == page.section.locator("input[type=range]").count()
        assert not nameless.search(heard), heard


@pytest.mark.parametrize("name", KINDS)
def test_tab_reaches_every_control(fresh, name):
    page, twin = fresh(name)
    if name == "GateOverTime":
        page.choose("sliders", 1)  # with a line of text
        twin.move("sliders", 1)
    assert page.differences(twin) == []
    page.js("section => { section.tabIndex = -1; section.focus(); }")
    page.tab.keyboard.press("Tab")
    reached = []
    while (at := page.focused()) and at not in reached:
        reached.append(at)
        page.tab.keyboard.press("Tab")
    assert list(dict.fromkeys(name for name, _ in reached)) == [c["name"] for c in page.controls()]
    fields = page.section.locator("input[type=range], input[type=number], input[type=text], button").count()
    assert len(reached) == fields + page.section.locator("fieldset").count()


def cells_of(book):
    """Its cells, which of them is active, and whether it is in command mode."""
    return book.tab.evaluate(
        """() => { const { content } = lstmPanel(); return [content.widgets.map(c => c.model.sharedModel.getSource()),
            content.widgets.map(c => c.model.type), content.activeCellIndex]; }"""
    )


def test_no_key_comes_to_jupyterlab(book, fresh):
    page, twin = fresh("GateOverTime")
    page.choose("sliders", 1)
    twin.move("sliders", 1)
    assert page.differences(twin) == []
    before = cells_of(book)
    for focus in (
        ("C_0", "input[type=range]"),
        ("C_0", "input[type=number]"),
        ("inputs", "input"),
        ("sliders", "input"),
        ("Reset",),
    ):
        page.focus(*focus)
        for key in (
            "ArrowUp",
            "ArrowDown",
            "a",
            "b",
            "d",
            "d",
            "x",
            "m",
            "z",
            "Enter",
            "Shift+Enter",
            "Delete",
            "j",
            "k",
        ):
            if (focus[0], key) != ("Reset", "Enter"):
                page.tab.keyboard.press(key)
        assert cells_of(book) == before, focus
        assert page.focused()[0] == focus[0]
    assert not book.tab.locator(".jp-Dialog").count()
