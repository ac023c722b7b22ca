"""A moving origin: a series with two forecasts after a cut, their errors, and a tally over the cuts."""

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, Scale
from lstm_lib.views.strips_svg import GAP, LEFT, RIGHT, Series, Strip, stack
from lstm_lib.views.svg import document, fit, line, marker, rect, text
from lstm_lib.views.theme import FAINT, INK, MARK, MARK_TINT, MUTED, PAPER, amount, number

LOOKS = {"LSTM": (MARK, "8 3", "diamond"), "baseline": (MUTED, "2 3", "square")}
"""Ink, dash and marker of the two forecasts."""

HEIGHT, TALLY = 128, 96


def origin_svg(values, cut, end, curves, heading, caption, tally, blind, desc):
    """The series around the test block from `cut` to `end`, the forecasts of the block, their errors, and the tally.

    values (T,) : the series;  curves : {label: (end − cut,) forecasts, or None}, of the LSTM and of the baseline, in this order
        unless `blind`
    heading : two lines;  tally : [(LSTM's RMSE, baseline's RMSE), …] of the cuts so far, of BLOCKS places; None where it is not to be seen
    """
    first = max(0, cut - 2 * (end - cut))
    shown, block = np.asarray(values)[first:end], np.arange(cut, end) - first
    drawn = {label: np.asarray(f) for label, f in curves.items() if f is not None}
    looks = {label: _look(k, label, blind) for k, label in enumerate(curves)}
    lines = [Series(shown, INK, "series", "", "")]
    errors = []
    for label, forecast in drawn.items():
        ink, dash, mark = looks[label]
        lines.append(Series(forecast, ink, label, dash, mark, at=block))
        errors.append(Series(forecast - shown[block], ink, label, dash, mark, at=block))
    low, high = _range(shown, *drawn.values())
    most = max(1e-9, *(np.abs(e.values).max() for e in errors)) if errors else 1.0
    strips = [
        Strip("series and forecasts", lines, low, high),
        Strip("error: forecast − series", errors, -most, most),
    ]
    across = Scale(-0.5, len(shown) - 0.5, LEFT, WIDTH - RIGHT)
    top = 78
    sizes = [fit(words, WIDTH - 40, 15, bold=True) for words in heading]
    out = [
        text(WIDTH / 2, 20 + 20 * k, words, size=sizes[k], weight="bold") for k, words in enumerate(heading)
    ]
    bottom = top + 2 * HEIGHT + GAP
    out.append(
        rect(
            Box(across(block[0] - 0.5), top, across(block[-1] + 0.5) - across(block[0] - 0.5), bottom - top),
            MARK_TINT,
            radius=0,
        )
    )
    out.append(line(across(block[0] - 0.5), top - 4, across(block[0] - 0.5), bottom, stroke=MARK, width=1.5))
    out.append(text(across(block[0] - 0.5) - 6, top - 8, "cut", size=12, anchor="end", fill=MARK))
    parts, bottom = stack(strips, top, height=HEIGHT, steps=len(shown), start=first)
    out += parts
    out.append(text(WIDTH / 2, bottom + 42, caption, size=fit(caption, WIDTH - 24, 14)))
    out += _tally(Box(LEFT, bottom + 78, WIDTH - LEFT - RIGHT, TALLY), tally)
    return document(bottom + 78 + TALLY + 34, out, "A moving origin", desc)


def _look(k, label, blind):
    if not blind:
        return LOOKS["LSTM" if k == 0 else "baseline"]
    return ((INK, MUTED)[k], *list(LOOKS.values())[k][1:])


def _range(*arrays):
    low, high = min(float(a.min()) for a in arrays), max(float(a.max()) for a in arrays)
    room = 0.05 * (high - low) or 1.0
    if low < 0 and -low - room < 0.15 * (high - low):
        return -0.15 * (high - low), high + room  # room for the labels of 0 and of the lower end
    return low - room if low < 0 or low > room else 0.0, high + room


def _tally(box, tally):
    """A place for each cut: its difference in RMSE, LSTM − baseline; the mean as a line."""
    places, seen = tally
    yield text(
        box.x,
        box.y - 10,
        "tally: the LSTM’s RMSE − the baseline’s, cut by cut",
        anchor="start",
        weight="bold",
    )
    found = [(k, a - b) for k, pair in enumerate(seen or ()) if pair for a, b in [pair]]
    most = max([abs(d) for _, d in found], default=0.0) or 1.0
    down, across = (
        Scale(-1.5 * most, 1.5 * most, box.bottom, box.y),
        Scale(-0.5, places - 0.5, box.x, box.right),
    )
    yield line(box.x, down(0), box.right, down(0), stroke=FAINT, width=1.5)
    for y, words in ((box.y + 10, "worse"), (box.bottom, "better")):
        yield text(box.right + 6, y, words, size=12, anchor="start", fill=MUTED)
    yield text(box.x - 8, down(0) + 4, "0", size=12, anchor="end", fill=MUTED)
    if seen is None:
        yield text(
            box.cx, box.cy - 6, "hidden until you have said which curve is the LSTM", size=13, fill=MUTED
        )
        return
    for k in range(places):
        yield text(across(k), box.bottom + 20, f"cut {k + 1}", size=12, fill=MUTED)
    if len(found) > 1:
        mean = float(np.mean([d for _, d in found]))
        yield line(box.x, down(mean), box.right, down(mean), stroke=INK, dash="6 3")
        y = min(max(down(mean), box.y + 26), box.bottom - 24)  # between “worse” and “better”
        words = ("+" if mean > 0 else "") + (number(mean, 2) if abs(mean) >= 0.01 else amount(mean))
        for k, said in enumerate(("mean", words)):
            yield text(box.right + 6, y + 14 * k - 2, said, size=12, anchor="start", weight="bold")
    for k, difference in found:
        x, y, side = across(k), down(difference), 1 if difference < 0 else -1
        words = ("+" if difference > 0 else "") + amount(difference)
        width = 7.2 * len(words)
        yield rect(
            Box(x - width / 2, y + side * 13 - 6, width, 12), PAPER
        )  # the line of the mean may cross it
        yield line(x, down(0), x, y, stroke=MARK)
        yield marker("diamond" if difference < 0 else "circle", x, y, MARK, size=5)
        yield text(x, y + side * 13 + 4, words, size=12, fill=MARK)
