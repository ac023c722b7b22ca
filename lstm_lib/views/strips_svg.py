"""Quantities over time, as strips below each other with a common time axis."""

import math
from dataclasses import dataclass, field

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.svg import document, line, marker, path, rect, text
from lstm_lib.views.theme import (
    FAINT,
    GRID,
    INK,
    MARK,
    MARK_TINT,
    MUTED,
    UNIT_DASHES,
    UNIT_MARKERS,
    number,
    power_of_ten,
)

LEFT, RIGHT, TOP, HEIGHT, GAP = 66, 74, 34, 84, 34
MOST_POINTS = 300


@dataclass(frozen=True)
class Series:
    """One line: its values, colour, and what distinguishes it without colour.

    at : positions of the values on the axis; one value per step when left out
    """

    values: np.ndarray
    ink: str = INK
    label: str = ""
    dash: str = ""
    marker: str = "circle"
    at: np.ndarray | None = None

    @property
    def points(self):
        """[(position on the axis, value), …] without NaN; positions count from 0."""
        places = np.arange(len(self.values)) if self.at is None else self.at
        return [(k, value) for k, value in zip(places, self.values, strict=True) if not math.isnan(value)]


@dataclass(frozen=True)
class Strip:
    """One strip: heading (subscripts as in `svg.symbol`), series, range, guide lines {value: label}."""

    heading: str
    series: list[Series]
    low: float
    high: float
    bars: bool = False
    guides: dict[float, str] = field(default_factory=dict)
    log: bool = False


def unit_series(values, ink, name):
    """A Series for each column of `values` (T, H), with its own dash, marker and label."""
    values = np.asarray(values)
    return [
        Series(values[:, u], ink, f"{name}[{u}]" if values.shape[1] > 1 else "",
               UNIT_DASHES[u % 4], UNIT_MARKERS[u % 4])
        for u in range(values.shape[1])
    ]  # fmt: skip


def strips_svg(strips, title, desc, step=None, caption="", height=HEIGHT, gap=GAP):
    """Strips on one time axis as SVG text.

    step : index of the marked step;  height : of one strip;  gap : between two
    """
    out, bottom = stack(strips, TOP, height=height, gap=gap, step=step)
    if caption:
        out.append(text(WIDTH / 2, bottom + 44, caption, size=14, fill=MARK, markup=True))
    return document(bottom + (58 if caption else 30), out, title, desc)


def stack(strips, top, height=HEIGHT, gap=GAP, steps=None, step=None, start=1, axis="step t"):
    """(shapes, bottom edge) of strips that begin at `top`, on an axis of `steps` positions numbered from `start`."""
    steps = len(strips[0].series[0].values) if steps is None else steps
    tops = [top + k * (height + gap) for k in range(len(strips))]
    bottom = tops[-1] + height
    across = Scale(-0.5, steps - 0.5, LEFT, WIDTH - RIGHT)
    out = []
    width = max(6.0, (across.end - across.start) / steps)
    for strip, y in zip(strips, tops, strict=True):
        if step is not None:
            out.append(rect(Box(across(step) - width / 2, y - 3, width, height + 6), MARK_TINT, MARK))
        out += _strip(strip, Box(LEFT, y, WIDTH - LEFT - RIGHT, height), across)
    every = next(n * 10**k for k in range(12) for n in (1, 2, 5) if steps <= 12 * n * 10**k)
    for k in range(steps):
        if (k + start) % every == 0:
            out.append(text(across(k), bottom + 18, str(k + start), size=12, fill=MUTED))
    x = WIDTH - RIGHT + (18 if steps >= 100 else 12)
    out.append(text(x, bottom + 18, axis, size=12, anchor="start", fill=MUTED))
    return out, bottom


def _strip(strip, box, across):
    down = Scale(strip.low, strip.high, box.bottom, box.y, strip.log)
    inks = {series.ink for series in strip.series}
    ink = inks.pop() if len(inks) == 1 else INK
    yield text(box.x, box.y - 8, strip.heading, anchor="start", weight="bold", fill=ink, markup=True)
    for value, words in _ticks(strip):
        faint = value == strip.low if strip.log else value == 0
        yield line(box.x, down(value), box.right, down(value), stroke=FAINT if faint else GRID)
        yield text(box.x - 8, down(value) + 4, words, size=12, anchor="end", fill=MUTED)
    for value, words in strip.guides.items():
        yield line(box.x, down(value), box.right, down(value), stroke=MUTED, dash="2 3")
        x, y = (box.right - 4, down(value) - 4) if strip.log else (box.x - 8, down(value) + 4)
        yield text(x, y, words, size=12, anchor="end", fill=MUTED)
    for series, y in zip(strip.series, _label_heights(strip, down), strict=True):
        found = series.points
        if not found:
            continue
        points = [(across(found[k][0]), down(found[k][1])) for k in _sampled(len(found))]
        if strip.bars:
            zero = down(0)
            for x, y1 in points:
                yield line(x, zero, x, y1, stroke=series.ink, width=max(1.5, min(9.0, 260 / len(points))))
        else:
            yield path(points, stroke=series.ink, width=2 if len(points) <= 150 else 1.5, dash=series.dash)
        if series.marker and len(points) <= 40 and not strip.bars:
            yield from (marker(series.marker, x, y1, series.ink, size=3) for x, y1 in points)
        if series.label:
            x, ink = box.right + 6, series.ink
            yield text(x, y + 4, series.label, size=12, anchor="start", fill=ink, markup=True)


def _ticks(strip):
    """[(value, label), …] at the left edge: both ends and zero, or up to four powers of ten."""
    if not strip.log:
        middle = [0.0] if strip.low < 0 < strip.high else []
        return [(value, _tick(value)) for value in [strip.low, *middle, strip.high]]
    low, high = round(math.log10(strip.low)), round(math.log10(strip.high))
    every = max(1, math.ceil((high - low) / 3))
    return [(10.0**k, power_of_ten(k)) for k in range(high, low - 1, -every)]


def _label_heights(strip, down):
    """The y of each line's label: near the line's end, at least 14 apart, in the order of the lines."""
    ends = np.array([down(s.points[-1][1]) if s.points else down(strip.low) for s in strip.series])
    order = np.argsort(ends, kind="stable")
    placed, lowest = np.array(ends, dtype=float), down(strip.low) - 4
    for k in order[::-1]:  # from the bottom up; a label moves only if it would overlap
        placed[k] = lowest = min(placed[k], lowest)
        lowest -= 14
    return placed


def _sampled(n):
    """At most MOST_POINTS indices from first to last, since a screen can't show more."""
    if n <= MOST_POINTS:
        return range(n)
    return np.unique(np.linspace(0, n - 1, MOST_POINTS).round().astype(int))


def _tick(value):
    return number(value, 0) if float(value).is_integer() else number(value, 1)
