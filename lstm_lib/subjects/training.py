"""Exercises on training: one step back through the cell, a slope by differences, clipping."""

import numpy as np

from lstm_lib.judge.exercise import exercise


@exercise(
    """
* (1 - np.tanh(C_t) ** 2) → | The slope of tanh is missing: where C_t = 2.1 it is 0.06, so almost nothing gets through.
* o_t → | The output gate is missing: what was not shown does not affect this step's loss.
* o_t * (1 - np.tanh(C_t) ** 2) → | o_t ⊙ (1 − tanh²(C_t)) is missing: h_t = o_t ⊙ tanh(C_t) lies between the loss and C_t.
dC + → | You lost what came from the next step: add to dC, do not replace it.
1 - np.tanh(C_t) ** 2 → np.tanh(C_t) | That multiplies by tanh itself. Its slope is 1 − tanh².
** 2 → | The square is missing: the slope is 1 − tanh².
np.tanh(C_t) → C_t | 1 − C² is the slope only if C were tanh of something. Here it is 1 − tanh²(C_t).
dC + → dC * | You multiplied the gradients of the two paths. They are added.
np.tanh(C_t) ** 2 → np.tanh(C_t**2) | The square is in the wrong place: C_t was squared, and tanh(C_t) should be.
(1 - np.tanh(C_t) ** 2) → (1 - np.tanh(C_t)) ** 2 | The square is in the wrong place: only tanh is squared, not the difference.
(1 - np.tanh(C_t) ** 2) → np.tanh(C_t) * (1 - np.tanh(C_t)) | t (1 − t) is the slope of σ. That of tanh is 1 − t².
(1 - np.tanh(C_t) ** 2) → (1 - o_t) * np.tanh(C_t) | That is the way to z_o, through the gate. The way to C_t passes through tanh: o_t ⊙ (1 − tanh²(C_t)).
* o_t → * o_t * (1 - o_t) | The slope of σ belongs to z_o. On the way to C_t the gate is a factor: o_t alone.
* (1 → * np.tanh(C_t) * (1 | tanh(C_t) is one factor too many. The slope of o_t ⊙ tanh(C_t) w.r.t. C_t is o_t ⊙ (1 − tanh²(C_t)).
(1 - np.tanh(C_t) ** 2) → (1 - (o_t * np.tanh(C_t)) ** 2) | That is 1 − h_t². The slope of tanh is 1 − tanh²(C_t), without o_t in it.
return (dC + dh * o_t) * (1 - np.tanh(C_t) ** 2) | You multiplied dC by the slope of tanh as well. It does not come through this step's tanh: add it as it is.
return (dC + dh) * o_t * (1 - np.tanh(C_t) ** 2) | You multiplied dC by o_t and the slope of tanh as well. It does not come through this step's h_t: add it as it is.
* (1 - np.tanh(C_t) ** 2) → / np.cosh(C_t) | 1 − tanh² is 1 / cosh²: the square is missing.
""",
    draw=lambda drawn: (drawn.numbers(2), drawn.numbers(2), drawn.gates(2), drawn.numbers(2, high=2.5)),
    hints=(
        "C_t affects the loss by two paths: through h_t = o_t ⊙ tanh(C_t), and through the next step, whose part "
        "is already in dC.",
        "The slope of tanh(C) is 1 − tanh²(C).",
    ),
    praise="Right: the gradients of both paths, added.",
)
def reached(dh, dC, o_t, C_t):
    return dC + dh * o_t * (1 - np.tanh(C_t) ** 2)


