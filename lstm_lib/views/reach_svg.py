"""What is left at the last step of a change at step t: one step's factors, and their product back from T."""

import numpy as np

from lstm_lib.views.layout import decades
from lstm_lib.views.strips_svg import Series, Strip, stack
from lstm_lib.views.svg import document, path, text
from lstm_lib.views.theme import INK, ROLES

TOP, STATES, FACTORS, PRODUCT, GAP = 36, 62, 62, 190, 34
FLOOR, CEILING = 1e-16, 1e12


def reach_svg(states, factors, lines, H, title, desc, computed=None):
    """The picture as SVG text.

    states : C and h (T,), the first unit's cell state and the plain RNN's hidden state
    factors : f and rnn, one a step (T,);  lines : direct, full and rnn (T,), what is left of a change at t
    computed : (T,) where f is clamped, what it would be if it were let go
    """
    f, rnn, C = ROLES["f"], ROLES["h"], ROLES["C"]
    limit = max(1.0, float(np.ceil(max(np.abs(states["C"]).max(), np.abs(states["h"]).max()))))
    which = " of the first unit" if H > 1 else ""
    drawn = [
        Strip(f"the states{which}: the LSTM's C_t, the RNN's h_t",
              [Series(states["C"], C.ink, "C_t", marker=""), Series(states["h"], rnn.ink, "h_t", rnn.dash, "")],
              -limit, limit),
        _factors(factors, H, computed),
    ]  # fmt: skip
    low, high = decades(np.concatenate(list(lines.values())), 1e-4, 10.0)
    last = Strip(
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
    parts, bottom = stack(drawn, TOP, STATES, GAP)
    top = bottom + 54
    more, bottom = stack([last], top, PRODUCT, steps=len(factors["f"]))
    parts += more
    # The lines meet at T, so their names stand above, each behind a piece of its line.
    names = (
        (280, "∂C_T/∂C_t: ∏ f_t", f.ink, "8 4"),
        (414, "in all", INK, ""),
        (490, "∂h_T/∂h_t, RNN", rnn.ink, rnn.dash),
    )
    for x, name, ink, dash in names:
        parts.append(path([(x, top - 12), (x + 22, top - 12)], stroke=ink, dash=dash))
        parts.append(text(x + 27, top - 8, name, size=12, anchor="start", fill=ink, markup=True))
    return document(bottom + 30, parts, title, desc)


def _factors(factors, H, computed):
    f, rnn = ROLES["f"], ROLES["h"]
    highest = max(1.0, float(np.ceil(factors["rnn"].max())))
    rnn_name = "|w|(1−h²)" if H == 1 else "RNN"
    lines = [
        Series(factors["f"], f.ink, "f_t", marker=""),
        Series(factors["rnn"], rnn.ink, rnn_name, rnn.dash, ""),
    ]
    if computed is not None:
        lines.append(Series(computed, f.ink, "computed", "1 5", ""))
    heading = "one step's largest factors" if H > 1 else "one step's factor: f_t and |w|(1 − h_t²)"
    return Strip(heading, lines, 0, highest)


def _drawn(values, ink, dash=""):
    """Only what lies on the axis: a line along its edge would be a lie."""
    seen = (values >= FLOOR) & (values <= CEILING)
    seen[-1] = True
    return Series(values[seen], ink, "", dash, marker="", at=np.arange(len(values))[seen])
