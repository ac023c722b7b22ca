"""Notebooks in a real JupyterLab: opened as saved, run from the top, each slider moved. In `make proof` all of them."""

import json
import re

import pytest
from lab import NOTEBOOKS, NotebookPage
from tiers import quick

BOOKS = sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
OPENED = ("02_forget_gate", "03_input_gate", "09_variants")
"""Opened in `make test`: between them they have every kind of output. 02 alone has a reader's function; the others are fast."""
HOSTILE = '<img src=x onerror="window.hacked = true">'
STILL = "A still picture. To move it, open this notebook in Jupyter and run it."


@pytest.fixture(scope="module", params=quick(BOOKS, OPENED))
def book(request, lab, browser):
    """A notebook, opened once: first it is looked at as saved, then it is run."""
    page = NotebookPage(lab, browser, lab.stage(request.param), width=1366, height=768)
    yield page
    page.close()


def kinds(name):
    """Of a notebook: the types of its outputs and of their data, elements of HTML, attached pictures, and what is called."""
    found = set()
    for cell in json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        found |= {"attachment"} if cell.get("attachments") else set()
        source = "".join(cell["source"])
        found |= set(re.findall(r"(?:check|choose|predict|text_size|TrainingPanel)\(|\byours=", source))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            found.add((output["output_type"], output.get("name"), *sorted(data)))
            found |= set(re.findall(r"<\w+", "".join(data.get("text/html", ""))))
    return found


def test_those_opened_have_every_kind_of_output():
    assert set().union(*map(kinds, OPENED)) == set().union(*map(kinds, BOOKS))


def check_saved(page):
    """Check what a notebook shows that has been opened and not run."""
    wanted = page.page.evaluate(
        "() => lstmPanel().content.widgets.filter(c => c.model.type === 'code').flatMap("
        "c => c.model.outputs.toJSON()).filter(o => /<svg|<img/.test(o.data?.['image/svg+xml'] ?? o.data?.['text/html'])).length"
    )
    assert wanted >= 3
    page.wait_for(
        f"() => document.querySelectorAll('.jp-OutputArea-output svg, .jp-OutputArea-output img').length >= {wanted}",
        "pictures are there",
    )
    shown = "all => all.filter(e => [...e.querySelectorAll('svg, img')].some(p => p.getBoundingClientRect().height > 100)).length"
    assert page.notebook.locator(".jp-OutputArea-output").evaluate_all(shown) >= wanted
    text = page.notebook.inner_text()
    assert not re.search("Loading widget|Error displaying widget|model not found", text)
    pictures = page.page.evaluate(
        "() => lstmPanel().content.widgets.filter(c => c.model.type === 'code').flatMap(c => c.model.outputs.toJSON())"
        ".map(o => o.data?.['image/svg+xml'] ?? atob(o.data?.['text/html']?.match(/base64,([^\"]*)/)?.[1] ?? '')).join('')"
    )
    assert pictures.count(STILL) >= 2 * (wanted - 3), "in the picture and in its description"
    answers = page.notebook.locator(".jp-OutputArea-output details", has_text="✓")
    assert answers.count() >= 3
    answers.first.locator("summary").click()
    assert answers.first.locator("p").first.is_visible()
    assert not page.console_errors


def test_before_it_is_run_it_shows_its_pictures(book):
    check_saved(book)


@pytest.mark.proof
@pytest.mark.parametrize("name", BOOKS)
def test_a_trusted_one_does_too(open_notebook, name):
    check_saved(open_notebook(name, trust=True))


def test_it_runs_and_every_slider_changes_something(book):
    book.run_all(300)
    assert not book.cell_errors() and not book.console_errors
    moved = 0
    for explorer in book.explorers():
        if "skip" in [c["name"] for c in explorer.controls()]:
            explorer.press("skip")
            book.wait_for(
                "e => !e.querySelector('[data-control=skip]')", "its controls have come", arg=explorer.node
            )
        for control in explorer.controls():
            if control["kind"] != "range" or control["disabled"]:
                continue
            name, at = control["name"], explorer.value(control["name"])
            shown = explorer.picture() + explorer.words("summary")
            explorer.key(name, "End" if at < float(control["high"]) else "Home")
            book.wait_for(
                "([e, shown]) => e.querySelector('.lstm-view svg').outerHTML + e.querySelector('.lstm-summary').textContent !== shown",
                f"{name} changes what is shown",
                arg=[explorer.node, shown],
            )
            moved += 1
    assert moved >= 8 and not book.console_errors


def test_typed_text_is_shown_as_text(open_book):
    cells = (
        "from lstm_lib.explore import *\nfrom lstm_lib.exercises import *",
        "GateOverTime([1, 0, -1])",
        'predict("fifty_steps", MemoryDecay())',
        f"def hostile(*given):\n    raise ValueError({HOSTILE!r})\n\nForgetComputed(yours=hostile)",
        "check('half_life', hostile)",
    )
    book = open_book(*cells)
    gates = book.explorer("GateOverTime(")
    gates.choose("sliders", 1)
    book.wait_for("e => e.querySelector('[data-control=inputs]')", "the line has come", arg=gates.node)
    gates.type_text("inputs", f"1 2 {HOSTILE}")
    gates.shows("is not a number")
    assert gates.js("e => e.querySelector('[data-control=inputs] input').value") == f"1 2 {HOSTILE}", (
        "nothing is lost"
    )
    predicted = book.explorer("fifty_steps")
    predicted.choose("option", 2)
    predicted.choose("sure", 2)
    predicted.type_text("reason", HOSTILE)
    predicted.shows("Commit. The explorer's")
    predicted.press("commit")
    predicted.shows(HOSTILE)
    predicted.shows("0.52 %")
    for text in ("yours=hostile", "check("):
        book.explorer(text).shows("<img src=x")
    assert book.page.locator(".lstm img").count() == 0 and not book.page.evaluate(
        "() => window.hacked === true"
    )


def test_an_exercise_names_a_mistake_and_then_accepts_the_solution(open_book):
    cell = "def my_half_life(f):\n    return 1 / (1 - f)\n\ncheck('half_life', my_half_life)"
    book = open_book("import numpy as np\nfrom lstm_lib.exercises import check", cell)
    check = book.explorer("def my_half_life")
    check.shows("the time constant")
    check.press("Hint 1 of 2")
    check.shows("Take logarithms on both sides")
    check.press("Hint 2 of 2")
    check.shows("n · ln f = ln ½. Divide")
    book.run("def my_half_life", cell.replace("1 / (1 - f)", "np.log(0.5) / np.log(f)"))
    book.explorer("def my_half_life").shows("✓ half_life: Right")


def test_an_explorer_survives_a_function_that_never_ends(open_book):
    endless = "def endless(*given):\n    while True:\n        pass\n\nForgetComputed(yours=endless)"
    book = open_book("from lstm_lib.explore import ForgetComputed", endless)
    page = book.explorer("def endless")
    page.shows("It did not end within 2 s and was stopped")
    before = page.words("summary")
    page.key("b_f", "End")
    book.wait_for(
        "([e, t]) => e.querySelector('.lstm-summary').textContent !== t", "it moves", arg=[page.node, before]
    )
    assert book.ask("__import__('threading').active_count()") < 30
