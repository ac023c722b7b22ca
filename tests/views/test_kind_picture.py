"""The picture of each kind of cell shows its gate table and the computation of its step."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from reading import SVG, contrast, extents, lies_in, overlap, points_of, size_of, texts

from lstm_lib import KINDS, Kind
from lstm_lib.cell.passes import step
from lstm_lib.views.kind_layout import FOOT, GATES, boxes, flow, places
from lstm_lib.views.kind_svg import kind_summary, kind_svg
from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import symbol
from lstm_lib.views.theme import PAPER, gate_number, state_number, vector

NAMES = {gate.name for kind in KINDS.values() for gate in kind.gates}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def trace_of(kind, seed=0, scale=1.0, D=2, H=3, clamp=None):
    """A step from random states with random parameters, none of them zero."""
    rng = np.random.default_rng(seed)
    params = kind.random(D, H, rng)
    params = type(params)(
        kind, **{n: scale * rng.normal(size=getattr(params, n).shape) for n in params.names}
    )
    before = {f"{s}_prev": rng.uniform(0.1, 1, H) for s in kind.states}
    return step(params, scale * rng.normal(size=D), clamp, **before)


def wires(svg):
    """Every wire of a picture, once for each time it is drawn."""
    return [(g.get("data-from"), g.get("data-to")) for g in ET.fromstring(svg).iter(f"{SVG}g")]


def to_gates(kind, svg):
    """The wires that lead to a gate."""
    keys = {gate.key for gate in kind.gates}
    return sorted((start, end) for start, end in wires(svg) if end in keys)


def table(kind):
    """What the gate table says that each gate sees."""
    return sorted((name, gate.key) for gate in kind.gates for name in gate.sees)


def box_of(kind, key):
    """The box of a gate, or of what stands in for one."""
    return Box(places(kind)[key] - 46, GATES, 92, FOOT - GATES)


def within(box, found):
    """The words in a box, from top to bottom and from left to right."""
    return [t for y, x, t in sorted((y, x, t) for x, y, t, _ in found if lies_in(Box(x, y, 0, 0), box)) if t]


def plain(markup):
    """An equation as its text reads once subscripts are set."""
    return re.sub(r"[_^{}]", "", re.sub(r"_\{([^}]*)\}", lambda m: m[1].replace("-", "−"), markup))


# --- what is connected ----------------------------------------------------------------------------


@every_kind
def test_the_wires_to_the_gates_are_the_gate_table(kind):
    assert to_gates(kind, kind_svg(kind)) == table(kind)
    assert to_gates(kind, kind_svg(kind, trace_of(kind))) == table(kind)


@every_kind
def test_a_removed_connection_has_no_wire(kind):
    whole = wires(kind_svg(kind))
    for gate in kind.gates:
        for name in gate.sees:
            if (name, gate.key) == ("x_t", "h") or "(" in name:
                continue  # the last wire from the input, and one that passes through a gate
            pulled = kind.without((gate.key, name))
            svg = kind_svg(pulled)
            gone = {(name, gate.key)} | {(a, b) for a, b in whole if b == name and "*" in name}
            assert sorted(wires(svg)) == sorted(set(whole) - gone)
            changed = set(map(plain, pulled.equations)) ^ set(map(plain, kind.equations))
            shown = [t for *_, t, _ in texts(svg)]
            assert len(changed) == 2 and [plain(e) in shown for e in pulled.equations] == [True] * len(
                pulled.equations
            )


@every_kind
def test_each_wire_starts_and_ends_at_its_names(kind):
    """At the edges of gates, states and operations; what leaves a lane just before its state has a dot there."""
    _, nodes = flow(kind)
    at = boxes(kind) | {key: box_of(kind, key) for key in places(kind)}
    at |= {name: Box(x - 13, y - 13, 26, 26) for name, (x, y, _) in nodes.items() if "product" not in name}
    for g in ET.fromstring(kind_svg(kind)).iter(f"{SVG}g"):
        line, head = g.find(f"{SVG}polyline"), g.find(f"{SVG}polygon")
        start, end = points_of(line)[0], points_of(head)[-1]
        a, b = g.get("data-from"), g.get("data-to")
        branched = start[1] == at[a].cy and at[a].x - 40 < start[0] < at[a].x
        assert on_edge(start, at[a]) or (branched and g.find(f"{SVG}circle") is not None), (a, b, start)
        tall = 20 if "W" in b and "*" in b else 0  # the product's box hangs below the operation
        assert on_edge(end, Box(at[b].x, at[b].y, at[b].w, at[b].h + tall)), (a, b, end)


def on_edge(point, box):
    x, y = point
    across, down = box.x - 0.1 <= x <= box.right + 0.1, box.y - 0.1 <= y <= box.bottom + 0.1
    return (
        across
        and down
        and (min(abs(x - box.x), abs(x - box.right), abs(y - box.y), abs(y - box.bottom)) < 0.1)
    )


@every_kind
def test_the_drawing_computes_what_the_step_computes(kind):
    """Follow the wires from gates and old states through the signs on the lanes: the new states come out."""
    trace, (_, nodes) = trace_of(kind), flow(kind)
    svg, gates = kind_svg(kind, trace), {gate.key: gate for gate in kind.gates}
    found, comes_from = texts(svg), {}
    for start, end in wires(svg):
        comes_from.setdefault(end, []).append(start)

    def value(name):
        if name in gates:
            return kind.value(trace, gates[name].field)
        if name in kind.coupled:
            return kind.value(trace, kind.coupled[name].field)
        if name in places(kind):
            assert within(box_of(kind, name), found) == [f"{name}t = 1", "no gate"]
            return 1.0
        if name in boxes(kind) and name not in comes_from:
            return kind.value(trace, name)
        parts = [value(start) for start in comes_from[name]]
        if name not in nodes:
            (part,) = parts
            return part
        x, y, _ = nodes[name]
        (sign,) = within(Box(x - 13, y - 13, 26, 26), found)
        do = {"⊙": np.multiply, "+": np.add, "÷": np.divide, "tanh": np.tanh}[sign]
        return do(*parts)

    for state in {*kind.lanes, "h"}:
        assert value(f"{state}_t") == pytest.approx(kind.value(trace, f"{state}_t"), rel=1e-12)


@every_kind
def test_a_coupled_factor_has_a_wire_only_from_its_gate(kind):
    into = {key: [a for a, b in wires(kind_svg(kind)) if b == key] for key in kind.coupled}
    assert into == {key: [coupled.of] for key, coupled in kind.coupled.items()}


# --- what is said ---------------------------------------------------------------------------------


@every_kind
def test_missing_gates_are_drawn_as_a_fixed_one(kind):
    found = texts(kind_svg(kind))
    assert {t for *_, t, _ in found} & NAMES == {gate.name for gate in kind.gates}
    used = {key for lane in kind.lanes.values() for key in lane} | {*kind.shown[2:]} - {""}
    fixed = used - {""} - {gate.key for gate in kind.gates} - {*kind.coupled}
    ones = [t for *_, t, _ in found if t.endswith(" = 1")]
    assert sorted(ones) == sorted(f"{key}t = 1" for key in fixed)
    assert len([t for *_, t, _ in found if t == "no gate"]) == len(fixed)
    for key, coupled in kind.coupled.items():
        assert within(box_of(kind, key), found) == [plain(coupled.rule), "coupled"]


@every_kind
def test_gates_show_symbol_activation_and_name(kind):
    found = texts(kind_svg(kind))
    for gate in kind.gates:
        named, sign, name = within(box_of(kind, gate.key), found)
        squash = gate.equation.partition(" = ")[2].partition("(")[0]
        squash = "identity" if squash.startswith("W") else squash
        assert (named, sign, name) == (plain(gate.symbol), squash, gate.name)


@every_kind
def test_the_equations_are_the_kind_s(kind):
    for trace in (None, trace_of(kind)):
        found = texts(kind_svg(kind, trace))
        foot = max(box.bottom for box in boxes(kind).values())
        low = [t for x, y, t, _ in found if x == 14 and y > foot]
        assert low == [*map(plain, kind.equations)]
        assert kind.name in [t for *_, t, _ in found]


@every_kind
@pytest.mark.parametrize("unit", range(3))
def test_the_numbers_are_the_trace_s(kind, unit):
    trace = trace_of(kind)
    found, shares = texts(kind_svg(kind, trace, unit)), {c.field for c in kind.coupled.values()}
    shares |= {gate.field for gate in kind.gates if gate.low == 0 and gate.high == 1}

    def words(field):
        return (gate_number if field in shares else state_number)(kind.value(trace, field)[unit])

    for gate in kind.gates:
        assert within(box_of(kind, gate.key), found)[2:] == [words(gate.field), gate.name]
    for key, coupled in kind.coupled.items():
        assert within(box_of(kind, key), found)[1] == words(coupled.field)
    for name, box in boxes(kind).items():
        shown = within(box, found)[1]
        if name == "x_t":
            assert shown in (vector(trace.x_t, 2), vector(trace.x_t, 1))
        elif name == "gates_prev":
            assert shown == ", ".join(map(state_number, trace.gates_prev[unit::3]))
        else:
            assert shown == words(name)
    fields = {gate.symbol: gate.field for gate in kind.gates}
    lefts = [equation.partition(" = ")[0] for equation in kind.equations]
    right = [t for x, y, t, e in found if e.get("text-anchor") == "end" and x == WIDTH - 14]
    assert right == [f"= {words(fields.get(left, left))}" for left in lefts]


@every_kind
def test_a_clamped_gate_is_labelled(kind):
    for gate in kind.gates:
        found = texts(kind_svg(kind, trace_of(kind, clamp={gate.key: 0.25})))
        assert within(box_of(kind, gate.key), found)[-2:] == ["0.25", "clamped"]
        assert [t for *_, t, _ in found].count("clamped") == 1


@every_kind
def test_the_summary_says_what_each_gate_sees(kind):
    words = kind_summary(kind)
    assert ET.fromstring(kind_svg(kind)).find(f"{SVG}desc").text == words
    assert kind.sentence in words and all(f"{gate.symbol} sees" in words for gate in kind.gates)
    assert words.count("C_{t-1}") == sum("C_prev" in gate.sees for gate in kind.gates)


# --- whether it can be read -----------------------------------------------------------------------


PICTURES = [
    pytest.param(kind, given, id=f"{kind.name}-{name}")
    for kind in KINDS.values()
    for name, given in {
        "symbols": None,
        "numbers": {},
        "large": {"scale": 30.0},
        "huge": {"scale": 1e4},
        "small": {"scale": 1e-7},
        "wide": {"D": 5},
    }.items()
]


@pytest.mark.parametrize(("kind", "given"), PICTURES)
def test_text_fits_and_overlaps_neither_text_nor_wires(kind, given):
    svg = kind_svg(kind, None if given is None else trace_of(kind, **given))
    root, found = ET.fromstring(svg), extents(svg)
    width, height = map(float, root.get("viewBox").split()[2:])
    most = {5: 670, 4: 580}.get(len(kind.states), 530)
    assert width == WIDTH and height <= most and "nan" not in svg.lower()
    assert [t for box, t in found if not lies_in(box, Box(0, 0, WIDTH, height))] == []
    assert [(s, t) for (a, s), (b, t) in itertools.combinations(found, 2) if overlap(a, b)] == []
    assert min(size_of(e) for *_, e in texts(svg)) >= 10
    framed = [*boxes(kind).values(), *(box_of(kind, key) for key in places(kind))]
    too_wide = [t for text, t in found for box in framed
                if lies_in(Box(text.cx, text.cy, 0, 0), box) and not lies_in(text, box)]  # fmt: skip
    assert too_wide == []
    strokes = [part for g in root.iter(f"{SVG}g") for part in segments(g.find(f"{SVG}polyline"))]
    assert [t for text, t in found for part in strokes if overlap(text, part)] == []
    inner = [Box(box.x + 2, box.y + 2, box.w - 4, box.h - 4) for box in framed]
    assert [(box, part) for box in inner for part in strokes if overlap(box, part)] == []


def segments(line):
    """A line's straight parts as boxes."""
    half = float(line.get("stroke-width")) / 2
    for (x1, y1), (x2, y2) in itertools.pairwise(points_of(line)):
        assert x1 == x2 or y1 == y2, "wires go across or down"
        across = half * (x1 == x2)
        down = half - across
        yield Box(
            min(x1, x2) - across, min(y1, y2) - down, abs(x1 - x2) + 2 * across, abs(y1 - y2) + 2 * down
        )


