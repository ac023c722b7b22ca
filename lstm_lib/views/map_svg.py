"""The map of one unit's memory, C_t against C_{t-1}, with ten starts on it; beside it the same starts over time."""

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.svg import document, line, marker, path, text
from lstm_lib.views.theme import FAINT, GRID, INK, MARK, MUTED, PAPER, POSITIVE, plain

MAP, TIME = Box(62, 66, 262, 262), Box(376, 66, 238, 262)
MAP_INK = "#{:02x}{:02x}{:02x}".format(*POSITIVE)
BOUNDS = (2, 3, 5, 8, 12, 20, 30, 50)


def bound_for(values):
    """The bound ±C of the axes that holds all values."""
    most = float(np.abs(values).max())
    return next((bound for bound in BOUNDS if most <= bound), BOUNDS[-1])


def map_svg(curve, places, C, step, own, settings, desc):
    """The picture as SVG text.

    curve : (C_{t-1}, C_t), arrays of the map without noise;  places : [(C, slope), …], where the curve crosses the diagonal
    C (T+1, starts) : the memory of each start, from C_0 on;  step : the marked one;  own : the marked start
    settings : a line of text
    """
    bound = bound_for(np.concatenate([C.ravel(), [c for c, _ in places]]))
    down, right = Scale(-bound, bound, MAP.bottom, MAP.y), Scale(-bound, bound, MAP.x, MAP.right)
    across = Scale(0, len(C) - 1, TIME.x, TIME.right)
    out = [
        text(WIDTH / 2, 22, settings, size=13, fill=MUTED, markup=True),
        text(
            MAP.x,
            MAP.y - 14,
            "one step: C_t against C_{t-1}",
            13,
            "start",
            MAP_INK,
            weight="bold",
            markup=True,
        ),
        text(TIME.x, TIME.y - 14, "ten starts over time", 13, "start", weight="bold"),
    ]
    for value in (-bound, 0, bound):
        for box in (MAP, TIME):
            out.append(line(box.x, down(value), box.right, down(value), GRID if value else FAINT))
            out.append(text(box.x - 6, down(value) + 4, plain(value), size=12, anchor="end", fill=MUTED))
        out.append(line(right(value), MAP.y, right(value), MAP.bottom, GRID if value else FAINT))
        out.append(text(right(value), MAP.bottom + 18, plain(value), size=12, fill=MUTED))
    for t in range(0, len(C), 20):
        out.append(text(across(t), TIME.bottom + 18, str(t), size=12, fill=MUTED))
    out.append(text(MAP.cx, MAP.bottom + 36, "C_{t-1}", size=13, markup=True))
    out.append(text(TIME.cx, TIME.bottom + 36, "step t", size=13))
    out.append(line(MAP.x, MAP.bottom, MAP.right, MAP.y, MUTED, dash="3 3"))
    out.append(path([(right(a), down(b)) for a, b in zip(*curve, strict=True)], MAP_INK, 2.5))
    out += _over_time(C, step, own, across, down)
    out += _cobweb(C[: step + 2, own], right, down)
    for place, slope in places:
        out.append(
            line(TIME.x, down(place), TIME.right, down(place), MAP_INK, 1.2, "" if abs(slope) < 1 else "2 4")
        )
        out.append(marker("circle", right(place), down(place), MAP_INK, 6))
        if abs(slope) >= 1:
            out.append(marker("circle", right(place), down(place), PAPER, 4))
    here, there = C[step], C[min(step + 1, len(C) - 1)]
    for k, (a, b) in enumerate(zip(here, there, strict=True)):
        out.append(
            marker(
                "diamond" if k == own else "square",
                right(a),
                down(b),
                MARK if k == own else INK,
                5 if k == own else 3,
            )
        )
    y = MAP.bottom + 60
    out.append(marker("circle", MAP.x + 6, y - 4, MAP_INK, 6))
    out.append(text(MAP.x + 18, y, "stable resting place", size=12, anchor="start", fill=MUTED))
    out += [marker("circle", 222, y - 4, MAP_INK, 6), marker("circle", 222, y - 4, PAPER, 4)]
    out.append(text(234, y, "not stable", size=12, anchor="start", fill=MUTED))
    out.append(line(318, y - 4, 342, y - 4, MUTED, dash="3 3"))
    out.append(text(350, y, "diagonal: unchanged", size=12, anchor="start", fill=MUTED))
    out.append(marker("diamond", 496, y - 4, MARK, 5))
    out.append(text(506, y, "start that you move", size=12, anchor="start", fill=MARK))
    return document(y + 14, out, "Ten starts on the map of one unit", desc)


def _over_time(C, step, own, across, down):
    """The memory of every start over the steps, the own one last, and a line at the marked step."""
    order = [k for k in range(C.shape[1]) if k != own] + [own]
    for k in order:
        ink, width = (MARK, 2.5) if k == own else (INK, 1.2)
        yield path([(across(t), down(c)) for t, c in enumerate(C[:, k])], ink, width)
    yield line(across(step), TIME.y, across(step), TIME.bottom, MARK, 1.2, "4 3")


def _cobweb(C, right, down):
    """From the diagonal to the new value, and back to the diagonal, step by step."""
    points = [(right(C[0]), down(C[0]))]
    for a, b in zip(C[:-1], C[1:], strict=True):
        points += [(right(a), down(b)), (right(b), down(b))]
    yield path(points[:-1], MARK, 1.2)