@exercise(
    """
* f_t * (1 - f_t) → | σ′ is missing in the first: f_t = σ(z_f), and the slope of σ is f_t ⊙ (1 − f_t).
* (1 - f_t) → | Half of σ′ is missing: the slope of σ is f_t ⊙ (1 − f_t).
f_t * (1 → (1 | Half of σ′ is missing: the slope of σ is not 1 − f_t but f_t ⊙ (1 − f_t).
dC * f_t → dC | f_t is missing in the second: it is the factor that the whole notebook is about.
* f_t * (1 - f_t) → ; dC * f_t → dC | Two things are missing: σ′ in the first, f_t in the second.
* C_prev → | C_{t-1} is missing in the first: f_t multiplies it, so the slope w.r.t. f_t is C_{t-1}.
dz_f, dC_prev → dC_prev, dz_f | The two are swapped: first the gradient w.r.t. z_f, then w.r.t. C_{t-1}.
dC * f_t → dC * (1 - f_t) | You used 1 − f_t for f_t in the second.
f_t * (1 - f_t) → sigmoid(f_t) * (1 - sigmoid(f_t)) | f_t already is σ(z_f): do not apply σ again.
dC * f_t → dC * C_prev | C_{t-1} is not a factor in the second: the slope of f_t ⊙ C_{t-1} w.r.t. C_{t-1} is f_t.
f_t * (1 - f_t) → (1 - f_t**2) | 1 − f² is the slope of tanh. f_t is a σ: f_t ⊙ (1 − f_t).
(1 - f_t) → f_t | You have f_t² in the first. The slope of σ is f_t ⊙ (1 − f_t).
dC * f_t → dz_f * f_t | The second goes on from dz_f. It starts from dC, as the first does.
dC * f_t → dz_f | The second is the first once more. C_{t-1} gets dC ⊙ f_t.
dC * f_t → dC * f_t * (1 - f_t) | The slope of σ belongs to z_f alone. From C_t to C_{t-1} the gate is a factor: f_t.
dC * f_t → dC * f_t + dz_f | You added dz_f to the second. It goes to the gate's z; C_{t-1} gets dC ⊙ f_t.
f_t * (1 - f_t) → (1 - C_prev) | The slope of σ is taken of f_t, not of C_{t-1}: f_t ⊙ (1 − f_t), times C_{t-1}.
f_t * (1 - f_t) → C_prev * (1 - C_prev) | That is a slope of σ, but with C_{t-1} in it. The gate is f_t: f_t ⊙ (1 − f_t).
""",
    draw=lambda drawn: (drawn.numbers(3), drawn.gates(3), drawn.numbers(3)),
    seed=1,
    hints=(
        "C_t = f_t ⊙ C_{t-1} + …: what are its derivatives w.r.t. f_t and w.r.t. C_{t-1}? z_f needs one more factor.",
        "[dC * C_prev * f_t * (…), dC * …]",
    ),
    praise="Right: σ′ in the gradient w.r.t. z_f, and f_t in the one w.r.t. C_{t-1}.",
)
def forget_back(dC, f_t, C_prev):
    dz_f = dC * C_prev * f_t * (1 - f_t)
    dC_prev = dC * f_t
    return [dz_f, dC_prev]


def _step_back(drawn):
    H = drawn.of(1, 2, 3)
    f, i, o = (drawn.gates(H) for _ in range(3))
    C_tilde, C_prev = drawn.numbers(H, high=0.9), drawn.numbers(H)
    return drawn.numbers(H), drawn.numbers(H), f, i, o, C_tilde, C_prev, f * C_prev + i * C_tilde


