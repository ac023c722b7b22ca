"""A kind of cell: its equations, and what follows from them: parameters, first values, and all steps forward and back."""

from copy import copy

import numpy as np

from lstm_lib.cell.equations import Equations
from lstm_lib.cell.generate import Program
from lstm_lib.cell.initial import orthogonal, uniform
from lstm_lib.cell.params import Params, layout
from lstm_lib.cell.run import Pass
from lstm_lib.cell.trees import code, stem, symbol, written
from lstm_lib.checks import as_floats, check_shape, generator, quoted, whole_number


class Kind:
    """A kind of cell, written as in a paper: Kind("mine", "f_t = σ(W_f · [h_{t-1}; x_t] + b_f)", …, "h_t = …").

    name : for panels and tables;  equations : one line each, in the order of computation; one of them sets h_t
    sentence, paper : what it is, and where it is from;  computed, logs : lines that give the same without overflow, and
        {state: another}, where its states are divided by exp of another

    ⊙ or * multiplies unit by unit, · or @ weights by a vector; σ or sigma, C_{t-1} or C_prev, C̃_t or C_tilde. What
    has no time (W_f, b_f, p_f) is a parameter: of shape (H, …) after ·, else (H,). A wrong line raises a ValueError.
    """

    def __init__(self, name, *equations, sentence="a cell of your own", paper="", orthogonal=False,
                 computed=(), logs=()):  # fmt: skip
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 40:
            raise ValueError(f"name: expected a text of 1 to 40 letters, got {quoted(name)}")
        self.name, self.sentence, self.paper, self.orthogonal = name, sentence, paper, orthogonal
        self.logs = logs
        try:
            self._mean(Equations(equations), Equations(computed) if computed else None)
        except ValueError as error:
            raise error.with_traceback(None) from None  # a learner sees the sentence, not how a line is read

    def _mean(self, said, computed):
        of, self.said, self.equations = said.structure, said, said.text()
        self.gates, self.coupled, self.lanes, self.shown = of.gates, of.coupled, of.lanes, of.shown
        self.computed, self._programs = computed or said, {}
        if self.orthogonal and [*layout(said, 1, 1).slots.get("W", ()), ""][0] != "h_prev":
            raise ValueError("orthogonal: expected a line with weights W_… on h_{t-1}")
        self.states = self.computed.states

    def __repr__(self):
        return f"Kind({self.name!r}, {', '.join(map(repr, self.equations))})"

    def __getstate__(self):
        return self.__dict__ | {"_programs": {}}  # generated functions are made anew

    @property
    def source(self):
        """The Python that is made from the equations, to be read: all steps forward, and the chain rule back."""
        return self.program().source

    def program(self, clamped=()):
        """The generated functions; see cell/generate.py."""
        if clamped not in self._programs:
            self._programs[clamped] = Program(self.computed, clamped)
        return self._programs[clamped]

    def of(self, key):
        """The gate with that key."""
        return next(gate for gate in self.gates if gate.key == key)

    def without(self, *wires):
        """The kind without some wires, each (gate's key, what it sees): the same lines without these words."""
        for key, seen in wires:
            if "(" in seen or seen not in next((gate.sees for gate in self.gates if gate.key == key), ()):
                raise ValueError(f"wires: expected a gate and what it sees, got {key!r} and {seen!r}")

        def lines(said):
            trees = dict(said.lines)
            for key, seen in wires:
                gate = self.of(key)
                for left in {gate.field, *(left for left, tree in said.lines if tree == gate.z)}:
                    trees[left] = _pulled(trees[left], seen)
            return Equations(
                [f"{symbol(n)} = {written(0.0 if t is None else t)}" for n, t in trees.items()], wires
            )

        kind = copy(self)
        kind.orthogonal = False
        kind._mean(lines(self.said), lines(self.computed))
        return kind

    # --- parameters -----------------------------------------------------------------------------------

    def shapes(self, D, H):
        """{letter: shape} of the parameters for D features and H units; those with one letter are one array."""
        return dict(layout(self.said, D, H).shapes)

    def count(self, D, H):
        """The number of parameters."""
        return sum(int(wired.sum()) for wired in layout(self.said, D, H).wired.values())

    def random(self, D, H, rng, forget_bias=1.0):
        """First parameters: weights uniform in ±1/√H, those of peepholes and of gates before a tenth of it, biases 0.

        forget_bias : bias of gates that keep the memory when open, negated for gates that replace it; (H,) or a number
        """
        whole_number("input_size", D), whole_number("hidden_size", H), generator(rng)
        forget_bias = as_floats("forget_bias", forget_bias)
        check_shape("forget_bias", forget_bias, (), (H,), why="(one, or one per unit)")
        at, gates = layout(self.said, D, H), [f"{gate.key}_prev" for gate in self.gates if gate.key != "h"]
        arrays = {name: np.zeros(shape) for name, shape in at.shapes.items()}
        for name, array in arrays.items():
            small = all(slot in gates for slot in at.slots[name])
            arrays[name] = uniform(rng, H, array.shape) * (0.1 if small else 1.0) if name != "b" else array
        if self.orthogonal:
            arrays["W"][:, :H] = orthogonal(rng, H)
        for gate in self.gates:
            if gate.biased:
                arrays["b"][at.where[f"b_{gate.block}"][1]] = gate.biased * forget_bias
        return Params(self, **arrays)

    def from_wired(self, params):
        """Parameters of this kind with the numbers of `params`, those of a kind with the same wires or more."""
        new, old = (layout(kind.said, *params.sizes) for kind in (self, params.kind))
        arrays = {name: np.zeros(shape) for name, shape in new.shapes.items()}
        for name, (letter, rows, columns) in new.where.items():
            had, at, seen = old.where[name]
            for slot, c in columns.items() or [(None, ...)]:
                arrays[letter][rows, c] = getattr(params, had)[at, seen[slot] if slot else ...]
        return Params(self, **arrays)

    run = Pass
    """Called with (params, x, before, clamp), it goes over a sequence; see cell/run.py."""

    def value(self, s, field):
        """A value of a StepTrace as the equations have it; a state in `logs` is stored divided by exp of another."""
        state, value = stem(field), getattr(s, field)
        if state not in self.logs:
            return value
        with np.errstate(over="ignore", invalid="ignore"):  # 0 · ∞ is 0 here
            return np.where(
                value == 0, value, value * np.exp(getattr(s, self.logs[state] + field.removeprefix(state)))
            )


def _pulled(tree, gone):
    """A tree without what is called `gone`, or None if nothing is left."""
    if not isinstance(tree, tuple):
        return None if tree == gone else tree
    op, *parts = tree
    if op == "dot":
        pieces = parts[1][1:] if parts[1][0] == "cat" else (parts[1],)
        left = [piece for piece in pieces if code(piece) != gone]
        return ("dot", parts[0], left[0] if len(left) == 1 else ("cat", *left)) if left else None
    parts = [_pulled(part, gone) for part in parts]
    if op in ("add", "sub") and None in parts:
        return parts[0] if parts[1] is None else parts[1] if op == "add" else ("sub", 0.0, parts[1])
    return None if None in parts else (op, *parts)
