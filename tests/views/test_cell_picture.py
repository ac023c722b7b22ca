"""The picture of the whole cell shows the trace, marks what changed, and its parts do not overlap."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reading import SVG, contrast, extents, lies_in, overlap, points_of, size_of, texts

from lstm_lib import LSTMParams, lstm_step, sigmoid
from lstm_lib.views.cell_layout import CELL_HEIGHT, NODES, TAGS, WIRES
from lstm_lib.views.cell_parts_svg import PARTS, cell_parts_svg, rnn_beside_lstm_svg
from lstm_lib.views.cell_svg import cell_summary, cell_svg, changed_fields
from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.theme import (
    MARK,
    MUTED,
    ROLES,
    WIRE,
    amount,
    beside,
    equals,
    gate_number,
    number,
    plain,
    read,
    vector,
)

GATES = {"f": "f_t", "i": "i_t", "C_tilde": "C_tilde", "o": "o_t"}
LAYERS = {"f": "z_f", "i": "z_i", "C_tilde": "z_C", "o": "z_o"}
PAGE = Box(0, 0, WIDTH, CELL_HEIGHT)
WIDEST = 7.2
"""A wire's width at its limit."""


# --- random cells ---------------------------------------------------------------------------------


@st.composite
def cells(draw, scales=(1e-9, 1e-2, 1.0, 1e3, 1e7)):
    """A cell, its inputs, what is clamped, and a unit."""
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


def drawn_wires(parent):
    """Each wire of the layout with the line and the arrow head drawn for it, one after the other."""
    lines = {}
    for line, head in itertools.pairwise(parent):
        if line.tag == f"{SVG}polyline":
            assert head.tag == f"{SVG}polygon", "a line without a head"
            lines[(*points_of(line)[:-1], points_of(head)[-1])] = line, head
    assert set(lines) == {wire.points for wire in WIRES} and len(lines) == len(WIRES)
    return [(wire, *lines[wire.points]) for wire in WIRES]


def wires(svg):
    """Each wire that carries a value, with its line."""
    return [(wire, line) for wire, line, _ in drawn_wires(ET.fromstring(svg)) if wire.carries]


def number_of(value, shown=number):
    return shown(value) if abs(value) < 1e5 else amount(value)


def words_of(field, trace, unit, shown=number):
    value = getattr(trace, field)[unit]
    if field == "kept" and abs(value) < 1e5:
        words = beside(value, trace.C_prev[unit], show=number)
        return words if len(words) < 15 else number(value)
    squashed = field in ("f_t", "i_t", "o_t") or (field in ("C_tilde", "tanh_C") and 0.995 < abs(value) < 1)
    return gate_number(value) if squashed else number_of(value, shown)


def holds(equation):
    """Whether the last sign of an equation is = just where its last number follows from those it shows."""
    left, sign, right = re.fullmatch(r".*= (.*?) ([=≈]) (\S+?)\)?", equation).groups()
    if squash := re.fullmatch(r".*?(σ|tanh)\((\S+)\)", left):
        z = read(squash[2])
        value = sigmoid(z) if squash[1] == "σ" else np.tanh(z)
    else:
        products = [part.split(" · ") for part in left.split(" + ")]
        value = sum(read(a) * read(b) for a, b in products)
    return equals(right, value) == sign


def rows(found):
    """The equations under the picture: what stands on each line, from left to right."""
    low = sorted((y, x, t) for x, y, t, _ in found if y > CELL_HEIGHT and t)
    return [" ".join(t for *_, t in line) for _, line in itertools.groupby(low, lambda r: r[0])]


# --- what it says ---------------------------------------------------------------------------------


@settings(max_examples=60)
@given(cells())
def test_every_tag_shows_the_trace_s_number(cell):
    trace, unit = trace_of(cell), cell[3]
    found = texts(cell_svg(trace, unit))
    for tag in TAGS:
        here = within(tag.box, found)
        if tag.field == "x_t":
            assert here == [f"xt = {vector(trace.x_t, 2 if len(trace.x_t) < 3 else 1)}"]
        else:
            assert here[1:] == [words_of(tag.field, trace, unit)], tag.field
            assert here[0] == re.sub(r"[_{}]", "", tag.symbol).replace("-", "−")


