"""Exercises on long memories: a bias for a half-life, one unit as a map, which resting places are stable."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import exercise


@exercise(
    """
np.log(f / (1 - f)) → f | That is the gate f that the half-life needs. Asked is the bias: the z with σ(z) = f.
np.log(f / (1 - f)) → sigmoid(f) | σ goes from z to f. You have f and want z: take the inverse, the logit.
np.log → -np.log | The sign is reversed: with this bias the gate is 1 − f, nearly closed for a long half-life.
f / (1 - f) → f | That is ln f. The logit is ln(f / (1 − f)).
f / (1 - f) → 1 - f | That is ln(1 − f). The logit is ln(f / (1 − f)).
np.log(f / (1 - f)) → -np.log(1 - f) | That is −ln(1 − f): nearly right for f near 1, where ln f is small, and wrong for short half-lives. The logit is ln(f / (1 − f)).
np.log → | That is f / (1 − f), the odds. The logit is their logarithm.
return np.log(half_life) | ln n gives a gate with 1 / (1 − f) = n + 1, a time constant: after so many steps some 37 % is left, not half.
return np.log(half_life - 1) | ln(n − 1) is the chrono initialisation: it makes the time constant 1 / (1 − f) equal to n, not the half-life.
np.log → np.log10 | The logarithm to the base 10: σ is made of e, so take np.log.
np.log → np.log2 | The logarithm to the base 2: σ is made of e, so take np.log.
np.log(f / (1 - f)) → np.log(f) / (1 - f) | You divided ln f by 1 − f. The logarithm is that of the whole quotient, ln(f / (1 − f)).
f / (1 - f) → f / 1 - f | Without brackets f / 1 - f is f − f = 0, which has no logarithm. Write f / (1 - f).
np.log(f / (1 - f)) → np.arctanh(f) | That is the inverse of tanh. A gate is a σ.
return np.log(2) / half_life | That is what is lost of ln C at each step, −ln f. Asked is the z with σ(z) = f.
np.log(f / (1 - f)) → 1 - f | That is the share that is lost at each step. Asked is the z with σ(z) = f.
return np.log(half_life / np.log(2)) | Nearly right for long half-lives, where 1 − f is about ln 2 / n. Take the logit of f itself.
np.log(f / (1 - f)) → 1 / f | The inverse function is wanted, not 1 / f.
""",
    draw=lambda drawn: (drawn.of(1.5, 8, 30, 7000) * drawn.gates(),),
    hints=("Which z has σ(z) = f? Solve f = 1 / (1 + e^(−z)) for z.", "ln(f / (1 − f)), with np.log"),
    praise="Right: 5,000 steps need a bias of 8.88.",
)
def b_f_for(half_life):
    f = 0.5 ** (1 / half_life)
    return np.log(f / (1 - f))


@exercise(
    """
