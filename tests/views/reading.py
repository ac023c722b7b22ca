"""Helpers that read texts, lines and colours of a picture."""

import functools
import xml.etree.ElementTree as ET

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from lstm_lib.views.layout import Box
from lstm_lib.views.theme import PAPER

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    """Every text of a picture: (x, y, words, element)."""
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text and root.find(f"{SVG}desc").text
    assert not [e for e in root.iter() if e.get("id")], "ids could conflict on a page"
    return [
        (float(e.get("x")), float(e.get("y")), "".join(e.itertext()).replace("\u200b", ""), e)
        for e in root.iter(f"{SVG}text")
    ]


def points_of(element):
    return [tuple(map(float, point.split(","))) for point in element.get("points").split()]


def size_of(element):
    return float(element.get("font-size", 14))


@functools.cache
def measured(words, size, bold):
    """How wide words get in the font that the geometry is laid out for."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=100)
    return text_to_path.get_text_width_height_descent(words, font, False)[0] * size / 100 if words else 0.0


def extent(x, y, element, anchor="middle"):
    """The box that a text covers: measured words, letters from 0.75 above to 0.2 below the line."""
    size, bold = size_of(element), element.get("font-weight") == "bold"
    width = measured(element.text or "", size, bold)
    for part in element:
        share = float(part.get("font-size", "100%").rstrip("%")) / 100
        width += measured((part.text or "").replace("\u200b", ""), size * share, bold)
        width += measured((part.tail or "").replace("\u200b", ""), size, bold)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[element.get("text-anchor", anchor)]
    return Box(left, y - 0.75 * size, width, 0.95 * size)


def extents(svg):
    root = ET.fromstring(svg)
    anchor = root.get("text-anchor", "start")
    return [(extent(x, y, e, anchor), t) for x, y, t, e in texts(svg) if t]


def overlap(a, b):
    """Whether two boxes share any area, beyond rounding errors."""
    across = min(a.right, b.right) - max(a.x, b.x)
    down = min(a.bottom, b.bottom) - max(a.y, b.y)
    return across > 1e-6 and down > 1e-6


def lies_in(a, b):
    """Whether box a lies within box b."""
    return b.x <= a.x and b.y <= a.y and a.right <= b.right and a.bottom <= b.bottom


def luminance(colour):
    rgb = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    return np.dot(
        [0.2126, 0.7152, 0.0722], [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    )


def contrast(colour):
    """How a colour stands out from the paper."""
    return (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05)
