"""The picture of the whole cell says what the trace says, marks what changed, and keeps its parts apart."""

import functools
import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from lstm_lib import LSTMParams, lstm_step
from lstm_lib.views.cell_layout import CELL_HEIGHT, CELL_WIDTH, NODES, TAGS, WIRES
from lstm_lib.views.cell_svg import cell_summary, cell_svg, changed_fields
from lstm_lib.views.layout import Box
from lstm_lib.views.theme import MARK, gate_number, number, plain, vector

SVG = "{http://www.w3.org/2000/svg}"
GATES = {"f": "f_t", "i": "i_t", "C_tilde": "C_tilde", "o": "o_t"}
LAYERS = {"f": "z_f", "i": "z_i", "C_tilde": "z_C", "o": "z_o"}
PAGE = Box(0, 0, CELL_WIDTH, CELL_HEIGHT)
WIDEST = 7.2
"""A wire's width at its limit."""


# --- random cells ---------------------------------------------------------------------------------


@st.composite
def cells(draw, scales=(1e-9, 1e-2, 1.0, 1e3)):
    """A cell, its inputs, what is held, and a unit."""
    H, D = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    weights, states = draw(st.sampled_from(scales)), draw(st.sampled_from(scales))
    params = LSTMParams(weights * rng.normal(size=(4 * H, H + D)), weights * rng.normal(size=4 * H))
    names = draw(st.sets(st.sampled_from([*GATES])))
    held = {
        name: rng.choice([0.0, 1.0, 0.9975, 2.1e-9, 1 - 2.1e-9, *rng.uniform(0, 1, 4)], size=H)
        for name in sorted(names)
    }
    if "C_tilde" in held:
        held["C_tilde"] = held["C_tilde"] * rng.choice([-1, 1], size=H)
    inputs = [rng.normal(size=D), rng.uniform(-1, 1, H), states * rng.normal(size=H)]
    return params, inputs, held, draw(st.integers(0, H - 1))


def trace_of(cell):
    params, inputs, held, _ = cell
    return lstm_step(params, *inputs, held)


def by_hand(rest=0.0, units=1, C=0.0, h=0.0, **held):
    """Every gate of every unit held at a given value; a gate left out is held at `rest`."""
    cell = LSTMParams.from_gates(W_f=np.zeros((units, units + 1)))
    clamp = {name: held.get(name, rest) for name in GATES}
    return lstm_step(cell, [0], [h] * units, [C] * units, clamp)


def computed(z, units=1, x=0.0):
    """Every layer of every unit at the pre-activation z."""
    cell = LSTMParams(np.zeros((4 * units, units + 4)), np.full(4 * units, z))
    return lstm_step(cell, [x] * 4, [0] * units, [0] * units)


# --- reading a picture ----------------------------------------------------------------------------


def texts(svg):
    """Every text of a picture: (x, y, words, element)."""
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text and root.find(f"{SVG}desc").text
    assert not [e for e in root.iter() if e.get("id")], "ids would meet on a page"
    return [
        (float(e.get("x")), float(e.get("y")), "".join(e.itertext()).replace("\u200b", ""), e)
        for e in root.iter(f"{SVG}text")
    ]


def within(box, found):
    """The words whose baseline and anchor lie in a box, from top to bottom."""
    here = [(y, t) for x, y, t, _ in found if box.x <= x <= box.right and box.y < y <= box.bottom]
    return [t for _, t in sorted(here)]


def frame(root, box):
    """The one rectangle drawn at a box."""
    at = {"x": box.x, "y": box.y, "width": box.w, "height": box.h}
    found = [e for e in root.iter(f"{SVG}rect") if all(float(e.get(k, 0)) == v for k, v in at.items())]
    assert len(found) == 1
    return found[0]


def wires(svg):
    """Each wire of the layout that carries a value, with the line drawn for it."""
    lines = {
        tuple(tuple(map(float, p.split(","))) for p in e.get("points").split()): e
        for e in ET.fromstring(svg).iter(f"{SVG}polyline")
    }
    assert len(lines) == len(WIRES)
    return [(wire, lines[tuple(wire.points)]) for wire in WIRES if wire.carries]


def words_of(field, value):
    return gate_number(value) if field in ("f_t", "i_t", "o_t") else number(value)


def rows(found):
    """The equations under the picture: what stands on each line, from left to right."""
    low = sorted((y, x, t) for x, y, t, _ in found if y > CELL_HEIGHT and t)
    return [" ".join(t for *_, t in line) for _, line in itertools.groupby(low, lambda r: r[0])]