@exercise(
    """
* f * (1 - f) → ; * i * (1 - i) → ; * o * (1 - o) → | σ′ is missing: each gate is a σ, so each dz of a gate gets gate ⊙ (1 − gate).
* (1 - C_tilde**2) → | The candidate is a tanh: its dz gets 1 − C̃_t².
(1 - C_tilde**2) → C_tilde * (1 - C_tilde) | The candidate is a tanh, not a σ: its slope is 1 − C̃_t², not C̃_t (1 − C̃_t).
dh * o * (1 - np.tanh(C) ** 2) → dh | o ⊙ (1 − tanh²(C_t)) is missing where dh is added to dC.
dC * f] → dC] | f is missing: the gradient w.r.t. C_{t-1} is dC ⊙ f_t.
dz_o → dh | dh was overwritten before dC used it: dC needs the dh that came in, not dz_o.
dC + dh → dh | The dC from the next step is missing: dh's part is added to it.
dC + dh * o * (1 - np.tanh(C) ** 2) → dC | dh is missing in dC: C_t also affects the loss through h_t.
dC = → dC_in, dC = dC, ; dC * f] → dC_in * f] | The gradient w.r.t. C_{t-1} needs all of dC: the sum with dh's part, not the argument alone.
dh * np.tanh(C) * o → dh * o | tanh(C_t) is missing in dz_o: o_t multiplies it.
dz_f = → dz_o = dC * np.tanh(C) * o * (1 - o) ⏎ dz_f = | dz_o needs dh, not dC: o_t acts on h_t, behind the memory.
dC * C_tilde → dC * C_prev | The input gate multiplies C̃_t, not C_{t-1}.
* f * (1 - f) → ; * i * (1 - i) → ; * o * (1 - o) → ; * (1 - C_tilde**2) → | σ′ and tanh′ are missing: these are the slopes w.r.t. the gates, not w.r.t. z.
C_prev * f → C * f | You used C_t in dz_f. The forget gate multiplies C_{t-1}.
* f * (1 - f) → | σ′ is missing in dz_f: the slope w.r.t. z_f needs f ⊙ (1 − f).
* i * (1 - i) → | σ′ is missing in dz_i: the slope w.r.t. z_i needs i ⊙ (1 − i).
* o * (1 - o) → | σ′ is missing in dz_o: the slope w.r.t. z_o needs o ⊙ (1 − o).
f * (1 - f) → (1 - f**2) ; i * (1 - i) → (1 - i**2) ; o * (1 - o) → (1 - o**2) | 1 − gate² is the slope of tanh. The gates are σ: gate ⊙ (1 − gate).
f * (1 - f) → (1 - f**2) | In dz_f you took 1 − f², the slope of tanh. f is a σ: f ⊙ (1 − f).
i * (1 - i) → (1 - i**2) | In dz_i you took 1 − i², the slope of tanh. i is a σ: i ⊙ (1 − i).
o * (1 - o) → (1 - o**2) | In dz_o you took 1 − o², the slope of tanh. o is a σ: o ⊙ (1 − o).
dC * i * (1 - C → dC * i * (1 - i) * (1 - C | The slope of σ is too much in dz_C: there i is a factor, and the slope is that of tanh.
C_tilde**2 → C_tilde | The square is missing in dz_C: the slope of tanh is 1 − C̃_t².
C_tilde**2 → np.tanh(C_tilde) ** 2 | C̃_t already is a tanh: 1 − C̃_t², without tanh once more.
C_tilde**2) → C_tilde) ** 2 | The square is in the wrong place in dz_C: only C̃_t is squared, not the difference.
dC = → total = ; dC * f] → total * f] | The sum with dh's part is used for C_{t-1} alone. dz_f, dz_i and dz_C need it as well.
dC * C_prev → dC * C_new ; dC * C_tilde → dC * C_prev ; C_new → C_tilde | C_{t-1} and C̃_t have changed places: f multiplies C_{t-1}, and i multiplies C̃_t.
np.tanh(C) * o → (1 - np.tanh(C) ** 2) * o | The slope of tanh stands in dz_o. o_t multiplies tanh(C_t) itself.
dC * f] → dC * f * (1 - f)] | The slope of σ belongs to z_f. From C_t to C_{t-1} the gate is a factor: dC ⊙ f_t.
dC * f] → dz_f * f] | The last goes on from dz_f. It starts from dC, as dz_f does.
np.tanh(C) ** 2 → np.tanh(C) | The square is missing where dh is added to dC: the slope of tanh is 1 − tanh²(C_t).
""",
    draw=_step_back,
    seed=1,
    hints=(
        "First dz_o, then dC with dh's part added (as in reached), then what depends on dC. Do not overwrite dh.",
        "dz_i = dC ⊙ C̃_t ⊙ i (1 − i);  dz_C = dC ⊙ i ⊙ (1 − C̃_t²); the other two are in forget_back.",
    ),
    praise="Right: that is all of back-propagation through one step of the cell.",
)
def step_back(dh, dC, f, i, o, C_tilde, C_prev, C):
    dz_o = dh * np.tanh(C) * o * (1 - o)
    dC = dC + dh * o * (1 - np.tanh(C) ** 2)
    dz_f = dC * C_prev * f * (1 - f)
    dz_i = dC * C_tilde * i * (1 - i)
    dz_C = dC * i * (1 - C_tilde**2)
    return [dz_f, dz_i, dz_o, dz_C, dC * f]


