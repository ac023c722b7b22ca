"""The harness itself, on a notebook small enough to know all the answers."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

SLIDER = """\
import ipywidgets
from IPython.display import display

slider = ipywidgets.IntSlider(value=20, min=0, max=100, description="gate two")
decoy = ipywidgets.FloatSlider(value=0.25, min=0, max=1, step=0.01, description="gate")
picture = ipywidgets.HTML()
button = ipywidgets.Button(description="Reset")


def draw(change=None):
    picture.value = (
        "<svg width='200' height='40'><title>no text of the picture</title>"
        f"<text x='5' y='20'>twice is <tspan>{2 * slider.value}</tspan></text></svg>"
    )


slider.observe(draw, "value")
button.on_click(lambda _: setattr(slider, "value", 20))
draw()
display(ipywidgets.VBox([slider, decoy, picture, button]))
"""


@pytest.fixture
def write_notebook(tmp_path):
    """A function that writes a notebook of the given cells and returns its path."""

    def write(*cells):
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(cells=list(cells), metadata={"kernelspec": spec})
        path = tmp_path / "tiny é.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def tiny(open_notebook, write_notebook):
    """The tiny notebook, open and run."""
    page = open_notebook(
        write_notebook(
            new_markdown_cell("# Tiny"),
            new_code_cell("print('plain', 6 * 7)"),
            *[new_markdown_cell("filler\n\n" * 30) for _ in range(3)],  # push the rest off-screen
            new_code_cell(""),
            new_code_cell(SLIDER),
        )
    )
    page.run_all()
    return page


def test_run_all_fills_every_output(tiny):
    expect(tiny.output_of("6 * 7")).to_have_text("plain 42")
    assert len(tiny.cell_outputs()) == 3
    assert tiny.picture_text(tiny.output_of("IntSlider")) == "twice is 40"
    assert tiny.console_errors == []


def test_slider_by_keys_mouse_and_number(tiny):
    output = tiny.output_of("IntSlider")
    slider = tiny.slider("gate two")
    assert slider.value == 20

    slider.press("ArrowRight", times=3)
    assert slider.value == 23
    expect(output).to_contain_text("twice is 46")

    slider.press("End")
    expect(output).to_contain_text("twice is 200")

    slider.drag(0.5)
    assert slider.value == pytest.approx(50, abs=1)
    expect(output).to_contain_text(f"twice is {2 * slider.value:.0f}")

    slider.set(37)
    assert slider.value == 37
    tiny.settle()
    assert tiny.picture_text(output) == "twice is 74"

    tiny.click_button("Reset", within=output)
    expect(output).to_contain_text("twice is 40")
    assert slider.value == 20
    assert tiny.console_errors == []


def test_label_is_matched_whole_and_value_is_exact(tiny):
    decoy = tiny.slider("gate", within=tiny.output_of("IntSlider"))
    decoy.set(0.37)
    assert decoy.value == 0.37


def test_settle_waits_for_the_last_of_many_moves(tiny):
    slider = tiny.slider("gate two")
    slider.press("ArrowRight", times=30)
    tiny.settle()
    assert tiny.picture_text(tiny.output_of("IntSlider")) == "twice is 100"


def test_console_errors_are_seen(open_notebook, write_notebook):
    code = "from IPython.display import Javascript, display\ndisplay(Javascript(%r))"
    logged, thrown = "console.error('boom')", "setTimeout(() => { throw new Error('bang') }, 0)"
    page = open_notebook(write_notebook(new_code_cell(code % logged), new_code_cell(code % thrown)))
    page.run_all()
    page.wait_for("() => true", "the page answers")
    assert any("boom" in error for error in page.console_errors)
    assert any("bang" in error for error in page.console_errors)


def test_a_failing_cell_fails_the_run(open_notebook, write_notebook):
    page = open_notebook(write_notebook(new_code_cell("1 / 0"), new_code_cell("print('after')")))
    with pytest.raises(AssertionError, match="cell 0: ZeroDivisionError"):
        page.run_all()


@pytest.mark.parametrize("trust", [True, False])
def test_trust(open_notebook, write_notebook, trust):
    html = "<p>shown</p><script>window.outputScriptRan = true</script>"
    output = new_output("display_data", {"text/html": html})
    cell = new_code_cell("pass", outputs=[output], execution_count=1)
    page = open_notebook(write_notebook(cell), trust=trust)
    expect(page.output_of("pass").locator("p")).to_have_text("shown")
    page.wait_for_kernel()
    page.settle()
    assert page.page.evaluate("() => window.outputScriptRan === true") is trust


def test_screenshot(tiny, tmp_path):
    path = tmp_path / "new folder" / "tiny.png"
    tiny.screenshot(path)
    assert path.read_bytes().startswith(b"\x89PNG")
