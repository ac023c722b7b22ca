"""One constant forget gate over many steps: the half-life."""

from __future__ import annotations

from lstm_lib.activations import logit
from lstm_lib.explore.explorer import Explorer
from lstm_lib.memory import half_life, retained
from lstm_lib.views.decay_svg import decay_summary, decay_svg
from lstm_lib.views.theme import gate_number

__all__ = ["MemoryDecay"]

GATES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.93, 0.95, 0.964, 0.97, 0.98, 0.99, 0.993, 0.995, 0.997, 0.999, 1.0)
STEPS = 100


class MemoryDecay(Explorer):
    """Choose f and a number of steps, and read off what is left of C_0 and the half-life.

    The gate's values are spaced about evenly in z, for near 1 a small change of f is a large one of
    the half-life.
    """

    title = "A constant forget gate over 100 steps"
    presets = {"f = 0.5": {"f": 0.5}, "f = 0.9": {"f": 0.9}, "f = 0.99": {"f": 0.99}, "f = 1": {"f": 1.0}}

    def __init__(self, f=0.8, steps=10):
        if not isinstance(f, (int, float)) or f not in GATES:
            raise ValueError(f"f: expected one of {GATES}, got {f!r}")
        if steps not in range(STEPS + 1):
            raise ValueError(f"steps: expected a whole number from 0 to {STEPS}, got {steps!r}")
        super().__init__({"f": f, "n": int(steps)})

    def build(self):
        """The gate, and the step at which to look."""
        options = [
            (gate_number(f) if f not in (0.993, 0.995, 0.997, 0.999, 0.964) else f"{f:g}", f) for f in GATES
        ]
        self.add_choice_slider(options, lambda s: s["f"], lambda s, value: s.update(f=value), "f")
        self.add_slider(0, STEPS, 1, lambda s: s["n"], lambda s, value: s.update(n=int(value)),
                        lambda s: "steps", format=".0f")  # fmt: skip

    def draw(self):
        """The running product of f, from 1 at step 0."""
        f, n = self.state["f"], self.state["n"]
        left = retained([1.0] + [f] * STEPS)
        half = float(half_life(f))
        return decay_svg(f, float(logit(f)), left, half, n), decay_summary(f, left, half, n)
