"""The whole forget gate: [h_{t-1}; x_t] → W_f, b_f → z_f → σ → f_t → ⊙ C_{t-1} → what is kept."""

from dataclasses import dataclass, replace

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.views.layout import FULL, WIDTH, Box, Scale, row_of
from lstm_lib.views.svg import arrow, bar, document, gate_bar, line, marker, path, rect, text
from lstm_lib.views.theme import (
    FAINT,
    INK,
    MARK,
    MARK_TINT,
    MUTED,
    ROLES,
    WIRE,
    beside,
    bracketed,
    equals,
    exact,
    gate_number,
    gate_vector,
    heat,
    number,
    plain,
    read,
    vector,
)

HEAT, LANE = 34, 48


@dataclass(frozen=True)
class ForgetGateLayout:
    """The boxes of all parts, for H units with n = H+D inputs."""

    v: list[Box]
    W: list[list[Box]]
    push: list[Box]
    b: list[Box]
    z: list[Box]
    lanes: list[Box]
    height: float

    @classmethod
    def of(cls, hidden_size, n):
        """The upper block has inputs, weights and z; the lower block a lane for each unit."""
        w = min(46.0, 318.0 / n)
        v = row_of(n, Box(78, 44, w, 28))
        tops = [92 + HEAT * u for u in range(hidden_size)]
        W = [row_of(n, Box(78, y, w, HEAT)) for y in tops]
        lane_top = tops[-1] + HEAT + 52
        return cls(
            v=v,
            W=W,
            push=[Box(414, y + 1, 86, HEAT - 2) for y in tops],
            b=[Box(506, y + 1, 50, HEAT - 2) for y in tops],
            z=[Box(566, y + 1, 62, HEAT - 2) for y in tops],
            lanes=[Box(6, lane_top + LANE * u, WIDTH - 12, LANE - 4) for u in range(hidden_size)],
            height=lane_top + LANE * hidden_size + 82,
        )


def forget_gate_svg(params, trace, unit=0, column=0, other=None):
    """The forget gate of one step as SVG text.

    params : LSTMParams, whose W_f (H, H+D) and b_f (H,) are drawn
    trace : StepTrace of one vector
    unit, column : the selected row and column of W_f
    other : (H,) the f_t of a learner's function, drawn as a mark beside the library's
    """
    H, n = params.W_f.shape
    v = np.concatenate([trace.h_prev, trace.x_t])
    at = ForgetGateLayout.of(H, n)
    out = [
        *_choice(at, unit, column),
        *_input(at, v, H),
        *_weights(at, params.W_f, unit, column),
        *_sums(at, params, trace, v, unit, column),
        *_lanes(at, trace, unit, other),
        *_equations(at, params, trace, v, unit),
    ]
    summary = forget_gate_summary(trace, other)
    return document(at.height, out, "The forget gate, from its inputs to what is kept", summary)


def _names(H, n):
    return [f"h_{k}" if k < H else f"x_{k - H}" for k in range(n)]


def _choice(at, unit, column):
    top, bottom = at.v[column], at.W[-1][column]
    yield rect(Box(top.x, top.y - 24, top.w, bottom.bottom - top.y + 28), MARK_TINT, radius=5)
    row = at.W[unit][0]
    yield rect(Box(6, row.y, WIDTH - 12, row.h), MARK_TINT, radius=5)
    yield rect(at.lanes[unit], MARK_TINT, MARK, radius=6)


def _input(at, v, H):
    first = at.v[0]
    yield text(14, first.cy - 6, "[h_{t-1};", size=13, anchor="start", markup=True)
    yield text(24, first.cy + 10, "x_t]", size=13, anchor="start", markup=True)
    show = first.w >= 36
    for k, (box, name) in enumerate(zip(at.v, _names(H, len(v)), strict=True)):
        role = ROLES["h"] if k < H else ROLES["x"]
        yield rect(box, role.tint, role.ink)
        yield text(box.cx, box.y - 7, name, size=13, fill=role.ink, markup=True)
        if show:
            yield text(box.cx, box.cy + 5, number(v[k]), size=13)


