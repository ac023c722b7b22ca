"""From trees to operations: every value of a cell as a node, each of them computed once."""

from typing import NamedTuple

from lstm_lib.cell.operations import OPERATIONS, Operation
from lstm_lib.cell.structure import place
from lstm_lib.cell.trees import is_dot, split, stem, terms

MORE = {
    "copy": Operation("np.positive", ((),)),
    "lnσ": Operation("log_sigma", (("sigma(-{a})",),)),
}


class Nodes:
    """What a cell with some gates clamped computes.

    nodes : {name: (operation, operand, …)} in order; an operand is a node, a state before, a parameter, held_<gate> or a number
    rows : {pre-activation: Row} in the order of the rows of M;  states : those in M;  inner : values of the same step
        that weights act on;  comments : {node: the line it begins}
    """

    def __init__(self, equations, clamped=()):
        self.equations, self.nodes, self.known, self.value, self.rows = equations, {}, {}, {}, {}
        self.names = {
            tree: name for name, tree in equations.structure.named.items() if name not in equations.weights
        }
        self.comments, gates = {}, {gate.field: gate.key for gate in equations.structure.gates}
        for (left, tree), text in zip(equations.lines, equations.text(), strict=True):
            before = len(self.nodes)
            made = f"held_{gates[left]}" if gates.get(left) in clamped else self.lower(tree, left)
            if stem(left) in equations.states and made != left:
                self.nodes[left] = ("copy", made)
                made = left
            self.value[left] = made
            self.comments |= dict.fromkeys(list(self.nodes)[before : before + 1], f"# {text}")
        self.rows = dict(sorted(self.rows.items(), key=lambda item: item[1].place()))
        seen = {operand for row in self.rows.values() for *_, operand in row.known}
        self.states = [state for state in equations.states if f"{state}_prev" in seen]
        self.inner = {operand for row in self.rows.values() for *_, operand in row.late}

    def lower(self, tree, wanted=""):
        """The operand that stands for a tree; equal trees are computed once."""
        if not isinstance(tree, tuple):
            return self.value.get(tree, tree)
        op, *parts = tree
        wanted = wanted or self.names.get(tree, "")
        if any(sign == 1 and is_dot(term) for sign, term in terms(tree)):
            return self._row(tree, wanted)
        parts = [self.lower(part) for part in parts]
        inside = self.nodes.get(parts[0], ("",))
        if op == "ln" and inside[0] in ("σ", "exp"):  # accurate where the gate rounds to 0, or overflows
            if inside[0] == "exp":
                return inside[1]
            op, parts = "lnσ", inside[1:]
        return self._add((op, *parts), wanted)

    def _add(self, key, wanted):
        if key not in self.known:
            name = wanted if wanted and wanted not in self.nodes else f"n__{len(self.nodes)}"
            self.known[key] = name
            self.nodes[name] = key
        return self.known[key]

    def _row(self, tree, wanted):
        """The node of a pre-activation: weights · what is seen + biases + rest."""
        row = Row([], [], [], [])
        for sign, term in terms(tree):
            if sign == 1 and is_dot(term):
                for piece in self.equations.matrices[term[1]]:
                    operand = self.lower(piece)
                    known = operand == "x_t" or operand.endswith("_prev")
                    if not known and operand not in self.nodes:  # a clamped gate, or a parameter
                        operand = self._add(("copy", operand), "")
                    (row.known if known else row.late).append((term[1], piece, operand))
            elif sign == 1 and term in self.equations.vectors:
                row.biases.append(term)
            else:
                row.rest.append((sign, self.lower(term)))
        wanted = "" if stem(wanted) in self.equations.states else wanted
        name = self._add(("row", *map(str, row)), wanted)
        self.rows.setdefault(name, row)
        return name

    def operands(self, node):
        """[(factors of ∂node/∂ it, operand)] of what a node is computed from unit by unit."""
        op, *parts = self.nodes[node]
        if op == "row":
            return [(() if sign == 1 else ("-1",), operand) for sign, operand in self.rows[node].rest]
        names = dict(zip("ab", (self.code(part, "a") for part in parts), strict=False), y=f"a_{node}")
        slopes = (OPERATIONS | MORE)[op].slopes
        return [([f.format(**names) for f in rule], part) for rule, part in zip(slopes, parts, strict=True)]

    def is_state(self, node):
        return stem(node) in self.equations.states

    def code(self, operand, kind="s"):
        """An operand in generated code; kind : "s" of one step, "a" of all."""
        if isinstance(operand, float):
            return repr(operand)
        if operand.startswith("held_"):
            return operand
        return f"p_{operand}" if operand in self.equations.vectors else f"{kind}_{operand}"


class Row(NamedTuple):
    """A pre-activation: weights on what is `known` when the step begins, `biases`, products that come `late`, the `rest`."""

    known: list
    biases: list
    late: list
    rest: list

    def place(self):
        """Its place among the rows of M: gates with one function are neighbours, as they are in a kind."""
        return place(split((self.known + self.late)[0][0])[1])
