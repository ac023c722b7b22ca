"""The whole cell as a diagram, with symbols only or with the values of a step and its equations."""

import math

import numpy as np

from lstm_lib.cell.kinds import GATES
from lstm_lib.views.cell_layout import (
    AT_C,
    AT_O,
    BUS,
    CELL_HEIGHT,
    EVERYTHING,
    LAYERS,
    NODES,
    SIGNS,
    TAGS,
    WIRES,
)
from lstm_lib.views.layout import FULL, WIDTH, Box
from lstm_lib.views.svg import arrow_path, document, fit, rect, text
from lstm_lib.views.theme import (
    MARK,
    MARK_TINT,
    MUTED,
    PAPER,
    ROLES,
    WIRE,
    beside,
    bracketed,
    equals,
    gate_number,
    number,
    plain,
    read,
    state_number,
    vector,
)

LINE_HEIGHT, VALUES_AT, LONGEST = 21, 272, 56
"""LONGEST : letters of a line in numbers that fit at the smallest size."""
ROOM = 15
"""Texts of this length do not fit into a tag."""


def cell_svg(trace, unit=0, before=None, other=None, summary=None, computed=None):
    """One step through the whole cell as SVG text.

    trace : StepTrace of one vector;  unit : the one whose numbers are shown (the others have bars)
    before : the StepTrace of the previous picture; what differs from it is marked
    other : (2H,) h_t and C_t of a learner's function, shown under the equations; NaN where it gave no number
    summary : the description, `cell_summary` when left out
    computed : the StepTrace of the same step with no gate clamped, whose values are shown beside clamped ones
    """
    changed = changed_fields(trace, before)
    out = [*cell_diagram(trace, unit, changed, computed), *_equations(trace, unit, changed, computed)]
    height = CELL_HEIGHT + 6 * LINE_HEIGHT + 10
    if other is not None:
        C, h = (
            "—" if math.isnan(v) else state_number(v) for v in (other[len(trace.h_t) + unit], other[unit])
        )
        for x, words in ((14, "yours:"), (VALUES_AT, f"C_t = {C},  h_t = {h}")):
            out.append(text(x, height + 7, words, size=15, anchor="start", fill=MARK, markup=True))
        height += LINE_HEIGHT
    return document(height, out, "One step through the whole LSTM cell", summary or cell_summary(trace, unit))


def changed_fields(trace, before):
    """The fields of the trace that differ from those of `before`."""
    if before is None:
        return set()
    names = {tag.field for tag in TAGS} | {z for _, z in LAYERS.values()}
    return {n for n in names if not np.array_equal(getattr(trace, n), getattr(before, n))}


def cell_diagram(trace=None, unit=0, changed=(), computed=None, lit=EVERYTHING):
    """Wires, operations and values; only symbols without a trace.

    lit : names of the operations and values in colour; the others are grey
    """
    yield from _wires(trace, unit, lit)
    yield from _nodes(trace, unit, computed, lit)
    yield from _tags(trace, unit, changed, lit)


def _wires(trace, unit, lit):
    roles = {tag.field: tag.role for tag in TAGS}
    for wire in WIRES:
        ink, width, dash = WIRE, 2, ""
        if wire.carries in lit:
            ink, width = ROLES[roles[wire.carries]].ink, 4
            if trace is not None:
                value = abs(float(getattr(trace, wire.carries)[unit]))
                full = FULL if wire.carries in ("C_prev", "C_t", "kept") else 1.0
                width, dash = 1.2 + 6 * min(1.0, value / full), "" if value else "2 4"
        yield arrow_path(wire.points, ink, width, dash)
    size = 19 if trace is None else 14
    yield text((AT_C + AT_O) / 2, BUS + 20, "[h_{t-1}; x_t]", size=size, fill=MUTED, markup=True)


def _nodes(trace, unit, computed, lit):
    for name, box in NODES.items():
        circle, clamped = box.w == box.h, trace is not None and name in trace.clamped
        edge, ink, tint = look(name if name in LAYERS else "C", name in lit)
        fill, radius = PAPER if clamped or circle else tint, box.w / 2 if circle else 3
        yield rect(box, fill, edge, width=2, radius=radius, dash="4 3" if clamped else "")
        size = 13 if clamped else 19 if circle or trace is None else 15
        sign = "clamped" if clamped else SIGNS.get(name, "⊙")
        weight = "bold" if name in lit and not circle else None
        yield text(box.cx, box.cy + 0.35 * size, sign, size=size, fill=ink, weight=weight)
        source = computed if clamped else trace
        if name in LAYERS and source is not None:
            field, z = LAYERS[name]
            words, fill = f"z = {_words(source, z, unit)}", MUTED if clamped else ink
            yield text(box.cx + 8, box.bottom + 17, words, size=fit(words, 80, 13), anchor="start", fill=fill)
            if clamped:
                words = f"computed {_words(computed, field, unit)}"
                yield text(box.cx - 62, box.y - 13, words, size=fit(words, 107, 12), fill=MUTED)


