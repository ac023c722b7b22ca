"""The gradient's way back through time: what one step multiplies by, in the cell and in a plain RNN."""

from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import arrow, document, rect, text
from lstm_lib.views.theme import INK, MUTED, ROLES

STATES = ("t-1", "t", "t+1")
SIZE, FIRST, APART = 56, 108, 170


def way_back_svg():
    """Two rows of states, joined by arrows that point back and say their factor."""
    f, C, h = ROLES["f"], ROLES["C"], ROLES["h"]
    out = [text(WIDTH / 2, 28, "a gradient goes back from right to left", size=14, fill=MUTED)]
    gate = ("× f_t", ""), ("× f_{t+1}", "")
    matrix = ("× W_h", "× (1 − h_t²)"), ("× W_h", "× (1 − h_{t+1}²)")
    for top, name, symbol, role, factors, ink in (
        (60, "LSTM", "C", C, gate, f.ink),
        (190, "plain RNN", "h", h, matrix, h.ink),
    ):
        out.append(text(16, top + SIZE / 2 + 5, name, size=15, weight="bold", anchor="start", fill=role.ink))
        boxes = [Box(FIRST + k * APART, top, SIZE, SIZE) for k in range(3)]
        for box, when in zip(boxes, STATES, strict=True):
            out.append(rect(box, role.tint, role.ink, width=1.5, radius=8))
            out.append(
                text(
                    box.cx,
                    box.cy + 6,
                    f"{symbol}_{{{when}}}",
                    size=16,
                    weight="bold",
                    fill=role.ink,
                    markup=True,
                )
            )
        for left, right, (above, below) in zip(boxes[:2], boxes[1:], factors, strict=True):
            middle = (left.right + right.x) / 2
            out.append(arrow(right.x - 4, left.cy, left.right + 4, left.cy, stroke=ink, width=2.5))
            out.append(text(middle, left.cy - 12, above, size=15, weight="bold", fill=ink, markup=True))
            if below:
                out.append(text(middle, left.cy + 24, below, size=15, weight="bold", fill=ink, markup=True))
            else:
                out.append(text(middle, left.cy + 24, "the gate decides", size=12, fill=MUTED))
        last = boxes[-1]
        out.append(arrow(WIDTH - 62, last.cy, last.right + 4, last.cy, stroke=ink, width=2.5))
        out.append(text(WIDTH - 36, last.cy + 5, "loss", size=14, fill=INK))
    desc = (
        "From the loss at the end a gradient goes back. From one cell state to the one before it is multiplied by "
        "the forget gate alone (the direct path); from one hidden state of a plain RNN to the one before, by the "
        "matrix W_h and by 1 − h²."
    )
    return document(270, out, "The gradient's way back through time", desc)
