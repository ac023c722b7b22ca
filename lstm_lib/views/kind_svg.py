"""A diagram of any kind of cell, computed from its gate table.

Each wire is a group with `data-from` and `data-to`. No kind is treated specially.
"""

import re
from html import escape

from lstm_lib.cell.trees import factors, symbols, terms
from lstm_lib.views.kind_layout import FOOT, GATES, TAP, R, boxes, flow, places, seen, undrawn
from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import arrow_path, document, fit, marker, path, rect, text
from lstm_lib.views.theme import INK, MUTED, PAPER, ROLES, WIRE, gate_number, state_number, vector

LINE_HEIGHT, SHORT = 20, 20
"""Height of a row of an equation; letters of a name that has room beside the lane."""


def kind_svg(kind, trace=None, unit=0, summary=None):
    """A kind of cell as SVG text: what its gates see, what happens to its states, and its equations.

    trace : StepTrace of one vector, whose values are shown; only symbols when left out;  unit : the one shown
    summary : in words, in place of `kind_summary`
    """
    reason, rows, foot, out = undrawn(kind), _rows(kind), 0, []
    if not reason:
        foot = max(box.bottom for box in boxes(kind).values())
        out = [*_seen(kind), *_flow(kind), *_states(kind, trace, unit), *_factors(kind, trace, unit)]
    if not reason and len(kind.name) <= SHORT:
        out.append(text(444, 70, kind.name, size=fit(kind.name, 130, 16, bold=True), weight="bold"))
    else:
        foot += 28
        out.append(text(14, foot, kind.name, 16, "start", weight="bold"))
    for words in wrapped(reason, WIDTH - 28, 13):
        foot += 22
        out.append(text(14, foot, words, 13, "start", MUTED, markup=True))
    out += _equations(kind, rows, trace, unit, foot + 26, bool(reason))
    height = foot + 18 + LINE_HEIGHT * sum(map(len, rows))
    return document(height, out, f"One step of the {kind.name}", summary or kind_summary(kind))


def kind_summary(kind):
    """The kind's sentence, and what each gate sees."""
    sees = (f"{gate.symbol} sees {', '.join(map(symbols, gate.sees)) or 'nothing'}" for gate in kind.gates)
    reason = undrawn(kind)
    return f"{kind.name}: {kind.sentence}. {'; '.join(sees)}.{' ' if reason else ''}{reason}"


def _ink(kind, name):
    """The colour of a gate or a state; grey for a fixed 1 and for the vector of all gates."""
    name = kind.coupled[name].of if name in kind.coupled else name
    if any(gate.key == name for gate in kind.gates):
        return ROLES[name].ink
    if not name:
        return WIRE
    state = "h" if "*" in name else name.replace("_", " ").split()[0]
    return ROLES[state].ink if state in ("x", *kind.states) else WIRE


# --- wires ----------------------------------------------------------------------------------------


def _wire(start, end, points, ink, width=2, dash="", dot=None):
    """An arrow with the names of its start and end; `dot` is the point where it branches off."""
    joint = marker("circle", *dot, ink, 3.5) if dot else ""
    line = arrow_path(points, ink, width, dash)
    return f'<g data-from="{escape(start)}" data-to="{escape(end)}">{line}{joint}</g>'


def _seen(kind):
    """Wires from what gates see to the gates; where wires cross, the lower one is interrupted."""
    for source, wires in seen(kind).items():
        far = max(points[-1][0] for *_, points in wires)
        dash = "6 3" if _ink(kind, source) == WIRE else ""
        yield from (path(points, PAPER, 7) for *_, points in wires)
        for start, end, points in wires:
            dot = points[-2] if points[-1][0] != far or len(points) == 2 else None
            yield _wire(start, end, points, _ink(kind, source), dash=dash, dot=dot)


def _flow(kind):
    """Wires along the lanes, wires that join and leave them, and the operations."""
    wires, nodes = flow(kind)
    for start, end, points in wires:
        if points[0][1] == points[-1][1]:
            yield _wire(start, end, points, _ink(kind, start), 4)
    for start, end, points in wires:
        if points[0][1] != points[-1][1]:
            dot = points[0] if points[0][0] == TAP else None
            yield path(points, PAPER, 8) + _wire(start, end, points, _ink(kind, start), 3, dot=dot)
    for x, y, sign in nodes.values():
        wide, tall, size = (R, R, 19) if len(sign) == 1 else (21, 10, 12) if "W" in sign else (32, R, 15)
        box = Box(x - wide, y - tall, 2 * wide, 2 * tall)
        yield rect(box, PAPER, INK, width=2, radius=R if wide == R else 3)
        yield text(x, y + 0.35 * size, sign, size=size, markup=True)


# --- boxes ----------------------------------------------------------------------------------------


def _states(kind, trace, unit):
    """Symbol and value of the previous and new states and of the input."""
    for name, box in boxes(kind).items():
        ink = _ink(kind, name)
        yield rect(box, PAPER, ink, width=1.5, radius=5)
        lines = [(symbols(name), 17, "bold")]
        if trace is not None:
            words = _values(kind.value(trace, name), unit, trace, box.w)
            lines = [(symbols(name), 14, None), (words, 14, "bold")]
        yield from _lines(box, lines, MUTED if ink == WIRE else ink)


