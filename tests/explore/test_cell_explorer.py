"""The whole cell: gates held and computed, weights, next step, a learner's own step."""

import re

import numpy as np
import pytest
from sweep import big_cell, check_shown, hostile, named, own_step

from lstm_lib import LSTMParams, lstm_step
from lstm_lib.exercises import ___
from lstm_lib.explore import (
    CellExplorer,
)
from lstm_lib.views.theme import MARK, number

GATES = {"f": "f_t", "i": "i_t", "C̃": "C_tilde", "o": "o_t"}
HELD = {"f": "f", "i": "i", "C̃": "C_tilde", "o": "o"}


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize(("make", "unit"), [(CellExplorer, None), (big_cell, 2)], ids=["one unit", "four"])
def test_moving_a_gate_holds_it_and_releasing_it_computes_it_again(make, unit, gate):
    explorer, field, u = make(), GATES[gate], unit or 0
    if unit is not None:
        named(explorer, "unit").value = unit
    slider, switch = named(explorer, field if unit is None else f"{field}[{unit}]"), named(explorer, gate)
    computed = getattr(explorer.trace, field).copy()
    assert slider.value == pytest.approx(computed[u], abs=0.0051)
    assert not switch.value and explorer.trace.clamped == ()
    shown = slider.value
    slider.value = 0.25
    assert switch.value and explorer.trace.clamped == (HELD[gate],)
    assert explorer.summary.endswith(f" Held by hand: {gate}.")
    wanted = computed.copy()
    wanted[u] = 0.25
    np.testing.assert_array_equal(getattr(explorer.trace, field), wanted)
    assert [named(explorer, other).value for other in GATES if other != gate] == [False] * 3
    switch.value = False
    assert slider.value == shown and explorer.trace.clamped == ()
    np.testing.assert_array_equal(getattr(explorer.trace, field), computed)
    assert explorer.summary.endswith(" All gates are computed.")
    explorer.sliders[-1].value = -6
    assert abs(getattr(explorer.trace, field)[u] - computed[u]) > 0.02
    assert slider.value == pytest.approx(getattr(explorer.trace, field)[u], abs=0.0051), "it follows"


def test_a_switch_holds_a_gate_where_it_stands():
    explorer = CellExplorer()
    before = explorer.trace
    named(explorer, "i").value = True
    np.testing.assert_array_equal(explorer.trace.C_t, before.C_t)
    assert explorer.trace.clamped == ("i",) and "held" in explorer.svg
    named(explorer, "x_t").value = -4
    assert explorer.trace.i_t == before.i_t and explorer.trace.f_t != before.f_t


def test_next_step_feeds_what_comes_out_back_in():
    explorer = big_cell()
    assert "After" not in explorer.summary
    params = LSTMParams(explorer.state["W"], explorer.state["b"])
    h, C = explorer.state["h_prev"].copy(), explorer.state["C_prev"].copy()
    for n in range(1, 4):
        out = lstm_step(params, explorer.state["x_t"], h, C)
        np.testing.assert_array_equal(explorer.trace.C_t, out.C_t)
        h, C = out.h_t, out.C_t
        explorer.buttons["Next step"].click()
        np.testing.assert_array_equal(explorer.state["C_prev"], C)
        np.testing.assert_array_equal(explorer.state["h_prev"], h)
        assert explorer.summary.startswith(f"Step {n + 1}: ")
        assert named(explorer, "C_prev[0]").value == C[0] and named(explorer, "h_prev[0]").value == h[0]
    explorer.apply("Reset")
    assert "After" not in explorer.summary and explorer.state["C_prev"][0] == 6


def test_counting_up_adds_at_every_step():
    explorer = CellExplorer(C_prev=[6.0])
    explorer.apply("count up")
    for _ in range(9):
        explorer.buttons["Next step"].click()
    assert "C_t is 14.00;" in explorer.summary and explorer.trace.C_t[0] == pytest.approx(14)
    explorer.buttons["Next step"].click()
    memory = named(explorer, "C_prev")
    assert memory.value == pytest.approx(14) and (memory.min, memory.max) == (-20, 20)


def test_the_cell_s_presets_by_their_numbers():
    explorer = CellExplorer(C_prev=[6.0])
    for name, C, h in (
        ("keep", 6.0, None),
        ("erase and write", 0.8, None),
        ("store, don't show", 6.8, 0.0),
        ("count up", 6.8, np.tanh(6.8)),
    ):
        explorer.apply(name)
        assert explorer.trace.C_t[0] == pytest.approx(C, abs=1e-12), name
        assert h is None or explorer.trace.h_t[0] == pytest.approx(h, abs=1e-12)
        assert f"C_t is {number(C)};" in explorer.summary
    explorer.apply("compute all")
    assert explorer.svg.count(">held<") == 0
    np.testing.assert_array_equal(explorer.trace.C_t, CellExplorer(C_prev=[6.0]).trace.C_t)
    by_hand = CellExplorer(C_prev=[6.0])
    for slider, value in (("f_t", 0.5), ("i_t", 1), ("C_tilde", 0.8)):
        named(by_hand, slider).value = value
    given = CellExplorer(C_prev=[6.0], hold={"f": 0.5, "i": 1, "C_tilde": 0.8})
    for one in (by_hand, given):
        assert "C_t is 3.80;" in one.summary and ">3.80<" in one.svg
        assert "Held by hand: f, i, C̃." in one.summary


