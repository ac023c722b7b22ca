"""Exercises on variants of the cell: a peephole, coupled gates, the GRU in both conventions."""

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import exercise
from lstm_lib.subjects.own_cell import one_gate  # noqa: F401  found with the exercises of this file


def _gates(drawn):
    H, D = drawn.of((1, 1), (1, 2), (2, 1), (3, 2))
    W_f, p_f, b_f, W_o, p_o, b_o = (drawn.numbers(H, *more, high=1.0) for more in ((H + D,), (), ()) * 2)
    return W_f, p_f, b_f, W_o, p_o, b_o, drawn.numbers(H + D), drawn.numbers(H), drawn.numbers(H)


@exercise(
    """
p_o * C_t → p_o * C_prev | The output gate looks at C_{t-1}. When it acts, C_t is ready, and that is what it is about to show.
p_f * C_prev → p_f * C_t | The forget gate looks at C_t, which is computed from f_t. It can only look at C_{t-1}.
p_f * C_prev → p_f * C_t ; p_o * C_t → p_o * C_prev | The two states are swapped: f should look at C_{t-1}, o at C_t.
p_f * C_prev → p_f @ C_prev ; p_o * C_t → p_o @ C_t | p @ C is a dot product: one number for all units. A peephole is one weight a unit, p ⊙ C.
p_f * C_prev → p_f @ C_prev | p_f @ C_prev is a dot product: one number for all units. A peephole is one weight a unit, p_f ⊙ C_{t-1}.
p_f * C_prev → p_f * C_prev.sum() ; p_o * C_t → p_o * C_t.sum() | The peephole is dense: every unit's gate looks at all memories. It is one weight a unit, p ⊙ C.
p_f * → ; p_o * → | The memory comes in without its weight p.
+ p_f * C_prev → ; + p_o * C_t → | There is no peephole: the gates see [h; x] alone.
+ p_f * C_prev + b_f) → + b_f) + p_f * C_prev ; + p_o * C_t + b_o) → + b_o) + p_o * C_t | The peephole stands outside σ, so a gate can leave 0…1. It belongs to the pre-activation.
+ b_f → ; + b_o → | The biases are missing.
p_o * C_t → p_o * np.tanh(C_t) | The peephole looks at the memory itself, not at tanh(C_t).
p_f * C_prev → p_f * np.tanh(C_prev) ; p_o * C_t → p_o * np.tanh(C_t) | Both peepholes look at tanh(C), which is what is shown. They look at the memory itself.
p_f * C_prev → p_f ; p_o * C_t → p_o | p stands there without the memory, as a second bias. A peephole is p ⊙ C.
p_f → p_x ; p_o → p_f ; p_x → p_o | p_f and p_o are swapped.
p_o * C_t → p_o @ C_t | p_o @ C_t is a dot product: one number for all units. A peephole is one weight a unit, p_o ⊙ C_t.
p_f * → | In f the memory comes in without its weight p_f.
p_o * → | In o the memory comes in without its weight p_o.
p_o → p_f | Each gate has its own peephole: o has p_o.
p_f → p_o | Each gate has its own peephole: f has p_f.
return f_t, o_t → return o_t, f_t | The order is f_t, then o_t.
sigmoid → | σ is missing: a gate is from 0 to 1.
""",
    name="peepholes",
    draw=_gates,
    hints=(
        "One weight a unit: an element-wise product. Where in the formula is the bias?",
        "f acts before C_t exists, o after: C_prev for f, C_t for o.",
    ),
    praise="Right: one weight a unit, f looks at C_{t-1} and o at C_t.",
)
def gates(W_f, p_f, b_f, W_o, p_o, b_o, v, C_prev, C_t):
    f_t = sigmoid(W_f @ v + p_f * C_prev + b_f)
    o_t = sigmoid(W_o @ v + p_o * C_t + b_o)
    return f_t, o_t


