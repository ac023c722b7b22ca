"""The picture of each kind of cell, and of cells of one's own, shows what its gates see and what its step computes."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from reading import SVG, contrast, extents, lies_in, overlap, points_of, size_of, texts

from lstm_lib import KINDS, Kind
from lstm_lib.cell.operations import UFUNCS
from lstm_lib.cell.passes import step
from lstm_lib.cell.trees import field_of, subtrees
from lstm_lib.views import kind_picture
from lstm_lib.views.kind_layout import FOOT, GATES, boxes, flow, places, undrawn
from lstm_lib.views.kind_svg import kind_summary, kind_svg
from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import symbol
from lstm_lib.views.theme import PAPER, gate_number, state_number, vector

HX, NEW = "[h_{t-1}; x_t]", "C̃_t = tanh(W_C · [h_{t-1}; x_t] + b_C)"
F, I, O, A, E = (f"{g}_t = σ(W_{g} · {HX} + b_{g})" for g in "fioae")  # noqa: E741
MEMORY, SHOWN = "C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t", "h_t = o_t ⊙ tanh(C_t)"
LONG = f"f_t = σ(W_f · [h_{{t-1}}; x_t; C_{{t-1}}] + p_f ⊙ C_{{t-1}} + 0.5 ⊙ tanh(W_g · {HX} + b_g) + 0.25 ⊙ tanh(W_k · {HX} + b_k) + 0.125 ⊙ tanh(W_q · {HX} + b_q) + b_f)"

DRAWN = [
    Kind("one gate, sees C", "f_t = σ(W_f · x_t + p_f ⊙ C_{t-1} + b_f)", NEW, "C_t = f_t ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", "h_t = tanh(C_t)"),
    Kind("peephole alone", "f_t = σ(p_f ⊙ C_{t-1} + b_f)", NEW, "C_t = f_t ⊙ C_{t-1} + C̃_t", "h_t = C_t"),
    Kind("bare", NEW, "C_t = 0.9 ⊙ C_{t-1} + C̃_t", "h_t = softplus(C_t)"),
    Kind("exp gates", f"f_t = exp(−softplus(W_f · {HX} + b_f))", "i_t = exp(W_i · x_t + b_i)", NEW, MEMORY, "h_t = relu(C_t)"),
    Kind("other letters", f"α_t = σ(W_a · {HX} + b_a)", f"β_t = σ(W_b · {HX} + b_b)", f"m̃_t = tanh(W_m · {HX} + b_m)",
         "m_t = α_t ⊙ m_{t-1} + β_t ⊙ m̃_t", f"γ_t = σ(W_g · {HX} + p_g ⊙ m_t + b_g)", "h_t = γ_t ⊙ tanh(m_t)"),
    Kind("a very long name for a cell of one's own", LONG, I, O, NEW, MEMORY, SHOWN),
    Kind("o looks twice", "i_t = σ(W_i · x_t + b_i)", NEW, "C_t = C_{t-1} + i_t ⊙ C̃_t", "o_t = σ(W_o · x_t + p_o ⊙ C_{t-1} + q_o ⊙ C_t + b_o)", SHOWN),
    Kind("MGU", F, "h̃_t = tanh(W_h · [f_t ⊙ h_{t-1}; x_t] + b_h)", "h_t = (1 − f_t) ⊙ h_{t-1} + f_t ⊙ h̃_t"),
    Kind("MGU that keeps", F, "h̃_t = tanh(W_h · [f_t ⊙ h_{t-1}; x_t] + b_h)", "h_t = f_t ⊙ h_{t-1} + (1 − f_t) ⊙ h̃_t"),
    Kind("leaky", f"h̃_t = tanh(W_h · {HX} + b_h)", "h_t = 0.9 ⊙ h_{t-1} + 0.1 ⊙ h̃_t"),
    Kind("leaky in a line", f"h_t = 0.9 ⊙ h_{{t-1}} + 0.1 ⊙ tanh(W_h · {HX} + b_h)"),
    Kind("half open", f"h̃_t = tanh(W_h · {HX} + b_h)", "u_t = 0.5 + 0.5 ⊙ σ(W_u · x_t + b_u)", "h_t = u_t ⊙ h_{t-1} + h̃_t"),
    Kind("mean", f"h̃_t = tanh(W_h · {HX} + b_h)", "h_t = 0.5 ⊙ h_{t-1} + 0.5 ⊙ h̃_t"),
    Kind("f twice", F, NEW, "C_t = f_t ⊙ C_{t-1} + f_t ⊙ C̃_t", "h_t = tanh(C_t)"),
    Kind("learned leak", f"h̃_t = tanh(W_h · {HX} + b_h)", "h_t = σ(d) ⊙ h_{t-1} + (1 − σ(d)) ⊙ h̃_t"),
    Kind("n alone", F, I, O, "n_t = f_t ⊙ n_{t-1} + i_t", "h_t = o_t ⊙ tanh(n_t)"),
    Kind("f writes, o keeps", F, O, NEW, "C_t = o_t ⊙ C_{t-1} + f_t ⊙ C̃_t", "h_t = C_t"),
    Kind("i keeps", I, NEW, "C_t = i_t ⊙ C_{t-1} + C̃_t", "h_t = tanh(C_t)"),
    Kind("signed gate", F, f"i_t = tanh(W_i · {HX} + b_i)", f"C̃_t = relu(W_C · {HX} + b_C)", "C_t = i_t ⊙ C̃_t + f_t ⊙ C_{t-1}", "h_t = C_t"),
    Kind("keepkeep", "keepkeep_t = σ(W_k · x_t + b_k)", NEW, "C_t = keepkeep_t ⊙ C_{t-1} + (1 − keepkeep_t) ⊙ C̃_t", "h_t = C_t"),
    Kind("plain sLSTM", F, "i_t = exp(W_i · x_t + b_i)", O, NEW, MEMORY, "n_t = f_t ⊙ n_{t-1} + i_t", "h_t = o_t ⊙ C_t / n_t"),
    Kind("half", "f_t = σ(W_f · x_t + b_f)", "g_t = 0.5 + 0.5 ⊙ f_t", NEW, "C_t = g_t ⊙ C_{t-1} + f_t ⊙ C̃_t", "h_t = tanh(C_t)"),
]  # fmt: skip

LISTED = {
    "C_t is not a gate ⊙ C_{t-1} + a gate ⊙ a candidate": [
        Kind("six gates", F, I, O, A, E, f"g_t = σ(W_g · {HX} + b_g)", NEW, "C_t = f_t ⊙ a_t ⊙ C_{t-1} + i_t ⊙ e_t ⊙ C̃_t", f"{SHOWN} ⊙ g_t"),
        Kind("the gate before", F, I, NEW, "C_t = f_t ⊙ C_{t-1} + i_{t-1} ⊙ C̃_t", "h_t = i_t ⊙ tanh(C_t)"),
        Kind("i sees the memory", F, "i_t = f_t ⊙ C_{t-1}", NEW, MEMORY, "h_t = C_t"),
        Kind("i of f and o", F, O, NEW, "i_t = f_t ⊙ o_t", MEMORY, "h_t = C_t"),
        Kind("minus", F, NEW, "C_t = f_t ⊙ C_{t-1} − C̃_t", "h_t = C_t"),
        Kind(LONG[:40], LONG, NEW, "C_t = f_t ⊙ f_t ⊙ C_{t-1} + C̃_t", "h_t = C_t")],
    "h_t is not a gate ⊙ a function of one memory": [
        Kind("two memories", F, I, O, NEW, E, f"D̃_t = tanh(W_D · {HX} + b_D)", MEMORY, "D_t = e_t ⊙ D_{t-1} + (1 − e_t) ⊙ D̃_t", "h_t = o_t ⊙ tanh(C_t + D_t)"),
        Kind("product", f"a_t = tanh(W_a · {HX} + b_a)", "e_t = tanh(W_e · x_t + b_e)", "h_t = a_t ⊙ e_t"),
        Kind("bounded", F, I, NEW, MEMORY, "h_t = C_t / (1 + abs(C_t))")],
    "C_t has no candidate with a line of its own": [
        Kind("C in a line", F, f"C_t = f_t ⊙ C_{{t-1}} + tanh(W_C · {HX} + b_C)", "h_t = tanh(C_t)")],
    "it has more than one memory": [
        Kind("D unseen", F, NEW, "D_t = 0.5 ⊙ D_{t-1} + C̃_t", "C_t = f_t ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", f"o_t = σ(W_o · {HX} + p_o ⊙ D_t + b_o)", SHOWN)],
    "h_t is divided by f": [Kind("C over f", F, I, NEW, MEMORY, "h_t = C_t / f_t")],
    "f_t has two roles": [Kind("f shows", F, I, NEW, MEMORY, "h_t = f_t ⊙ tanh(C_t)")],
    "it takes more than four boxes": [
        Kind("r for C", F, f"r_t = σ(W_r · {HX} + b_r)", "C̃_t = tanh(W_C · [r_t ⊙ C_{t-1}; x_t] + b_C)", "C_t = f_t ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", "h_t = C_t")],
    "f_t sees a_t": [Kind("a inside f", A, "f_t = σ(W_f · x_t + p_f ⊙ a_t + b_f)", f"h̃_t = tanh(W_h · {HX} + b_h)", "h_t = f_t ⊙ h_{t-1} + h̃_t")],
    "r_t ⊙ h_{t-1} is seen a second time": [
        Kind("r for u too", f"r_t = σ(W_r · {HX} + b_r)", "u_t = σ(W_u · [r_t ⊙ h_{t-1}; x_t] + b_u)",
             "h̃_t = tanh(W_h · [r_t ⊙ h_{t-1}; x_t] + b_h)", "h_t = u_t ⊙ h_{t-1} + (1 − u_t) ⊙ h̃_t")],
    "1 − o_t stands too far from o_t": [Kind("coupled to o", O, I, NEW, "C_t = (1 − o_t) ⊙ C_{t-1} + i_t ⊙ C̃_t", SHOWN)],
    "1 − 0.5 ⊙ f_t ⊙ f_t is too long for a box": [Kind("rule", F, NEW, "C_t = f_t ⊙ C_{t-1} + (1 − 0.5 ⊙ f_t ⊙ f_t) ⊙ C̃_t", "h_t = C_t")],
    "the name forgetting_t is too long for a box": [
        Kind("words", "forgetting_t = σ(W_f · x_t + b_f)", NEW, "C_t = forgetting_t ⊙ C_{t-1} + C̃_t", "h_t = C_t")],
    "f_t sees f_{t-1}": [KINDS["FGR"]],
}  # fmt: skip

DRAWN = [kind for kind in KINDS.values() if kind.name != "FGR"] + DRAWN
LISTED = [(kind, reason) for reason, kinds in LISTED.items() for kind in kinds]
NAMES = {gate.name for kind in DRAWN for gate in kind.gates}
every_kind = pytest.mark.parametrize("kind", DRAWN, ids=lambda kind: kind.name)
every_listed = pytest.mark.parametrize(
    ("kind", "reason"), LISTED, ids=lambda found: getattr(found, "name", "")
)


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
            if "(" in name:
                continue
            if name == "x_t" and sum("x_t" in other.sees for other in kind.gates) == 1:
                with pytest.raises(ValueError, match="no line reads the input x_t"):
                    kind.without((gate.key, name))
                continue
            pulled = kind.without((gate.key, name))
            svg = kind_svg(pulled)
            gone = {(name, gate.key)} | {(a, b) for a, b in whole if b == name and "*" in name}
            gone |= {(gate.key, key) for key, coupled in pulled.coupled.items() if not coupled.of}
            if "is too long" not in undrawn(pulled):
                assert sorted(wires(svg)) == sorted(set(whole) - gone)
            line = [gate.z in subtrees(tree) for _, tree in kind.said.lines].index(True)
            assert (
                low_equations(pulled, svg)[line]
                == plain(pulled.equations[line])
                != plain(kind.equations[line])
            )


def low_equations(kind, svg):
    """The equations below a drawing; the rows of a long one are joined."""
    foot = max(box.bottom for box in boxes(kind).values()) if not undrawn(kind) else 0
    found = []
    for x, y, t, e in texts(svg):
        if y > foot and x == 14 and e.get("font-weight") is None and e.get("font-size") != "13":
            found.append(t)
        elif y > foot and x == 30:
            found[-1] += f" {t}"
    return found


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
            _, rule, field = kind.coupled[name]
            return kind.value(trace, field) if field else float(rule)
        if name in places(kind):
            assert within(box_of(kind, name), found) == [one(name), "no gate"]
            return 1.0
        if name in boxes(kind) and name not in comes_from:
            return kind.value(trace, name)
        parts = [value(start) for start in comes_from[name]]
        if name not in nodes:
            (part,) = parts
            return part
        x, y, _ = nodes[name]
        (sign,) = within(Box(x - 13, y - 13, 26, 26), found)
        do = {"⊙": np.multiply, "+": np.add, "÷": np.divide}.get(sign) or UFUNCS[sign]
        return do(*parts)

    for state in {*kind.lanes, "h"}:
        assert value(field_of(state)) == pytest.approx(kind.value(trace, field_of(state)), rel=1e-12)


@every_kind
def test_a_coupled_factor_has_a_wire_only_from_its_gate(kind):
    into = {key: [a for a, b in wires(kind_svg(kind)) if b == key] for key in kind.coupled}
    assert into == {key: [coupled.of] * bool(coupled.of) for key, coupled in kind.coupled.items()}


# --- what is said ---------------------------------------------------------------------------------


@every_kind
def test_missing_gates_are_drawn_as_a_fixed_one(kind):
    found = texts(kind_svg(kind))
    assert {t for *_, t, _ in found} & NAMES == {gate.name for gate in kind.gates}
    used = {key for lane in kind.lanes.values() for key in lane} | {*kind.shown[2:]} - {""}
    fixed = used - {""} - {gate.key for gate in kind.gates} - {*kind.coupled}
    ones = [t for *_, t, _ in found if t == "1" or t.endswith("t = 1")]
    assert sorted(ones) == sorted(map(one, fixed))
    assert len([t for *_, t, _ in found if t == "no gate"]) == len(fixed)
    for key, coupled in kind.coupled.items():
        assert within(box_of(kind, key), found) == [
            plain(coupled.rule),
            "coupled" if coupled.of else "a parameter" if kind.name == "learned leak" else "constant",
        ]


def one(key):
    """What is written for a factor fixed at 1; the name of something else is not used."""
    return "1" if key.startswith("1 ") else f"{key}t = 1"


@every_kind
def test_gates_show_symbol_activation_and_name(kind):
    found = texts(kind_svg(kind))
    for gate in kind.gates:
        named, sign, name = within(box_of(kind, gate.key), found)
        below = "as below" if kind.name in ("leaky in a line", "half open") else "identity"
        assert (named, sign, name) == (plain(gate.symbol), gate.function or below, gate.name)


@every_kind
def test_the_equations_are_the_kind_s(kind):
    for trace in (None, trace_of(kind)):
        svg = kind_svg(kind, trace)
        assert low_equations(kind, svg) == [*map(plain, kind.equations)]
        assert kind.name in [t for *_, t, _ in texts(svg)]


@every_kind
@pytest.mark.parametrize("unit", (0, 2))
def test_the_numbers_are_the_trace_s(kind, unit):
    trace = trace_of(kind)
    found, shares = texts(kind_svg(kind, trace, unit)), {c.field for c in kind.coupled.values()}
    shares |= {gate.field for gate in kind.gates if (gate.low, gate.high) == (0, 1)}

    def words(field):
        return (gate_number if field in shares else state_number)(kind.value(trace, field)[unit])

    for gate in kind.gates:
        assert within(box_of(kind, gate.key), found)[2:] == [words(gate.field), gate.name]
    for key, coupled in kind.coupled.items():
        if coupled.field:
            assert within(box_of(kind, key), found)[1] == words(coupled.field)
    for name, box in boxes(kind).items():
        shown = within(box, found)[1]
        if name == "x_t":
            assert shown in (vector(trace.x_t, 2), vector(trace.x_t, 1))
        else:
            assert shown == words(name)
    right = [t for x, y, t, e in found if e.get("text-anchor") == "end" and x == WIDTH - 14]
    assert right == [f"= {words(left)}" for left, _ in kind.said.lines]


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


def test_names_of_several_letters_and_learned_factors():
    """In PyTorch's names; a factor that is learned is no constant."""
    kind = Kind("mine", "r_t = σ(W_ir · x_t + W_hr · h_{t-1} + b_hr)", "z_t = σ(W_iz · x_t + W_hz · h_{t-1} + b_hz)",
                "n_t = tanh(W_in · x_t + r_t ⊙ (W_hn · h_{t-1} + b_hn))", "h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t-1}")  # fmt: skip
    assert [gate.name for gate in kind.gates] == ["reset gate", "gate", "candidate"]
    svg = kind_svg(kind)
    shown = [t for *_, t, _ in texts(svg)]
    assert ">hn</tspan>" in svg and "Whn" in [re.sub(r"\W", "", t) for t in shown]
    kind = Kind(
        "mine",
        "f_t = σ(W_f · x_t)",
        "C̃_t = tanh(W_C · x_t)",
        "C_t = f_t ⊙ C_{t-1} + α ⊙ C̃_t",
        "h_t = tanh(C_t)",
    )
    assert "a parameter" in [t for *_, t, _ in texts(kind_svg(kind))]


