"""Errors of many starts of several kinds of cell, on one logarithmic axis: stored ones and live ones."""

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.svg import document, line, marker, rect, text
from lstm_lib.views.theme import GRID, INK, MARK, MARK_TINT, MUTED, power_of_ten

LEFT, RIGHT, TOP, ROW = 150, 120, 58, 30
LOW, HIGH = 1e-6, 10.0


def race_svg(rows, chosen, solved_below, headline, notes, title, desc):
    """Rows of dots as SVG text.

    rows : {name: (stored errors (starts,), live errors (n,), words at the right)};  chosen : names to mark
    headline, notes : a line above the rows, and lines below them
    """
    across = Scale(LOW, HIGH, LEFT, WIDTH - RIGHT, True)
    bottom = TOP + ROW * len(rows)
    out = [text(WIDTH / 2, 24, headline, size=15, weight="bold")]
    for exponent in range(-6, 2):
        x = across(10.0**exponent)
        out.append(line(x, TOP, x, bottom, GRID))
        out.append(text(x, bottom + 18, power_of_ten(exponent), size=12, fill=MUTED))
    x = across(solved_below)
    out.append(line(x, TOP - 8, x, bottom, INK, dash="4 3"))
    out.append(text(x - 4, TOP - 10, "solved ←", size=12, anchor="end", fill=INK))
    for k, (name, (stored, live, words)) in enumerate(rows.items()):
        y = TOP + ROW * (k + 0.5)
        if name in chosen:
            out.append(rect(Box(4, y - ROW / 2 + 2, WIDTH - 8, ROW - 4), MARK_TINT, MARK))
        bold = "bold" if name in chosen else None
        out.append(text(LEFT - 12, y + 5, name, size=13, anchor="end", weight=bold))
        out.append(text(WIDTH - RIGHT + 10, y + 5, words, size=12, anchor="start", weight=bold))
        for errors, kind, ink, size in ((stored, "circle", INK, 3.5), (live, "diamond", MARK, 5)):
            shift = np.linspace(-6, 6, max(2, len(errors)))
            for error, dy in zip(np.clip(errors, LOW, HIGH), shift, strict=False):
                out.append(marker(kind, across(error), y + dy, ink, size))
    y = bottom + 40
    for words in ("● stored    ◆ trained here    axis: fraction of variance unexplained", *notes):
        out.append(text(WIDTH / 2, y, words, size=13, fill=MUTED))
        y += 20
    return document(y, out, title, desc)
