"""Every slider and preset of every explorer, swept to its ends."""

import copy
import re
import warnings
import xml.etree.ElementTree as ET

import ipywidgets as widgets
import numpy as np
import pytest

from lstm_lib import LSTMParams, RNNParams, half_life, lstm_forward, lstm_step, rnn_forward, sigmoid
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
    TrainingPanel,
    text_size,
)
from lstm_lib.views.theme import MARK, amount, gate_number, gate_vector, number, vector

X20 = np.random.default_rng(5).normal(size=20).round(1)


def own_step(params, x_t, h_prev, C_prev):
    """A learner's step of the whole cell, as in the notebooks."""
    v = np.concatenate([h_prev, x_t])
    f, i, o = (sigmoid(W @ v + b) for W, b in
               ((params.W_f, params.b_f), (params.W_i, params.b_i), (params.W_o, params.b_o)))  # fmt: skip
    C_t = f * C_prev + i * np.tanh(params.W_C @ v + params.b_C)
    return o * np.tanh(C_t), C_t


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


@each
def test_every_control_at_every_end_from_every_preset(make):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for preset in [*make().presets, "Reset"]:
            explorer = make()
            explorer.apply(preset)
            check_shown(explorer)
            swept = set()
            for _ in everywhere(explorer):
                check_shown(explorer)
                here = tuple(w.value for w in choosers(explorer))
                if here not in swept:
                    swept.add(here)
                    sweep(explorer, in_sight(explorer.sliders))
            sweep(explorer, controls(explorer))


@each
def test_every_button_twice(make):
    explorer = make()
    for button in explorer.buttons.values():
        for _ in range(2):
            button.click()
            check_shown(explorer)


@each
def test_every_slider_changes_the_picture(make):
    for k in range(len(make().sliders)):
        explorer = make()
        slider, before = explorer.sliders[k], explorer.svg
        if explorer.state.get("cell") == "rnn" and slider.layout.display == "none":
            continue  # a plain RNN has no forget bias
        low, high = ends(slider)[0], ends(slider)[-1]
        slider.value = high if slider.value != high else low
        assert explorer.svg != before, slider.description


@each
def test_reset_brings_everything_back(make):
    explorer = make()
    first, values = explorer.svg, [s.value for s in explorer.sliders]
    for slider in explorer.sliders:
        slider.value = ends(slider)[-1]
    explorer.buttons["Reset"].click()
    assert explorer.svg == first and [s.value for s in explorer.sliders] == values


@each
def test_a_preset_leaves_its_own_values_alone(make):
    explorer = make()
    for name, changes in explorer.presets.items():
        if callable(changes):
            continue
        before = copy.deepcopy(changes)
        explorer.apply(name)
        for slider in explorer.sliders:
            slider.value = ends(slider)[0]
        np.testing.assert_equal(explorer.presets[name], before)


@each
def test_sliders_in_sight_and_their_text(make):
    explorer, seen = make(), set()
    for _ in everywhere(explorer):
        sliders = in_sight(explorer.sliders)
        assert 1 <= len(sliders) <= 4, [s.description for s in sliders]
        assert all(s.description for s in sliders)
        seen.update(map(id, sliders))
    assert seen == set(map(id, explorer.sliders)), "a slider that no choice brings into sight"
    bundle = explorer._repr_mimebundle_()
    assert bundle["image/svg+xml"] == explorer.svg
    assert explorer.title.split(":")[0] in bundle["text/plain"] and len(bundle["text/plain"]) > 40
    assert "application/vnd.jupyter.widget-view+json" in bundle


@each
def test_locked_controls_are_all_disabled(make):
    explorer = make()
    every = [*controls(explorer), *explorer.buttons.values()]
    before = [w.disabled for w in every]
    explorer.lock()
    assert all(w.disabled for w in every)
    explorer.lock(False)
    assert [w.disabled for w in every] == before and sum(before) <= 1


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


def hostile(h_prev, x_t, W_f, b_f):
    raise ValueError("<img src=x onerror=alert(1)>")


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
