"""Notebook 02 in a real JupyterLab: run it, move it, type into it, open it without a kernel."""

import re

import pytest
from lab import NOTEBOOKS, NotebookPage

NAME = "02_forget_gate"
BOOKS = sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
HOSTILE = '<img src=x onerror="window.hacked = true">'


@pytest.fixture(scope="module")
def book(lab, browser):
    """The notebook, run once from the top."""
    page = NotebookPage(lab, browser, lab.stage(NAME))
    page.run_all()
    yield page
    page.close()


def explorer(book, source):
    return book.output_of(source).locator(".lstm").first


def picture_has(book, root, text):
    book.page.wait_for_function(
        "([root, text]) => [...root.querySelectorAll('svg text')].some(t => t.textContent.replace(/\\u200b/g, '') === text)",
        arg=[root.element_handle(), text],
        timeout=10_000,
    )


def test_it_runs_from_the_top_without_an_error(book):
    assert not book.cell_errors()
    assert not book.console_errors


def test_keys_and_mouse_move_a_clamped_gate(book):
    root = explorer(book, "ForgetClamped()")
    gate, memory = book.slider("f_t[0]", within=root), book.slider("C_prev[0]", within=root)
    gate.press("ArrowRight")
    picture_has(book, root, "0.80")
    picture_has(book, root, "4.80")
    gate.drag(0.0)
    picture_has(book, root, "unit 0: 0.00 × 6 = 0")
    gate.drag(1.0)
    picture_has(book, root, "unit 0: 1.00 × 6 = 6")
    memory.press("Home")
    picture_has(book, root, "unit 0: 1.00 × −10 = −10")
    memory.set(2.5)
    picture_has(book, root, "unit 0: 1.00 × 2.5 = 2.5")
    book.click_button("2", within=root)
    book.slider("f_t[2]", within=root).press("Home")
    picture_has(book, root, "unit 2: 0.00 × 9 = 0")
    summary = root.locator("[aria-live]").inner_text()
    assert "keeps [2.5, 2, 0]" in summary


def test_presets_and_reset_are_buttons_for_mouse_and_keyboard(book):
    root = explorer(book, "ForgetClamped()")
    book.click_button("keep some", within=root)
    picture_has(book, root, "ft ⊙ Ct−1 = [0.50, 1, 0.50] ⊙ [6, 8, 9] = [3, 8, 4.5]")
    button = root.get_by_role("button", name="forget all")
    button.focus()
    book.page.keyboard.press("Enter")
    picture_has(book, root, "unit 2: 0.00 × 9 = 0")
    book.click_button("Reset", within=root)
    picture_has(book, root, "unit 0: 0.75 × 6 = 4.5")


def test_a_prediction_unlocks_its_sliders_and_keeps_what_is_typed_as_text(book):
    root = explorer(book, 'predict("fifty_steps"')
    handle = root.locator("[role=slider]").first
    assert handle.evaluate(
        "h => h.closest('.noUi-target').hasAttribute('disabled') || h.hasAttribute('disabled')"
    )
    book.click_button("Commit", within=root)
    root.get_by_text("Choose an answer first").wait_for(timeout=10_000)
    root.get_by_text("about 10 %").click()
    book.click_button("certain", within=root)
    root.locator("input[type=text]").fill(HOSTILE)
    book.settle()
    book.click_button("Commit", within=root)
    root.get_by_text("You said: about 10 %").wait_for(timeout=10_000)
    says = root.locator(".lstm-note").first.inner_text()
    assert HOSTILE in says and "0.52 %" in says and "Why:" in says
    assert root.locator("img").count() == 0 and not book.page.evaluate("() => window.hacked === true")
    book.slider("steps", within=root).press("Home")
    picture_has(book, root, "after 0 steps: f⁰ = 100 %")


def test_what_is_typed_as_inputs_stays_text(book):
    root = explorer(book, "GateOverTime(weather, ")
    box = root.locator("input[type=text]")
    box.fill(f"1 2 {HOSTILE}")
    box.press("Enter")
    root.get_by_text("is not a number").wait_for(timeout=10_000)
    assert root.locator("img").count() == 0 and not book.page.evaluate("() => window.hacked === true")
    box.fill("1 -1 1")
    box.press("Enter")
    picture_has(book, root, "t = 1:  xt = 1,  ft = 0.95")


