"""Ten memories of one unit, which is a map from C_{t-1} to C_t while o is clamped at 1."""

from dataclasses import dataclass
from functools import cache, lru_cache, partial

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.cell.params import frozen
from lstm_lib.cell.resting import next_memory, resting_places
from lstm_lib.checks import finite_number, instance, one_of, whole_number
from lstm_lib.explore.bounds import checked_settings
from lstm_lib.explore.controls import Play, Switch, Whole, choice, slider
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.views.map_svg import bound_for, map_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import exact, gate_number, number

STEPS, I = 60, 0.3  # noqa: E741
STARTS, OWN = np.linspace(-1.8, 1.8, 10), 7
SAME = 0.05
"""Memories that end nearer to the lowest of them than this count as one group."""

RANGES = {"b_f": (-2, 5), "u": (-6, 6), "x": (-2, 2), "noise": (0, 3), "C_0": (-2, 2)}
SLIDERS = ("cell", "start and noise")


@dataclass(frozen=True, eq=False)
class Starts(State):
    """b_f, the weight u of the candidate on h, the input x; noise on x; C_0 of the start that is moved; the step shown."""

    b_f: float = 1.0
    u: float = 0.5
    x: float = 0.0
    cut: bool = False
    noise: float = 0.0
    C_0: float = round(float(STARTS[OWN]), 2)
    step: int = 0
    sliders: str = "cell"


CHECKS = {
    **{name: partial(finite_number, low=low, high=high) for name, (low, high) in RANGES.items()},
    "cut": lambda name, value: instance(name, value, bool),
    "step": partial(whole_number, low=0, high=STEPS),
    "sliders": partial(one_of, choices=SLIDERS),
}


class TenStarts(Explorer):
    """Where do ten memories of one unit go? h is fed back to the candidate with the weight u; o is clamped at 1, i at 0.3.

    b_f : −2 to 5;  u : −6 to 6;  x : the input, −2 to 2;  cut : whether nothing is fed back
    noise : its standard deviation, added to x, 0 to 3;  C_0 : of the start that is moved, −2 to 2;  step : 0 to 60
    sliders : "cell" or "start and noise"
    """

    title = "Ten starts on the map"
    presets = {
        "a latch": {"b_f": 1.0, "u": 3.0, "x": 0.0, "cut": False, "noise": 0.0},
        "a latch in noise": {"b_f": 1.0, "u": 3.0, "x": 0.0, "cut": False, "noise": 1.5},
        "latch, cut": {"b_f": 1.0, "u": 3.0, "x": 0.0, "cut": True, "noise": 0.0},
        "high b_f, cut": {"b_f": 5.0, "u": 3.0, "x": 0.0, "cut": True, "noise": 0.5},
    }

    def __init__(self, **settings):
        super().__init__(Starts(**checked_settings("TenStarts", settings, CHECKS)))

    def controls(self, s):
        rows = [
            Switch("cut", "cut the feedback", ("cut",), value=s.cut),
            choice(s, "sliders", SLIDERS),
        ]
        if s.sliders == "cell":
            rows.append(slider(s, "b_f", "b_f", ("b_f",), RANGES["b_f"]))
            if not s.cut:
                rows.append(slider(s, "u", "u, feedback", ("u",), RANGES["u"]))
            rows.append(slider(s, "x", "input x", ("x",), RANGES["x"]))
        else:
            rows.append(slider(s, "C_0", "C_0 of the diamond", ("C_0",), RANGES["C_0"], 0.05))
            rows.append(slider(s, "noise", "noise", ("noise",), RANGES["noise"]))
        rows.append(Whole("step", "step t", ("step",), value=s.step, high=STEPS))
        return [*rows, Play("play", "Play", moves="step", milliseconds=250, disabled=s.step == STEPS)]

    def memories(self, s):
        """C (STEPS + 1, 10) of all starts, from C_0 on."""
        return _memories(s.b_f, 0.0 if s.cut else s.u, s.x, s.noise, s.C_0)

    def places(self, s):
        """[(C, slope), …] of the map without noise."""
        return _places(s.b_f, 0.0 if s.cut else s.u, s.x)

    def picture(self, s, before=None):
        C, places = self.memories(s), self.places(s)
        bound = bound_for(np.concatenate([C.ravel(), [c for c, _ in places]]))
        old = np.linspace(-bound, bound, 121)
        fed = "feedback cut" if s.cut else f"u = {exact(s.u, 1)}"
        f = gate_number(sigmoid(s.b_f))
        settings = f"b_f = {exact(s.b_f, 1)}: f = {f} · i = {I}, o = 1 · {fed} · x = {exact(s.x, 1)} · noise {exact(s.noise, 1)}"
        summary = (
            f"{settings.replace(' ·', ',')}. {self._resting(places)} {self._ends(C[s.step], C[0], s.step)}"
        )
        after = _map(s.b_f, 0.0 if s.cut else s.u, s.x)
        svg = map_svg((old, after(old)), places, C, s.step, OWN, settings, summary)
        return Picture(svg, summary)

    @staticmethod
    def _resting(places):
        found = (
            f"{number(round(C, 6))} ({'stable' if abs(k) < 1 else 'not stable'}, slope {number(k, 3 if 0.99 < abs(k) < 1.01 else 2)})"
            for C, k in places
        )
        several = len(places) > 1
        return f"Resting place{'s' * several} without noise: {', '.join(found)}."

    @staticmethod
    def _ends(C, C_0, step):
        """How many memories there still are."""
        C, signs = np.sort(C), int((np.sign(C) == np.sign(C_0)).sum())
        parts = []
        while len(C):
            parts.append(C[C[0] + SAME >= C])
            C = C[len(parts[-1]) :]
        many = f"{len(parts)} group{'s' * (len(parts) > 1)}"
        where = f" ({', '.join(number(round(p.mean(), 2)) for p in parts)})"
        where = (
            where
            if len(parts) <= 3
            else f", from {number(round(parts[0][0], 2))} to {number(round(parts[-1][-1], 2))}"
        )
        held = f"; {signs} of 10 have the sign they started with" if len(parts) > 1 else ""
        return f"After step {step} the ten memories are in {many}{where}{held}."


def _cell(b_f, u):
    """The unit's parameters; only the candidate reads h and x."""
    return LSTMParams.from_gates(W_f=[[0.0, 0.0]], b_f=[b_f], W_C=[[u, 1.0]])


def _map(b_f, u, x):
    return next_memory(_cell(b_f, u), x, {"i": I})


@lru_cache(maxsize=512)
def _memories(b_f, u, x, noise, C_0):
    first = STARTS.copy()
    first[OWN] = C_0
    inputs = (x + noise * _noise())[:, :, None]
    clamp = {"i": I, "o": 1.0}
    trace = lstm_forward(_cell(b_f, u), inputs, np.tanh(first)[:, None], first[:, None], clamp)
    return frozen(np.concatenate([first[None], trace.C[:, :, 0]]))


@lru_cache(maxsize=512)
def _places(b_f, u, x):
    """|C_t| ≤ f |C_{t-1}| + i, so no resting place lies beyond i / (1 − f)."""
    most = 1.05 * I / (1 - float(sigmoid(b_f)))
    return resting_places(_map(b_f, u, x), -most, most)


@cache
def _noise():
    """Standard normal noise (STEPS, 10), the same in every picture."""
    return np.random.default_rng(8).normal(size=(STEPS, len(STARTS)))