# --- what it says ---------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(cells())
def test_every_tag_shows_the_trace_s_number(cell):
    trace, unit = trace_of(cell), cell[3]
    found = texts(cell_svg(trace, unit))
    for tag in TAGS:
        here = within(tag.box, found)
        if tag.field == "x_t":
            assert here == [f"xt = {vector(trace.x_t, 2 if len(trace.x_t) < 3 else 1)}"]
        else:
            assert here[1:] == [words_of(tag.field, getattr(trace, tag.field)[unit])], tag.field
            assert here[0] == re.sub(r"[_{}]", "", tag.symbol).replace("-", "−")


@settings(max_examples=60, deadline=None)
@given(cells())
def test_layers_show_their_z_or_that_they_are_held(cell):
    trace, unit = trace_of(cell), cell[3]
    found = texts(cell_svg(trace, unit))
    for name, z in LAYERS.items():
        box = NODES[name]
        under = within(Box(box.x, box.bottom, box.w, 30), found)
        if name in trace.clamped:
            assert within(box, found) == ["held"] and under == []
        else:
            assert within(box, found) == ["tanh" if name == "C_tilde" else "σ"]
            assert under == [number(getattr(trace, z)[unit])]
    for name, sign in {"keep": "⊙", "add": "+", "write": "⊙", "show": "⊙", "squash": "tanh"}.items():
        assert within(NODES[name], found) == [sign]


@settings(max_examples=60, deadline=None)
@given(cells())
def test_the_equations_hold_the_trace_s_numbers(cell):
    trace, unit = trace_of(cell), cell[3]
    lines = rows(texts(cell_svg(trace, unit)))
    which = f"[{unit}]" if len(trace.f_t) > 1 else ""
    for line, (name, field) in zip(lines, GATES.items(), strict=False):
        value = words_of(field, getattr(trace, field)[unit])
        sign = "C̃t" if name == "C_tilde" else f"{name}t"
        assert line.startswith(f"{sign}{which} ") and line.endswith(f"= {value}")
        if name in trace.clamped:
            assert "held by hand" in line and "W" not in line
        else:
            squash = "tanh" if name == "C_tilde" else "σ"
            assert f"W{'C' if name == 'C_tilde' else name} · [ht−1; xt]" in line
            assert f"= {squash}({number(getattr(trace, LAYERS[name])[unit])}) =" in line
    assert len(lines) == 7
    C, numbers, h = lines[4:]
    f, i, o = (gate_number(getattr(trace, n)[unit]) for n in ("f_t", "i_t", "o_t"))
    old, new, squashed = (plain(getattr(trace, n)[unit]) for n in ("C_prev", "C_tilde", "tanh_C"))
    assert f"Ct{which} = ft ⊙ Ct−1 + it ⊙ C̃t" == C
    assert numbers_in(numbers) == ["", f, old, i, new, number(trace.C_t[unit])]
    symbols, values = h.split(" = ", 1)[0], h[h.rindex(") = ", 0, h.index("·")) + 1 :]
    assert symbols == f"ht{which}" and h.startswith(f"{symbols} = ot ⊙ tanh(Ct) = ")
    assert numbers_in(values)[-3:] == [o, squashed, number(trace.h_t[unit])]


def numbers_in(line):
    """What stands between the signs of an equation; a factor with a minus of its own is in brackets."""
    parts = re.split(r" ?[·+=] ", line)
    assert not [p for p in parts[1:-1] if "−" in p.replace("e−", "") and p[0] != "("], line
    return [p.strip("()") for p in parts]


@settings(max_examples=30, deadline=None)
@given(cells())
def test_the_summary_and_the_description_say_the_same(cell):
    trace, unit = trace_of(cell), cell[3]
    words = cell_summary(trace, unit)
    assert ET.fromstring(cell_svg(trace, unit)).find(f"{SVG}desc").text == words
    for field in ("f_t", "C_prev", "i_t", "C_tilde", "C_t", "o_t", "h_t"):
        assert re.search(rf"\s{re.escape(words_of(field, getattr(trace, field)[unit]))}[,.:; ]", words), field
    assert words.startswith(f"Unit {unit}: ") == (len(trace.f_t) > 1)
    given_words = "A <b> & a summary"
    assert ET.fromstring(cell_svg(trace, unit, summary=given_words)).find(f"{SVG}desc").text == given_words


