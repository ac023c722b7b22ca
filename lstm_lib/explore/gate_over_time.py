"""A sequence of inputs, the gates it makes, and what is retained of the first memory."""

from __future__ import annotations

import numpy as np

from lstm_lib.explore.explorer import Explorer
from lstm_lib.params import LSTMParams
from lstm_lib.sequence import lstm_forward
from lstm_lib.views.decay_svg import percent
from lstm_lib.views.strips_svg import Strip, strips_svg, unit_series
from lstm_lib.views.theme import ROLES, gate_number, gate_vector, plain

__all__ = ["GateOverTime"]

LONGEST = 60


class GateOverTime(Explorer):
    """Inputs x_t over time drive f_t = σ(w·x_t + b); C_0 = 1 is kept or lost, nothing is written.

    x : (T,) inputs, T up to 60;  w, b : (H,) weight on x_t and bias of each unit
    """

    title = "Forget gate over time"

    def __init__(self, x, w=(2.0,), b=(1.0,)):
        x, w, b = (np.atleast_1d(np.array(a, dtype=float)) for a in (x, w, b))
        if x.ndim != 1 or not 2 <= len(x) <= LONGEST:
            raise ValueError(f"x: expected 2 to {LONGEST} numbers, got shape {x.shape}")
        if w.shape != b.shape or w.ndim != 1 or len(w) > 4:
            raise ValueError(f"w, b: expected up to 4 numbers each, one a unit, got {w.shape} and {b.shape}")
        patterns = {
            "steady": lambda t, T: 1.0,
            "abrupt jump": lambda t, T: 1.0 if t < T // 2 else -1.0,
            "one pulse": lambda t, T: -2.0 if t == T // 2 else 1.0,
            "alternating": lambda t, T: 1.0 if t % 2 == 0 else -1.0,
        }
        self.presets = {  # as long as the sequence that is there
            name: lambda s, at=at: {"x": np.array([at(t, len(s["x"])) for t in range(len(s["x"]))])}
            for name, at in patterns.items()
        }
        super().__init__({"x": x, "w": w, "b": b, "unit": 0, "step": 0})

    def build(self):
        """Choose a unit and a step; move that unit's weight and bias and that step's input."""
        units = len(self.state["w"])
        if units > 1:
            self.add_buttons("unit", [(str(u), u) for u in range(units)], lambda s: s["unit"],
                             lambda s, value: s.update(unit=value))  # fmt: skip
        for name, sign in (("w", "weight w"), ("b", "bias b")):
            self.add_slider(
                -6, 6, 0.1,
                lambda s, name=name: s[name][s["unit"]],
                lambda s, value, name=name: s[name].__setitem__(s["unit"], value),
                lambda s, name=name, sign=sign: f"{name}[{s['unit']}]" if units > 1 else sign,
            )  # fmt: skip
        self.add_slider(1, lambda s: len(s["x"]), 1, lambda s: s["step"] + 1,
                        lambda s, value: s.update(step=int(value) - 1), lambda s: "step t", format=".0f")  # fmt: skip
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["x"][s["step"]],
            lambda s, value: s["x"].__setitem__(s["step"], value),
            lambda s: f"x at t={s['step'] + 1}",
        )  # fmt: skip
        self.add_text("inputs x", lambda s: " ".join(f"{v:g}" for v in s["x"]),
                      self._typed, "numbers with spaces between")  # fmt: skip

    @staticmethod
    def _typed(state, words):
        numbers = []
        for word in words.replace(", ", " ").replace(";", " ").replace("−", "-").split():
            if "," in word:
                raise ValueError(f"inputs x: is {word!r} one number or two? Write 0.5, or a space between")
            try:
                numbers.append(float(word))
            except ValueError:
                raise ValueError(
                    f"inputs x: {word!r} is not a number; type numbers with spaces between, like 1 0 -1"
                ) from None
        if not 2 <= len(numbers) <= LONGEST:
            raise ValueError(f"inputs x: expected 2 to {LONGEST} numbers, got {len(numbers)}")
        if not np.isfinite(numbers).all() or np.abs(numbers).max() > 6:
            raise ValueError("inputs x: expected numbers from -6 to 6")
        state.update(x=np.array(numbers), step=min(state["step"], len(numbers) - 1))

    def draw(self):
        """The cell over the sequence, from C_0 = 1, with a candidate of zero."""
        s = self.state
        H = len(s["w"])
        W_f = np.concatenate([np.zeros((H, H)), s["w"][:, None]], axis=1)
        trace = lstm_forward(LSTMParams.from_gates(W_f=W_f, b_f=s["b"]), s["x"][:, None], C_0=np.ones(H))
        limit = max(2.0, float(np.ceil(np.abs(s["x"]).max())))
        strips = [
            Strip("input x_t", unit_series(trace.x, ROLES["x"].ink, "x"), -limit, limit, bars=True),
            Strip("forget gate f_t", unit_series(trace.f, ROLES["f"].ink, "f"), 0, 1),
            Strip(
                "what is left of C_0 = 1",
                unit_series(trace.C, ROLES["C"].ink, "C"),
                0,
                1,
                guides={0.5: "half"},
            ),
        ]
        t = s["step"]
        gates = gate_number(trace.f[t, 0]) if H == 1 else gate_vector(trace.f[t])
        caption = f"t = {t + 1}:  x_t = {plain(s['x'][t])},  f_t = {gates}"
        left = ", ".join(percent(c) for c in trace.C[-1])
        summary = (
            f"{len(s['x'])} inputs; at step {t + 1} x_t is {plain(s['x'][t])} and f_t is {gates}; in the end "
            f"{left} of C_0 is left."
        )
        return strips_svg(strips, self.title, summary, step=t, caption=caption), summary
