"""Exercises on long memories: a bias for a half-life, one unit as a map, which resting places are stable."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.resting import resting_places
from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake, program

BIAS_SOLUTION = """\
def b_f_for(half_life):
    f = 0.5 ** (1 / half_life)
    return np.log(f / (1 - f))"""


def _f(n):
    return 0.5 ** (1 / n)


B_F_FOR = Exercise(
    name="b_f_for",
    cases=((5000.0,), (14.3,), (2.2,), (0.7,)),
    mistakes=(
        Mistake(_f, "That is the gate f that the half-life needs. Asked is the bias: the z with σ(z) = f."),
        Mistake(lambda n: sigmoid(_f(n)), "σ goes from z to f. You have f and want z: take the inverse, the logit."),
        Mistake(lambda n: -np.log(_f(n) / (1 - _f(n))), "The sign is reversed: with this bias the gate is 1 − f, nearly closed for a long half-life."),
        Mistake(lambda n: np.log(_f(n)), "That is ln f. The logit is ln(f / (1 − f))."),
        Mistake(lambda n: np.log(1 - _f(n)), "That is ln(1 − f). The logit is ln(f / (1 − f))."),
        Mistake(lambda n: -np.log(1 - _f(n)), "That is −ln(1 − f): nearly right for f near 1, where ln f is small, and wrong for short half-lives. The logit is ln(f / (1 − f))."),
        Mistake(lambda n: _f(n) / (1 - _f(n)), "That is f / (1 − f), the odds. The logit is their logarithm."),
        Mistake(lambda n: np.log(n), "ln n gives a gate with 1 / (1 − f) = n + 1, a time constant: after so many steps some 37 % is left, not half."),
        Mistake(lambda n: np.log(n - 1), "ln(n − 1) is the chrono initialisation: it makes the time constant 1 / (1 − f) equal to n, not the half-life."),
        Mistake(lambda n: np.log10(_f(n) / (1 - _f(n))), "The logarithm to the base 10: σ is made of e, so take np.log."),
        Mistake(lambda n: np.arctanh(_f(n)), "That is the inverse of tanh. A gate is a σ."),
        Mistake(lambda n: np.log(2) / n, "That is what is lost of ln C at each step, −ln f. Asked is the z with σ(z) = f."),
        Mistake(lambda n: 1 - _f(n), "That is the share that is lost at each step. Asked is the z with σ(z) = f."),
        Mistake(lambda n: np.log(n / np.log(2)), "Nearly right for long half-lives, where 1 − f is about ln 2 / n. Take the logit of f itself."),
        Mistake(lambda n: 1 / _f(n), "The inverse function is wanted, not 1 / f."),
    ),
    hints=("Which z has σ(z) = f? Solve f = 1 / (1 + e^(−z)) for z.", "ln(f / (1 − f)), with np.log"),
    solution=BIAS_SOLUTION,
    praise="Right: 5,000 steps need a bias of 8.88.",
)  # fmt: skip

NEXT_SOLUTION = """\
def next_C(C, b_f, i, u):
    h = np.tanh(C)
    return sigmoid(b_f) * C + i * np.tanh(u * h)"""


def _next(*changes):
    return program(NEXT_SOLUTION, *changes)


NEXT_C = Exercise(
    name="next_C",
    cases=((0.7, 1.0, 0.3, 3.0), (-2.3, -0.4, 0.6, 1.7), (0.4, 2.2, 0.45, -2.1), (-1.6, 2.2, 0.45, -2.1)),
    mistakes=(
        Mistake(_next(("sigmoid(b_f) * C", "b_f * C")), "b_f is the bias. The gate is σ(b_f)."),
        Mistake(_next(("sigmoid(b_f) * C", "C")), "The forget gate is missing: of the old memory the share σ(b_f) is kept."),
        Mistake(_next(("sigmoid(b_f) * C", "sigmoid(b_f)")), "The forget gate multiplies the old memory C, which is missing."),
        Mistake(_next(("sigmoid(b_f) * C", "sigmoid(b_f) * h")), "You kept a share of h. What is kept is a share of C; h is only read by the candidate."),
        Mistake(_next(("np.tanh(u * h)", "np.tanh(u * C)")), "The candidate reads h, not C: h = tanh(C), since o is clamped at 1."),
        Mistake(_next(("np.tanh(u * h)", "u * h")), "The candidate is a tanh: of u · h."),
        Mistake(_next(("np.tanh(u * h)", "sigmoid(u * h)")), "The candidate is a tanh, not a σ: it must be able to subtract."),
        Mistake(_next(("np.tanh(u * h)", "u * np.tanh(h)")), "The weight u belongs inside: the candidate is tanh(u · h)."),
        Mistake(_next(("np.tanh(u * h)", "np.tanh(h)")), "The feedback weight u is missing in the candidate."),
        Mistake(_next(("np.tanh(u * h)", "np.tanh(u) * h")), "The weight u belongs inside: the candidate is the tanh of u · h, not tanh(u) times h."),
        Mistake(_next(("i * np", "np")), "The input gate i is missing: only the share i of the candidate is written."),
        Mistake(_next(("i * np", "(1 - i) * np")), "i is the share that is written, not the one that is left out."),
        Mistake(_next(("i * np", "sigmoid(b_f) * i * np")), "The forget gate acts on the old memory only, not on what is written."),
        Mistake(_next(("sigmoid(b_f) * C + i * np", "i * C + sigmoid(b_f) * np")), "The gates are swapped: σ(b_f) keeps, i writes."),
        Mistake(_next(("sigmoid(b_f) * C", "sigmoid(b_f * C)")), "The gate is σ(b_f), and it multiplies C: C does not belong inside."),
        Mistake(_next(("sigmoid(b_f) * C", "np.tanh(b_f) * C")), "A gate is a σ, from 0 to 1, not a tanh."),
        Mistake(_next(("np.tanh(u * h)", "np.tanh(h + u)")), "u is a weight: it multiplies h."),
        Mistake(_next(("i * np", "(1 - sigmoid(b_f)) * np")), "You wrote with 1 − f. This cell has an input gate of its own, i."),
        Mistake(_next(("i * np", "sigmoid(i) * np")), "i already is the gate's value: do not apply σ to it."),
        Mistake(_next(("sigmoid(b_f) * C + i * np.tanh(u * h)", "np.tanh(sigmoid(b_f) * C + i * np.tanh(u * h))")), "That is the next h. Asked is the next C, without the last tanh."),
        Mistake(_next(("sigmoid(b_f) * C + i", "(1 - sigmoid(b_f)) * C + i")), "σ(b_f) is the share that is kept, not the one that is lost."),
        Mistake(_next(("sigmoid(b_f) * C + i", "sigmoid(b_f) * C - i")), "What is written is added."),
        Mistake(_next(("sigmoid(b_f) * C + ", "")), "What is kept of the old memory is missing: σ(b_f) · C."),
        Mistake(_next(("np.tanh(u * h)", "h")), "h is what the candidate reads. The candidate is tanh(u · h)."),
        Mistake(_next(("np.tanh(u * h)", "u")), "u is only a weight. The candidate is tanh(u · h)."),
        Mistake(_next(("sigmoid(b_f)", "sigmoid(b_f + u * h)")), "Here only the candidate reads h. The gate is σ(b_f)."),
        Mistake(_next(("sigmoid(b_f)", "(1 - i)")), "This cell has a forget gate of its own, σ(b_f)."),
        Mistake(_next((" + i * np.tanh(u * h)", "")), "What is written is missing: i times the candidate."),
    ),
    hints=("C_t = f C_{t−1} + i C̃_t. What are f and C̃_t here?", "f = sigmoid(b_f), and the candidate is np.tanh(u * h)."),
    solution=NEXT_SOLUTION,
    praise="Right: with o clamped at 1 this is all that the unit does in a step.",
)  # fmt: skip

STABLE_SOLUTION = """\
def stable(next_C, places):
    step = 1e-5
    return [abs(next_C(C + step) - next_C(C - step)) / (2 * step) < 1 for C in places]"""


def _slopes(next_C, places, step=1e-5):
    return np.array([(next_C(C + step) - next_C(C - step)) / (2 * step) for C in places])


def _latch(C):
    return 0.73 * C + 0.3 * np.tanh(3 * np.tanh(C))


_PLACES = [round(C, 9) + 0.0 for C, _ in resting_places(_latch, -2, 2)]


def _bent(C):
    return C - 0.2 * C * (C - 1) * (C + 2) * (C - 3)


def _swings(C):
    return 0.5 * C + 0.8 * np.tanh(-4 * C)


STABLE = Exercise(
    name="stable",
    cases=((_latch, _PLACES), (_bent, [-2.0, 0.0, 1.0, 3.0]), (_swings, [0.0]), (lambda C: 3 * C - 2, [1.0]), (lambda C: 2 - 0.9 * C, [2 / 1.9]),
           (lambda C: 0.9 * C - 0.3 * np.tanh(8 * C), [0.0]), (lambda C: 0.2 * C + 1.2, [1.5]), (lambda C: -0.3 * C - 0.78, [-0.6]),
           (lambda C: 1.4 * C + 0.28, [-0.7])),
    mistakes=(
        Mistake(lambda f, p: _slopes(f, p) < 1, "A slope of −2 is below 1, but the memory jumps to the other side, twice as far away, at each step. Compare its size: |slope| < 1."),
        Mistake(lambda f, p: np.abs(_slopes(f, p)) > 1, "Turned around: where |slope| is above 1 a push grows."),
        Mistake(lambda f, p: _slopes(f, p) < 0, "That asks whether the map falls. Whether a push shrinks is decided by |slope| < 1."),
        Mistake(lambda f, p: _slopes(f, p) > 0, "That asks whether the map rises. Whether a push shrinks is decided by |slope| < 1."),
        Mistake(lambda f, p: np.isclose([f(C) for C in p], p, atol=1e-3), "True everywhere. The memory rests at all of these places; stable means that a small push shrinks. (A difference that is not divided by the distance of the two points is always small.)"),
        Mistake(lambda f, p: _slopes(f, p) - 1 < 1, "You compared slope − 1 with 1. The size of the slope itself has to be below 1."),
        Mistake(lambda f, p: np.abs(_slopes(f, p) - 1) < 1, "|slope − 1| < 1 is for slopes from 0 to 2. It is the size of the slope itself that has to be below 1."),
        Mistake(lambda f, p: np.abs(_slopes(f, p)), "These are the sizes of the slopes. Compare them with 1."),
        Mistake(_slopes, "These are the slopes. Compare their size with 1."),
        Mistake(lambda f, p: np.abs(2 * _slopes(f, p)) < 1, "Your border is below 1: at a slope of 0.8 a push still shrinks, only more slowly. (If you divided by the step: two points on both sides are 2 · step apart.)"),
        Mistake(lambda f, p: (_slopes(f, p) > 0) & (_slopes(f, p) < 1), "A slope of −0.9 shrinks a push too: the memory changes sides at each step, and comes nearer."),
        Mistake(lambda f, p: np.abs(_slopes(f, p)) < 2, "Your border is above 1. (If you divided by 2 · step: a push to one side is one step.)"),
        Mistake(lambda f, p: [abs(f(C + 0.5) - f(C - 0.5)) < 1 for C in p], "A push of 0.5 is not small: over that distance the map bends. Take 1e-5."),
        Mistake(lambda f, p: [f(C) == C for C in p], "Two floats that were computed in two ways are almost never equal; and the memory rests at all of these places. Stable means that a small push shrinks."),
        Mistake(lambda f, p: [abs(C) > 0.5 for C in p], "Where a place is says nothing about it. How does the map change beside it?"),
    ),
    hints=("Push the memory a little: C + step. Is the push smaller after next_C?",
           "The slope of next_C at a place is about (next_C(C + step) − next_C(C − step)) / (2 · step); its size has to be below 1."),
    solution=STABLE_SOLUTION,
    praise="Right: a push is multiplied by the slope at each step, so it shrinks if |slope| < 1.",
)  # fmt: skip
