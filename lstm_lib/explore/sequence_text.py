"""A sequence of numbers as a line of text."""

import math

import numpy as np

from lstm_lib.checks import quoted
from lstm_lib.views.theme import plain

LONGEST = 60
"""The most steps of a sequence in an explorer."""


def as_text(values):
    """A line that `parsed` reads."""
    return " ".join(repr(float(v)).removesuffix(".0") for v in values)


def parsed(name, line, bound):
    """The numbers in a line, (T,), or a ValueError that names the wrong word."""
    numbers = []
    for word in line.replace(", ", " ").replace(";", " ").replace("−", "-").split():
        if "," in word:
            raise ValueError(f"{name}: is {quoted(word)} one number or two? Write 0.5, or a space between")
        try:
            numbers.append(float(word if word.isascii() and "_" not in word else "none"))
        except ValueError:
            raise ValueError(
                f"{name}: {quoted(word)} is not a number; separate numbers by spaces, like 1 0 -1"
            ) from None
        if not math.isfinite(numbers[-1]) or abs(numbers[-1]) > bound:
            raise ValueError(
                f"{name}: expected numbers from −{plain(bound)} to {plain(bound)}, got {word:.60}"
            )
    if not 2 <= len(numbers) <= LONGEST:
        raise ValueError(f"{name}: expected 2 to {LONGEST} numbers, got {len(numbers)}")
    return np.array(numbers)
