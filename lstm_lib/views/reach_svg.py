"""The effect at the last step T of a change at step t: each step's factor, and the product from t to T."""

import numpy as np

from lstm_lib.views.layout import decades
from lstm_lib.views.strips_svg import Series, Strip, stack
from lstm_lib.views.svg import document, path, text
from lstm_lib.views.theme import INK, ROLES

TOP, STATES, FACTORS, PRODUCT, GAP = 36, 62, 62, 190, 34
FLOOR, CEILING = 1e-16, 1e12


def reach_svg(states, factors, lines, H, title, desc, computed=None):
    """The picture as SVG text.

    states : C and h (T,), the LSTM's cell state and the plain RNN's hidden state, of the first unit
    factors : f and rnn (T,), one per step;  lines : direct, full and rnn (T,), the effect of a change at t
    computed : (T,) the computed gate, if f is clamped
    """
    f, rnn, C = ROLES["f"], ROLES["h"], ROLES["C"]
    limit = max(1.0, float(np.ceil(max(np.abs(states["C"]).max(), np.abs(states["h"]).max()))))
    which = " of the first unit" if H > 1 else ""
    curves = [
        Series(states["C"], C.ink, "C_t", marker=""),
        Series(states["h"], rnn.ink, "h_t", rnn.dash, marker=""),
    ]
    drawn = [
        Strip(f"the states{which}: the LSTM's C_t, the RNN's h_t", curves, -limit, limit),
        _factors(factors, H, computed),
    ]
    low, high = decades(np.concatenate(list(lines.values())), 1e-4, 10.0)
    curves = [
        _on_axis(lines["rnn"], rnn.ink, rnn.dash),
        _on_axis(lines["full"], INK),
        _on_axis(lines["direct"], f.ink, "8 4"),
    ]
    low, high = max(low, FLOOR), min(high, CEILING)
    last = Strip("effect at T of a change at t", curves, low, high, guides={1.0: ""}, log=True)
    parts, bottom = stack(drawn, TOP, STATES, GAP)
    top = bottom + 54
    more, bottom = stack([last], top, PRODUCT, steps=len(factors["f"]))
    parts += more
    # The lines meet at T, so their labels are above the strip, each with a sample of its line.
    names = (
        (290, "∂C_T/∂C_t: ∏ f_t", f.ink, "8 4"),
        (418, "all paths", INK, ""),
        (505, "∂h_T/∂h_t, RNN", rnn.ink, rnn.dash),
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


def _on_axis(values, ink, dash=""):
    """A Series of the values within the axis: a line along its edge would be false."""
    seen = (values >= FLOOR) & (values <= CEILING)
    seen[-1] = True
    return Series(values[seen], ink, "", dash, marker="", at=np.flatnonzero(seen))