@settings(max_examples=60)
@given(cells())
def test_layers_show_their_z_or_that_they_are_clamped(cell):
    trace, unit = trace_of(cell), cell[3]
    found = texts(cell_svg(trace, unit))
    for name, z in LAYERS.items():
        box = NODES[name]
        under = within(Box(box.x, box.bottom, box.w, 30), found)
        if name in trace.clamped:
            assert within(box, found) == ["clamped"] and under == []
        else:
            assert within(box, found) == ["tanh" if name == "C_tilde" else "σ"]
            assert under == [f"z = {number_of(getattr(trace, z)[unit])}"]
        dashed = frame(ET.fromstring(cell_svg(trace, unit)), box).get("stroke-dasharray") is not None
        assert dashed == (name in trace.clamped)
    for name, sign in {"keep": "⊙", "add": "+", "write": "⊙", "show": "⊙", "squash": "tanh"}.items():
        assert within(NODES[name], found) == [sign]


def ghosts(svg):
    """What stands between a gate's tag and its layer: the computed value of a clamped gate."""
    found = {name: [] for name in GATES}
    for x, y, words, e in texts(svg):
        for name, field in GATES.items():
            tag, box = next(t.box for t in TAGS if t.field == field), NODES[name]
            if tag.x < x < tag.right and tag.bottom < y < box.y:
                assert e.get("fill") == MUTED and contrast(MUTED) >= 4.5
                found[name].append(words)
    return found


@settings(max_examples=60)
@given(cells())
def test_the_computed_value_is_shown_beside_a_clamped_gate(cell):
    params, inputs, _, unit = cell
    trace, free = trace_of(cell), lstm_step(params, *inputs)
    svg = cell_svg(trace, unit, computed=free)
    found, lines, shadows = texts(svg), rows(texts(svg)), ghosts(svg)
    for (name, field), line in zip(GATES.items(), lines, strict=False):
        z, value = number_of(getattr(free, LAYERS[name])[unit]), words_of(field, free, unit)
        box, squash = NODES[name], "tanh" if name == "C_tilde" else "σ"
        assert within(Box(box.x, box.bottom, box.w, 30), found) == [f"z = {z}"]
        assert ("computed" in line) == (name in trace.clamped)
        if name in trace.clamped:
            assert shadows[name] == [f"computed {value}"]
            assert line.replace("≈", "=").endswith(
                f"= {words_of(field, trace, unit)} (computed: {squash}({z}) = {value})"
            )
        else:
            assert shadows[name] == []
    assert not any(ghosts(cell_svg(trace, unit)).values())
    assert cell_svg(free, unit, computed=free) == cell_svg(free, unit)


@settings(max_examples=30)
@given(cells(scales=(1.0,)), st.sampled_from([*GATES]))
def test_a_changed_weight_is_shown_although_its_gate_is_clamped(cell, name):
    params, (x, h, C), clamp, unit = cell
    clamp = clamp | {name: np.full(len(h), 0.5)}
    b = params.b.copy()
    b[[*"fio", "C_tilde"].index(name) * len(h) + unit] += 0.1

    def drawn(params, before=None):
        """The picture and the trace it shows."""
        trace = lstm_step(params, x, h, C, clamp)
        return cell_svg(trace, unit, before, computed=lstm_step(params, x, h, C)), trace

    (one, before), (two, _) = drawn(params), drawn(LSTMParams(params.W, b))
    assert one != two
    two, _ = drawn(LSTMParams(params.W, b), before)
    assert len(bands(two)) == 1, "its equation is marked, and no other"


