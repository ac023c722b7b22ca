"""Each explorer: its texts, its moves, and its errors for wrong arguments."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from made import AS_FOUND, LATCH, LATCH_INPUTS, big_cell, four_units_in_time, own_gate, own_step, with_an_rnn

from lstm_lib import LSTMParams, RNNParams, forward, half_life, lstm_forward, lstm_step, sigmoid
from lstm_lib.exercises import ___
from lstm_lib.explore import (
    CellExplorer,
    CellOverTime,
    ForgetClamped,
    ForgetComputed,
    GateOverTime,
    GradientReach,
    MemoryDecay,
    answer,
    end_with,
    hold_at_end,
    keep_until,
    loss_below,
)
from lstm_lib.explore.controls import Range
from lstm_lib.judge.blank import BlankLeft
from lstm_lib.views.theme import MARK, amount, gate_number, number, vector


def labels(explorer):
    return [c.label for c in explorer.controls(explorer.state) if isinstance(c, Range)]


def control(explorer, name):
    return explorer.find(explorer.state, name)


def make(explorer, *moves):
    for move in moves:
        name, *value = move if isinstance(move, tuple) else (move,)
        if name != "Undo":
            control(explorer, name)  # a missing control would be ignored
        explorer.move(name, *value)
        assert explorer.note == "", explorer.note
    return explorer


def test_clamped_says_what_the_cell_does():
    explorer = ForgetClamped()
    for name, kept in (("forget all", [0, 0, 0]), ("keep all", [6, 8, 9]), ("keep some", [3, 8, 4.5])):
        assert make(explorer, name).summary.endswith(f"keeps {vector(kept)}.")
    make(explorer, "keep all", ("unit", 2))
    assert labels(explorer) == ["f_t[2]", "C_{t-1}[2]"] and control(explorer, "C_prev").value == 9
    make(explorer, ("f_t", 0.25), ("C_prev", -10))
    assert "keeps [6, 8, −2.5]" in explorer.summary


@pytest.mark.parametrize(
    ("explorer", "words"),
    [
        (lambda: ForgetClamped([0.9999], [8]), "0.9999 × 8 = 7.999"),
        (lambda: ForgetClamped([0.5], [0.125]), "0.50 × 0.125 = 0.06"),
        (lambda: MemoryDecay(f=0.8, C_0=0.125, steps=1), "0.8000 × 0.125 = 0.1000"),
        (lambda: MemoryDecay(C_0=10.0), "0.1074 × 10 ≈ 1.0737"),
        (lambda: CellExplorer(LSTMParams.from_gates(W_f=[[0, 0]], b_f=[8.0], b_i=[8], b_C=[8.0]), C_prev=[0.5]),
         "= 0.9997 · 0.5 + 0.9997 · (1−2.3e−7) = 1.50"),
        (lambda: GateOverTime([-0.125, 1], [6.0]), "σ(6 · (−0.12) + 1) ≈ 0.56"),
    ],
)  # fmt: skip
def test_arithmetic_in_a_picture_is_right_for_the_rounded_numbers(explorer, words):
    svg = explorer().svg
    assert words in "".join(ElementTree.fromstring(svg).itertext()), re.findall(r">([^<>]*[×·][^<>]*)<", svg)


def test_a_gate_below_one_is_not_rounded_to_one():
    assert ForgetClamped([0.9999, 1.0], [8, 8]).summary.endswith("keeps [7.999, 8].")
    trace = "f_t 0.9999 keeps 0.9999 of C_{t-1} 1.00"
    assert trace in CellExplorer(clamp={"f": 0.9999}).summary


def test_computed_says_what_the_cell_does():
    explorer = make(ForgetComputed(), ("unit", 1), ("column", 5))
    assert labels(explorer) == ["W_f[1, 5]", "x_t[2]", "b_f[1]", "C_{t-1}[1]"]
    s = make(explorer, ("W_f", -6.0), ("x_t", 2.5), ("b_f", 3.0), ("C_prev", -4.0)).state
    assert (s.W_f[1, 5], s.v[5], s.b_f[1], s.C_prev[1]) == (-6, 2.5, 3, -4)
    trace = lstm_step(LSTMParams.from_gates(W_f=s.W_f, b_f=s.b_f), s.v[3:], s.v[:3], s.C_prev)
    assert vector(trace.kept) in explorer.summary and np.array_equal(trace.f_t, s.trace.f_t)
    make(explorer, ("column", 0))
    assert control(explorer, "h_prev").low == -1 and control(explorer, "h_prev").value == 0.1


def test_decay_says_half_life():
    for f, words in ((0.5, "1.0 steps"), (0.9, "6.6 steps"), (0.99, "69.0 steps")):
        assert f"gone after {words}" in make(MemoryDecay(), f"f = {f}").summary
        assert float(half_life(f)) == pytest.approx(float(words.split()[0]), abs=0.05)
    explorer = make(MemoryDecay(), "f = 0.9", ("n", 50), ("C_0", -8.0))
    assert (
        f"after 50 steps 0.52 % is left, C_{{50}} = {number(-8 * 0.9**50, 4)} of C_0 = −8."
        in explorer.summary
    )


def test_a_gate_over_time_follows_the_sequence():
    explorer = make(GateOverTime([1, -1, 2], w=[2.0], b=[0.5]), ("sliders", 1), ("step", 3))
    assert control(explorer, "x").value == 2
    assert gate_number(sigmoid(2 * -2 + 0.5)) in make(explorer, ("x", -2.0)).summary
    assert control(explorer, "inputs").value == "1 -1 -2"
    assert labels(GateOverTime([1, -1])) == ["w", "b", "step t", "C_0"], "one unit needs no index"
    assert labels(GateOverTime([1, -1], [1, 2], [0, 0])) == ["w[0]", "b[0]", "step t", "C_0[0]"]
    fine = make(GateOverTime([0.123456789, 1e-7, 60]), ("sliders", 1))
    assert control(fine, "inputs").value == "0.123456789 1e-07 60"
    make(fine, ("inputs", control(fine, "inputs").value))
    assert fine.state == GateOverTime([0.123456789, 1e-7, 60]).state.but(sliders="inputs"), (
        "read as it was written"
    )
    make(explorer, ("inputs", "0, 0.5"))
    assert explorer.state.step == 1 and control(explorer, "step").high == 2
    make(explorer, ("C_0", 4.0))
    assert explorer.state.trace.C[-1, 0] == pytest.approx(4 * np.prod(sigmoid(2 * explorer.state.x + 0.5)))


GATES = {"f": "f_t", "i": "i_t", "C_tilde": "C_tilde", "o": "o_t"}


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize(("explorer", "unit"), [(CellExplorer, 0), (big_cell, 2)], ids=["one unit", "four"])
def test_moving_a_gate_clamps_it_and_its_switch_computes_it_again(explorer, unit, gate):
    explorer, field = explorer(), GATES[gate]
    if unit:
        make(explorer, ("unit", unit))
    computed = getattr(explorer.state.trace, field)
    make(explorer, (gate, 0.25))
    trace = explorer.state.trace
    assert trace.clamped == (gate,) and getattr(trace, field)[unit] == 0.25
    others = np.arange(len(computed)) != unit
    np.testing.assert_array_equal(getattr(trace, field)[others], computed[others])
    assert (
        f"computed {number(computed[unit])}" in explorer.svg
        or f"computed {gate_number(computed[unit])}" in explorer.svg
    )
    make(explorer, (f"clamp {gate}", False))
    assert explorer.state.trace.clamped == () and control(explorer, gate).value == computed[unit]


def test_the_weights_of_a_clamped_gate_change_its_computed_value():
    """In notebooks 03 and 04 every gate is clamped; every weight still changes the picture, even if x is 0."""
    explorer = CellExplorer(LSTMParams.from_gates(W_f=np.zeros((3, 7))), [0] * 4, sliders="weights",
                            clamp={"f": 0.5, "i": 1, "C_tilde": 0.5, "o": 1})  # fmt: skip
    for gate in range(4):
        for column in range(7):
            make(explorer, ("gate", gate), ("column", column))
            before = explorer.svg, explorer.summary
            for name in ("W", "b"):
                make(explorer, (name, 3.0))
                assert (explorer.svg, explorer.summary) != before, (gate, column, name)
                make(explorer, "Undo")


@pytest.mark.parametrize("gate", range(4))
def test_a_weight_s_slider_changes_that_weight_alone(gate):
    for explorer in (big_cell(sliders="weights"), make(four_units_in_time(), ("sliders", 2))):
        make(explorer, ("unit", 2), ("gate", gate), ("column", 5))
        W, b, row = explorer.state.W.copy(), explorer.state.b.copy(), 4 * gate + 2
        W[row, 5], b[row] = 4.5, -5.0
        make(explorer, ("W", 4.5), ("b", -5.0))
        np.testing.assert_array_equal(explorer.state.W, W)
        np.testing.assert_array_equal(explorer.state.b, b)
        letter = "fioC"[gate]
        assert f"W_{letter}[2, 5]" in labels(explorer)


def test_counting_up_beyond_the_slider_s_range():
    explorer = make(CellExplorer(C_prev=[0.0]), "count up", *["next"] * 5)
    assert explorer.state.C_prev[0] == pytest.approx(4) and "C_t is 4.80" in explorer.summary
    make(explorer, *["next"] * 35)
    assert explorer.state.C_prev[0] == pytest.approx(32)
    assert "C_{t-1} = 32 is outside its slider's range, −10 to 10" in explorer.remark
    for C, written, now in ((10.0, 0.0004, "10.0004"), (-10.0, -1, "−11")):
        out = make(CellExplorer(C_prev=[C], clamp={"f": 1, "i": 1, "C_tilde": written}), "next")
        assert f"C_{{t-1}} = {now} is outside its slider's range, −10 to 10" in out.remark
    assert control(explorer, "C_prev").high == 10, "bounds are fixed when an explorer is made"
    make(explorer, "Reset")
    assert explorer.state.C_prev[0] == 0 and explorer.remark == ""


def test_the_next_step_uses_the_states_of_the_last_one():
    explorer = big_cell()
    h, C = explorer.state.h_prev, explorer.state.C_prev
    for n in range(1, 4):
        out = lstm_step(explorer.state.params, explorer.state.x_t, h, C)
        h, C = out.h_t, out.C_t
        make(explorer, "next")
        np.testing.assert_array_equal(explorer.state.h_prev, h)
        np.testing.assert_array_equal(explorer.state.C_prev, C)
        assert explorer.summary.startswith(f"Step {n + 1}: ")


def test_presets_clamp_further_gates():
    explorer = make(CellExplorer(C_prev=[6.0]), ("o", 0.25), "keep")
    assert explorer.state.trace.clamped == ("o", "f", "i") and explorer.state.trace.C_t[0] == 6
    assert make(explorer, "store, don't show").state.trace.h_t[0] == 0 and "C_t is 6.80" in explorer.summary
    assert make(explorer, "compute all").state.clamp == {}
    assert make(explorer, "erase and write").state.trace.C_t[0] == pytest.approx(0.8)


def test_every_cell_of_the_notebooks_can_be_opened():
    found = CellOverTime(AS_FOUND, [1, 5, 7, 4], h_0=[-1])
    assert number(found.state.trace.h[-1, 0], 4) == "0.7355"
    assert control(make(found, ("sliders", 2)), "W").low == -10
    one = CellExplorer(AS_FOUND, [7], [-1], sliders="weights")
    assert control(one, "W").value == -10 and control(one, "x_t").high == 7
    latch = CellOverTime(LATCH, LATCH_INPUTS, sliders="weights")
    assert control(latch, "W").high == 24
    assert control(CellExplorer(LATCH, LATCH_INPUTS[0]), "C_prev").high == 10
    assert control(CellExplorer(C_prev=[12.5]), "C_prev").high == 13


def test_step_buttons_and_step_slider_agree():
    explorer = with_an_rnn()
    assert not [c for c in explorer.controls(explorer.state) if c.name == "back" and not c.disabled]
    make(explorer, "forward", "forward", "back", ("step", 5))
    assert explorer.state.step == 4 and explorer.summary.startswith("Step 5 of 5. ")
    (play,) = [c for c in explorer.controls(explorer.state) if c.kind == "play"]
    assert play.moves == "step" and [
        c.disabled for c in explorer.controls(explorer.state) if c.name == "forward"
    ] == [True]


@pytest.mark.parametrize("show", [0, 1])
@pytest.mark.parametrize("explorer", [with_an_rnn, four_units_in_time])
def test_every_step_shows_its_own_numbers(explorer, show):
    explorer = make(explorer(), ("show", show))
    trace = explorer.state.trace
    for t in range(len(trace)):
        make(explorer, ("step", t + 1))
        words = (
            f"f_t {gate_number(trace.f[t, 0])} ",
            f"C_t is {number(trace.C[t, 0])};",
            f"shows h_t {number(trace.h[t, 0])}.",
        )
        assert all(w in explorer.summary for w in words) and number(trace.C[t, 0]) in explorer.svg


@pytest.mark.parametrize("t", [0, 2, 4])
def test_an_input_changes_only_later_steps(t):
    explorer = with_an_rnn([0.3, -0.2, 0.1, 0.1, 0.2])
    before = explorer.state.trace
    after = make(explorer, ("step", t + 1), ("x", -0.3)).state.trace
    np.testing.assert_array_equal(before.C[:t], after.C[:t])
    assert (before.C[t:] != after.C[t:]).all()


def test_weights_gates_and_first_states_affect_the_whole_sequence():
    explorer = with_an_rnn(sliders="weights")
    make(
        explorer,
        ("W", 3.0),
        ("b", -1.0),
        ("sliders", 0),
        ("C_0", 5.0),
        ("h_0", 0.5),
        ("sliders", 1),
        ("f", 0.8),
    )
    s = explorer.state
    wanted = lstm_forward(LSTMParams(s.W, s.b), s.x, [0.5], [5.0], {"f": 0.8})
    np.testing.assert_array_equal(s.trace.h, wanted.h)
    assert s.W[0, 1] == 3 and s.b[0] == -1 and (s.trace.f == 0.8).all() and "computed" in explorer.svg
    assert "Clamped at every step: f." in explorer.summary
    rnn = forward(RNNParams([[0.9, 1.0]], [0.1]), s.x)
    assert f"The plain RNN's h_t is {vector(rnn.h[0])}." in explorer.summary


def test_changes_are_marked_until_the_next_move():
    explorer, marks = big_cell(), f'stroke="{MARK}"'
    assert marks not in explorer.svg
    assert make(explorer, ("o", 0.5)).svg.count(marks) >= 2
    assert marks not in make(explorer, ("unit", 1)).svg, "to look at another unit changes no value"


def test_arguments_are_not_changed():
    x, C = np.array([1.0, 2.0, 3.0]), np.array([1.0])
    make(CellOverTime(LSTMParams.random(1, 1, np.random.default_rng(0)), x), ("x", 5.0))
    make(CellExplorer(C_prev=C), ("C_prev", 5.0))
    assert x.tolist() == [1, 2, 3] and C.tolist() == [1]


def test_float32_cells_can_be_explored():
    p = LSTMParams.random(1, 2, np.random.default_rng(0))
    small = LSTMParams(p.W.astype(np.float32), p.b.astype(np.float32))
    one, rnn = np.ones(1, "float32"), RNNParams(np.ones((1, 2), "float32"), np.ones(1, "float32"))
    make(GateOverTime(np.array([1, 2, 3], "float32"), one, one, one), ("b", 2.0))
    make(CellOverTime(small, np.ones(3, "float32"), rnn, {"f": np.ones(1)}, C_0=np.ones(2)), ("C_0", 2.0))
    make(CellExplorer(p, clamp={"f": one}), ("C_prev", 2.0))
    make(CellExplorer(small), ("C_prev", 2.0))
    make(CellOverTime(small, [1, 2, 3]), ("C_0", 2.0))


# --- goals ---------------------------------------------------------------------------------------------


def goal(explorer):
    picture = explorer.view.picture
    assert picture.goal.startswith("Goal met: " if picture.met else "Goal: ")
    return picture.met


def test_keep_until_is_met_by_the_answer_of_the_notebook():
    explorer = make(GateOverTime(np.zeros(20), goal=keep_until(10)), "one pulse")
    assert not goal(explorer)
    assert goal(make(explorer, ("w", 6.0), ("b", 3.0))) and not goal(make(explorer, ("b", 6.0)))


def test_the_latch_s_goal():
    target = [0, 0, 1, 0, -1]
    explorer = CellOverTime(LATCH, LATCH_INPUTS, goal=answer(target, np.tanh(1)))
    assert goal(explorer) and np.abs(explorer.state.trace.h[:, 0] / np.tanh(1) - target).max() < 0.1
    assert not goal(CellOverTime(LATCH, LATCH_INPUTS, clamp={"i": 1}, goal=answer(target, np.tanh(1))))
    assert not goal(make(explorer, ("sliders", 1), ("gate", 2), ("o", 1.0)))


def test_goals_that_do_not_fit_the_sequence_are_not_met():
    assert not goal(GateOverTime([1, 1], goal=keep_until(10)))
    assert not goal(CellOverTime(LATCH, LATCH_INPUTS, goal=answer([1, 0])))
    assert not goal(GateOverTime([1, 1], C_0=[0.0], goal=keep_until(1)))


def test_end_with_and_hold_at_end():
    units = GateOverTime([1, 1, 1, 1], [6, -6, 0], [0, 0, 6], goal=end_with([1, 0, 1]))
    assert goal(units) and not goal(make(units, ("unit", 1), ("w", 6.0)))
    assert goal(CellOverTime(AS_FOUND, [1, 5, 7, 4], h_0=[-1], goal=hold_at_end(0.94)))


def test_goals_copy_their_arguments():
    shares, target = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    ends, says = end_with(shares), answer(target)
    explorers = [GateOverTime([1, 1], [6, -6], [0, 0], goal=ends), CellOverTime(TINY, [1, 2], goal=says)]
    before = [e.view.picture.goal for e in explorers]
    shares[:], target[:] = [0, 1], 9
    assert [e.picture(e.state).goal for e in explorers] == before


@pytest.mark.parametrize("f", [0.98996, 0.9896, 0.99004, 0.99])
def test_a_goal_s_result_is_rounded_to_the_right_side_of_its_bound(f):
    explorer = GateOverTime([1, -100], [0.0], [np.log(f / (1 - f))], goal=keep_until(1))
    shown = float(re.search(r"Now: (\S+) % after step 1", explorer.view.picture.goal)[1])
    assert (shown >= 99) == (explorer.state.trace.C[0, 0] >= 0.99)
    f *= (0.5 / 0.98) ** 0.5  # two steps leave about half
    ends = GateOverTime([1, 1], [0.0], [np.log(f / (1 - f))], goal=end_with([1]))
    shown = float(re.search(r"unit 0 (\S+) %", ends.view.picture.goal)[1])
    assert (shown >= 50) == goal(ends)


@pytest.mark.parametrize(("C", "met"), [(0.9496, False), (0.9504, True), (1.0496, True), (1.0502, False)])
def test_the_result_of_hold_at_end_is_rounded_to_the_right_side_of_its_bound(C, met):
    cell = LSTMParams.from_gates(W_f=[[0, 0]], b_f=[50.0], b_i=[50], b_C=[np.arctanh(C / 2)])
    explorer = CellOverTime(cell, [0, 0], goal=hold_at_end(1.0))
    shown = float(re.search(r"C_2 = (\S+)\.", explorer.view.picture.goal)[1])
    assert goal(explorer) == met == (0.95 <= shown <= 1.05)


def test_a_goal_is_not_met_if_C_0_is_zero():
    explorer = make(
        GateOverTime([1, 1], [0, 0], [8, 8], C_0=[1, 1], goal=end_with([1, 0])), ("unit", 1), ("C_0", 0.0)
    )
    assert not goal(explorer) and "unit 1 has C_0 = 0 ✗" in explorer.view.picture.goal


def test_the_words_of_goals():
    assert end_with([1, 1]).words == "end with at least 50 % of C_0 in units 0 and 1"
    assert end_with([0]).words == "end with at most 1 % of C_0 in unit 0"
    assert (
        end_with([1, 0, 1]).words == "end with at least 50 % of C_0 in units 0 and 2, at most 1 % in unit 1"
    )
    assert keep_until(1).words.endswith("less than 0.1 % after step 2") and hold_at_end(0.125).words.endswith(
        "of 0.125"
    )


# --- a learner's function ----------------------------------------------------------------------------


def hostile(h_prev, x_t, W_f, b_f):
    raise ValueError("<img src=x onerror=alert(1)>")


@pytest.mark.parametrize(
    ("function", "words", "drawn"),
    [
        (own_gate, "^✓ forget_gate: Right", True),
        (lambda h, x, W, b: own_gate(h, x, W, 0 * b), "^✗ .*The bias b_f is missing", True),
        (lambda h, x, W, b: own_gate(h, x, W, b)[None], "^✓", True),
        (lambda h, x, W, b: [sigmoid(W[:, k].sum()) for k in range(7)], r"^✗ .* shape \(7,\), expected shape \(3,\)", False),
        (hostile, "^! .*raised ValueError: <img", False),
        pytest.param(___, "^… .*a blank", False, id="blank itself"),
    ],
)  # fmt: skip
def test_a_learner_s_gate_beside_the_library_s(function, words, drawn):
    explorer = ForgetComputed(yours=function)
    assert re.search(words, explorer.remark)
    make(explorer, ("W_f", 6.0))
    assert re.search(words, explorer.remark), "the remark follows every move"
    assert explorer.state.W_f[0, 3] == 6 and ("yours" in explorer.svg) == drawn


@pytest.mark.parametrize(
    ("function", "words", "drawn"),
    [
        (own_step, "^✓ step: Right", True),
        (lambda *given: own_step(*given)[::-1], "^✗ .*the two states are in the other order", True),
        (lambda *given: own_step(*given)[0], "^✗ .*You returned h_t alone", False),
        (lambda params, x, h, C: ___ * C, "^… .*a blank", False),
    ],
)
def test_a_learner_s_step_beside_the_library_s(function, words, drawn):
    explorer = CellExplorer(yours=function)
    assert re.search(words, explorer.remark, re.IGNORECASE) and "The library: C_t [" in explorer.remark
    assert ("yours:" in explorer.svg) == drawn
    assert "some are clamped here" in make(explorer, "keep").remark


# --- what is given wrong --------------------------------------------------------------------------------

TINY = LSTMParams.from_gates(W_f=[[0, 1]])


class Tensor:
    """An array of another library that NumPy cannot read."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("requires grad")


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (CellExplorer, {"x_t": [1, 2]}, r"^x_t: .*got \(2,\)"),
        (CellExplorer, {"x_t": ["a"]}, "^x_t: expected numbers, got text"),
        (CellExplorer, {"h_prev": [2]}, "^h_prev: expected values from -1 to 1, got 2"),
        (CellExplorer, {"C_prev": []}, "^C_prev: expected at least one number"),
        (CellExplorer, {"C_prev": [np.nan]}, "^C_prev: .*NaN"),
        (CellExplorer, {"clamp": {"g": 1}}, "^clamp: expected keys from .*got 'g'"),
        (CellExplorer, {"clamp": {"f": 2}}, "^clamp.*from 0 to 1"),
        (CellExplorer, {"sliders": "all"}, "^sliders: expected"),
        (CellExplorer, {"params": 3}, "^params: expected LSTMParams, got int"),
        (CellExplorer, {"params": LSTMParams.random(5, 1, np.random.default_rng(0))}, "up to 4 units and 4 inputs, got H=1, D=5"),
        (CellOverTime, {"x": ["a", "b"]}, "^x: expected numbers, got text"),
        (CellOverTime, {"x": np.zeros((3, 2))}, r"^x: .*got \(3, 2\)"),
        (CellOverTime, {"x": [1.0]}, "^x: expected 2 to 60 steps, got 1"),
        (CellOverTime, {"x": [0.0] * 61}, "^x: expected 2 to 60 steps, got 61"),
        (CellOverTime, {"rnn": RNNParams([[0, 1, 1]], [0])}, "^rnn: .*input_size 2"),
        (CellOverTime, {"rnn": 3}, "^rnn: .*got int"),
        (CellOverTime, {"h_0": [np.inf]}, "^h_0: .*infinity"),
        (CellOverTime, {"presets": {"other": [[1, 2], [3, 4]]}}, r"^presets.*other.*got \(2, 2\)"),
        (CellOverTime, {"presets": {"step": [1, 2]}}, "^presets: 'step' is the name of a control"),
        (CellOverTime, {"presets": [1]}, "^presets: expected"),
        (GateOverTime, {"x": [1.0]}, "^x: expected 2 to 60 numbers"),
        (GateOverTime, {"w": [1, 2]}, "^b: expected shape"),
        (GateOverTime, {"w": [1] * 5, "b": [1] * 5}, "^w: expected up to 4 units, got 5"),
        (ForgetClamped, {"f_t": [2.0]}, "^C_prev: expected shape|^f_t: expected values from 0 to 1"),
        (ForgetClamped, {"f_t": []}, "^f_t: expected at least one number"),
        (MemoryDecay, {"f": 0.123}, "^f: expected one of"),
        (MemoryDecay, {"C_0": 11}, "^C_0: expected a number from -10 to 10"),
        (MemoryDecay, {"steps": 101}, "^steps: expected a whole number from 0 to 100"),
        (GradientReach, {"T": 50.0}, "^T: expected a whole number from 2 to 200, got 50.0"),
        (GradientReach, {"units": 4}, r"^units: expected one of \[1, 16\], got 4"),
        (GradientReach, {"u": 9}, "^u: expected a number from -3 to 3, got 9"),
        (GradientReach, {"speed": 1}, "expected settings from .*got 'speed'"),
        (CellExplorer, {"C_prev": [3e6]}, r"^C_prev: expected values from -1e\+06 to 1e\+06, got 3e\+06"),
        (CellExplorer, {"C_prev": Tensor()}, "^C_prev: expected numbers, got Tensor, which NumPy cannot read: requires grad"),
        (CellExplorer, {"params": LSTMParams.from_gates(W_f=[[1e308, 0]])}, r"^params.W: expected values from -1e\+06"),
        *((CellExplorer, {"clamp": wrong}, "^clamp: expected {gate: value}, got")
          for wrong in (np.array([0.5, 0.5]), 0, False, "", [], ())),
        (CellOverTime, {"x": [1e300, 1]}, "^x: expected values from"),
        *((CellOverTime, {"presets": {name: [1, 2]}}, f"^presets: '{name}' is the name of a control")
          for name in ("W", "b", "f", "o", "clamp f", "gate", "column", "h_0", "Undo", "Reset")),
        *((CellOverTime, {"presets": {name: [1, 2]}}, "^presets: expected names in text, got") for name in (1, None, "")),
        *((kind, {"goal": wrong}, "^goal: expected a Goal, got")
          for kind in (CellOverTime, GateOverTime) for wrong in (5, "x", np.zeros(2), [], 0, keep_until)),
        (GateOverTime, {"goal": loss_below(1)}, "^goal: expected one for this explorer, got 'reach a held-out"),
        (GateOverTime, {"goal": end_with([1, 0])}, "^goal: expected 1 units, like the cell, got 2"),
        (ForgetClamped, {"f_t": [[1], [1, 2]]}, "^f_t: expected numbers in a regular array"),
        (ForgetClamped, {"f_t": 0.5}, r"^f_t: expected shape \(H,\)"),
        *((MemoryDecay, {"C_0": wrong}, "^C_0: expected a number from -10 to 10, got") for wrong in (10**30, 10**400, 10**5000)),
        (MemoryDecay, {"steps": 10**5000}, "^steps: expected a whole number from 0 to 100, got a value of type int"),
        *((end_with, {"shares": wrong}, "^shares: expected") for wrong in (1, [[1, 2], [3, 4]], [0.5], [2])),
        *((answer, {"target": [1], "scale": wrong}, "^scale: expected a number") for wrong in (0, "a", np.inf)),
        (hold_at_end, {"value": 1e308}, "^value: expected a number"),
        (keep_until, {"step": 10**5000}, "^step: expected a whole number"),
        (keep_until, {"step": 0}, "^step: expected a whole number"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(kind, given, words):
    usual = {CellOverTime: {"params": TINY, "x": [1, 2]}, GateOverTime: {"x": [1, 2]}}
    with pytest.raises(ValueError, match=words):
        kind(**(usual.get(kind, {}) | given))


def test_a_blank_as_argument_raises_BlankLeft():
    with pytest.raises(BlankLeft):
        CellExplorer(C_prev=___)


# --- how far a gradient reaches ----------------------------------------------------------------------


def left_of(**settings):
    """What is left at the first step, from the summary: (LSTM by all paths, RNN)."""
    words = GradientReach(**settings).summary.replace("−", "-")
    return tuple(
        float(v) for v in re.search(r"and (\S+) by all paths, in the RNN's h (\S+?)\.$", words).groups()
    )


def test_reach_says_what_the_jacobians_are():
    summary = GradientReach(T=51, inputs="none", gate="clamped", f=0.99, w=-0.9).summary
    assert (
        f"C {amount(0.99**50)} by the direct path and {amount(0.99**50)} by all paths, in the RNN's h {amount(0.9**50)}"
        in summary
    )
    assert "f_t is clamped at 0.99" in summary
    words = GradientReach(b_f=1.25, C_0=0.25, w=0.905).summary
    assert "b_f = 1.25, which" in words and "C_0 = 0.25, " in words and "w = 0.905." in words
    b_f = GradientReach(T=51, inputs="none", b_f=4.6).summary
    assert f"C {amount(sigmoid(4.6) ** 50)} by the direct path" in b_f


def test_what_notebook_05_says_of_sixteen_units():
    """An orthogonal RNN against the cell with b_f = 3: better with small inputs, far worse with large ones."""
    cell, rnn = left_of(units=16, T=100, C_0=0, b_f=3.0, w=1.0, matrix="orthogonal")
    assert 0.025 < rnn < 0.035 and 0.007 < cell < 0.009
    cell, rnn = left_of(units=16, T=100, C_0=0, b_f=3.0, w=1.0, matrix="orthogonal", inputs="large")
    assert rnn < 1e-10 and cell > 1e-3
    assert 100 < left_of(units=16, T=100, C_0=0, b_f=3.0, u=3.0)[0] < 1000
    assert left_of(units=16, T=100, w=1.0, matrix="orthogonal", inputs="none")[1] == 1.0
