"""A memory under a constant forget gate: f = σ(z_f), what is left of C_0, and the half-life."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.svg import document, line, marker, path, text
from lstm_lib.views.theme import (
    FAINT,
    GRID,
    INK,
    MARK,
    MUTED,
    ROLES,
    bracketed,
    equals,
    exact,
    gate_number,
    number,
    percent,
    raised,
    read,
)

LIMIT = 7
CURVE, DECAY = Box(50, 52, 172, 168), Box(296, 52, 322, 168)
_Z = np.linspace(-LIMIT, LIMIT, 85)


def decay_svg(f, z, left, half, n, C_0=1.0):
    """The sigmoid with the point (z, f), and the fraction of C_0 left over time.

    f, z : the constant gate and its pre-activation (may be infinite)
    left : (T+1,) fraction of C_0 left after 0…T steps;  half : half-life in steps;  n : the marked step
    """
    gate, cell = ROLES["f"], ROLES["C"]
    out = list(_curve(z, f))
    out.append(text(CURVE.cx, 26, "f = σ(z_f)", size=16, weight="bold", fill=gate.ink, markup=True))
    across = Scale(0, len(left) - 1, DECAY.x, DECAY.right)
    down = Scale(0, 1, DECAY.bottom, DECAY.y)
    out.append(text(DECAY.cx, 26, "what is left of C_0", size=16, weight="bold", fill=cell.ink, markup=True))
    for share, words in ((0, "0"), (0.5, "50 %"), (1, "100 %")):
        out.append(line(DECAY.x, down(share), DECAY.right, down(share), stroke=GRID if share else FAINT))
        out.append(text(DECAY.x - 6, down(share) + 4, words, size=12, anchor="end", fill=MUTED))
    for t in range(0, len(left), 20):
        out.append(text(across(t), DECAY.bottom + 18, str(t), size=12, fill=MUTED))
    out.append(text(DECAY.right, DECAY.bottom + 34, "steps", size=12, anchor="end", fill=MUTED))
    if half <= len(left) - 1:
        x = across(half)
        out.append(line(x, down(0.5), x, DECAY.bottom, stroke=gate.ink, width=1.5, dash="4 3"))
        out.append(line(DECAY.x, down(0.5), x, down(0.5), stroke=gate.ink, width=1.5, dash="4 3"))
    out.append(path([(across(t), down(share)) for t, share in enumerate(left)], stroke=cell.ink, width=2.5))
    out.append(marker("diamond", across(n), down(left[n]), MARK, size=6))
    y = DECAY.bottom + 62
    half_words = "never halves" if np.isinf(half) else f"half-life {number(half, 1)} steps"
    words = f"f = {gate_number(f)}:  {half_words}"
    out.append(text(30, y, words, size=16, anchor="start", fill=gate.ink, weight="bold"))
    words = f"after {n} step{'s' * (n != 1)}: f{raised(n)} = {percent(left[n])}"
    out.append(text(WIDTH - 22, y, words, size=16, anchor="end", fill=MARK, weight="bold"))
    share, start, C_n = number(left[n], 4), bracketed(exact(C_0, 0)), number(left[n] * C_0, 4)
    sign = equals(C_n, read(share) * read(start))
    words = f"C_{{{n}}} = f{raised(n)} × C_0 = {share} × {start} {sign} {C_n}"
    out.append(text(WIDTH - 22, y + 26, words, size=16, anchor="end", fill=cell.ink, markup=True))
    summary = decay_summary(f, left, half, n, C_0)
    return document(y + 44, out, "A constant forget gate and its half-life", summary)


def decay_summary(f, left, half, n, C_0=1.0):
    """The picture in one sentence."""
    if np.isinf(half):
        words = "the memory never halves"
    elif half == 0:
        words = "all of the memory is gone after one step"
    else:
        words = f"half of the memory is gone after {number(half, 1)} steps"
    return (
        f"With f = {gate_number(f)} {words}; after {n} step{'s' * (n != 1)} "
        f"{percent(left[n])} is left, C_{{{n}}} = {number(left[n] * C_0, 4)} of C_0 = {exact(C_0, 0)}."
    )


def _curve(z, f):
    """The sigmoid with the point (z, f) on it."""
    box, gate = CURVE, ROLES["f"]
    across, down = Scale(-LIMIT, LIMIT, box.x, box.right), Scale(0, 1, box.bottom, box.y)
    for s in (0, 0.5, 1):
        yield line(box.x, down(s), box.right, down(s), stroke=GRID if s else FAINT)
        yield text(box.x - 6, down(s) + 4, number(s, 1 if s == 0.5 else 0), size=12, anchor="end", fill=MUTED)
    yield line(box.cx, box.y, box.cx, box.bottom, stroke=FAINT)
    for at in (-LIMIT, 0, LIMIT):
        yield text(across(at), box.bottom + 18, number(at, 0), size=12, fill=MUTED)
    yield text(box.cx + (box.w / 4), box.bottom + 18, "z", size=13, fill=INK)
    yield path(
        [(across(a), down(s)) for a, s in zip(_Z, sigmoid(_Z), strict=True)], stroke=gate.ink, width=2.5
    )
    yield marker("circle", across(z), down(f), gate.ink, size=6)
