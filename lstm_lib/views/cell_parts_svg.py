"""The cell's parts by name, standing still: the figures that explain the live picture."""

from __future__ import annotations

from lstm_lib.views.cell_layout import CELL_HEIGHT, CELL_WIDTH, NODES, TAGS, WIRES
from lstm_lib.views.cell_svg import LAYER_WORDS, SIGNS
from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import arrow, document, line, rect, text
from lstm_lib.views.theme import FAINT, INK, MUTED, PAPER, ROLES

__all__ = ["PARTS", "cell_parts_svg", "rnn_beside_lstm_svg", "unrolled_svg"]

PARTS = {
    "all": (
        None,
        "The parts of an LSTM cell: forget gate, input gate, candidate, output gate and cell state.",
    ),
    "f": ({"f_t", "kept", "C_prev"}, "The forget gate in the cell: it multiplies the old memory."),
    "i": (
        {"i_t", "C_tilde", "written", "C_t"},
        "Input gate and candidate in the cell: their product is added.",
    ),
    "o": (
        {"o_t", "tanh_C", "h_t", "C_t"},
        "The output gate in the cell: it multiplies tanh of the new memory.",
    ),
}
NODES_OF = {"f": {"f", "keep"}, "i": {"i", "C_tilde", "write", "add"}, "o": {"o", "squash", "show"}}


def cell_parts_svg(focus="all"):
    """The cell with its parts named; `focus` "f", "i" or "o" fades what is not that gate's."""
    if focus not in PARTS:
        raise ValueError(f"focus: expected one of {list(PARTS)}, got {focus!r}")
    return document(CELL_HEIGHT + 92, [*_cell(focus), *_legend(focus)], PARTS[focus][1], PARTS[focus][1],
                    width=CELL_WIDTH)  # fmt: skip


def _cell(focus):
    fields = PARTS[focus][0]
    ink = {tag.field: ROLES[tag.role].ink for tag in TAGS}
    for wire in WIRES:
        lit = bool(wire.carries) and (fields is None or wire.carries in fields)
        where = " ".join(f"{x:g},{y:g}" for x, y in wire.points)
        colour = ink.get(wire.carries, FAINT) if lit else FAINT
        yield f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="{4 if lit else 2}"/>'
    for name, box in NODES.items():
        lit = focus == "all" or name in NODES_OF[focus]
        if name in LAYER_WORDS:
            role = ROLES[name]
            yield rect(box, role.tint if lit else PAPER, role.ink if lit else FAINT, width=2)
            yield text(box.cx, box.cy + 5, LAYER_WORDS[name], fill=role.ink if lit else MUTED, weight="bold")
        elif name == "squash":
            yield rect(box, ROLES["C"].tint if lit else PAPER, INK if lit else FAINT, width=2)
            yield text(box.cx, box.cy + 5, "tanh", fill=INK if lit else MUTED, weight="bold")
        else:
            yield (f'<circle cx="{box.cx:g}" cy="{box.cy:g}" r="{box.w / 2:g}" fill="{PAPER}" '
                   f'stroke="{INK if lit else FAINT}" stroke-width="2"/>')  # fmt: skip
            yield text(box.cx, box.cy + 6, SIGNS[name], size=18, fill=INK if lit else MUTED)
    for tag in TAGS:
        lit = fields is None or tag.field in fields
        box, role = tag.box, ROLES[tag.role]
        framed = tag.field in ("C_prev", "C_t", "h_prev", "h_t", "x_t")
        yield rect(box, PAPER, (role.ink if lit else FAINT) if framed else "none", radius=5)
        yield text(box.cx, box.cy + 6, tag.symbol, size=17 if framed else 15, weight="bold",
                   fill=role.ink if lit else MUTED, markup=True)  # fmt: skip