def _weights(at, W, unit, column):
    limit = max(1.0, float(np.abs(W).max()))
    show = at.v[0].w >= 36
    for u, boxes in enumerate(at.W):
        yield text(14, boxes[0].cy + 5, f"unit {u}", size=13, anchor="start", fill=MUTED)
        for k, box in enumerate(boxes):
            yield rect(Box(box.x + 1, box.y + 1, box.w - 2, box.h - 2), heat(W[u, k], limit), FAINT)
            if show or (u == unit and k == column):
                yield text(box.cx, box.cy + 5, number(W[u, k]), size=13)
    chosen = at.W[unit][column]
    yield rect(chosen, "none", MARK, width=2.5)
    y, ink = at.W[0][0].y - 6, ROLES["f"].ink
    yield text(14, y, "W_f", size=15, weight="bold", fill=ink, anchor="start", markup=True)


def _sums(at, params, trace, v, unit, column):
    pushes = params.W_f[:, column] * v[column]
    name = _names(len(params.b_f), len(v))[column]
    limit = max(1.0, float(np.abs(pushes).max()))
    head = at.push[0].y - 8
    yield text(at.push[0].cx, head, f"{name} × column", size=13, fill=MARK, markup=True)
    yield text(at.b[0].cx, head, "+ b_f", size=15, weight="bold", fill=ROLES["f"].ink, markup=True)
    yield text(at.z[0].cx, head, "= z_f", size=15, weight="bold", fill=ROLES["f"].ink, markup=True)
    for u, (push, b, z) in enumerate(zip(at.push, at.b, at.z, strict=True)):
        middle, half = push.cx, push.w / 2 - 4
        length = half * min(1.0, abs(pushes[u]) / limit)
        left = middle if pushes[u] >= 0 else middle - length
        fill = heat(pushes[u], limit) if pushes[u] else FAINT
        yield text(middle, push.y + 14, number(pushes[u]), size=13)
        yield rect(Box(push.x + 4, push.y + 20, push.w - 8, 8), "#ffffff", FAINT, radius=2)
        yield rect(Box(left, push.y + 20, length, 8), fill, radius=2)
        yield line(middle, push.y + 18, middle, push.y + 30, stroke=WIRE)
        yield text(b.cx, b.cy + 5, number(params.b_f[u]), size=13)
        yield rect(Box(z.x, z.y + 3, z.w, z.h - 6), ROLES["f"].tint, ROLES["f"].ink)
        yield text(z.cx, z.cy + 5, number(trace.z_f[u]), weight="bold", fill=ROLES["f"].ink)


Z_AT = 92
SIGMA, GATE, OLD, KEPT = Box(130, 0, 92, 36), Box(262, 0, 92, 16), Box(392, 0, 96, 16), Box(524, 0, 100, 16)
"""The parts of a lane, from left to right."""


def _lanes(at, trace, unit, other):
    forget, head = ROLES["f"], at.lanes[0].y - 12
    gate = "f_t" if other is None else "f_t | yours"
    heads = {Z_AT: "z_f", SIGMA.cx: "σ", GATE.cx: gate, OLD.cx: "C_{t-1}", KEPT.cx: "f_t ⊙ C_{t-1}"}
    for x, words in heads.items():
        ink = INK if "C" in words else forget.ink
        yield text(x, head, words, size=15, weight="bold", fill=ink, markup=True)
    yield line(8, head - 24, WIDTH - 8, head - 24, stroke=FAINT)
    for u, lane in enumerate(at.lanes):
        y = lane.y + 6
        yield text(14, y + 20, f"unit {u}", size=13, anchor="start", fill=MUTED)
        f, old, kept = trace.f_t[u], trace.C_prev[u], trace.kept[u]
        yield text(Z_AT, y + 20, number(trace.z_f[u]), fill=forget.ink)
        yield from _sigma(replace(SIGMA, y=y - 2), trace.z_f[u], f)
        yield arrow(SIGMA.right + 6, y + 12, GATE.x - 5, y + 12, stroke=MUTED)
        words = None if other is None else f"{gate_number(f)} | {gate_number(other[u])}"
        yield gate_bar(replace(GATE, y=y), f, forget, words)
        if other is not None:
            x = Scale(0, 1, GATE.x, GATE.right)(other[u])
            yield line(x, y - 5, x, y + 20, stroke=INK, width=2.5)
        yield text(373, y + 14, "⊙", size=17)
        yield bar(replace(OLD, y=y), old, FULL, ROLES["C"].ink)
        yield text(506, y + 13, "=", size=17)
        words = beside(kept, old, show=number)
        yield bar(replace(KEPT, y=y), kept, FULL, ROLES["C"].ink, ghost=old, weight="bold", words=words)


