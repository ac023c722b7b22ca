"""The arms of slider_latency.py: notebook cells, and the elements of their outputs to drag and to watch."""

from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Arm:
    """A cell of the notebook.

    slider : CSS selector of the slider;  shows : CSS selector of what changes
    python : whether it is an explorer that Python answers;  film : whether it has films
    """

    code: str
    slider: str = "input[type=range]"
    shows: str = ".lstm-view"
    python: bool = False
    film: bool = False


LABEL = """\
import anywidget


class OnlyLabel(anywidget.AnyWidget):
    _esm = '''export default { render({ el }) {
        el.className = 'jupyter-widgets';
        el.innerHTML = '<input type="range" min="0" max="120" value="60" style="width: 260px"> <output>60</output>';
        el.firstChild.onkeydown = event => event.stopPropagation();
        el.firstChild.oninput = event => { el.lastChild.textContent = event.target.value; };
    } }'''


OnlyLabel()
"""

# ipywidgets and matplotlib, drawing much of what ForgetComputed draws: weights with numbers, and bars.
INTERACT = """\
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

weights = np.array([[0.5, -0.3, 0.8, 1.2, -0.7, 0.1, 0.4], [-0.6, 0.9, 0.2, -1.5, 0.3, 0.8, -0.2],
                    [0.1, 0.4, -1.1, 2.0, 0.6, -0.5, 1.0]])
b, v, C = np.array([0.5, 0, -0.5]), np.array([0.1, 0.2, 0.3, 1.0, 0.5, -1.0, 0.5]), np.array([6.0, 8.0, 9.0])


@ipywidgets.interact(w=ipywidgets.FloatSlider(value=1.2, min=-6, max=6, step=0.1))
def draw(w):
    W = weights.copy()
    W[0, 3] = w
    f = 1 / (1 + np.exp(-W @ v - b))
    fig, (top, gate, kept) = plt.subplots(3, 1, figsize=(6.4, 4.6), height_ratios=(2, 1, 1))
    top.imshow(W, cmap="BrBG", vmin=-6, vmax=6, aspect="auto")
    for (u, k), number in np.ndenumerate(W):
        top.text(k, u, f"{number:.2f}", ha="center", va="center")
    top.set_xticks(range(7), [f"{number:.2f}" for number in v])
    for ax, values, reach in ((gate, f, 1), (kept, f * C, 10)):
        ax.barh(range(3), values)
        ax.set_xlim(0, reach)
        for u, number in enumerate(values):
            ax.text(number, u, f"{number:.2f}", va="center")
    top.set_title(f"f_t = {f.round(2)}, f_t * C = {(f * C).round(2)}")
    plt.show()
"""

IMPORT = "from lstm_lib.explore import CellExplorer, ForgetComputed"
PAGE_ONLY = f"import sys\nsys.path.insert(0, {str(HERE)!r})\nfrom page_only import PageOnly"


def explorer_arms(name, slider):
    """An explorer's picture with a film but no Python, with Python but no film, and with both."""
    at = f'[data-control="{slider}"] input[type=range]'
    return {
        "page only": Arm(f'{PAGE_ONLY}\n{IMPORT}\nPageOnly({name}(), "{slider}")', at),
        "no film": Arm(f"{IMPORT}\nexplorer = {name}()\nexplorer.films = False\nexplorer", at, python=True),
        "film": Arm(f"{IMPORT}\n{name}()", at, python=True, film=True),
    }


ARMS = {
    "label, page only": Arm(LABEL, shows="output"),
    "interact": Arm(INTERACT, ".noUi-handle", "img"),
    **{f"computed, {way}": arm for way, arm in explorer_arms("ForgetComputed", "W_f").items()},
    **{f"cell, {way}": arm for way, arm in explorer_arms("CellExplorer", "f").items()},
}


def notebook_of(cells):
    """A notebook of code cells for a Python kernel."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": spec})
