"""From equations to Python: all steps of a sequence forward, and the chain rule back through them.

Arrays are (T, features, B), so that each vector of a step is a contiguous block of rows.

* Forward: one product a step, M · [states; x; 1], gives all pre-activations as far as the step before determines them.
* Back: between a state or pre-activation and what it is computed from, all operations are unit by unit, so ∂/∂ is
  one number per unit: a coefficient. Coefficients are computed for all steps at once; the loop over the steps
  only multiplies, adds, and takes one product with the weights.

In the code `a_f_t` is f_t of all steps, `s_f_t` that of one step, `d_f_t` ∂loss/∂ it, `k_h_t__C_t` a coefficient,
`n_f_t` and `g_C` are buffers, `p_f` a parameter and `held_f` a clamped value: a learner's names can meet no others.
"""

import re

from lstm_lib.cell.equations import field_of, split, stem, terms
from lstm_lib.cell.operations import OPERATIONS, SCOPE, Operation

MORE = {
    "copy": Operation("np.positive", ((),)),
    "lnσ": Operation("log_sigma", (("sigma(-{a})",),)),
}


class Program:
    """The generated functions of a cell with some gates clamped.

    nodes : {name: (operation, operand, …)} in order; an operand is a node, a state before, a parameter, held_<gate> or a number
    rows : {pre-activation: Row} in the order of the rows of M;  states : those in M;  inner : values of the same step
        that weights act on;  placed : {function of a pre-activation: the row beside which it stands}
    kept : what the way back or a trace asks for
    """

    def __init__(self, equations, clamped=()):
        self.equations, self.nodes, self.known, self.value, self.rows = equations, {}, {}, {}, {}
        self.names = {tree: name for name, tree in equations.named.items() if name not in equations.weights}
        comments, gates = {}, {gate.field: gate.key for gate in equations.gates}
        for (left, tree), text in zip(equations.lines, equations.text(), strict=True):
            before = len(self.nodes)
            made = f"held_{gates[left]}" if gates.get(left) in clamped else self.lower(tree, left)
            if stem(left) in equations.states and made != left:
                self.nodes[left] = ("copy", made)
                made = left
            self.value[left] = made
            comments |= dict.fromkeys(list(self.nodes)[before : before + 1], f"# {text}")
        self.rows = dict(sorted(self.rows.items(), key=lambda item: item[1].place(equations)))
        seen = {piece for row in self.rows.values() for _, piece in row.known}
        self.states = [state for state in equations.states if f"{state}_prev" in seen]
        self.inner = {
            operand for row in self.rows.values() for *_, operand in row.late if operand in self.nodes
        }
        functions = {
            key[1]: n for n, key in reversed(self.nodes.items()) if len(key) == 2 and not self.is_state(n)
        }
        self.placed = {n: z for z, n in functions.items() if z in self.rows}  # the first function of each row
        forward, back = self._forward(comments), self._back()
        read = " ".join([back, *(coefficient for *_, coefficient in self.vectors)])
        self.kept = {*re.findall(r"\b[as]_(\w+)", read), *self.value.values(), *self.inner}
        self.source = f"{forward}\n\n\n{back}"
        scope = dict(SCOPE)
        exec(compile(self.source, "<cell>", "exec"), scope)  # made of the table of operations alone
        self.forward, self.back = scope["forward"], scope["back"]

    # --- from trees to nodes ---------------------------------------------------------------------------

    def lower(self, tree, wanted=""):
        """The operand that stands for a tree; equal trees are computed once."""
        if not isinstance(tree, tuple):
            return self.value.get(tree, tree)
        op, *parts = tree
        wanted = wanted or self.names.get(tree, "")
        if op in ("add", "sub", "dot") and any(sign > 0 and _is_dot(term) for sign, term in terms(tree)):
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
            name = wanted if wanted and wanted not in self.nodes else f"_{len(self.nodes)}"
            self.known[key] = name
            self.nodes[name] = key
        return self.known[key]

    def _row(self, tree, wanted):
        """The node of a pre-activation: weights · what is seen + biases + rest."""
        row = Row([], [], [], [])
        for sign, term in terms(tree):
            if sign > 0 and _is_dot(term):
                for piece in self.equations.matrices[term[1]]:
                    if isinstance(piece, str) and (piece == "x_t" or piece.endswith("_prev")):
                        row.known.append((term[1], piece))
                    else:
                        operand = self.lower(piece)
                        held = operand not in self.nodes and not operand.endswith("_prev")
                        row.late.append(
                            (term[1], piece, self._add(("copy", operand), "") if held else operand)
                        )
            elif sign > 0 and term in self.equations.vectors:
                row.biases.append(term)
            else:
                row.rest.append((sign, self.lower(term)))
        wanted = "" if stem(wanted) in self.equations.states else wanted
        name = self._add(("row", *map(str, (row.known, row.biases, row.late, row.rest))), wanted)
        self.rows.setdefault(name, row)
        return name

    def operands(self, node):
        """[(factors of ∂node/∂ it, operand)] of what a node is computed from unit by unit."""
        op, *parts = self.nodes[node]
        if op == "row":
            return [(() if sign > 0 else ("-1",), operand) for sign, operand in self.rows[node].rest]
        names = dict(zip("ab", map(self._every, parts), strict=False), y=f"a_{node}")
        slopes = (OPERATIONS | MORE)[op].slopes
        return [
            (tuple(f.format(**names) for f in rule), part) for rule, part in zip(slopes, parts, strict=True)
        ]

    def _constant(self, operand):
        return operand if str(operand).startswith("held_") else f"p_{operand}" if operand in self.equations.vectors else ""  # fmt: skip

    def _every(self, operand):
        return repr(operand) if isinstance(operand, float) else self._constant(operand) or f"a_{operand}"

    def _now(self, operand):
        return repr(operand) if isinstance(operand, float) else self._constant(operand) or f"s_{operand}"

    # --- forward ---------------------------------------------------------------------------------------

    def _forward(self, comments):
        lines, done, rows = ["np.matmul(M, s__v, out=s__rows)"] if self.rows else [], set(), list(self.rows)
        for node, (op, *parts) in self.nodes.items():
            lines += [comments[node]] if node in comments else []
            if op == "row":
                row = self.rows[node]
                lines += [
                    f"np.add(s_{node}, w_{node}_{k} @ {self._now(operand)}, out=s_{node})"
                    for k, (*_, operand) in enumerate(row.late)
                ]
                lines += [
                    f"np.{'add' if sign > 0 else 'subtract'}(s_{node}, {self._now(o)}, out=s_{node})"
                    for sign, o in row.rest
                ]
            elif node not in done:
                code = (OPERATIONS | MORE)[op].code
                run = self._run(node, rows)
                done |= set(run)
                if len(run) > 1:
                    low = rows.index(self.nodes[node][1])
                    lines.append(
                        f"{code}(s__rows_{low}_{low + len(run)}, out=s__values_{low}_{low + len(run)})"
                    )
                else:
                    lines.append(f"{code}({', '.join(map(self._now, parts))}, out=s_{node})")
        return _function("forward", "M", [], lines, "zip({})")

    def _run(self, node, rows):
        """This node and following ones that are the same function of neighbouring rows, known from the step before."""
        of = {z: n for n, z in self.placed.items() if self.nodes[n][0] == self.nodes[node][0]}
        found, at = [node], rows.index(self.placed[node]) if node in self.placed else len(rows)
        while self._pure(rows[at:]) and self._pure(rows[at + 1 :]) and rows[at + 1] in of:
            at += 1
            found.append(of[rows[at]])
        return found

    def _pure(self, rows):
        return bool(rows) and not self.rows[rows[0]].late and not self.rows[rows[0]].rest

    def is_state(self, node):
        return stem(node) in self.equations.states

    # --- back --------------------------------------------------------------------------------------------

    def _back(self):
        """The chain rule, from the last node to the first."""
        anchors = [n for n in self.nodes if self.is_state(n) or n in self.rows or n in self.inner][::-1]
        head, into, self.vectors, self.temporaries = [], {}, [], 0
        for root in anchors:
            for target, products in self._coefficients(root, anchors, head).items():
                known = into.setdefault(target, [])
                known.append((root, self._coefficient(root, target, products, head, not known)))
        loop = []
        for node in anchors:
            sources = [(coefficient, f"d_{root}") for root, coefficient in into.get(node, [])]
            sources += [("", f"n_{node}")] if self.is_state(node) else []
            sources += self._through_weights(node)
            loop += _summed(f"d_{node}", sources, node == "h_t")
        if self.states:
            loop.append("np.matmul(M_T, d__rows, out=n_states)")
        for state in self.equations.states:
            sources = [(coefficient, f"d_{root}") for root, coefficient in into.get(f"{state}_prev", [])]
            sources += self._through_weights(f"{state}_prev")
            loop += _summed(f"n_{field_of(state)}", sources, state in self.states)
        self.vectors = [(v, root, k) for v in self.equations.vectors for root, k in into.get(v, [])]
        return _function("back", "M_T", head, loop, "reversed(list(zip({})))", ["    return k"])

    def _through_weights(self, node):
        """What reaches a node from pre-activations by products of the same step."""
        late = [(z, k) for z, row in self.rows.items() for k, (*_, o) in enumerate(row.late) if o == node]
        return [("", f"w_{z}_{k}.T @ d_{z}") for z, k in late]

    def _coefficients(self, root, anchors, head):
        """{target: products of factors}: ∂root/∂ each anchor, state before or parameter it directly depends on."""
        found, waiting = {}, {root: [()]}
        for node in reversed(self.nodes):
            products = waiting.pop(node, [])
            if len(products) > 1:
                self.temporaries += 1
                head += [*_product(f"t{self.temporaries}", products, root)]
                products = [(f"t{self.temporaries}",)]
            for rule, operand in self.operands(node) if products else ():
                if isinstance(operand, str) and not operand.startswith("held_"):
                    goal = found if operand in anchors or operand not in self.nodes else waiting
                    goal.setdefault(operand, []).extend((*product, *rule) for product in products)
        return found

    def _coefficient(self, root, target, products, head, first):
        """The name of a coefficient in the loop; "" for 1."""
        if products == [()]:
            return ""
        if len(products) == 1 and len(products[0]) == 1 and re.fullmatch(r"(a|p|held)_\w+", products[0][0]):
            return re.sub("^a_", "s_", products[0][0])
        if first and target in self.rows:  # in the place of the gradient
            head += [*_product(f"d[{target!r}]", products)]
            return f"d_{target}"
        name = f"{root}__{target}"
        head += [*_product(f"k[{name!r}]", products, root)]
        return f"k_{name}"