@exercise(
    """
loss(w - step)) / (2 * step) → loss(w)) / step | That is the one-sided difference: right in the limit, but its error shrinks only as fast as the step. Take one point on each side.
return loss(w + step) - loss(w - step) / (2 * step) | Only the second loss is divided. Put the difference in brackets.
(2 * step) → 2 | You divided by 2. The points are 2 · step apart.
return (loss(w) - loss(w - step)) / step | That is the one-sided difference. Take one point on each side.
step → step / 2 | A good estimate, but at other points than those asked for: one step on each side.
step → 1e-6 | A good estimate, but use the argument step.
(2 * step) → step | The two points are 2 · step apart, so this is twice the slope.
(2 * step) → 2 * step | Divide by (2 * step), with brackets: / 2 * step multiplies by the step.
return (loss(w - step) - loss(w + step)) / (2 * step) | The sign is reversed: loss(w + step) comes first.
/ (2 * step) → | That is the difference. Divide it by the distance.
return loss(w + step) - loss(w - step) / 2 * step | Brackets are missing twice: round the difference, and round 2 * step.
return w - step * (loss(w + step) - loss(w - step)) / (2 * step) | That is a step of training. Wanted is the slope alone.
return abs(loss(w + step) - loss(w - step)) / (2 * step) | A slope has a sign: it says in which direction the loss falls. Leave out abs.
return (loss(w * (1 + step)) - loss(w * (1 - step))) / (2 * step) | You moved w by a share of itself. The points are w + step and w - step.
return (loss(w + 2 * step) - loss(w)) / (2 * step) | That is one-sided, from w to w + 2 · step. The points are w + step and w − step.
return (loss(w + step) - 2 * loss(w) + loss(w - step)) / step**2 | That is the second derivative: how fast the slope changes.
return (loss(w) + step - (loss(w) - step)) / (2 * step) | That is 1 whatever the loss: the step belongs inside, loss(w + step).
return (loss(w + step) + loss(w - step)) / (2 * step) | You added the two losses. A slope is a difference.
return (loss(w + step) + loss(w - step)) / 2 | That is the mean of the two losses. A slope is their difference, divided by the distance.
""",
    draw=lambda drawn: (
        drawn.of(lambda w: w**3, lambda w: np.exp(-w)),
        drawn.numbers(),
        drawn.of(0.1, 0.05, 0.02),
    ),
    seed=2,
    hints=(
        "The slope is the difference of the loss at two points, divided by their distance.",
        "The points w + step and w − step are 2 · step apart.",
    ),
    praise="Right: one point on each side, and the error shrinks with the square of the step.",
)
def slope(loss, w, step):
    return (loss(w + step) - loss(w - step)) / (2 * step)


def _near_the_limit(drawn):
    gradient = drawn.numbers(drawn.of(2, 3), high=drawn.of(0.6, 1.5, 4.5))
    return gradient, round(np.linalg.norm(gradient) * drawn.of(0.4, 0.9, 1.1, 1.8), 2)