@pytest.mark.parametrize(("gate", "block"), [("f", 0), ("i", 1), ("o", 2), ("C̃", 3)])
def test_a_weight_s_slider_changes_that_weight_alone(gate, block):
    explorer = big_cell()
    named(explorer, "move").value = "weights"
    named(explorer, "unit").value, named(explorer, "column").value = 2, 5
    named(explorer, "gate").value = HELD[gate]
    letter = "C" if gate == "C̃" else gate
    W, b = explorer.state["W"].copy(), explorer.state["b"].copy()
    z = getattr(explorer.trace, f"z_{letter}")
    row = 4 * block + 2
    weight, bias = named(explorer, f"W_{letter}[2, 5]"), named(explorer, f"b_{letter}[2]")
    assert weight.value == W[row, 5] and bias.value == b[row]
    weight.value = 4.5
    W[row, 5] = 4.5
    np.testing.assert_array_equal(explorer.state["W"], W)
    np.testing.assert_array_equal(explorer.state["b"], b)
    now = getattr(explorer.trace, f"z_{letter}")
    assert (now != z).tolist() == [False, False, True, False]
    bias.value = -5
    b[row] = -5
    np.testing.assert_array_equal(explorer.state["W"], W)
    np.testing.assert_array_equal(explorer.state["b"], b)
    assert explorer.trace.clamped == ()


def test_an_input_s_slider_changes_that_input_alone():
    explorer = big_cell()
    named(explorer, "move").value = "input"
    named(explorer, "feature").value = 3
    x = explorer.state["x_t"].copy()
    named(explorer, "x_t[3]").value = x[3] = 5
    np.testing.assert_array_equal(explorer.state["x_t"], x)
    np.testing.assert_array_equal(explorer.trace.x_t, x)


def test_what_a_move_changed_is_marked_until_the_next():
    explorer = big_cell()
    marks = f'stroke="{MARK}"'
    assert marks not in explorer.svg
    named(explorer, "o_t[0]").value = 0.5
    assert explorer.svg.count(marks) == 2, "o_t and h_t"
    named(explorer, "unit").value = 1
    assert marks not in explorer.svg, "to look at another unit changes no value"


@pytest.mark.parametrize(
    ("function", "words", "drawn"),
    [
        (own_step, "own_step agrees with the library", True),
        (lambda *given: own_step(*given)[::-1], "its two states in the other order", True),
        (lambda params, x, h, C: own_step(params, x, h, 0 * C), "differs from the library by up to", True),
        (
            lambda *given: own_step(*given)[0],
            r"returned numbers of shape \(1,\); \(h_t, C_t\) is two vectors of 1",
            False,
        ),
        (lambda params, x, h, C: 1 / 0, "raised ZeroDivisionError: division by zero", False),
        (lambda params, x, h, C: None, "is a return missing", False),
        (lambda params, x, h, C: (h + np.nan, C), "returned NaN or infinity", False),
        (lambda params, x, h, C: own_step(params, x, h, C.__imul__(0.5)), "changed its own arguments", True),
        (lambda params, x, h, C: ___ * C, "still has a blank", False),
        (lambda params, x, h, C: hostile(1, 2, 3, 4), "raised ValueError: &lt;img", False),
    ],
)
def test_a_learner_s_step_beside_the_library_s(function, words, drawn):
    explorer = CellExplorer(yours=function)
    assert re.search(words, explorer.notice.value) and "<img" not in explorer.notice.value
    assert "The library: C_t [" in explorer.notice.value
    assert ("yours:" in explorer.svg) == drawn
    check_shown(explorer)
    named(explorer, "C_prev").value = 7
    assert re.search(words, explorer.notice.value), "the remark follows every move"
    assert explorer.trace.C_prev == 7 and explorer.state["C_prev"] == 7


def test_a_learner_s_step_computes_what_is_held_here_and_that_is_said():
    explorer = CellExplorer(yours=own_step)
    assert "some are held here" not in explorer.notice.value
    explorer.apply("keep")
    assert "differs" in explorer.notice.value and "some are held here" in explorer.notice.value
    explorer.apply("compute all")
    assert "own_step agrees" in explorer.notice.value and "some are held" not in explorer.notice.value
    with pytest.raises(
        ValueError, match=r"yours: expected a function \(params, .*\) → \(h_t, C_t\), got str"
    ):
        CellExplorer(yours="lstm_step")


def test_the_cell_s_size_is_limited_and_said():
    for D, H in ((5, 1), (1, 5)):
        with pytest.raises(
            ValueError, match=f"params: expected up to 4 units and 4 inputs, got H={H}, D={D}"
        ):
            CellExplorer(LSTMParams.random(D, H, np.random.default_rng(0)))
