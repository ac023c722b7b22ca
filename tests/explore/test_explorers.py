"""What single explorers say and do, and what they are told wrong."""

import re

import ipywidgets as widgets
import numpy as np
import pytest
from sweep import check_shown, controls, hostile, named, one_through_time

from lstm_lib import LSTMParams, RNNParams, half_life, lstm_step, sigmoid
from lstm_lib.exercises import ___
from lstm_lib.explore import (
    CellExplorer,
    CellOverTime,
    Explorer,
    ForgetClamped,
    ForgetComputed,
    GateOverTime,
    GradientReach,
    MemoryDecay,
    text_size,
)
from lstm_lib.views.theme import amount, gate_number, gate_vector, vector


def test_clamped_says_what_the_cell_does():
    explorer = ForgetClamped()
    for name, kept in (("forget all", [0, 0, 0]), ("keep all", [6, 8, 9]), ("keep some", [3, 8, 4.5])):
        explorer.apply(name)
        assert explorer.summary.endswith(f"keeps {vector(kept)}.")
    explorer.apply("keep all")
    unit, f, C = controls(explorer)
    unit.value = 2
    assert (f.description, C.description, f.value, C.value) == ("f_t[2]", "C_prev[2]", 1, 9)
    f.value, C.value = 0.25, -10
    assert "keeps [6, 8, −2.5]" in explorer.summary


def test_computed_says_what_the_cell_does():
    explorer = ForgetComputed()
    row, column, weight, meets, bias = controls(explorer)
    row.value, column.value = 1, 5
    assert [s.description for s in explorer.sliders] == ["W_f[1, 5]", "x_t[2]", "b_f[1]"]
    weight.value, meets.value, bias.value = -6, 2.5, 3
    s = explorer.state
    assert (s["W_f"][1, 5], s["v"][5], s["b_f"][1]) == (-6, 2.5, 3)
    cell = LSTMParams.from_gates(W_f=s["W_f"], b_f=s["b_f"])
    trace = lstm_step(cell, s["v"][3:], s["v"][:3], s["C_prev"])
    assert f"f_t {gate_vector(trace.f_t)}" in explorer.summary and vector(trace.kept) in explorer.summary
    column.value = 0
    assert meets.description == "h_prev[0]" and (meets.min, meets.max) == (-1, 1)
    column.value = 6
    assert (meets.min, meets.max) == (-6, 6)
    assert s["v"][0] == 0.1, "changing the range must not move the value"


def test_decay_says_half_life():
    explorer = MemoryDecay()
    for f, words in ((0.5, "1.0 steps"), (0.9, "6.6 steps"), (0.99, "69.0 steps")):
        explorer.apply(f"f = {f}")
        assert f"gone after {words}" in explorer.summary
        assert float(half_life(f)) == pytest.approx(float(words.split()[0]), abs=0.05)
    explorer.apply("f = 0.9")
    explorer.sliders[1].value = 50
    assert "after 50 steps 0.52 % is left" in explorer.summary
    with pytest.raises(ValueError, match="f: expected one of"):
        MemoryDecay(f=0.123)


def test_over_time_follows_the_sequence():
    explorer = GateOverTime([1, -1, 2], w=[2.0], b=[0.5])
    w, b, step, x = explorer.sliders
    step.value = 3
    assert x.description == "x at t=3" and x.value == 2
    x.value = -2
    assert gate_number(sigmoid(2 * -2 + 0.5)) in explorer.summary
    box = next(w for w, _ in explorer._bound if isinstance(w, widgets.Text))
    assert box.value == "1 -1 -2"
    box.value = "0, 0.5"
    assert (explorer.state["x"] == [0, 0.5]).all() and step.value == 2 and step.max == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [("1 two 3", "is not a number"), ("", "expected 2 to 60 numbers, got 0"), ("1", "got 1"), ("nan 1", "from -6 to 6"),
     ("1 7", "from -6 to 6"), ("1 " * 61, "got 61"), ("<img src=x onerror=alert(1)>", "is not a number")],
)  # fmt: skip
def test_what_is_typed_wrong_is_named_and_changes_nothing(typed, words):
    explorer = GateOverTime([1, 0, -1])
    before, box = explorer.svg, next(w for w, _ in explorer._bound if isinstance(w, widgets.Text))
    box.value = typed
    assert words in explorer.notice.value and "<img" not in explorer.notice.value
    assert explorer.svg == before and (explorer.state["x"] == [1, 0, -1]).all()
    assert box.value == "1 0 -1"
    explorer.sliders[0].value = 3
    assert explorer.notice.value == "", "the message goes with the next good move"


def cell_with(name, *at):
    """A cell with a 9 in W or b at the given place."""
    arrays = {"W": np.zeros((8, 4)), "b": np.zeros(8)}
    arrays[name][at] = 9
    return LSTMParams(**arrays)


