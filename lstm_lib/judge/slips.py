"""Small slips of a program: each way to write one thing in it for another of its kind, to leave it out, or to swap two.

An answer that has the values of a slip need not have been written so. So only those kinds have words of which people
would say, yes, that was it.
"""

import ast
import itertools
import re
from functools import cache

ALIKE = [
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"},
    {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="},
]
TOLD = {"+ -", "- +", "* +", "+ *", "/ *", "* **"}
"""A sign taken for another."""

FUNCTIONS = "sigmoid", "np.tanh", "np.arctanh", "np.exp", "np.log", "np.abs"
AROUND = "1 - x", "-x", "x.T", "sigmoid(x)", "np.tanh(x)"
"""What is done to an expression."""

RESULT = {
    "np.negative(x)": "the sign of the result is reversed",
    "np.multiply(x, 2)": "the result is doubled",
    "np.divide(x, 2)": "the result is halved",
    "np.multiply(x, 100)": "the result is multiplied by 100",
    "np.subtract(1, x)": "the result is subtracted from 1",
    "np.add(x, 1)": "1 is added to the result",
    "np.subtract(x, 1)": "1 is subtracted from the result",
    "np.divide(1, x)": "the result is upside down: 1 divided by it",
    "np.tanh(x)": "np.tanh of the result is taken",
    "sigmoid(np.array(x))": "sigmoid of the result is taken",
    "np.sum(x)": "the values of the result are added up",
    "np.mean(x)": "the mean of the result is taken",
    "np.sort(x)": "the result is sorted",
    "np.flip(x, 0)": "the result is in reverse order",
    "np.transpose(x)": "the result is transposed",
}


def said(node):
    """An expression as it is written."""
    return ast.unparse(node)


def written(text, x):
    """The expression `text` with a tree in place of its x."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, node):
            return x if node.id == "x" else node

    return Put().visit(ast.parse(text, mode="eval").body)


def changes(node, names):
    """(what may stand in place of an expression by a slip, the slip in words or "")."""
    match node:
        case ast.Name(name) if name in names:
            for other in names:
                if other != name:
                    yield ast.Name(other), f"{other} where {name} belongs"
        case ast.BinOp(left, op, right):
            for kept, lost in ((left, right), (right, left)):
                told = isinstance(op, ast.Add | ast.Sub | ast.Mult) or (
                    isinstance(op, ast.Div) and lost is right
                )
                words = f"{said(lost)} is left out of {said(node)}"
                yield kept, words * (told and not isinstance(lost, ast.Constant))
            swapped = f"{said(left)} and {said(right)} are swapped" * (not isinstance(right, ast.Constant))
            yield ast.BinOp(right, op, left), swapped * isinstance(op, ast.Sub)
            for other, sign in ALIKE[0].items():
                belongs = ALIKE[0].get(type(op), "")
                words = f"{sign} where {belongs} belongs, between {said(left)} and {said(right)}"
                yield ast.BinOp(left, other(), right), words * (f"{sign} {belongs}" in TOLD)
        case ast.Compare(left, [_], right):
            yield from ((ast.Compare(left, [other()], right), "") for other in ALIKE[1])
        case ast.Constant(int(n) | float(n)):
            yield from ((ast.Constant(other), "") for other in (n + 1, n - 1, 2 * n, n / 2))
        case ast.Slice(low, high):
            for k, end in enumerate((low, high)):
                for moved in (None, *(written(text, end) for text in ("x + 1", "x - 1") if end)):
                    yield ast.Slice(*((moved, high) if k == 0 else (low, moved))), ""
        case ast.Tuple(parts) | ast.List(parts):
            yield from ((part, "") for part in parts)
            for a, b in itertools.combinations(range(len(parts)), 2):
                swapped = dict(enumerate(parts)) | {a: parts[b], b: parts[a]}
                yield type(node)([*swapped.values()]), f"{said(parts[a])} and {said(parts[b])} are swapped"
        case ast.Call(function, [first, *_]):
            name = said(function)
            yield first, f"{name} is left out of {said(node)}" * (name in FUNCTIONS)
            if name in FUNCTIONS:
                for other in FUNCTIONS:
                    yield written(f"{other}(x)", first), f"{other} where {name} belongs" * (other != name)
    if isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
        for put in (written(text, node) for text in AROUND):
            yield put, f"{said(put)} where {said(node)} belongs" * isinstance(node, ast.Name)
        yield from ((written(text, node), "") for text in ("2 * x", "x[::-1]"))


def factors(node):
    """The factors of a product, [node] of anything else."""
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
    return [*factors(node.left), node.right] if product else [node]


def of_products(around, node, names):
    """`changes` of a whole product: two factors next to one another left out, or one too many."""
    parts = [f"({said(part)})" for part in factors(node)]
    if len(parts) < 2 or len(factors(around)) > 1:
        return
    for k in range(len(parts) - 1):
        kept = parts[:k] + parts[k + 2 :]
        if kept:
            both = " and ".join(said(part) for part in factors(node)[k : k + 2])
            yield written("*".join(kept), node), f"{both} are left out of {said(node)}"
    for name in names:
        yield written(f"x * {name}", node), f"{name} is one factor too many in {said(node)} * {name}"


def without_brackets(text):
    """(the text of a line with one pair of brackets less, what stood between them)."""
    for start in (found.start() for found in re.finditer(r"(?<![\w\])])\(", text)):
        depth = itertools.accumulate({"(": 1, ")": -1}.get(sign, 0) for sign in text[start:])
        end = start + [*depth].index(0)
        yield text[:start] + text[start + 1 : end] + text[end + 1 :], text[start + 1 : end]


def of_results(value):
    """`changes` of what is returned."""
    if isinstance(value, ast.List | ast.Tuple):
        parts = value.elts
        for order in [*itertools.permutations(range(len(parts)))][1:] if len(parts) < 6 else ():
            places = ", ".join(str(k + 1) for k in order)
            yield ast.List([parts[k] for k in order]), f"the results are in another order, {places}"
        for k in range(len(parts)):
            yield ast.List(parts[:k] + parts[k + 1 :]), f"number {k + 1} of the results is left out"
    yield from ((written(text, value), words) for text, words in RESULT.items())


def parts_of(body, given):
    """[(a line of a program, or one of its results, " in dz_f" if that tells a learner where it is)]."""
    results = getattr(body[-1].value, "elts", [])
    parts = [(result, f" in number {k} of {len(results)}") for k, result in enumerate(results, 1)]
    for line in body[: -1 if results else None]:
        target = said(line.targets[0]) if isinstance(line, ast.Assign) else ""
        parts.append((line, f" in {target}" * (target in [*map(said, results), *given])))
    return parts


def renamings(part, names):
    """Write something else for a name wherever it stands in a part of a program, and swap two names; yields the slip."""
    loaded = [n for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    nodes = {name: [n for n in loaded if n.id == name] for name in names}
    slips = [
        ({name: f"({said(put)})"}, words)
        for name in names
        if len(nodes[name]) > 1
        for put, words in changes(ast.Name(name), names)
    ]
    pairs = itertools.combinations(filter(nodes.get, names), 2)
    slips += [({a: b, b: a}, f"{a} and {b} are swapped") for a, b in pairs]
    for written, words in slips:
        for name in written:
            for node in nodes[name]:
                node.id = written[name]
        yield words
        for name in written:
            for node in nodes[name]:
                node.id = name


@cache
def slips(source):
    """{source of a slip of the function in `source`: " in dz_f: f where i belongs"; "" if nothing is to be told of it}.

    Nothing is told with a name that is not an argument: an answer may have others.
    """
    tree, found = ast.parse(source), {}
    body, right = tree.body[0].body, said(tree)
    given = [argument.arg for argument in tree.body[0].args.args]
    named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own = named - {*given}
    names = given + sorted(own)

    def note(words, where="", text=""):
        told = words and not {*re.findall(r"\w+", words)} & own
        text = text or said(tree)
        found[text] = found.get(text) or (f"{where}: {words}" if told else "")

    parts = parts_of(body, given)
    where = {id(node): part for root, part in parts for node in ast.walk(root)}
    for node in [node for statement in body for node in ast.walk(statement)]:
        for field, value in ast.iter_fields(node):
            if field == "func" and isinstance(value, ast.Name):
                continue
            places = [(node.__dict__, field, value)]
            if isinstance(value, list):
                places = [(value, k, item) for k, item in enumerate(value)]
            for at, k, old in places:
                stored = isinstance(getattr(old, "ctx", None), ast.Store)
                if isinstance(old, ast.expr) and not stored and said(old) not in ("np", *FUNCTIONS):
                    for at[k], words in [*changes(old, names), *of_products(node, old, given)]:
                        note(words, where.get(id(old), ""))
                    at[k] = old
    for root, part in parts:
        for text, inner in without_brackets(said(root)):
            note(f"the brackets around {inner} are missing", part, right.replace(said(root), text))
        for words in renamings(root, given):
            note(words, part)
    last = body[-1]
    results = of_results(last.value)
    for last.value, words in results:
        note(words)
    return found