def test_a_learner_s_numbers_stand_under_the_equations():
    params = LSTMParams.random(2, 3, np.random.default_rng(0))
    trace = lstm_step(params, [1, -1], [0, 0, 0], [1, 2, 3])
    other = np.array([0.11, 0.22, 0.33, 4.44, 5.55, 6.66])
    last = rows(texts(cell_svg(trace, 1, other=other)))[-1]
    assert last.startswith("yours") and "Ct = 5.55" in last and "ht = 0.22" in last
    assert not any("yours" in line for line in rows(texts(cell_svg(trace, 1))))


def test_pictures_are_the_same_on_every_run():
    trace = by_hand(0.5, C=3)
    assert cell_svg(trace) == cell_svg(by_hand(0.5, C=3))


# --- what it marks --------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(cells(scales=(1.0,)), st.data())
def test_what_changed_is_marked_and_nothing_else(cell, data):
    params, (x, h, C), held, unit = cell
    before = trace_of(cell)
    what = data.draw(st.sampled_from(["nothing", "x", "h", "C", "W", "held"]))
    x, h, C, W = x.copy(), h.copy(), C.copy(), params.W.copy()
    if what in ("x", "h", "C"):
        {"x": x, "h": h, "C": C}[what][0] += 0.25
    if what == "W":
        W[data.draw(st.integers(0, len(W) - 1))] += 0.25
    if what == "held":
        name = data.draw(st.sampled_from([*GATES]))
        held = held | {name: 0.125} if name not in held else {n: v for n, v in held.items() if n != name}
    trace = lstm_step(LSTMParams(W, params.b), x, h, C, held)
    wanted = {t.field for t in TAGS if (getattr(trace, t.field) != getattr(before, t.field)).any()}
    assert changed_fields(trace, before) & {t.field for t in TAGS} == wanted
    root = ET.fromstring(cell_svg(trace, unit, before))
    assert {t.field for t in TAGS if frame(root, t.box).get("stroke") == MARK} == wanted
    if what == "nothing":
        assert wanted == set()
    if what in ("x", "C"):
        assert {"x": "x_t", "C": "C_prev"}[what] in wanted
    plain = ET.fromstring(cell_svg(trace, unit))
    assert changed_fields(trace, None) == set()
    assert not [t.field for t in TAGS if frame(plain, t.box).get("stroke") == MARK]


def test_only_the_marked_equations_are_lit():
    def lit(svg):
        """Heights of the bands behind the equations."""
        bands = [e for e in ET.fromstring(svg).iter(f"{SVG}rect") if float(e.get("y", 0)) > CELL_HEIGHT]
        return sorted(float(e.get("y")) for e in bands)

    before, trace = by_hand(0.5, C=3), by_hand(0.5, C=3, o=0.75)
    found = texts(cell_svg(trace, 0, before))
    at = [y for _, y, t, _ in found if y > CELL_HEIGHT and t.startswith(("ot", "ht"))]
    bands = lit(cell_svg(trace, 0, before))
    assert len(bands) == 2 and all(0 < y - band < 24 for y, band in zip(sorted(at), bands, strict=True))
    assert lit(cell_svg(trace)) == []


# --- wires ----------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(cells(), st.data())
def test_wires_grow_with_what_they_carry(cell, data):
    trace, H = trace_of(cell), len(cell[1][1])
    a, b = data.draw(st.integers(0, H - 1)), data.draw(st.integers(0, H - 1))
    for (wire, one), (_, two) in zip(wires(cell_svg(trace, a)), wires(cell_svg(trace, b)), strict=True):
        values = [abs(float(getattr(trace, wire.carries)[u])) for u in (a, b)]
        widths = [float(e.get("stroke-width")) for e in (one, two)]
        assert all(1 <= w <= WIDEST for w in widths)
        if values[0] != values[1]:
            assert (widths[0] - widths[1]) * (values[0] - values[1]) >= 0, wire.carries
        for value, e in zip(values, (one, two), strict=True):
            assert (value == 0) == (e.get("stroke-dasharray") is not None), wire.carries


def test_wires_grow_in_proportion_up_to_their_limit():
    def width(field, trace):
        return [float(e.get("stroke-width")) for wire, e in wires(cell_svg(trace)) if wire.carries == field]

    for field, make, full in (
        ("f_t", lambda v: by_hand(f=v), 1.0),
        ("C_tilde", lambda v: by_hand(C_tilde=-v), 1.0),
        ("C_prev", lambda v: by_hand(C=-v), 10.0),
        ("C_t", lambda v: by_hand(f=1, C=v), 10.0),
    ):
        none, half, whole, over = (width(field, make(full * s))[0] for s in (0, 0.5, 1, 1))
        assert half - none == pytest.approx(whole - half, abs=0.11), field
        assert whole - none > 4 and whole == over
    assert width("C_t", by_hand(f=1, C=10)) == width("C_t", by_hand(f=1, C=1e6)) == [WIDEST] * 2


