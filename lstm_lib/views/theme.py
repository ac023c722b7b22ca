"""The only colours, dashes and number formats of the course; symbols and names of gates are in the gate table.

Each role also has a dash, a marker and a label, so nothing is shown by colour alone. Within one kind of cell,
roles and `MARK` differ by at least ΔE 10 (CIEDE2000), for normal vision and three colour blindnesses. Each ink
has a contrast of at least 4.5 on white and on its tint. `tests/views/test_theme.py` measures this.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

INK, MUTED, FAINT, GRID, PAPER = "#1b1f24", "#57606a", "#d0d7de", "#e8ebef", "#ffffff"
WIRE = "#8c9196"
"""Lines that carry a value without a role, such as [h_{t-1}; x_t]."""

MARK, MARK_TINT = "#6f42c1", "#f1ebfb"
"""Marks the selected unit, step or weight."""

FONT = "'DejaVu Sans', Verdana, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
"""Layouts are made for DejaVu Sans; the others are narrower."""


@dataclass(frozen=True)
class Role:
    """How a quantity is drawn in all pictures: line colour, tint, dash pattern and marker."""

    ink: str
    tint: str
    dash: str
    marker: str


class Roles(dict):
    """By key; a gate or state of a learner's own is neutral."""

    def __missing__(self, key):
        return Role("#57606a", "#eef1f4", "4 2", "circle")


ROLES = Roles(
    {
        "f": Role("#832602", "#fbe4d8", "", "circle"),
        "i": Role("#1d6c46", "#d7f0e8", "8 3", "square"),
        "o": Role("#0a397e", "#dde9fb", "2 3", "triangle"),
        "C_tilde": Role("#b3407e", "#fceaf2", "9 3 2 3", "diamond"),
        "C": Role("#1b1f24", "#e8ebef", "", "square"),
        "h": Role("#4f5457", "#eef1f4", "5 3", "circle"),
        "n": Role("#3d3528", "#efece4", "6 3", "diamond"),
        "x": Role("#856701", "#f8f0d8", "", "diamond"),
    }
)
ROLES |= {"u": ROLES["f"], "r": ROLES["o"], "h_tilde": ROLES["C_tilde"]}
"""By gate key and by state. Roles that look the same never occur in one kind of cell."""

UNIT_DASHES = ("", "8 4", "2 4", "9 3 2 3")
UNIT_MARKERS = ("circle", "square", "triangle", "diamond")

POSITIVE, NEGATIVE = (27, 138, 128), (166, 104, 22)
"""Ends of the diverging scale for weights: teal and brown, distinct for every colour vision."""


def heat(value, limit):
    """The colour of a heat-map cell for `value` on a scale of ±`limit`."""
    share = min(1.0, abs(value) / limit) if limit else 0.0
    end = POSITIVE if value > 0 else NEGATIVE
    mixed = tuple(round(255 + (c - 255) * 0.75 * share) for c in end)
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def number(value, digits=2):
    """A number with fixed digits, a real minus sign and no −0; 2e−9 where the digits would show 0."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value and abs(value) < 0.5 * 10**-digits:
        mantissa, exponent = f"{value:.1e}".split("e")
        return (mantissa.removesuffix(".0") + "e" + str(int(exponent))).replace("-", "−")
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def state_number(value, shown=number):
    """`shown(value)`, or `amount(value)` from 1e5 on."""
    return shown(value) if abs(value) < 1e5 else amount(value)


def gate_number(value):
    """A gate's value, with enough digits to differ from 0 and ±1."""
    value = float(value)
    if value < 0:
        return "−" + gate_number(-value).replace("1−", "1+")
    rest = 1.0 - value
    if not 0 < rest < 0.005:
        return number(value)
    return f"{value:.4f}" if rest > 5e-5 else "1−" + number(rest)


