"""Example series: two that are computed, and four real ones from `lstm_lib/data/`, where `SOURCES.md` says where they come from."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from lstm_lib.cell.params import frozen
from lstm_lib.checks import finite_number, generator, one_of, whole_number

FOLDER = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, eq=False)
class ExampleSeries:
    """values (T,), read-only;  period : of its season in steps, or None;  dates (T,) : in text, or None;  unit : of the values"""

    name: str
    values: np.ndarray
    period: float | None = None
    dates: tuple | None = None
    unit: str = ""

    def __len__(self):
        return len(self.values)


def trend_and_sine(n, rng, noise=2.0):
    """0.1 t + 10 sin(2πt/50) + noise · ε, ε ~ N(0, 1), for t = 0 … n − 1."""
    t = np.arange(whole_number("n", n))
    noise = finite_number("noise", noise, 0)
    return 0.1 * t + 10 * np.sin(2 * np.pi * t / 50) + noise * generator(rng).normal(size=n)


def henon(n, rng, noise=0.0):
    """x_{t+1} = 1 − 1.4 x_t² + 0.3 x_{t−1} (Hénon 1976), after 100 steps from a random start; noise as a fraction of its std."""
    whole_number("n", n), finite_number("noise", noise, 0)
    x = list(generator(rng).uniform(-0.1, 0.1, 2))
    while len(x) < n + 100:
        x.append(1 - 1.4 * x[-1] ** 2 + 0.3 * x[-2])
    series = np.array(x[-n:])
    return series + noise * series.std() * rng.normal(size=n)


REAL = {
    "sunspots": (None, "sunspots per year"),
    "elnino": (12, "sea surface, °C, monthly"),
    "co2": (12, "CO₂, ppm, monthly"),
    "seattle": (365.25, "daily maximum, °C"),
}
EXAMPLES = ("trend and sine", "Hénon", *REAL)


@cache
def example_series(name):
    """One of "trend and sine", "Hénon", "sunspots", "elnino", "co2" and "seattle"."""
    one_of("name", name, EXAMPLES)
    rng = np.random.default_rng(0)
    if name == "trend and sine":
        return ExampleSeries(name, frozen(trend_and_sine(200, rng)), 50)
    if name == "Hénon":
        return ExampleSeries(name, frozen(henon(1000, rng)))
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        dates, values = zip(
            *((row["date"], float(row["value"])) for row in csv.DictReader(file)), strict=True
        )
    period, unit = REAL[name]
    return ExampleSeries(name, frozen(np.array(values)), period, dates, unit)