class Row:
    """A pre-activation: weights on what is `known` when the step begins, `biases`, products that come `late`, the `rest`."""

    def __init__(self, known, biases, late, rest):
        self.known, self.biases, self.late, self.rest = known, biases, late, rest

    def place(self, equations):
        """Its place among the rows of M."""
        _, block, raised = split((self.known or self.late)[0][0])
        return equations.place(block), raised == "hidden"


def _is_dot(tree):
    return isinstance(tree, tuple) and tree[0] == "dot"


def _product(out, products, like=""):
    """Lines that write a sum of products of factors into `out`, a new array if it is to be `like` another."""
    yield f"{out} = c = empty(a_{like}.shape, a_{like}.dtype)" if like else f"c = {out}"
    for k, product in enumerate(products):
        into = "more" if k else "c"
        if k:
            yield "more = np.empty_like(c)"
        simple = sorted(product, key=str.isidentifier)  # the others are computed in place
        first = simple.pop(0) if simple else "1.0"
        subtracted = re.fullmatch(r"1 - (\w+)(?: \* \w+)?", first)
        if subtracted and " * " in first:
            yield f"np.multiply({subtracted[1]}, {subtracted[1]}, out={into})"
        yield (
            f"np.subtract(1, {into if ' * ' in first else subtracted[1]}, out={into})"
            if subtracted
            else f"{into}[...] = {first}"
        )
        yield from (
            f"{into} *= {factor}" if factor.isidentifier() else f"{into} *= ({factor})" for factor in simple
        )
        if k:
            yield "c += more"


