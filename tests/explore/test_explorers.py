"""Every slider and preset of every explorer, swept to its ends."""

import copy
import re
import warnings
import xml.etree.ElementTree as ET

import ipywidgets as widgets
import numpy as np
import pytest

from lstm_lib import LSTMParams, half_life, lstm_step, sigmoid
from lstm_lib.exercises import ___
from lstm_lib.explore import Explorer, ForgetClamped, ForgetComputed, GateOverTime, MemoryDecay, text_size
from lstm_lib.views.theme import gate_number, gate_vector, vector

X20 = np.random.default_rng(5).normal(size=20).round(1)
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
}
each = pytest.mark.parametrize("make", EXPLORERS.values(), ids=EXPLORERS)


def check_shown(explorer):
    """What must hold after every move."""
    root = ET.fromstring(explorer.svg)
    numbers = " ".join("".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "NaN" not in numbers and "nan" not in explorer.svg
    assert root.find("{http://www.w3.org/2000/svg}desc").text == explorer.summary
    assert explorer.view.value.startswith(explorer.svg), "the widget shows another picture"
    assert 'aria-live="polite"' in explorer.view.value
    assert "The picture is as it was" not in explorer.notice.value


def ends(widget):
    """Least, default and greatest value of a control."""
    if isinstance(widget, widgets.FloatSlider):
        return [widget.min, widget.value, widget.max]
    return (
        [value for _, value in widget.options]
        if isinstance(widget.options[0], tuple)
        else list(widget.options)
    )


def controls(explorer):
    return [w for w, _ in explorer._bound if not isinstance(w, widgets.Text)]


@each
def test_every_control_at_every_end_from_every_preset(make):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for preset in make().buttons:
            explorer = make()
            explorer.apply(preset)
            check_shown(explorer)
            for chooser in (w for w in controls(explorer) if isinstance(w, widgets.ToggleButtons)):
                for value in ends(chooser):
                    chooser.value = value
                    check_shown(explorer)
                    for slider in explorer.sliders:
                        start = slider.value
                        for end in ends(slider):
                            slider.value = end
                            check_shown(explorer)
                        slider.value = start
            for slider in explorer.sliders:
                for end in ends(slider):
                    slider.value = end
                    check_shown(explorer)


@each
def test_every_slider_changes_the_picture(make):
    explorer = make()
    for slider in explorer.sliders:
        before = explorer.svg
        low, _, high = ends(slider)[0], None, ends(slider)[-1]
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
        for key, value in before.items():
            np.testing.assert_array_equal(explorer.presets[name][key], value)


@each
def test_sliders_in_sight_and_their_text(make):
    explorer = make()
    assert 1 <= len(explorer.sliders) <= 4
    assert all(s.description for s in explorer.sliders)
    bundle = explorer._repr_mimebundle_()
    assert bundle["image/svg+xml"] == explorer.svg
    assert explorer.title.split(":")[0] in bundle["text/plain"] and len(bundle["text/plain"]) > 40
    assert "application/vnd.jupyter.widget-view+json" in bundle


@each
def test_locked_controls_are_all_disabled(make):
    explorer = make()
    explorer.lock()
    assert all(w.disabled for w in [*controls(explorer), *explorer.buttons.values()])
    explorer.lock(False)
    assert not any(w.disabled for w in [*controls(explorer), *explorer.buttons.values()])


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
