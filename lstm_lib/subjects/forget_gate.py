"""Exercises on the forget gate."""

import numpy as np

from lstm_lib.cell.activations import logit, sigmoid
from lstm_lib.judge.exercise import Exercise, Mistake

_RNG = np.random.default_rng(11)
_W, _b = _RNG.normal(size=(3, 7)).round(1), np.array([0.5, -1.0, 2.0])
_h, _x = np.array([0.1, 0.2, 0.3]), np.array([0.4, 0.5, -1.0, 2.0])


def _joined(h_prev, x_t):
    return np.concatenate([h_prev, x_t])


def _naive(z):
    return 1 / (1 + np.exp(-z))


def _branched(z):
    return 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z))


def _columns(h_prev, x_t, W_f, b_f):
    return np.array([sigmoid(W_f[k] @ _joined(h_prev, x_t) + b_f[k]) for k in range(7)])


FORGET = Exercise(
    name="forget_gate",
    cases=((_h, _x, _W, _b), (-_h, 2 * _x, _W, -_b)),
    mistakes=(
        Mistake(lambda h, x, W, b: sigmoid(W @ _joined(x, h) + b), "You joined [x_t; h_prev]. The equation has "
                "[h_{t-1}; x_t]: the first 3 columns of W_f belong to h. The shape is the same, so nothing crashes."),
        Mistake(lambda h, x, W, b: sigmoid(_joined(x, h) + b), "NumPy cannot add the 7 numbers of v to the 3 of b_f. "
                "Which part of the equation turns 7 numbers into 3?"),
        Mistake(lambda h, x, W, b: sigmoid(_joined(h, x)), "The weights are missing: you squashed the 7 inputs and got "
                "7 numbers. There is one gate for each of the 3 units."),
        Mistake(lambda h, x, W, b: sigmoid(W @ _joined(h, x)), "The bias b_f is missing."),
        Mistake(lambda h, x, W, b: sigmoid(W @ _joined(h, x)) + b, "You added b_f after the sigmoid, so f_t can leave "
                "0…1. The bias belongs inside: σ(W_f · […] + b_f)."),
        Mistake(lambda h, x, W, b: sigmoid(W @ _joined(h, x) - b), "You subtracted the bias; the equation adds it."),
        Mistake(lambda h, x, W, b: W @ _joined(h, x) + b, "That is z_f. The sigmoid is missing, so the values are not "
                "gates from 0 to 1."),
        Mistake(lambda h, x, W, b: np.tanh(W @ _joined(h, x) + b), "You used tanh, which runs from −1 to 1. A gate is "
                "a share from 0 to 1: use σ."),
        Mistake(lambda h, x, W, b: sigmoid(-(W @ _joined(h, x) + b)), "The sign of z_f is reversed: that is 1 − f_t."),
        Mistake(lambda h, x, W, b: sigmoid(_joined(h, x) @ W + b), "The order of the product is wrong for a column "
                "vector: W_f is (3, 7), so W_f @ v gives 3 numbers; v @ W_f does not fit. (With row vectors it would "
                "be v @ W_f.T.)"),
        Mistake(lambda h, x, W, b: sigmoid(W.T @ _joined(h, x) + b), "A column of W_f has 3 numbers and cannot be "
                "multiplied with the 7 of [h; x] (in W_f.T @ v, or in a loop over the columns). Use the rows: W_f @ v."),
        Mistake(lambda h, x, W, b: sigmoid(W * _joined(h, x) + b), "You multiplied element by element. W_f · v is a "
                "matrix product: @."),
        Mistake(_columns, "You looped over 7 inputs. There is one gate for each of the 3 rows of W_f."),
        Mistake(lambda h, x, W, b: sigmoid((W * _joined(h, x)).sum(axis=0)), "You summed over the units (axis 0) and "
                "got 7 numbers. Each unit sums over its 7 inputs."),
        Mistake(lambda h, x, W, b: sigmoid(W @ np.concatenate(h, x) + b), "np.concatenate takes one list of arrays: "
                "np.concatenate([h_prev, x_t]), with the square brackets."),
        Mistake(lambda h, x, W, b: sigmoid(W @ _joined(x, h)), "Two mistakes: [x_t; h_prev] should be [h_prev; x_t], "
                "and the "
                "bias b_f is missing."),
        Mistake(lambda h, x, W, b: sigmoid(W[:, 3:] @ x + b), "You used only x_t; the gate also depends on h_{t-1}."),
        Mistake(lambda h, x, W, b: sigmoid(W[:, :3] @ h + b), "You used only h_{t-1}; the gate also depends on x_t."),
        Mistake(lambda h, x, W, b: sigmoid(sigmoid(W @ _joined(h, x) + b)), "The sigmoid is applied twice: the result is "
                "squeezed between 0.5 and 0.73. Is there one in the line above already?"),
        Mistake(lambda h, x, W, b: sigmoid(W @ (h + x) + b), "You added h and x. They are joined end to end: 3 + 4 = 7 "
                "numbers."),
    ),
    hints=("np.concatenate takes one list: np.concatenate([first, second]). Which comes first in [h_{t-1}; x_t]?",
           "z is a matrix times a vector plus a vector: W_f @ … + …"),
    solution="def forget_gate(h_prev, x_t, W_f, b_f):\n    v = np.concatenate([h_prev, x_t])\n"
    "    z_f = W_f @ v + b_f\n    return sigmoid(z_f)",
    praise="Right: 3 + 4 = 7 numbers in, one gate for each of the 3 units out.",
)  # fmt: skip

