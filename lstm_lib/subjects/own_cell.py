"""A cell of one's own: one gate that sees the memory, and replaces what it forgets. Judged by its equations."""

from functools import cache
from typing import NamedTuple

import numpy as np

from lstm_lib.cell.grammar import FUNCTIONS
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.trees import field_of, subtrees, terms
from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake, program

SOLUTION = """\
def one_gate():
    return Kind(
        "one gate",
        "k_t = σ(W_k · [h_{t-1}; x_t] + p_k ⊙ C_{t-1} + b_k)",
        "C̃_t = tanh(W_C · [h_{t-1}; x_t] + b_C)",
        "C_t = k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t",
        "h_t = tanh(C_t)",
    )"""

LINES = "These are the lines. A cell is made of them by Kind(name, line, line, …)."
NO_GATE = "There is no gate: no line has a σ."
GATES = "There is more than one gate (σ). The share that is written follows from the gate, as in CIFG."
NO_MEMORY = "There is no memory beside h: C_t has to be carried on, by a line that reads C_{t-1}."
UNSEEN = "The gate sees of the memory only what h shows: C_{t-1} itself does not stand in its σ."
SQUASHED = "The gate sees a function of the memory, as h is one already. A peephole reads C_{t-1} itself."
GATE_H = "The gate does not see h_{t-1}."
GATE_X = "The gate does not see x_t."
NO_WEIGHTS = "The gate has no weights: W · [h_{t-1}; x_t] does not stand in its σ."
NO_CANDIDATE = "There is no candidate: besides the gate no line has weights of its own."
SHARED = "Gate and candidate have the same weights. Give each its own, such as W_k and W_C."
NEW_H = "What is written does not see h_{t-1}."
NEW_X = "What is written does not see x_t."
SHOWN = "h_t is not tanh(C_t)."
BARE = "h_t is the memory itself, so h hides nothing of it. Show tanh(C_t)."
LATE = "h_t shows the memory of the step before. Show tanh(C_t)."
OUTPUT = "The gate also multiplies what is shown. Here all of the memory is shown: tanh(C_t)."
FORMS = (
    (lambda k, C, new: C + k * new, "What is written is added to the memory, of which nothing is forgotten."),
    (lambda k, C, new: C + (1 - k) * new, "The memory is kept in full: no gate multiplies C_{t-1}."),
    (lambda k, C, new: C + new, "The gate is computed and not used: nothing is forgotten, and all is written."),
    (lambda k, C, new: k * C + new, "The gate forgets, and the candidate is written in full: the two shares do not add up to 1."),
    (lambda k, C, new: (1 - k) * C + new, "The candidate is written in full, whatever 1 minus the gate keeps: the shares do not add up to 1."),
    (lambda k, C, new: k * C + k * new, "One share for both: where it keeps most it also writes most. Shares that add up to 1 are k and 1 − k."),
    (lambda k, C, new: k * new, "Nothing of C_{t-1} is kept: the memory is only what is written now."),
    (lambda k, C, new: (1 - k) * new, "Nothing of the memory is kept: it is only what is written now."),
    (lambda k, C, new: np.tanh(k * C + (1 - k) * new), "There is no tanh around the new memory. It comes when C_t is shown."),
    (lambda k, C, new: k * C - (1 - k) * new, "What is written is added, not subtracted."),
)  # fmt: skip
OTHERWISE = (
    "The memory is not replaced share by share: expected C_t = k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t, in any form."
)


def _grade(kind):
    if isinstance(kind, str | list | tuple | dict):
        return LINES
    if not isinstance(kind, Kind):
        return f"Expected a Kind, or a function that returns one, got {getattr(kind, '__name__', type(kind).__name__)}."
    said = [_wrong(kind, state) for state in kind.states if state != "h"] or [NO_MEMORY]
    return "" if "" in said else said[0]


def _wrong(kind, memory):
    """What is wrong with a cell and this memory, or "". Values are compared, so an equation is right in any form."""
    parts = {tree for _, line in kind.said.lines for tree in subtrees(line) if isinstance(tree, tuple)}
    squashed = [tree for tree in parts if tree[0] == "σ"]
    gates = [tree for tree in squashed if _seen(kind, tree, memory).weights]
    if len(gates) != 1:
        return GATES if gates else NO_WEIGHTS if squashed else NO_GATE
    gate, before, of_gate = gates[0], f"{memory}_prev", _seen(kind, gates[0][1], memory)
    if before not in of_gate.plain:
        return SQUASHED if before in of_gate.inside else UNSEEN
    if not {"h_prev", "x_t"} <= of_gate.plain:
        return GATE_X if "h_prev" in of_gate.plain else GATE_H
    new = [tree for tree in parts - {*subtrees(gate)} if _is_new(tree) and _seen(kind, tree, memory).weights]
    if not new:
        return NO_CANDIDATE
    rng = np.random.default_rng(0)
    states = {state: rng.normal(0, 1.5, (50, 4)) for state in kind.states}
    run = kind.run(kind.random(2, 4, rng), rng.normal(0, 1.5, (1, 50, 2)), states, {})
    k, C, C_t, h_t = map(run.of, (gate, before, field_of(memory), "h_t"))
    mixed = [tree for tree in new if any(_same(C_t, a * C + (1 - a) * run.of(tree)) for a in (k, 1 - k))]
    if not mixed:
        forms = (words for form, words in FORMS if any(_same(C_t, form(k, C, run.of(tree))) for tree in new))
        return next(forms, OTHERWISE)
    of_new = _seen(kind, mixed[0], memory)
    if of_new.weights == of_gate.weights:
        return SHARED
    if not {"h_prev", "x_t"} <= of_new.plain | of_new.inside:
        return NEW_X if "h_prev" in of_new.plain | of_new.inside else NEW_H
    shown = ((np.tanh(C_t), ""), (C_t, BARE), (np.tanh(C), LATE), (C, LATE), (k * np.tanh(C_t), OUTPUT))
    return next((words for value, words in shown if _same(h_t, value)), SHOWN)