@every_kind
def test_wires_from_different_sources_may_cross_but_not_overlap(kind):
    drawn = [
        (g.get("data-from"), part, part.w > part.h)
        for g in ET.fromstring(kind_svg(kind)).iter(f"{SVG}g")
        for part in segments(g.find(f"{SVG}polyline"))
    ]
    pairs = itertools.combinations(drawn, 2)
    along = [
        (a, b) for (a, one, level), (b, two, flat) in pairs if a != b and level == flat and overlap(one, two)
    ]
    assert along == []


@every_kind
def test_boxes_and_operations_do_not_overlap(kind):
    parts = boxes(kind) | {key: box_of(kind, key) for key in places(kind)}
    parts |= {name: Box(x - 13, y - 10, 26, 20) for name, (x, y, _) in flow(kind)[1].items()}
    assert [(a, b) for a, b in itertools.combinations(parts, 2) if overlap(parts[a], parts[b])] == []


@every_kind
def test_lines_and_text_have_enough_contrast(kind):
    root = ET.fromstring(kind_svg(kind, trace_of(kind)))
    for g in root.iter(f"{SVG}g"):
        line, head = g.find(f"{SVG}polyline"), g.find(f"{SVG}polygon")
        assert head.get("fill") == line.get("stroke") and contrast(line.get("stroke")) >= 3
    for e in root.iter(f"{SVG}text"):
        assert contrast(e.get("fill", root.get("fill"))) >= 4.5
    inks = {e.get("stroke") for e in root.iter(f"{SVG}polyline")} - {PAPER}
    assert len(inks) >= 2


