"""A cell through time: play, step, edit, an RNN beside it."""

import xml.etree.ElementTree as ET

import ipywidgets as widgets
import numpy as np
import pytest
from sweep import check_shown, controls, four_through_time, named, one_through_time

from lstm_lib import LSTMParams, RNNParams, lstm_forward, rnn_forward
from lstm_lib.explore import (
    CellExplorer,
    CellOverTime,
)
from lstm_lib.views.theme import MARK, gate_number, number, vector


def where(explorer):
    """The step at which the explorer stands; all that shows it must agree."""
    play = next(w for w in controls(explorer) if isinstance(w, widgets.Play))
    steps, step = len(explorer.state["x"]), explorer.state["step"] + 1
    assert (play.value, named(explorer, "step t").value) == (step, step)
    assert (play.max, named(explorer, "step t").max) == (steps, steps)
    assert explorer.summary.startswith(f"Step {step} of {steps}. ") and explorer.notice.value == ""
    return step


def test_play_back_forward_and_the_step_slider_keep_in_step():
    explorer = one_through_time()
    play = next(w for w in controls(explorer) if isinstance(w, widgets.Play))
    back, forward = explorer.buttons["Back"], explorer.buttons["Forward"]
    assert where(explorer) == 1
    back.click()
    assert where(explorer) == 1, "it stops at the start"
    forward.click()
    assert where(explorer) == 2
    play.value = 4
    assert where(explorer) == 4
    back.click()
    assert where(explorer) == 3
    named(explorer, "step t").value = 5
    assert where(explorer) == 5
    before = explorer.svg
    forward.click()
    assert where(explorer) == 5 and explorer.svg == before, "it stops at the end"
    play.value = 99
    assert where(explorer) == 5
    play.value = 1
    assert where(explorer) == 1


@pytest.mark.parametrize("show", ["strips", "cell"])
@pytest.mark.parametrize("make", [one_through_time, four_through_time])
def test_every_step_shows_its_own_numbers(make, show):
    explorer = make()
    trace = lstm_forward(explorer._params, explorer.state["x"])
    named(explorer, "show").value = show
    for t in range(len(trace)):
        named(explorer, "step t").value = t + 1
        for words in (f"f_t {gate_number(trace.f[t, 0])} ", f"C_t is {number(trace.C[t, 0])};",
                      f"shows h_t {number(trace.h[t, 0])}."):  # fmt: skip
            assert words in explorer.summary
        shown = [
            "".join(e.itertext())
            for e in ET.fromstring(explorer.svg).iter("{http://www.w3.org/2000/svg}text")
        ]
        assert any(number(trace.C[t, 0]) in words for words in shown)
        check_shown(explorer)


def drawn(explorer):
    """The lines of the picture over time, as heights step by step, and the numbers of every step."""
    lines = [
        [float(p.split(",")[1]) for p in e.get("points").split()]
        for e in ET.fromstring(explorer.svg).iter("{http://www.w3.org/2000/svg}polyline")
    ]
    told, step = [], named(explorer, "step t")
    for t in range(len(explorer.state["x"])):
        step.value = t + 1
        told.append(explorer.summary)
    return np.array(lines), told


@pytest.mark.parametrize("t", [0, 2, 4])
def test_an_edited_input_changes_nothing_before_it_and_all_that_follows(t):
    given = [0.3, -0.2, 0.1, 0.1, 0.2]
    explorer = one_through_time(given)
    lines, told = drawn(explorer)
    named(explorer, "step t").value = t + 1
    x = named(explorer, f"x at t={t + 1}")
    assert x.value == explorer.state["x"][t, 0]
    x.value = -0.3
    lines_after, told_after = drawn(explorer)
    assert len(lines) == 6, "f, i, o, C, h and the RNN's h"
    np.testing.assert_array_equal(lines[:, :t], lines_after[:, :t])
    assert told[:t] == told_after[:t]
    assert (lines[:, t:] != lines_after[:, t:]).any(axis=0).all()
    assert all(a != b for a, b in zip(told[t:], told_after[t:], strict=True))
    np.testing.assert_array_equal(np.delete(explorer.state["x"], t), np.delete(given, t))