def _values(values, unit, trace, room):
    """The value of one unit; the input as a vector if it fits."""
    if values is trace.x_t:
        shown = (vector(values, digits) for digits in (2, 1))
        fitting = (words for words in shown if fit(words, room - 6, 14, bold=True) > 10)
        return next(fitting, f"{len(values)} numbers")
    return ", ".join(map(state_number, values[unit :: len(trace.h_t)]))


def _number(kind, trace, field, unit):
    """A value with two digits; for gates, with enough to differ from 0 and 1."""
    shares = {gate.field for gate in kind.gates if (gate.low, gate.high) == (0, 1)}
    share = field in shares | {coupled.field for coupled in kind.coupled.values()}
    return (gate_number if share else state_number)(kind.value(trace, field)[unit])


def _factors(kind, trace, unit):
    """Boxes of the gates, of coupled factors, and of factors fixed at 1."""
    at, gates = places(kind), {gate.key: gate for gate in kind.gates}
    for key, x in at.items():
        box, fill, dash = Box(x - 46, GATES, 92, FOOT - GATES), PAPER, ""
        if key in gates:
            gate, sign = gates[key], _function(gates[key])
            edge, fill, field = ROLES[key].ink, ROLES[key].tint, gate.field
            lines = [(gate.symbol, 16, "bold"), (sign, 15, None), (gate.name, 12, None)]
        elif key in kind.coupled:
            source, rule, field = kind.coupled[key]
            edge, side = ROLES[source].ink, 46 if at.get(source, x) < x else -46
            if source:
                yield _wire(source, key, [(at[source] + side, box.cy), (x - side, box.cy)], edge, 3)
            lines = [(rule, 16, "bold"), (_source(kind, source, rule), 12, None)]
        else:
            edge, dash, field = WIRE, "4 3", ""
            lines = [("1" if key.startswith("1 ") else f"{key}_t = 1", 16, "bold"), ("no gate", 12, None)]
        if trace is not None and field:
            value = (_number(kind, trace, field, unit), 15, "bold")
            lines = [lines[0], value, lines[-1]]
            if key in trace.clamped:
                fill, dash, lines[-1] = PAPER, "4 3", ("clamped", 12, None)
        yield rect(box, fill, edge, width=2, dash=dash)
        if trace is not None and key in gates:
            size = fit(_letters(gate.symbol), box.w - 22 - 8.5 * len(sign), 15, bold=True)
            yield text(box.x + 9, box.y + 18, gate.symbol, size, "start", edge, "bold", markup=True)
            yield text(box.right - 9, box.y + 18, sign, min(size, 13), "end", edge)
            box, lines = Box(box.x, box.y + 22, box.w, box.h - 24), lines[1:]
        yield from _lines(box, lines, MUTED if edge == WIRE else edge)


def _source(kind, gate, rule):
    """Where a factor without weights of its own is from, in a word."""
    learned = any(name in kind.said.vectors for name in re.findall(r"\w+", rule))
    return "coupled" if gate else "a parameter" if learned else "constant"


def _function(gate):
    """What a gate does with its pre-activation, in a word."""
    plain = all(isinstance(term, str) or term[0] == "dot" or all(isinstance(f, str) for f in factors(term))
                for _, term in terms(gate.z) if not isinstance(term, float))  # fmt: skip
    return gate.function or ("identity" if plain else "as below")


def _lines(box, lines, ink):
    """Lines of text in a box, smaller where they are long."""
    step = min(19, (box.h - 6) / len(lines))
    for k, (words, size, weight) in enumerate(lines):
        y = box.cy + (k - (len(lines) - 1) / 2) * step + 5
        size = fit(_letters(words), box.w - 6, size, bold=weight is not None)
        yield text(box.cx, y, words, size=size, fill=ink, weight=weight, markup=True)


def _letters(words):
    """Words as wide as they are with subscripts."""
    return words.replace("_{t-1}", "tt").replace("_", "")


def _rows(kind):
    """The rows of each equation; a long one has several."""
    return [wrapped(equation, WIDTH - 130, 14) for equation in kind.equations]


def wrapped(words, room, size):
    """Rows of words, each so short that `fit` needs no smaller letters than of size 12 for it."""
    rows = []
    for word in words.split():
        if rows and fit(_letters(f"{rows[-1]} {word}"), room, size) >= 12:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def _equations(kind, rows, trace, unit, top, listed):
    """The kind's equations, each in the colour of its result, with the value on the right."""
    gates = {gate.field: gate for gate in kind.gates}
    for (left, _), parts in zip(kind.said.lines, rows, strict=True):
        key = gates[left].key if left in gates else left.removesuffix("_t")
        ink = ROLES[key].ink
        for k, part in enumerate(parts):
            size = fit(_letters(part), WIDTH - 130, 14)
            yield text(
                14 + 16 * (k > 0),
                top + LINE_HEIGHT * k,
                part,
                size=size,
                anchor="start",
                fill=ink,
                markup=True,
            )
        if trace is not None:
            words = "clamped: " if listed and key in trace.clamped else "= "
            words += _number(kind, trace, left, unit)
            yield text(WIDTH - 14, top, words, anchor="end", fill=ink, weight="bold")
        top += LINE_HEIGHT * len(parts)
