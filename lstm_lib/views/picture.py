"""A picture with its summary in words, and pictures that need no explorer."""

import base64
import re
from dataclasses import dataclass
from html import escape, unescape

import numpy as np

from lstm_lib.cell.kinds import kind_of
from lstm_lib.cell.trees import stem, symbol
from lstm_lib.views.kind_svg import kind_summary, kind_svg
from lstm_lib.views.strips_svg import Strip, strips_svg, unit_series
from lstm_lib.views.svg import document, text
from lstm_lib.views.theme import MUTED, ROLES, number, state_number, words


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


def still(svg):
    """The SVG for a page without a kernel, which says how to run it."""
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    inner = svg.replace("<svg ", f'<svg height="{height:g}" ', 1).replace(
        'width="100%"', f'width="{width:g}"', 1
    )
    out = [inner, text(width / 2, height + 18, STILL, size=12, fill=MUTED)]
    title = re.search(r"<title>(.*?)</title>", svg)[1]
    return document(height + 28, out, unescape(title), STILL, width=width)


def as_image(svg, alt):
    """An HTML image of the SVG, which pages that trust no SVG show as well."""
    data = base64.b64encode(still(svg).encode()).decode()
    return f'<img width="640" alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'


def fold_out(title, html):
    """HTML that is shown after a click on its title."""
    return f"<details><summary>{escape(title)}</summary>{html}</details>"


def paragraphs(text_):
    """A text as HTML, one paragraph per line."""
    return "".join(f"<p>{escape(line)}</p>" for line in words(text_).splitlines() if line.strip())


def gate_comparison(first, second, names):
    """The forget gates of two runs, (T, H) each, on one time axis; `names` are those of the runs."""
    strips = [
        Strip(f"f_t: {name}", unit_series(np.asarray(f), ROLES["f"].ink, "f"), 0, 1)
        for f, name in zip((first, second), names, strict=True)
    ]
    gap = float(np.abs(np.asarray(first) - second).max())
    summary = f"Forget gates of {names[0]} and of {names[1]}; they differ by up to {number(gap)}."
    return Picture(strips_svg(strips, "Forget gates compared", summary), summary)


def kind_picture(kind, trace=None, unit=0):
    """A kind of cell: what its gates see, what happens to its states, and its equations.

    trace : StepTrace of one vector and of this kind, whose values are shown;  unit : the one shown
    """
    kind = kind_of(kind)
    summary = kind_summary(kind)
    if trace is not None:
        if trace.kind.equations != kind.equations:
            raise ValueError(
                f"trace: expected a step of these equations, got one of another kind ({trace.kind.name})"
            )
        shown = ((left, kind.value(trace, left)[unit]) for left, _ in kind.said.lines if stem(left))
        summary += (
            f" In unit {unit}: {', '.join(f'{symbol(left)} = {state_number(v)}' for left, v in shown)}."
        )
    return Picture(kind_svg(kind, trace, unit, summary), summary)