sigmoid(b_f) → b_f | b_f is the bias. The gate is σ(b_f).
sigmoid(b_f) * → | The forget gate is missing: of the old memory the share σ(b_f) is kept.
sigmoid(b_f) * C → sigmoid(b_f) | The forget gate multiplies the old memory C, which is missing.
sigmoid(b_f) * C → sigmoid(b_f) * h | You kept a share of h. What is kept is a share of C; h is only read by the candidate.
u * h → u * C | The candidate reads h, not C: h = tanh(C), since o is clamped at 1.
np.tanh(u * h) → u * h | The candidate is a tanh: of u · h.
np.tanh(u * h) → sigmoid(u * h) | The candidate is a tanh, not a σ: it must be able to subtract.
np.tanh(u * h) → u * np.tanh(h) | The weight u belongs inside: the candidate is tanh(u · h).
u * h → h | The feedback weight u is missing in the candidate.
np.tanh(u * h) → np.tanh(u) * h | The weight u belongs inside: the candidate is the tanh of u · h, not tanh(u) times h.
+ i * → + | The input gate i is missing: only the share i of the candidate is written.
+ i * → + (1 - i) * | i is the share that is written, not the one that is left out.
+ i * → + sigmoid(b_f) * i * | The forget gate acts on the old memory only, not on what is written.
sigmoid(b_f) * C + i → i * C + sigmoid(b_f) | The gates are swapped: σ(b_f) keeps, i writes.
sigmoid(b_f) * C → sigmoid(b_f * C) | The gate is σ(b_f), and it multiplies C: C does not belong inside.
sigmoid(b_f) → np.tanh(b_f) | A gate is a σ, from 0 to 1, not a tanh.
u * h → h + u | u is a weight: it multiplies h.
+ i * → + (1 - sigmoid(b_f)) * | You wrote with 1 − f. This cell has an input gate of its own, i.
+ i * → + sigmoid(i) * | i already is the gate's value: do not apply σ to it.
sigmoid(b_f) * C + i * np.tanh(u * h) → np.tanh(sigmoid(b_f) * C + i * np.tanh(u * h)) | That is the next h. Asked is the next C, without the last tanh.
sigmoid(b_f) → (1 - sigmoid(b_f)) | σ(b_f) is the share that is kept, not the one that is lost.
C + i → C - i | What is written is added.
sigmoid(b_f) * C + → | What is kept of the old memory is missing: σ(b_f) · C.
np.tanh(u * h) → h | h is what the candidate reads. The candidate is tanh(u · h).
np.tanh(u * h) → u | u is only a weight. The candidate is tanh(u · h).
sigmoid(b_f) → sigmoid(b_f + u * h) | Here only the candidate reads h. The gate is σ(b_f).
sigmoid(b_f) → (1 - i) | This cell has a forget gate of its own, σ(b_f).
np.tanh(u * h) → np.tanh(u * h + b_f) | b_f is the forget gate's bias. The candidate is tanh(u · h).
sigmoid(b_f) → sigmoid(b_f * h) | b_f is a bias, and no weight of h: the gate is σ(b_f).
+ i * np.tanh(u * h) → | What is written is missing: i times the candidate.
""",
    draw=lambda drawn: (drawn.numbers(), drawn.numbers(), drawn.gates(), drawn.numbers(high=3)),
    hints=(
        "C_t = f C_{t−1} + i C̃_t. What are f and C̃_t here?",
        "f = sigmoid(b_f), and the candidate is np.tanh(u * h).",
    ),  # fmt: skip
    praise="Right: with o clamped at 1 this is all that the unit does in a step.",
)
def next_C(C, b_f, i, u):
    h = np.tanh(C)
    return sigmoid(b_f) * C + i * np.tanh(u * h)


def _map(drawn):
    """A map that rests at each integer, with a slope of 1 − k or 1 + k, and some of these as a search finds them."""
    k = drawn.of(0.15, 0.7, 1.3, 1.8, 1.9, 2.01, 3.3, -0.3, -0.8, -1.9, -2.6)

    def next_C(C):
        return C - k * np.sin(np.pi * C) / np.pi

    next_C.__doc__ = f"next_C(C) = C {-k:+g} sin(πC) / π".replace("-", "− ").replace("+", "+ ")
    return next_C, drawn.rng.permutation(range(-3, 4))[: drawn.of(1, 2, 3)] * drawn.of(1, 1 + 1e-10)


def _slopes(next_C, places, step=1e-5):
    return np.array([(next_C(C + step) - next_C(C - step)) / (2 * step) for C in places])


@exercise(
    """
return _slopes(next_C, places) < 1 | A slope of −2 is below 1, but the memory jumps to the other side, twice as far away, at each step. Compare its size: |slope| < 1.
< 1 → > 1 | Turned around: where |slope| is above 1 a push grows.
return _slopes(next_C, places) < 0 | That asks whether the map falls. Whether a push shrinks is decided by |slope| < 1.
return _slopes(next_C, places) > 0 | That asks whether the map rises. Whether a push shrinks is decided by |slope| < 1.
return [True for C in places] | True everywhere. The memory rests at all of these places; stable means that a small push shrinks. (A difference that is not divided by the distance of the two points is always small.)
return _slopes(next_C, places) - 1 < 1 | You compared slope − 1 with 1. The size of the slope itself has to be below 1.
return abs(_slopes(next_C, places) - 1) < 1 | |slope − 1| < 1 is for slopes from 0 to 2. It is the size of the slope itself that has to be below 1.
return abs(_slopes(next_C, places)) | These are the sizes of the slopes. Compare them with 1.
return _slopes(next_C, places) | These are the slopes. Compare their size with 1.
(2 * step) → step | Your border is below 1: at a slope of 0.8 a push still shrinks, only more slowly. (If you divided by the step: two points on both sides are 2 · step apart.)
return [0 < slope < 1 for slope in _slopes(next_C, places)] | A slope of −0.9 shrinks a push too: the memory changes sides at each step, and comes nearer.
< 1 → < 2 | Your border is above 1. (If you divided by 2 · step: a push to one side is one step.)
1e-5 → 0.5 | A push of 0.5 is not small: over that distance the map bends. Take 1e-5.
1e-5 → 0.1 | With you a slope of −1.01 counts as stable. Is the step too large? Over 0.1 the map bends. Take 1e-5.
return [abs(next_C(C)) < 1 for C in places] | You compared the value next_C(C) with 1, which is only the place itself. Compare the size of the slope.
return [next_C(C) == C for C in places] | Two floats that were computed in two ways are almost never equal; and the memory rests at all of these places. Stable means that a small push shrinks.
return abs(places) > 0.5 | Where a place is says nothing about it. How does the map change beside it?
""",
    draw=_map,
    draws=33,
    hints=(
        "Push the memory a little: C + step. Is the push smaller after next_C?",
        "The slope of next_C at a place is about (next_C(C + step) − next_C(C − step)) / (2 · step); its size has to be below 1.",
    ),
    praise="Right: a push is multiplied by the slope at each step, so it shrinks if |slope| < 1.",
)
def stable(next_C, places):
    step = 1e-5
    return [abs(next_C(C + step) - next_C(C - step)) / (2 * step) < 1 for C in places]
