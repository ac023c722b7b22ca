"""Exercises on variants of the cell: a peephole, coupled gates, the GRU in both conventions, a cell of one's own."""

from functools import cache
from itertools import product
from operator import itemgetter

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.grammar import FUNCTIONS
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.trees import field_of, names, subtrees, terms
from lstm_lib.judge.exercise import exercise


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


def _grade(answer):
    """The words on the cell of the table that is wrong in the same way; or, if none is, on the last at the same point."""
    if isinstance(answer, str | list | tuple | dict):
        return "These are the lines. A cell is made of them by Kind(name, line, line, …)."
    if not isinstance(answer, Kind):
        return f"Expected a Kind, or a function that returns one, got {getattr(answer, '__name__', type(answer).__name__)}."
    words = {key: said for cell, said in _cells() for key in (_wrong(cell), _wrong(cell)[0])}
    return words.get(_wrong(answer), words[_wrong(answer)[0]])


@cache
def _cells():
    """The solution and the cells of the table, with what is said of each."""
    return [(one_gate.right(), ""), *((mistake.wrong(), mistake.words) for mistake in one_gate.mistakes)]


@cache
def _wrong(cell):
    """(number, fact) of the first fact that is not True, for the memory for which it comes last."""
    memories = [state for state in cell.states if state != "h"] or ["h"]
    firsts = (next(f for f in enumerate(_facts(cell, memory)) if f[1] is not True) for memory in memories)
    return max(firsts, key=itemgetter(0))


def _facts(kind, memory):
    """Whether a cell with this memory is as asked: True, or how it is instead. Each fact relies on those before."""
    before, after, lines = f"{memory}_prev", field_of(memory), {}
    for left, line in kind.said.lines:  # with the lines before it in place of names, but for the memory
        lines[left] = _put(line, {name: lines[name] for name in lines if name != after})
    parts = [tree for line in lines.values() for tree in subtrees(line) if isinstance(tree, tuple)]
    weights = {tree: {*names(tree)} & {*kind.said.matrices} for tree in parts}
    gates = [tree for tree in weights if tree[0] == "σ" and weights[tree]]
    sign = next((sign for sign in ("σ", "exp") if sign in [tree[0] for tree in parts]), "")
    yield memory != "h"
    yield len(gates) == 1 or (len(gates) > 1, sign)
    in_gate = [*subtrees(gates[0])]
    plain = names(_put(gates[0][1], {t: 0.0 for t in in_gate if isinstance(t, tuple) and t[0] in FUNCTIONS}))
    yield before in plain or (before in in_gate and "inside")
    yield "h_prev" in plain
    yield "x_t" in plain
    new = [tree for tree in parts if weights[tree] and tree not in in_gate and _is_new(tree)]
    yield new != []
    rng = np.random.default_rng(0)
    states = {state: rng.normal(0, 1.5, (50, 4)) for state in kind.states}
    run = kind.run(kind.random(2, 4, rng), rng.normal(0, 1.5, (1, 50, 2)), states, {})

    def form(left, name):
        """The first right side in the solution and the table that has the value `name`, so in any form, and its candidate."""
        sides = [*dict.fromkeys(filter(None, (cell.said.values.get(left) for cell, _ in _cells())))]
        for share, side, candidate in product((gates[0], ("sub", 1.0, gates[0])), sides, new):
            meant = _put(side, {"k_t": share, "C_prev": before, "C_tilde": candidate, "C_t": after})
            if np.allclose(run.of(name), run.of(meant), 1e-9, 1e-9):
                return side == sides[0] or side, candidate
        return False, None

    replaced, candidate = form("C_t", after)
    yield replaced
    yield weights[candidate] != weights[gates[0]]
    yield "h_prev" in names(candidate)
    yield "x_t" in names(candidate)
    yield {*names(lines["h_t"])} != {before}
    yield form("h_t", "h_t")[0]
    yield "right"


def _is_new(tree):
    """A function of something, or a sum with a product with weights."""
    return tree[0] in FUNCTIONS or "dot" in [term[0] for _, term in terms(tree) if isinstance(term, tuple)]


def _put(tree, meant):
    """A tree with what is meant by some trees in their place."""
    if tree in meant or not isinstance(tree, tuple):
        return meant.get(tree, tree)
    return (tree[0], *(_put(part, meant) for part in tree[1:]))