def _tags(trace, unit, changed, lit):
    for tag in TAGS:
        box, fresh = tag.box, tag.field in changed
        edge, ink, _ = look(tag.role, tag.field in lit)
        edge = MARK if fresh else edge if tag.framed else "none"
        yield rect(box, MARK_TINT if fresh else PAPER, edge, width=2.5 if fresh else 1, radius=5)
        if trace is None or tag.field == "x_t":
            words = tag.symbol if trace is None else f"{tag.symbol} = {_vector(trace.x_t)}"
            size = 19 if trace is None else fit(words, box.w - 10, 15, bold=True)
            weight = "bold" if tag.field in lit else None
            yield text(box.cx, box.cy + 6, words, size=size, fill=ink, weight=weight, markup=True)
            continue
        values, words = getattr(trace, tag.field), _words(trace, tag.field, unit)
        bars = tag.framed and len(values) > 1
        top, size = box.cy - (25 if bars else 18), fit(words, box.w - 6, 15, bold=True)
        yield text(box.cx, top + 14, tag.symbol, fill=ink, markup=True)
        yield text(box.cx, top + 31, words, size=size, fill=ink, weight="bold")
        if bars:
            yield from _bars(box, values, unit, FULL if tag.role == "C" else 1.0)


def look(role, lit):
    """Line colour, text colour and tint of a role; grey if not `lit`."""
    return (ROLES[role].ink, ROLES[role].ink, ROLES[role].tint) if lit else (WIRE, MUTED, PAPER)


def _bars(box, values, unit, full):
    """A small bar for each unit at the bottom of a tag, the selected one in the marking colour."""
    step = (box.w - 16) / len(values)
    for u, value in enumerate(values):
        height = max(1.0, 6 * min(1.0, abs(float(value)) / full))
        top = box.bottom - 10 - (height if value > 0 else 0)
        yield rect(Box(box.x + 9 + u * step, top, step - 2, height), MARK if u == unit else WIRE, radius=0)


def _equations(trace, unit, changed, computed):
    which, rows = f"[{unit}]" if len(trace.f_t) > 1 else "", []
    for name, (field, z) in LAYERS.items():
        clamped, sign, value = name in trace.clamped, SIGNS[name], _words(trace, field, unit)
        rule, words = f" = {sign}(W_{z[2:]} · [h_{{t-1}}; x_t] + b_{z[2:]})", f"= {value}"
        if not clamped:
            words = f"= {_squashed(trace, name, unit)}"
        elif computed is not None:
            words += f" (computed: {_squashed(computed, name, unit)})"
        rows.append((GATES[name].symbol + which + (" clamped" if clamped else rule), words, name, {field, z}))
    factors = ("f_t", "C_prev", "i_t", "C_tilde", "o_t", "tanh_C")
    f, C, i, g, o, squashed = (bracketed(_words(trace, n, unit, plain)) for n in factors)
    new, out = _words(trace, "C_t", unit), _words(trace, "h_t", unit)
    words = f"= {f} · {C} + {i} · {g} {equals(new, read(f) * read(C) + read(i) * read(g))} {new}"
    words = words if len(words) < LONGEST else f"= {new}"
    rows.append((f"C_t{which} = f_t ⊙ C_{{t-1}} + i_t ⊙ C̃_t", words, "C", {"C_t"}))
    words = f"= {o} · {squashed} {equals(out, read(o) * read(squashed))} {out}"
    rows.append((f"h_t{which} = o_t ⊙ tanh(C_t)", words, "h", {"h_t"}))
    for k, (formula, words, role, fields) in enumerate(rows):
        y, ink = CELL_HEIGHT + 17 + k * LINE_HEIGHT, ROLES[role].ink
        if fields & changed:
            yield rect(Box(8, y - 15, WIDTH - 16, 20), MARK_TINT, radius=4)
        yield text(14, y, formula, size=15, anchor="start", fill=ink, markup=True)
        size = fit(words, WIDTH - 14 - VALUES_AT, 15)
        yield text(VALUES_AT, y, words, size=size, anchor="start", fill=ink)


def _squashed(trace, name, unit):
    """How a gate is computed: σ(2.00) = 0.88."""
    field, z = LAYERS[name]
    z, value = _words(trace, z, unit), _words(trace, field, unit)
    return f"{SIGNS[name]}({z}) {equals(value, GATES[name].squashed(np.float64(read(z))))} {value}"


def _vector(values):
    """The input's numbers, or how many there are if they do not fit."""
    return vector(values, 2 if len(values) < 3 else 1) if len(values) < 5 else f"[{len(values)} numbers]"


def _words(trace, field, unit, shown=number):
    """A value with two digits; more for gates near 0 or 1, tanh near ±1, and what is kept."""
    value = getattr(trace, field)[unit]
    if field == "kept" and abs(value) < 1e5:
        words = beside(value, trace.C_prev[unit], show=number)
        return words if len(words) < ROOM else number(value)
    close = field in ("C_tilde", "tanh_C") and 0.995 < abs(value) < 1
    return gate_number(value) if close or field in ("f_t", "i_t", "o_t") else state_number(value, shown)


def cell_summary(trace, unit=0):
    """The picture in one sentence."""
    names = ("f_t", "C_prev", "i_t", "C_tilde", "C_t", "o_t", "h_t")
    f, C, i, g, new, o, h = (_words(trace, name, unit) for name in names)
    kept, written = (_words(trace, name, unit) for name in ("kept", "written"))
    which = f"Unit {unit}: " if len(trace.f_t) > 1 else ""
    return (
        f"{which}f_t {f} keeps {kept} of C_{{t-1}} {C}, i_t {i} writes {written} of C̃_t {g}: C_t is {new}; "
        f"o_t {o} shows h_t {h}."
    )