@exercise(
    """
1 - i_t → i_t | f_t = i_t keeps most where it writes most. Coupled means: what is written is forgotten, 1 − i_t.
f_t * C_prev + i_t → i_t * C_prev + f_t | The two factors are swapped: i belongs to the candidate, f to the old memory.
f_t * → | The old memory is kept in full: f_t is computed, and not used.
i_t * C_tilde → C_tilde | The candidate is written in full. It is multiplied by i_t.
1 - i_t → sigmoid(-i_t) | σ(−i_t) squashes a gate once more. 1 − σ(z) equals σ(−z), but i_t is already σ(z).
1 - i_t → i_t - 1 | i_t − 1 is negative: the memory would change its sign.
1 - i_t → 1 / i_t | 1 / i_t is above 1: the memory would grow at every step.
1 - i_t → sigmoid(1 - i_t) | 1 − i_t already is a share from 0 to 1: it needs no σ.
f_t * C_prev → i_t * C_prev | You multiplied both by i_t. The old memory is multiplied by f_t = 1 − i_t.
i_t * C_tilde → np.tanh(i_t * C_tilde) | C̃_t is already squashed; there is no tanh around what is written.
f_t * C_prev + i_t * C_tilde → np.tanh(f_t * C_prev + i_t * C_tilde) | There is no tanh around the new memory; it comes later, when C_t is shown.
return f_t, C_t → return C_t, f_t | The order is f_t, then C_t.
return f_t → return f_t * C_prev | The first is f_t itself, not what it keeps.
C_tilde → np.tanh(C_tilde) | C̃_t is already squashed; it needs no second tanh.
return f_t → return i_t | The first is f_t, not i_t.
+ i_t → - i_t | What is written is added.
""",
    draw=lambda drawn: (drawn.gates(H := drawn.of(1, 2, 3)), drawn.numbers(H, high=0.95), drawn.numbers(H)),
    hints=("If 30 % is new, how much of the old is kept?", "f_t + i_t = 1 in every unit."),
    praise="Right: the new memory is a weighted mean of the old one and the candidate.",
)
def coupled_step(i_t, C_tilde, C_prev):
    f_t = 1 - i_t
    C_t = f_t * C_prev + i_t * C_tilde
    return f_t, C_t


def _gru(drawn):
    H, D = drawn.of((1, 1), (1, 2), (2, 1), (3, 2))
    W_x, W_h, b, b_hidden = (drawn.numbers(H, *more, high=1.0) for more in ((D,), (H,), (), ()))
    return W_x, W_h, b, b_hidden, drawn.gates(H), drawn.numbers(D), drawn.numbers(H)


@exercise(
    """
return before, after → return after, before | The two are swapped. “Before” means: r_t scales h_{t-1} before the product with W_h.
(W_h @ h_prev + b_hidden) → (W_h @ h_prev) + b_hidden | b_hidden stands outside: in the second convention r_t scales the product and its bias.
r_t * (W_h @ h_prev + b_hidden) → W_h @ (r_t * h_prev) + b_hidden | Both are “before”. In the second, r_t scales what W_h has made of h_{t-1}.
W_h @ (r_t * h_prev) → r_t * (W_h @ h_prev) | Both are “after”. In the first, r_t scales h_{t-1} itself.
r_t * h_prev → h_prev | The first has no reset gate.
r_t * (W_h → (W_h | The second has no reset gate.
np.tanh → | The tanh is missing.
np.tanh → sigmoid | A candidate has a tanh: with σ it could not be negative.
h_prev) + b) → h_prev) + b + b_hidden) | The first convention has one bias, b.
h_prev) + b) → h_prev)) | The first is without its bias b.
+ b_hidden → | The second is without b_hidden.
r_t → (1 - r_t) | 1 − r_t resets where the gate is open. r_t = 1 lets h_{t-1} through.
return before, after → return before, before | You return “before” twice.
return before, after → return after, after | You return “after” twice.
b_hidden) + b) → b_hidden + b)) | r_t also scales b. Only the product with W_h and its bias b_hidden are scaled.
) + b) → )) | Both are without the bias b.
r_t * → | There is no reset gate.
r_t * (W_h @ h_prev + b_hidden) → r_t * W_h @ h_prev + r_t * b_hidden | Python reads r_t * W_h @ h as (r_t * W_h) @ h, which scales the columns of W_h: that is “before”. Write r_t * (W_h @ h).
W_h @ (r_t * h_prev) → r_t * h_prev | The first is without W_h: r_t ⊙ h_{t-1} is multiplied by it.
np.tanh(W_x @ x_t + r_t * (W_h @ h_prev + b_hidden) + b) → np.tanh(r_t * (W_x @ x_t + W_h @ h_prev + b_hidden + b)) | In the second r_t scales everything. Only W_h · h_{t-1} and b_hidden are scaled.
np.tanh(W_x @ x_t + r_t * (W_h @ h_prev + b_hidden) + b) → r_t * np.tanh(W_x @ x_t + W_h @ h_prev + b_hidden + b) | In the second r_t stands outside tanh. It scales W_h · h_{t-1} + b_hidden, inside.
r_t * (W_h @ h_prev + b_hidden) → W_h @ (r_t * h_prev + b_hidden) | In the second W_h multiplies b_hidden too. It comes after the product: r_t ⊙ (W_h · h_{t-1} + b_hidden).
""",
    draw=_gru,
    seed=3,
    hints=(
        "Before the product: r_t meets h_{t-1}. After it: r_t meets W_h · h_{t-1}.",
        "In the second, the bias of the product, b_hidden, is scaled too.",
    ),
    praise="Right: two different cells under one name. With b_hidden = 0 they agree if W_h is diagonal, or if r_t is the same in all units.",
)
def new_content(W_x, W_h, b, b_hidden, r_t, x_t, h_prev):
    before = np.tanh(W_x @ x_t + W_h @ (r_t * h_prev) + b)
    after = np.tanh(W_x @ x_t + r_t * (W_h @ h_prev + b_hidden) + b)
    return before, after
