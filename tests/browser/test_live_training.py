"""The training panel in a real JupyterLab: it runs by itself, and the page stays alive meanwhile."""

import re
import time

import nbformat
import pytest
from lab import NotebookPage

CELLS = (
    "from lstm_lib.explore import ForgetClamped, TrainingPanel",
    'TrainingPanel("delayed recall", 3000)',
    "ForgetClamped()",
)


@pytest.fixture(scope="module")
def book(lab, browser, tmp_path_factory):
    """A notebook with a panel that trains for a while, and another explorer below."""
    path = tmp_path_factory.mktemp("training") / "panel.ipynb"
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    nb.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    nbformat.write(nb, path)
    page = NotebookPage(lab, browser, lab.stage(path))
    page.run_all()
    yield page
    page.close()


@pytest.fixture
def panel(book):
    view = book.output_of("TrainingPanel(").locator(".lstm-body")
    book.click_button("Reset", within=view)
    says(book, view, "not started")
    return view


def says(book, view, words, seconds=30):
    book.page.wait_for_function(
        "([view, words]) => view.querySelector('.lstm-says').textContent.includes(words)",
        arg=[view.element_handle(), words],
        timeout=1000 * seconds,
    )


def update(view):
    found = re.search(r"at update (\d+) of", view.locator(".lstm-says").inner_text())
    return int(found[1]) if found else 0


def test_it_trains_pauses_goes_on_and_stops(book, panel):
    book.click_button("Start", within=panel)
    says(book, panel, "running at update")
    lines = "view => [...view.querySelectorAll('svg polyline')].map(p => p.getAttribute('points')).join()"
    for _ in range(3):  # by itself, again and again
        before = panel.evaluate(lines)
        book.page.wait_for_function(
            f"([view, before]) => ({lines})(view) !== before",
            arg=[panel.element_handle(), before],
            timeout=10_000,
        )
    assert panel.locator(".progress-bar, .widget-hprogress").count()
    book.click_button("Pause", within=panel)
    says(book, panel, "paused at update")
    held = update(panel)
    time.sleep(0.5)
    assert update(panel) == held > 0
    book.click_button("Go on", within=panel)
    says(book, panel, "running at update")
    book.click_button("Stop", within=panel)
    says(book, panel, "stopped at update")
    assert update(panel) > held and not book.console_errors


def test_other_sliders_and_its_own_stay_alive_while_it_trains(book, panel):
    book.click_button("Start", within=panel)
    says(book, panel, "running at update")
    other = book.output_of("ForgetClamped()").locator(".lstm-body")
    assert book.move_every_slider(other) == 2
    book.slider("learning rate", within=panel).press("Home")
    says(book, panel, "at rate 0.0001")
    assert "running" in panel.locator(".lstm-says").inner_text(), "a rate acts on the run under way"
    book.slider("first b_f", within=panel).press("End")
    says(book, panel, "first b_f = 6")
    says(book, panel, "not started")
    assert "run before" in book.picture_text(panel)


def test_a_diverging_run_says_so_on_the_page(book, panel):
    book.click_button("rate too high", within=panel)
    says(book, panel, "not clipped")
    book.click_button("Start", within=panel)
    says(book, panel, "diverged at update")
    assert "A lower rate or clipping helps" in panel.locator(".lstm-note").inner_text()


def test_the_kernel_stays_free_for_cells(book, panel):
    book.click_button("Start", within=panel)
    says(book, panel, "running at update")
    before = update(panel)
    book.settle(10)
    says(book, panel, "running at update")
    assert update(panel) >= before
    book.click_button("Reset", within=panel)
