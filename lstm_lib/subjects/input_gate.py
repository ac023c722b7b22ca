"""Exercises on what a cell writes: the candidate's bias, and a write to repair."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.lstm import LSTMParams
from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake

_RNG = np.random.default_rng(14)
_W, _v = _RNG.normal(size=(3, 7)).round(1), _RNG.normal(size=7).round(1)
_CASES = (([0.6, -0.4, 0.3], [0.9, 0.8, 0.7], [0.5, 0.8, 0.6], [-0.5, 0.6, 0.3], _W, _v),
          ([-0.5, 0.2, 0.7], [0.6, 0.9, 0.85], [0.9, 0.4, 0.7], [0.4, -0.7, -0.2], _W[::-1], -_v))  # fmt: skip


def _wanted(C, f, i, candidate, W, v):
    """A case of `bias_for`: the memory that this candidate makes."""
    C, f, i, candidate = map(np.array, (C, f, i, candidate))
    return f * C + i * candidate, C, f, i, W, v


BIAS_FOR = Exercise(
    name="bias_for",
    cases=tuple(_wanted(*case) for case in _CASES),
    mistakes=(
        Mistake(lambda w, C, f, i, W, v: np.log((w - f * C) / (i - w + f * C)) - W @ v, "You used the inverse of σ. The "
                "candidate is a tanh: with σ it could not be negative."),
        Mistake(lambda w, C, f, i, W, v: np.tanh((w - f * C) / i) - W @ v, "tanh leads from z_C to the candidate. You "
                "have the candidate and need z_C: that takes the inverse of tanh."),
        Mistake(lambda w, C, f, i, W, v: np.arctan((w - f * C) / i) - W @ v, "np.arctan is the inverse of tan, not of tanh."),
        Mistake(lambda w, C, f, i, W, v: 1 / np.tanh((w - f * C) / i) - W @ v, "1/tanh is the reciprocal, not the inverse "
                "function."),
        Mistake(lambda w, C, f, i, W, v: (w - f * C) / i - W @ v, "The candidate is right, but it is not z_C: the inverse "
                "of tanh is missing."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh(w - f * C) - W @ v, "That is what has to be written. Only the share i_t "
                "of the candidate is written, so the candidate has to be larger."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((w - f * C) * i) - W @ v, "You multiplied by i_t. The candidate has to "
                "be larger than what is written: divide."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((w - C) / i) - W @ v, "The forget gate is missing: of C_{t-1} only "
                "f_t ⊙ C_{t-1} is still there."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh(w / i) - W @ v, "What is kept of the old memory is missing: less has to "
                "be written."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh(w) - W @ v, "You took the new memory for the candidate. It is what was "
                "kept and i_t times the candidate."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((f * C - w) / i) - W @ v, "The sign is turned: what is missing is the "
                "wanted memory minus what is kept."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((w - f * C) / i) + W @ v, "z_C = W_C · v + b_C: to get b_C, subtract "
                "W_C · v."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((w - f * C) / i), "That is z_C. Part of it comes from W_C · v; the bias "
                "is the rest."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((w - f * C) / (1 - f)) - W @ v, "You used 1 − f_t as the input gate. "
                "i_t is a gate of its own, and is given."),
        Mistake(lambda w, C, f, i, W, v: np.arctanh((w - i * C) / f) - W @ v, "The gates are swapped: f_t keeps the old, "
                "i_t writes the new."),
        Mistake(lambda w, C, f, i, W, v: (w - f * C) / i, "That is the candidate. The question is for which b_C it is that."),
    ),
    hints=("First solve C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t for C̃_t; then undo tanh.",
           "C_tilde = (C_wanted - f_t * C_prev) / …, and the inverse of np.tanh is np.arctanh."),
    solution="def bias_for(C_wanted, C_prev, f_t, i_t, W_C, v):\n    C_tilde = (C_wanted - f_t * C_prev) / i_t\n"
             "    return np.arctanh(C_tilde) - W_C @ v",
    praise="Right: with this bias each unit writes exactly what is missing. What lies further from f_t ⊙ C_{t-1} than i_t no bias "
           "can reach: the candidate would be beyond ±1.",
)  # fmt: skip


def _written(gate="W_i", bias="b_i", squash=sigmoid, candidate=np.tanh, answer=None):
    """A wrong answer to `repaired_write`: answer(i, candidate, C_prev) → (gate, memory)."""

    def wrong(cell, v, C):
        i = squash(getattr(cell, gate) @ v + (getattr(cell, bias) if bias else 0))
        return (answer or (lambda i, g, C: (i, C + i * g)))(i, candidate(cell.W_C @ v + cell.b_C), C)

    return wrong


def _answer(answer):
    return _written(answer=answer)


REPAIRED_WRITE = Exercise(
    name="repaired_write",
    cases=tuple((LSTMParams(_RNG.normal(size=(4 * H, H + D)).round(1), _RNG.normal(size=4 * H).round(1)),
                 _RNG.normal(size=H + D).round(1), _RNG.normal(size=H).round(1)) for D, H in ((2, 3), (3, 2))),
    mistakes=(
        Mistake(_answer(lambda i, g, C: (i * g, C + i * g * g)), "That is the code as it was: the “gate” is still a "
                "product, and the memory still gets the candidate twice."),
        Mistake(_answer(lambda i, g, C: (i * g, C + i * g)), "The memory is right. The first number is still the product: "
                "a gate is the σ alone."),
        Mistake(_answer(lambda i, g, C: (i, C + i * g * g)), "The gate is right. The memory still gets the candidate "
                "twice."),
        Mistake(_answer(lambda i, g, C: (i, i * g)), "The old memory is gone: what is written has to be added to C_prev."),
        Mistake(_answer(lambda i, g, C: (i, C + g)), "The whole candidate is written. i_t says how much of it should be."),
        Mistake(_answer(lambda i, g, C: (i, C + i)), "You wrote the gate itself. What is written is i_t ⊙ C̃_t."),
        Mistake(_answer(lambda i, g, C: (i, C - i * g)), "What is written is added; its sign is that of C̃_t."),
        Mistake(_answer(lambda i, g, C: (i, i * C + g)), "i_t acts on the candidate, not on the old memory."),
        Mistake(_answer(lambda i, g, C: (i, (1 - i) * C + i * g)), "You forgot 1 − i_t of the old memory. In this hunt "
                "the forget gate is left out."),
        Mistake(_answer(lambda i, g, C: (i, C * i * g)), "You multiplied the old memory with the write. They are added."),
        Mistake(_answer(lambda i, g, C: (i, np.tanh(C + i * g))), "You squashed the memory itself. tanh belongs to the "
                "candidate."),
        Mistake(_answer(lambda i, g, C: (C + i * g, i)), "Both numbers are right, in the other order: the gate comes first."),
        Mistake(_answer(lambda i, g, C: (g, C + i * g)), "The memory is right. The first number is the candidate; the "
                "gate is asked for."),
        Mistake(lambda p, v, C: (sigmoid(p.W_i @ v + p.b_i), sigmoid(p.W_f @ v + p.b_f) * C + sigmoid(p.W_i @ v + p.b_i)
                * np.tanh(p.W_C @ v + p.b_C)), "This cell has no forget gate: all of C_prev is kept."),
        Mistake(_written(bias=None), "The bias b_i is missing."),
        Mistake(_written("W_C", "b_C"), "Your gate uses the candidate's weights. It has W_i and b_i of its own."),
        Mistake(_written("W_f", "b_f"), "That is the forget gate: the input gate has W_i and b_i."),
        Mistake(_written(squash=np.tanh), "Your gate is a tanh and can be negative. A gate is a σ."),
        Mistake(_written(candidate=sigmoid), "You used σ for the candidate. Then the cell could add but not subtract."),
        Mistake(_written(candidate=lambda z: z), "The candidate has no tanh: a single step could write anything, however "
                "large."),
    ),
    hints=("A gate is σ(W_i · v + b_i) and nothing else. The product with the candidate belongs into the memory, once.",
           "i_t = sigmoid(cell.W_i @ v + cell.b_i), and C_t = C_prev + i_t * …"),
    solution="def repaired(cell, v, C_prev):\n    i_t = sigmoid(cell.W_i @ v + cell.b_i)\n"
             "    C_t = C_prev + i_t * np.tanh(cell.W_C @ v + cell.b_C)\n    return i_t, C_t",
    praise="Right: a gate between 0 and 1, and a memory that can fall: for the value −1 it is −0.96.",
)  # fmt: skip