@settings(max_examples=60)
@given(cells())
def test_the_equations_show_the_trace_s_numbers(cell):
    trace, unit = trace_of(cell), cell[3]
    lines = rows(texts(cell_svg(trace, unit)))
    which = f"[{unit}]" if len(trace.f_t) > 1 else ""
    for line, (name, field) in zip(lines, GATES.items(), strict=False):
        value = words_of(field, trace, unit)
        sign = "C̃t" if name == "C_tilde" else f"{name}t"
        if name in trace.clamped:
            assert line == f"{sign}{which} clamped = {value}"
        else:
            squash, letter = ("tanh", "C") if name == "C_tilde" else ("σ", name)
            assert line.startswith(f"{sign}{which} = {squash}(W{letter} · [ht−1; xt] + b{letter}) = ")
            z = number_of(getattr(trace, LAYERS[name])[unit])
            assert line.replace("≈", "=").endswith(f" = {squash}({z}) = {value}") and holds(line)
    assert len(lines) == 6
    f, i, o = (gate_number(getattr(trace, n)[unit]) for n in ("f_t", "i_t", "o_t"))
    old, new, squashed = (words_of(n, trace, unit, plain) for n in ("C_prev", "C_tilde", "tanh_C"))
    assert holds(lines[4]) and holds(lines[5])
    C, h = (line.removeprefix(start) for line, start in zip(
        lines[4:], (f"Ct{which} = ft ⊙ Ct−1 + it ⊙ C̃t", f"ht{which} = ot ⊙ tanh(Ct)"), strict=True))  # fmt: skip
    assert numbers_in(C) == ["", f, old, i, new, number_of(trace.C_t[unit])]
    assert numbers_in(h) == ["", o, squashed, number_of(trace.h_t[unit])]


def numbers_in(line):
    """What stands between the signs of an equation; a factor with a minus of its own is in brackets."""
    parts = re.split(r" ?[·+=≈] ", line)
    assert not [p for p in parts[1:-1] if "−" in p.replace("e−", "") and p[0] != "("], line
    return [p.strip("()") for p in parts]


@settings(max_examples=30)
@given(cells())
def test_the_summary_is_the_description(cell):
    trace, unit = trace_of(cell), cell[3]
    words = cell_summary(trace, unit)
    assert ET.fromstring(cell_svg(trace, unit)).find(f"{SVG}desc").text == words
    for field in ("f_t", "C_prev", "i_t", "C_tilde", "C_t", "o_t", "h_t"):
        assert re.search(rf"\s{re.escape(words_of(field, trace, unit))}[,.:; ]", words), field
    assert words.startswith(f"Unit {unit}: ") == (len(trace.f_t) > 1)
    given_words = "A <b> & a summary"
    assert ET.fromstring(cell_svg(trace, unit, summary=given_words)).find(f"{SVG}desc").text == given_words


def test_a_learner_s_numbers_are_below_the_equations():
    params = LSTMParams.random(2, 3, np.random.default_rng(0))
    trace = lstm_step(params, [1, -1], [0, 0, 0], [1, 2, 3])
    other = np.array([0.11, 0.22, 0.33, 4.44, 5.55, 6.66])
    last = rows(texts(cell_svg(trace, 1, other=other)))[-1]
    assert last == "yours: Ct = 5.55,  ht = 0.22"
    assert not any("yours" in line for line in rows(texts(cell_svg(trace, 1))))


def test_the_height_is_the_same_without_a_learner_s_number():
    trace = by_hand(0.5, units=2)
    plain, none, some = (
        cell_svg(trace, 1, other=other) for other in (None, np.full(4, np.nan), np.array([1, 2, 3, -1e200]))
    )
    heights = [float(ET.fromstring(svg).get("viewBox").split()[3]) for svg in (plain, none, some)]
    assert heights[0] < heights[1] == heights[2]
    assert [rows(texts(svg))[-1] for svg in (none, some)] == [
        "yours: Ct = —,  ht = —",
        "yours: Ct = −1.0e200,  ht = 2.00",
    ]


