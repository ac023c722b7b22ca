"""The grammar in which a cell is written: from text to a tree, and back.

    line    name = sum                        product   factor { (⊙ | * | /) factor }
    sum     product { (+ | −) product }       factor    atom [ (· | @) factor ]
    atom    number | name | function(sum, …) | (sum) | [sum; …] | − factor

Text is only ever read, never run. For trees see cell/trees.py.
"""

import re
import unicodedata

from lstm_lib.cell.operations import OPERATIONS, SPELLINGS
from lstm_lib.cell.trees import RAISED, TILDE
from lstm_lib.checks import quoted

FUNCTIONS = {name: len(op.slopes) for name, op in OPERATIONS.items() if not op.sign}
LONGEST, DEEPEST = 300, 20
LETTER = "A-Za-zΑ-ΡΣ-Ωα-ω"
PART = f"[{LETTER}0-9]+"
NAME = rf"([^\W\d_]+[0-9]*)(\u0303?)(?:_(\{{[^{{}}]*\}}|{PART}(?:_{PART})*))?(?:\^(\{{[^{{}}]*\}}|[{LETTER}0-9]))?"
TOKEN = re.compile(
    rf"\s*(?:(?P<name>{NAME})|(?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)|(?P<sign>\S))"
)
MEANT = {"×": "⊙, or · after weights", ".": "· after weights; functions have no dot: tanh, not np.tanh", "^": "a product such as f_t ⊙ f_t", "'": "C_tilde, not C'", '"': "no quotes",
         "\\": "sigma, not \\sigma", "~": "C_tilde, not ~C"} | dict.fromkeys("_{", "an index, such as f_t, h_{t-1} or W_f")  # fmt: skip
"""What people mean by signs that are not read."""


def fault(line, words):
    """The error for a wrong line, by its number from 1."""
    return ValueError(f"line {line}: {words}")


def tokens(text, line):
    """[(kind, text, name in code)] of a line."""
    if len(text.split("\n")) > 1:
        raise fault(line, "it has several lines; expected a text for each, with commas between them")
    text = unicodedata.normalize("NFD", text).replace("−", "-").replace("∘", "⊙")
    if len(text) > LONGEST:
        raise fault(line, f"it has {len(text)} signs, at most {LONGEST} are read")
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        at, kind, word = match.end(), match.lastgroup, match[0].strip()
        if match["name"]:
            found.append(("name", word, named(match.groups()[1:5], word, line)))
        elif kind == "number" and float(word) < float("inf"):
            found.append(("number", word, float(word)))
        elif kind == "number":
            raise fault(line, f"the number {word} is larger than a computer's numbers")
        elif word not in "+-*⊙·@/()[];,=":
            meant = MEANT.get(word, "a letter, a number, or one of + − ⊙ · / ( ) [ ; ] =")
            raise fault(line, f"the sign {quoted(word)} has no meaning here; expected {meant}")
        else:
            found.append(("sign", {"@": "·", "*": "⊙", ",": ";"}.get(word, word), word))
    return found


def named(parts, word, line):
    """The name in code of a symbol: f_t, C_tilde, h_prev, W_f, W_h_input."""
    letter, tilde, low, high = (part or "" for part in parts)
    if not re.fullmatch(f"[{LETTER}]+[0-9]*", letter):
        raise fault(line, f"{quoted(word)} is no name; expected Latin or Greek letters, such as f_t or W_f")
    low, high = (re.sub(r"^t\s*([+-])\s*", r"t\1", part.strip("{} ")) for part in (low, high))
    if low.startswith("tilde_"):
        tilde, low = TILDE, low[6:]
    time = re.fullmatch(r"t(?:([+-])(\d+))?|prev", low)
    if time and time[2] and (time[1], time[2]) != ("-", "1"):
        raise fault(line, f"{quoted(word)}: only the step before can be read, as {letter}{tilde}_{{t-1}}")
    if not time and low and not re.fullmatch(PART, low):
        raise fault(line, f"{quoted(word)} is no name; expected a name such as f_t, h_{{t-1}} or W_f")
    if high and (time or tilde or high not in RAISED):
        raise fault(line, f"{quoted(word)}: only weights are raised, to ^h or ^x; expected a product such as f_t ⊙ f_t for a power")  # fmt: skip
    stem = letter + ("_tilde" if tilde else "")
    if time or tilde:
        if not time and low:
            raise fault(line, f"{quoted(word)}: expected {letter}{TILDE}_t or {letter}{TILDE}_{{t-1}}")
        return f"{stem}_prev" if low in ("prev", "t-1") else stem if tilde else f"{stem}_t"
    return "_".join([stem, *([low] if low else []), *([RAISED[high]] if high else [])])