def _summed(out, sources, started):
    """Lines that add up the sources of a gradient, each a coefficient ("" for 1) and a gradient."""
    if not sources and not started:
        yield f"{out}[...] = 0"
    for coefficient, gradient in sorted(sources, key=lambda source: not source[0]):
        if not started:
            yield (
                f"np.multiply({coefficient}, {gradient}, out={out})"
                if coefficient
                else f"np.copyto({out}, {gradient})"
            )
        else:
            yield from [f"np.multiply({coefficient}, {gradient}, out=n_more)"] * bool(coefficient)
            yield f"np.add({out}, {'n_more' if coefficient else gradient}, out={out})"
        started = True


def _function(name, matrix, head, loop, order, end=()):
    """A function whose loop goes over the steps of every array that its lines name by s_, d_ or k_."""
    lines = "\n".join(line for line in [*head, *loop] if not line.startswith("#"))
    words = dict.fromkeys(re.findall(r"\b(?:[sdkapnw]|held)_\w+", re.sub("'[^']*'", "", lines)))
    each = [word for word in words if word[:2] in ("s_", "d_", "k_")]
    arrays = [
        f"k[{word[2:]!r}]" if word[0] == "k" else f"{'a' if word[0] == 's' else 'd'}[{word[2:]!r}]"
        for word in each
    ]
    fixed = [
        f"{word} = {word[0]}[{word[2:]!r}]" if word[:5] != "held_" else f"{word} = held[{word[5:]!r}]"
        for word in words
        if word not in each
    ]
    body = [f"    {line}" for line in [*fixed, *(["k = {}"] if end else []), *head]]
    loop = [f"        {line}" for line in loop]
    head = f"def {name}({matrix}, a, p, w, held{', d, n' if end else ''}):"
    return "\n".join(
        [head, *body, f"    for {', '.join(each)}, in {order.format(', '.join(arrays))}:", *loop, *end]
    )