def test_the_picture_fits_a_screen():
    for trace in (by_hand(0.5), by_hand(0.5, units=4), computed(0.3, 4)):
        svg = cell_svg(trace, computed=computed(0.3, len(trace.f_t)), other=np.zeros(2 * len(trace.f_t)))
        width, height = map(float, ET.fromstring(svg).get("viewBox").split()[2:])
        assert width == WIDTH and height <= 520 and width / height >= 1.2
        assert min(size_of(e) for *_, e in texts(svg)) >= 12


def test_pictures_are_the_same_on_every_run():
    trace = by_hand(0.5, C=3)
    assert cell_svg(trace) == cell_svg(by_hand(0.5, C=3))


# --- what it marks --------------------------------------------------------------------------------


@settings(max_examples=60)
@given(cells(scales=(1.0,)), st.data())
def test_what_changed_is_marked_and_nothing_else(cell, data):
    params, (x, h, C), held, unit = cell
    before = trace_of(cell)
    what = data.draw(st.sampled_from(["nothing", "x", "h", "C", "W", "clamp"]))
    x, h, C, W = x.copy(), h.copy(), C.copy(), params.W.copy()
    if what in ("x", "h", "C"):
        {"x": x, "h": h, "C": C}[what][0] += 0.25
    if what == "W":
        W[data.draw(st.integers(0, len(W) - 1))] += 0.25
    if what == "clamp":
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


def bands(svg):
    """Heights of the bands behind the equations."""
    low = [e for e in ET.fromstring(svg).iter(f"{SVG}rect") if float(e.get("y", 0)) > CELL_HEIGHT]
    return sorted(float(e.get("y")) for e in low)


def test_only_changed_equations_are_marked():
    before, trace = by_hand(0.5, C=3), by_hand(0.5, C=3, o=0.75)
    svg = cell_svg(trace, 0, before)
    at = sorted(y for _, y, t, _ in texts(svg) if y > CELL_HEIGHT and t.startswith(("ot", "ht")))
    lit = bands(svg)
    assert len(lit) == 2 and all(0 < y - band < 20 for y, band in zip(at, lit, strict=True))
    assert bands(cell_svg(trace)) == []


# --- wires ----------------------------------------------------------------------------------------


@settings(max_examples=60)
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


def test_only_a_wire_with_zero_is_dashed():
    for value, dashed in ((0.0, True), (1e-300, False), (0.5, False)):
        drawn = {wire.carries: e.get("stroke-dasharray") for wire, e in wires(cell_svg(by_hand(o=value)))}
        assert (drawn["o_t"] is not None) == dashed
        assert drawn["f_t"] is not None, "f_t is 0 in each"


# --- where it stands ------------------------------------------------------------------------------


def test_tags_and_nodes_do_not_overlap():
    parts = {**{f"tag {t.field}": t.box for t in TAGS}, **{f"node {n}": b for n, b in NODES.items()}}
    assert [name for name, box in parts.items() if not lies_in(box, PAGE)] == []
    pairs = itertools.combinations(parts, 2)
    assert [(a, b) for a, b in pairs if overlap(parts[a], parts[b])] == []


def segments(wire):
    """A wire's straight parts and its head as boxes, as wide as the wire can get."""
    half = WIDEST / 2 if wire.carries else 1.0
    before, end = wire.points[-2:]
    head = tuple(e - 8 * np.sign(e - b) for b, e in zip(before, end, strict=True))
    ways = [(*pair, half) for pair in itertools.pairwise(wire.points)]
    for (x1, y1), (x2, y2), r in [*ways, (head, end, half + 3.5)]:
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
        if overlap(part, box) and not ends_at(wire, box)
    ]
    assert crossed == []


