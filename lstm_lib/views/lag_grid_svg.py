"""Which lag is learned: stored runs as a grid of cells × lags, the starts of one cell, and the loss of one run."""

from lstm_lib.views.layout import WIDTH, Box, decades
from lstm_lib.views.strips_svg import Series, Strip, stack
from lstm_lib.views.svg import document, fit, marker, rect, text
from lstm_lib.views.theme import INK, MARK, MUTED, PAPER, ROLES

LEFT, TOP, WIDE, HIGH, ROW_LABEL = 216, 62, 78, 26, 200


def lag_grid_svg(solved, at, starts, start, losses, baseline, headline, desc):
    """The picture as SVG text.

    solved : {row: {lag: k of n}}, as (k, n), with a row's half-life in its name;  at : (row, lag) of the marked cell
    starts : whether each stored start of that cell solved it;  start : the marked one
    losses : (training, held out, updates of the held-out ones, all updates) of the run;  baseline : loss of guessing
    headline : two lines: what the run says, and what is stored
    """
    lags = list(next(iter(solved.values())))
    out = [
        text(LEFT + WIDE * len(lags) / 2, 20, "solved, of the stored starts", size=14, weight="bold"),
        text(LEFT - 12, TOP - 10, "lag", size=13, anchor="end", fill=MUTED),
    ]
    out += [
        text(LEFT + WIDE * (c + 0.5), TOP - 10, str(lag), size=13, fill=MUTED) for c, lag in enumerate(lags)
    ]
    for r, (row, cells) in enumerate(solved.items()):
        y, here = TOP + HIGH * r, row == at[0]
        size, weight = fit(row, ROW_LABEL, 13, bold=here), "bold" if here else None
        out.append(text(LEFT - 12, y + 18, row, size, "end", MARK if here else INK, weight, markup=True))
        for c, (lag, (k, n)) in enumerate(cells.items()):
            box = Box(LEFT + WIDE * c, y, WIDE, HIGH)
            out.append(rect(box, _shade(1.0 if k == n else 0.7 * k / n), PAPER, radius=0))
            fill = PAPER if k == n else INK
            out.append(text(box.cx, y + 18, f"{k} of {n}", size=13, fill=fill))
            if (row, lag) == at:
                marked = rect(box, stroke=MARK, width=3, radius=0)
    out.append(marked)
    y = TOP + HIGH * len(solved) + 30
    out.append(text(LEFT - 12, y + 4, "the starts of this field", size=13, anchor="end"))
    for k, good in enumerate(starts):
        x = LEFT + 14 + 30 * k
        if k == start:
            out.append(rect(Box(x - 13, y - 12, 26, 38), stroke=MARK, width=2))
        out.append(marker("circle", x, y, ROLES["i"].ink if good else MUTED, 7))
        if not good:
            out.append(marker("circle", x, y, PAPER, 5.5))
        out.append(text(x, y + 21, str(k), size=12, fill=MUTED))
    out.append(
        text(LEFT + 24 + 30 * len(starts), y + 5, "filled: solved", size=12, anchor="start", fill=MUTED)
    )
    y += 52
    for k, words in enumerate(headline):
        size, y = fit(words, WIDTH - 24, 14, bold=not k), y + 20 * k
        out.append(text(WIDTH / 2, y, words, size=size, weight=None if k else "bold", fill=MARK))
    training, held_out, held_out_at, updates = losses
    low, high = decades([*training, *held_out, baseline], 1e-3, 10.0)
    lines = [
        Series(training, ROLES["o"].ink, "training", marker=""),
        Series(held_out, MARK, "held out", "2 3", "diamond", at=held_out_at),
    ]
    strip = Strip("loss of this run", lines, low, high, log=True, guides={baseline: "always 0"})
    parts, bottom = stack([strip], y + 34, 84, 0, steps=updates + 1, start=0, axis="update")
    return document(bottom + 30, out + parts, "Which lag is learned", desc)


def _shade(share):
    """White to the green of the input gate."""
    ends = zip((255, 255, 255), (int(ROLES["i"].ink[k : k + 2], 16) for k in (1, 3, 5)), strict=True)
    return "#{:02x}{:02x}{:02x}".format(*(round(a + (b - a) * share) for a, b in ends))