def test_a_value_of_nothing_is_dashed_and_the_least_value_is_not():
    for value, dashed in ((0.0, True), (1e-300, False), (0.5, False)):
        drawn = {wire.carries: e.get("stroke-dasharray") for wire, e in wires(cell_svg(by_hand(o=value)))}
        assert (drawn["o_t"] is not None) == dashed
        assert drawn["f_t"] is not None, "f_t is 0 in each"


# --- where it stands ------------------------------------------------------------------------------


def test_tags_and_nodes_keep_apart_on_the_page():
    parts = {**{f"tag {t.field}": t.box for t in TAGS}, **{f"node {n}": b for n, b in NODES.items()}}
    assert [name for name, box in parts.items() if not box.inside(PAGE)] == []
    pairs = itertools.combinations(parts, 2)
    assert [(a, b) for a, b in pairs if parts[a].overlaps(parts[b])] == []


def segments(wire):
    """A wire's straight parts as boxes, as wide as the wire can get."""
    r = WIDEST / 2 if wire.carries else 1.5
    for (x1, y1), (x2, y2) in itertools.pairwise(wire.points):
        assert x1 == x2 or y1 == y2, "wires go across or down"
        low, high = (min(x1, x2), min(y1, y2)), (max(x1, x2), max(y1, y2))
        across = x1 == x2
        yield Box(low[0] - r * across, low[1] - r * (not across), high[0] - low[0] + 2 * r * across,
                  high[1] - low[1] + 2 * r * (not across))  # fmt: skip


def ends_at(wire, box):
    return any(
        box.x - 0.1 <= x <= box.right + 0.1 and box.y - 0.1 <= y <= box.bottom + 0.1
        for x, y in (wire.points[0], wire.points[-1])
    )


def test_no_wire_runs_through_a_tag_or_a_node():
    boxes = {**{f"tag {t.field}": t.box for t in TAGS}, **{f"node {n}": b for n, b in NODES.items()}}
    crossed = [
        (wire.carries or "input", wire.points, name, part)
        for wire in WIRES
        for part in segments(wire)
        for name, box in boxes.items()
        if part.overlaps(box) and not ends_at(wire, box)
    ]
    assert crossed == []


def test_every_wire_joins_two_parts():
    boxes = [*(t.box for t in TAGS), *NODES.values()]
    bus = [s for w in WIRES if not w.carries for s in segments(w)]
    for wire in WIRES:
        for x, y in (wire.points[0], wire.points[-1]):
            point = Box(x - 0.1, y - 0.1, 0.2, 0.2)
            others = boxes if wire.carries else [*boxes, *bus]
            assert any(point.overlaps(box) for box in others), (wire.carries, x, y)


# --- whether it fits ------------------------------------------------------------------------------


@functools.cache
def measured(words, size, bold):
    """How wide words get in the font that the geometry is laid out for."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=100)
    return text_to_path.get_text_width_height_descent(words, font, False)[0] * size / 100 if words else 0.0


def extent(x, y, element, anchor="middle"):
    """The box that a text covers: measured words, letters from 0.75 above to 0.2 below the line."""
    size, bold = float(element.get("font-size", 14)), element.get("font-weight") == "bold"
    width = measured(element.text or "", size, bold)
    for part in element:
        share = float(part.get("font-size", "100%").rstrip("%")) / 100
        width += measured((part.text or "").replace("\u200b", ""), size * share, bold)
        width += measured((part.tail or "").replace("\u200b", ""), size, bold)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[element.get("text-anchor", anchor)]
    return Box(left, y - 0.75 * size, width, 0.95 * size)


def extents(svg):
    root = ET.fromstring(svg)
    anchor = root.get("text-anchor", "start")
    return [(extent(x, y, e, anchor), t) for x, y, t, e in texts(svg) if t]


IN_REACH = {
    "C_prev": [-20.0, -17.25, -0.5, 0.0, 2.1e-9, 20.0],
    "gates": [0.0, 0.5, 0.9975, 1.0, 2.1e-9, 5.7e-19, 1 - 2.1e-9, 1 - 2.2e-14],
    "C_tilde": [-1.0, -0.76, 0.0, -5.6e-17, 2.1e-9, 1.0],
    "h_prev": [-1.0, -0.96, -5.6e-17, 0.0, 1.0],
    "z": [-174.0, -9.13, 0.0, -5.6e-17, 174.0],
}
"""Values to which the explorers' sliders lead."""


