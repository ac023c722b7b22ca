"""Static figures: the parts of the cell, the cell through time, and a plain RNN beside the LSTM."""

from lstm_lib.views.cell_layout import CELL_HEIGHT, EVERYTHING
from lstm_lib.views.cell_svg import cell_diagram, look
from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import arrow_path, document, line, rect, text
from lstm_lib.views.theme import FAINT, INK, MUTED, ROLES, WIRE

PARTS = {
    "all": (EVERYTHING, "The parts of an LSTM cell: forget, input and output gate, candidate and cell state."),
    "f": ({"f", "keep", "f_t", "kept", "C_prev"}, "The forget gate in the cell: it multiplies the old memory."),
    "i": ({"i", "C_tilde", "write", "add", "i_t", "written", "C_t"},
          "Input gate and candidate in the cell: their product is added."),
    "o": ({"o", "squash", "show", "o_t", "tanh_C", "h_t", "C_t"},
          "The output gate in the cell: it multiplies tanh of the new memory."),
}  # fmt: skip
"""{focus: (operations and values that belong to it, description of the figure)}."""

LEGEND = {"f": "forget: what is kept", "i": "input: how much is written",
          "C_tilde": "candidate: what is written", "o": "output: what is shown"}  # fmt: skip


def cell_parts_svg(focus="all"):
    """The cell with its parts named; with `focus` "f", "i" or "o" the other gates' parts are grey."""
    if focus not in PARTS:
        raise ValueError(f"focus: expected one of {list(PARTS)}, got {focus!r}")
    lit, words = PARTS[focus]
    out = [*cell_diagram(lit=lit)]
    for k, (name, meaning) in enumerate(LEGEND.items()):
        x, y = 60 + 300 * (k // 2), CELL_HEIGHT + 30 + 26 * (k % 2)
        edge, ink, tint = look(name, name in lit)
        out.append(rect(Box(x, y - 13, 16, 16), tint, edge, width=2))
        out.append(text(x + 26, y, meaning, size=15, anchor="start", fill=ink))
    out.append(text(WIDTH / 2, CELL_HEIGHT + 84, "⊙ multiplies unit by unit, + adds", fill=MUTED))
    return document(CELL_HEIGHT + 98, out, words, words)


def unrolled_svg():
    """The cell at three steps, with its two states passed from step to step."""
    out, C, h, x_ink = [], ROLES["C"].ink, ROLES["h"].ink, ROLES["x"].ink
    for k, low in enumerate(("t-1", "t", "t+1")):
        x = 130 + 190 * k
        out.append(rect(Box(x - 68, 78, 136, 96), ROLES["C"].tint, INK, width=2, radius=10))
        out.append(text(x, 122, "LSTM cell", size=16, weight="bold"))
        out.append(text(x, 142, "same weights", size=12, fill=MUTED))
        out.append(arrow_path([(x, 214), (x, 175)], x_ink, 3))
        out.append(text(x, 236, f"x_{{{low}}}", size=17, weight="bold", fill=x_ink, markup=True))
        out.append(arrow_path([(x, 77), (x, 44)], h, 3))
        out.append(text(x, 32, f"h_{{{low}}}", size=17, weight="bold", fill=h, markup=True))
    for k in range(4):
        left, right = 198 + 190 * (k - 1), 62 + 190 * k
        out.append(arrow_path([(max(12, left), 100), (min(right, 628), 100)], C, 4))
        out.append(arrow_path([(max(12, left), 152), (min(right, 628), 152)], h, 3))
    out.append(text(34, 90, "C", size=15, weight="bold"))
    out.append(text(34, 172, "h", size=15, weight="bold", fill=h))
    words = "input x below, output h above; C and h are passed to the next step"
    out.append(text(WIDTH / 2, 264, words, size=13, fill=MUTED))
    words = (
        "One LSTM cell at three steps: x is the input, h the output, and C and h are passed to the next step."
    )
    return document(278, out, "An LSTM through time", words)


def rnn_beside_lstm_svg():
    """The plain RNN cell, one state and no gate, beside the LSTM cell."""
    h, x = ROLES["h"], ROLES["x"]
    out = [
        text(105, 28, "plain RNN", size=16, weight="bold"),
        text(424, 28, "LSTM", size=16, weight="bold"),
        line(210, 12, 210, 278, stroke=FAINT),
        arrow_path([(105, 112), (105, 78)], h.ink, 3),
        arrow_path([(38, 210), (105, 210), (105, 153)], WIRE, 2),
        arrow_path([(70, 240), (70, 210)], WIRE, 2),
        rect(Box(72, 113, 66, 40), h.tint, h.ink, width=2),
        text(105, 138, "tanh", size=15, weight="bold", fill=h.ink),
        text(105, 68, "h_t", size=16, weight="bold", fill=h.ink, markup=True),
        text(34, 198, "h_{t-1}", size=16, weight="bold", fill=h.ink, markup=True),
        text(70, 258, "x_t", size=16, weight="bold", fill=x.ink, markup=True),
        text(105, 282, "one state, new at each step", size=12, fill=MUTED),
        '<g transform="translate(216 48) scale(0.65)">',
        *cell_diagram(),
        "</g>",
    ]
    words = "A plain RNN cell recomputes its only state h at every step; an LSTM cell also has C, with three gates."
    return document(294, out, "Plain RNN and LSTM cell", words)
