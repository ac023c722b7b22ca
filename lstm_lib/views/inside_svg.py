"""A run of a trained network that was changed inside, beside the untouched run, and the answer for many such changes."""

from dataclasses import dataclass

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.svg import document, line, marker, path, rect, text
from lstm_lib.views.theme import FAINT, GRID, INK, MARK, MUTED, PAPER, WIRE, plain
from lstm_lib.views.twins_svg import LEFT, RIGHT, TOP, edges_of, header, two_lines, unit_map

STRIP, PANEL = 62, 112


@dataclass(frozen=True)
class Curves:
    """Two quantities against a strength: the answer at the end, and a probe's reading.

    at (K,) : strengths;  answers, readings (1 + N, K) : of the chosen direction and of N random ones;  now : the strength
    """

    at: np.ndarray
    answers: np.ndarray
    readings: np.ndarray
    now: float
    reads: str


@dataclass(frozen=True)
class Bars:
    """The answer at the end after each of many changes: (label, answer, answer of the control or None); `now` : the chosen one."""

    heading: str
    rows: list
    now: int
    untouched: float
    control: str = ""


@dataclass(frozen=True)
class Answer:
    """The answers of both runs after each step, (2, T), with their heading and range; at `middle` a verdict turns."""

    heading: str
    runs: tuple
    low: float
    high: float
    middle: float


def inside_svg(columns, maps, unit, step, answer, panel, title, desc):
    """Both runs as SVG text.

    columns : a Column for each step;  maps : [(heading, values (T, H), limits, ink or None)];  step : the marked one, from 1
    """
    edges = edges_of(columns)
    every = np.arange(len(columns))
    out, y, boxes = header(columns, edges), TOP, []
    H = maps[0][1].shape[1]
    tall = max(4.0, min(10.0, 84 / H)) if H > 1 else 30.0
    for heading, values, limits, ink in maps:
        box = Box(LEFT, y + 19, edges[-1] - LEFT, tall * H)
        out.append(text(LEFT, y + 13, heading, 13, "start", weight="bold", markup=True))
        out += unit_map(box, edges, every, values, limits, unit, tall, ink=ink)
        boxes.append(box)
        y = box.bottom + 12
    strip = Box(LEFT, y + 18, edges[-1] - LEFT, STRIP)
    out.append(text(LEFT, y + 9, answer.heading, 13, "start", weight="bold"))
    out += two_lines(strip, edges, [every, every], answer.runs, answer.low, answer.high, answer.middle)
    out += [line(edges[step], b.y - 2, edges[step], b.bottom + 2, MARK, 1.5, "4 3") for b in (*boxes, strip)]
    draw = _curves if isinstance(panel, Curves) else _bars
    parts, bottom = draw(panel, answer, strip.bottom + 14)
    return document(bottom, out + parts, title, desc)


def _frame(box, top, heading, down, low, middle, high):
    """The box of a panel with its heading and three values of the scale `down`."""
    out = [text(box.x, top + 13, heading, 13, "start", weight="bold"), rect(box, PAPER, GRID, radius=0)]
    for value in (low, middle, high):
        y, dash = down(value), "2 3" if value == middle else ""
        out.append(line(box.x, y, box.right, y, FAINT, dash=dash))
        out.append(text(box.x - 9, y + 4, plain(value, 1), 12, "end", MUTED))
    return out


def _curves(panel, answer, top):
    """The answer and the reading against the strength, side by side."""
    half = (WIDTH - LEFT - 16 - 44) / 2
    boxes = Box(LEFT, top + 22, half, PANEL), Box(LEFT + half + 44, top + 22, half, PANEL)
    told = (
        ("answer at the end, by strength", panel.answers, answer.low, answer.high, answer.middle),
        (f"probe: probability of “{panel.reads}”", panel.readings, 0.0, 1.0, 0.5),
    )
    out = []
    for box, (heading, curves, low, high, middle) in zip(boxes, told, strict=True):
        across, down = Scale(panel.at[0], panel.at[-1], box.x, box.right), Scale(low, high, box.bottom, box.y)
        out += _frame(box, top, heading, down, low, middle, high)
        for value in (panel.at[0], panel.at[0] / 2, 0, panel.at[-1] / 2, panel.at[-1]):
            out.append(text(across(value), box.bottom + 16, plain(value, 1), 12, fill=MUTED))
        for k in (*range(1, len(curves)), 0):
            points = [(across(a), down(v)) for a, v in zip(panel.at, curves[k], strict=True)]
            out.append(path(points, WIRE if k else INK, 1.0 if k else 2.5))
        now = float(np.interp(panel.now, panel.at, curves[0]))
        out.append(line(across(panel.now), box.y, across(panel.now), box.bottom, MARK, 1.5, "4 3"))
        out.append(marker("diamond", across(panel.now), down(now), MARK, 5))
    bottom = boxes[0].bottom + 34
    out.append(
        text(LEFT, bottom, "thick: the chosen direction; thin: random ones, as long", 12, "start", fill=MUTED)
    )
    return out, bottom + 12


def _bars(panel, answer, top):
    """A bar for each change, from the untouched answer to its own; hollow: the control."""
    box = Box(LEFT, top + 22, WIDTH - LEFT - RIGHT, PANEL)
    down, wide = Scale(answer.low, answer.high, box.bottom, box.y), box.w / len(panel.rows)
    out = _frame(box, top, panel.heading, down, answer.low, answer.middle, answer.high)
    zero = down(panel.untouched)
    for k, (label, value, control) in enumerate(panel.rows):
        x, width = box.x + wide * k, min(26.0, wide * (0.7 if control is None else 0.4))
        x0 = x + wide / 2 - (width / 2 if control is None else width)
        ink, weight = (MARK, "bold") if k == panel.now else (INK, None)
        for end, at, look in ((value, x0, (ink,)), (control, x0 + width, (PAPER, MUTED, 1.2))):
            if end is not None:
                y = down(end)
                bar = Box(at, min(y, zero), width, max(1.5, abs(y - zero)))
                out.append(rect(bar, *look, radius=0))
        size = 12 if wide > 22 else 10
        out.append(text(x + wide / 2, box.bottom + 16, label, size, fill=ink, weight=weight))
    out.append(line(box.x, zero, box.right, zero, INK, 1.5))
    out.append(text(WIDTH - 4, zero + 4, "untouched", 10, "end", MUTED))
    bottom = box.bottom + 34
    words = f"bars begin at the untouched answer{'; hollow: ' + panel.control if panel.control else ''}"
    out.append(text(LEFT, bottom, words, 12, "start", fill=MUTED))
    return out, bottom + 12