@st.composite
def in_reach(draw):
    """A trace within the explorers' ranges, of one unit or four, computed or held."""
    H, D = draw(st.sampled_from([1, 4])), draw(st.integers(1, 4))

    def some(name, n=H):
        return draw(st.lists(st.sampled_from(IN_REACH[name]), min_size=n, max_size=n))

    x = draw(st.lists(st.sampled_from([-6.0, -5.9, 0.0, 0.3, 5.55]), min_size=D, max_size=D))
    if draw(st.booleans()):
        held = {name: some("C_tilde" if name == "C_tilde" else "gates") for name in GATES}
        params = LSTMParams(np.zeros((4 * H, H + D)), np.zeros(4 * H))
        return lstm_step(params, x, some("h_prev"), some("C_prev"), held), H - 1
    params = LSTMParams(np.zeros((4 * H, H + D)), np.ravel([some("z") for _ in GATES]))
    return lstm_step(params, x, some("h_prev"), some("C_prev")), H - 1


LONG = {
    "C": -20.0, "h": -5.6e-17, "f": 1 - 2.2e-14, "i": 1 - 2.2e-14, "o": 1 - 2.2e-14, "C_tilde": -5.6e-17,
}  # fmt: skip
WORST = [
    by_hand(**LONG),
    by_hand(units=4, **LONG),
    by_hand(units=4, **(LONG | {"C": -5.6e-17, "i": 0.5})),
    by_hand(**(LONG | {"f": 0.9975, "i": 0.9975, "o": 0.9975, "C_tilde": -0.76})),
    by_hand(**(LONG | {"f": 2.1e-9, "i": 2.1e-9, "o": 2.1e-9})),
    *(computed(z, units, x=-5.9) for z in (-5.6e-17, -174.0, 18.5, 32.0) for units in (1, 4)),
]


def fitting(test):
    """Run a test on traces in reach, and always on the ones with the longest numbers."""
    for trace in WORST:
        test = example((trace, 0))(test)
    return settings(max_examples=60, deadline=None)(given(in_reach())(test))


@fitting
def test_every_tag_s_words_fit_into_it(case):
    trace, unit = case
    found = extents(cell_svg(trace, unit))
    too_wide = {
        f"{tag.field}: {words}": f"{text.w:.1f} of {tag.box.w:g}"
        for tag in TAGS
        for text, words in found
        if Box(text.cx, text.cy, 0.1, 0.1).inside(tag.box) and not text.inside(tag.box)
    }
    assert too_wide == {}


@fitting
def test_words_keep_apart_and_clear_of_the_wires(case):
    trace, unit = case
    other = np.concatenate([trace.h_t, trace.C_t])
    svg = cell_svg(trace, unit, other=other)
    height = float(ET.fromstring(svg).get("viewBox").split()[3])
    found = extents(svg)
    assert [t for box, t in found if not box.inside(Box(0, 0, CELL_WIDTH, height))] == []
    assert [(s, t) for (a, s), (b, t) in itertools.combinations(found, 2) if a.overlaps(b)] == []
    tagged = [tag.box for tag in TAGS] + [*NODES.values()]
    lost = [
        (t, wire.carries, wire.points)
        for box, t in found
        if not any(Box(box.cx, box.cy, 0.1, 0.1).inside(tag) for tag in tagged)
        for wire in WIRES
        for part in segments(wire)
        if box.overlaps(part)
    ]
    assert lost == []


@settings(max_examples=30, deadline=None)
@given(cells(scales=(1.0, 1e3)))
def test_bars_stay_in_their_tags(cell):
    trace, unit = trace_of(cell), cell[3]
    boxes = [
        Box(*(float(e.get(k, 0)) for k in ("x", "y", "width", "height")))
        for e in ET.fromstring(cell_svg(trace, unit)).iter(f"{SVG}rect")
    ]
    for tag in TAGS:
        inner = [b for b in boxes if b != tag.box and b.overlaps(tag.box) and b.w < CELL_WIDTH]
        assert all(b.inside(tag.box) for b in inner), tag.field
        has_bars = len(trace.f_t) > 1 and tag.field in ("C_prev", "C_t", "h_prev", "h_t")
        assert len(inner) == (len(trace.f_t) if has_bars else 0), tag.field
