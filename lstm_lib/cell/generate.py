"""From equations to Python: all steps of a sequence forward, and the chain rule back through them.

Arrays are (T, features, B), so that each vector of a step is a contiguous block of rows.

* Forward: one product a step gives all weights times what is known when the step begins, [states; x; 1]; a product
  with a value of the same step comes after it.
* Back: between a state or pre-activation and those it is computed from, operations are unit by unit, so ∂/∂ is a
  number per unit: a coefficient, computed for all steps at once. The loop only multiplies, adds, and takes
  one product with the weights.

A learner's names are prefixed: `_f_t` is an array of all steps, `s_f_t` of one step. Names of ours have no such prefix.
"""

from lstm_lib.cell.equations import field_of, split, stem, terms
from lstm_lib.cell.operations import OPERATIONS, SCOPE

COPY = ("copy", "np.positive", ((),))


class Program:
    """The generated functions of a cell for one set of clamped gates and one type of numbers.

    nodes : {name: (operation, operand, …)} in the order of computation; an operand is a node, "x_t", a state before
        (C_prev), a parameter, a clamped value (held f), or a number
    rows : the pre-activations, [node]; each has `parts` [(weights, what they act on)], `biases`, `late` products and `rest`
    """

    def __init__(self, equations, clamped=(), single=False):
        self.equations, self.clamped, self.single = equations, clamped, single
        self.nodes, self.known, self.value, self.rows, self.labels = {}, {}, {}, {}, {}
        self.names = {tree: name for name, tree in equations.named.items() if name not in equations.weights}
        self.bases = [self.base(tree)[:2] for tree in equations.values.values() for tree in self.sums(tree)]
        gates = {gate.field: gate.key for gate in equations.gates}
        for left, tree in equations.values.items():
            start = len(self.nodes)
            made = f"held {gates[left]}" if gates.get(left) in clamped else self.lower(tree, left)
            if stem(left) in equations.states and made != left:
                self.nodes[left] = ("copy", made)
                made = left
            self.value[left] = made
            for node in list(self.nodes)[start:]:
                self.labels.setdefault(left, []).append(node)
        self.states = [field_of(state) for state in equations.states]
        self._drop_unused()
        self.rows = {
            z: row
            for z, row in sorted(self.rows.items(), key=lambda item: self._place(item[1]))
            if z in self.nodes
        }
        self.in_v = [s for s in equations.states if any(f"{s}_prev" == seen for row in self.rows.values() for _, seen in row["parts"])]  # fmt: skip
        self.pieces = [o for row in self.rows.values() for *_, o in row["late"] if o in self.nodes]
        self.kept = {*self.value.values(), *self.pieces}
        self.place = {z: z for z in self.rows} | self._in_place()
        self.source = "\n\n\n".join((self._back_source(), self._forward_source())[::-1])
        scope = dict(SCOPE)
        exec(compile(self.source, "<cell>", "exec"), scope)  # made from the table of operations alone
        self.forward, self.back = scope["forward"], scope["back"]

    # --- from trees to nodes ---------------------------------------------------------------------------

    def sums(self, tree):
        """Every sum with a product of weights in a tree."""
        if not isinstance(tree, tuple):
            return []
        if tree[0] in ("add", "sub", "dot"):
            parts = terms(tree)
            inner = [part for _, part in parts if isinstance(part, tuple)]
            below = [
                t for part in inner for sub in part[1:] for t in (self.sums(sub) if part[0] != "cat" else [])
            ]
            return [tree, *below] if any(part[0] == "dot" for part in inner) else below
        return [t for part in tree[1:] for t in self.sums(part)]

    def base(self, tree):
        """(products, biases, rest) of a sum: what the weights give, and the signed terms that are added to it."""
        products, biases, rest = [], [], []
        for sign, term in terms(tree):
            if sign > 0 and isinstance(term, tuple) and term[0] == "dot":
                products.append(term)
            elif sign > 0 and isinstance(term, str) and term in self.equations.vectors:
                biases.append(term)
            else:
                rest.append((sign, term))
        return tuple(products), tuple(biases), rest

    def add(self, key, wanted=""):
        """The node that computes `key`; equal ones are computed once."""
        if key not in self.known:
            name = wanted if wanted and wanted not in self.nodes else f"n{len(self.nodes)}"
            self.known[key] = name
            self.nodes[name] = key
        return self.known[key]

    def lower(self, tree, wanted=""):
        """The operand that stands for a tree."""
        if not isinstance(tree, tuple):
            return self.value.get(tree, tree)
        op, *parts = tree
        wanted = wanted or self.names.get(tree, "")
        if op not in ("add", "sub", "dot"):
            return self.add((op, *map(self.lower, parts)), wanted)
        products, biases, rest = self.base(tree)
        if not products:
            first, *others = [(sign, self.lower(term)) for sign, term in self.signed(terms(tree))]
            made = (
                first[1] if first[0] > 0 else self.add(("sub", 0.0, first[1]), wanted if not others else "")
            )
        elif self.bases.count((products, biases)) > 1 or not rest:
            made, others = self.pre_activation(products, biases, [], wanted if not rest else ""), rest
            others = [(sign, self.lower(term)) for sign, term in rest]
        else:
            return self.pre_activation(products, biases, [(s, self.lower(t)) for s, t in rest], wanted)
        for k, (sign, operand) in enumerate(others):
            last = wanted if k == len(others) - 1 else ""
            made = self.add(("add" if sign > 0 else "sub", made, operand), last)
        return made

    @staticmethod
    def signed(parts):
        """A sum begins with a positive term if it has one."""
        return sorted(parts, key=lambda part: -part[0])

    def pre_activation(self, products, biases, rest, wanted):
        """The node of weights · what is seen + biases + rest."""
        parts, late = [], []
        for _, weights, _seen in products:
            for piece in self.equations.matrices[weights]:
                operand = self.lower(piece)
                start = operand == "x_t" or isinstance(piece, str) and piece.endswith("_prev")
                (parts if start else late).append((weights, piece, operand))
        operands = [operand for *_, operand in late] + [operand for _, operand in rest]
        wanted = "" if stem(wanted) in self.equations.states else wanted
        name = self.add(("z", *products, *biases, *rest, *operands), wanted)
        self.rows.setdefault(
            name,
            {"parts": [(w, piece) for w, piece, _ in parts], "biases": biases, "late": late, "rest": rest},
        )
        return name

    def _place(self, row):
        weights = (row["parts"] or row["late"])[0][0]
        return self.equations.place(split(weights)[1]), split(weights)[2] == "hidden"

    def operands(self, node):
        """What a node is computed from, without parameters and numbers."""
        op, *parts = self.nodes[node]
        if op == "z":
            row = self.rows[node]
            return [o for *_, o in row["late"]] + [o for _, o in row["rest"] if isinstance(o, str)]
        return [part for part in parts if isinstance(part, str)]

    def _drop_unused(self):
        needed, waiting = set(), list(self.states)
        while waiting:
            node = waiting.pop()
            if node in self.nodes and node not in needed:
                needed.add(node)
                waiting += self.operands(node)
        self.nodes = {name: key for name, key in self.nodes.items() if name in needed}

    # --- forward ---------------------------------------------------------------------------------------

    def _in_place(self):
        """{σ or tanh node: its pre-activation} where the value takes the place of the pre-activation."""
        found = {}
        for node, (op, *parts) in self.nodes.items():
            users = [n for n in self.nodes if parts and parts[0] in self.operands(n)]
            if (
                op in ("σ", "tanh", "exp")
                and parts[0] in self.rows
                and len(users) == 1
                and node not in self.states
            ):
                found[node] = parts[0]
        return found

    def array(self, operand):
        """The name of an operand's array of all steps."""
        if isinstance(operand, float):
            return repr(operand)
        return operand.replace("held ", "held_") if operand.startswith("held ") else f"_{operand}"

    def now(self, operand):
        """The name of an operand in one step."""
        constant = (
            isinstance(operand, float) or operand.startswith("held ") or operand in self.equations.vectors
        )
        return self.array(operand) if constant else f"s_{operand}"

    def _forward_source(self):
        place = self.place
        pure = [z for z in self.rows if not self.rows[z]["late"] and not self.rows[z]["rest"]]
        of = {z: self.nodes[node][0] for node, z in place.items() if node != z}
        runs = self._runs(pure, lambda z: of.get(z) if of.get(z) in ("σ", "tanh") else None)
        self.scale = {z: 0.5 if self.single else -1.0 for kind, run in runs if kind == "σ" for z in run}
        lines, views, first = [], {"s_v": "a['v'][:-1]"}, []
        if self.rows:
            views["s_z"] = "a['z']"
            first.append("np.matmul(M, s_v, out=s_z)")
        for kind, run in runs:
            group = self._group(run, views)
            if self.single:
                continue
            if kind == "tanh":
                first.append(f"np.tanh({group}, out={group})")
            elif kind:
                first += [
                    f"np.{f}({group}{', 1' * (f == 'add')}, out={group})"
                    for f in ("exp", "add", "reciprocal")
                ]
        if self.single:
            for _, run in self._runs(pure, lambda z: "tanh" if of.get(z) in ("σ", "tanh") else None):
                group = self._group(run, views)
                first.append(f"np.tanh({group}, out={group})")
            for kind, run in runs:
                if kind == "σ":
                    group = self._group(run, views)
                    first += [f"np.multiply({group}, 0.5, out={group})", f"np.add({group}, 0.5, out={group})"]
        done = {z for kind, run in runs if kind for z in run}
        for left, label in self.labels.items():
            body = [line for node in label if node in self.nodes for line in self._step_of(node, done, views)]
            lines += [f"# {written_line(left, self.equations)}", *body]
        for node in self.nodes:
            views.setdefault(f"s_{node}", f"a['{node}']")
        for operand in {o for n in self.nodes for o in self.operands(n) if o.endswith("_prev")}:
            views[f"s_{operand}"] = f"a['{operand}']"
        used = "\n".join([*first, *lines])
        views = {name: array for name, array in views.items() if name in used}
        return _function("forward", self._constants(used), views, [*first, *lines], "zip")

    def _runs(self, rows, kind):
        """[(kind, [row, …])] of neighbouring rows of the same kind; None for the others."""
        found, all_rows = [], list(self.rows)
        for z in rows:
            if (
                kind(z)
                and found
                and found[-1][0] == kind(z)
                and all_rows.index(found[-1][1][-1]) == all_rows.index(z) - 1
            ):
                found[-1][1].append(z)
            elif kind(z):
                found.append((kind(z), [z]))
        return found

    def _group(self, run, views):
        """The view of neighbouring rows as one."""
        rows = list(self.rows)
        low, high = rows.index(run[0]), rows.index(run[-1]) + 1
        name = f"s_rows_{low}_{high}"
        views[name] = f"a['z'][:, {low} * H : {high} * H]"
        return name

    def _step_of(self, node, done, views):
        """The lines that compute one node in a step."""
        op, *parts = self.nodes[node]
        out = self.now(node)
        if op == "z":
            row = self.rows[node]
            for k, (weights, _, operand) in enumerate(row["late"]):
                yield f"np.add({out}, a['{node} late {k}'] @ {self.now(operand)}, out={out})  # {weights}"
            for sign, operand in row["rest"]:
                yield f"np.{'add' if sign > 0 else 'subtract'}({out}, {self.now(operand)}, out={out})"
        elif not (node in self.place and self.place[node] in done):
            code = COPY[1] if op == "copy" else OPERATIONS[op].code
            yield f"{code}({', '.join(map(self.now, parts))}, out={out})"

    def _constants(self, used):
        """Lines that name the parameters and clamped values that are used."""
        found = [(f"_{name}", f"p['{name}']") for name in self.equations.vectors]
        found += [(f"held_{key}", f"clamp['{key}']") for key in self.clamped]
        return [f"{name} = {value}" for name, value in found if name in used]

    # --- back --------------------------------------------------------------------------------------------

    def _back_source(self):
        """Also finds `coefficients` and which parameters get their gradients from which."""
        nodes = list(self.nodes)
        anchors = [n for n in nodes if n in self.states or n in self.rows or n in self.pieces][::-1]
        self.before, self.temporaries, into, self.of_vectors = [], 0, {}, []
        for root in anchors:
            for target, products in self._coefficients(root, anchors).items():
                into.setdefault(target, []).append((root, products))
        loop, views = [], {}
        rows = list(self.rows)

        def d(node):
            views[f"d_{node}"] = f"d['{node}']"
            return f"d_{node}"

        plan = {}
        for target, given in into.items():
            for k, (root, products) in enumerate(given):
                if target in self.equations.vectors:
                    plain = len(products) == 1 and len(products[0]) == 1 and products[0][0].isidentifier()
                    made = [f"c = np.empty_like(d['{root}'])", *self._product(products, "c")]
                    self.before += [
                        *([] if plain else made),
                        f"w[{target!r}, {root!r}] = {products[0][0] if plain else 'c'}",
                    ]
                    self.of_vectors.append((target, root))
                else:
                    own = target in rows and k == 0
                    plan[target, root] = self._coefficient(products, target, root, own, views)
        order = anchors
        skip = set()
        for node in order:
            given, addends = into.get(node, []), []
            if node in skip:
                continue
            if node in rows:
                for k, (root, _) in enumerate(given):
                    what = plan[node, root]
                    if k == 0:
                        run = (
                            self._alike(node, root, rows, into, plan, skip, anchors)
                            if what == "own"
                            else [node]
                        )
                        out = d(node) if len(run) == 1 else self._joined(run, views)
                        loop.append(
                            f"np.multiply({out if what == 'own' else what}, {d(root)}, out={out})"
                            if what != "1"
                            else f"np.copyto({out}, {d(root)})"
                        )
                    else:
                        loop += [
                            f"np.multiply({what}, {d(root)}, out=a['s'])",
                            f"np.add({d(node)}, a['s'], out={d(node)})",
                        ]
                if not given:
                    loop.append(f"{d(node)}[...] = 0")
                continue
            if node in self.states:
                addends.append(("next", f"a['next {node}']"))
            late = [
                (z, k) for z, row in self.rows.items() for k, (*_, o) in enumerate(row["late"]) if o == node
            ]
            addends += [("late", f"a['{z} back {k}'] @ {d(z)}") for z, k in late]
            addends += [("root", (plan[node, root], d(root))) for root, _ in given]
            loop += self._gathered(d(node), addends, started=node == "h_t")
        if rows and self.in_v:
            views["d_z"] = "d['z']"
            loop.append("np.matmul(M_T, d_z, out=a['next'])")
        for state in self.equations.states:
            operand = f"{state}_prev"
            late = [
                (z, k)
                for z, row in self.rows.items()
                for k, (*_, o) in enumerate(row["late"])
                if o == operand
            ]
            addends = [("late", f"a['{z} back {k}'] @ {d(z)}") for z, k in late]
            addends += [("root", (plan[operand, root], d(root))) for root, _ in into.get(operand, [])]
            out = f"a['next {field_of(state)}']"
            if state in self.in_v or addends:
                loop += self._gathered(out, addends, started=state in self.in_v)
            else:
                loop.append(f"{out}[...] = 0")
        used = "\n".join(loop)
        head = self._constants("\n".join(self.before) + used)
        arrays = {self.array(n): f"a['{n}']" for n in self._referenced("\n".join(self.before))}
        head += [f"{name} = {value}" for name, value in arrays.items()] + ["w = {}"] + self.before
        views = {name: array for name, array in views.items() if name in used}
        return _function("back", head, views, loop, "reversed", "    return w")

    def _referenced(self, text):
        """The nodes and states before whose arrays a text names; all others need not be kept."""
        every = [*self.nodes, *(f"{s}_prev" for s in self.equations.states)]
        words = set(text.replace("(", " ").replace(")", " ").replace(",", " ").split())
        found = [n for n in every if f"_{n}" in words or f"s_{n}" in words]
        self.kept |= {*found}
        return found

    def _coefficients(self, root, anchors):
        """{target: [product, …]}: ∂root/∂ each anchor, state before or parameter that it is computed from directly."""
        found, waiting = {}, {root: [()]}
        for node in reversed(self.nodes):
            if node not in waiting or node in anchors and node != root:
                continue
            products = waiting.pop(node)
            if len(products) > 1:
                products = [(self._temporary(products, root),)]
            op, *parts = self.nodes[node]
            if op == "z":
                slopes = [((), o) if sign > 0 else (("-1",), o) for sign, o in self.rows[node]["rest"]]
            else:
                rules = COPY[2] if op == "copy" else OPERATIONS[op].slopes
                names_of = dict(zip("ab", map(self.array, parts), strict=False), y=self.array(node))
                slopes = [
                    (tuple(f.format(**names_of) for f in rule), o)
                    for rule, o in zip(rules, parts, strict=True)
                ]
            for rule, operand in slopes:
                if not isinstance(operand, str) or operand.startswith("held "):
                    continue
                final = operand in anchors or operand not in self.nodes
                into = found if final else waiting
                into.setdefault(operand, []).extend((*product, *rule) for product in products)
        return found

    def _temporary(self, products, root):
        self.temporaries += 1
        name = f"t{self.temporaries}"
        self.before += [f"{name} = np.empty_like(d['{root}'])", *self._product(products, name)]
        return name

    def _product(self, products, out):
        """Lines that write a sum of products of factors into `out`."""
        for k, product in enumerate(products):
            into = out if k == 0 else "more"
            if k:
                yield f"more = np.empty_like({out})"
            simple = [f for f in product if f.isidentifier()]
            others = [f for f in product if not f.isidentifier()]
            first = others.pop(0) if others else simple.pop(0) if simple else "1.0"
            yield from _written_into(first, into)
            yield from (f"{into} *= {f if f.isidentifier() else f'({f})'}" for f in (*others, *simple))
            if k:
                yield f"{out} += more"

    def _coefficient(self, products, target, root, own, views):
        """How the loop names a coefficient: "1", "own" (in the rows of d z), or the view of an array."""
        if len(products) == 1 and not products[0]:
            return "1"
        if len(products) == 1 and len(products[0]) == 1 and products[0][0].isidentifier():
            operand = products[0][0]
            if operand.startswith("held_") or operand[1:] in self.equations.vectors:
                return operand
            if operand.startswith("_"):
                views[f"s{operand}"] = f"a['{operand[1:]}']"
                self.kept.add(operand[1:])
                return f"s{operand}"
        if products == [("-1",)]:
            return "-1.0"
        if own:
            self.before += [f"c = d['{target}']", *self._product(products, "c")]
            return "own"
        key = f"{root} to {target}"
        self.before += [f"c = np.empty_like(d['{root}'])", *self._product(products, "c"), f"a[{key!r}] = c"]
        views[f"k_{root}_{target}"] = f"a[{key!r}]"
        return f"k_{root}_{target}"

    def _alike(self, node, root, rows, into, plan, skip, anchors):
        """The neighbouring rows whose only source is the same root: one multiplication serves them all."""
        run = [node]
        for step in (1, -1):
            at = rows.index(node)
            while 0 <= (at := at + step) < len(rows):
                other = rows[at]
                if (
                    plan.get((other, root)) != "own"
                    or len(into[other]) != 1
                    or len(into[node]) != 1
                    or anchors.index(other) < anchors.index(root)
                    or other in skip
                ):
                    break
                run.append(other)
                skip.add(other)
        return sorted(run, key=rows.index)

    def _joined(self, run, views):
        low, high = list(self.rows).index(run[0]), list(self.rows).index(run[-1]) + 1
        name = f"d_rows_{low}_{high}"
        views[name] = f"d['z'].reshape(T, -1, H, B)[:, {low}:{high}]"
        return name

    @staticmethod
    def _gathered(out, addends, started):
        """Lines that add up the sources of a gradient."""
        if not started:  # a product can be written in place of what was there
            addends = sorted(addends, key=lambda addend: addend[0] != "root" or addend[1][0] == "1")
        for k, (kind, value) in enumerate(addends):
            plain = kind != "root" or value[0] == "1"
            what = value if kind != "root" else value[1]
            if k == 0 and not started:
                yield (
                    f"np.copyto({out}, {what})"
                    if plain
                    else f"np.multiply({value[0]}, {value[1]}, out={out})"
                )
            elif plain:
                yield f"np.add({out}, {what}, out={out})"
            else:
                yield from (
                    f"np.multiply({value[0]}, {value[1]}, out=a['s'])",
                    f"np.add({out}, a['s'], out={out})",
                )


