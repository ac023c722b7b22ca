"""SVG as text: the shapes that every picture is made of.

No ids are used, so two pictures on one page can't conflict. All text is escaped here.
"""

import math
import re
from html import escape

from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.theme import FAINT, FONT, INK, PAPER, WIRE, gate_number, number

LETTERS = {" ": 0.32, ".": 0.32, ",": 0.32, "·": 0.32, "(": 0.39, ")": 0.39, "−": 0.84, "=": 0.84, "+": 0.84}
"""Widths of characters as fractions of the font size; others average 0.64 or less."""


def document(height, parts, title, desc, width=WIDTH):
    """A complete SVG with a fixed viewBox, scaled to its column; `title` and `desc` are for screen readers."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'preserveAspectRatio="xMidYMin meet" width="100%" role="img" aria-label="{escape(title)}" '
        f'font-family="{escape(FONT)}" font-size="14" fill="{INK}" text-anchor="middle" class="lstm-picture" '
        f'style="--lstm-ratio:{width / height:.3f};max-width:760px">'
        f"<title>{escape(title)}</title><desc>{escape(desc)}</desc>"
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{PAPER}"/>' + "".join(parts) + "</svg>"
    )


def symbol(markup):
    """SVG markup for a symbol: `f_t`, `h_{t-1}` and `z_f[1]` get a subscript, `W^x` a superscript."""
    out = []
    for base, braced, bare, high in re.findall(r"([^_^]+)(?:_\{([^}]*)\}|_([^\W_]+))?(?:\^(\w))?", markup):
        out.append(escape(base))
        for low, dy, back in ((braced or bare, 0.28, -0.2), (high, -0.5, 0.36)):
            if low:
                low = escape(low.replace("-", "−"))
                out.append(
                    f'<tspan dy="{dy}em" font-size="72%">{low}</tspan><tspan dy="{back}em">&#8203;</tspan>'
                )
    return "".join(out)


def fit(words, room, size, bold=False):
    """The font size at which `words` fit into the width `room`: `size`, or smaller, but at least 10."""
    wide = sum(LETTERS.get(letter, 0.64) for letter in words) * (1.1 if bold else 1.0)
    return max(10.0, min(size, math.floor(10 * room / wide) / 10))


def text(x, y, words, size=14, anchor="middle", fill=INK, weight=None, markup=False, turned=0):
    """Text with its baseline at y; with `markup`, subscripts as in `symbol`; `turned` by degrees around (x, y)."""
    body = symbol(words) if markup else escape(words)
    more = f' font-weight="{weight}"' if weight else ""
    more += f' transform="rotate({turned} {_at(x)} {_at(y)})"' if turned else ""
    anchor = "" if anchor == "middle" else f' text-anchor="{anchor}"'
    size = "" if size == 14 else f' font-size="{size:g}"'
    fill = "" if fill == INK else f' fill="{fill}"'
    return f'<text x="{_at(x)}" y="{_at(y)}"{size}{anchor}{fill}{more}>{body}</text>'


def rect(box, fill="none", stroke="none", width=1.0, radius=3.0, dash=""):
    """A rectangle with rounded corners."""
    more = f' stroke="{stroke}" stroke-width="{width:g}"' if stroke != "none" else ""
    more += f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{_at(box.x)}" y="{_at(box.y)}" width="{_at(box.w)}" height="{_at(box.h)}" '
        f'rx="{radius:g}" fill="{fill}"{more}/>'
    )


def line(x1, y1, x2, y2, stroke=INK, width=1.0, dash=""):
    """A straight line."""
    more = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{_at(x1)}" y1="{_at(y1)}" x2="{_at(x2)}" y2="{_at(y2)}" '
        f'stroke="{stroke}" stroke-width="{width:g}"{more}/>'
    )


def path(points, stroke=INK, width=2.0, dash=""):
    """A polyline through points [(x, y), …]."""
    where = " ".join(f"{_at(x)},{_at(y)}" for x, y in points)
    more = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{where}" fill="none" stroke="{stroke}" stroke-width="{width:g}" '
        f'stroke-linejoin="round"{more}/>'
    )


def arrow(x1, y1, x2, y2, stroke=INK, width=1.5):
    """A horizontal or vertical line with a small arrow head. SVG markers would need an id."""
    if x1 == x2:
        s = 6 if y2 > y1 else -6
        head, y2 = f"{_at(x2 - 4)},{_at(y2 - s)} {_at(x2 + 4)},{_at(y2 - s)} {_at(x2)},{_at(y2)}", y2 - s
    else:
        s = 6 if x2 > x1 else -6
        head, x2 = f"{_at(x2 - s)},{_at(y2 - 4)} {_at(x2 - s)},{_at(y2 + 4)} {_at(x2)},{_at(y2)}", x2 - s
    return line(x1, y1, x2, y2, stroke, width) + f'<polygon points="{head}" fill="{stroke}"/>'


def arrow_path(points, stroke=INK, width=2.0, dash=""):
    """A line of horizontal and vertical parts through points [(x, y), …], with a head that grows with its width."""
    (x1, y1), (x2, y2) = points[-2:]
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    half, base = 3.5 + width / 2, (x2 - 8 * dx, y2 - 8 * dy)
    sides = [(base[0] - half * dy, base[1] - half * dx), (base[0] + half * dy, base[1] + half * dx)]
    head = " ".join(f"{_at(x)},{_at(y)}" for x, y in [*sides, (x2, y2)])
    shaft = path([*points[:-1], base], stroke, round(width, 1), dash)
    return shaft + f'<polygon points="{head}" fill="{stroke}"/>'


def marker(kind, x, y, fill, size=4.0):
    """A data point: circle, square, triangle or diamond."""
    if kind == "circle":
        return f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{size:g}" fill="{fill}"/>'
    s = size
    shapes = {
        "square": [(-s, -s), (s, -s), (s, s), (-s, s)],
        "triangle": [(0, -s - 1), (s, s), (-s, s)],
        "diamond": [(0, -s - 1), (s + 1, 0), (0, s + 1), (-s - 1, 0)],
    }
    where = " ".join(f"{_at(x + dx)},{_at(y + dy)}" for dx, dy in shapes[kind])
    return f'<polygon points="{where}" fill="{fill}"/>'


def bar(box, value, limit, fill, ghost=None, weight=None, words=None):
    """A signed bar from the middle of `box`, with its value (or `words`) below; `ghost` outlines another value."""
    out = [rect(Box(box.x, box.y, box.w, 16), "#f3f5f7", radius=2)]
    for amount, style in ((ghost, {"stroke": fill, "dash": "3 2"}), (value, {"fill": fill})):
        if amount is not None:
            length = box.w / 2 * min(1.0, abs(float(amount)) / limit)
            left = box.cx - length if amount < 0 else box.cx
            out.append(rect(Box(left, box.y, length, 16), radius=0, **style))
    out.append(line(box.cx, box.y - 2, box.cx, box.y + 18, stroke=WIRE))
    out.append(text(box.cx, box.y + 31, words or number(value), weight=weight))
    return "".join(out)


def gate_bar(box, value, role, words=None):
    """A gate from 0 to 1 as a bar filled from the left, with its value (or `words`) below."""
    length = box.w * min(1.0, max(0.0, float(value)))
    out = [
        rect(Box(box.x, box.y, box.w, 16), role.tint, FAINT, radius=2),
        rect(Box(box.x, box.y, length, 16), role.ink, radius=2),
        text(box.cx, box.y + 31, words or gate_number(value), fill=role.ink, weight="bold"),
    ]
    return "".join(out)


def _at(value):
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