@every_kind
def test_all_kinds_have_the_same_order_of_gates(kind):
    """What keeps the memory, what is written, what is new: in one order over all kinds."""
    at = places(kind)
    keep, write, new = next(iter(kind.lanes.values()))
    row = [at[key] for key in (keep, write, new) if key]
    assert row == sorted(row) and set(at.values()) <= {122, 245, 368, 491} and len({*at.values()}) == len(at)
    assert {gate.key for gate in kind.gates} <= {*at}


def test_pictures_are_the_same_on_every_run_and_differ_between_kinds():
    drawn = {name: kind_svg(kind) for name, kind in KINDS.items()}
    assert drawn == {name: kind_svg(kind) for name, kind in KINDS.items()}
    assert len(set(drawn.values())) == len(KINDS)


def test_names_are_escaped():
    kind = Kind("<b>&", *KINDS["LSTM"].equations, sentence="a < b")
    assert "<b>&" in [t for *_, t, _ in texts(kind_svg(kind))]


def test_subscripts_and_superscripts():
    parts = [(e.get("dy"), e.text) for e in ET.fromstring(f"<a>{symbol('W_h^x + b^h')}</a>")]
    assert [(dy[0] == "-", t) for dy, t in parts if t != "\u200b"] == [(False, "h"), (True, "x"), (True, "h")]
    assert sum(float(dy[:-2]) * (1 if t == "\u200b" else 0.72) for dy, t in parts) == pytest.approx(
        0, abs=0.01
    )