def test_the_plain_network_s_memory_stands_beside_the_cell_s():
    explorer = one_through_time()
    rnn = rnn_forward(RNNParams([[0.9, 1.0]], [0.1]), explorer.state["x"])
    assert "h_t of a plain RNN" in explorer._repr_mimebundle_()["image/svg+xml"].replace(
        '<tspan dy="0.28em" font-size="72%">t</tspan><tspan dy="-0.2em">&#8203;</tspan>', "_t"
    )
    for t in range(5):
        named(explorer, "step t").value = t + 1
        assert explorer.summary.endswith(f"The plain RNN's h_t is {vector(rnn.h[t])}.")
    assert "RNN" not in four_through_time().summary and "plain RNN" not in four_through_time().svg


def test_other_sequences_and_reset_through_time():
    explorer = one_through_time()
    first = explorer.svg
    named(explorer, "step t").value = 5
    explorer.buttons["two"].click()
    assert where(explorer) == 1 and explorer.state["x"].tolist() == [[1], [-1]]
    named(explorer, "x at t=1").value = 4
    explorer.buttons["one spike"].click()
    assert where(explorer) == 1 and explorer.state["x"][:, 0].tolist() == [1, 0, 0, 0, 0, 0, 0]
    explorer.buttons["two"].click()
    assert explorer.state["x"].tolist() == [[1], [-1]], "a preset is what it was, whatever was edited"
    named(explorer, "show").value = "cell"
    explorer.buttons["Forward"].click()
    explorer.buttons["Reset"].click()
    assert where(explorer) == 1 and explorer.svg == first


def test_the_cell_at_a_step_marks_what_differs_from_the_step_before():
    explorer = one_through_time()
    named(explorer, "show").value = "cell"
    assert f'stroke="{MARK}"' not in explorer.svg
    explorer.buttons["Forward"].click()
    assert f'stroke="{MARK}"' in explorer.svg
    trace = lstm_forward(explorer._params, explorer.state["x"])
    assert f">{gate_number(trace.f[1, 0])}<" in explorer.svg and f">{number(trace.C[0, 0])}<" in explorer.svg


def test_what_is_given_stays_the_caller_s():
    x, C = np.array([1.0, 2.0, 3.0]), np.array([1.0])
    through = CellOverTime(LSTMParams.random(1, 1, np.random.default_rng(0)), x)
    through.sliders[1].value = 5
    cell = CellExplorer(C_prev=C)
    named(cell, "C_prev").value = 5
    assert x.tolist() == [1, 2, 3] and C.tolist() == [1]


def test_held_gates_and_starting_states_hold_through_time():
    params = LSTMParams.from_gates(W_f=[[0.0, 0.0]])
    explorer = CellOverTime(params, [1, 2, 3], hold={"f": 0.5, "o": 1}, C_0=[8.0], h_0=[0.5])
    told = drawn(explorer)[1]
    for t, C in enumerate((4, 2, 1)):
        assert f"f_t 0.50 keeps of C_{{t-1}} {number(2 * C)}," in told[t]
        assert f"C_t is {number(C)}; o_t 1.00 shows h_t {number(np.tanh(C))}." in told[t]


@pytest.mark.parametrize("n", [0, 1, 61])
def test_a_sequence_s_length_is_limited_and_said(n):
    params = LSTMParams.random(1, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=f"x: expected 2 to 60 steps, got {n}"):
        CellOverTime(params, [0.5] * n)
    with pytest.raises(ValueError, match=f"presets.*: expected 2 to 60 steps, got {n}"):
        CellOverTime(params, [0.5] * 3, presets={"other": [0.5] * n})
