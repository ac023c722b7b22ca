"""Exercises on what a cell writes: the candidate's bias, and a write to repair."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import exercise


def _wanted(drawn):
    """The memory that a drawn candidate makes, and what is given with it."""
    H, D = drawn.sizes()
    C, f, i, candidate = drawn.numbers(H), drawn.gates(H), drawn.gates(H), drawn.numbers(H, high=0.9)
    return f * C + i * candidate, C, f, i, drawn.numbers(H, H + D, high=1.0), drawn.numbers(H + D)


@exercise(
    """
np.arctanh(C_tilde) → np.log(C_tilde / (1 - C_tilde)) | You used the inverse of σ. The candidate is a tanh: with σ it could not be negative.
np.arctanh → np.tanh | tanh leads from z_C to the candidate. You have the candidate and need z_C: that takes the inverse of tanh.
np.arctanh → np.arctan | np.arctan is the inverse of tan, not of tanh.
np.arctanh → 1 / np.tanh | 1/tanh is the reciprocal, not the inverse function.
np.arctanh → | The candidate is right, but it is not z_C: the inverse of tanh is missing.
/ i_t → | That is what has to be written. Only the share i_t of the candidate is written, so the candidate has to be larger.
/ i_t → * i_t | You multiplied by i_t. The candidate has to be larger than what is written: divide.
f_t * → | The forget gate is missing: of C_{t-1} only f_t ⊙ C_{t-1} is still there.
C_wanted - → C_wanted + | You added what is kept to the wanted memory. What has to be written is the wanted memory minus what is kept.
- f_t * C_prev → | What is kept of the old memory is missing: less has to be written.
(C_wanted - f_t * C_prev) / i_t → C_wanted | You took the new memory for the candidate. It is what was kept and i_t times the candidate.
C_wanted - f_t * C_prev → f_t * C_prev - C_wanted | The sign is turned: what is missing is the wanted memory minus what is kept.
- W_C → + W_C | z_C = W_C · v + b_C: to get b_C, subtract W_C · v.
- W_C @ v → | That is z_C. Part of it comes from W_C · v; the bias is the rest.
/ i_t → / (1 - f_t) | You used 1 − f_t as the input gate. i_t is a gate of its own, and is given.
f_t * C_prev) / i_t → i_t * C_prev) / f_t | The gates are swapped: f_t keeps the old, i_t writes the new.
np.arctanh(C_tilde) - W_C @ v → C_tilde | That is the candidate. The question is for which b_C it is that.
(C_wanted - f_t * C_prev) / i_t → C_wanted - f_t * C_prev / i_t | Only f_t ⊙ C_{t-1} is divided by i_t. Put the difference in brackets.
np.arctanh → logit | logit is the inverse of σ. The candidate is a tanh, so take np.arctanh.
np.arctanh(C_tilde) - W_C @ v → np.arctanh(C_tilde - W_C @ v) | You subtracted W_C · v inside arctanh. First undo tanh, which gives z_C; then subtract W_C · v from it.
""",
    draw=_wanted,
    seed=1,
    hints=(
        "First solve C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t for C̃_t; then undo tanh.",
        "C_tilde = (C_wanted - f_t * C_prev) / …, and the inverse of np.tanh is np.arctanh.",
    ),
    praise="Right: with this bias each unit writes exactly what is missing. What lies further from f_t ⊙ C_{t-1} than i_t no bias "
    "can reach: the candidate would be beyond ±1.",
)
def bias_for(C_wanted, C_prev, f_t, i_t, W_C, v):
    C_tilde = (C_wanted - f_t * C_prev) / i_t
    return np.arctanh(C_tilde) - W_C @ v


def _write(drawn):
    H, D = drawn.sizes()
    return drawn.cell(H, D), drawn.numbers(H + D), drawn.numbers(H)


@exercise(
    """
+ cell.b_i) → + cell.b_i) * np.tanh(cell.W_C @ v + cell.b_C) | That is the code as it was: the “gate” is still a product, and the memory still gets the candidate twice.
return i_t → return C_t - C_prev | The memory is right. The first number is still the product: a gate is the σ alone.
+ cell.b_C) → + cell.b_C) ** 2 | The gate is right. The memory still gets the candidate twice.
C_prev + → | The old memory is gone: what is written has to be added to C_prev.
i_t * → | The whole candidate is written. i_t says how much of it should be.
* np.tanh(cell.W_C @ v + cell.b_C) → | You wrote the gate itself. What is written is i_t ⊙ C̃_t.
C_prev + → C_prev - | What is written is added; its sign is that of C̃_t.
C_prev + i_t * → i_t * C_prev + | i_t acts on the candidate, not on the old memory.
C_prev + → (1 - i_t) * C_prev + | You forgot 1 − i_t of the old memory. In this hunt the forget gate is left out.
C_prev + → C_prev * | You multiplied the old memory with the write. They are added.
return i_t, C_t → return i_t, np.tanh(C_t) | You squashed the memory itself. tanh belongs to the candidate.
return i_t, C_t → return C_t, i_t | Both numbers are right, in the other order: the gate comes first.
return i_t → return np.tanh(cell.W_C @ v + cell.b_C) | The memory is right. The first number is the candidate; the gate is asked for.
C_prev + → sigmoid(cell.W_f @ v + cell.b_f) * C_prev + | This cell has no forget gate: all of C_prev is kept.
+ cell.b_i → | The bias b_i is missing.
cell.W_i @ v + cell.b_i → cell.W_C @ v + cell.b_C | Your gate uses the candidate's weights. It has W_i and b_i of its own.
cell.W_i @ v + cell.b_i → cell.W_f @ v + cell.b_f | That is the forget gate: the input gate has W_i and b_i.
cell.W_C @ v + cell.b_C → cell.W_i @ v + cell.b_i | Your candidate has the gate's weights. It has W_C and b_C of its own.
sigmoid → np.tanh | Your gate is a tanh and can be negative. A gate is a σ.
np.tanh → sigmoid | You used σ for the candidate. Then the cell could add but not subtract.
np.tanh → | The candidate has no tanh: a single step could write anything, however large.
""",
    name="repaired_write",
    draw=_write,
    hints=(
        "A gate is σ(W_i · v + b_i) and nothing else. The product with the candidate belongs into the memory, once.",
        "i_t = sigmoid(cell.W_i @ v + cell.b_i), and C_t = C_prev + i_t * …",
    ),
    praise="Right: a gate between 0 and 1, and a memory that can fall: for the value −1 it is −0.96.",
)
def repaired(cell, v, C_prev):
    i_t = sigmoid(cell.W_i @ v + cell.b_i)
    C_t = C_prev + i_t * np.tanh(cell.W_C @ v + cell.b_C)
    return i_t, C_t
