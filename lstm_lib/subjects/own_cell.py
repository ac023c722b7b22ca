"""A cell of one's own, judged by what its equations compute and see."""

from functools import cache
from itertools import product
from operator import itemgetter

import numpy as np

from lstm_lib.cell.grammar import FUNCTIONS
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.trees import field_of, names, subtrees, terms
from lstm_lib.judge.exercise import exercise


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
    in_gate = [part for gate in gates for part in subtrees(gate)]
    new = [tree for tree in parts if weights[tree] and tree not in in_gate and _is_new(tree)]
    yield memory != "h"
    yield len(gates) == 1 or (len(gates) > 1 and ("beside" if new else "alone"), sign)
    plain = names(_put(gates[0][1], {t: 0.0 for t in in_gate if isinstance(t, tuple) and t[0] in FUNCTIONS}))
    yield before in plain or (before in in_gate and "inside")
    yield "h_prev" in plain
    yield "x_t" in plain
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
tanh(W_C → σ(W_C | There is no candidate: σ stands in every line with weights. Take tanh for what is written, which can be negative too.
"C̃_t = tanh → "C̃_t = σ(W_i · [h_{t-1}; x_t] + b_i) ⊙ tanh | There is more than one gate (σ). The share that is written follows from the gate, as in CIFG.
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