def _same(a, b):
    return np.allclose(a, b, 1e-9, 1e-9)


def _is_new(tree):
    """A function of something, or a sum with a product with weights."""
    return tree[0] in FUNCTIONS or any(
        isinstance(term, tuple) and term[0] == "dot" for _, term in terms(tree)
    )


class Seen(NamedTuple):
    """Names that a value is computed from: by products and sums alone, and inside functions; and the matrices."""

    plain: set
    inside: set
    weights: set


def _seen(kind, tree, memory):
    """What a value is computed from, back to the step before; the new memory counts as known."""
    values = {left: line for left, line in kind.said.lines if left != field_of(memory)}

    @cache
    def walk(tree):
        if not isinstance(tree, tuple):
            return (
                walk(values[tree]) if tree in values else Seen({tree}, set(), {tree} & {*kind.said.matrices})
            )
        plain, inside, weights = (set().union(*sets) for sets in zip(*map(walk, tree[1:]), strict=True))
        return Seen(set(), plain | inside, weights) if tree[0] in FUNCTIONS else Seen(plain, inside, weights)

    return walk(tree)


def _changed(*changes):
    return program(SOLUTION, *changes)


PEEPHOLE, KEPT, NEW = (
    " + p_k ⊙ C_{t-1}",
    "k_t ⊙ C_{t-1} + (1 − k_t) ⊙ C̃_t",
    "tanh(W_C · [h_{t-1}; x_t] + b_C)",
)
ONE_GATE = Exercise(
    name="one_gate",
    mistakes=(
        Mistake(lambda: [line.strip(' ",') for line in SOLUTION.splitlines()[3:7]], LINES),
        Mistake(_changed(("σ(", "tanh(")), NO_GATE),
        Mistake(_changed(("(1 − k_t)", "σ(W_i · [h_{t-1}; x_t] + b_i)")), GATES),
        Mistake(_changed((PEEPHOLE, ""), ('"C_t = ', '"h_t = '), ("k_t ⊙ C_{t-1}", "k_t ⊙ h_{t-1}"), ('"h_t = tanh(C_t)",', "")), NO_MEMORY),
        Mistake(_changed((PEEPHOLE, "")), UNSEEN),
        Mistake(_changed((PEEPHOLE, " + p_k ⊙ tanh(C_{t-1})")), SQUASHED),
        Mistake(_changed(("W_k · [h_{t-1}; x_t]", "W_k · x_t")), GATE_H),
        Mistake(_changed(("W_k · [h_{t-1}; x_t]", "W_k · h_{t-1}")), GATE_X),
        Mistake(_changed(("W_k · [h_{t-1}; x_t] + ", "")), NO_WEIGHTS),
        Mistake(_changed((NEW, "tanh(h_{t-1})")), NO_CANDIDATE),
        Mistake(_changed((NEW, "tanh(W_C · x_t + b_C)")), NEW_H),
        Mistake(_changed((NEW, "tanh(W_C · h_{t-1} + b_C)")), NEW_X),
        Mistake(_changed(("W_C", "W_k")), SHARED),
        *(Mistake(_changed((KEPT, line)), words) for line, (_, words) in zip((
            "C_{t-1} + k_t ⊙ C̃_t", "C_{t-1} + (1 − k_t) ⊙ C̃_t", "C_{t-1} + C̃_t + 0 ⊙ k_t", "k_t ⊙ C_{t-1} + C̃_t",
            "(1 − k_t) ⊙ C_{t-1} + C̃_t", "k_t ⊙ (C_{t-1} + C̃_t)", "k_t ⊙ C̃_t", "(1 − k_t) ⊙ C̃_t", f"tanh({KEPT})",
            "k_t ⊙ C_{t-1} − (1 − k_t) ⊙ C̃_t"), FORMS, strict=True)),
        Mistake(_changed((KEPT, "max(k_t ⊙ C_{t-1}, C̃_t)")), OTHERWISE),
        Mistake(_changed(("tanh(C_t)", "C_t")), BARE),
        Mistake(_changed(("tanh(C_t)", "tanh(C_{t-1})")), LATE),
        Mistake(_changed(("tanh(C_t)", "k_t ⊙ tanh(C_t)")), OUTPUT),
        Mistake(_changed(("tanh(C_t)", "σ(C_t)")), SHOWN),
    ),
    hints=("A gate that sees the memory has a peephole (section 3). A gate that replaces is coupled (section 4).",
           "Four lines: the gate, with + p ⊙ C_{t-1} in its σ; the candidate; C_t, with the shares k_t and 1 − k_t; h_t."),
    solution=SOLUTION,
    praise="Right, by its equations alone: one gate, which sees the memory and replaces what it forgets. Whether it learns better is another question.",
    grade=_grade,
)  # fmt: skip