@exercise(
    """
return np.clip(gradient, -limit, limit) | You clipped each element by itself. That changes the direction: [3, 4] becomes [1, 1]. Scale all elements by one factor.
max(norm, limit) → norm | Small gradients became larger. Leave a gradient unchanged if its norm is within the limit.
np.linalg.norm(gradient) → gradient @ gradient | The norm is a square root: √(Σ g²).
np.linalg.norm(gradient) → np.abs(gradient).max() | You used the largest element as the norm.
np.linalg.norm(gradient) → np.abs(gradient).sum() | You used the sum of absolute values as the norm; it is √(Σ g²).
return gradient if np.linalg.norm(gradient) <= limit else 0 * gradient | You set a large gradient to 0. Its direction is still useful.
* limit / max(norm, limit) → / norm | That makes every norm 1, whatever the limit.
return gradient | Nothing is clipped.
return min(limit, np.linalg.norm(gradient)) | That is the length it should have. What is wanted is the gradient, scaled to that length.
gradient * limit → limit | That is the factor. Multiply the gradient by it.
max(norm, → min(norm, | Turned round: small gradients become larger, and large ones stay as they are.
return gradient / norm if (norm := np.linalg.norm(gradient)) > limit else gradient | A large gradient gets the length 1. It should get the length limit.
return np.minimum(gradient, limit) | You clipped each element by itself, and from above only. Scale all elements by one factor.
return np.where(np.abs(gradient) > limit, 0, gradient) | You set large elements to 0. Scale all elements by one factor, and keep the direction.
return np.sign(gradient) * limit | Each element is now as large as the limit. Scale all of them by one factor.
limit / max(norm, limit) → min(1, norm / limit) | The factor is upside down: it is limit / norm for a large gradient.
/ max(norm, limit) → | You multiplied by the limit, whatever the norm. The factor is limit / norm for a large gradient, else 1.
* limit / max(norm, limit) → / max(norm, limit) | limit is missing above: a large gradient gets the length 1, and a small one is divided by the limit.
np.linalg.norm(gradient) → np.sqrt(np.mean(gradient**2)) | You took the root of the mean of the squares as norm. It is the root of their sum.
max(norm, limit) → norm if norm**2 > limit else gradient | You compare the squared norm with the limit. Compare the norm.
max(norm, limit) → norm if norm > 1 else gradient | You compare the norm with 1. Compare it with the limit.
max(norm, limit) → norm if np.abs(gradient).max() > limit else gradient | You compare the largest element with the limit. Compare the norm.
max(norm, limit) → norm if gradient.max() > limit else gradient | You compare single elements with the limit, and without abs. Compare the norm.
return gradient - max(0, np.linalg.norm(gradient) - limit) | You subtracted from each element what the norm has too much. That changes the direction: multiply by one factor.
""",
    draw=_near_the_limit,
    seed=5,
    hints=(
        "One factor for all elements, never above 1. Which one brings the norm down to the limit?",
        "The norm is np.linalg.norm(gradient); the factor is limit / norm if the norm is above the limit, else 1.",
    ),
    praise="Right: the direction stays, the length is at most the limit.",
)
def clip(gradient, limit):
    norm = np.linalg.norm(gradient)
    return gradient * limit / max(norm, limit)


@exercise(
    """
return f * h | That is the line as it was: nothing is written, so a state that starts at 0 stays 0.
(1 - f) * c → c | The shares do not add up to 1: f of the old, and all of the new.
(1 - f) → f | You gave old and new the same share f. What is left for the new is 1 − f.
return (1 - f) * h + f * c | Old and new have changed places: f is the share of the old state that is kept.
f * h → h | The old state is kept whole. Only the share f of it is kept.
* c → * h | The state never changes: what is written is c, not the old state once more.
return f * c | The old state is gone: without f ⊙ h nothing is remembered.
f * h + → | Only what is written is there. The share f of the old state is missing.
h + → h * | The two shares are multiplied. What is kept and what is written are added.
* c → * np.tanh(c) | c already is a tanh; this squashes it twice.
h + → h - | The sign is wrong: what is written is added.
f → sigmoid(f) | f already is σ(z_f): do not apply σ again.
return f @ h + (1 - f) @ c | @ adds up all units to one number. Each unit has its own state: multiply with *.
""",
    draw=lambda drawn: (drawn.numbers(3, high=0.9), drawn.gates(3), drawn.numbers(3, high=0.9)),
    hints=(
        "Two terms: what is kept of h, and what is written of c.",
        "If the share of the old is f, and both shares add up to 1, the share of the new is 1 − f.",
    ),
    praise="Right: now the state can leave 0, and one gate decides what is kept and what is written.",
)
def new_state(h, f, c):
    return f * h + (1 - f) * c
