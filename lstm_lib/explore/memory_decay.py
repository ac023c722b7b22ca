"""One constant forget gate over many steps: the half-life."""

from dataclasses import dataclass

from lstm_lib.cell.activations import logit
from lstm_lib.cell.memory import half_life, retained
from lstm_lib.checks import finite_number, one_of, whole_number
from lstm_lib.explore.controls import Whole, listed, slider
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.views.decay_svg import decay_summary, decay_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import plain

F = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.93, 0.95, 0.964, 0.97, 0.98, 0.99, 0.993, 0.995, 0.997, 0.999, 1.0)
"""About evenly spaced in z: near 1, a small change of f changes the half-life a lot."""

STEPS = 100


@dataclass(frozen=True, eq=False)
class Constant(State):
    """A forget gate, the first cell state, and the chosen number of steps."""

    f: float
    C_0: float
    n: int


class MemoryDecay(Explorer):
    """Choose f, C_0 and a number of steps, and read what is left and the half-life.

    f : one of 17 values from 0 to 1;  C_0 : from −10 to 10;  steps : 0 to 100
    """

    title = "A constant forget gate over 100 steps"
    presets = {f"f = {f:g}": {"f": f} for f in (0.5, 0.9, 0.99, 1.0)}

    def __init__(self, f=0.8, C_0=1.0, steps=10):
        f, C_0 = one_of("f", f, F), finite_number("C_0", C_0, -10, 10)
        super().__init__(Constant(f, C_0, whole_number("steps", steps, 0, STEPS)))

    def controls(self, s):
        return [
            listed(s, "f", F, [plain(f, 3) for f in F]),
            slider(s, "C_0", "C_0", ("C_0",), (-10, 10), 0.5),
            Whole("n", "steps n", ("n",), value=s.n, high=STEPS),
        ]

    def picture(self, s, before=None):
        left, half = retained([1.0] + [s.f] * STEPS), float(half_life(s.f))
        svg = decay_svg(s.f, float(logit(s.f)), left, half, s.n, s.C_0)
        return Picture(svg, decay_summary(s.f, left, half, s.n, s.C_0))
