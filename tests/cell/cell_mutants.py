"""Mutants of the cell: one mistake at a time is put into a file, and the tests of this folder must notice.

Each mutant runs in a fork of a process that has loaded all but the library and its tests. Hypothesis tries few
examples, and gradients are checked along one random direction each: what they notice, the whole tests notice as well.

    python tests/cell/cell_mutants.py nodes generate       # what each mutant of these files is killed by
"""

import ast
import importlib
import itertools
import os
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from importlib.machinery import SourceFileLoader
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import onnx  # noqa: F401  loaded once for all mutants, like the next
import onnxruntime  # noqa: F401
import pytest

HERE = Path(__file__).parent
CELL = HERE.parents[1] / "lstm_lib" / "cell"
SECONDS = 30  # of CPU time; a mutant that takes more hangs, and counts as killed
FEW = hypothesis.settings(max_examples=3, derandomize=True, database=None, deadline=None,
                          phases=[hypothesis.Phase.generate], suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip

# --- the mistakes ---------------------------------------------------------------------------------------

OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
         ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
         ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
         ast.And: ast.Or, ast.Or: ast.And}  # fmt: skip
ALIKE = [line.split() for line in (
    "f_t i_t o_t C_tilde", "z_f z_i z_o z_C", "f i o C_tilde", "h_prev h_t", "C_prev C_t", "h C", "H D", "dh dC", "kept written",
    "add sub", "mul div", "dot cat", "known late rest biases", "matrices vectors", "rows columns", "left tree", "root target",
    "low high", "head loop", "field key", "keep write new", "said computed", "letter block raised", "x_t _prev", "s a d k p w n",
    "zeros_like ones_like")]  # fmt: skip
"""Names of the same role: one may stand for another that occurs in the same function."""

ALWAYS = set("len range enumerate next reversed any sum super self.of".split())
"""What no mistake leaves out: nothing would run."""

LEFT = {"why", "doc", "strict", "out"}
"""Keywords that no mistake leaves out: text, a check of zip, and memory that is used again."""

SYMMETRIC = {"np.add", "np.multiply", "np.maximum", "np.logaddexp", "np.array_equal"}
"""Functions whose first two arguments have no order."""

TEXT = {"sentence", "paper", "MEANT", "NAMES", "__all__"}
"""What people read; it is tested elsewhere."""


def alike(name, near):
    """Another name of the same role that occurs near by."""
    for line in ALIKE:
        if name in line:
            k = line.index(name)
            yield from [n for n in line[k + 1 :] + line[:k] if n in near][:1]


def replacements(node, parent, near):
    """What may stand in a node's place."""
    match node:
        case ast.BinOp(left, op, right) if type(op) in OTHER:
            yield from (ast.BinOp(left, OTHER[type(op)](), right), left, right)
        case ast.AugAssign(target, op, value) if type(op) in OTHER:
            yield from (
                ast.AugAssign(target, OTHER[type(op)](), value),
                ast.Assign([target], value),
                ast.Pass(),
            )
        case ast.Compare(left, [op], right):
            yield ast.Compare(left, [OTHER[type(op)]()], right)
            if isinstance(op, ast.Lt | ast.Gt | ast.LtE | ast.GtE):
                yield ast.Compare(right[0], [op], [left])
        case ast.BoolOp(op, values):
            yield from (ast.BoolOp(OTHER[type(op)](), values), *values[:2])
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.If(_, body, orelse):
            yield from (ast.If(ast.Constant(value), body, orelse) for value in (True, False))
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield from map(ast.Constant, {0: [1], 1: [0, 2]}.get(value, [value + 1]))
        case ast.Constant(str(value)):
            yield from map(ast.Constant, alike(value, near))
        case ast.Name(value, ast.Load()):
            yield from (ast.Name(n, ast.Load()) for n in alike(value, near))
        case ast.Attribute(value, attr, ast.Load()):
            yield from (ast.Attribute(value, n, ast.Load()) for n in alike(attr, near))
        case ast.Call(function, args, keywords):
            if (
                len(args) > 1
                and not isinstance(args[0], ast.Constant)
                and ast.unparse(function) not in SYMMETRIC
            ):
                yield ast.Call(function, [args[1], args[0], *args[2:]], keywords)
            if len(args) == 1 and ast.unparse(function) not in ALWAYS:
                yield args[0]
            if isinstance(function, ast.Attribute) and (
                function.attr in ("copy", "but") or keywords and not args
            ):
                yield function.value
            yield from (
                ast.Call(function, args, [o for o in keywords if o is not k])
                for k in keywords
                if k.arg not in LEFT
            )
        case ast.Tuple(elements, ast.Load()) if isinstance(parent, ast.Return | ast.Assign) and near:
            yield ast.Tuple(elements[::-1], ast.Load())
        case ast.Tuple(elements, ast.Load()) if isinstance(parent, ast.For | ast.Assign | ast.keyword):
            yield from (ast.Tuple(elements[:k] + elements[k + 1 :], ast.Load()) for k in range(len(elements)))
        case ast.Expr() | ast.Raise() | ast.Assign([ast.Subscript() | ast.Attribute(), *_]):
            yield ast.Pass()
        case ast.Assign([ast.Name(name)], value) if name in {
            n.id for n in ast.walk(value) if isinstance(n, ast.Name)
        }:
            yield ast.Pass()


def leave(node):
    """Imports, text that people read, and axes."""
    match node:
        case ast.Subscript(ast.Attribute(_, "shape"), ast.Constant() | ast.UnaryOp()) | ast.keyword(
            "axis" | "strict"
        ):
            return True
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Expr(ast.Constant()):
            return True
        case ast.FunctionDef(name):
            return name in TEXT
        case ast.Assign(targets):
            return bool(TEXT & {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)})
        case _:
            return False


