"""What is left at the last step of a change at step t: one step's factors, and their product back from T."""

from __future__ import annotations

import numpy as np

from lstm_lib.views.layout import decades
from lstm_lib.views.strips_svg import Series, Strip, stack
from lstm_lib.views.svg import document, path, text
from lstm_lib.views.theme import INK, ROLES

__all__ = ["reach_svg"]

TOP, FACTORS, PRODUCT = 36, 96, 210
FLOOR, CEILING = 1e-16, 1e12


def reach_svg(factors, lines, H, title, desc):
    """The picture as SVG text.

    factors : f and rnn, one a step (T,);  lines : direct, full and rnn (T,), what is left of a change at t
    """
    f, rnn = ROLES["f"], ROLES["h"]
    highest = max(1.0, float(np.ceil(factors["rnn"].max())))
    rnn_name = "|w|(1−h²)" if H == 1 else "RNN"
    first = Strip(
        "one step's largest factors" if H > 1 else "one step's factor: f_t and |w|(1 − h_t²)",
        [Series(factors["f"], f.ink, "f_t"), Series(factors["rnn"], rnn.ink, rnn_name, rnn.dash)],
        0,
        highest,
    )
    low, high = decades(np.concatenate(list(lines.values())), 1e-4, 10.0)
    second = Strip(
        "left at T of a change at t",
        [
            _drawn(lines["rnn"], rnn.ink, rnn.dash),
            _drawn(lines["full"], INK),
            _drawn(lines["direct"], f.ink, "8 4"),
        ],
        max(low, FLOOR),
        min(high, CEILING),
        guides={1.0: ""},
        log=True,
    )
    parts, bottom = stack([first], TOP, FACTORS)
    top = bottom + 62
    more, bottom = stack([second], top, PRODUCT, steps=len(factors["f"]))
    parts += more
    # The lines meet at T, so their names stand above, each behind a piece of its line.
    names = (
        (320, "LSTM: ∏ f", f.ink, "8 4"),
        (416, "LSTM, in all", INK, ""),
        (530, "plain RNN", rnn.ink, rnn.dash),
    )
    for x, name, ink, dash in names:
        parts.append(path([(x, top - 12), (x + 22, top - 12)], stroke=ink, dash=dash))
        parts.append(text(x + 27, top - 8, name, size=12, anchor="start", fill=ink))
    return document(bottom + 30, parts, title, desc)


def _drawn(values, ink, dash=""):
    """Only what lies on the axis: a line along its edge would be a lie."""
    seen = (values >= FLOOR) & (values <= CEILING)
    seen[-1] = True
    return Series(values[seen], ink, "", dash, marker="", at=np.arange(len(values))[seen])
