"""Exercises on what a cell writes: candidate and update."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import Exercise, Mistake

_RNG = np.random.default_rng(14)
_W, _b = _RNG.normal(size=(3, 7)).round(1), np.array([0.5, -1.0, 2.0])
_h, _x = np.array([0.1, -0.2, 0.3]), np.array([0.4, 0.5, -1.0, 2.0])


def _v(h, x):
    return np.concatenate([h, x])


CANDIDATE = Exercise(
    name="candidate",
    cases=((_h, _x, _W, _b), (-_h, 2 * _x, _W, -_b)),
    mistakes=(
        Mistake(lambda h, x, W, b: sigmoid(W @ _v(h, x) + b), "You used σ. Then the candidate lies between 0 and 1, "
                "and the cell could add but not subtract. Use tanh."),
        Mistake(lambda h, x, W, b: W @ _v(h, x) + b, "That is z_C. Without tanh a single step could write anything, "
                "however large."),
        Mistake(lambda h, x, W, b: np.tanh(W @ _v(x, h) + b), "You joined [x_t; h_prev]; the first columns of W_C belong "
                "to h."),
        Mistake(lambda h, x, W, b: np.tanh(W @ _v(h, x)), "The bias b_C is missing."),
        Mistake(lambda h, x, W, b: np.tanh(W @ _v(h, x)) + b, "You added b_C after tanh. It belongs inside."),
        Mistake(lambda h, x, W, b: sigmoid(W @ _v(h, x) + b) * np.tanh(W @ _v(h, x) + b), "You already multiplied by "
                "a gate. The candidate is what could be written; the gate comes in the update."),
        Mistake(lambda h, x, W, b: np.tanh(_v(h, x) @ W + b), "W_C is (3, 7): write W_C @ v, not v @ W_C."),
        Mistake(lambda h, x, W, b: np.maximum(0, W @ _v(h, x) + b), "You used max(0, z). It cannot be negative and "
                "has no upper limit; the candidate should lie between −1 and 1."),
    ),
    hints=("The same affine map as a gate, with weights of its own; only the activation differs.",
           "tanh runs from −1 to 1: np.tanh(…)"),
    solution="def candidate(h_prev, x_t, W_C, b_C):\n    return np.tanh(W_C @ np.concatenate([h_prev, x_t]) + b_C)",
    praise="Right: values from −1 to 1, so a write can go up or down.",
)  # fmt: skip

UPDATE = Exercise(
    name="update",
    cases=(([0.5, 1, 0.5], [6, 8, 9], [1, 0, 0.5], [-0.8, 0.9, 0.4]), ([0, 0.25, 1], [-4, 2, 7], [0.5, 1, 0.3], [1, -1, 0.2])),
    mistakes=(
        Mistake(lambda f, C, i, g: i * g, "The old memory is gone: C was overwritten by what is new. Add to what was "
                "kept: f_t ⊙ C_{t-1} + …"),
        Mistake(lambda f, C, i, g: i, "You returned the input gate. It still has to multiply the candidate, and what "
                "was kept has to be added."),
        Mistake(lambda f, C, i, g: f * C + g, "The whole candidate is written. i_t says how much of it should be: i_t "
                "⊙ C̃_t."),
        Mistake(lambda f, C, i, g: f * C + i, "You wrote the gate itself. What is written is i_t ⊙ C̃_t."),
        Mistake(lambda f, C, i, g: f * C, "Nothing is written: i_t ⊙ C̃_t is missing."),
        Mistake(lambda f, C, i, g: C + i * g, "Nothing is forgotten: C_{t-1} must be multiplied by f_t."),
        Mistake(lambda f, C, i, g: f * C + (1 - f) * g, "You used 1 − f_t as the input gate. A GRU does that; here f "
                "and i are independent, and both can be open or shut."),
        Mistake(lambda f, C, i, g: f * (C + i * g), "The forget gate also met what is new. It acts on the old memory "
                "only: f_t ⊙ C_{t-1}."),
        Mistake(lambda f, C, i, g: f * C * i * g, "You multiplied the two parts. They are added."),
        Mistake(lambda f, C, i, g: np.tanh(f * C + i * g), "You squashed the memory itself. C_t is not squashed; tanh "
                "comes later, in h_t."),
        Mistake(lambda f, C, i, g: g, "C was overwritten by the candidate: the old memory and both gates are missing."),
        Mistake(lambda f, C, i, g: C + g, "Both gates are missing."),
        Mistake(lambda f, C, i, g: i * C + f * g, "The gates are swapped: f_t keeps the old, i_t writes the new."),
        Mistake(lambda f, C, i, g: (1 - f) * C + i * g, "You used 1 − f_t for f_t, which is the share that is kept."),
        Mistake(lambda f, C, i, g: f * C - i * g, "What is written is added; its sign is that of C̃_t."),
        Mistake(lambda f, C, i, g: f @ C + i @ g, "You summed over the units. Every unit has its own memory: use *."),
    ),
    hints=("Two terms: what is kept of the old, and what is written of the new. Each is a gate times something.",
           "f_t * C_prev + …"),
    solution="def update(f_t, C_prev, i_t, C_tilde):\n    return f_t * C_prev + i_t * C_tilde",
    praise="Right: [3, 8, 4.5] + [−0.8, 0, 0.2] = [2.2, 8, 4.7].",
)  # fmt: skip
