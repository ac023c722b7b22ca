"""A picture with its summary in words, and pictures that need no explorer."""

import re
import textwrap
from dataclasses import dataclass
from html import unescape

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.views.decay_svg import curve_svg
from lstm_lib.views.strips_svg import Strip, strips_svg, unit_series
from lstm_lib.views.svg import document, text
from lstm_lib.views.theme import MUTED, ROLES, exact, gate_number, number, words


@dataclass(frozen=True)
class Picture:
    """A picture and the text that is shown with it.

    svg : the picture as SVG text, or "";  summary : the picture in one sentence
    remark : a message below it; `good` if it is good news;  ask : a question above it
    goal : what the learner has to reach, and whether it is `met`;  scale : a new text size for the page, or None
    """

    svg: str
    summary: str
    remark: str = ""
    good: bool = False
    goal: str = ""
    met: bool = False
    ask: str = ""
    scale: float | None = None

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.svg, "text/plain": words(self.summary)}


STILL = "A still picture. To move it, open this notebook in Jupyter and run it."


def still(svg, above=()):
    """The SVG for a page without a kernel: lines of text `above` the picture, and below it how to run it."""
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    lines = [line for text_ in above for line in (textwrap.wrap(words(text_), int(width / 7.6)) or [""])]
    top = 20 * len(lines) + (12 if lines else 0)
    out = [text(8, 22 + 20 * k, line, anchor="start") for k, line in enumerate(lines)]
    inner = svg.replace("<svg ", f'<svg y="{top}" height="{height:g}" ', 1)
    out.append(inner.replace('width="100%"', f'width="{width:g}"', 1))
    out.append(text(width / 2, top + height + 18, STILL, size=12, fill=MUTED))
    title = re.search(r"<title>(.*?)</title>", svg)[1]
    return document(top + height + 28, out, unescape(title), " ".join([*lines, STILL]), width=width)


def sigmoid_curve(*z):
    """The sigmoid from −10 to 10, with a labelled point at each `z`."""
    points = [(float(a), float(sigmoid(a))) for a in z]
    shown = ", ".join(f"σ({exact(a, 1)}) = {gate_number(f)}" for a, f in points)
    summary = f"The sigmoid from −10 to 10: {shown}."
    return Picture(curve_svg(points, summary), summary)


def gate_comparison(first, second, names):
    """The forget gates of two runs, (T, H) each, on one time axis; `names` are those of the runs."""
    strips = [
        Strip(f"f_t: {name}", unit_series(np.asarray(f), ROLES["f"].ink, "f"), 0, 1)
        for f, name in zip((first, second), names, strict=True)
    ]
    gap = float(np.abs(np.asarray(first) - second).max())
    summary = f"Forget gates of {names[0]} and of {names[1]}; they differ by up to {number(gap)}."
    return Picture(strips_svg(strips, "Forget gates compared", summary), summary)
