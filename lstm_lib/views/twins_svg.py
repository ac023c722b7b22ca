"""Two sentences read by one cell: heat maps over words × units, how far the memories are apart, and both verdicts."""

from dataclasses import dataclass

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.svg import document, fit, line, marker, path, rect, text
from lstm_lib.views.theme import FAINT, GRID, INK, MARK, MUTED, PAPER, heat, number, plain

LEFT, RIGHT, TOP = 66, 60, 94
LEVELS = 8
"""Shades of a colour; with few of them, all cells of one shade are one path, and a picture stays small."""

NARROWEST, WIDEST, FILLER = 12.0, 104.0, 3.0
LOOKS = ((INK, "", "circle"), (MARK, "6 3", "diamond"))
"""Colour, dash and marker of the first and of the second sentence."""


@dataclass(frozen=True)
class Column:
    """A word: what is written over it, whether the network knows it, whether it is a filler, and which sentences have it."""

    word: str
    known: bool = True
    filler: bool = False
    rows: tuple = (0, 1)


@dataclass(frozen=True)
class Reading:
    """What one sentence did: its name, the shown values (T, H), the probability of `good` (T,), its columns (T,)."""

    name: str
    values: np.ndarray
    good: np.ndarray
    at: np.ndarray


def twins_svg(columns, readings, gap, symbol, limits, unit, names, title, desc):
    """Both readings as SVG text.

    gap (K, H) : |ΔC| after each column;  symbol : of what the maps show;  limits : of the maps and of the gap
    unit : the marked one;  names : of the two verdicts, for 0 and 1
    """
    edges = edges_of(columns)
    H, out = gap.shape[1], header(columns, edges)
    tall = max(4.0, min(10.0, 84 / H))
    y = TOP
    for reading in readings:
        box = Box(LEFT, y + 19, edges[-1] - LEFT, tall * H)
        out.append(
            text(
                LEFT,
                y + 13,
                f"{symbol} · {reading.name}",
                size=13,
                anchor="start",
                weight="bold",
                markup=True,
            )
        )
        out += unit_map(box, edges, reading.at, reading.values, limits[0], unit, tall)
        y = box.bottom + 12
    box = Box(LEFT, y + 19, edges[-1] - LEFT, tall * H)
    out.append(
        text(LEFT, y + 13, "|ΔC|: how far the two memories are apart", size=13, anchor="start", weight="bold")
    )
    out += unit_map(box, edges, np.arange(len(columns)), gap, limits[1], unit, tall, ink=MARK)
    strips = [
        (f"running verdict: probability of “{names[1]}”", [r.good for r in readings], 0.0, 1.0, 0.5),
        (f"{symbol}, unit {unit}", [r.values[:, unit] for r in readings], min(0.0, limits[0][0]), limits[0][1], None),
    ]  # fmt: skip
    y = box.bottom + 14
    for heading, lines, low, high, middle in strips:
        strip = Box(LEFT, y + 18, edges[-1] - LEFT, 62)
        out.append(text(LEFT, y + 9, heading, size=13, anchor="start", weight="bold", markup=True))
        out += two_lines(strip, edges, [r.at for r in readings], lines, low, high, middle)
        y = strip.bottom + 12
    return document(y + 6, out, title, desc)


def edges_of(columns):
    """The left edge of every column, and the right edge of the last; fillers are narrower when there is little room."""
    room, fillers = WIDTH - LEFT - RIGHT, sum(c.filler for c in columns)
    wide = narrow = min(WIDEST, room / len(columns))
    if wide < 20 and 0 < fillers < len(columns):
        wide = max(NARROWEST, min(20.0, (room - FILLER * fillers) / (len(columns) - fillers)))
        narrow = min(wide, (room - wide * (len(columns) - fillers)) / fillers)
    return np.concatenate([[LEFT], LEFT + np.cumsum([narrow if c.filler else wide for c in columns])])