_CURVE = [(z, float(sigmoid(np.float64(z)))) for z in np.linspace(-6, 6, 17)]


def _sigma(box, z, f):
    across, down = Scale(-6, 6, box.x, box.right), Scale(0, 1, box.bottom, box.y)
    yield line(box.x, box.bottom, box.right, box.bottom, stroke=FAINT)
    yield line(box.cx, box.y, box.cx, box.bottom, stroke=FAINT)
    yield path([(across(a), down(s)) for a, s in _CURVE], stroke=MUTED, width=1.5)
    yield marker("circle", across(z), down(f), ROLES["f"].ink, size=4.5)


def _equations(at, params, trace, v, unit):
    H = len(trace.f_t)
    y = at.lanes[-1].bottom + 26
    w, b = params.W_f[unit], params.b_f[unit]
    z, f = number(trace.z_f[unit]), gate_number(trace.f_t[unit])
    if len(v) <= 8:
        terms = [f"{_short(w[k])}·{_short(v[k])}" for k in range(len(v))]
        head, tail = " + ".join(terms[:H]), " + ".join([*terms[H:], _short(b)])
        yield text(WIDTH / 2, y, f"z_f[{unit}] = {head}", size=13, markup=True)
        total = sum(_read(w[k]) * _read(v[k]) for k in range(len(v))) + _read(b)
        yield text(WIDTH / 2, y + 19, f"+ {tail} {equals(z, total)} {z}", size=13)
    else:
        product = number(w @ v)
        sum_ = f"{bracketed(product)} + {_short(b)} {equals(z, read(product) + _read(b))} {z}"
        words = f"z_f[{unit}] = W_f[{unit}] · [h_{{t-1}}; x_t] + b_f[{unit}] = {sum_}"
        yield text(WIDTH / 2, y + 9, words, size=13, markup=True)
    C = exact(trace.C_prev[unit], 0)
    kept = beside(trace.kept[unit], trace.C_prev[unit], show=number, shown=C)
    if 0.005 <= trace.f_t[unit] <= 0.995:
        f = number(trace.f_t[unit], 4)  # so that the product can be checked by hand
    words = f"f_t[{unit}] = σ({z}) {equals(f, sigmoid(read(z)))} {f}"
    yield text(20, y + 46, words, size=15, anchor="start", fill=MARK, markup=True)
    words = f"f_t[{unit}] × C_{{t-1}}[{unit}] = {f} × {bracketed(C)} {equals(kept, read(f) * read(C))} {kept}"
    yield text(WIDTH - 20, y + 46, words, size=15, anchor="end", fill=MARK, markup=True)


def _short(value):
    return bracketed(plain(value))


def _read(value):
    return read(plain(value))


def forget_gate_summary(trace, other=None):
    """The picture in one sentence."""
    mine = "" if other is None else f" Your function returns f_t {gate_vector(other)}."
    kept = ", ".join(beside(k, C) for k, C in zip(trace.kept, trace.C_prev, strict=True))
    return (
        f"z_f {vector(trace.z_f)} gives f_t {gate_vector(trace.f_t)}; of Cₜ₋₁ {vector(trace.C_prev)} "
        f"it keeps [{kept}].{mine}"
    )
