"""Repairing a cell written from scratch: four bugs, each with its own symptom."""

import dis
import types
from collections import Counter

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake
from lstm_lib.subjects.found_script import PARTS, mend
from lstm_lib.subjects.latch import LATCH, STORED  # noqa: F401  listed with the exercises of this subject

STILL = (
    "symptom 1 is still there: the forget gate is shut at the inputs 1, 5, 7 and 4",
    "symptom 2 is still there: with x = 1 and h = −1 the output gate is at 0.0001",
    "symptom 3 is still there: the result of output_gate depends on a global C",
    "symptom 4 is still there: y stays below 1, whatever h is",
)
AT = np.array([(1.0, -1.0), (-5.0, 0.5), (0.3, -0.4), (2.0, 0.9)])
"""(x, h) at which the parts are compared; tanh is saturated at none but the second."""

OTHERS = {
    "forget": {"W_xh", "W_hh", "W_xi", "W_hi", "b_i", "W_xc", "W_hc", "b_c", "W_ho", "W_oh", "b_o"},
    "output": {"W_xh", "W_hh", "W_xi", "W_hi", "b_i", "W_xc", "W_hc", "b_c", "W_xf", "W_hf", "b_f"},
}
"""Parameters of the other layers: not for this one."""


def _gate(x, h, W_x=0.5, W_h=0.5, b=0.5):
    return sigmoid(W_x * x + W_h * h + b)


def _like(function, wanted):
    """Whether both agree at all of AT."""
    return np.allclose([function(x, h) for x, h in AT], [wanted(x, h) for x, h in AT])


def _borrowed(function, layer):
    """Words on what the function reads of another layer's parameters, "" if nothing."""
    code = getattr(function, "__code__", None)
    names = " and ".join(sorted(OTHERS[layer] & set(code.co_names))) if code else ""
    if names:
        return f"the {layer} gate reads {names}, of another layer: the value is right by luck"
    used = Counter(step.argval for step in dis.get_instructions(code)) if code else {}
    twice = next((name for name in used if str(name).startswith("W_") and used[name] > 1), "")
    return (
        f"{twice} meets both x and h: the value is right by luck, each needs a weight of its own"
        if twice
        else ""
    )


def _forget(forget_gate):
    """What is wrong with the forget gate, "" if nothing."""
    if _like(forget_gate, lambda x, h: _gate(x, h, W_x=-10.0)):
        return STILL[0]
    if _like(forget_gate, lambda x, h: _gate(x, h, W_x=0.0)):
        return "the forget gate no longer reads x; it needs a weight of its own for it"
    if not _like(forget_gate, _gate):
        return f"forget_gate(1, −1) is {forget_gate(1.0, -1.0):.4g}; with two weights and a bias of 0.5 it is 0.6225"
    return _borrowed(forget_gate, "forget")


class _Output:
    """A learner's output gate, called with a memory in its argument, in the global C, or in both."""

    def __init__(self, function):
        code = getattr(function, "__code__", None)
        self.function, self.takes_memory = function, code is not None and code.co_argcount > 2

    def __call__(self, x, h, C, elsewhere):
        f = self.function
        if isinstance(
            f, types.FunctionType
        ):  # a copy with globals of its own: the learner's stay as they are
            f = types.FunctionType(
                f.__code__, f.__globals__ | {"C": elsewhere}, f.__name__, f.__defaults__, f.__closure__
            )
        if not self.takes_memory:
            return f(x, h)
        names = self.function.__code__.co_varnames[:3]
        if {"x", "h"} < set(names):  # the memory may stand first
            return f(**{name: {"x": x, "h": h}.get(name, C) for name in names})
        return f(x, h, C)

    @property
    def reads_global(self):
        return not _like(lambda x, h: self(x, h, 0.7, 0.7), lambda x, h: self(x, h, 0.7, -1.3))

    @property
    def is_bare(self):
        """Whether it returns o_t alone, and the loop multiplies."""
        return not self.reads_global and not self.takes_memory


def _output(output):
    """What is wrong with the output gate's weights and its tanh, "" if nothing."""
    shows = (
        (
            "" if output.is_bare else "output_gate returns the gate alone, and has no use for C",
            lambda o, C: o,
        ),
        ("", lambda o, C: o * np.tanh(C)),
        ("tanh is missing on the way out: h would have no bound", lambda o, C: o * C),
        ("the output gate is inside tanh: tanh(o · C) in place of o · tanh(C)", lambda o, C: np.tanh(o * C)),
    )
    got = [output(x, h, 0.7, 0.7) for x, h in AT]
    for words, show in shows:
        if np.allclose(got, [show(_gate(x, h), 0.7) for x, h in AT]):
            return words or _borrowed(output.function, "output")
        if np.allclose(got, [show(_gate(x, h, W_h=10.0), 0.7) for x, h in AT]):
            return words or STILL[1]
    return "output_gate is not σ(0.5 x + 0.5 h + 0.5) · tanh(C)"


def _memory(output, run):
    """What is wrong with where the output gate has its memory from, "" if nothing."""
    if output.reads_global and output.takes_memory:
        return "output_gate takes a third argument, and still reads the global C"
    if output.reads_global:
        return STILL[2]
    try:
        run([1.0, 5.0])
    except TypeError as error:
        return f"run calls a part with the wrong arguments ({error})"
    return ""


def _loop(parts, output, stale=False):
    """`run` made from the learner's other functions; with `stale`, it shows the old memory."""

    def run(X, h=-1.0, C=0.0):
        for x in X:
            if not stale:
                C = C * parts[0](x, h) + parts[1](x, h)
            old, h = h, output(x, h, C, C) * (np.tanh(C) if output.is_bare else 1)
            if stale:
                C = C * parts[0](x, h if stale == "swapped" else old) + parts[1](
                    x, h if stale == "swapped" else old
                )
        return h, C

    return run


