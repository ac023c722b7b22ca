"""Exercises on what a cell shows: a cell written from scratch to repair, and the output gate to undo."""

import dis
import inspect
from collections import Counter
from types import FunctionType

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import exercise
from lstm_lib.subjects.latch import latch  # noqa: F401  found with the exercises of this file

W_xh, W_hh, b_h = -10.0, 10.0, 0.0
W_xf, W_hf, b_f = 0.5, 0.5, 0.5
W_xi, W_hi, b_i = 0.5, 0.5, 0.5
W_xc, W_hc, b_c = 0.5, 0.5, 0.5
W_ho, W_oh, b_o = 0.5, 0.5, 0.5
W_hy, b_y = 4.0, 5.0
PARTS = []
"""The five functions of the repaired cell, each an exercise of its own."""


def _part(mistakes="", **fields):
    """A decorator that lists a function among PARTS; its `miss` is given the answer. It stays what others call."""

    def listed(function):
        PARTS.append(exercise(mistakes, hints=(), praise="", seed=8, **fields)(function))
        return function

    return listed


@_part(
    """
W_xf → W_xh | symptom 1 is still there: the forget gate is shut at the inputs 1, 5, 7 and 4
W_xf * x + → | the forget gate no longer reads x; it needs a weight of its own for it
""",
    draw=lambda drawn: (drawn.numbers(), drawn.numbers()),
    miss=lambda f: (
        f"forget_gate(1, −1) is {f(1.0, -1.0):.4g}; with two weights and a bias of 0.5 it is 0.6225"
    ),
)
def forget_gate(x, h):
    return sigmoid(W_xf * x + W_hf * h + b_f)


@_part(
    draw=lambda drawn: (drawn.numbers(), drawn.numbers()),
    miss=lambda _: "input_gate was right, and has been changed",
)
def input_gate(x, h):
    candidate = np.tanh(W_xc * x + W_hc * h + b_c)
    return sigmoid(W_xi * x + W_hi * h + b_i) * candidate


@_part(
    """
W_oh → W_hh | symptom 2 is still there: with x = 1 and h = −1 the output gate is at 0.0001
* np.tanh(C) → | output_gate returns the gate alone, and has no use for C
np.tanh(C) → C | tanh is missing on the way out: h would have no bound
np.tanh(C) → C ; W_oh → W_hh | tanh is missing on the way out: h would have no bound
sigmoid → np.tanh(sigmoid ; np.tanh(C) → C) | the output gate is inside tanh: tanh(o · C) in place of o · tanh(C)
""",
    draw=lambda drawn: (drawn.numbers(), drawn.numbers(), drawn.numbers()),
    miss=lambda _: "output_gate is not σ(0.5 x + 0.5 h + 0.5) · tanh(C)",
)
def output_gate(x, h, C):
    return sigmoid(W_ho * x + W_oh * h + b_o) * np.tanh(C)


@_part(
    """
W_hy * h + b_y → sigmoid(W_hy * h + b_y) | symptom 4 is still there: y stays below 1, whatever h is
W_hy * h + b_y → np.tanh(W_hy * h + b_y) | symptom 4 is still there: y stays below 1, whatever h is
""",
    draw=lambda drawn: (drawn.numbers(),),
    miss=lambda f: f"readout(0.3) is {f(0.3):.4g}; without its sigmoid it is 4 · 0.3 + 5 = 6.2",
)
def readout(h):
    return W_hy * h + b_y


@_part(
    """
for x in X: ⏎     h, C = output_gate(x, h, C), C * forget_gate(x, h) + input_gate(x, h) ⏎ return h, C | h is computed before C: it shows the old memory
for x in X: ⏎     h = output_gate(x, h, C) ⏎     C = C * forget_gate(x, h) + input_gate(x, h) ⏎ return h, C | h is computed before C: it shows the old memory
""",
    draw=lambda drawn: (drawn.numbers(3).tolist(),),
    miss=lambda _: "h and C are not what the other four functions give",
)
def run(X, h=-1.0, C=0.0):
    for x in X:
        C = C * forget_gate(x, h) + input_gate(x, h)
        h = output_gate(x, h, C)
    return h, C


def _with(function, **names):
    """The function with other globals: a learner's stay as they are."""
    if not isinstance(function, FunctionType):
        return function
    code, default, closure = function.__code__, function.__defaults__, function.__closure__
    return FunctionType(code, function.__globals__ | names, function.__name__, default, closure)


def _said(part, answer, **theirs):
    """What is wrong with a part, "" if nothing; `theirs` are the other parts, which it calls."""
    for right_or_wrong, words in [(part.right, ""), *((m.wrong, m.words) for m in part.mistakes)]:
        like = _with(right_or_wrong, **theirs)
        if all(np.allclose(answer(*case), like(*case)) for case in part.cases):
            return words
    return part.miss(answer)


def _borrowed(layer, gate):
    """What a gate with the right values reads of another layer's parameters, in words."""
    code = getattr(gate, "__code__", None)
    used = Counter(str(step.argval) for step in dis.get_instructions(code)) if code else {}
    weights = sorted(name for name in used if name in globals() and name.startswith(("W_", "b_")))
    if others := " and ".join(name for name in weights if layer[0] not in name):
        return f"the {layer} gate reads {others}, of another layer: the value is right by luck"
    if twice := next((name for name in weights if name[0] == "W" and used[name] > 1), ""):
        return f"{twice} meets both x and h: the value is right by luck, each needs a weight of its own"
    return ""