def amount(value):
    """A number of any size in two or three digits: 0.0123, 4.56, 2.6e8."""
    value = float(value)
    if not math.isfinite(value) or value == 0:
        return number(value, 0)
    if 0.001 <= abs(value) < 1e4:
        return number(value, max(0, 2 - math.floor(math.log10(abs(value)))))
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def plain(value, digits=2):
    """`number` without trailing zeros: 8 rather than 8.00."""
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def exact(value, digits=2):
    """A number with all its decimals, at least `digits` and at most 6."""
    texts = [number(value, d) for d in range(digits, 7)]
    return next((text for text in texts if "e" not in text and read(text) == round(value, 6)), texts[-1])


def beside(value, bound, digits=2, show=plain, shown=None):
    """`show(value)` with enough digits to show on which side of `bound` it is: 7.9992 beside 8, not 8.

    shown : the bound as text, if not `show(bound)`
    """
    shown = show(bound, digits) if shown is None else shown
    for more in range(4):
        text = show(value, digits + more)
        if (read(text) > read(shown), read(text) < read(shown)) == (value > bound, value < bound):
            return text
    rest = (
        "" if value == bound else ("+" if value > bound else "−") + number(float(f"{abs(value - bound):.0e}"))
    )
    return plain(read(shown), 6) + rest


def bracketed(text):
    """A number's text, in brackets if it has a minus sign (other than in an exponent)."""
    return f"({text})" if "−" in text.replace("e−", "") else text


def _terms(text):
    return [Decimal(term) for term in re.findall(r"[+-]?[\d.]+(?:e[+-]?\d+)?", text.replace("−", "-"))]


def read(text):
    """The number in a text made by these functions: 0.999994 for 1−6e−6."""
    return float(sum(_terms(text)))


def equals(text, value):
    """The sign before the result `text`: = if it agrees with `value`, computed from the numbers shown, else ≈."""
    last = min(term.as_tuple().exponent for term in _terms(text))
    return "=" if abs(read(text) - value) <= 0.5001 * 10.0 ** min(last, -2) else "≈"


def percent(share, bound=None):
    """A fraction in percent: 51 %, 0.52 %, 98.7 %, < 0.01 %; only 1 gives 100 %.

    bound : a fraction shown beside it; the digits show on which side of it `share` is
    """
    value = 100 * float(share)
    if 0 < value < 0.005 and (bound is None or bound >= 1e-4):
        return "< 0.01 %"
    digits = 2 if 99 < value < 100 or value < 0.995 else 1 if 90 < value < 100 or value < 9.95 else 0
    text = plain(value, digits)
    if bound is not None:
        text = beside(value, 100 * bound, digits, shown=exact(100 * bound, 0))
    return ("> 99.99" if text == "100" and value < 100 else text) + " %"


_LOW = str.maketrans("t0123456789-−+", "ₜ₀₁₂₃₄₅₆₇₈₉₋₋₊")
_HIGH = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def raised(n):
    """An exponent in superscript characters: ⁵⁰."""
    return str(n).translate(_HIGH)


def power_of_ten(exponent):
    """0.01, 0.1, 1, 10, 100, and beyond these 10⁻³, 10³, …"""
    return plain(10.0**exponent) if -2 <= exponent <= 2 else "10" + raised(exponent)


def words(text):
    """Text with subscript characters where Unicode has them: C_{t-1} becomes Cₜ₋₁, x_0 becomes x₀."""
    text = re.sub(r"_\{([t0-9+−-]+)\}", lambda m: m[1].translate(_LOW), text)
    return re.sub(r"_([t0-9])(?![\w])", lambda m: m[1].translate(_LOW), text)


def vector(values, digits=2):
    """A vector as text: [6, 8, 4.5]."""
    return "[" + ", ".join(plain(v, digits) for v in values) + "]"


def gate_vector(values):
    """A vector of gates as text: [0, 0.25, 0.9975]; only exactly 1 gives 1."""
    return "[" + ", ".join(plain(v) if v in (0.0, 1.0) else gate_number(v) for v in values) + "]"
