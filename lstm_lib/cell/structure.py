"""What the equations of a cell say of it: its gates, what they see, and how the memory is kept, written and shown."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from lstm_lib.cell.operations import OPERATIONS, UFUNCS
from lstm_lib.cell.trees import (
    code,
    factors,
    field_of,
    is_dot,
    names,
    slope,
    split,
    stem,
    symbol,
    terms,
    written,
)

ORDER = ("f", "i", "o", "C", "u", "r", "h")
"""Of the rows of W and b; other gates follow in the order of their lines."""

NAMES = {"f": "forget gate", "i": "input gate", "o": "output gate", "u": "update gate", "r": "reset gate",
         "h": "hidden state"}  # fmt: skip


def place(block):
    """The place of a block among the rows; sorting keeps the order of those without one."""
    return ORDER.index(block) if block in ORDER else len(ORDER)


@dataclass(frozen=True)
class Gate:
    """A gate or candidate: a value computed with weights of its own, which can be clamped.

    key : its name in `clamp=`;  block : its weights are W_<block>, its pre-activation z_<block>
    symbol : such as f_t;  function : "σ", "tanh", … or "";  z : its pre-activation, as a tree
    sees : what its weights act on, by name, also scaled: "r_t * h_prev"
    keeps : 1 if it multiplies the memory, −1 if 1 minus it does, else 0;  biased : the same of its bias b_<block>
    new : whether it is what is written
    """

    key: str
    block: str
    symbol: str
    function: str
    z: object
    sees: tuple
    keeps: int = 0
    biased: int = 0
    new: bool = False

    field = property(lambda self: field_of(self.key), doc="Its name in a trace.")
    letter = property(lambda self: self.symbol.removesuffix("_t"), doc="Its symbol without the time.")

    @property
    def name(self):
        """In a word or two; a gate is called after its letter if it does what the letter says."""
        if self.key == "f" and not self.keeps or self.key in ("i", "o") and self.keeps > 0:
            return "gate"
        new = self.new or self.key.endswith("tilde")
        other = "candidate" if new else "gate" if self.low == 0 else "value"
        return NAMES.get(self.key, other)

    def squashed(self, z):
        """The function of an array."""
        with np.errstate(over="ignore"):
            return UFUNCS[self.function](np.atleast_1d(z)).reshape(np.shape(z)) if self.function else z

    low = property(lambda self: OPERATIONS[self.function or "add"].low)
    high = property(lambda self: OPERATIONS[self.function or "add"].high)


class Coupled(NamedTuple):
    """A factor without weights of its own: it follows from the gate `of` by `rule`, or is constant if `of` is "".

    field : its name in a trace
    """

    of: str
    rule: str
    field: str


class Structure:
    """Derived from checked Equations.

    gates : in the order of the rows of W;  coupled : {key: Coupled};  named : {name in a trace: tree} besides the lines
    lanes : {state: (keep, write, new)}, keys of gates, of `coupled`, or of a fixed 1 ("1 f" where f is something else),
        "" for none; None for another form
    shown : (state, operation, gate) of h_t, () if h has a lane, None for another form
    """

    def __init__(self, said):
        self.said, self.values, self.coupled, self.named, self._rests = said, said.values, {}, {}, {}
        self.gates = self._gates()
        self.named |= {f"z_{gate.block}": gate.z for gate in self.gates}
        keys = [gate.key for gate in self.gates]
        of_itself = {s: f"{s}_prev" in names(self.values[field_of(s)]) for s in said.states}
        self.lanes = {s: self._lane(s) for s in said.states if of_itself[s] and s not in keys}
        self.lanes |= {"h": ("", "", "h")} if "h" in keys else {}
        self.shown = () if "h" in self.lanes else self._shown(self.values["h_t"])
        news = {lane[2] for lane in self.lanes.values() if lane}
        self.gates = tuple(self._in_role(gate, gate.key in news) for gate in self.gates)

    def _in_role(self, gate, new):
        own = {other.field for other in self.gates}
        kept = [f if f in own else self.values.get(f, f) for s in self.said.states for f in self._keep(s)]
        keeps = next(filter(None, (slope(factor, gate.field) for factor in kept)), 0)
        bias = f"b_{gate.block}"
        rises = slope((gate.function, gate.z), bias) if bias in self.said.vectors else 0
        return replace(gate, keeps=keeps, biased=keeps * rises, new=new)

    def _gates(self):
        """The values with parameters that no line before has."""
        found, seen = [], set()
        for left, tree in self.values.items():
            function, z = tree if isinstance(tree, tuple) and len(tree) == 2 else ("", tree)
            z = self.values[z] if z in self.values and not stem(z) else z
            own = [n for n in names(z) if n not in seen]
            new = [n for n in own if n in self.said.matrices]
            shows = stem(left) in self.said.states and any(map(stem, set(own) & set(self.values)))
            if not new and not shows and (function or isinstance(z, str)):  # it may see nothing but its bias
                new = [n for n in own if n in self.said.vectors]
            if new and stem(left):
                seen |= set(new)
                sees = tuple(dict.fromkeys(name for _, term in terms(z) for name in self._seen(term)))
                block = split(new[0])[1] or stem(left).removesuffix("_tilde")
                found.append(Gate(stem(left), block, symbol(left), function, z, sees))
        return sorted(found, key=lambda gate: place(gate.block))

    def _seen(self, term):
        """What a term of a pre-activation sees, by name."""
        if is_dot(term):
            return [code(piece) for piece in self.said.matrices[term[1]]]
        parts = factors(term)
        if len(parts) == 2 and isinstance(parts[0], str) and stem(parts[0]):
            dots = [t for _, t in terms(parts[1]) if is_dot(t)]
            if len(dots) == 1 and isinstance(dots[0][2], str):
                return [f"{parts[0]} * (W {dots[0][2]})"]
        return [name for part in parts for name in names(part) if stem(name)]

    def _keep(self, state):
        """The factor of a state's value of the step before, wherever it is added."""
        for sign, term in terms(self.values[field_of(state)]):
            found = [factor for factor in factors(term) if factor != f"{state}_prev"]
            if sign > 0 and len(found) == 1 == len(factors(term)) - 1:
                yield from found

    def _lane(self, state):
        """(keep, write, new) of a state that is kept ⊙ itself + written ⊙ new."""
        before, tree = f"{state}_prev", self.values[field_of(state)]
        parts = {before in factors(term): term for sign, term in terms(tree) if sign == 1}
        if set(parts) != {True, False} or len(terms(tree)) != 2:
            return None
        keep = [self._key(factor) for factor in factors(parts[True]) if factor != before]
        found = [self._key(factor) for factor in factors(parts[False])]
        values = [key for key in found if str(key).endswith("tilde")]
        values = values or [g.key for g in self.gates if g.key in found and g.low != 0]
        write = [key for key in found if key not in values]
        if None in keep + found or len(keep) > 1 or len(values) > 1 or len(write) > 1:
            return None
        for key in {*keep} & {*write}:  # a factor of its own, which follows from the other
            write, same = [f"{key}_"], Coupled(key, field_of(key), field_of(key))
            self.coupled[f"{key}_"] = self.coupled.get(key, same)
        self.named |= {"kept": parts[True], "written": parts[False]} if state == "C" else {}
        return (*(keep or [self._one("f")]), *(write or [self._one("i")]), *(values or [""]))

    def _one(self, key):
        """The key of a factor fixed at 1; the name of a gate that is there is not its name."""
        return f"1 {key}" if field_of(key) in self.values else key

    def _key(self, factor):
        """The key of a factor of a lane; what follows from one gate, or is constant, becomes `coupled`."""
        if any(gate.field == factor for gate in self.gates):
            return stem(factor)
        needs = self._needs(factor)
        if len(needs) > 1 or not needs <= {gate.key for gate in self.gates}:
            return None
        if factor in self.values:
            key, field = stem(factor) or factor, factor
        else:
            taken = bool({"rest", "rest_t"} & {*self.values, *self.said.weights})
            key = "rest" + "_" * (self._rests.setdefault(factor, len(self._rests)) + taken)
            self.named[key], field = factor, "" if isinstance(factor, float) else key
        self.coupled[key] = Coupled(*needs or [""], written(self.values.get(factor, factor)), field)
        return key

    def _needs(self, tree):
        """What a tree follows from: keys of gates, the input, and states before."""
        for gate in self.gates:
            if tree == gate.z:
                return {gate.key}
        if isinstance(tree, str):
            return self._needs(self.values[tree]) if tree in self.values else {tree} if stem(tree) else set()
        return set().union(*map(self._needs, tree[1:])) if isinstance(tree, tuple) else set()

    def _shown(self, tree):
        """(state, operation, gate) if h_t is a gate times a state, squashed or divided by another."""
        by = ""
        if isinstance(tree, tuple) and tree[0] == "div" and isinstance(tree[2], str):
            tree, by = tree[1], f"/ {stem(tree[2])}"
        found, rest = [], []
        for part in factors(tree):
            operation, inner = part if isinstance(part, tuple) and len(part) == 2 else ("", part)
            shows = inner in map(field_of, self.lanes)
            (rest if shows else found).append((operation, inner, part) if shows else self._key(part))
        if len(rest) != 1 or len(found) > 1 or None in found or by and rest[0][0]:
            return None
        operation, inner, part = rest[0]
        self.named[f"{operation}_{stem(inner)}"] = part
        return stem(inner), by or operation, *(found or [self._one("o")])