def test_a_value_without_a_time_is_told():
    kind = Kind(
        "mine", "f = σ(W_f · x_t)", "C̃_t = tanh(W_C · x_t)", "C_t = f ⊙ C_{t-1} + C̃_t", "h_t = tanh(C_t)"
    )
    assert undrawn(kind).endswith("; f has no time, so it is no gate: write f_t.")
    assert kind_picture("LSTM").svg == kind_picture(KINDS["LSTM"]).svg


@every_listed
def test_what_is_not_drawn_is_listed_with_the_reason_and_the_numbers(kind, reason):
    trace = trace_of(kind, clamp={kind.gates[0].key: 0.25})
    svg = kind_svg(kind, trace)
    found = texts(svg)
    assert undrawn(kind) == f"Listed, not drawn: {reason}." and kind_summary(kind).endswith(undrawn(kind))
    assert (
        plain(reason) in " ".join(t for *_, t, e in found if e.get("font-size") == "13") and wires(svg) == []
    )
    assert low_equations(kind, svg) == [*map(plain, kind.equations)]
    shares = {gate.field for gate in kind.gates if (gate.low, gate.high) == (0, 1)} | {
        c.field for c in kind.coupled.values()
    }
    shown = [t for x, y, t, e in found if x == WIDTH - 14]
    for (left, _), words in zip(kind.said.lines, shown, strict=True):
        sign = "clamped: " if left == kind.gates[0].field else "= "
        assert words == sign + (gate_number if left in shares else state_number)(getattr(trace, left)[0])


