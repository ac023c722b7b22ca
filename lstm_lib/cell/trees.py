"""Trees and names of equations: how they are written, and what is in them.

A tree is a name, a number, or (operation, tree, …); `·` is "dot" and […] is "cat". A name is f_t, C_tilde, h_prev, x_t, or
without a time: W_f, b_f, W_h_input.
"""

import re

from lstm_lib.cell.operations import OPERATIONS

TILDE = "\u0303"
RAISED = {"h": "hidden", "x": "input"}
"""W_h^x, the part of W_h on the input, is W_h_input in code."""


def symbol(name):
    """A name in code as it is written in an equation."""
    stem, _, last = name.rpartition("_")
    if last == "prev":
        return f"{symbol(stem).removesuffix('_t') if stem.endswith('_tilde') else stem}_{{t-1}}"
    if last == "tilde" != name:
        return f"{stem}{TILDE}_t"
    back = {word: letter for letter, word in RAISED.items()}
    return f"{stem}^{back[last]}" if last in back and stem else name


def symbols(words):
    """A text in which names stand as in code, as an equation writes it: r_t ⊙ h_{t-1}."""
    return re.sub(r"[^\W\d]\w*", lambda match: symbol(match[0]), words).replace("*", "⊙")


def written(tree, inside=0):
    """The text of a tree; `inside`: 1 in a difference or product, 2 in a factor."""
    if isinstance(tree, str):
        return symbol(tree)
    if isinstance(tree, float):
        return repr(tree).removesuffix(".0").replace("-", "−")
    op, *parts = tree
    if op == "cat":
        return "[" + "; ".join(map(written, parts)) + "]"
    if op == "dot":
        return f"{written(parts[0])} · {written(parts[1], 2)}"
    if not OPERATIONS[op].sign:
        return f"{op}({', '.join(map(written, parts))})"
    level = 0 if op in ("add", "sub") else 1
    first = "" if op == "sub" and parts[0] == 0 else written(parts[0], level) + " "
    space = " " if first else ""
    last = level + 1 + (not first)  # brackets in a sum stay, as they may decide the last digits
    text = f"{first}{OPERATIONS[op].sign}{space}{written(parts[1], last)}"
    return f"({text})" if inside > level else text


def names(tree):
    """Every name in a tree, in order."""
    if isinstance(tree, tuple):
        return [name for part in tree[1:] for name in names(part)]
    return [tree] if isinstance(tree, str) else []


def field_of(key):
    """The name of a value in a trace."""
    return key if key.endswith("tilde") else f"{key}_t"


def stem(name):
    """f of f_t, C_tilde of C_tilde and of C_tilde_prev; "" of a name without a time."""
    base, _, time = name.rpartition("_")
    return base if time in ("t", "prev") else name * (time == "tilde" != name)


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
    return [] if tree == 0 else [(sign, tree)]


def slope(tree, name):
    """1 if a tree rises with a name, −1 if it falls, as its minus signs say; 0 if the name is not in it."""
    if not isinstance(tree, tuple):
        return int(tree == name)
    found = [slope(part, name) * (-1 if tree[0] == "sub" and k == 2 else 1) for k, part in enumerate(tree)]
    return next(filter(None, found), 0)


def factors(tree):
    """The trees of a product."""
    return factors(tree[1]) + factors(tree[2]) if isinstance(tree, tuple) and tree[0] == "mul" else [tree]


def is_dot(tree):
    return isinstance(tree, tuple) and tree[0] == "dot"


def split(parameter):
    """(letter, block, raised) of a parameter's name: W, h and hidden of W_h_hidden."""
    letter, *rest = parameter.split("_")
    raised = rest.pop() if rest and rest[-1] in RAISED.values() else ""
    return letter, "_".join(rest), raised


def slot(piece):
    """What a matrix acts on, as the columns for it are called: those of h_{t-1} also for r_t ⊙ h_{t-1}."""
    inside = [name for name in factors(piece) if isinstance(name, str) and name.endswith("_prev")]
    return inside[0] if inside else piece


def code(tree):
    """A name, or a product as code: r_t * h_prev."""
    return " * ".join(factors(tree)) if all(isinstance(f, str) for f in factors(tree)) else written(tree)
