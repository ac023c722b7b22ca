"""A kind of cell: its equations, and what follows from them: parameters, first values, and all steps forward and back."""

import math
from functools import cached_property

import numpy as np

from lstm_lib.cell.equations import Equations, code, split, stem
from lstm_lib.cell.generate import Program
from lstm_lib.cell.grammar import names, written
from lstm_lib.cell.initial import orthogonal, uniform
from lstm_lib.cell.params import Params
from lstm_lib.cell.run import Pass
from lstm_lib.checks import as_floats, check_shape, generator, quoted, whole_number


class Kind:
    """A kind of cell, written as in a paper: Kind("mine", "f_t = σ(W_f · [h_{t-1}; x_t] + b_f)", …, "h_t = …").

    name : for panels and tables;  equations : one line each, in the order of computation; the last sets h_t
    sentence, paper : what it is, and where it is from;  computed, logs : lines that give the same without overflow, and
        {state: another}, where its states are divided by exp of another

    ⊙ or * multiplies unit by unit, · or @ weights by a vector; σ or sigma, C_{t-1} or C_prev, C̃_t or C_tilde. What
    has no time (W_f, b_f, p_f) is a parameter: of shape (H, …) after ·, else (H,). A wrong line raises a ValueError.
    """

    def __init__(self, name, *equations, sentence="a cell of your own", paper="", orthogonal=False,
                 computed=(), logs=()):  # fmt: skip
        if not isinstance(name, str) or not name.strip() or len(name) > 40:
            raise ValueError(f"name: expected a text of 1 to 40 letters, got {quoted(name)}")
        self.name, self.sentence, self.paper, self.orthogonal = name, sentence, paper, orthogonal
        said = Equations(equations)
        self.said, self.equations, self.gates, self.coupled = said, said.text(), said.gates, said.coupled
        self.lanes, self.shown = said.lanes, said.shown
        self.computed, self.logs, self._programs = Equations(computed) if computed else said, dict(logs), {}
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
        pulled, lines = {}, []
        for key, seen in wires:
            if seen not in next((gate.sees for gate in self.gates if gate.key == key), ()):
                raise ValueError(f"wires: expected a gate and what it sees, got {key!r} and {seen!r}")
            pulled.setdefault(self.of(key).field, set()).add(seen)
        for left, tree in self.said.lines:
            tree = _pulled(tree, pulled[left]) if left in pulled else tree
            lines.append(f"{written(left)} = {written(0.0 if tree is None else tree)}")
        return Kind(self.name, *lines, sentence=self.sentence, paper=self.paper)

    # --- parameters -----------------------------------------------------------------------------------

    @cached_property
    def stacks(self):
        """{letter: (blocks, slots)}: parameters with the same letter are one array, block under block.

        slots : {what it acts on: "H" or "D"}, the columns of a matrix; none for vectors
        """
        found = {}
        for name in (*self.said.matrices, *self.said.vectors):
            letter, block, raised = split(name)
            vector = name in self.said.vectors
            letter, block = (name, "") if vector and raised else (letter, block)
            blocks, slots = found.setdefault(letter, ([], {}))
            blocks += [block] if block not in blocks else []
            for piece in self.said.matrices.get(name, ()):
                slots[self._slot(piece)] = "D" if piece == "x_t" else "H"
        for letter, (blocks, slots) in found.items():
            order = sorted(slots, key=lambda slot: (slot == "x_t", slot != "h_prev"))
            found[letter] = sorted(blocks, key=self.said.place), {slot: slots[slot] for slot in order}
        first = [letter for letter in ("W", "b") if letter in found]
        return {letter: found[letter] for letter in (*first, *(x for x in found if x not in first))}

    @staticmethod
    def _slot(piece):
        """The columns for what a matrix acts on: those of h_{t-1} also for r_t ⊙ h_{t-1}."""
        inside = [name for name in names(piece) if name.endswith("_prev") or name == "x_t"]
        return inside[0] if inside else names(piece)[0]

    def shapes(self, D, H):
        """{letter: shape} of the parameters for D features and H units."""
        size = {"D": D, "H": H}
        return {
            letter: (len(blocks) * H, *([sum(size[s] for s in slots.values())] if slots else []))
            for letter, (blocks, slots) in self.stacks.items()
        }

    def parts(self, D, H):
        """{name: (letter, its rows, its columns for each thing it acts on)} of every parameter."""
        found, size = {}, {"D": D, "H": H}
        for name in (*self.said.matrices, *self.said.vectors):
            letter, block, raised = split(name)
            letter, block = (name, "") if name in self.said.vectors and raised else (letter, block)
            blocks, slots = self.stacks[letter]
            at = blocks.index(block) * H
            ends = np.cumsum([size[s] for s in slots.values()], dtype=int)
            where = {s: slice(end - size[slots[s]], end) for s, end in zip(slots, ends, strict=True)}
            columns = [where[self._slot(piece)] for piece in self.said.matrices.get(name, ())]
            found[name] = letter, slice(at, at + H), columns
        return found

    def views(self, D, H):
        """(letter, block, rows, columns) of each block of rows, with the columns of what it sees."""
        found = {}
        for name, (letter, rows, columns) in self.parts(D, H).items():
            seen = found.setdefault((letter, split(name)[1]), (rows, []))[1]
            seen += [np.arange(D + (len(self.stacks[letter][1])) * H)[c] for c in columns]
        for (letter, block), (rows, seen) in found.items():
            yield letter, block, rows, np.sort(np.concatenate(seen)) if seen else slice(None)

    def wired(self, D, H):
        """{letter: 1 at the weights that connect something, else 0} of the matrices."""
        found = {n: np.zeros(shape) for n, shape in self.shapes(D, H).items() if len(shape) == 2}
        for letter, rows, columns in self.parts(D, H).values():
            for c in columns:
                found[letter][rows, c] = 1.0
        return found

    def count(self, D, H):
        """The number of parameters."""
        wired = self.wired(D, H)
        return sum(int(wired[n].sum()) if n in wired else math.prod(s) for n, s in self.shapes(D, H).items())

    def random(self, D, H, rng, forget_bias=1.0):
        """First parameters: weights uniform in ±1/√H, those of peepholes and of gates before a tenth of it, biases 0.

        forget_bias : bias of gates that keep the memory when open, negated for gates that replace it; (H,) or a number
        """
        whole_number("input_size", D), whole_number("hidden_size", H), generator("rng", rng)
        forget_bias = as_floats("forget_bias", forget_bias)
        check_shape("forget_bias", forget_bias, (), (H,), why="(one, or one per unit)")
        arrays = {name: np.zeros(shape) for name, shape in self.shapes(D, H).items()}
        for name, array in arrays.items():
            if name != "b":
                arrays[name] = uniform(rng, H, array.shape) * (0.1 if self._small(name) else 1.0)
        if self.orthogonal:
            arrays["W"][:, :H] = orthogonal(rng, H)
        for gate in self.gates:
            blocks = self.stacks.get("b", ((),))[0]
            if gate.block in blocks:
                at = blocks.index(gate.block) * H
                arrays["b"][at : at + H] = gate.keeps * forget_bias
        return Params(self, **arrays)

    def _small(self, letter):
        slots, gates = self.stacks[letter][1], [gate.key for gate in self.gates]
        return all(slot != "h_prev" and stem(slot) in gates for slot in slots)

    def from_wired(self, params):
        """Parameters of this kind with the numbers of `params`, those of a kind with the same wires or more."""
        new = {
            name: np.zeros(shape)
            for name, shape in self.shapes(params.input_size, params.hidden_size).items()
        }
        have = params.kind.parts(params.input_size, params.hidden_size)
        for name, (letter, rows, columns) in self.parts(params.input_size, params.hidden_size).items():
            old, old_rows, old_columns = have[name]
            of = dict(zip(map(self._slot, params.kind.said.matrices.get(name, ())), old_columns, strict=True))
            if name in self.said.vectors:
                new[letter][rows] = getattr(params, old)[old_rows]
            for piece, c in zip(self.said.matrices.get(name, ()), columns, strict=True):
                new[letter][rows, c] = getattr(params, old)[old_rows, of[self._slot(piece)]]
        return Params(self, **new)

    # --- all steps -------------------------------------------------------------------------------------

    run = Pass
    """What goes over a sequence; see cell/passes.py."""

    def value(self, s, field):
        """A value of a StepTrace as the equations have it; a state in `logs` is stored divided by exp of another."""
        state, _, when = field.rpartition("_")
        value = getattr(s, field)
        if state not in self.logs:
            return value
        with np.errstate(over="ignore", invalid="ignore"):  # 0 · ∞ is 0 here
            return np.where(value == 0, value, value * np.exp(getattr(s, f"{self.logs[state]}_{when}")))


def _pulled(tree, gone):
    """A tree without what is in `gone`, or None if nothing is left."""
    if not isinstance(tree, tuple):
        return tree
    op, *parts = tree
    if op == "dot":
        pieces = parts[1][1:] if parts[1][0] == "cat" else (parts[1],)
        left = [piece for piece in pieces if (piece if isinstance(piece, str) else code(piece)) not in gone]
        return ("dot", parts[0], left[0] if len(left) == 1 else ("cat", *left)) if left else None
    if op == "mul" and gone & set(parts):
        return None
    parts = [_pulled(part, gone) for part in parts]
    if op == "add" and None in parts:
        return parts[0] if parts[1] is None else parts[1]
    return None if None in parts else (op, *parts)
