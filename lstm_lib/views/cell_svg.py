"""The whole cell, live: every wire with its value, and the equations with symbols and numbers."""

from __future__ import annotations

import re

import numpy as np

from lstm_lib.views.cell_layout import CELL_HEIGHT, CELL_WIDTH, NODES, TAGS, WIRES
from lstm_lib.views.layout import Box
from lstm_lib.views.svg import document, rect, text
from lstm_lib.views.theme import (
    FAINT,
    GRID,
    INK,
    MARK,
    MARK_TINT,
    PAPER,
    ROLES,
    gate_number,
    number,
    plain,
    vector,
)

__all__ = ["cell_summary", "cell_svg", "changed_fields"]

GATE_FIELDS = {"f_t": ("f", "z_f"), "i_t": ("i", "z_i"), "C_tilde": ("C_tilde", "z_C"), "o_t": ("o", "z_o")}
LAYER_WORDS = {"f": "σ", "i": "σ", "C_tilde": "tanh", "o": "σ"}
SIGNS = {"keep": "⊙", "add": "+", "write": "⊙", "show": "⊙"}

LINES = 7


def cell_svg(trace, unit=0, before=None, limit=10.0, other=None, summary=None):
    """One step through the whole cell as SVG text.

    trace : StepTrace of one vector;  unit : whose numbers are shown (bars for the others)
    before : the StepTrace of the last picture; what differs from it is marked
    limit : value at which a wire of the memory has its full width
    summary : one line for who can't see it, optional
    other : (2H,) a learner's own h_t and C_t, shown under the equations
    """
    changed = changed_fields(trace, before)
    out = [*_wires(trace, unit, limit), *_nodes(trace, unit), *_tags(trace, unit, changed, limit)]
    out += _equations(trace, unit, changed)
    height = CELL_HEIGHT + 26 * LINES + 20
    if other is not None:
        words = f"yours:  C_t = {number(other[len(trace.h_t) + unit])},  h_t = {number(other[unit])}"
        out.append(text(CELL_WIDTH / 2, height + 8, words, size=15, weight="bold", fill=MARK, markup=True))
        height += 24
    return document(height, out, "One step through the whole LSTM cell",
                    summary or cell_summary(trace, unit), width=CELL_WIDTH)  # fmt: skip


def changed_fields(trace, before):
    """Names of the trace's values that differ from those of `before`."""
    if before is None:
        return set()
    names = {tag.field for tag in TAGS} | {"z_f", "z_i", "z_o", "z_C"}
    return {n for n in names if not np.array_equal(getattr(trace, n), getattr(before, n))}


def value_words(field, value):
    """A value as the picture shows it: gates with the digits it takes, the rest with two."""
    return gate_number(value) if field in ("f_t", "i_t", "o_t") else number(value)


def _width(field, value, limit):
    full = limit if field in ("C_prev", "C_t", "kept") else 1.0
    return 1.2 + 6.0 * min(1.0, abs(float(value)) / full)


def _wires(trace, unit, limit):
    roles = {tag.field: ROLES[tag.role].ink for tag in TAGS}
    for wire in WIRES:
        where = " ".join(f"{x:g},{y:g}" for x, y in wire.points)
        if not wire.carries:
            yield f'<polyline points="{where}" fill="none" stroke="{FAINT}" stroke-width="3"/>'
            continue
        value = getattr(trace, wire.carries)[unit]
        width = _width(wire.carries, value, limit)
        dash = ' stroke-dasharray="2 4"' if value == 0 else ""
        yield (
            f'<polyline points="{where}" fill="none" stroke="{roles[wire.carries]}" '
            f'stroke-width="{width:.1f}" stroke-linejoin="round"{dash}/>'
        )


def _nodes(trace, unit):
    for name, box in NODES.items():
        if name in LAYER_WORDS:
            role = ROLES[name]
            held = name in trace.clamped
            yield rect(box, PAPER if held else role.tint, role.ink, width=2, dash="4 3" if held else "")
            yield text(box.cx, box.cy + 5, "held" if held else LAYER_WORDS[name],
                       size=13, fill=role.ink, weight="bold")  # fmt: skip
        elif name == "squash":
            yield rect(box, ROLES["C"].tint, INK, width=2)
            yield text(box.cx, box.cy + 5, "tanh", size=14, weight="bold")
        else:
            yield (
                f'<circle cx="{box.cx:g}" cy="{box.cy:g}" r="{box.w / 2:g}" fill="{PAPER}" '
                f'stroke="{INK}" stroke-width="2"/>'
            )
            yield text(box.cx, box.cy + 6, SIGNS[name], size=18)
    for name, z in GATE_FIELDS.values():
        if name not in trace.clamped:
            box = NODES[name]
            words = number(getattr(trace, z)[unit])
            size = min(12.0, round(52 / (0.64 * len(words)), 1))
            yield text(box.cx + 6, box.bottom + 18, words, size=size, anchor="start", fill=ROLES[name].ink)