# --- whether it can be read -----------------------------------------------------------------------


GIVEN = {"symbols": None, "numbers": {}, "large": {"scale": 30.0}, "huge": {"scale": 1e4}, "small": {"scale": 1e-7}, "wide": {"D": 5}}  # fmt: skip
PICTURES = [
    pytest.param(kind, given, id=f"{kind.name}-{name}")
    for kind in [*DRAWN, *(kind for kind, _ in LISTED)]
    for name, given in GIVEN.items()
    if kind in KINDS.values() or name == "symbols" or name == "huge" and kind.name != "plain sLSTM"  # ∞ / ∞
]


@pytest.mark.parametrize(("kind", "given"), PICTURES)
def test_text_fits_and_overlaps_neither_text_nor_wires(kind, given):
    svg = kind_svg(kind, None if given is None else trace_of(kind, **given))
    root, found = ET.fromstring(svg), extents(svg)
    width, height = map(float, root.get("viewBox").split()[2:])
    assert width == WIDTH and height <= 580 and "nan" not in svg.lower()
    assert [t for box, t in found if not lies_in(box, Box(0, 0, WIDTH, height))] == []
    assert [(s, t) for (a, s), (b, t) in itertools.combinations(found, 2) if overlap(a, b)] == []
    assert min(size_of(e) for *_, e in texts(svg)) >= 10
    framed = [] if undrawn(kind) else [*boxes(kind).values(), *(box_of(kind, key) for key in places(kind))]
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
    kinds = [*DRAWN, *(kind for kind, _ in LISTED)]
    drawn = [*map(kind_svg, kinds)]
    assert drawn == [*map(kind_svg, kinds)] and len({*drawn}) == len(kinds)


def test_names_are_escaped():
    kind = Kind("<b>&", F, I, O, NEW, MEMORY, SHOWN, sentence="a < b")
    assert "<b>&" in [t for *_, t, _ in texts(kind_svg(kind))]


def test_subscripts_and_superscripts():
    parts = [(e.get("dy"), e.text) for e in ET.fromstring(f"<a>{symbol('W_h^x + b^h')}</a>")]
    assert [(dy[0] == "-", t) for dy, t in parts if t != "\u200b"] == [(False, "h"), (True, "x"), (True, "h")]
    assert sum(float(dy[:-2]) * (1 if t == "\u200b" else 0.72) for dy, t in parts) == pytest.approx(
        0, abs=0.01
    )
