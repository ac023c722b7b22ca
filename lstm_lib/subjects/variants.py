"""Exercises on variants of the cell: a peephole, coupled gates, the GRU in both conventions."""

import numpy as np

from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake, program
from lstm_lib.subjects.own_cell import ONE_GATE  # noqa: F401  listed with the exercises of this subject

_RNG = np.random.default_rng(9)


def _numbers(*shapes):
    return tuple(_RNG.uniform(-1.5, 1.5, shape).round(2) for shape in shapes)


PEEPHOLES_SOLUTION = """\
def gates(W_f, p_f, b_f, W_o, p_o, b_o, v, C_prev, C_t):
    f_t = sigmoid(W_f @ v + p_f * C_prev + b_f)
    o_t = sigmoid(W_o @ v + p_o * C_t + b_o)
    return f_t, o_t"""


def _peep(*changes):
    return program(PEEPHOLES_SOLUTION, *changes)


PEEPHOLES = Exercise(
    name="peepholes",
    cases=tuple(_numbers((H, H + 2), H, H, (H, H + 2), H, H, H + 2, H, H) for H in (3, 2)),
    mistakes=(
        Mistake(_peep(("p_o * C_t", "p_o * C_prev")), "The output gate looks at C_{t-1}. When it acts, C_t is ready, and that is "
                "what it is about to show."),
        Mistake(_peep(("p_f * C_prev", "p_f * C_t")), "The forget gate looks at C_t, which is computed from f_t. It can only "
                "look at C_{t-1}."),
        Mistake(_peep(("p_f * C_prev", "p_f * C_t"), ("p_o * C_t", "p_o * C_prev")), "The two states are swapped: f should "
                "look at C_{t-1}, o at C_t."),
        Mistake(_peep(("p_f * C_prev", "p_f @ C_prev"), ("p_o * C_t", "p_o @ C_t")), "p @ C is a dot product: one number for "
                "all units. A peephole is one weight a unit, p ⊙ C."),
        Mistake(_peep(("p_f * C_prev", "p_f @ C_prev")), "p_f @ C_prev is a dot product: one number for all units. A peephole "
                "is one weight a unit, p_f ⊙ C_{t-1}."),
        Mistake(_peep(("p_f * C_prev", "np.outer(p_f, C_prev).sum(axis=1)"), ("p_o * C_t", "np.outer(p_o, C_t).sum(axis=1)")),
                "The peephole is dense: every unit's gate looks at all memories. It is one weight a unit, p ⊙ C."),
        Mistake(_peep(("p_f * C_prev", "C_prev"), ("p_o * C_t", "C_t")), "The memory comes in without its weight p."),
        Mistake(_peep(("+ p_f * C_prev", ""), ("+ p_o * C_t", "")), "There is no peephole: the gates see [h; x] alone."),
        Mistake(_peep(("+ p_f * C_prev + b_f)", "+ b_f) + p_f * C_prev"), ("+ p_o * C_t + b_o)", "+ b_o) + p_o * C_t")),
                "The peephole stands outside σ, so a gate can leave 0…1. It belongs to the pre-activation."),
        Mistake(_peep((" + b_f", ""), (" + b_o", "")), "The biases are missing."),
        Mistake(_peep(("p_o * C_t", "p_o * np.tanh(C_t)")), "The peephole looks at the memory itself, not at tanh(C_t)."),
        Mistake(_peep(("p_f * C_prev", "p_o * C_prev"), ("p_o * C_t", "p_f * C_t")), "p_f and p_o are swapped."),
        Mistake(_peep(("p_o * C_t", "p_o @ C_t")), "p_o @ C_t is a dot product: one number for all units. A peephole is one "
                "weight a unit, p_o ⊙ C_t."),
        Mistake(_peep(("p_f * C_prev", "C_prev")), "In f the memory comes in without its weight p_f."),
        Mistake(_peep(("p_o * C_t", "C_t")), "In o the memory comes in without its weight p_o."),
        Mistake(_peep(("p_o * C_t", "p_f * C_t")), "Each gate has its own peephole: o has p_o."),
        Mistake(_peep(("p_f * C_prev", "p_o * C_prev")), "Each gate has its own peephole: f has p_f."),
        Mistake(_peep(("return f_t, o_t", "return o_t, f_t")), "The order is f_t, then o_t."),
        Mistake(_peep(("sigmoid(W_f", "(W_f"), ("sigmoid(W_o", "(W_o")), "σ is missing: a gate is from 0 to 1."),
    ),
    hints=("One weight a unit: an element-wise product. Where in the formula is the bias?",
           "f acts before C_t exists, o after: C_prev for f, C_t for o."),
    solution=PEEPHOLES_SOLUTION,
    praise="Right: one weight a unit, f looks at C_{t-1} and o at C_t.",
)  # fmt: skip

