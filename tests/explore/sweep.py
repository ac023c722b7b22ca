"""Explorers to test, and how to lead one everywhere: every choice, every slider at both ends."""

import copy
import xml.etree.ElementTree as ET

import ipywidgets as widgets
import numpy as np
import pytest

from lstm_lib import LSTMParams, RNNParams, sigmoid
from lstm_lib.explore import (
    CellExplorer,
    CellOverTime,
    ForgetClamped,
    ForgetComputed,
    GateOverTime,
    GradientReach,
    MemoryDecay,
    TrainingPanel,
)

X20 = np.random.default_rng(5).normal(size=20).round(1)


def own_step(params, x_t, h_prev, C_prev):
    """A learner's step of the whole cell, as in the notebooks."""
    v = np.concatenate([h_prev, x_t])
    f, i, o = (sigmoid(W @ v + b) for W, b in
               ((params.W_f, params.b_f), (params.W_i, params.b_i), (params.W_o, params.b_o)))  # fmt: skip
    C_t = f * C_prev + i * np.tanh(params.W_C @ v + params.b_C)
    return o * np.tanh(C_t), C_t


def hostile(h_prev, x_t, W_f, b_f):
    raise ValueError("<img src=x onerror=alert(1)>")


def big_cell(**more):
    rng = np.random.default_rng(6)
    params = LSTMParams(rng.normal(size=(16, 8)).round(1), rng.normal(size=16).round(1))
    return CellExplorer(
        params, rng.normal(size=4).round(1), rng.uniform(-1, 1, 4).round(2), [6, -8, 9, 0.5], **more
    )


def one_through_time(x=(1, -1, 2, 0, 0.5)):
    cell = LSTMParams.from_gates(
        W_f=[[0.5, 1.0]], b_f=[2.0], W_i=[[0.2, 2.0]], W_o=[[0.3, 1.0]], b_o=[0.5], W_C=[[0.4, 1.5]]
    )
    more = {"one spike": [1, 0, 0, 0, 0, 0, 0], "two": [1, -1]}
    return CellOverTime(cell, x, rnn=RNNParams([[0.9, 1.0]], [0.1]), presets=more)


def four_through_time():
    rng = np.random.default_rng(7)
    return CellOverTime(
        LSTMParams(rng.normal(size=(16, 6)), rng.normal(size=16)), rng.normal(size=(20, 2)).round(1)
    )


EXPLORERS = {
    "ForgetClamped": ForgetClamped,
    "ForgetClamped, one unit": lambda: ForgetClamped([0.5], [3.0]),
    "ForgetComputed": ForgetComputed,
    "ForgetComputed, yours": lambda: ForgetComputed(
        lambda h, x, W, b: sigmoid(W @ np.concatenate([h, x]) + b)
    ),
    "MemoryDecay": MemoryDecay,
    "GateOverTime": lambda: GateOverTime(X20),
    "GateOverTime, three units": lambda: GateOverTime(X20[:10], [2, -2, 0.3], [0, 0, 2]),
    "CellExplorer": CellExplorer,
    "CellExplorer, four units and inputs": big_cell,
    "CellExplorer, held": lambda: big_cell(hold={"i": 0.5, "o": [0, 1, 0.5, 0.9975]}),
    "CellExplorer, yours": lambda: CellExplorer(yours=own_step),
    "CellOverTime, an RNN beside it": one_through_time,
    "CellOverTime, four units": four_through_time,
    "GradientReach": GradientReach,
    "GradientReach, 16 units": lambda: GradientReach(units=16),
    "TrainingPanel": lambda: TrainingPanel(steps=20),
    "TrainingPanel, plain RNN": lambda: TrainingPanel("latch", 20, cell="rnn", optimiser="SGD"),
}
each = pytest.mark.parametrize("make", EXPLORERS.values(), ids=EXPLORERS)


def check_shown(explorer):
    """What must hold after every move."""
    root = ET.fromstring(explorer.svg)
    numbers = " ".join("".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "NaN" not in numbers and "nan" not in explorer.svg
    assert root.find("{http://www.w3.org/2000/svg}desc").text == explorer.summary
    assert explorer.view.value.startswith(explorer.svg), "the widget shows another picture"
    assert f'aria-live="{"polite" if explorer.speaks() else "off"}"' in explorer.view.value
    assert "The picture is as it was" not in explorer.notice.value


def ends(widget):
    """Least, default and greatest value of a control."""
    if isinstance(widget, widgets.FloatSlider):
        return [widget.min, widget.value, widget.max]
    if isinstance(widget, widgets.Play):
        return [widget.min, widget.max]
    if isinstance(widget, widgets.ToggleButton):
        return [not widget.value, widget.value]
    return (
        [value for _, value in widget.options]
        if isinstance(widget.options[0], tuple)
        else list(widget.options)
    )


def controls(explorer):
    return [w for w, _ in explorer._bound if not isinstance(w, widgets.Text)]


def named(explorer, words):
    """The one control with this description."""
    (found,) = [w for w in controls(explorer) if w.description == words]
    return found


def in_sight(found):
    return [w for w in found if w.layout.display != "none"]


def choosers(explorer):
    return in_sight(w for w in controls(explorer) if isinstance(w, widgets.ToggleButtons))


def everywhere(explorer):
    """Lead the explorer to each choice of each row of buttons in sight, and there to each of the others'."""
    yield
    for outer in choosers(explorer):
        first = outer.value
        for value in ends(outer):
            outer.value = value
            yield
            for inner in choosers(explorer):
                start = inner.value
                for other in ends(inner) if inner is not outer else []:
                    inner.value = other
                    yield
                inner.value = start
        outer.value = first


def sweep(explorer, found):
    """Each control at each of its ends, from the same state."""
    start = copy.deepcopy(explorer.state)
    for widget in found:
        for end in ends(widget):
            widget.value = end
            assert widget.value == end, f"{widget.description} does not stay where it was put"
            check_shown(explorer)
        explorer.move(lambda state: state.update(copy.deepcopy(start)))
