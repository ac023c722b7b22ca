"""What the equations of a cell say of it: its gates, what they see, and how the memory is kept, written and shown."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from lstm_lib.cell.operations import OPERATIONS, UFUNCS
from lstm_lib.cell.trees import code, factors, field_of, names, split, stem, subtrees, symbol, terms, written

ORDER = ("f", "i", "o", "C", "u", "r", "h")
"""Of the rows of W and b; other gates follow in the order of their lines."""

NAMES = {"f": "forget gate", "i": "input gate", "o": "output gate", "u": "update gate", "r": "reset gate",
         "C_tilde": "candidate", "h_tilde": "candidate", "h": "hidden state"}  # fmt: skip


def place(block):
    """The place of a block among the rows; sorting keeps the order of those without one."""
    return ORDER.index(block) if block in ORDER else len(ORDER)


@dataclass(frozen=True)
class Gate:
    """A gate or candidate: a value computed with weights of its own, which can be clamped.

    key : its name in `clamp=`;  block : its weights are W_<block>, its pre-activation z_<block>
    symbol : such as f_t;  function : "σ", "tanh", … or "";  z : its pre-activation, as a tree
    sees : what its weights act on, by name, also scaled: "r_t * h_prev"
    keeps : 1 if it multiplies the memory, −1 if 1 minus it does, else 0
    """

    key: str
    block: str
    symbol: str
    function: str
    z: object
    sees: tuple
    keeps: int = 0

    equation = property(
        lambda self: f"{self.symbol} = {written((self.function, self.z) if self.function else self.z)}"
    )
    field = property(lambda self: field_of(self.key), doc="Its name in a trace.")
    letter = property(lambda self: self.symbol.removesuffix("_t"), doc="Its symbol without the time.")
    name = property(lambda self: NAMES.get(self.key, "gate" if self.low == 0 else "value"))

    def squashed(self, z):
        """The function of an array."""
        with np.errstate(over="ignore"):
            return UFUNCS[self.function](np.atleast_1d(z)).reshape(np.shape(z)) if self.function else z

    low = property(lambda self: OPERATIONS[self.function or "add"].low)
    high = property(lambda self: OPERATIONS[self.function or "add"].high)


class Coupled(NamedTuple):
    """A factor without weights of its own: it follows from the gate `of` by `rule`; `field` is its name in a trace."""

    of: str
    rule: str
    field: str


class Structure:
    """Derived from checked Equations.

    gates : in the order of the rows of W;  coupled : {key: Coupled};  named : {name in a trace: tree} besides the lines
    lanes : {state: (keep, write, new)}, keys of gates, of `coupled`, or of a fixed 1, "" for none; None for another form
    shown : (state, operation, gate) of h_t, () if h has a lane, None for another form
    """

    def __init__(self, said):
        self.said, self.values, self.coupled, self.named = said, said.values, {}, {}
        self.gates = self._gates()
        self.named |= {f"z_{gate.block}": gate.z for gate in self.gates}
        keys = [gate.key for gate in self.gates]
        of_itself = {s: f"{s}_prev" in names(self.values[field_of(s)]) for s in said.states}
        self.lanes = {s: self._lane(s) for s in said.states if of_itself[s] and s not in keys}
        self.lanes |= {"h": ("", "", "h")} if "h" in keys else {}
        self.shown = () if "h" in self.lanes else self._shown(self.values["h_t"])
        roles = {}
        for keep, *_ in filter(None, self.lanes.values()):
            of = self.coupled.get(keep)
            roles |= {of.of: -1} if of and of.rule.startswith("1 − ") else {keep: 1}
        self.gates = tuple(replace(gate, keeps=roles.get(gate.key, 0)) for gate in self.gates)

    def _gates(self):
        """The values with parameters that no line before has."""
        found, seen = [], set()
        for left, tree in self.values.items():
            function, z = tree if isinstance(tree, tuple) and len(tree) == 2 else ("", tree)
            z = self.values[z] if isinstance(z, str) and z in self.values and not stem(z) else z
            own = (
                self.said.vectors if function or isinstance(z, str) else ()
            )  # a gate may see nothing but its bias
            new = [
                [n for n in names(z) if n in known and n not in seen] for known in (self.said.matrices, own)
            ]
            new = new[0] or new[1]
            if new and stem(left):
                seen |= set(new)
                sees = tuple(dict.fromkeys(name for _, term in terms(z) for name in self._seen(term)))
                block = split(new[0])[1] or stem(left).removesuffix("_tilde")
                found.append(Gate(stem(left), block, symbol(left), function, z, sees))
        return tuple(sorted(found, key=lambda gate: place(gate.block)))

    def _seen(self, term):
        """What a term of a pre-activation sees, by name."""
        if isinstance(term, tuple) and term[0] == "dot":
            return [piece if isinstance(piece, str) else code(piece) for piece in self.said.matrices[term[1]]]
        parts = [part for part in factors(term) if part not in self.said.vectors]
        if len(parts) == 2 and isinstance(parts[0], str):
            dots = [t for t in subtrees(parts[1]) if isinstance(t, tuple) and t[0] == "dot"]
            if len(dots) == 1 and isinstance(dots[0][2], str):
                return [f"{parts[0]} * (W {dots[0][2]})"]
        return [name for part in parts for name in names(part) if stem(name)]

    def _lane(self, state):
        """(keep, write, new) of a state that is kept ⊙ itself + written ⊙ new."""
        before, tree = f"{state}_prev", self.values[field_of(state)]
        parts = {bool(before in factors(term)): term for sign, term in terms(tree) if sign > 0}
        if set(parts) != {True, False} or len(terms(tree)) != 2 or before in names(parts[False]):
            return None
        keep = [self._key(factor) for factor in factors(parts[True]) if factor != before]
        found = [self._key(factor) for factor in factors(parts[False])]
        values = [key for key in found if any(gate.key == key and gate.low != 0 for gate in self.gates)]
        write = [key for key in found if key not in values]
        if None in keep + found or len(keep) > 1 or len(values) > 1 or len(write) > 1:
            return None
        self.named |= {"kept": parts[True], "written": parts[False]} if state == "C" else {}
        return (*(keep or ["f"]), *(write or ["i"]), *(values or [""]))

    def _key(self, factor):
        """The key of a factor of a lane; a rule that follows from one gate becomes `coupled`."""
        key, tree = (stem(factor), self.values.get(factor)) if isinstance(factor, str) else ("rest", factor)
        if any(gate.key == key for gate in self.gates):
            return key
        inside = [tree, *map(self.values.get, names(tree))]
        of = [gate for gate in self.gates if gate.field in names(tree) or gate.z in inside]
        if len(of) != 1 or not key:
            return None
        self.named |= {key: tree} if key == "rest" else {}
        self.coupled[key] = Coupled(of[0].key, written(tree), field_of(key) if key != "rest" else key)
        return key

    def _shown(self, tree):
        """(state, operation, gate) if h_t is a gate times a state, squashed or divided by another."""
        by = ""
        if isinstance(tree, tuple) and tree[0] == "div" and isinstance(tree[2], str):
            tree, by = tree[1], f"/ {stem(tree[2])}"
        gates = {gate.field: gate.key for gate in self.gates}
        found = [gates[part] for part in factors(tree) if part in gates]
        rest = [part for part in factors(tree) if part not in gates]
        inner = rest[0] if rest else ""
        operation, inner = inner if isinstance(inner, tuple) and len(inner) == 2 else ("", inner)
        if len(rest) != 1 or len(found) > 1 or inner not in map(field_of, self.lanes) or by and operation:
            return None
        self.named |= {f"{operation}_{stem(inner)}": rest[0]} if operation else {}
        return stem(inner), by or operation, *(found or ["o"])