def read(text, line):
    """(name, tree) of the line of text with that number."""
    if not isinstance(text, str):
        raise fault(line, f"expected text such as 'f_t = σ(W_f · x_t + b_f)', got {type(text).__name__}")
    found = tokens(text, line)
    if [word for _, word, _ in found[1:2]] != ["="] or found[0][0] != "name":
        raise fault(line, f"expected one name, =, and how it is computed, got {quoted(text)}")
    reader = Reader(found[2:], line)
    tree = reader.sum(0)
    if reader.ahead:
        raise fault(line, reader.unexpected())
    return found[0][2], tree


class Reader:
    """Reads the right side of a line."""

    def __init__(self, found, line):
        self.found, self.line, self.before = found[::-1], line, "="

    @property
    def ahead(self):
        return self.found[-1][1] if self.found else ""

    def take(self):
        self.before = self.ahead
        return self.found.pop()

    def unexpected(self):
        """What is wrong with the next token."""
        after = f"after {quoted(self.before)}"
        if not self.found:
            return f"it ends {after}; expected a name, a number or a bracket there"
        kind, word, typed = self.found[-1]
        if kind != "sign" or word in "([":
            return f"{after} an operation is missing before {quoted(word)}: · for weights times a vector, ⊙ for unit by unit, ; in [ ]"
        if word in ")]" and self.before in "([":
            return f"there is nothing between {quoted(self.before)} and {quoted(word)}"
        if word in ")]":
            return f"{quoted(word)} {after} closes a bracket that is not open"
        if typed == "*" and self.before == "⊙":
            return "** is no operation: there are no powers; expected a product, such as f_t ⊙ f_t"
        return f"{quoted(typed)} {after} is not expected" + (
            ": a line has one =; is a comma missing between two lines?" if word == "=" else ""
        )

    def sum(self, depth):
        """Also the level at which nesting is limited."""
        if depth > DEEPEST:
            raise fault(self.line, f"expected at most {DEEPEST} brackets in one another")
        tree = self.product(depth)
        while self.ahead in ("+", "-"):
            op = "add" if self.take()[1] == "+" else "sub"
            tree = (op, tree, self.product(depth))
        return tree

    def product(self, depth):
        tree = self.factor(depth)
        while self.ahead in ("⊙", "/"):
            op = "mul" if self.take()[1] == "⊙" else "div"
            tree = (op, tree, self.factor(depth))
            if op == "div" and tree[2] == 0.0:
                raise fault(self.line, "nothing can be divided by 0")
        return tree

    def factor(self, depth):
        if depth > DEEPEST:
            raise fault(self.line, f"expected at most {DEEPEST} signs or brackets in one another")
        if self.ahead == "-":
            self.take()
            tree = self.factor(depth + 1)
            return -tree if isinstance(tree, float) else ("sub", 0.0, tree)
        tree = self.atom(depth + 1)
        if self.ahead == "·":
            self.take()
            return ("dot", tree, self.factor(depth + 1))
        return tree

    def atom(self, depth):
        if not self.found or self.found[-1][0] == "sign" and self.ahead not in "([":
            raise fault(self.line, self.unexpected())
        kind, word, value = self.take()
        if kind == "sign":
            return self.inner(depth, word, "cat" if word == "[" else "")
        name = SPELLINGS.get(word, word)
        if kind == "name" and (name in FUNCTIONS or self.ahead == "("):
            if name not in FUNCTIONS:
                raise fault(self.line, f"{quoted(word)} is no function; expected one of {', '.join(FUNCTIONS)}, or · or ⊙ before the bracket")  # fmt: skip
            if self.ahead != "(":
                raise fault(self.line, f"{word} is a function: expected {word}(…)")
            self.take()
            return self.inner(depth, "(", name)
        return value

    def inner(self, depth, opened, op):
        """What is in a bracket that was opened, as (op, …)."""
        parts = [self.sum(depth)]
        while self.ahead == ";":
            self.take()
            parts.append(self.sum(depth))
        closed = ")" if opened == "(" else "]"
        if self.ahead != closed:
            lost = not self.found or self.ahead in (")", "]")
            raise fault(self.line, f"a bracket {opened} is not closed" if lost else self.unexpected())
        self.take()
        if op in FUNCTIONS and len(parts) != FUNCTIONS[op] or not op and len(parts) > 1:
            raise fault(self.line, f"{op or 'a bracket'} takes {FUNCTIONS.get(op, 1)}, got {len(parts)}{'' if op else ': a list of vectors stands in [ ; ]'}")  # fmt: skip
        return (op, *parts) if op else parts[0]