FROM_TO = {
    "C_prev": {("C_prev tag", "keep")},
    "f_t": {("f", "keep")},
    "kept": {("keep", "add")},
    "i_t": {("i", "write")},
    "C_tilde": {("C_tilde", "write")},
    "written": {("write", "add")},
    "C_t": {("add", "C_t tag"), ("C_t tag", "squash")},
    "tanh_C": {("squash", "show")},
    "o_t": {("o", "show")},
    "h_t": {("show", "h_t tag")},
    "": {("h_prev tag", "o"), ("x_t tag", "input"), ("input", "f"), ("input", "i"), ("input", "C_tilde")},
}


def test_every_wire_connects_the_right_parts():
    parts = {**NODES, **{f"{t.field} tag": t.box for t in TAGS}}
    parts["input"] = next(iter(segments(next(w for w in WIRES if len(w.points) == 3 and not w.carries))))
    found = {wire.carries: set() for wire in WIRES}
    for wire in WIRES:
        ends = []
        for x, y in (wire.points[0], wire.points[-1]):
            here = [n for n, box in parts.items() if overlap(Box(x - 0.1, y - 0.1, 0.2, 0.2), box)]
            ends.append(next(n for n in here if n != "input" or here == ["input"]))
        found[wire.carries].add(tuple(ends))
    assert found == FROM_TO


def heads_point_ahead(parent):
    """Every wire has a head at its end, of its own colour, wider than the line, and stands out from the paper."""
    for wire, line, head in drawn_wires(parent):
        left, right, tip = points_of(head)
        width, foot = float(line.get("stroke-width")), points_of(line)[-1]
        assert tip == wire.points[-1] and head.get("fill") == line.get("stroke")
        assert np.allclose(np.add(left, right) / 2, foot, atol=0.06), "the head sits on the line"
        assert np.hypot(*np.subtract(left, right)) > width + 4
        before = wire.points[-2]
        assert np.dot(np.subtract(tip, foot), np.subtract(tip, before)) > 0 and before != foot
        assert contrast(line.get("stroke")) >= 3, wire


@settings(max_examples=30)
@given(cells())
def test_every_wire_has_an_arrow_head_and_enough_contrast(cell):
    params, inputs, _, unit = cell
    heads_point_ahead(ET.fromstring(cell_svg(trace_of(cell), unit, computed=lstm_step(params, *inputs))))


# --- the figures that stand still -----------------------------------------------------------------


def still():
    """What each figure draws of the cell: the parent of its parts, and the focus."""
    for focus in PARTS:
        yield ET.fromstring(cell_parts_svg(focus)), focus
    yield next(ET.fromstring(rnn_beside_lstm_svg()).iter(f"{SVG}g")), "all"


def test_figures_have_the_boxes_and_wires_of_the_interactive_picture():
    def geometry(parent):
        """Boxes of tags and nodes and all wires, in the order of drawing."""
        boxes = [*NODES.values(), *(t.box for t in TAGS)]
        places = [
            {k: e.get(k) for k in ("x", "y", "width", "height", "rx")}
            for b in boxes
            for e in [frame(parent, b)]
        ]
        return places, [wire.points for wire, *_ in drawn_wires(parent)]

    live = geometry(ET.fromstring(cell_svg(by_hand(0.5))))
    for parent, _ in still():
        assert geometry(parent) == live
        heads_point_ahead(parent)


def test_figures_name_every_part_and_grey_out_what_is_not_in_focus():
    for parent, focus in still():
        lit = PARTS[focus][0]
        found = [
            (float(e.get("x")), float(e.get("y")), "".join(e.itertext()).replace("\u200b", ""), e)
            for e in parent.iter(f"{SVG}text")
        ]
        for tag in TAGS:
            assert within(tag.box, found) == [re.sub(r"[_{}]", "", tag.symbol).replace("-", "−")]
            ink = next(e for x, y, _, e in found if lies_in(Box(x, y, 0, 0), tag.box)).get(
                "fill", ROLES["C"].ink
            )
            assert ink == (ROLES[tag.role].ink if tag.field in lit else MUTED), (focus, tag.field)
        for wire, line, _ in drawn_wires(parent):
            role = {tag.field: tag.role for tag in TAGS}.get(wire.carries)
            assert line.get("stroke") == (ROLES[role].ink if wire.carries in lit else WIRE), (focus, wire)
        for name, box in NODES.items():
            assert (frame(parent, box).get("stroke") == WIRE) == (name not in lit), (focus, name)


