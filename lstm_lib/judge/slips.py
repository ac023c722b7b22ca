"""Small slips of a program: each way to write one thing in it for another of its kind, to leave it out, or to swap two.

An answer that has the values of a slip need not have been written so. So only those kinds have words of which people
would say, yes, that was it.
"""

import ast
import itertools
import re

ALIKE = [
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"},
    {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="},
]
TOLD = {"+-", "-+", "*+", "+*", "/*"}
"""Signs taken for one another."""

FUNCTIONS = "sigmoid", "np.tanh", "np.arctanh", "np.exp", "np.log", "np.abs"
AROUND = "-x", "2 * x", "x.T", "x[::-1]", "sigmoid(x)", "np.tanh(x)"


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
            told = isinstance(op, ast.Add | ast.Sub | ast.Mult)
            yield left, f"{said(right)} is left out of {said(node)}" * told
            yield right, f"{said(left)} is left out of {said(node)}" * told
            swapped = f"{said(left)} and {said(right)} are swapped" * (not isinstance(right, ast.Constant))
            yield ast.BinOp(right, op, left), swapped * isinstance(op, ast.Sub)
            for other, sign in ALIKE[0].items():
                pair = sign + ALIKE[0].get(type(op), "")
                words = f"{sign} where {pair[1:]} belongs, between {said(left)} and {said(right)}"
                yield ast.BinOp(left, other(), right), words * (pair in TOLD)
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
        rest = f"1 - {said(node)} where {said(node)} belongs" * isinstance(node, ast.Name)
        yield written("1 - x", node), rest
        yield from ((written(text, node), "") for text in AROUND)


def slips(source):
    """{source of a slip of the function in `source`: the slip in words, "" if they need a name that is not an argument}."""
    tree, found = ast.parse(source), {}
    names = [argument.arg for argument in tree.body[0].args.args]
    own = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    names += own
    for node in [node for statement in tree.body[0].body for node in ast.walk(statement)]:
        for field, value in ast.iter_fields(node):
            if field == "func" and isinstance(value, ast.Name):
                continue
            places = [(node.__dict__, field, value)]
            if isinstance(value, list):
                places = [(value, k, item) for k, item in enumerate(value)]
            for at, k, old in places:
                stored = isinstance(getattr(old, "ctx", None), ast.Store)
                if isinstance(old, ast.expr) and not stored and said(old) not in ("np", *FUNCTIONS):
                    for at[k], words in changes(old, names):
                        known = not {*re.findall(r"\w+", words)} & {*own}
                        found.setdefault(said(tree), words * known)
                    at[k] = old
    return found
