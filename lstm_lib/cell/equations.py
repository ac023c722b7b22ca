"""What the lines of a cell mean: its states, its weights, its gates, and how they act on the memory.

A line that cannot be meant is answered with its number, the word, and what would be right.
"""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from lstm_lib.cell.grammar import RAISED, fault, names, read, symbol, written
from lstm_lib.cell.operations import OPERATIONS, UFUNCS

MOST_LINES = 30
ORDER = ("f", "i", "o", "C", "u", "r", "h")
"""Of the rows of W and b; other gates follow in the order of their lines."""

NAMES = {"f": "forget gate", "i": "input gate", "o": "output gate", "u": "update gate", "r": "reset gate", "C_tilde": "candidate", "h_tilde": "candidate", "h": "hidden state"}  # fmt: skip
TAKEN = {"V": "the readout's weights", "c": "the readout's bias", "theta": "the vector of all parameters"}
RESERVED = ("x", "dtype", "kind", "names", "params", "clamped", "last", "kept", "written", "hidden", "input", "tilde", "prev", "held", "self", "sizes", "run", "batched", "every")  # fmt: skip


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

    field = property(lambda self: field_of(self.key), doc="Its name in a trace.")
    letter = property(lambda self: self.symbol.removesuffix("_t"), doc="Its symbol without the time.")
    name = property(lambda self: NAMES.get(self.key, "gate" if self.low == 0 else "value"))

    def squashed(self, z):
        """The function of an array."""
        with np.errstate(over="ignore"):
            return UFUNCS[self.function](np.atleast_1d(z)).reshape(np.shape(z)) if self.function else z

    low = property(lambda self: OPERATIONS[self.function or "add"].low)
    high = property(lambda self: OPERATIONS[self.function or "add"].high)


@dataclass(frozen=True)
class Coupled:
    """A factor without weights of its own: it follows from the gate `of` by `rule`; `field` is its name in a trace."""

    of: str
    rule: str
    field: str


def field_of(key):
    """The name of a value in a trace."""
    return key if key.endswith("tilde") else f"{key}_t"


def stem(name):
    """f of f_t, C_tilde of C_tilde and of C_tilde_prev; "" of a name without a time."""
    return (
        name[:-2]
        if name.endswith("_t")
        else name[:-5]
        if name.endswith("_prev")
        else name * name.endswith("_tilde")
    )


def subtrees(tree):
    """A tree and all trees in it."""
    yield tree
    if isinstance(tree, tuple):
        for part in tree[1:]:
            yield from subtrees(part)


def terms(tree, sign=1):
    """[(sign, tree)] of a sum."""
    if isinstance(tree, tuple) and tree[0] in ("add", "sub"):
        return terms(tree[1], sign) + terms(tree[2], sign if tree[0] == "add" else -sign)
    return [] if tree == 0 and isinstance(tree, float) else [(sign, tree)]


def factors(tree):
    """The trees of a product."""
    return factors(tree[1]) + factors(tree[2]) if isinstance(tree, tuple) and tree[0] == "mul" else [tree]


def split(parameter):
    """(letter, block, raised) of a parameter's name: W, h and hidden of W_h_hidden."""
    letter, *rest = parameter.split("_")
    raised = rest.pop() if rest and rest[-1] in RAISED.values() else ""
    return letter, "_".join(rest), raised


