"""Exercises on the forget gate."""

import numpy as np

from lstm_lib.cell.activations import logit, sigmoid
from lstm_lib.judge.exercise import exercise


@exercise(
    """
[h_prev, x_t] → [x_t, h_prev] | You joined [x_t; h_prev]. The equation has [h_{t-1}; x_t]: the first 3 columns of W_f belong to h. The shape is the same, so nothing crashes.
W_f @ v → v | NumPy cannot add the 7 numbers of v to the 3 of b_f. Which part of the equation turns 7 numbers into 3?
W_f @ v + b_f → v | The weights are missing: you squashed the 7 inputs and got 7 numbers. There is one gate for each of the 3 units.
+ b_f → | The bias b_f is missing.
+ b_f → ; sigmoid(z_f) → sigmoid(z_f) + b_f | You added b_f after the sigmoid, so f_t can leave 0…1. The bias belongs inside: σ(W_f · […] + b_f).
+ b_f → - b_f | You subtracted the bias; the equation adds it.
sigmoid(z_f) → z_f | That is z_f. The sigmoid is missing, so the values are not gates from 0 to 1.
sigmoid → np.tanh | You used tanh, which runs from −1 to 1. A gate is a share from 0 to 1: use σ.
z_f) → -z_f) | The sign of z_f is reversed: that is 1 − f_t.
W_f @ v → v @ W_f | The order of the product is wrong for a column vector: W_f is (3, 7), so W_f @ v gives 3 numbers; v @ W_f does not fit. (With row vectors it would be v @ W_f.T.)
W_f @ v → W_f.T @ v | A column of W_f has 3 numbers and cannot be multiplied with the 7 of [h; x] (in W_f.T @ v, or in a loop over the columns). Use the rows: W_f @ v.
W_f @ v → W_f * v | You multiplied element by element. W_f · v is a matrix product: @.
W_f @ v + b_f → np.array([W_f[k] @ v + b_f[k] for k in range(7)]) | You looped over 7 inputs. There is one gate for each of the 3 rows of W_f.
W_f @ v + b_f → (W_f * v).sum(axis=0) | You summed over the units (axis 0) and got 7 numbers. Each unit sums over its 7 inputs.
[h_prev, x_t] → h_prev, x_t | np.concatenate takes one list of arrays: np.concatenate([h_prev, x_t]), with the square brackets.
[h_prev, x_t] → [x_t, h_prev] ; + b_f → | Two mistakes: [x_t; h_prev] should be [h_prev; x_t], and the bias b_f is missing.
W_f @ v → W_f[:, 3:] @ x_t | You used only x_t; the gate also depends on h_{t-1}.
W_f @ v → W_f[:, :3] @ h_prev | You used only h_{t-1}; the gate also depends on x_t.
sigmoid(z_f) → sigmoid(sigmoid(z_f)) | The sigmoid is applied twice: the result is squeezed between 0.5 and 0.73. Is there one in the line above already?
np.concatenate([h_prev, x_t]) → h_prev + x_t | You added h and x. They are joined end to end: 3 + 4 = 7 numbers.
sigmoid(z_f) → sigmoid(z_f) * h_prev | You multiplied the gate with h_{t-1}. Asked is the gate alone; what it multiplies later is the memory C_{t-1}.
""",
    draw=lambda drawn: (drawn.numbers(3), drawn.numbers(4), drawn.numbers(3, 7, high=1.0), drawn.numbers(3)),
    hints=(
        "np.concatenate takes one list: np.concatenate([first, second]). Which comes first in [h_{t-1}; x_t]?",
        "z is a matrix times a vector plus a vector: W_f @ … + …",
    ),
    praise="Right: 3 + 4 = 7 numbers in, one gate for each of the 3 units out.",
)
def forget_gate(h_prev, x_t, W_f, b_f):
    v = np.concatenate([h_prev, x_t])
    z_f = W_f @ v + b_f
    return sigmoid(z_f)


@exercise(
    """
return np.log(f) / np.log(0.5) | That is the reciprocal, ln f / ln ½: halvings per step rather than steps per halving. At f = 0.9 it gives 0.152.
np.log(0.5) → -np.log(0.5) | The sign is wrong: your result is negative. ln f is negative, so it takes ln ½ (or −ln 2) above it to get a positive number of steps.
return np.log2(f) | log₂ f is minus the reciprocal: at f = 0.9 it is −0.152. Steps are −1 / log₂ f.
return 1 / (1 - f) | 1 / (1 − f) is the time constant: the steps until 1/e (37 %) is left, roughly. The half-life asks for 50 %.
return 0.5 / f | The gate multiplies once per step: the number of steps is an exponent, fⁿ = ½, not a factor.
return 0.5 / (1 - f) | That would be right if the loss were the same amount at every step. It is the same share: fⁿ = ½.
np.log(f) → f | The logarithm of f is missing: fⁿ = ½ means n · ln f = ln ½.
return -1 / np.log(f) | That is the time constant: the steps until 1/e (37 %) is left. The half-life asks for 50 %: ln ½ in place of −1.
return np.log(2) / (1 - f) | Near f = 1 that is a fair estimate, since −ln f ≈ 1 − f; at f = 0.5 it is 39 % too much. Use ln f itself.
return np.ceil(np.log(0.5) / np.log(f)) | You counted whole steps. The n in fⁿ = ½ need not be whole: 6.6 at f = 0.9. Solve for it.
return f**0.5 | √f is not a number of steps. Solve fⁿ = ½ for n.
return np.log(0.5 / f) | That is ln ½ − ln f, the logarithm of a quotient. Asked is the quotient of the logarithms, ln ½ / ln f.
return 0.5 ** (1 / f) | You took f for the number of steps. f is given; asked is the n with fⁿ = ½.
""",
    name="half_life",
    draw=lambda drawn: (drawn.gates(),),
    hints=(
        "After n steps fⁿ is left. For which n is that ½? Take logarithms on both sides.",
        "n · ln f = ln ½. Divide.",
    ),
    praise="Right: 0.5 → 1 step, 0.9 → 6.6 steps, 0.99 → 69 steps.",
    tolerance=1e-3,
)
def my_half_life(f):
    return np.log(0.5) / np.log(f)