def test_a_gate_s_figure_has_the_results_of_its_operations():
    gives = {a: value for value, ways in FROM_TO.items() for a, _ in ways if value and a in NODES}
    own = {"f": ({"f", "keep"}, {"C_prev"}), "i": ({"i", "C_tilde", "write", "add"}, set()),
           "o": ({"o", "squash", "show"}, {"C_t"})}  # fmt: skip
    assert PARTS["all"][0] == {*NODES, *(tag.field for tag in TAGS)}
    for focus, (operations, given_values) in own.items():
        assert PARTS[focus][0] == operations | {gives[name] for name in operations} | given_values


def test_no_text_of_a_figure_is_too_small():
    for svg, inner in [*((cell_parts_svg(f), 1) for f in PARTS), (rnn_beside_lstm_svg(), 0.65)]:
        root = ET.fromstring(svg)
        small = {e for g in root.iter(f"{SVG}g") for e in g.iter(f"{SVG}text")}
        assert all(g.get("transform").endswith(f"scale({inner:g})") for g in root.iter(f"{SVG}g"))
        assert min(size_of(e) * (inner if e in small else 1) for e in root.iter(f"{SVG}text")) >= 12


# --- whether it fits ------------------------------------------------------------------------------


IN_REACH = {
    "C_prev": [-20.0, -17.25, -0.5, 0.0, 2.1e-9, 1000.0, -1000.0, -12345.67, 1e9],
    "gates": [0.0, 0.5, 0.9975, 1.0, 2.1e-9, 5.7e-19, 1 - 2.1e-9, 1 - 2.2e-14],
    "C_tilde": [-1.0, -0.76, 0.0, -5.6e-17, 2.1e-9, 1.0],
    "h_prev": [-1.0, -0.96, -5.6e-17, 0.0, 1.0],
    "z": [-500.0, -174.0, -9.13, 0.0, -5.6e-17, 31.0, 174.0, 500.0],
}
"""Values to which the explorers' sliders lead."""


@st.composite
def in_reach(draw):
    """A trace within the explorers' ranges, of one unit or four, what it is without clamps, and a unit."""
    H, D = draw(st.sampled_from([1, 4])), draw(st.integers(1, 4))

    def some(name, n=H):
        return draw(st.lists(st.sampled_from(IN_REACH[name]), min_size=n, max_size=n))

    x = draw(st.lists(st.sampled_from([-6.0, -5.9, 0.0, 0.3, 5.55]), min_size=D, max_size=D))
    params = LSTMParams(np.zeros((4 * H, H + D)), np.ravel([some("z") for _ in GATES]))
    inputs = x, some("h_prev"), some("C_prev")
    names = sorted(draw(st.sets(st.sampled_from([*GATES]))))
    clamp = {name: some("C_tilde" if name == "C_tilde" else "gates") for name in names}
    return lstm_step(params, *inputs, clamp), lstm_step(params, *inputs), H - 1


LONG = {
    "C": -20.0, "h": -5.6e-17, "f": 1 - 2.2e-14, "i": 1 - 2.2e-14, "o": 1 - 2.2e-14, "C_tilde": -5.6e-17,
}  # fmt: skip
WORST = [
    by_hand(**LONG),
    by_hand(units=4, **LONG),
    by_hand(units=4, **(LONG | {"C": -5.6e-17, "i": 0.5})),
    by_hand(units=4, **(LONG | {"C": -1000.0})),
    by_hand(**(LONG | {"f": 0.9975, "i": 0.9975, "o": 0.9975, "C_tilde": -0.76})),
    by_hand(**(LONG | {"C": -1000.0, "f": 2.1e-9, "i": 2.1e-9, "o": 2.1e-9})),
    *(computed(z, units, x=-5.9) for z in (-5.6e-17, -500.0, 18.5, 32.0) for units in (1, 4)),
]