@exercise(
    """
σ( → tanh( | There is no gate: no line has a σ.
σ(W_k · [h_{t-1}; x_t] + p_k ⊙ C_{t-1} + b_k) → 1 / (1 + exp(−(W_k · [h_{t-1}; x_t] + p_k ⊙ C_{t-1} + b_k))) | No line has a σ, by which a gate is known. For 1 / (1 + exp(−z)) write σ(z).
W_k · [h_{t-1}; x_t] + → | The gate has no weights: W · [h_{t-1}; x_t] does not stand in its σ.
tanh(W_C → σ(W_C | There is more than one gate (σ). The share that is written follows from the gate, as in CIFG.
+ p_k ⊙ C_{t-1} → ; "C_t = → "h_t = ; k_t ⊙ C_{t-1} → k_t ⊙ h_{t-1} ; "h_t = tanh(C_t)", → | There is no memory beside h: C_t has to be carried on, by a line that reads C_{t-1}.
+ p_k ⊙ C_{t-1} → | The gate sees of the memory only what h shows: C_{t-1} itself does not stand in its σ.
p_k ⊙ C_{t-1} → p_k ⊙ tanh(C_{t-1}) | The gate sees a function of the memory, as h is one already. A peephole reads C_{t-1} itself.
W_k · [h_{t-1}; x_t] → W_k · x_t | The gate does not see h_{t-1}.
W_k · [h_{t-1}; x_t] → W_k · h_{t-1} | The gate does not see x_t.
W_C · [h_{t-1}; x_t] + b_C → h_{t-1} | There is no candidate: besides the gate no line has weights of its own.
W_C → W_k | Gate and candidate have the same weights. Give each its own, such as W_k and W_C.
W_C · [h_{t-1}; x_t] → W_C · x_t | What is written does not see h_{t-1}.
W_C · [h_{t-1}; x_t] → W_C · h_{t-1} | What is written does not see x_t.
= k_t ⊙ C_{t-1} + (1 − k_t) → = C_{t-1} + k_t | What is written is added to the memory, of which nothing is forgotten.
= k_t ⊙ C_{t-1} → = C_{t-1} | The memory is kept in full: no gate multiplies C_{t-1}.
= k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t → = C_{t-1} + C̃_t + 0 ⊙ k_t | The gate is computed and not used: nothing is forgotten, and all is written.
(1 − k_t) ⊙ C̃_t → C̃_t | The gate forgets, and the candidate is written in full: the two shares do not add up to 1.
= k_t ⊙ C_{t-1} + (1 − k_t) → = (1 − k_t) ⊙ C_{t-1} + 1 | The candidate is written in full, whatever 1 minus the gate keeps: the shares do not add up to 1.
(1 − k_t) → k_t | One share for both: where it keeps most it also writes most. Shares that add up to 1 are k and 1 − k.
= k_t ⊙ C_{t-1} + (1 − k_t) → = k_t | Nothing of C_{t-1} is kept: the memory is only what is written now.
= k_t ⊙ C_{t-1} + → = | Nothing of the memory is kept: it is only what is written now.
= k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t → = tanh(k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t) | There is no tanh around the new memory. It comes when C_t is shown.
+ (1 − k_t) → − (1 − k_t) | What is written is added, not subtracted.
= k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t → = max(k_t ⊙ C_{t-1}, C̃_t) | The memory is not replaced share by share: expected C_t = k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t, in any form.
tanh(C_t) → C_t | h_t is the memory itself, so h hides nothing of it. Show tanh(C_t).
tanh(C_t) → tanh(C_{t-1}) | h_t shows the memory of the step before. Show tanh(C_t).
tanh(C_t) → k_t ⊙ tanh(C_t) | The gate also multiplies what is shown. Here all of the memory is shown: tanh(C_t).
tanh(C_t) → σ(C_t) | h_t is not tanh(C_t).
""",
    grade=_grade,
    hints=(
        "A gate that sees the memory has a peephole (section 3). A gate that replaces is coupled (section 4).",
        "Four lines: the gate, with + p ⊙ C_{t-1} in its σ; the candidate; C_t, with the shares k_t and 1 − k_t; h_t.",
    ),
    praise="Right, by its equations alone: one gate, which sees the memory and replaces what it forgets. Whether it learns better is another question.",
)
def one_gate():
    return Kind(
        "one gate",
        "k_t = σ(W_k · [h_{t-1}; x_t] + p_k ⊙ C_{t-1} + b_k)",
        "C̃_t = tanh(W_C · [h_{t-1}; x_t] + b_C)",
        "C_t = k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t",
        "h_t = tanh(C_t)",
    )