def _near_and_far(drawn):
    z = drawn.numbers(*drawn.of((2,), (3,), (2, 2))) * drawn.of(1, 2, 20, 800)
    z.flat[0] *= drawn.of(0, 1, 1, 1, 1)
    return (z,)


@exercise(
    """
return 1 / (1 + np.exp(-z)) | The values are right, but exp(800) overflows and NumPy warns. Call exp only with −|z|, which is never positive.
return 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)) | `if z >= 0` cannot decide for a whole array at once. Use np.where, or write it with |z|.
return 1 / (1 + np.exp(z)) | That is σ(−z): it falls where σ rises.
return np.exp(z) / (1 + np.exp(z)) | At z = 800 both exp(z) are infinite, and ∞ / ∞ is NaN. Call exp only with −|z|, which is never positive.
return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))) | np.where computes both sides for every z before it chooses, so exp still overflows. Compute e = np.exp(-np.abs(z)) once, and use it on both sides.
return 1 / (1 + np.exp(-np.abs(z))) | For negative z you return σ(|z|): σ(−2) should be below ½.
np.where(z >= 0, 1, e) → np.where(z >= 0, e, 1) | That is σ(−z), without overflow. Are the two sides swapped? For z ≥ 0 it is 1 / (1 + e).
return np.tanh(z / 2) | That runs from −1 to 1. Shifted and halved it is σ: (1 + tanh(z / 2)) / 2.
return (1 + np.tanh(z)) / 2 | That is σ(2z). By tanh, σ(z) is (1 + tanh(z / 2)) / 2.
return 1 / (1 + np.exp(-np.clip(z, -10, 10))) | z is clipped at ±10, but σ still changes beyond: σ(−12) is 0.000006, σ(−10) 0.000045.
return np.where(abs(z) > 6, z > 0, 1 / (1 + np.exp(-np.clip(z, -6, 6)))) | Beyond ±6 you return 0 or 1. σ only comes near them: σ(−7) is 0.0009.
return float(z) | math.exp and float take one number, and z is an array: use np.exp.
""",
    draw=_near_and_far,
    seed=2,
    hints=(
        "With e = np.exp(-np.abs(z)): what is σ(z) for z ≥ 0, in terms of e? And for z < 0, as e / (…)?",
        "np.where(z >= 0, 1, e) / (1 + e)",
    ),
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
)
def stable_sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _kept(z):
    return f"z = {z:.4g} keeps {100 * sigmoid(float(np.clip(z, -700, 700))) ** 19:.3g} % over 19 gates; 50 % is wanted."


@exercise(
    """
return 0.5 ** (1 / 19) | That is f itself, 0.964. The question asks for the z that gives it: f = σ(z).
19 → 20 | You counted 20 steps. The memory passes through the gate 19 times: from the first of 20 steps to the last.
logit → -logit | The sign is reversed: that gate keeps only 3.6 % per step.
return 0 | z = 0 gives f = 0.5: half at every step, 0.0002 % at the end.
return 0.5 | 0.5 is the share at the end. First find f with f¹⁹ = 0.5, then z with σ(z) = f.
return logit(1 - 0.5 / 19) | That would be right if the loss were the same amount at every step. It is the same share: f¹⁹ = ½.
return logit(0.5 / 19) | You divided the half among the gates. They multiply, one after the other: f¹⁹ = ½.
logit → np.log | That is ln f. The inverse of σ is the logit, ln(f / (1 − f)).
logit → sigmoid | σ leads from z to f. You have f and want z: take the inverse, the logit.
(1 / 19) → 19 | That is for ½ to the power of 19. Asked is the f with f¹⁹ = ½, the 19th root of ½.
19 → 18 | You counted 18 gates. There are 19, those of steps 2 to 20.
""",
    hints=("f¹⁹ = ½, so f = 0.5 ** (1 / 19).", "z = ln(f / (1 − f)), which is logit(f)."),
    shown="z_keep = logit(0.5 ** (1 / 19))    # f = 0.964, z = 3.29",
    praise="Right: f = 0.964 at every step, and z = 3.3 makes it.",
    tolerance=0.008,
    miss=_kept,
)
def z_keep():
    return logit(0.5 ** (1 / 19))