def fitting(test):
    """Run a test on traces in reach, and always on the ones with the longest numbers."""
    for trace in WORST:
        for z in (-5.6e-17, -300.0, 32.0):
            test = example((trace, computed(z, len(trace.f_t)), 0))(test)
    return settings(max_examples=60)(given(in_reach())(test))


@fitting
def test_text_fits_into_tags_and_nodes_and_is_legible(case):
    trace, free, unit = case
    svg = cell_svg(trace, unit, computed=free)
    assert min(size_of(e) for *_, e in texts(svg)) >= 10
    found = extents(svg)
    boxes = {tag.field: tag.box for tag in TAGS} | {f"node {n}": box for n, box in NODES.items()}
    too_wide = {
        f"{name}: {words}": f"{text.w:.1f} of {box.w:g}"
        for name, box in boxes.items()
        for text, words in found
        if lies_in(Box(text.cx, text.cy, 0.1, 0.1), box) and not lies_in(text, box)
    }
    assert too_wide == {}


@fitting
def test_text_overlaps_neither_text_nor_wires(case):
    trace, free, unit = case
    other = np.concatenate([trace.h_t, trace.C_t])
    kept_apart(cell_svg(trace, unit, computed=free, other=other))


@pytest.mark.parametrize("focus", PARTS)
def test_text_of_a_figure_overlaps_neither_text_nor_wires(focus):
    kept_apart(cell_parts_svg(focus))


def kept_apart(svg):
    height = float(ET.fromstring(svg).get("viewBox").split()[3])
    found = extents(svg)
    assert [t for box, t in found if not lies_in(box, Box(0, 0, WIDTH, height))] == []
    assert [(s, t) for (a, s), (b, t) in itertools.combinations(found, 2) if overlap(a, b)] == []
    tagged = [tag.box for tag in TAGS] + [*NODES.values()]
    free = [
        (box, t) for box, t in found if not any(lies_in(Box(box.cx, box.cy, 0.1, 0.1), tag) for tag in tagged)
    ]
    assert [t for box, t in free if any(overlap(box, tag) for tag in tagged)] == []
    crossed = [
        (t, wire.carries, wire.points)
        for box, t in free
        for wire in WIRES
        for part in segments(wire)
        if overlap(box, part)
    ]
    assert crossed == []


@settings(max_examples=30)
@given(cells(scales=(1.0, 1e3)))
def test_bars_stay_in_their_tags(cell):
    trace, unit = trace_of(cell), cell[3]
    shapes = {
        Box(*(float(e.get(k, 0)) for k in ("x", "y", "width", "height"))): e.get("fill")
        for e in ET.fromstring(cell_svg(trace, unit)).iter(f"{SVG}rect")
    }
    for tag in TAGS:
        bars = [b for b in shapes if b != tag.box and overlap(b, tag.box) and b.w < WIDTH]
        assert all(lies_in(b, tag.box) for b in bars), tag.field
        has_bars = len(trace.f_t) > 1 and tag.field in ("C_prev", "C_t", "h_prev", "h_t")
        assert len(bars) == (len(trace.f_t) if has_bars else 0), tag.field
        if bars:
            bars.sort(key=lambda bar: bar.x)
            assert [u for u, bar in enumerate(bars) if shapes[bar] == MARK] == [unit]
            full = 10 if tag.role == "C" else 1
            tall = [6 * min(1.0, abs(v) / full) for v in getattr(trace, tag.field)]
            assert [bar.h for bar in bars] == pytest.approx([max(1.0, t) for t in tall], abs=0.06)
            ups = {
                bar.y < tag.box.bottom - 10
                for bar, v in zip(bars, getattr(trace, tag.field), strict=True)
                if v > 0
            }
            assert ups <= {True}
