"""Boxes and scales, in the units of a picture's viewBox."""

import math
from dataclasses import dataclass

WIDTH = 640
"""The width of every picture. A notebook scales it to its column, so text has the same size in all pictures."""

FULL = 10.0
"""The memory at which its wire has the full width, and its bar the full length."""


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self):
        return self.x + self.w

    @property
    def bottom(self):
        return self.y + self.h

    @property
    def cx(self):
        """The x of its centre."""
        return self.x + self.w / 2

    @property
    def cy(self):
        """The y of its centre."""
        return self.y + self.h / 2


@dataclass(frozen=True)
class Scale:
    """Maps values low…high to positions start…end, linear or logarithmic. Values outside are put at the ends."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value):
        """The position of `value`."""
        value, low, high = min(max(float(value), self.low), self.high), self.low, self.high
        if self.log:
            value, low, high = map(math.log, (value, low, high))
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def decades(values, low, high):
    """The range in whole powers of ten that contains `low`, `high` and all finite `values` above 0.

    Values are limited to 1e-99…1e99.
    """
    found = [min(max(float(v), 1e-99), 1e99) for v in values if 0 < v < math.inf]
    if found:
        low = min(low, 10.0 ** math.floor(math.log10(min(found)) + 1e-9))
        high = max(high, 10.0 ** math.ceil(math.log10(max(found)) - 1e-9))
    return low, high


def row_of(n, first):
    """`n` boxes of the size of `first`, side by side."""
    return [Box(first.x + k * first.w, first.y, first.w, first.h) for k in range(n)]