def mutants(source):
    """{what is changed, in words: the code with that change}."""
    found, tree = {}, ast.parse(source)

    def visit(node, where, statement, near):
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "exc"):
                continue
            holder = value if isinstance(value, list) else vars(node)
            for key in range(len(value)) if isinstance(value, list) else [field]:
                child = holder[key]
                if not isinstance(child, ast.AST) or leave(child):
                    continue
                at, inside, names = child if isinstance(child, ast.stmt) else statement, where, near
                if isinstance(child, ast.FunctionDef | ast.ClassDef):
                    inside = [*where, child.name]
                if isinstance(child, ast.FunctionDef):
                    words = ("id", "attr", "value")
                    names = {str(getattr(n, w)) for n in ast.walk(child) for w in words if hasattr(n, w)}
                before = head(at)
                for other in replacements(child, node, names):
                    holder[key] = ast.fix_missing_locations(ast.copy_location(other, child))
                    after = head(other if at is child else at)
                    name = f"{'.'.join(inside)}: {marked(before, after)}"
                    if before != after and name not in found:
                        found[name] = code(tree)
                    holder[key] = child
                visit(child, inside, at, names)

    visit(tree, [], tree, set())
    return {name: mutant for name, mutant in found.items() if mutant}


def head(node):
    """The source of a statement; of a compound one, its first line."""
    return ast.unparse(node).strip().split("\n")[0]


def marked(before, after):
    """A line with the change in it marked, and some of what stands around."""
    start = len(os.path.commonprefix([before, after]))
    end = len(os.path.commonprefix([before[start:][::-1], after[start:][::-1]]))
    old, new = (line[start : len(line) - end] for line in (before, after))
    return f"{before[max(0, start - 60) : start]}«{old} → {new}»{before[len(before) - end :][:60]}"


def code(tree):
    """The tree compiled, None if it is no Python."""
    try:
        return compile(tree, "mutant", "exec")
    except (SyntaxError, ValueError):
        return None


# --- the tests ------------------------------------------------------------------------------------------


def tests():
    """{id: (function, arguments)} of all tests of this folder."""
    found = {}
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem) if path.stem != "test_cell_mutants" else None
        for name, function in vars(module).items() if module else ():
            if name.startswith("test_"):
                marks = [m.args for m in getattr(function, "pytestmark", []) if m.name == "parametrize"]
                for k, values in enumerate(itertools.product(*(values for _, values in marks))):
                    arguments = {}
                    for (names, _), value in zip(marks, values, strict=True):
                        arguments |= (
                            {names: value} if isinstance(names, str) else dict(zip(names, value, strict=True))
                        )
                    which = arguments.get("name", k)
                    found[f"{name}[{which}]" if arguments else name] = (function, arguments)
    return found


def put_in(module, code):
    """Load the library and its tests anew, with that code as that module."""
    for name in [n for n in sys.modules if n.startswith(("lstm_lib", "test_", "cells"))]:
        del sys.modules[name]
    get_code = SourceFileLoader.get_code
    SourceFileLoader.get_code = lambda self, name: code if name == module else get_code(self, name)


def run(function, arguments):
    """One test, with the fixtures that it asks for."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(sys.modules["cells"].Case, "check", sys.modules["cells"].Case.check_along)
        fixtures = {"monkeypatch": patch, "tmp_path": Path(folder)}
        asked = function.__code__.co_varnames[: function.__code__.co_argcount]
        function(**arguments, **{name: fixture for name, fixture in fixtures.items() if name in asked})


def costs():
    """{test: seconds} without a mutant."""
    found = {}
    for name, (function, arguments) in tests().items():
        start = time.process_time()
        run(function, arguments)
        found[name] = time.process_time() - start
    return found


def first_to_fail(module, mutant, order):
    """The first test that notices, "" if none does; those that are not in `order` go last."""
    try:
        put_in(module, mutant)
        found = tests()
    except Exception as error:
        return f"{type(error).__name__} at once"
    place = {name: k for k, name in enumerate(order)}
    for name in sorted(found, key=lambda n: place.get(n, len(place))):
        try:
            run(*found[name])
        except BaseException:  # pytest's Failed is none of Exception
            return name
    return ""


def killed_by(*what):
    """`first_to_fail` in a process of its own."""
    said, say = os.pipe()
    if not (child := os.fork()):
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            os.write(say, (first_to_fail(*what) or " ").encode())
        finally:
            os._exit(0)
    os.close(say)
    with os.fdopen(said) as answer:
        name = answer.read()
    os.waitpid(child, 0)
    return name.strip() if name else "the time limit"


def fates(file, cost):
    """Yield each mutant of that file of the cell, with the test that killed it, or ""; what kills often and soon goes first."""
    kills = Counter()
    for name, mutant in mutants((CELL / f"{file}.py").read_text(encoding="utf-8")).items():
        order = sorted(cost, key=lambda test: cost[test] / (kills[test] + 0.02))
        by = killed_by(f"lstm_lib.cell.{file}", mutant, order)
        kills[by] += 1
        yield name, by


if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]
    warnings.simplefilter("ignore")
    hypothesis.settings.register_profile("few", FEW)
    hypothesis.settings.load_profile("few")
    hypothesis.given(st.integers())(lambda n: None)()  # loads what it needs
    hypothesis.settings = lambda **_: FEW
    cost = costs()
    for file in sys.argv[1:]:
        start = time.perf_counter()
        found = {}
        for name, by in fates(file, cost):
            print(f"    {name}   [{by}]" if by else f"*** {name}", flush=True)
            found[name] = by
        alive = sum(not by for by in found.values())
        print(
            f"{file}: {len(found)} mutants, {alive} survive, {time.perf_counter() - start:.0f} s", flush=True
        )
