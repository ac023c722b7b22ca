"""How far back a gradient reaches: the product of forget gates beside the plain RNN's product."""

from __future__ import annotations

import numpy as np

from lstm_lib.activations import sigmoid
from lstm_lib.explore.explorer import Explorer
from lstm_lib.network import orthogonal
from lstm_lib.params import LSTMParams
from lstm_lib.reach import lstm_jacobian, rnn_jacobian
from lstm_lib.rnn import RNNParams, rnn_forward
from lstm_lib.sequence import lstm_forward
from lstm_lib.validation import finite_number, one_of, whole_number
from lstm_lib.views.reach_svg import reach_svg
from lstm_lib.views.theme import amount, gate_number, number

__all__ = ["GradientReach"]

INPUTS = {"none": 0.0, "small": 0.1, "large": 1.0}
MANY = 16
BEGIN = {"b_f": 1.0, "w": 0.9, "u": 0.0, "T": 50, "inputs": "small", "units": 1, "matrix": "random"}


class GradientReach(Explorer):
    """What is left at step T of a small change at step t, in an LSTM's C and in a plain RNN's h.

    b_f : bias of the forget gates;  w : the RNN's weight on h (with 16 units the gain of its matrix)
    u : the weight of the LSTM's gates and candidate on h (with 16 units the gain of that matrix)
    T : length, 2 to 200;  inputs : "none", "small" or "large" noise;  units : 1 or 16
    matrix : the RNN's with 16 units, "random" or "orthogonal"
    """

    title = "How far a gradient reaches"
    presets = {
        "f = 0.99": {**BEGIN, "b_f": 4.6, "inputs": "none"},
        "w = 1, no input": {**BEGIN, "w": 1.0, "inputs": "none"},
        "w = 1, large inputs": {**BEGIN, "w": 1.0, "inputs": "large"},
    }

    def __init__(self, **settings):
        for name in settings:
            if name not in BEGIN:
                raise ValueError(f"GradientReach: expected settings from {list(BEGIN)}, got {name!r}")
        state = BEGIN | settings
        allowed = {"inputs": tuple(INPUTS), "units": (1, MANY), "matrix": ("random", "orthogonal")}
        for name, choices in allowed.items():
            state[name] = one_of(name, state[name], choices)
        state["T"] = whole_number("T", state["T"], 2, 200)
        for name, low, high in (("b_f", -6, 8), ("w", -3, 3), ("u", -3, 3)):
            state[name] = finite_number(name, state[name], low, high)
        if state["units"] == MANY:
            many = {**BEGIN, "units": MANY, "b_f": 3.0, "T": 100}
            self.presets = {
                "vanishing RNN": {**many, "w": 0.8},
                "exploding RNN": {**many, "w": 2.0},
                "orthogonal RNN": {**many, "w": 1.0, "matrix": "orthogonal"},
                "exploding LSTM": {**many, "u": 3.0},
            }
        super().__init__(state)

    def build(self):
        """The two biases and weights that decide, the length, and what comes in."""
        many = self.state["units"] == MANY
        if many:
            self.add_buttons("RNN's matrix", ["random", "orthogonal"], lambda s: s["matrix"],
                             lambda s, value: s.update(matrix=value))  # fmt: skip
        self.add_buttons(
            "inputs", list(INPUTS), lambda s: s["inputs"], lambda s, value: s.update(inputs=value)
        )
        for name, low, high, step, label in (
            ("b_f", -6, 8, 0.1, "LSTM: b_f"),
            ("w", -3, 3, 0.01, "RNN: gain" if many else "RNN: w"),
            ("u", -3, 3, 0.05, "LSTM: gain" if many else "LSTM: u"),
        ):
            self.add_slider(low, high, step, lambda s, name=name: s[name],
                            lambda s, value, name=name: s.__setitem__(name, value), lambda s, label=label: label)  # fmt: skip
        self.add_slider(2, 200, 1, lambda s: s["T"], lambda s, value: s.update(T=int(value)), lambda s: "length T",
                        format=".0f")  # fmt: skip

    def draw(self):
        """Both networks on the same inputs; every random number is the same on every move."""
        s = self.state
        H, rng = s["units"], np.random.default_rng(0)
        noise = rng.normal(size=(200, 1))
        if H == 1:
            W_rnn, W_lstm, W_x = np.ones((1, 1)), np.ones((4, 1)), np.ones((1, 1))
        else:
            W_rnn, W_lstm = rng.normal(size=(H, H)) / H**0.5, rng.normal(size=(4 * H, H)) / H**0.5
            W_x, turned = rng.normal(size=(H, 1)), orthogonal(rng, H)
            W_rnn = turned if s["matrix"] == "orthogonal" else W_rnn
        x = INPUTS[s["inputs"]] * noise[: s["T"]]
        rnn = RNNParams(np.concatenate([s["w"] * W_rnn, W_x], axis=1), np.zeros(H))
        b = np.zeros(4 * H)
        b[:H] = s["b_f"]
        lstm = LSTMParams(np.concatenate([s["u"] * W_lstm, np.tile(W_x, (4, 1))], axis=1), b)
        direct, full = lstm_jacobian(lstm, x)
        lines = {
            "direct": direct.max(axis=1),
            "full": np.linalg.norm(full, 2, axis=(1, 2)),
            "rnn": np.linalg.norm(rnn_jacobian(rnn, x), 2, axis=(1, 2)),
        }
        h = rnn_forward(rnn, x).h
        one_step = np.linalg.norm((1 - h**2)[:, :, None] * rnn.W[:, :H], 2, axis=(1, 2))
        factors = {"f": lstm_forward(lstm, x).f.max(axis=1), "rnn": one_step}
        summary = self._words(s, lines)
        return reach_svg(factors, lines, H, self.title, summary), summary

    def _words(self, s, lines):
        left = {name: amount(values[0]) for name, values in lines.items()}
        f = gate_number(sigmoid(s["b_f"]))
        return (
            f"b_f = {number(s['b_f'], 1)} (at rest f = {f}). Of a change at step 1 this is left at step {s['T']}: in "
            f"the LSTM's C {left['direct']} by the direct path and {left['full']} in all, in the RNN's h "
            f"{left['rnn']}."
        )