def _shown(gate, x, h, C, elsewhere):
    """What an output gate returns for a memory that it takes at any place, with another in the global C."""
    gate, names = _with(gate, C=elsewhere), [*inspect.signature(gate).parameters][:3]
    if {"x", "h"} <= {*names}:
        return gate(**{name: {"x": x, "h": h}.get(name, C) for name in names})
    return gate(*(x, h, C)[: len(names)])


def _grade_repair(answer):
    if not isinstance(answer, list | tuple) or len(answer) != 5 or not all(map(callable, answer)):
        return f"Expected a list of the five functions: [{', '.join(part.name for part in PARTS)}]."
    forget_gate, input_gate, output_gate, readout, run = answer
    takes_C = len(inspect.signature(output_gate).parameters) > 2
    reads_C = any(
        not np.isclose(_shown(output_gate, *case, 0.7), _shown(output_gate, *case, -1.3))
        for case in PARTS[2].cases
    )

    def shown(x, h, C):
        h_t = _shown(output_gate, x, h, C, C)
        return h_t if takes_C or reads_C else h_t * np.tanh(C)  # then o_t is returned, and run multiplies

    memory = ""
    if reads_C and takes_C:
        memory = "output_gate takes a third argument, and still reads the global C"
    elif reads_C:
        memory = "symptom 3 is still there: the result of output_gate depends on a global C"
    else:
        try:
            run([1.0, 5.0])
        except TypeError as error:
            memory = f"run calls a part with the wrong arguments ({error})"
    words = _mended(
        _said(PARTS[0], forget_gate) or _borrowed("forget", forget_gate),
        _said(PARTS[2], shown) or _borrowed("output", output_gate),
        memory,
        _said(PARTS[3], readout),
    )
    if changed := _said(PARTS[1], input_gate):
        return f"{changed}. {words}".strip()
    if memory and not memory.startswith("symptom"):
        return words
    if np.shape(run([1.0, 5.0])) != (2,):
        return f"run has to return h and C. {words}".strip()
    slip = _said(PARTS[4], run, forget_gate=forget_gate, input_gate=input_gate, output_gate=shown)
    code = getattr(run, "__code__", None)
    if slip and reads_C and code and "C" in code.co_varnames + code.co_cellvars:
        slip = "C is local now, but output_gate still reads the global C: give it C as an argument"
    return f"In run, {slip}. {words}".strip() if slip else words


def _mended(*said):
    """Which of the four bugs are mended, and what is said of the others."""
    if all(words.startswith("symptom") for words in said):
        return "None of the four bugs is repaired yet."
    done = [str(k + 1) for k, words in enumerate(said) if not words]
    left = "; ".join(f"({k + 1}) {words}" for k, words in enumerate(said) if words)
    done = " and ".join([", ".join(done[:-1]), done[-1]] if len(done) > 1 else done) or "none"
    return f"Repaired: {done}. Not yet: {left}." if left else ""


@exercise(
    grade=_grade_repair,
    hints=(
        "Ask of every line: is each weight in it this layer's own, and does each value come in as an argument?",
        "(1) W_xf = 0.5 instead of W_xh; (2) W_oh instead of W_hh; (3) output_gate(x, h, C), called so in run; (4) no sigmoid.",
    ),
    shown="\n\n\n".join(["W_xf = 0.5", *(part.solution for part in PARTS if part.name != "input_gate")]),
    praise="All four are repaired: h = 0.9474 with C = 3.041 behind it. y is 8.79 now, and training could move it to 15.",
)
def repair():
    return [part.right for part in PARTS]


def _what_is_shown(drawn):
    n = drawn.of(1, 2, 3)
    o = drawn.gates(n)
    return o * drawn.numbers(n, high=0.9), o


@exercise(
    """
return h_t / o_t | That undoes the gate, and gives tanh(C_t). tanh still has to be undone.
/ o_t → | That undoes tanh and leaves the gate in.
/ o_t) → ) / o_t | The gate came last, so it is undone first, inside arctanh.
/ → * | You multiplied by o_t once more. A division undoes the gate.
return o_t * np.arctanh(h_t) | A division undoes the gate, before arctanh undoes tanh.
/ → - | You subtracted the gate. It was multiplied with tanh(C_t), so a division undoes it.
arctanh → arctan | np.arctan undoes the tangent. The inverse of tanh is np.arctanh.
arctanh → tanh | That applies tanh once more. Its inverse is np.arctanh.
return o_t * np.tanh(h_t) | That is the formula for h_t, applied to h_t. It has to be inverted.
np.arctanh → 1 / np.tanh | 1 / tanh is the reciprocal of tanh, not its inverse: np.arctanh is.
return np.log(h_t / o_t / (1 - h_t / o_t)) | That is the inverse of the sigmoid. The memory went through tanh.
return h_t | That is what is shown. What is stored is larger.
h_t / o_t → o_t / h_t | That is NaN: arctanh takes numbers between −1 and 1. h_t / o_t is one, o_t / h_t is not.
return np.tanh(h_t) / o_t | That applies tanh once more. Divide by o_t first, then take its inverse, np.arctanh.
np.arctanh → logit | logit is the inverse of the sigmoid. The memory went through tanh: take np.arctanh.
""",
    draw=_what_is_shown,
    hints=("First solve h_t = o_t · tanh(C_t) for tanh(C_t).", "np.arctanh undoes np.tanh."),
    praise="Right. It needs o_t above 0, and many digits of h_t: at C_t = 20 tanh has rounded everything away.",
)
def stored(h_t, o_t):
    return np.arctanh(h_t / o_t)