def _written_into(factor, out):
    """Lines that write one factor into `out`, without new arrays where its form is a common one."""
    if factor.startswith("1 - ") and factor.count(" ") == 2:
        yield f"np.subtract(1, {factor[4:]}, out={out})"
    elif factor.startswith("1 - ") and " * " in factor:
        value = factor.split(" * ")[1]
        yield from (f"np.multiply({value}, {value}, out={out})", f"np.subtract(1, {out}, out={out})")
    else:
        yield f"{out}[...] = {factor}"


def _function(name, head, views, body, order, end=""):
    """A function whose loop goes over the steps of its views."""
    matrix = "M" if name == "forward" else "M_T"
    arguments = f"{matrix}, p, clamp, a" + (", d" if name == "back" else "") + ", T, B, H"
    each, arrays = ", ".join(views), ", ".join(views.values())
    loop = f"zip({arrays}, strict=True)" if order == "zip" else f"reversed(list(zip({arrays}, strict=True)))"
    lines = [
        f"def {name}({arguments}):",
        *(f"    {line}" for line in head),
        f"    for {each}{',' * (len(views) == 1)} in {loop}:",
    ]
    return "\n".join([*lines, *(f"        {line}" for line in body), *([end] if end else [])])


def written_line(left, equations):
    """An equation as a comment."""
    return next(
        text for (name, _), text in zip(equations.lines, equations.text(), strict=True) if name == left
    )