class Equations:
    """Checked lines, and what follows from them.

    lines : [(name, tree)] as given;  values : {name: tree} with names without a time replaced by their lines
    states : their names, h first;  matrices : {name: what it acts on, a tuple of trees};  vectors : the other parameters
    """

    def __init__(self, texts):
        if not texts or len(texts) > MOST_LINES:
            raise ValueError(f"equations: expected 1 to {MOST_LINES} lines, got {len(texts)}")
        self.lines = [read(text, k) for k, text in enumerate(texts, 1)]
        self.at = {}
        for k, (left, _) in enumerate(self.lines, 1):
            self._check_left(left, k)
            self.at[left] = k
        self.values, self.matrices, self.vectors = dict(self.lines), {}, []
        for k, (left, tree) in enumerate(self.lines, 1):
            for name in names(tree):
                self._check_name(name, left, k)
            if self._size(tree, k) != "H":
                raise fault(
                    k, f"{symbol(left)} must have one number per unit: expected weights, as in W · x_t"
                )
        self._check_flow()
        self._check_letters()
        self.gates, self.coupled, self.lanes = self._gates(), {}, {}
        self._lanes()
        self.named = {f"z_{gate.block}": gate.z for gate in self.gates} | self.named

    weights = property(lambda self: [*self.matrices, *self.vectors], doc="The names of all parameters.")

    def text(self):
        """The lines in the course's notation."""
        return tuple(f"{symbol(left)} = {written(tree)}" for left, tree in self.lines)

    # --- checks ---------------------------------------------------------------------------------------

    def _check_left(self, left, k):
        if left in self.at:
            raise fault(k, f"{symbol(left)} is set a second time; line {self.at[left]} sets it already")
        if left.endswith("_prev"):
            raise fault(
                k, f"{symbol(left)} is what the step before left; a line sets {symbol(field_of(stem(left)))}"
            )
        if left == "x_t":
            raise fault(k, "x_t is the input; a line cannot set it")
        if stem(left) in RESERVED or not stem(left) and split(left)[0] in (*TAKEN, *RESERVED):
            raise fault(k, f"the name {symbol(left)} is taken; expected another")

    def _check_name(self, name, left, k):
        """A value must be set by a line before this one; one of the step before, by any line."""
        own, lines = stem(name), [line for line, _ in self.lines]
        if name == "x_t" or name.endswith("_prev") and field_of(own) in lines:
            return
        if name == "x_prev":
            raise fault(k, "x_{t-1} is not kept; carry it on as a state, such as s_t = W_s · x_t")
        if name.endswith("_prev"):
            near = self._near(field_of(own), [line for line in lines if stem(line)])
            raise fault(k, f"{symbol(name)} is read, but no line sets {symbol(field_of(own))}{near}")
        if name == left:
            raise fault(k, f"{symbol(name)} is on both sides: a circle; of the step before it is {symbol(own + '_prev') if own else 'a state'}")  # fmt: skip
        if name in lines:
            later = lines.index(name)
            if later >= k:
                circle = left in self._needs(name, set())
                cure = f"a circle, as {symbol(name)} needs {symbol(left)}; one of them has to read the step before" if circle else f"move line {later + 1} above it"  # fmt: skip
                raise fault(k, f"{symbol(name)} is used before its line: {cure}")
        elif own:
            raise fault(k, f"{symbol(name)} is read, but no line sets it{self._near(name, lines)}")
        elif name in [stem(line) for line in lines] or name == "x":
            raise fault(
                k,
                f"{symbol(name)} has no time; expected {symbol(field_of(name))} or {symbol(name + '_prev')}",
            )
        elif split(name)[0] in (*TAKEN, *RESERVED):
            raise fault(k, f"the letter of {symbol(name)} is taken{': ' + TAKEN[split(name)[0]] if split(name)[0] in TAKEN else ''}; expected another")  # fmt: skip

    def _near(self, name, known):
        letters = {(stem(other) or other).lower(): other for other in known}
        near = get_close_matches(stem(name).lower(), letters, 1)
        return f"; did you mean {symbol(letters[near[0]])}?" if near else f"; expected {symbol(name)} = …"

    def _needs(self, name, seen):
        """The values of the same step that `name` needs."""
        for other in set(names(dict(self.lines).get(name, 0.0))) - seen:
            seen.add(other)
            self._needs(other, seen)
        return seen

    def _size(self, tree, k):
        """ "H", "D" for the input, "" for a number; weights are noted on the way."""
        if isinstance(tree, float):
            return ""
        if isinstance(tree, str):
            if tree == "x_t":
                return "D"
            if not stem(tree) and tree not in self.values:
                if tree in self.matrices:
                    raise fault(
                        k, f"{symbol(tree)} is a matrix elsewhere; expected {symbol(tree)} · and a vector"
                    )
                self.vectors += [tree] if tree not in self.vectors else []
            return "H"
        op, *parts = tree
        if op == "dot":
            return self._product(*parts, k)
        if op == "cat":
            raise fault(k, f"{written(tree)} joins vectors for weights; expected it after ·, as in W · {written(tree)}")  # fmt: skip
        sizes = [self._size(part, k) for part in parts]
        if "D" in sizes:
            raise fault(k, f"x_t has one number per input, the cell one per unit; expected weights, as in W · x_t, in {written(tree)}")  # fmt: skip
        return max(sizes)

    def _product(self, weights, seen, k):
        if not isinstance(weights, str) or stem(weights) or weights in self.values:
            raise fault(k, f"· multiplies weights by a vector; {written(weights)} is not a name of weights: expected W_… · or, unit by unit, ⊙")  # fmt: skip
        if weights in self.vectors:
            raise fault(
                k, f"{symbol(weights)} is a vector elsewhere; expected {symbol(weights)} ⊙, or another letter"
            )
        pieces = seen[1:] if isinstance(seen, tuple) and seen[0] == "cat" else (seen,)
        for piece in pieces:
            if piece != "x_t" and self._size(piece, k) != "H" or piece in self.vectors:
                raise fault(
                    k, f"{symbol(weights)} · acts on x_t, states and values; {written(piece)} is none"
                )
        if self.matrices.setdefault(weights, pieces) != pieces:
            raise fault(k, f"{symbol(weights)} acts on {written(seen)} here and on something else before: its shape would differ")  # fmt: skip
        return "H"

    def _check_letters(self):
        """Parameters with one letter are one array: all matrices or all vectors, each number for one thing."""
        columns, first = {}, {}
        for name in self.weights:
            k = next(k for k, (_, tree) in enumerate(self.lines, 1) if name in names(tree))
            (letter, block, raised), vector = split(name), name in self.vectors
            if vector and raised:
                continue
            if letter in self.states:
                raise fault(
                    k,
                    f"the letter of {symbol(name)} is that of the state {field_of(letter)}; expected another",
                )
            before = first.setdefault(letter, name)
            if vector != (before in self.vectors):
                raise fault(
                    k,
                    f"{symbol(name)} is {'a vector' if vector else 'a matrix'}, {symbol(before)} is not; expected another letter, or · after weights",
                )
            if bool(block) != bool(split(before)[1]):
                raise fault(
                    k,
                    f"{letter} stands with and without an index; expected an index on each, such as {letter}_f",
                )
            for piece in self.matrices.get(name, ()):
                if (
                    columns.setdefault((letter, block, slot(piece)), name) != name
                    or [*map(slot, self.matrices[name])].count(slot(piece)) > 1
                ):
                    raise fault(
                        k,
                        f"{symbol(name)} acts on {symbol(slot(piece))} a second time; expected a letter of its own for it",
                    )

    def _check_flow(self):
        """Something is carried on, the input is seen, and every line matters."""
        last, read_all = len(self.lines), {name for _, tree in self.lines for name in names(tree)}
        if "h_t" not in self.at:
            raise fault(last, "no line sets h_t, which is what the cell shows; expected h_t = … as the last")
        carried = [stem(name) for name in read_all if name.endswith("_prev")]
        if not carried:
            raise fault(
                last, "nothing is remembered: no line reads the step before, such as h_{t-1} or C_{t-1}"
            )
        if "x_t" not in read_all:
            raise fault(last, "no line reads the input x_t")
        self.states = [
            "h",
            *(stem(left) for left, _ in self.lines if stem(left) in carried and left != "h_t"),
        ]
        for left in ("C_t", "c_t"):
            if left in self.at and stem(left) not in carried:
                raise fault(self.at[left], f"{symbol(left)} is set, but no line reads {symbol(stem(left) + '_prev')}: it carries nothing on")  # fmt: skip
        reached, new = set(), {"h_t"}
        while new:
            reached |= new
            seen = {name for left in new for name in names(dict(self.lines)[left])}
            new = {field_of(stem(n)) if n.endswith("_prev") else n for n in seen} & set(self.at) - reached
        for left, k in self.at.items():
            if left not in reached:
                raise fault(k, f"{symbol(left)} never reaches h_t: no later line uses it")

    # --- structure -----------------------------------------------------------------------------------

    def _gates(self):
        """The values with weights that no line before has, in the order of the rows of W."""
        found, seen = [], set()
        for left, tree in self.values.items():
            function, z = tree if isinstance(tree, tuple) and len(tree) == 2 else ("", tree)
            z = self.values[z] if isinstance(z, str) and z in self.values and not stem(z) else z
            new = [n for n in names(z) if n in self.matrices and n not in seen]
            if new and stem(left):
                seen |= set(new)
                sees = tuple(dict.fromkeys(name for _, term in terms(z) for name in self._seen(term)))
                block = split(new[0])[1] or stem(left).removesuffix("_tilde")
                found.append(Gate(stem(left), block, symbol(left), function, z, sees))
        return tuple(sorted(found, key=lambda gate: self.place(gate.block)))

    @staticmethod
    def place(block):
        """The place of a block among the rows; sorting keeps the order of those without one."""
        return ORDER.index(block) if block in ORDER else len(ORDER)

    def _seen(self, term):
        """What a term of a pre-activation sees, by name."""
        if isinstance(term, tuple) and term[0] == "dot":
            return [
                n
                for piece in self.matrices[term[1]]
                for n in ([piece] if isinstance(piece, str) else [code(piece)])
            ]
        parts = [part for part in factors(term) if not self._is_parameter(part)]
        if len(parts) == 2 and isinstance(parts[0], str):
            dots = [t for t in subtrees(parts[1]) if isinstance(t, tuple) and t[0] == "dot"]
            if len(dots) == 1 and isinstance(dots[0][2], str):
                return [f"{parts[0]} * (W {dots[0][2]})"]
        return [name for part in parts for name in names(part) if stem(name)]

    def _is_parameter(self, tree):
        return isinstance(tree, str) and not stem(tree) and tree not in self.values

    def _lanes(self):
        """How each state is kept and written, and how h shows one: None for what has another form."""
        self.shown, self.named, roles = (), {}, {}
        for state in self.states:
            tree = self.values[field_of(state)]
            if f"{state}_prev" in names(tree) and state not in [gate.key for gate in self.gates]:
                self.lanes[state] = self._lane(state, tree)
            elif state in [gate.key for gate in self.gates] and state == "h":
                self.lanes[state] = ("", "", state)
        if "h" not in self.lanes:
            self.shown = self._shown(self.values["h_t"])
        for lane in filter(None, self.lanes.values()):
            keep = lane[0]
            if keep in self.coupled and self.coupled[keep].rule.startswith("1 − "):
                roles[self.coupled[keep].of] = -1
            roles.setdefault(keep, 1)
        self.gates = tuple(
            Gate(g.key, g.block, g.symbol, g.function, g.z, g.sees, roles.get(g.key, 0)) for g in self.gates
        )

    def _lane(self, state, tree):
        """(keep, write, new): keys of gates, of coupled factors, or of a fixed 1."""
        parts = [factors(term) for sign, term in terms(tree) if sign > 0]
        kept = [part for part in parts if f"{state}_prev" in part]
        new = [part for part in parts if part not in kept]
        if (
            len(kept) != 1
            or len(new) != 1
            or len(parts) != len(terms(tree))
            or len(kept[0]) > 2
            or len(new[0]) > 2
        ):
            return None
        keep = [self._key(f, "f") for f in kept[0] if f != f"{state}_prev"] or ["f"]
        found = [self._key(factor, "i") for factor in new[0]]
        values = [key for key in found if self._is_value(key)]
        if None in keep + found or len(values) > 1:
            return None
        if state == "C":
            self.named |= {"kept": next(t for _, t in terms(tree) if f"{state}_prev" in names(t)),
                           "written": next(t for _, t in terms(tree) if f"{state}_prev" not in names(t))}  # fmt: skip
        if not values:
            return (keep[0], found[0], "") if len(found) == 1 else None
        write = [key for key in found if key not in values] or ["i"]
        return (keep[0], write[0], values[0])

    def _is_value(self, key):
        """Whether a gate is a candidate rather than a factor."""
        return any(gate.key == key and gate.low != 0 for gate in self.gates)

    def _key(self, factor, otherwise):
        """The key of a factor of a lane; a rule that follows from one gate becomes `coupled`."""
        if isinstance(factor, float):
            return otherwise if factor == 1 else None
        tree = self.values.get(factor, factor) if isinstance(factor, str) else factor
        key = stem(factor) if isinstance(factor, str) else "rest"
        if any(gate.key == key for gate in self.gates):
            return key
        rule = written(tree)
        of = [
            gate
            for gate in self.gates
            if gate.field in names(tree)
            or written(gate.z) in rule
            or gate.z in map(self.values.get, names(tree))
        ]
        if len(of) != 1 or isinstance(factor, str) and not stem(factor):
            return None
        rule = rule.replace(written(of[0].z), f"z_{of[0].block}")
        self.named |= {key: tree} if key == "rest" else {}
        self.coupled[key] = Coupled(of[0].key, rule, field_of(key) if key != "rest" else key)
        return key

    def _shown(self, tree):
        """(state, operation, gate) if h_t is a gate times a state, squashed or divided by another; else None."""
        by = ""
        if isinstance(tree, tuple) and tree[0] == "div" and isinstance(tree[2], str):
            tree, by = tree[1], f"/ {stem(tree[2])}"
        parts = factors(tree)
        gates = [stem(p) for p in parts if isinstance(p, str) and any(g.field == p for g in self.gates)]
        rest = [p for p in parts if not (isinstance(p, str) and stem(p) in gates)]
        operation, inner = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple) and len(rest[0]) == 2 else ("", rest[0] if rest else "")  # fmt: skip
        if (
            len(rest) != 1
            or len(gates) > 1
            or not isinstance(inner, str)
            or stem(inner) not in self.lanes
            or by
            and operation
        ):
            return None
        self.named |= {f"{operation}_{stem(inner)}": rest[0]} if operation else {}
        return (stem(inner), by or operation, gates[0] if gates else "o")


def slot(piece):
    """The name of the columns for what a matrix acts on: those of h_{t-1} also for r_t ⊙ h_{t-1}."""
    inside = [name for name in factors(piece) if isinstance(name, str) and name.endswith("_prev")]
    return inside[0] if inside else code(piece)


def code(tree):
    """A product as code: r_t * h_prev."""
    return " * ".join(factors(tree)) if all(isinstance(f, str) for f in factors(tree)) else written(tree)
