"""From equations to Python: all steps of a sequence forward, and the chain rule back through them.

Arrays are (T, features, B), so that each vector of a step is a contiguous block of rows.

* Forward: one product a step, M · [states; x; 1], gives all pre-activations as far as the step before determines them.
* Back: between a state or pre-activation and what it is computed from, all operations are unit by unit, so ∂/∂ is
  one number per unit: a coefficient. Coefficients are computed for all steps at once; the loop over the steps
  only multiplies, adds, and takes one product with the weights.

In the code `a_f_t` is f_t of all steps, `s_f_t` that of one step, `d_f_t` ∂loss/∂ it, `k_h_t__C_t` a coefficient,
`n_C_t` ∂loss/∂ it by later steps, `p_p_f` a parameter, `w_z_f_0` weights, `held_f` a clamped value. A learner's names have
such a prefix and no `__`, so they meet no others.
"""

import re
from itertools import takewhile
from textwrap import fill

from lstm_lib.cell.nodes import MORE, Nodes
from lstm_lib.cell.operations import OPERATIONS, SCOPE
from lstm_lib.cell.trees import field_of


class Program(Nodes):
    """The generated functions of a cell with some gates clamped.

    placed : {function of a pre-activation: the row beside which it stands};  kept : what the way back or a trace asks for
    vectors : [(parameter, node, ∂node/∂ it)]
    """

    def __init__(self, equations, clamped=()):
        super().__init__(equations, clamped)
        functions = {
            key[1]: n for n, key in reversed(self.nodes.items()) if len(key) == 2 and not self.is_state(n)
        }
        self.placed = {n: z for z, n in functions.items() if z in self.rows}  # the first function of each row
        forward, back = self._forward(), self._back()
        read = " ".join([back, *(coefficient for *_, coefficient in self.vectors)])
        self.kept = {*re.findall(r"\b[as]_(\w+)", read), *self.value.values(), *self.inner}
        self.source = f"{forward}\n\n\n{back}"
        made = {}
        exec(self.source, SCOPE, made)  # made of the table of operations alone
        self.forward, self.back = made["forward"], made["back"]

    # --- forward ---------------------------------------------------------------------------------------

    def _forward(self):
        lines, done, self.runs = ["np.matmul(M, s_in__, out=s_rows__)"], set(), []
        for node, (op, *parts) in self.nodes.items():
            lines += [self.comments[node]] if node in self.comments else []
            if op == "row":
                row = self.rows[node]
                lines += [
                    f"np.add(s_{node}, w_{node}_{k} @ {self.code(operand)}, out=s_{node})"
                    for k, (*_, operand) in enumerate(row.late)
                ]
                lines += [
                    f"np.{'add' if sign == 1 else 'subtract'}(s_{node}, {self.code(o)}, out=s_{node})"
                    for sign, o in row.rest
                ]
            elif node not in done:
                code = (OPERATIONS | MORE)[op].code
                first, run = self._run(node)
                done |= set(run)
                if len(run) > 1:
                    low, high = first, first + len(run)
                    self.runs.append((low, high))
                    lines.append(f"{code}(s_rows__{low}_{high}, out=s_values__{low}_{high})")
                else:
                    lines.append(f"{code}({', '.join(map(self.code, parts))}, out=s_{node})")
        return _function("forward", "M", [], lines, "zip({})")

    def _run(self, node):
        """The place of this node's row, and all nodes from there on that are its function of rows known from the step before."""
        pure = {z for z, row in self.rows.items() if not row.late and not row.rest}
        of = {z: n for n, z in self.placed.items() if z in pure and self.nodes[n][0] == self.nodes[node][0]}
        rows = list(self.rows)
        first = rows.index(self.placed[node]) if node in self.placed else len(rows)
        return first, [of[z] for z in takewhile(of.__contains__, rows[first:])]

    # --- back --------------------------------------------------------------------------------------------

    def _back(self):
        """The chain rule, from the last node to the first."""
        anchors = [n for n in self.nodes if self.is_state(n) or n in self.rows or n in self.inner][::-1]
        head, into = ["k = {}"], {}
        for root in anchors:
            for target, products in self._coefficients(root, anchors, head).items():
                known = into.setdefault(target, [])
                known.append((root, self._coefficient(root, target, products, head, not known)))
        loop = []
        for node in anchors:
            sources = [(coefficient, f"d_{root}") for root, coefficient in into.get(node, [])]
            sources += [("", f"n_{node}")] if self.is_state(node) else []
            sources += [("", f"w_{z}_{k}.T @ d_{z}") for z, row in self.rows.items() for k, (*_, operand) in enumerate(row.late) if operand == node]  # fmt: skip
            loop += _summed(f"d_{node}", sources, node == "h_t")
        loop.append("np.matmul(M_T, d_rows__, out=n_states)")
        for state in self.equations.states:
            sources = [(coefficient, f"d_{root}") for root, coefficient in into.get(f"{state}_prev", [])]
            loop += _summed(f"n_{field_of(state)}", sources, state in self.states)
        self.vectors = [(v, root, k) for v in self.equations.vectors for root, k in into.get(v, [])]
        return _function("back", "M_T", head, loop, "reversed(list(zip({})))", ["    return k"])

    def _coefficients(self, root, anchors, head):
        """{target: products of factors}: ∂root/∂ each anchor, state before or parameter it directly depends on."""
        found, waiting = {}, {root: [()]}
        for node in reversed(self.nodes):
            products = waiting.pop(node, [])
            if len(products) > 1:
                head += _product(f"t__{node}", products, root)
                products = [(f"t__{node}",)]
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
            head += _product(f"d[{target!r}]", products)
            return f"d_{target}"
        name = f"{root}__{target}"
        head += _product(f"k[{name!r}]", products, root)
        return f"k_{name}"


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
        if " * " in first:
            yield f"np.multiply({subtracted[1]}, {subtracted[1]}, out={into})"
        yield (
            f"np.subtract(1, {into if ' * ' in first else subtracted[1]}, out={into})"
            if subtracted
            else f"{into}[...] = {first}"
        )
        yield from (f"{into} *= {factor}" for factor in simple)
        if k:
            yield "c += more"


def _summed(out, sources, started):
    """Lines that add up the sources of a gradient, each a coefficient ("" for 1) and a gradient."""
    if not sources and not started:
        yield f"{out}[...] = 0"
    for coefficient, gradient in sources:
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
    body = [f"    {line}" for line in [*fixed, *head]]
    loop = [f"        {line}" for line in loop]
    head = f"def {name}({matrix}, a, p, w, held{', d, n' if end else ''}):"
    steps = f"    for ({_wrapped(each)}) in {order.format(_wrapped(arrays))}:"
    return "\n".join([head, *body, steps, *loop, *end])


def _wrapped(words):
    """A list for brackets, over lines of at most 96 letters."""
    indent = "        "
    listed = " ".join(f"{word}," for word in words)
    return f"\n{fill(listed, 96, initial_indent=indent, subsequent_indent=indent)}\n    "
