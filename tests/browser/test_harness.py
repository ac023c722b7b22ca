"""The test harness itself, on a small notebook with known results."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def tiny(open_book):
    """The tiny notebook, open and run."""
    return open_book(
        new_markdown_cell("# Tiny"),
        "print('plain', 6 * 7)",
        *[new_markdown_cell("filler\n\n" * 30) for _ in range(3)],  # push the rest off-screen
        "",
        "from lstm_lib.explore import ForgetClamped\nForgetClamped()",
    )


def test_run_all_fills_every_output(tiny):
    expect(tiny.output_of("6 * 7")).to_have_text("plain 42")
    assert "6.00" in tiny.explorer("ForgetClamped").picture()
    assert tiny.console_errors == []


def test_a_slider_by_keys_mouse_and_number(tiny):
    page = tiny.explorer("ForgetClamped")
    page.key("f_t", "ArrowRight", times=3)
    assert page.value("f_t") == 0.9
    page.drag("f_t", 0.9, 0.5)
    assert page.value("f_t") == pytest.approx(0.5, abs=0.06)
    page.type_number("f_t", "0.37")
    page.shows("Forget gate [0.37,", "summary")
    made = tiny.page.evaluate("() => probe.made.splice(0)")
    assert made[:3] == [["f_t", 0.8], ["f_t", 0.85], ["f_t", 0.9]] and made[-1] == ["f_t", 0.37]
    page.press("Reset")
    page.shows("Forget gate [0.75,", "summary")


def test_errors_of_the_page_and_of_cells_are_seen(open_book):
    code = "from IPython.display import Javascript, display\ndisplay(Javascript(%r))"
    logged, thrown = "console.error('boom')", "setTimeout(() => { throw new Error('bang') }, 0)"
    page = open_book(code % logged, code % thrown, "1 / 0", "print('after')", run=False)
    with pytest.raises(AssertionError, match="cell 2: ZeroDivisionError"):
        page.run_all()
    page.wait_for("() => true", "the page answers")
    assert any("boom" in error for error in page.console_errors)
    assert any("bang" in error for error in page.console_errors)


@pytest.mark.parametrize("trust", [True, False])
def test_trust(open_notebook, tmp_path, trust):
    html = "<p>shown</p><script>window.outputScriptRan = true</script>"
    output = new_output("display_data", {"text/html": html})
    cell = new_code_cell("pass", outputs=[output], execution_count=1)
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "tiny.ipynb")
    page = open_notebook(tmp_path / "tiny.ipynb", trust=trust)
    expect(page.output_of("pass").locator("p")).to_have_text("shown")
    assert page.page.evaluate("() => window.outputScriptRan === true") is trust
