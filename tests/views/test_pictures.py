"""Pictures are valid SVG and show the trace's numbers, and their parts do not overlap."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from reading import extents, lies_in, overlap

from lstm_lib import (
    KINDS,
    TASKS,
    Kind,
    LSTMParams,
    RNNParams,
    forward,
    half_life,
    logit,
    lstm_forward,
    lstm_step,
    retained,
)
from lstm_lib.learning.run import Snapshot, before_training
from lstm_lib.views import gate_comparison
from lstm_lib.views.decay_svg import decay_svg, percent
from lstm_lib.views.forget_gate_svg import ForgetGateLayout, forget_gate_summary, forget_gate_svg
from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.memory_svg import kept_summary, memory_svg, rows
from lstm_lib.views.plots import gate_plane
from lstm_lib.views.reach_svg import reach_svg
from lstm_lib.views.strips_svg import Series, Strip, strips_svg, unit_series
from lstm_lib.views.theme import beside, equals, gate_number, number, read
from lstm_lib.views.training_svg import _activations, training_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    """Every text of a picture, with its position; also checks what all pictures promise."""
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text and root.find(f"{SVG}desc").text
    assert root.get("role") == "img" and root.get("aria-label")
    assert not [e for e in root.iter() if e.get("id")], "ids could conflict on a page"
    left, top, width, height = map(float, root.get("viewBox").split())
    found = []
    for e in root.iter(f"{SVG}text"):
        x, y = float(e.get("x")), float(e.get("y"))
        assert left <= x <= left + width and top + 8 <= y <= top + height - 2, (x, y)
        found.append((x, y, "".join(e.itertext()).replace("\u200b", "")))
    for e in root.iter(f"{SVG}rect"):
        x, w = float(e.get("x", 0)), float(e.get("width"))
        assert w >= 0 and x >= -0.1 and x + w <= width + 0.1, ET.tostring(e)
    return found


def case(seed, H=3, D=4):
    rng = np.random.default_rng(seed)
    params = LSTMParams.from_gates(W_f=rng.normal(size=(H, H + D)) * 3, b_f=rng.normal(size=H))
    return params, lstm_step(params, rng.normal(size=D), rng.uniform(-1, 1, H), rng.uniform(-10, 10, H))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4), st.data())
def test_the_forget_gate_shows_the_trace_s_numbers(seed, H, D, data):
    params, trace = case(seed, H, D)
    unit, column = data.draw(st.integers(0, H - 1)), data.draw(st.integers(0, H + D - 1))
    found = texts(forget_gate_svg(params, trace, unit, column))
    at = ForgetGateLayout.of(H, H + D)

    def shown(box, near=24):
        return [t for x, y, t in found if abs(x - box.cx) < 1 and abs(y - box.cy) <= near]

    v = np.concatenate([trace.h_prev, trace.x_t])
    for k, box in enumerate(at.v):
        assert number(v[k]) in shown(box, 8)
    for u in range(H):
        for k, box in enumerate(at.W[u]):
            assert number(params.W_f[u, k]) in shown(box, 8)
        assert number(params.b_f[u]) in shown(at.b[u], 8)
        assert number(trace.z_f[u]) in shown(at.z[u], 8)
        assert number(params.W_f[u, column] * v[column]) in shown(at.push[u], 12)
        lane = [t for _, y, t in found if at.lanes[u].y <= y <= at.lanes[u].bottom]
        wanted = [
            f"unit {u}",
            *map(number, (trace.z_f[u], trace.C_prev[u])),
            beside(trace.kept[u], trace.C_prev[u], show=number),
            gate_number(trace.f_t[u]),
        ]
        assert set(wanted) <= set(lane)
    last = [t for _, y, t in found if y > at.lanes[-1].bottom]
    (product,) = [t for t in last if "×" in t]
    factors, sign, kept = re.fullmatch(r".* = (.*) ([=≈]) (\S+)", product).groups()
    assert equals(kept, np.prod([read(text) for text in factors.split(" × ")])) == sign
    assert read(kept) != read(factors.split(" × ")[1]) or trace.kept[unit] == trace.C_prev[unit]
    assert any(f"z_f[{unit}]".replace("_", "") in t for t in last)


@pytest.mark.parametrize(("H", "n"), [(1, 2), (3, 7), (4, 8), (4, 20)])
def test_the_forget_gate_s_parts_do_not_overlap(H, n):
    at = ForgetGateLayout.of(H, n)
    page = Box(0, 0, WIDTH, at.height)
    parts = [*at.v, *itertools.chain(*at.W), *at.push, *at.b, *at.z, *at.lanes]
    assert all(lies_in(part, page) for part in parts)
    assert not [(a, b) for a, b in itertools.combinations(parts, 2) if overlap(a, b)]


def test_wide_inputs_show_only_the_selected_number():
    params, trace = case(1, H=4, D=16)
    found = [t for *_, t in texts(forget_gate_svg(params, trace, 2, 5))]
    assert number(params.W_f[2, 5]) in found and number(params.W_f[0, 0]) not in found


def test_a_second_gate_is_shown_beside_the_first():
    params, trace = case(2)
    other = np.array([0.125, 0.5, 0.875])
    found = [t for *_, t in texts(forget_gate_svg(params, trace, other=other))]
    for f, o in zip(trace.f_t, other, strict=True):
        assert f"{gate_number(f)} | {gate_number(o)}" in found
    assert "Your function returns" in forget_gate_summary(trace, other)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.data())
def test_the_memory_picture_shows_the_trace_s_numbers(f, data):
    H = len(f)
    C = data.draw(st.lists(st.floats(-10, 10), min_size=H, max_size=H))
    cell = LSTMParams.from_gates(W_f=np.zeros((H, H + 1)))
    trace = lstm_step(cell, [0], np.zeros(H), C, {"f": f})
    unit = data.draw(st.integers(0, H - 1))
    found = texts(memory_svg(trace, unit))
    for u, boxes in enumerate(rows(H)):
        here = {x: t for x, y, t in found if boxes["f_t"].y < y <= boxes["f_t"].y + 31}
        assert here[boxes["f_t"].cx] == gate_number(trace.f_t[u])
        assert here[boxes["C_prev"].cx] == number(trace.C_prev[u])
        assert here[boxes["kept"].cx] == beside(trace.kept[u], trace.C_prev[u], show=number)
        assert (here[boxes["kept"].cx] == number(trace.C_prev[u])) == (trace.kept[u] == trace.C_prev[u])
    assert kept_summary(trace).count("[") == 3


def test_the_kept_bar_is_as_long_as_the_number_says():
    cell = LSTMParams.from_gates(W_f=np.zeros((1, 2)))
    for f, C in ((0.5, 8.0), (1.0, -10.0), (0.0, 5.0)):
        root = ET.fromstring(memory_svg(lstm_step(cell, [0], [0], [C], {"f": f})))
        box = rows(1)[0]["kept"]
        bars = [
            e for e in root.iter(f"{SVG}rect") if e.get("fill") == "#1b1f24" and float(e.get("x")) >= box.x
        ]
        (bar,) = bars
        length, start = float(bar.get("width")), float(bar.get("x"))
        assert length == pytest.approx(box.w / 2 * abs(f * C) / 10, abs=0.1)
        assert start == pytest.approx(box.cx - (length if C < 0 else 0), abs=0.1)


@pytest.mark.parametrize("f", [0.0, 0.5, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("n", [0, 50, 100])
def test_the_decay_picture_says_half_life_and_share(f, n):
    left = retained([1.0] + [f] * 100)
    found = [t for *_, t in texts(decay_svg(f, float(logit(f)), left, float(half_life(f)), n))]
    assert any(t.endswith(percent(f**n)) for t in found)
    words = "never halves" if f == 1 else f"half-life {number(half_life(f), 1)} steps"
    assert any(words in t for t in found)


def test_percent():
    assert [percent(s) for s in (1, 0.99996, 0.9875, 0.514, 0.0988, 0.00515, 0.001, 1e-9, 0)] == [
        "100 %", "> 99.99 %", "98.8 %", "51 %", "9.9 %", "0.52 %", "0.1 %", "< 0.01 %", "0 %"]  # fmt: skip


def test_strips_draw_what_they_are_given():
    rng = np.random.default_rng(0)
    trace = lstm_forward(LSTMParams.random(2, 3, rng), rng.normal(size=(10, 2)))
    strips = [Strip("x_t", unit_series(trace.x, "#111111", "x"), -3, 3, bars=True),
              Strip("f_t", unit_series(trace.f, "#222222", "f"), 0, 1, guides={0.5: "half"})]  # fmt: skip
    svg = strips_svg(strips, "t", "d", step=9, caption="now")
    found = [t for *_, t in texts(svg)]
    assert {"x[0]", "x[1]", "f[0]", "f[1]", "f[2]", "half", "now", "1", "10", "step t"} <= set(found)
    lines = ET.fromstring(svg).findall(f"{SVG}polyline")
    assert len(lines) == 3
    ys = [[float(p.split(",")[1]) for p in e.get("points").split()] for e in lines]
    for u in range(3):  # a higher gate is drawn higher, in proportion
        assert np.corrcoef(ys[u], trace.f[:, u])[0, 1] < -0.9999


def test_labels_at_the_ends_do_not_overlap():
    values = [np.full(10, v) for v in (0.0, 0.01, 0.02, 0.99)]
    svg = strips_svg(
        [Strip("f_t", [Series(v, label=f"line{k}") for k, v in enumerate(values)], 0, 1)], "t", "d"
    )
    ys = sorted(y for _, y, t in texts(svg) if t.startswith("line"))
    assert min(np.diff(ys)) >= 13


def test_long_lines_are_thinned_out():
    svg = strips_svg([Strip("f_t", [Series(np.linspace(0, 1, 5000))], 0, 1)], "t", "d")
    points = ET.fromstring(svg).find(f"{SVG}polyline").get("points").split()
    assert len(points) == 300 and len(svg) < 12_000


def test_scale_puts_values_outside_at_its_ends():
    scale = Scale(0, 10, 100, 200)
    assert [scale(v) for v in (-1, 0, 5, 11)] == [100, 100, 150, 200]


def test_a_static_picture_has_a_summary():
    picture = gate_comparison(np.ones((5, 2)), np.zeros((5, 2)), ["a", "b"])
    bundle = picture._repr_mimebundle_()
    texts(bundle["image/svg+xml"])
    assert bundle["text/plain"] == picture.summary and "differ by up to 1.00" in picture.summary


def test_pictures_are_the_same_on_every_run():
    params, trace = case(5)
    assert forget_gate_svg(params, trace) == forget_gate_svg(params, trace)


def test_text_is_escaped():
    hostile = '<img src=x onerror="alert(1)">&'
    svg = strips_svg(
        [Strip(hostile, [Series(np.ones(3), label=hostile)], 0, 1)], hostile, hostile, caption=hostile
    )
    assert not re.search(r"<img", svg)
    assert any(hostile in t for *_, t in texts(svg))


@pytest.mark.parametrize("loss", [0.0, 1e-320, 1e-200, 1.0, 1e200, 1.7e308, np.inf, np.nan])
@pytest.mark.parametrize("reach", [0.0, 1e-300, 1.0, 1e300, np.inf])
def test_a_run_of_any_size_can_be_drawn(loss, reach):
    n = 7000
    run = Snapshot("running", n, np.full(n, loss), np.full(n, loss), np.full(n, min(loss, 1.0)), np.full(30, reach),
                   np.array([loss, 1.0]), np.array([0, n]), None)  # fmt: skip
    trace = forward(RNNParams.random(1, 3, np.random.default_rng(0)), np.zeros((30, 1)))
    svg = training_svg(run, trace, 0.0, np.inf, np.array([loss]), "head", "settings", 0.5, "desc")
    where = " ".join(re.findall(r' (?:points|x|y|x1|x2|y1|y2|cx|cy)="([^"]*)"', svg))
    assert ET.fromstring(svg) is not None and "nan" not in where and "inf" not in where
    assert all(-1 <= float(number) <= 640 for number in re.split(r"[ ,]", where))


HX = "[h_{t-1}; x_t]"
SIX = Kind("six", *(f"{g}_t = σ(W_{g} · {HX} + b_{g})" for g in "fioage"), "C̃_t = tanh(W_C · x_t)",
           "C_t = f_t ⊙ a_t ⊙ C_{t-1} + i_t ⊙ g_t ⊙ C̃_t", "h_t = o_t ⊙ e_t ⊙ tanh(C_t)")  # fmt: skip
LARGE = Kind("large", "remembering_t = relu(W_r · x_t + 3)", "i_t = exp(W_i · x_t + 4)", "C_t = i_t ⊙ C_{t-1} + remembering_t", "h_t = tanh(C_t)")  # fmt: skip


@pytest.mark.parametrize("kind", [*KINDS.values(), SIX, LARGE], ids=lambda kind: kind.name)
def test_the_gates_of_every_cell_are_drawn_on_an_axis_that_holds_them_and_told_apart(kind):
    run, x = before_training(TASKS["sum since reset"], cell=kind)
    trace = forward(run.params, x)
    svg = training_svg(run, trace, 1.0, 1.0, np.zeros(0), "head", "settings", 0.0, "desc")
    found = extents(svg)
    height = float(ET.fromstring(svg).get("viewBox").split()[3])
    assert [t for box, t in found if not lies_in(box, Box(0, 0, WIDTH, height))] == []
    assert [(s, t) for (a, s), (b, t) in itertools.combinations(found, 2) if overlap(a, b)] == []
    strip, gates = _activations(trace), [gate for gate in kind.gates if gate.low == 0]
    for line, gate in zip(strip.series, gates, strict=bool(gates)):
        np.testing.assert_array_equal(line.values, getattr(trace, gate.key).mean(axis=1))
        assert strip.low <= line.values.min() and line.values.max() <= strip.high
        assert line.label == "rememb…" if kind is LARGE and gate.key != "i" else gate.symbol == line.label
    assert len({(line.dash, line.marker, line.ink) for line in strip.series}) == len(strip.series)
    assert strip.log == (kind is LARGE)


def lines_of(svg):
    """The points of every line of a picture, in order."""
    return [[tuple(map(float, pair.split(","))) for pair in e.get("points").split()]
            for e in ET.fromstring(svg).iter(f"{SVG}polyline")]  # fmt: skip


def test_a_run_is_drawn_to_scale():
    """Loss, held-out loss and the run before; gradient after and before clipping; what reached each step."""
    run = Snapshot("running", 3, np.array([1.0, 0.1, 0.01]), np.array([10.0, 10.0, 1.0]), np.array([0.1, 0.1, 0.1]),
                   np.array([1e-6, 1e-3, 1.0]), np.array([1.0, 0.1]), np.array([0, 2]), None)  # fmt: skip
    trace = forward(RNNParams.random(1, 1, np.random.default_rng(0)), np.ones((3, 1)))
    svg = training_svg(run, trace, 1.0, 0.1, np.array([1.0, 1.0]), "head", "settings", 0.5, "desc")
    loss, held_out, before, clipped, norms, reach, h = lines_of(svg)
    decade = loss[1][1] - loss[0][1]
    assert decade > 5 and loss[2][1] - loss[1][1] == pytest.approx(decade, abs=0.11), (
        "lower is less, and on a log axis"
    )
    assert [x for x, _ in held_out] == [loss[0][0], loss[2][0]] and held_out[1][1] == loss[1][1]
    assert before[0][1] == before[1][1] == loss[0][1]
    assert clipped[0][1] == clipped[2][1] > norms[2][1] > norms[0][1]
    assert reach[0][1] > reach[1][1] > reach[2][1] and len(h) == 3
    texts = [e.text for e in ET.fromstring(svg).iter(f"{SVG}text")]
    for label in (
        "training",
        "held out",
        "run before",
        "clipped",
        "unclipped",
        "clipping limit",
        "mean baseline",
    ):
        assert label in texts


def test_the_effect_of_a_change_is_drawn_to_scale():
    lines = {
        "direct": np.array([0.01, 0.1, 1.0]),
        "full": np.array([10.0, 1.0, 1.0]),
        "rnn": np.array([1e-20, 1e-3, 1.0]),
    }
    states = {"C": np.array([1.0, 0.5, 0.25]), "h": np.zeros(3)}
    factors = {"f": np.full(3, 0.5), "rnn": np.full(3, 0.9)}
    svg = reach_svg(states, factors, lines, 1, "title", "desc")
    C, h, f, factor, rnn, full, direct = lines_of(svg)[:7]
    assert C[0][1] < C[1][1] < C[2][1] < h[0][1] == h[2][1]
    clamped = reach_svg(states, factors, lines, 1, "title", "desc", computed=np.full(3, 0.2))
    assert len(lines_of(clamped)) == len(lines_of(svg)) + 1 and "computed" in clamped
    assert f[0][1] > factor[0][1]
    assert len(rnn) == 2 and len(full) == len(direct) == 3, "what lies under the axis is not drawn"
    assert full[0][1] < full[1][1] == full[2][1] == direct[2][1] < direct[1][1] < direct[0][1]
    assert rnn[0][0] == full[1][0] and rnn[0][1] > direct[1][1]


def test_nan_is_left_out():
    values = np.array([0.2, np.nan, 0.6, np.nan])
    svg = strips_svg(
        [Strip("f", [Series(values, label="f"), Series(np.full(4, np.nan), label="g")], 0, 1)], "t", "d"
    )
    (line,) = lines_of(svg)
    assert len(line) == 2 and "nan" not in svg


def test_a_gate_s_plane_has_a_level_line_if_the_gate_varies_and_a_marker_for_each_target():
    for w, b, lines in (([4.0, 4.0], -6.0, 1), ([0.1, -0.1], 0.0, 0)):
        ax = Figure().subplots()
        gate_plane(ax, w, b, [(0, 0), (1, 1)], [0, 1])
        assert sum(isinstance(drawn, ContourSet) for drawn in ax.collections) == lines
        assert [line.get_marker() for line in ax.lines] == ["s", "o"]