@pytest.mark.parametrize("make", [
    lambda: CellExplorer(x_t=[9]),
    lambda: CellExplorer(LSTMParams.random(3, 2, np.random.default_rng(0)), x_t=[0, 0, 9]),
    lambda: CellExplorer(cell_with("W", 0, 2)),
    lambda: CellExplorer(cell_with("W", 7, 0)),
    lambda: CellExplorer(cell_with("b", 0)),
    lambda: CellExplorer(cell_with("b", 5)),
    lambda: one_through_time([9, 0]),
    lambda: one_through_time([0, 9]),
], ids=["x_t", "x_t of 3", "W", "W elsewhere", "b", "b elsewhere", "x", "x later"])  # fmt: skip
def test_what_no_slider_can_show_is_named(make):
    with pytest.raises(ValueError, match="from -6 to 6.*got .*9"):
        make()


def test_a_memory_beyond_the_usual_range_has_a_slider_as_wide():
    for given in (12.5, -12.5):
        slider = named(CellExplorer(C_prev=[given]), "C_prev")
        assert (slider.value, slider.min, slider.max) == (given, -20, 20)


def test_a_browser_that_rounds_to_a_step_moves_nothing():
    explorer = CellExplorer(C_prev=[1.374])
    slider = named(explorer, "C_prev")
    assert slider.value == 1.374 and slider.step == 0.01, "finer than usual, to reach what the cell has made"
    slider.value = 1.37
    assert explorer.state["C_prev"] == 1.374
    for value in (2.0, 1.5):
        slider.value = value
        assert explorer.state["C_prev"] == value and slider.step == 0.5


def test_float32_cells_are_explored_too():
    p = LSTMParams.random(1, 2, np.random.default_rng(0))
    small = LSTMParams(p.W.astype(np.float32), p.b.astype(np.float32))
    for explorer in (CellExplorer(small), CellOverTime(small, [1, 2, 3])):
        explorer.sliders[-1].value = 2
        check_shown(explorer)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x_t": [1, 2]}, r"^x_t: .*got \(2,\)"),
        ({"x_t": 0.5}, r"^x_t: .*got \(\)"),
        ({"x_t": ["a"]}, "^x_t: expected numbers, got text"),
        ({"x_t": [np.nan]}, "^x_t: .*(nan|NaN)"),
        ({"h_prev": [1, 2]}, r"^h_prev: .*got \(2,\)"),
        ({"C_prev": 3.0}, r"^C_prev: .*got \(\)"),
        ({"C_prev": []}, "^C_prev: expected at least one number"),
        ({"C_prev": [np.nan]}, "^C_prev: .*(nan|NaN)"),
        ({"hold": {"g": 1}}, "^hold.*: expected keys from .*got 'g'"),
        ({"hold": {"f": 2}}, "^(hold.*|f_t): expected .*from 0 to 1"),
        ({"hold": {"f": [1, 1]}}, r"^hold.*got shape \(2,\)"),
    ],
)
def test_what_is_given_wrong_is_named(given, words):
    with pytest.raises(ValueError, match=words):
        CellExplorer(**given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x": 1.0}, "^x: .*got"),
        ({"x": ["a", "b"]}, "^x: expected numbers, got text"),
        ({"x": [1, np.nan]}, "^x: .*NaN"),
        ({"x": np.zeros((3, 2))}, r"^x: .*got \(3, 2\)"),
        ({"x": np.zeros((3, 4, 1))}, r"^x: .*got \(3, 4, 1\)"),
        ({"rnn": RNNParams([[0, 1, 1]], [0])}, "^rnn: .*input"),
        ({"hold": {"g": 1}}, "^hold.*: expected keys from .*got 'g'"),
        ({"C_0": [1, 2]}, r"^C_0: .*got \(2,\)"),
        ({"h_0": [np.inf]}, "^h_0: .*infinity"),
        ({"presets": {"other": [[1, 2], [3, 4]]}}, r"^presets.*other.*got \(2, 2\)"),
    ],
)
def test_what_is_given_wrong_through_time_is_named(given, words):
    with pytest.raises(ValueError, match=words):
        CellOverTime(LSTMParams.from_gates(W_f=[[0, 1]]), **({"x": [1, 2]} | given))


class Fragile(Explorer):
    title = "Fragile"

    def build(self):
        self.add_slider(0, 1, 0.1, lambda s: s["a"], lambda s, v: s.update(a=v), lambda s: "a")

    def draw(self):
        if self.state["a"] > 0.5:
            raise RuntimeError("<b>too much</b>")
        return "<svg/>", f"a {self.state['a']}"


def test_an_error_in_a_callback_is_shown_on_the_page_and_undone():
    explorer = Fragile({"a": 0.2})
    explorer.sliders[0].value = 0.9
    assert "RuntimeError: &lt;b&gt;too much&lt;/b&gt;" in explorer.notice.value
    assert explorer.state["a"] == 0.2 and explorer.sliders[0].value == 0.2 and explorer.summary == "a 0.2"
    explorer.sliders[0].value = 0.4
    assert explorer.notice.value == "" and explorer.summary == "a 0.4"


