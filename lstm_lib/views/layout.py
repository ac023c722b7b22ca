"""Geometry as data: boxes on the page of a picture, in the units of its viewBox."""

import math
from dataclasses import dataclass

WIDTH = 640
"""Every picture is this wide; a notebook's column scales it, so text stays the same size in all."""


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self):
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self):
        """Its lower edge."""
        return self.y + self.h

    @property
    def cx(self):
        """The middle, across."""
        return self.x + self.w / 2

    @property
    def cy(self):
        """The middle, down."""
        return self.y + self.h / 2

    def overlaps(self, other):
        """Whether the two share any area (more than a rounding error wide)."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > 1e-6 and down > 1e-6

    def inside(self, other):
        """Whether it lies wholly in the other."""
        return (
            other.x <= self.x
            and other.y <= self.y
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Scale:
    """A straight map from values low…high to positions start…end; values outside are held at the ends."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value):
        """The position of `value`."""
        share = (min(max(float(value), self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class LogScale:
    """The same for values above 0, each power of ten as long as the next; zero lies at the low end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value):
        """The position of `value`."""
        value = min(max(float(value), self.low), self.high)
        share = (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return self.start + share * (self.end - self.start)


def decades(values, low, high):
    """The powers of ten that hold all finite `values` above 0, and `low` to `high` at least.

    What is smaller than 1e-99 or larger than 1e99 stands at the edge.
    """
    found = [min(max(float(v), 1e-99), 1e99) for v in values if 0 < v < math.inf]
    if found:
        low = min(low, 10.0 ** math.floor(math.log10(min(found)) + 1e-9))
        high = max(high, 10.0 ** math.ceil(math.log10(max(found)) - 1e-9))
    return low, high


def row_of(n, first, gap=0.0):
    """`n` boxes like `first`, side by side with `gap` between."""
    return [Box(first.x + k * (first.w + gap), first.y, first.w, first.h) for k in range(n)]