def _tags(trace, unit, changed, limit):
    for tag in TAGS:
        values = getattr(trace, tag.field)
        role, box = ROLES[tag.role], tag.box
        lit = tag.field in changed
        yield rect(box, MARK_TINT if lit else PAPER, MARK if lit else GRID, width=2.5 if lit else 1, radius=5)
        value = values[min(unit, len(values) - 1)]
        if tag.field == "x_t":
            words = (
                f"[{len(values)} numbers]" if len(values) > 4 else vector(values, 2 if len(values) < 3 else 1)
            )
            yield text(
                box.cx, box.cy + 5, f"x_t = {words}", size=14, fill=role.ink, weight="bold", markup=True
            )
            continue
        yield text(box.cx, box.y + 14, tag.symbol, size=12, fill=role.ink, markup=True)
        words = value_words(tag.field, value)
        size = min(15.0, round((box.w - 4) / (0.7 * len(words)), 1))  # long numbers are set smaller
        yield text(box.cx, box.y + 30, words, size=size, weight="bold", fill=role.ink)
        if len(values) > 1 and box.h >= 48:
            yield from _bars(Box(box.x + 8, box.y + 35, box.w - 16, 10), values, unit, limit, tag.field)


def _bars(box, values, unit, limit, field):
    """A small bar for every unit, the chosen one dark."""
    full = limit if field in ("C_prev", "C_t") else 1.0
    step = box.w / len(values)
    for u, value in enumerate(values):
        height = max(1.0, box.h / 2 * min(1.0, abs(float(value)) / full))
        top = box.cy - (height if value > 0 else 0)
        yield rect(Box(box.x + u * step + 1, top, max(1.0, step - 2), height), MARK if u == unit else "#8c959f",
                   radius=0)  # fmt: skip


def _equations(trace, unit, changed):
    y = CELL_HEIGHT + 30
    tag = f"[{unit}]" if len(trace.f_t) > 1 else ""

    def line(symbol_words, words, field, role, at):
        """One equation with its numbers, marked if its result has just changed."""
        lit = field in changed
        ink = ROLES[role].ink
        if lit:
            yield rect(Box(8, at - 17, CELL_WIDTH - 16, 24), MARK_TINT, radius=4)
        if symbol_words:
            yield text(16, at, symbol_words, size=15, anchor="start", fill=ink, weight="bold", markup=True)
        # Long numbers are set smaller: an average letter is 0.6 of its size wide.
        formula = 0.57 * 15 * len(re.sub(r"[_{}]", "", symbol_words))
        size = max(8.0, min(15.0, round((CELL_WIDTH - 38 - formula) / (0.6 * max(1, len(words))), 1)))
        yield text(CELL_WIDTH - 16, at, words, size=size, anchor="end", fill=ink, markup=True)

    for field, sign, gate, wrap in (("f_t", "f_t", "f", "σ"), ("i_t", "i_t", "i", "σ"),
                                    ("C_tilde", "C̃_t", "C", "tanh"), ("o_t", "o_t", "o", "σ")):  # fmt: skip
        name, z = GATE_FIELDS[field]
        value = value_words(field, getattr(trace, field)[unit])
        if name in trace.clamped:
            formula, words = f"{sign}{tag}  held by hand", f"= {value}"
        else:
            formula = f"{sign}{tag} = {wrap}(W_{gate} · [h_{{t-1}}; x_t] + b_{gate})"
            words = f"= {wrap}({number(getattr(trace, z)[unit])}) = {value}"
        yield from line(formula, words, field, name, y)
        y += 26
    f, C, i, g = (getattr(trace, n)[unit] for n in ("f_t", "C_prev", "i_t", "C_tilde"))
    f, i, o = (_wrapped(gate_number(gate)) for gate in (f, i, trace.o_t[unit]))
    words = f"= {f} · {_wrapped(plain(C))} + {i} · {_wrapped(plain(g))} = {number(trace.C_t[unit])}"
    yield from line(f"C_t{tag} = f_t ⊙ C_{{t-1}} + i_t ⊙ C̃_t", "", "C_t", "C", y)
    yield from line("", words, "C_t", "C", y + 24)
    words = f"= {o} · {_wrapped(plain(trace.tanh_C[unit]))} = {number(trace.h_t[unit])}"
    yield from line(f"h_t{tag} = o_t ⊙ tanh(C_t)", words, "h_t", "h", y + 52)


def _wrapped(shown):
    """A number with a minus sign in it (but that of an exponent) in brackets."""
    return f"({shown})" if "−" in shown.replace("e−", "") else shown


def cell_summary(trace, unit=0):
    """One line that says what the picture shows."""
    f, i, o = (gate_number(getattr(trace, n)[unit]) for n in ("f_t", "i_t", "o_t"))
    C, g, new, h = (number(getattr(trace, n)[unit]) for n in ("C_prev", "C_tilde", "C_t", "h_t"))
    which = f"Unit {unit}: " if len(trace.f_t) > 1 else ""
    return (
        f"{which}f_t {f} keeps of C_{{t-1}} {C}, i_t {i} writes of C̃_t {g}: C_t is {new}; "
        f"o_t {o} shows h_t {h}."
    )
