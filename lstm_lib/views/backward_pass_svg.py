"""Back-propagation through time: the factor of one step, in the cell and in a plain RNN."""

from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import arrow, document, rect, text
from lstm_lib.views.theme import MUTED, ROLES

STATES = ("t-1", "t", "t+1")
SIZE, FIRST, APART = 56, 108, 170


def backward_pass_svg():
    """Two rows of states, with arrows backwards in time that show their factor."""
    f, C, h = ROLES["f"].ink, ROLES["C"], ROLES["h"]
    out = [text(WIDTH / 2, 28, "a gradient is propagated from right to left", fill=MUTED)]
    gates = [("× f_t", ""), ("× f_{t+1}", "")]
    matrices = [("× W_h", "× (1 − h_t²)"), ("× W_h", "× (1 − h_{t+1}²)")]
    for top, name, symbol, role, factors, ink in (
        (60, "LSTM", "C", C, gates, f),
        (190, "plain RNN", "h", h, matrices, h.ink),
    ):
        out.append(text(16, top + SIZE / 2 + 5, name, size=15, weight="bold", anchor="start", fill=role.ink))
        boxes = [Box(FIRST + k * APART, top, SIZE, SIZE) for k in range(3)]
        for box, when in zip(boxes, STATES, strict=True):
            words = f"{symbol}_{{{when}}}"
            out.append(rect(box, role.tint, role.ink, width=1.5, radius=8))
            out.append(text(box.cx, box.cy + 6, words, size=16, weight="bold", fill=role.ink, markup=True))
        for left, right, (above, below) in zip(boxes[:2], boxes[1:], factors, strict=True):
            x, y = (left.right + right.x) / 2, left.cy
            out.append(arrow(right.x - 4, y, left.right + 4, y, stroke=ink, width=2.5))
            out.append(text(x, y - 12, above, size=15, weight="bold", fill=ink, markup=True))
            if below:
                out.append(text(x, y + 24, below, size=15, weight="bold", fill=ink, markup=True))
            else:
                out.append(text(x, y + 24, "set by the gate", size=12, fill=MUTED))
        last = boxes[-1]
        out.append(arrow(WIDTH - 62, last.cy, last.right + 4, last.cy, stroke=ink, width=2.5))
        out.append(text(WIDTH - 36, last.cy + 5, "loss"))
    desc = (
        "A gradient starts at the loss. From one cell state to the previous one it is multiplied by the forget "
        "gate alone (the direct path); from one hidden state of a plain RNN to the previous one, by the matrix "
        "W_h and by 1 − h²."
    )
    return document(270, out, "Back-propagation through time", desc)