def header(columns, edges):
    """The words, over their columns: the second sentence's own in another colour, hatched and with “?” if unknown."""
    out, narrow = [], [k for k, c in enumerate(columns) if c.filler and edges[k + 1] - edges[k] < NARROWEST]
    if narrow:
        middle = (edges[narrow[0]] + edges[narrow[-1] + 1]) / 2
        out.append(text(middle, TOP - 8, f"{len(narrow)} fillers", 12, fill=MUTED))
    for k, column in enumerate(columns):
        x = (edges[k] + edges[k + 1]) / 2
        if k in narrow:
            continue
        word = column.word if len(column.word) <= 12 else column.word[:11] + "…"
        one = len(column.rows) == 1
        fill = MARK if column.rows == (1,) else MUTED if column.filler else INK
        words = word + ("" if column.known else " ?")
        out.append(text(x + 2, TOP - 8, words, 12, "start", fill, "bold" if one else None, turned=-55))
        if not column.known:
            left, right = edges[k] + 1, edges[k + 1] - 1
            out += [line(a, TOP, min(a + 5, right), TOP - 5, MUTED) for a in np.arange(left, right - 1, 4)]
    return out


def unit_map(box, edges, at, values, limits, unit, tall, ink=None):
    """A row of cells for each unit; where the sentence has no word the map is grey."""
    low, high = limits
    out = [rect(box, GRID, FAINT, radius=0)]
    shares = np.clip(np.nan_to_num(values) / max(high, -low, 1e-12), -1, 1)
    levels = np.rint(shares * LEVELS).astype(int)
    for level in range(-LEVELS if low < 0 else 0, LEVELS + 1):
        where = "".join(
            f"M{edges[at[t]]:.1f} {box.y + tall * u:.1f}h{edges[at[t] + 1] - edges[at[t]]:.1f}v{tall:.1f}H{edges[at[t]]:.1f}z"
            for t, u in np.argwhere(levels == level)
        )
        out.append(f'<path d="{where}" fill="{_shade(level / LEVELS, ink)}"/>')
    y = box.y + tall * unit
    out.append(rect(Box(box.x, y, box.w, tall), stroke=MARK, width=1.5, radius=0))
    out.append(text(LEFT - 8, y + tall / 2 + 4, f"unit {unit}", size=12, anchor="end", fill=MARK))
    for place, value in ((0.0, high), (1.0, low)):
        out.append(
            rect(
                Box(WIDTH - RIGHT + 10, box.y + place * (box.h - 12), 10, 12),
                _shade(float(np.sign(value)), ink),
                FAINT,
                radius=0,
            )
        )
        out.append(
            text(
                WIDTH - RIGHT + 24,
                box.y + place * (box.h - 12) + 11,
                plain(value, 1),
                size=12,
                anchor="start",
                fill=MUTED,
            )
        )
    return out


def _shade(share, ink):
    """Brown, white and teal for −1, 0 and 1; with `ink`, white to that colour."""
    if ink is None:
        return heat(share, 1.0)
    mixed = (
        round(int(PAPER[k : k + 2], 16) * (1 - share) + int(ink[k : k + 2], 16) * share) for k in (1, 3, 5)
    )
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def two_lines(box, edges, places, lines, low, high, middle):
    """Both sentences' values over the words, each with its last value at the right."""
    down = Scale(low, high, box.bottom, box.y)
    out = [rect(box, PAPER, GRID, radius=0)]
    for value in {low, high, low if middle is None else middle, 0.0 if low < 0 < high else low}:
        dash = "2 3" if value == middle else ""
        out.append(line(box.x, down(value), box.right, down(value), MUTED if dash else FAINT, dash=dash))
        out.append(text(box.x - 8, down(value) + 4, plain(value, 1), size=12, anchor="end", fill=MUTED))
    ends = [min(max(down(values[-1]) + 4, box.y + 8), box.bottom + 4) for values in lines]
    if abs(ends[0] - ends[1]) < 14:
        middle, upper = min(max(sum(ends) / 2, box.y + 15), box.bottom - 3), ends[0] <= ends[1]
        ends = [middle - 7, middle + 7] if upper else [middle + 7, middle - 7]
    for (ink, dash, mark), at, values, end in zip(LOOKS, places, lines, ends, strict=True):
        points = [((edges[k] + edges[k + 1]) / 2, down(v)) for k, v in zip(at, values, strict=True)]
        out.append(path(points, ink, 2, dash))
        shown = points if len(points) <= 40 else points[-1:]
        out += [marker(mark, x, y, ink, 3) for x, y in shown]
        words = number(values[-1])
        size = fit(words, RIGHT - 10, 12, bold=True)
        out.append(text(box.right + 8, end, words, size=size, anchor="start", fill=ink, weight="bold"))
    return out