def _legend(focus):
    y, at = CELL_HEIGHT + 26, {"f": 20, "i": 20, "C_tilde": 290, "o": 290}
    rows = {"f": 0, "i": 1, "C_tilde": 0, "o": 1}
    words = {"f": "forget: what is kept", "i": "input: how much is written",
             "C_tilde": "candidate: what is written", "o": "output: what is shown"}  # fmt: skip
    lit = {"all": set(words), "f": {"f"}, "i": {"i", "C_tilde"}, "o": {"o"}}[focus]
    for name, x in at.items():
        role, top = ROLES[name], y + 28 * rows[name]
        yield rect(Box(x, top - 12, 16, 16), role.tint if name in lit else PAPER, role.ink if name in lit else FAINT,
                   width=2)  # fmt: skip
        yield text(
            x + 24, top + 1, words[name], size=14, anchor="start", fill=role.ink if name in lit else MUTED
        )
    yield text(CELL_WIDTH / 2, y + 56, "⊙ multiplies unit by unit, + adds", size=13, fill=MUTED)


def unrolled_svg():
    """Input, cell, output: one cell, used at every step, with its two states going on."""
    out, C, h = [], ROLES["C"].ink, ROLES["h"].ink
    for k, step in enumerate(("t−1", "t", "t+1")):
        x = 62 + 190 * k
        low = step.replace("−", "-")
        out.append(rect(Box(x, 78, 136, 96), ROLES["C"].tint, INK, width=2, radius=10))
        out.append(text(x + 68, 122, "LSTM cell", size=16, weight="bold"))
        out.append(text(x + 68, 142, "same weights", size=12, fill=MUTED))
        out.append(arrow(x + 68, 214, x + 68, 175, stroke=ROLES["x"].ink, width=3))
        out.append(
            text(x + 68, 236, f"x_{{{low}}}", size=17, weight="bold", fill=ROLES["x"].ink, markup=True)
        )
        out.append(arrow(x + 68, 77, x + 68, 44, stroke=h, width=3))
        out.append(text(x + 68, 32, f"h_{{{low}}}", size=17, weight="bold", fill=h, markup=True))
    for k in range(4):
        x = 8 + 190 * k
        right = x + 54 if k < 3 else x + 50
        out.append(arrow(x if k else 12, 100, right, 100, stroke=C, width=4))
        out.append(arrow(x if k else 12, 152, right, 152, stroke=h, width=3))
    out.append(text(34, 92, "C", size=15, weight="bold"))
    out.append(text(34, 172, "h", size=15, weight="bold", fill=h))
    out.append(text(WIDTH / 2, 264, "input from below, output above; the cell state C and the hidden state h go on",
                    size=13, fill=MUTED))  # fmt: skip
    words = (
        "One LSTM cell used at three steps: x comes in, h goes out, and C and h are handed to the next step."
    )
    return document(278, out, "An LSTM through time", words)


def rnn_beside_lstm_svg():
    """The plain RNN cell, one state and no gate, beside the LSTM cell."""
    h, x = ROLES["h"].ink, ROLES["x"].ink
    out = [
        text(105, 28, "plain RNN", size=16, weight="bold"),
        text(430, 28, "LSTM", size=16, weight="bold"),
        line(216, 12, 216, 336, stroke=FAINT),
        rect(Box(72, 150, 66, 40), ROLES["h"].tint, h, width=2),
        text(105, 175, "tanh", size=16, weight="bold", fill=h),
        arrow(105, 150, 105, 82, stroke=h, width=4),
        text(105, 72, "h_t", size=17, weight="bold", fill=h, markup=True),
        line(30, 230, 105, 230, stroke=FAINT, width=4),
        arrow(105, 230, 105, 191, stroke=FAINT, width=4),
        text(28, 220, "h_{t-1}", size=16, weight="bold", fill=h, markup=True),
        line(76, 270, 76, 230, stroke=FAINT, width=4),
        text(76, 290, "x_t", size=17, weight="bold", fill=x, markup=True),
        text(105, 322, "one state, rewritten each step", size=12, fill=MUTED),
        '<g transform="translate(228 44) scale(0.77)">',
        *_cell("all"),
        "</g>",
    ]
    words = "A plain RNN cell rewrites its one state h at every step; an LSTM cell also carries C, with three gates."
    return document(352, out, "Plain RNN and LSTM cell", words)
