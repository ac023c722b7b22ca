"""Exercises on training: one step back through the cell, a slope by differences, clipping."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake, program

REACHED = Exercise(
    name="reached",
    cases=(([1.0, -0.5], [0.5, 2.0], [0.8, 0.3], [2.1, -0.4]), ([0.3, 2.0], [0.0, -1.0], [1.0, 0.6], [0.0, 1.5])),
    mistakes=(
        Mistake(lambda dh, dC, o, C: dC + dh * o, "The slope of tanh is missing: where C_t = 2.1 it is 0.06, so "
                "almost nothing gets through."),
        Mistake(lambda dh, dC, o, C: dC + dh * (1 - np.tanh(C) ** 2), "The output gate is missing: what was not shown "
                "does not affect this step's loss."),
        Mistake(lambda dh, dC, o, C: dC + dh, "o_t ⊙ (1 − tanh²(C_t)) is missing: h_t = o_t ⊙ tanh(C_t) lies between "
                "the loss and C_t."),
        Mistake(lambda dh, dC, o, C: dh * o * (1 - np.tanh(C) ** 2), "You lost what came from the next step: add to "
                "dC, do not replace it."),
        Mistake(lambda dh, dC, o, C: dC + dh * o * np.tanh(C), "That multiplies by tanh itself. Its slope is 1 − tanh²."),
        Mistake(lambda dh, dC, o, C: dC + dh * o * (1 - np.tanh(C)), "The square is missing: the slope is 1 − tanh²."),
        Mistake(lambda dh, dC, o, C: dC + dh * o * (1 - C**2), "1 − C² is the slope only if C were tanh of something. "
                "Here it is 1 − tanh²(C_t)."),
        Mistake(lambda dh, dC, o, C: dC * dh * o * (1 - np.tanh(C) ** 2), "You multiplied the gradients of the two "
                "paths. They are added."),
    ),
    hints=("C_t affects the loss by two paths: through h_t = o_t ⊙ tanh(C_t), and through the next step, whose part "
     "is already in dC.",
           "The slope of tanh(C) is 1 − tanh²(C)."),
    solution="def reached(dh, dC, o_t, C_t):\n    return dC + dh * o_t * (1 - np.tanh(C_t) ** 2)",
    praise="Right: the gradients of both paths, added.",
)  # fmt: skip

FORGET_BACK = Exercise(
    name="forget_back",
    cases=(([0.5, -1.0], [0.9, 0.2], [2.0, 3.0]), ([1.0, 0.25], [0.5, 0.99], [-0.5, 4.0])),
    mistakes=(
        Mistake(lambda dC, f, C: [dC * C, dC * f], "σ′ is missing in the first: f_t = σ(z_f), and the slope of σ is "
                "f_t ⊙ (1 − f_t)."),
        Mistake(lambda dC, f, C: [dC * C * f, dC * f], "Half of σ′ is missing: the slope of σ is f_t ⊙ (1 − f_t)."),
        Mistake(lambda dC, f, C: [dC * C * (1 - f), dC * f], "Half of σ′ is missing: the slope of σ is not 1 − f_t but "
                "f_t ⊙ (1 − f_t)."),
        Mistake(lambda dC, f, C: [dC * C * f * (1 - f), dC], "f_t is missing in the second: it is the factor that the "
                "whole notebook is about."),
        Mistake(lambda dC, f, C: [dC * C, dC], "Two things are missing: σ′ in the first, f_t in the second."),
        Mistake(lambda dC, f, C: [dC * f * (1 - f), dC * f], "C_{t-1} is missing in the first: f_t multiplies it, so "
                "the slope w.r.t. f_t is C_{t-1}."),
        Mistake(lambda dC, f, C: [dC * f, dC * C * f * (1 - f)], "The two are swapped: first the gradient w.r.t. z_f, "
                "then w.r.t. C_{t-1}."),
        Mistake(lambda dC, f, C: [dC * C * f * (1 - f), dC * (1 - f)], "You used 1 − f_t for f_t in the second."),
        Mistake(lambda dC, f, C: [dC * C * sigmoid(f) * (1 - sigmoid(f)), dC * f], "f_t already is σ(z_f): do not apply σ "
                "again."),
        Mistake(lambda dC, f, C: [dC * C * f * (1 - f), dC * C], "C_{t-1} is not a factor in the second: the slope of "
                "f_t ⊙ C_{t-1} w.r.t. C_{t-1} is f_t."),
        Mistake(lambda dC, f, C: [dC * C * (1 - f**2), dC * f], "1 − f² is the slope of tanh. f_t is a σ: f_t ⊙ (1 − "
                "f_t)."),
    ),
    hints=("C_t = f_t ⊙ C_{t-1} + …: what are its derivatives w.r.t. f_t and w.r.t. C_{t-1}? z_f needs one more factor.",
           "[dC * C_prev * f_t * (…), dC * …]"),
    solution="def forget_back(dC, f_t, C_prev):\n    dz_f = dC * C_prev * f_t * (1 - f_t)\n"
    "    dC_prev = dC * f_t\n    return [dz_f, dC_prev]",
    praise="Right: σ′ in the gradient w.r.t. z_f, and f_t in the one w.r.t. C_{t-1}.",
)  # fmt: skip


STEP_BACK_SOLUTION = """\
def step_back(dh, dC, f, i, o, C_tilde, C_prev, C):
    dz_o = dh * np.tanh(C) * o * (1 - o)
    dC = dC + dh * o * (1 - np.tanh(C) ** 2)
    dz_f = dC * C_prev * f * (1 - f)
    dz_i = dC * C_tilde * i * (1 - i)
    dz_C = dC * i * (1 - C_tilde**2)
    return [dz_f, dz_i, dz_o, dz_C, dC * f]"""


STEP_BACK = Exercise(
    name="step_back",
    cases=(
        ([1.0, -0.5], [0.5, 2.0], [0.9, 0.2], [0.5, 0.7], [0.8, 0.3], [0.6, -0.9], [2.0, -3.0], [2.1, -1.23]),
        ([0.3, -2.0], [0.0, -1.0], [0.5, 0.99], [0.1, 0.4], [1.0, 0.6], [-0.2, 0.5], [0.5, 4.0], [0.23, 4.16]),
    ),
    mistakes=(
        Mistake(program(STEP_BACK_SOLUTION, (" * f * (1 - f)", ""), (" * i * (1 - i)", ""), (" * o * (1 - o)", "")), "σ′ is missing: each gate is a σ, so each dz of a gate gets gate ⊙ (1 − gate)."),
        Mistake(program(STEP_BACK_SOLUTION, (" * (1 - C_tilde**2)", "")), "The candidate is a tanh: its dz gets 1 − "
                "C̃_t²."),
        Mistake(program(STEP_BACK_SOLUTION, ("(1 - C_tilde**2)", "C_tilde * (1 - C_tilde)")), "The candidate is a "
                "tanh, not a σ: its slope is 1 − C̃_t², not C̃_t (1 − C̃_t)."),
        Mistake(program(STEP_BACK_SOLUTION, ("dh * o * (1 - np.tanh(C) ** 2)", "dh")), "o ⊙ (1 − tanh²(C_t)) is "
                "missing where dh is added to dC."),
        Mistake(program(STEP_BACK_SOLUTION, ("dC * f]", "dC]")), "f is missing: the gradient w.r.t. C_{t-1} is dC ⊙ "
                "f_t."),
        Mistake(program(STEP_BACK_SOLUTION, ("dz_o", "dh")), "dh was overwritten before dC used it: dC needs the dh "
                "that came in, not dz_o."),
        Mistake(program(STEP_BACK_SOLUTION, ("dC + dh", "dh")), "The dC from the next step is missing: dh's part is "
                "added to it."),
        Mistake(program(STEP_BACK_SOLUTION, ("dC + dh * o * (1 - np.tanh(C) ** 2)", "dC")), "dh is missing in dC: C_t "
                "also affects the loss through h_t."),
        Mistake(program(STEP_BACK_SOLUTION, ("    dC =", "    dC_in, dC = dC,"), ("dC * f]", "dC_in * f]")), "The "
                "gradient w.r.t. C_{t-1} needs all of dC: the sum with dh's part, not the argument alone."),
        Mistake(program(STEP_BACK_SOLUTION, ("dh * np.tanh(C) * o", "dh * o")), "tanh(C_t) is missing in dz_o: o_t "
                "multiplies it."),
        Mistake(program(STEP_BACK_SOLUTION, ("    dz_o = dh * np.tanh(C) * o * (1 - o)\n", ""), ("    dz_f", "    dz_o = dC * "
                "np.tanh(C) * o * (1 - o)\n    dz_f")), "dz_o needs dh, not dC: o_t acts on h_t, behind the memory."),
        Mistake(program(STEP_BACK_SOLUTION, ("dC * C_tilde * i", "dC * C_prev * i")), "The input gate multiplies C̃_t, not "
                "C_{t-1}."),
        Mistake(program(STEP_BACK_SOLUTION, (" * f * (1 - f)", ""), (" * i * (1 - i)", ""), (" * o * (1 - o)", ""),
                        (" * (1 - C_tilde**2)", "")), "σ′ and tanh′ are missing: these are the slopes w.r.t. the gates, "
                "not w.r.t. z."),
        Mistake(program(STEP_BACK_SOLUTION, ("C_prev * f", "C * f")), "You used C_t in dz_f. The forget gate "
                "multiplies C_{t-1}."),
    ),
    hints=("First dz_o, then dC with dh's part added (as in reached), then what depends on dC. Do not overwrite dh.",
           "dz_i = dC ⊙ C̃_t ⊙ i (1 − i);  dz_C = dC ⊙ i ⊙ (1 − C̃_t²); the other two are in forget_back."),
    solution=STEP_BACK_SOLUTION,
    praise="Right: that is all of back-propagation through one step of the cell.",
)  # fmt: skip

SLOPE = Exercise(
    name="slope",
    cases=((lambda w: w**3, 2.0, 0.1), (lambda w: np.exp(-w), 0.5, 0.2), (lambda w: 3 * w * w + w, -0.1, 0.01)),
    mistakes=(
        Mistake(lambda loss, w, step: (loss(w + step) - loss(w)) / step, "That is the one-sided difference: right in "
                "the limit, but its error shrinks only as fast as the step. Take one point on each side."),
        Mistake(lambda loss, w, step: loss(w + step) - loss(w - step) / (2 * step), "Only the second loss is divided. Put "
                "the difference in brackets."),
        Mistake(lambda loss, w, step: (loss(w + step) - loss(w - step)) / 2, "You divided by 2. The points are 2 · step "
                "apart."),
        Mistake(lambda loss, w, step: (loss(w) - loss(w - step)) / step, "That is the one-sided difference. Take one "
                "point on each side."),
        Mistake(lambda loss, w, step: (loss(w + step / 2) - loss(w - step / 2)) / step, "A good estimate, but at "
                "other points than those asked for: one step on each side."),
        Mistake(lambda loss, w, step: (loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6, "A good estimate, but use the "
                "argument step."),
        Mistake(lambda loss, w, step: (loss(w + step) - loss(w - step)) / step, "The two points are 2 · step apart, so "
                "this is twice the slope."),
        Mistake(lambda loss, w, step: (loss(w + step) - loss(w - step)) / 2 * step, "Divide by (2 * step), with "
                "brackets: / 2 * step multiplies by the step."),
        Mistake(lambda loss, w, step: (loss(w - step) - loss(w + step)) / (2 * step), "The sign is reversed: loss(w + "
                "step) comes first."),
        Mistake(lambda loss, w, step: loss(w + step) - loss(w - step), "That is the difference. Divide it by the "
                "distance."),
    ),
    hints=("The slope is the difference of the loss at two points, divided by their distance.",
           "The points w + step and w − step are 2 · step apart."),
    solution="def slope(loss, w, step):\n    return (loss(w + step) - loss(w - step)) / (2 * step)",
    praise="Right: one point on each side, and the error shrinks with the square of the step.",
)  # fmt: skip


CLIP = Exercise(
    name="clip",
    cases=(([3.0, 4.0, 0.0], 1.0), ([0.3, -0.4, 0.1], 1.0), ([-6.0, 2.0, 9.0], 5.0), ([0.8, 0.8, 0.0], 1.0),
           ([1.2, -1.2, 0.3], 2.0), ([-3.0, -4.0, 0.5], 2.0), ([0.6, -0.5, 0.2], 0.5)),
    mistakes=(
        Mistake(lambda g, limit: np.clip(g, -limit, limit), "You clipped each element by itself. That changes the "
                "direction: [3, 4] becomes [1, 1]. Scale all elements by one factor."),
        Mistake(lambda g, limit: g * limit / np.linalg.norm(g), "Small gradients became larger. Leave a gradient "
                "unchanged if its norm is within the limit."),
        Mistake(lambda g, limit: g * min(1.0, limit / (g @ g)), "The norm is a square root: √(Σ g²)."),
        Mistake(lambda g, limit: g * min(1.0, limit / np.abs(g).max()), "You used the largest element as the norm."),
        Mistake(lambda g, limit: g * min(1.0, limit / np.abs(g).sum()), "You used the sum of absolute values as the "
                "norm; it is √(Σ g²)."),
        Mistake(lambda g, limit: g if np.linalg.norm(g) <= limit else 0 * g, "You set a large gradient to 0. Its "
                "direction is still useful."),
        Mistake(lambda g, limit: g / np.linalg.norm(g), "That makes every norm 1, whatever the limit."),
        Mistake(lambda g, limit: g, "Nothing is clipped."),
        Mistake(lambda g, limit: min(limit, np.linalg.norm(g)), "That is the length it should have. What is wanted is "
                "the gradient, scaled to that length."),
        Mistake(lambda g, limit: min(1.0, limit / np.linalg.norm(g)), "That is the factor. Multiply the gradient by it."),
    ),
    hints=("One factor for all elements, never above 1. Which one brings the norm down to the limit?",
           "The norm is np.linalg.norm(gradient); the factor is limit / norm if the norm is above the limit, else 1."),
    solution="def clip(gradient, limit):\n    norm = np.linalg.norm(gradient)\n"
    "    return gradient * limit / max(norm, limit)",
    praise="Right: the direction stays, the length is at most the limit.",
)  # fmt: skip


NEW_STATE = Exercise(
    name="new_state",
    cases=(([0.5, -0.2, 1.0], [0.9, 0.2, 0.6], [-0.7, 0.4, 0.3]), ([0.0, 0.8, -0.4], [0.3, 0.75, 0.5], [0.9, -0.6, 0.1])),
    mistakes=(
        Mistake(lambda h, f, c: f * h, "That is the line as it was: nothing is written, so a state that starts at 0 stays 0."),
        Mistake(lambda h, f, c: f * h + c, "The shares do not add up to 1: f of the old, and all of the new."),
        Mistake(lambda h, f, c: f * h + f * c, "You gave old and new the same share f. What is left for the new is 1 − f."),
        Mistake(lambda h, f, c: (1 - f) * h + f * c, "Old and new have changed places: f is the share of the old state that is kept."),
        Mistake(lambda h, f, c: h + (1 - f) * c, "The old state is kept whole. Only the share f of it is kept."),
        Mistake(lambda h, f, c: f * h + (1 - f) * h, "The state never changes: what is written is c, not the old state once more."),
        Mistake(lambda h, f, c: f * c, "The old state is gone: without f ⊙ h nothing is remembered."),
        Mistake(lambda h, f, c: (1 - f) * c, "Only what is written is there. The share f of the old state is missing."),
        Mistake(lambda h, f, c: f * h * (1 - f) * c, "The two shares are multiplied. What is kept and what is written are added."),
        Mistake(lambda h, f, c: f * h + (1 - f) * np.tanh(c), "c already is a tanh; this squashes it twice."),
        Mistake(lambda h, f, c: f * h - (1 - f) * c, "The sign is wrong: what is written is added."),
    ),
    hints=("Two terms: what is kept of h, and what is written of c.",
           "If the share of the old is f, and both shares add up to 1, the share of the new is 1 − f."),
    solution="def new_state(h, f, c):\n    return f * h + (1 - f) * c",
    praise="Right: now the state can leave 0, and one gate decides what is kept and what is written.",
)  # fmt: skip
