"""The forget gate, clamped: a slider sets f_t."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.cell.lstm import LSTMParams, lstm_step
from lstm_lib.checks import check_shape
from lstm_lib.explore.bounds import MEMORY, array, bounds_for, numbers
from lstm_lib.explore.controls import slider, unit_choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.views.memory_svg import kept_summary, memory_svg
from lstm_lib.views.picture import Picture


@dataclass(frozen=True, eq=False)
class Memory(State):
    """f_t and C_{t-1} (H,), and the chosen unit."""

    f_t: np.ndarray
    C_prev: np.ndarray
    unit: int = 0

    @cached_property
    def trace(self):
        H = len(self.f_t)
        cell = LSTMParams.from_gates(W_f=np.zeros((H, H + 1)))
        return lstm_step(cell, [0.0], np.zeros(H), self.C_prev, {"f": self.f_t, "i": 0.0})


class ForgetClamped(Explorer):
    """Move each f_t and each C_{t-1}, and see what is kept.

    f_t, C_prev : (H,) starting values, H from 1 to 4
    """

    title = "Forget gate, clamped: fₜ ⊙ Cₜ₋₁"

    def __init__(self, f_t=(0.75, 0.25, 0.5), C_prev=(6.0, 8.0, 9.0)):
        f_t = numbers("f_t", f_t)
        check_shape("f_t", f_t, ("H",))
        if (H := len(f_t)) > 4:
            raise ValueError(f"f_t: expected up to 4 units, got {H}")
        start = Memory(f_t, array("C_prev", C_prev, 0, (H,)))
        if (start.f_t < 0).any() or (start.f_t > 1).any():
            raise ValueError(
                f"f_t: expected values from 0 to 1, got {start.f_t.min():g} to {start.f_t.max():g}"
            )
        self.bounds = bounds_for(MEMORY, start.C_prev)
        some = {"forget all": [0, 0, 0], "keep all": [1, 1, 1], "keep some": [0.5, 1, 0.5]} if H == 3 else {}
        self.presets = {name: {"f_t": f, "C_prev": [6, 8, 9]} for name, f in some.items()}
        super().__init__(start)

    def controls(self, s):
        H = len(s.f_t)
        at = f"[{s.unit}]" if H > 1 else ""
        return [
            *unit_choice(s, H),
            slider(s, "f_t", f"f_t{at}", ("f_t", s.unit), (0, 1), 0.05),
            slider(s, "C_prev", f"C_{{t-1}}{at}", ("C_prev", s.unit), self.bounds, 0.5),
        ]

    def picture(self, s, before=None):
        return Picture(memory_svg(s.trace, s.unit, self.bounds[1]), kept_summary(s.trace))