def mine(h_prev, x_t, W_f, b_f):
    return sigmoid(W_f @ np.concatenate([h_prev, x_t]) + b_f)


def loops_over_columns(h_prev, x_t, W_f, b_f):
    return [sigmoid(W_f[:, k].sum()) for k in range(7)]


def changes_its_arguments(h_prev, x_t, W_f, b_f):
    f = mine(h_prev, x_t, W_f, b_f)
    W_f[:] = 0
    return f


@pytest.mark.parametrize(
    ("function", "words", "drawn"),
    [
        (mine, "mine agrees with the library", True),
        (lambda h, x, W, b: mine(h, x, W, 0 * b), "differs from the library by up to", True),
        (changes_its_arguments, "changed its own arguments", True),
        (loops_over_columns, r"returned shape \(7,\); f_t has shape \(3,\)", False),
        (lambda h, x, W, b: None, "is a return missing", False),
        (lambda h, x, W, b: [np.nan] * 3, "returned NaN or infinity", False),
        (lambda h, x, W, b: "abc", "returned text; numbers are wanted", False),
        (lambda h: h, "raised TypeError", False),
        (lambda h, x, W, b: ___, "still has a blank", False),
        (lambda h, x, W, b: W @ ___ + b, "still has a blank", False),
        (hostile, "raised ValueError: &lt;img", False),
    ],
)
def test_a_learner_s_function_beside_the_library_s(function, words, drawn):
    explorer = ForgetComputed(yours=function)
    assert re.search(words, explorer.notice.value)
    assert "<img" not in explorer.notice.value
    assert ("f_t | yours" in explorer.svg.replace('<tspan dy="0.28em" font-size="72%">t</tspan>', "_t")
            .replace('<tspan dy="-0.2em">&#8203;</tspan>', "")) == drawn  # fmt: skip
    explorer.sliders[0].value = 6
    assert re.search(words, explorer.notice.value), "the remark follows every move"
    check_shown(explorer)


def test_yours_must_be_a_function():
    with pytest.raises(
        ValueError, match=r"yours: expected a function \(h_prev, x_t, W_f, b_f\) → f_t, got int"
    ):
        ForgetComputed(yours=3)


def test_apply_names_an_unknown_preset():
    with pytest.raises(ValueError, match="preset: expected one of"):
        ForgetClamped().apply("nonsense")


def test_text_size_sets_one_scale_for_the_page():
    switch = text_size("classroom")
    toggle, rule = switch.children
    assert "--lstm-scale: 1.4 " in rule.value
    toggle.value = "lecture hall"
    assert "--lstm-scale: 1.8 " in rule.value
    assert "Text size" in switch._repr_mimebundle_()["text/plain"]
    with pytest.raises(ValueError, match="size: expected one of"):
        text_size("huge")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"T": 50.0}, "T: expected a whole number from 2 to 200, got 50.0"),
        ({"units": 4}, r"units: expected one of \[1, 16\], got 4"),
        ({"units": True}, "units: expected one of"),
        ({"b_f": None}, "b_f: expected a number from -6 to 8"),
        ({"w": "1"}, "w: expected a number"),
        ({"u": 9}, "u: expected a number from -3 to 3, got 9"),
        ({"speed": 1}, "expected settings from .*got 'speed'"),
    ],
)
def test_a_reach_that_cannot_be_set_is_named(settings, words):
    with pytest.raises(ValueError, match=words):
        GradientReach(**settings)


def test_reach_says_what_the_jacobians_are():
    explorer = GradientReach(T=51, inputs="none", b_f=4.6, w=-0.9)
    f = sigmoid(4.6)
    assert (
        f"C {amount(f**50)} by the direct path and {amount(f**50)} in all, in the RNN's h {amount(0.9**50)}"
        in explorer.summary
    )
    explorer = GradientReach(units=16)
    explorer.apply("orthogonal RNN")
    explorer.move(lambda state: state.update(inputs="none"))
    assert explorer.summary.endswith("in the RNN's h 1.00.")
    explorer.apply("exploding LSTM")
    assert re.search(r"0\.\d+ by the direct path and \d{3} in all", explorer.summary), explorer.summary


def left_of(**settings):
    """What the two Jacobians leave at the first step, as the explorer computes it: (LSTM, RNN)."""
    words = GradientReach(units=16, T=100, **settings).summary.replace("−", "-")
    return tuple(float(v) for v in re.search(r"and (\S+) in all, in the RNN's h (\S+?)\.$", words).groups())


def test_what_notebook_05_says_of_sixteen_units():
    """An orthogonal RNN against the cell with b_f = 3: better with small inputs, far worse with large ones."""
    cell, rnn = left_of(b_f=3.0, w=1.0, matrix="orthogonal")
    assert 0.025 < rnn < 0.035 and 0.007 < cell < 0.009
    cell, rnn = left_of(b_f=3.0, w=1.0, matrix="orthogonal", inputs="large")
    assert rnn < 1e-10 and cell > 1e-3
    assert 100 < left_of(b_f=3.0, u=3.0)[0] < 1000
