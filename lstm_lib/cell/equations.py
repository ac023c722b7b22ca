"""The lines of a cell, checked: its values, its states, and its weights.

A line that cannot be meant is answered with its number, the word, and what would be right.
"""

from difflib import get_close_matches

from lstm_lib.cell.grammar import fault, read
from lstm_lib.cell.structure import Structure
from lstm_lib.cell.trees import field_of, names, slot, split, stem, symbol, written

MOST_LINES = 30
TAKEN = {"V": "the readout's weights", "c": "the readout's bias", "theta": "the vector of all parameters"}
RESERVED = ("x", "dtype", "kind", "names", "params", "clamped", "last", "kept", "written", "hidden", "input", "tilde", "prev", "held", "self", "sizes", "run", "batched", "every", "about", "file", "clamp", "shapes", "parts", "predict", "save", "load", "forward", "backward", "inputs")  # fmt: skip


class Equations:
    """Checked lines, and what follows from them.

    lines : [(name, tree)] as given;  values : the same by name
    states : their names, h first;  matrices : {name: what it acts on, a tuple of trees};  vectors : the other parameters
    """

    def __init__(self, texts, pulled=()):
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
        self._check_flow(pulled)
        self._check_letters()
        self.structure = Structure(self)
        for gate in self.structure.gates:
            name = f"z_{gate.block}"
            if name in self.vectors or self.values.get(name, gate.z) != gate.z:
                k = next(k for k, (left, tree) in enumerate(self.lines, 1) if name in (left, *names(tree)))
                raise fault(
                    k, f"{symbol(name)} is the pre-activation of {gate.symbol}; expected another name"
                )

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
                cure = f"a circle, as {symbol(name)} needs {symbol(left)}; one of them has to read the step before{', as ' + symbol(own + '_prev') if own else ''}" if circle else f"move line {later + 1} above it"  # fmt: skip
                raise fault(k, f"{symbol(name)} is used before its line: {cure}")
        elif own:
            raise fault(k, f"{symbol(name)} is read, but no line sets it{self._near(name, lines)}")
        elif name in [stem(line) for line in lines] or name == "x":
            before = f" or {symbol(name + '_prev')}" * (name != "x")
            raise fault(k, f"{symbol(name)} has no time; expected {symbol(field_of(name))}{before}")
        elif split(name)[0] in (*TAKEN, *RESERVED):
            raise fault(k, f"the letter of {symbol(name)} is taken{': ' + TAKEN[split(name)[0]] if split(name)[0] in TAKEN else ''}; expected another")  # fmt: skip

    def _near(self, name, known):
        letters = {(stem(other) or other).lower(): other for other in known}
        near = get_close_matches(stem(name).lower(), letters)
        return f"; did you mean {symbol(letters[near[0]])}?" if near else f"; expected {symbol(name)} = …"

    def _needs(self, name, seen):
        """The values of the same step that `name` needs."""
        for other in set(names(dict(self.lines).get(name))) - seen:
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
        if split(weights)[0] == "b":
            raise fault(k, f"{symbol(weights)} is a bias; expected another letter before ·, such as W")
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
        """Parameters with one letter are one array: all matrices or all vectors, and each number has one place."""
        columns, first = {}, {}
        for name in self.weights:
            k = next(k for k, (_, tree) in enumerate(self.lines, 1) if name in names(tree))
            (letter, block, raised), vector = split(name), name in self.vectors
            if vector and raised:
                continue
            before = first.setdefault(letter, name)
            if letter in self.states:
                raise fault(k, f"the letter of {symbol(name)} is that of the state {symbol(field_of(letter))}; expected another")  # fmt: skip
            if vector != (before in self.vectors):
                raise fault(k, f"{symbol(name)} is {'a vector' if vector else 'a matrix'}, {symbol(before)} is not; expected another letter, or · after weights")  # fmt: skip
            if bool(block) != bool(split(before)[1]):
                raise fault(k, f"{letter} stands with and without an index; expected an index on each, such as {letter}_f")  # fmt: skip
            for at in [(letter, block, slot(piece)) for piece in self.matrices.get(name, ())]:
                if at in columns:
                    raise fault(k, f"{symbol(name)} acts on {written(at[2])} a second time; expected a letter of its own for it")  # fmt: skip
                columns[at] = name

    def _check_flow(self, pulled):
        """The input is seen; if no wire is pulled, something is carried on, and every line matters."""
        last, read_all = len(self.lines), {name for _, tree in self.lines for name in names(tree)}
        if "h_t" not in self.at:
            raise fault(last, "no line sets h_t, which is what the cell shows; expected h_t = … as the last")
        carried = [stem(name) for name in read_all if name.endswith("_prev")]
        if not carried and not pulled:
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
            if left not in reached and not pulled:
                raise fault(k, f"{symbol(left)} never reaches h_t: no later line uses it")