def _readout(readout):
    """What is wrong with the readout, "" if nothing."""
    h = np.array([-0.5, 0.3, 0.9])
    y = np.array([float(readout(value)) for value in h])
    if np.allclose(y, 4 * h + 5):
        return ""
    if (abs(y) <= 1).all():
        return STILL[3]
    return f"readout(0.3) is {y[1]:.4g}; without its sigmoid it is 4 · 0.3 + 5 = 6.2"


def _grade(parts):
    if not isinstance(parts, list | tuple) or len(parts) != 5 or not all(map(callable, parts)):
        return f"Expected a list of the five functions: [{', '.join(PARTS)}]."
    forget_gate, input_gate, output_gate, readout, run = parts
    output = _Output(output_gate)
    said = [_forget(forget_gate), _output(output), _memory(output, run), _readout(readout)]
    words = _mended(said) if any(said) else ""
    if not _like(input_gate, lambda x, h: _gate(x, h) * np.tanh(0.5 * (x + h + 1))):
        return f"input_gate was right, and has been changed. {words}"
    if said[2] in ("", STILL[2]):
        for X in ([1.0, 5.0, 7.0, 4.0], [-0.5, 0.2, -1.0]):
            got = run(X)
            if np.shape(got) != (2,):
                return f"run has to return h and C. {words}".strip()
            if not np.allclose(got, _loop(parts, output)(X)):
                stale = any(
                    np.allclose(got, _loop(parts, output, stale=how)(X)) for how in ("kept", "swapped")
                )
                code = getattr(run, "__code__", None)
                if output.reads_global and code is not None and "C" in code.co_varnames + code.co_cellvars:
                    slip = (
                        "C is local now, but output_gate still reads the global C: give it C as an argument"
                    )
                elif stale:
                    slip = "h is computed before C: it shows the old memory"
                else:
                    slip = "h and C are not what the other four functions give"
                return f"In run, {slip}. {words}".strip()
    return words


def _mended(said):
    """Which of the four bugs are mended, and what is said of the others."""
    if said == list(STILL):
        return "None of the four bugs is repaired yet."
    done = [str(k + 1) for k, words in enumerate(said) if not words]
    left = "; ".join(f"({k + 1}) {words}" for k, words in enumerate(said) if words)
    return f"Repaired: {' and '.join([', '.join(done[:-1]), done[-1]] if len(done) > 1 else done) or 'none'}. Not yet: {left}."


def _slip(words, *changes, but=()):
    """A script that is mended but for one thing."""
    return Mistake(lambda: mend(*(k for k in (1, 2, 3, 4) if k not in but), changes=changes), words)


REPAIR = Exercise(
    name="repair",
    mistakes=(
        *(_slip(words, but=(k + 1,)) for k, words in enumerate(STILL)),
        _slip("the forget gate no longer reads x", ("W_xf * x + ", "")),
        _slip("the forget gate reads W_xi, of another layer", ("W_xf * x", "W_xi * x")),
        _slip("the output gate reads W_hf, of another layer", ("W_oh * h", "W_hf * h")),
        _slip("tanh is missing on the way out", ("np.tanh(C)", "C")),
        _slip("the output gate is inside tanh", ("b_o) * np.tanh(C)", "b_o)  * C"),
              ("return sigmoid(W_ho * x + W_oh * h + b_o)  * C", "return np.tanh(sigmoid(W_ho * x + W_oh * h + b_o) * C)")),
        _slip("output_gate returns the gate alone", (" * np.tanh(C)", "")),
        _slip("takes a third argument, and still reads the global C", ("def output_gate(x, h)", "def output_gate(x, h, memory)"),
              ("output_gate(x, h)\n", "output_gate(x, h, C)\n"), but=(3,)),
        _slip("run calls a part with the wrong arguments", ("h = output_gate(x, h, C)", "h = output_gate(x, h)")),
        _slip("readout(0.3) is 1.2", (" + b_y", "")),
        _slip("input_gate was right, and has been changed", ("np.tanh(W_xc", "sigmoid(W_xc")),
        _slip("h is computed before C", ("        C = C * forget_gate(x, h) + input_gate(x, h)\n        h = output_gate(x, h, C)",
              "        h, C = output_gate(x, h, C), C * forget_gate(x, h) + input_gate(x, h)")),
        _slip("are not what the other four functions give", ("    return h, C", "    return readout(h), C")),
    ),
    hints=("Ask of every line: is each weight in it this layer's own, and does each value come in as an argument?",
           "(1) W_xf = 0.5 instead of W_xh; (2) W_oh instead of W_hh; (3) output_gate(x, h, C), called so in run; (4) no sigmoid."),
    solution="W_xf = 0.5\n\n\ndef forget_gate(x, h):\n    return sigmoid(W_xf * x + W_hf * h + b_f)\n\n\n"
    "def output_gate(x, h, C):\n    return sigmoid(W_ho * x + W_oh * h + b_o) * np.tanh(C)\n\n\n"
    "def readout(h):\n    return W_hy * h + b_y\n\n\n"
    "def run(X, h=-1.0, C=0.0):\n    for x in X:\n        C = C * forget_gate(x, h) + input_gate(x, h)\n"
    "        h = output_gate(x, h, C)\n    return h, C",
    praise="All four are repaired: h = 0.9474 with C = 3.041 behind it. y is 8.79 now, and training could move it to 15.",
    grade=_grade,
)  # fmt: skip
