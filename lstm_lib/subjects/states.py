"""Exercises on what a cell writes and what it shows: candidate, update, hidden state."""

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

HIDDEN = Exercise(
    name="hidden",
    cases=(([0.5, 1, 0], [0.5, 5, -2], [1, -1, 3]), ([1, 0.2, 0.9], [-0.4, 12, 0.1], [0, 2, -3])),
    mistakes=(
        Mistake(lambda o, C, old: o * C, "tanh is missing: the memory can be 12 or 200, and h_t would be too. h_t lies "
                "between −1 and 1."),
        Mistake(lambda o, C, old: np.tanh(o * C), "You squashed after gating. o_t acts on tanh(C_t): with C_t = 12 and "
                "o_t = 0.2, tanh(2.4) = 0.98 shows nearly all of it, but o_t = 0.2 should show a fifth."),
        Mistake(lambda o, C, old: o * np.tanh(old), "You showed the old memory: the output gate acts on the new C_t, "
                "otherwise h_t is one step late."),
        Mistake(lambda o, C, old: o * sigmoid(C), "You used σ, so h_t could never be negative. It is tanh(C_t)."),
        Mistake(lambda o, C, old: np.tanh(C), "The output gate is missing: everything is always shown."),
        Mistake(lambda o, C, old: o * old, "Two mistakes: the old memory, and no tanh."),
        Mistake(lambda o, C, old: C, "That is what is stored, not what is shown: gate and tanh are missing."),
        Mistake(lambda o, C, old: o, "You returned the gate. It has to multiply tanh(C_t)."),
        Mistake(lambda o, C, old: o @ np.tanh(C), "You summed over the units: use *."),
    ),
    hints=("Which of the two memories is the one of this step, and what keeps h_t between −1 and 1?",
           "o_t * np.tanh(…)"),
    solution="def hidden(o_t, C_t, C_prev):\n    return o_t * np.tanh(C_t)    # C_prev is not needed",
    praise="Right: the gate acts on the squashed new memory.",
)  # fmt: skip


def repaired(W_xf=-10.0, W_oh=0.5, show=lambda o, C, C_prev: o * np.tanh(C)):
    """h after x = 1, 5, 7, 4 in the course's one-unit cell, whose other weights and biases are 0.5."""
    h, C = -1.0, 0.0
    for x in (1.0, 5.0, 7.0, 4.0):
        z = 0.5 * x + 0.5 * h + 0.5
        f, o = sigmoid(W_xf * x + 0.5 * h + 0.5), sigmoid(0.5 * x + W_oh * h + 0.5)
        C_prev, C = C, f * C + sigmoid(z) * np.tanh(z)
        h = show(o, C, C_prev)
    return float(h)


REPAIR = Exercise(
    name="h_repaired",
    right=lambda: repaired(W_xf=0.5),
    cases=((),),
    mistakes=(
        Mistake(lambda: repaired(W_oh=10.0), "That is the value before the repair, 0.7355."),
        Mistake(lambda: repaired(), "That repairs the output gate (0.6961). The forget gate still uses −10 on x."),
        Mistake(lambda: repaired(W_xf=0.5, W_oh=10.0), "That repairs the forget gate only: the output gate still "
                "takes 10 for its weight on h."),
        Mistake(lambda: 3.041, "That is the memory C. What is asked for is h."),
        Mistake(lambda: 0.9998, "That is the readout y. What is asked for is h."),
        Mistake(lambda: 0.9428, "That is h with a first input of −5. Use 1, 5, 7, 4."),
        Mistake(lambda: repaired(W_xf=0.5, show=lambda o, C, C_prev: o * np.tanh(C_prev)), "You showed the old C at "
                "every step."),
        Mistake(lambda: repaired(W_xf=0.5, show=lambda o, C, C_prev: o * C), "tanh is missing in h: that is o · C, "
                "and above 1."),
        Mistake(lambda: repaired(W_xf=0.5, show=lambda o, C, C_prev: np.tanh(o * C)), "You squashed after gating: "
                "tanh(o · C) in place of o · tanh(C)."),
    ),
    hints=("Both gates get 0.5 on x, 0.5 on h and a bias of 0.5, like the input gate.",
           "In each step: the gates from the old h, then C, then h = o · tanh(C)."),
    solution="h_repaired = run(W_xf=0.5, W_oh=0.5)[0]",
    praise="Right: h = 0.9474, with C = 3.041, and y = σ(4h + 5) = 0.9998.",
    tolerance=2e-4,
    miss=lambda h: "Right so far; four digits, please." if abs(h - 0.9474) < 0.003 else f"{h:.4g} is not right.",
)  # fmt: skip