COUPLED_SOLUTION = """\
def coupled_step(i_t, C_tilde, C_prev):
    f_t = 1 - i_t
    C_t = f_t * C_prev + i_t * C_tilde
    return f_t, C_t"""


def _coupled(*changes):
    return program(COUPLED_SOLUTION, *changes)


COUPLED = Exercise(
    name="coupled_step",
    cases=tuple((_RNG.uniform(0.05, 0.95, H).round(2), *_numbers(H, H)) for H in (3, 4)),
    mistakes=(
        Mistake(_coupled(("1 - i_t", "i_t")), "f_t = i_t keeps most where it writes most. Coupled means: what is written is "
                "forgotten, 1 − i_t."),
        Mistake(_coupled(("f_t * C_prev + i_t * C_tilde", "i_t * C_prev + f_t * C_tilde")), "The two factors are swapped: i "
                "belongs to the candidate, f to the old memory."),
        Mistake(_coupled(("f_t * C_prev + i_t", "C_prev + i_t")), "The old memory is kept in full: f_t is computed, and not used."),
        Mistake(_coupled(("+ i_t * C_tilde", "+ C_tilde")), "The candidate is written in full. It is multiplied by i_t."),
        Mistake(_coupled(("1 - i_t", "sigmoid(-i_t)")), "σ(−i_t) squashes a gate once more. 1 − σ(z) equals σ(−z), but i_t is "
                "already σ(z)."),
        Mistake(_coupled(("1 - i_t", "i_t - 1")), "i_t − 1 is negative: the memory would change its sign."),
        Mistake(_coupled(("1 - i_t", "1 / i_t")), "1 / i_t is above 1: the memory would grow at every step."),
        Mistake(_coupled(("i_t * C_tilde", "np.tanh(i_t * C_tilde)")), "C̃_t is already squashed; there is no tanh around what "
                "is written."),
        Mistake(_coupled(("    C_t = f_t * C_prev + i_t * C_tilde", "    C_t = np.tanh(f_t * C_prev + i_t * C_tilde)")),
                "There is no tanh around the new memory; it comes later, when C_t is shown."),
        Mistake(_coupled(("return f_t, C_t", "return C_t, f_t")), "The order is f_t, then C_t."),
        Mistake(_coupled(("return f_t, C_t", "return f_t * C_prev, C_t")), "The first is f_t itself, not what it keeps."),
        Mistake(_coupled(("i_t * C_tilde", "i_t * np.tanh(C_tilde)")), "C̃_t is already squashed; it needs no second tanh."),
        Mistake(_coupled(("return f_t, C_t", "return i_t, C_t")), "The first is f_t, not i_t."),
        Mistake(_coupled(("+ i_t * C_tilde", "- i_t * C_tilde")), "What is written is added."),
    ),
    hints=("If 30 % is new, how much of the old is kept?", "f_t + i_t = 1 in every unit."),
    solution=COUPLED_SOLUTION,
    praise="Right: the new memory is a weighted mean of the old one and the candidate.",
)  # fmt: skip

GRU_SOLUTION = """\
def new_content(W_x, W_h, b, b_hidden, r_t, x_t, h_prev):
    before = np.tanh(W_x @ x_t + W_h @ (r_t * h_prev) + b)
    after = np.tanh(W_x @ x_t + r_t * (W_h @ h_prev + b_hidden) + b)
    return before, after"""


