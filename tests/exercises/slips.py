"""Small slips of a program: each way to write one thing in it for another of its kind, to leave it out, or to swap two."""

import ast
import itertools

ALIKE = [
    [ast.Add(), ast.Sub(), ast.Mult(), ast.Div(), ast.MatMult(), ast.Pow()],
    [ast.Lt(), ast.LtE(), ast.Gt(), ast.GtE(), ast.Eq(), ast.NotEq()],
]
FUNCTIONS = "sigmoid", "np.tanh", "np.arctanh", "np.exp", "np.log", "np.abs"
AROUND = "1 - x", "-x", "2 * x", "x.T", "x[::-1]", "sigmoid(x)", "np.tanh(x)"


def written(text, x):
    """The expression `text` with a tree in place of its x."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, node):
            return x if node.id == "x" else node

    return Put().visit(ast.parse(text, mode="eval").body)


def changes(node, names):
    """What may stand in place of an expression by a slip."""
    match node:
        case ast.Name(name) if name in names:
            yield from (ast.Name(other) for other in names if other != name)
        case ast.BinOp(left, op, right):
            yield from (left, right, ast.BinOp(right, op, left))
            yield from (ast.BinOp(left, other, right) for other in ALIKE[0])
        case ast.Compare(left, [_], right):
            yield from (ast.Compare(left, [other], right) for other in ALIKE[1])
        case ast.Constant(int(n) | float(n)):
            yield from (ast.Constant(other) for other in (n + 1, n - 1, 2 * n, n / 2))
        case ast.Slice(low, high):
            for k, end in enumerate((low, high)):
                for moved in (None, *(written(text, end) for text in ("x + 1", "x - 1") if end)):
                    yield ast.Slice(*((moved, high) if k == 0 else (low, moved)))
        case ast.Tuple(parts) | ast.List(parts):
            yield from parts
            for a, b in itertools.combinations(range(len(parts)), 2):
                swapped = dict(enumerate(parts)) | {a: parts[b], b: parts[a]}
                yield type(node)([*swapped.values()])
        case ast.Call(function, [first, *_]):
            yield first
            if ast.unparse(function) in FUNCTIONS:
                yield from (written(f"{other}(x)", first) for other in FUNCTIONS)
    if isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
        yield from (written(text, node) for text in AROUND)


def slips(source):
    """The source of each slip of the function in `source`."""
    tree = ast.parse(source)
    names = [argument.arg for argument in tree.body[0].args.args]
    names += [
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    found = []
    for node in [node for statement in tree.body[0].body for node in ast.walk(statement)]:
        for field, value in ast.iter_fields(node):
            if field == "func" and isinstance(value, ast.Name):
                continue
            places = [(node.__dict__, field, value)]
            if isinstance(value, list):
                places = [(value, k, item) for k, item in enumerate(value)]
            for at, k, old in places:
                stored = isinstance(getattr(old, "ctx", None), ast.Store)
                if isinstance(old, ast.expr) and not stored and ast.unparse(old) not in ("np", *FUNCTIONS):
                    for new in changes(old, names):
                        at[k] = new
                        found.append(ast.unparse(tree))
                        at[k] = old
    return [*dict.fromkeys(found)]