HALF_LIFE = Exercise(
    name="half_life",
    cases=((0.5,), (0.9,), (0.99,), (0.7,)),
    mistakes=(
        Mistake(lambda f: np.log(f) / np.log(0.5), "That is the reciprocal, ln f / ln ½: halvings per step rather "
                "than steps per halving. At f = 0.9 it gives 0.152."),
        Mistake(lambda f: -np.log(0.5) / np.log(f), "The sign is wrong: your result is negative. ln f is "
                "negative, so it takes ln ½ (or −ln 2) above it to get a positive number of steps."),
        Mistake(lambda f: np.log2(f), "log₂ f is minus the reciprocal: at f = 0.9 it is −0.152. Steps are −1 / log₂ f."),
        Mistake(lambda f: 1 / (1 - f), "1 / (1 − f) is the time constant: the steps until 1/e (37 %) is left, roughly. "
                "The half-life asks for 50 %."),
        Mistake(lambda f: 0.5 / f, "The gate multiplies once per step: the number of steps is an exponent, fⁿ = ½, not a "
                "factor."),
        Mistake(lambda f: 0.5 / (1 - f), "That would be right if the loss were the same amount at every step. It is the "
                "same share: fⁿ = ½."),
        Mistake(lambda f: np.log(0.5) / f, "The logarithm of f is missing: fⁿ = ½ means n · ln f = ln ½."),
        Mistake(lambda f: -1 / np.log(f), "That is the time constant: the steps until 1/e (37 %) is left. The "
                "half-life asks "
                "for 50 %: ln ½ in place of −1."),
        Mistake(lambda f: np.log(2) / (1 - f), "Near f = 1 that is a fair estimate, since −ln f ≈ 1 − f; at f = 0.5 "
                "it is 39 % "
                "too much. Use ln f itself."),
        Mistake(lambda f: float(np.ceil(np.log(0.5) / np.log(f))), "You counted whole steps. The n in fⁿ = ½ need not "
                "be whole: "
                "6.6 at f = 0.9. Solve for it."),
        Mistake(lambda f: f**0.5, "√f is not a number of steps. Solve fⁿ = ½ for n."),
    ),
    hints=("After n steps fⁿ is left. For which n is that ½? Take logarithms on both sides.",
           "n · ln f = ln ½. Divide."),
    solution="def my_half_life(f):\n    return np.log(0.5) / np.log(f)",
    praise="Right: 0.5 → 1 step, 0.9 → 6.6 steps, 0.99 → 69 steps.",
    tolerance=1e-3,
)  # fmt: skip

SIGMOID = Exercise(
    name="stable_sigmoid",
    cases=(([-2.0, 0.0, 3.0],), ([-800.0, -40.0, 0.0, 40.0, 800.0],), ([[-2.0, 1.0], [0.5, 9.0]],), ([4.0, -0.5, -3.0],)),
    mistakes=(
        Mistake(_naive, "The values are right, but exp(800) overflows and NumPy warns. Call exp only with −|z|, which "
                "is never positive."),
        Mistake(_branched, "`if z >= 0` cannot decide for a whole array at once. Use np.where, or write it with |z|."),
        Mistake(lambda z: 1 / (1 + np.exp(z)), "That is σ(−z): it falls where σ rises."),
        Mistake(lambda z: np.exp(z) / (1 + np.exp(z)), "At z = 800 both exp(z) are infinite, and ∞ / ∞ is NaN. Call exp "
                "only with −|z|, which is never positive."),
        Mistake(lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
                "np.where computes both sides for every z before it chooses, so exp still overflows. Compute "
                "e = np.exp(-np.abs(z)) once, and use it on both sides."),
        Mistake(lambda z: 1 / (1 + np.exp(-np.abs(z))), "For negative z you return σ(|z|): σ(−2) should be below ½."),
    ),
    hints=("With e = np.exp(-np.abs(z)): what is σ(z) for z ≥ 0, in terms of e? And for z < 0, as e / (…)?",
           "np.where(z >= 0, 1, e) / (1 + e)"),
    solution="def stable_sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(z >= 0, 1, e) / (1 + e)",
    praise="Right: no warning from −800 to 800.",
    quiet=True,
    tolerance=1e-12,
    forbidden={
        "sigmoid": "That is the library's function. Write your own.",
        **dict.fromkeys(
            ("errstate", "seterr", "filterwarnings", "simplefilter", "catch_warnings"),
            "That silences the warning; exp still overflows. Call exp only with −|z|.",
        ),
    },
)  # fmt: skip

_NEEDED = float(logit(0.5 ** (1 / 19)))
KEEP_HALF = Exercise(
    name="z_keep",
    right=lambda: _NEEDED,
    cases=((),),
    mistakes=(
        Mistake(lambda: 0.5 ** (1 / 19), "That is f itself, 0.964. The question asks for the z that gives it: f = σ(z)."),
        Mistake(lambda: float(logit(0.5 ** (1 / 20))), "You counted 20 steps. The memory passes through the gate 19 "
                "times: from the first of 20 steps to the last."),
        Mistake(lambda: -_NEEDED, "The sign is reversed: that gate keeps only 3.6 % per step."),
        Mistake(lambda: 0.0, "z = 0 gives f = 0.5: half at every step, 0.0002 % at the end."),
        Mistake(lambda: 0.5, "0.5 is the share at the end. First find f with f¹⁹ = 0.5, then z with σ(z) = f."),
    ),
    hints=("f¹⁹ = ½, so f = 0.5 ** (1 / 19).", "z = ln(f / (1 − f)), which is logit(f)."),
    solution="z_keep = logit(0.5 ** (1 / 19))    # f = 0.964, z = 3.29",
    praise="Right: f = 0.964 at every step, and z = 3.3 makes it.",
    tolerance=0.008,
    miss=lambda z: f"z = {z:.4g} keeps {100 * sigmoid(float(np.clip(z, -700, 700))) ** 19:.3g} % over 19 gates; 50 % "
     "is wanted.",
)  # fmt: skip
