"""Forget gate, clamped: the slider is f_t."""

from __future__ import annotations

import numpy as np

from lstm_lib.cell import lstm_step
from lstm_lib.explore.explorer import Explorer
from lstm_lib.params import LSTMParams
from lstm_lib.views.memory_svg import kept_summary, memory_svg

__all__ = ["ForgetClamped"]


class ForgetClamped(Explorer):
    """Move each f_t and each C_{t-1}, and see what is kept.

    f_t, C_prev : (H,) starting values, H from 1 to 4
    """

    title = "Forget gate, clamped: fₜ ⊙ Cₜ₋₁"
    presets = {
        "forget all": {"f_t": [0.0, 0.0, 0.0], "C_prev": [6.0, 8.0, 9.0]},
        "keep all": {"f_t": [1.0, 1.0, 1.0], "C_prev": [6.0, 8.0, 9.0]},
        "keep some": {"f_t": [0.5, 1.0, 0.5], "C_prev": [6.0, 8.0, 9.0]},
    }

    def __init__(self, f_t=(0.75, 0.25, 0.5), C_prev=(6.0, 8.0, 9.0)):
        if len(f_t) != len(C_prev) or not 1 <= len(f_t) <= 4:
            raise ValueError(f"f_t, C_prev: expected 1 to 4 units each, got {len(f_t)} and {len(C_prev)}")
        if len(f_t) != 3:
            self.presets = {}
        self._params = LSTMParams.from_gates(W_f=np.zeros((len(f_t), len(f_t) + 1)))
        super().__init__({"f_t": list(map(float, f_t)), "C_prev": list(map(float, C_prev)), "unit": 0})

    def build(self):
        """Choose a unit; move its gate and its old memory."""
        units = len(self.state["f_t"])

        def writer(name):
            """Sets the chosen unit's entry of `name`."""
            return lambda state, value: state[name].__setitem__(state["unit"], value)

        def reader(name):
            """Gets it."""
            return lambda state: state[name][state["unit"]]

        if units > 1:
            self.add_buttons("unit", [(str(u), u) for u in range(units)], lambda s: s["unit"],
                             lambda s, value: s.update(unit=value))  # fmt: skip
        for name, low, high, step in (("f_t", 0, 1, 0.05), ("C_prev", -10, 10, 0.5)):
            self.add_slider(low, high, step, reader(name), writer(name),
                            lambda s, name=name: f"{name}[{s['unit']}]")  # fmt: skip

    def draw(self):
        """One step with f held and nothing written."""
        H = len(self.state["f_t"])
        clamp = {"f": self.state["f_t"], "i": 0.0}
        trace = lstm_step(self._params, [0.0], np.zeros(H), self.state["C_prev"], clamp)
        return memory_svg(trace, self.state["unit"]), kept_summary(trace)
