"""A picture that stands still, with its text beside it."""

from __future__ import annotations

import numpy as np

from lstm_lib.activations import sigmoid
from lstm_lib.views.decay_svg import curve_svg
from lstm_lib.views.strips_svg import Strip, strips_svg, unit_series
from lstm_lib.views.theme import ROLES, gate_number, number

__all__ = ["Picture", "gate_comparison", "sigmoid_curve"]


class Picture:
    """SVG text that a notebook shows; `summary` says the same in a line."""

    def __init__(self, svg, summary):
        self.svg, self.summary = svg, summary

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.svg, "text/plain": self.summary}


def sigmoid_curve(*z):
    """σ from −10 to 10, with a labelled point at each of the numbers `z`."""
    points = [(float(a), float(sigmoid(a))) for a in z]
    shown = ", ".join(f"σ({number(a, 1)}) = {gate_number(f)}" for a, f in points)
    return Picture(curve_svg(points), f"The sigmoid from −10 to 10: {shown}.")


def gate_comparison(first, second, names):
    """Two runs of forget gates, (T, H) each, under one another on one time axis."""
    strips = [
        Strip(f"f_t: {name}", unit_series(np.asarray(f), ROLES["f"].ink, "f"), 0, 1)
        for f, name in zip((first, second), names, strict=True)
    ]
    gap = float(np.abs(np.asarray(first) - second).max())
    summary = f"Forget gates of {names[0]} and of {names[1]}; they differ by up to {number(gap)}."
    return Picture(strips_svg(strips, "Forget gates compared", summary), summary)
