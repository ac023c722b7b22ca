"""A sequence of numbers as a line that a learner can read and type."""

import math

import numpy as np

LONGEST = 60
"""Steps that a sequence in an explorer may have."""


def numbers_in(values):
    """The line that `typed` reads."""
    return " ".join(f"{v:g}" for v in values)


def typed(name, line, bound):
    """The numbers in a line, (T,), or a ValueError that says which word is none."""
    numbers = []
    for word in line.replace(", ", " ").replace(";", " ").replace("−", "-").split():
        if "," in word:
            raise ValueError(f"{name}: is {word!r} one number or two? Write 0.5, or a space between")
        try:
            numbers.append(float(word))
        except ValueError:
            raise ValueError(
                f"{name}: {word!r} is not a number; type numbers with spaces between, like 1 0 -1"
            ) from None
        if not math.isfinite(numbers[-1]) or abs(numbers[-1]) > bound:
            raise ValueError(f"{name}: expected numbers from −{bound:g} to {bound:g}, got {word}")
    if not 2 <= len(numbers) <= LONGEST:
        raise ValueError(f"{name}: expected 2 to {LONGEST} numbers, got {len(numbers)}")
    return np.array(numbers)