def test_skip_then_every_slider_moves_its_picture(book):
    for skip in book.notebook.get_by_role("button", name="Skip, just unlock").all():
        if skip.is_enabled():
            skip.click()
    book.settle()
    moved = 0
    for view in book.notebook.locator(".lstm-body").all():
        moved += book.move_every_slider(view)
    assert moved == 18, "sliders on the page"
    assert not book.console_errors


def edit(book, text, source):
    """Give the cell that contains `text` a new source, and run it."""
    book.page.evaluate(
        """([text, source]) => {
            const panel = lstmPanel();
            const cell = panel.content.widgets.find(c => c.model.sharedModel.getSource().includes(text));
            cell.model.sharedModel.setSource(source);
            panel.content.deselectAll();
            panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
            window.jupyterapp.commands.execute('notebook:run-cell');
            return null;
        }""",
        [text, source],
    )
    book.settle()


def test_an_exercise_names_the_mistake_and_then_says_right(book):
    wrong = "def apply_gate(f_t, C_prev):\n    return (1 - f_t) * C_prev\n\n\ncheck('apply_gate', apply_gate)"
    edit(book, "def apply_gate", wrong)
    root = book.output_of("def apply_gate")
    root.get_by_text("You kept what should go").wait_for(timeout=10_000)
    book.click_button("Hint 2", within=root)
    root.get_by_text("element-wise product").wait_for(timeout=10_000)
    edit(book, "def apply_gate", wrong.replace("(1 - f_t)", "f_t"))
    root.get_by_text("✓ apply_gate: Right").wait_for(timeout=10_000)


def test_a_learner_s_own_gate_is_drawn_beside_the_library_s(book):
    own = (
        "def forget_gate(h_prev, x_t, W_f, b_f):\n    v = np.concatenate([h_prev, x_t])\n"
        "    return sigmoid(W_f @ v + b_f)\n\n\ncheck('forget_gate', forget_gate)"
    )
    assert "still has a blank" in explorer(book, "yours=").inner_text()
    edit(book, "def forget_gate", own)
    edit(book, "yours=", "ForgetComputed(yours=forget_gate)")
    root = explorer(book, "yours=")
    root.get_by_text("forget_gate agrees with the library").wait_for(timeout=10_000)
    assert "yours" in book.picture_text(root)
    edit(book, "yours=", "ForgetComputed(yours=lambda h, x, W, b: 1 / 0)")
    root.get_by_text("raised ZeroDivisionError").wait_for(timeout=10_000)
    book.slider("b_f[0]", within=root).press("End")
    picture_has(book, root, "6.00")


def test_one_switch_enlarges_every_picture_and_control(book):
    root = explorer(book, "ForgetClamped()")
    label = root.locator(".widget-slider .widget-label").first

    def size():
        return label.evaluate("l => parseFloat(getComputedStyle(l).fontSize)")

    before, picture = size(), root.locator("svg").first.bounding_box()["width"]
    book.click_button("lecture hall")
    book.settle()
    assert size() == pytest.approx(1.8 * before, rel=0.02)
    assert root.locator("svg").first.bounding_box()["width"] > picture
    book.click_button("laptop")
    book.settle()
    assert size() == pytest.approx(before, rel=0.02)


def test_no_console_error_in_all_of_this(book):
    assert not book.console_errors


def shown(page, selector):
    return page.notebook.locator(f".jp-OutputArea-output{selector}").evaluate_all(
        "all => all.filter(e => [...e.querySelectorAll('svg, img')].some(p => p.getBoundingClientRect().height > 100)).length"
    )


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("trust", [False, True], ids=["untrusted", "trusted"])
def test_unrun_it_still_shows_its_pictures(open_notebook, trust, name):
    page = open_notebook(name, trust=trust)
    wanted = page.page.evaluate(
        "() => lstmPanel().content.widgets.filter(c => c.model.type === 'code').flatMap("
        "c => c.model.outputs.toJSON()).filter(o => o.data && o.data['image/svg+xml']).length"
    )
    assert wanted >= 3
    page.wait_for(
        f"() => document.querySelectorAll('.jp-OutputArea-output svg, .jp-OutputArea-output img').length >= {wanted}",
        "pictures are there",
    )
    assert shown(page, "") >= wanted
    text = page.notebook.inner_text()
    assert "Loading widget" not in text and "Error displaying widget" not in text
    assert not re.search(r"model not found", text)
    assert not page.console_errors
