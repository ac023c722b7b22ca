"""Notebooks 01, 03, 04 and 05 in a real JupyterLab: they run, play, and every slider moves."""

import pytest
from lab import NotebookPage

SLIDERS = {"01_architecture": 10, "03_input_gate": 10, "04_output_gate": 10, "05_training": 16}


@pytest.fixture(scope="module", params=SLIDERS)
def book(request, lab, browser):
    """A notebook, run once from the top."""
    page = NotebookPage(lab, browser, lab.stage(request.param))
    page.name = request.param
    page.run_all()
    yield page
    page.close()


def shows(book, view, text):
    book.page.wait_for_function(
        "([view, text]) => [...view.querySelectorAll('svg text')].some("
        "t => t.textContent.replace(/\\u200b/g, '').includes(text))",
        arg=[view.element_handle(), text],
        timeout=10_000,
    )


def test_it_runs_and_showing_it_moves_nothing(book):
    """A slider that snaps a value to its step when drawn must not pass for a learner's move."""
    assert not book.cell_errors() and not book.console_errors
    stored = book.page.evaluate(
        "() => lstmPanel().content.widgets.filter(c => c.model.type === 'code').flatMap(c => c.model.outputs.toJSON())"
        ".filter(o => o.data && o.data['image/svg+xml'] && o.data['application/vnd.jupyter.widget-view+json'])"
        ".map(o => new DOMParser().parseFromString([o.data['image/svg+xml']].flat().join(''), 'image/svg+xml')"
        ".querySelector('desc').textContent)"
    )
    drawn = book.notebook.locator(".lstm-view svg").evaluate_all(
        "all => all.map(svg => svg.querySelector('desc').textContent)"
    )
    assert len(drawn) >= 3 and drawn == stored


def test_skip_then_every_slider_in_sight_moves_its_picture(book):
    for skip in book.notebook.get_by_role("button", name="Skip, just unlock").all():
        skip.click()
    book.settle()
    moved = 0
    for view in book.notebook.locator(".lstm-body").all():
        moved += book.move_every_slider(view)
        assert view.locator(".widget-slider:visible").count() <= 4
    assert moved >= SLIDERS[book.name], "sliders on the page"
    assert not book.console_errors


def test_a_sequence_plays_steps_and_follows_an_edit(book):
    views = [v for v in book.notebook.locator(".lstm-body").all() if v.locator(".widget-play").count()]
    assert views or book.name in ("03_input_gate", "05_training")
    for view in views:
        book.click_button("Reset", within=view)
        shows(book, view, "t = 1:")
        book.click_button("Forward", within=view)
        shows(book, view, "t = 2:")
        book.click_button("Back", within=view)
        shows(book, view, "t = 1:")
        view.locator(".widget-play button").first.click()
        shows(book, view, "t = 3:")
        view.locator(".widget-play button").first.click()
        book.slider("step t", within=view).press("Home")
        shows(book, view, "t = 1:")
        lines = "view => [...view.querySelectorAll('svg polyline')].map(p => p.getAttribute('points')).join()"
        before = view.evaluate(lines)
        edit = view.locator(".widget-slider:visible").last.locator("[role=slider]")
        edit.press("End")
        book.page.wait_for_function(
            f"([view, before]) => ({lines})(view) !== before",
            arg=[view.element_handle(), before],
            timeout=10_000,
        )
        book.click_button("the cell at this step", within=view)
        shows(book, view, "tanh")
    assert not book.console_errors


@pytest.mark.parametrize("book", ["01_architecture"], indirect=True)
def test_a_gate_is_held_when_moved_and_let_go_by_its_switch(book):
    view = book.output_of("CellExplorer()").locator(".lstm-body")
    book.click_button("Reset", within=view)
    book.settle()
    assert "held" not in book.picture_text(view)
    book.slider("i_t", within=view).press("Home")
    shows(book, view, "held")
    book.click_button("i", within=view)
    book.page.wait_for_function(
        "view => ![...view.querySelectorAll('svg text')].some(t => t.textContent === 'held')",
        arg=view.element_handle(),
        timeout=10_000,
    )
    book.click_button("weights", within=view)
    book.slider("W_f[0, 1]", within=view).handle.wait_for()
    assert view.locator(".widget-slider:visible").count() == 2
    book.click_button("count up", within=view)
    book.click_button("Next step", within=view)
    shows(book, view, "2.60")