def _gru(*changes):
    return program(GRU_SOLUTION, *changes)


GRU_CANDIDATES = Exercise(
    name="new_content",
    cases=tuple(
        (*_numbers((H, 2), (H, H), H, H), _RNG.uniform(0.05, 0.95, H).round(2), *_numbers(2, H)) for H in (3, 4)
    ),
    mistakes=(
        Mistake(_gru(("return before, after", "return after, before")), "The two are swapped. “Before” means: r_t scales "
                "h_{t-1} before the product with W_h."),
        Mistake(_gru(("r_t * (W_h @ h_prev + b_hidden)", "r_t * (W_h @ h_prev) + b_hidden")), "b_hidden stands outside: in the "
                "second convention r_t scales the product and its bias."),
        Mistake(_gru(("r_t * (W_h @ h_prev + b_hidden)", "W_h @ (r_t * h_prev) + b_hidden")), "Both are “before”. In the second, "
                "r_t scales what W_h has made of h_{t-1}."),
        Mistake(_gru(("W_h @ (r_t * h_prev)", "r_t * (W_h @ h_prev)")), "Both are “after”. In the first, r_t scales h_{t-1} itself."),
        Mistake(_gru(("W_h @ (r_t * h_prev)", "W_h @ h_prev")), "The first has no reset gate."),
        Mistake(_gru(("r_t * (W_h @ h_prev + b_hidden)", "(W_h @ h_prev + b_hidden)")), "The second has no reset gate."),
        Mistake(_gru(("np.tanh(W_x @ x_t + W_h", "(W_x @ x_t + W_h"), ("np.tanh(W_x @ x_t + r_t", "(W_x @ x_t + r_t")),
                "The tanh is missing."),
        Mistake(_gru(("np.tanh(W_x @ x_t + W_h", "sigmoid(W_x @ x_t + W_h"), ("np.tanh(W_x @ x_t + r_t", "sigmoid(W_x @ x_t + r_t")),
                "A candidate has a tanh: with σ it could not be negative."),
        Mistake(_gru(("(r_t * h_prev) + b)", "(r_t * h_prev) + b + b_hidden)")), "The first convention has one bias, b."),
        Mistake(_gru((" + b)\n    after", ")\n    after")), "The first is without its bias b."),
        Mistake(_gru(("+ b_hidden) + b)", ") + b)")), "The second is without b_hidden."),
        Mistake(_gru(("W_h @ (r_t * h_prev)", "W_h @ ((1 - r_t) * h_prev)"), ("r_t * (W_h @ h_prev + b_hidden)",
                "(1 - r_t) * (W_h @ h_prev + b_hidden)")), "1 − r_t resets where the gate is open. r_t = 1 lets h_{t-1} through."),
        Mistake(_gru(("return before, after", "return before, before")), "You return “before” twice."),
        Mistake(_gru(("return before, after", "return after, after")), "You return “after” twice."),
        Mistake(_gru(("b_hidden) + b)", "b_hidden + b))")), "r_t also scales b. Only the product with W_h and its bias "
                "b_hidden are scaled."),
        Mistake(_gru((" + b)\n    after", ")\n    after"), ("b_hidden) + b)", "b_hidden))")), "Both are without the bias b."),
        Mistake(_gru(("r_t * h_prev", "h_prev"), ("r_t * (W_h", "(W_h")), "There is no reset gate."),
        Mistake(_gru(("r_t * (W_h @ h_prev + b_hidden)", "r_t * W_h @ h_prev + r_t * b_hidden")), "Python reads r_t * W_h @ h as "
                "(r_t * W_h) @ h, which scales the columns of W_h: that is “before”. Write r_t * (W_h @ h)."),
    ),
    hints=("Before the product: r_t meets h_{t-1}. After it: r_t meets W_h · h_{t-1}.",
           "In the second, the bias of the product, b_hidden, is scaled too."),
    solution=GRU_SOLUTION,
    praise="Right: two different cells under one name. With b_hidden = 0 they agree if W_h is diagonal, or if r_t is the same in all units.",
)  # fmt: skip
