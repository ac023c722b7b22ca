"""The table of gates: key, name, symbol, activation, and what each gate sees.

The same key is used in `clamp={"f": …}`, in the trace (`f_t`, `C_tilde`), and for colours and labels.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from lstm_lib.cell.activations import EXP, IDENTITY, SIGMOID, SYMBOL, TANH, Activation

ADDED = {
    "C_prev": "p_{g} ⊙ C_{{t-1}}",
    "C_t": "p_{g} ⊙ C_t",
    "gates_prev": "R_{g} · [f; i; o]_{{t-1}}",
    "r_t * (W h_prev)": "r_t ⊙ (W_{g}^h · h_{{t-1}} + b^h)",
}
"""{terms of a pre-activation besides W times what is concatenated, in code: in an equation}."""


@dataclass(frozen=True)
class Gate:
    """A gate, or the candidate: one block of rows of W and b.

    key : names its value in a step's trace, see `field`
    block : names its rows W_<block> and b_<block>, and its pre-activation z_<block>
    sees : what W acts on, by its name in the trace, also scaled ("r_t * h_prev"), and keys of ADDED
    keeps : 1 if the open gate keeps the memory, −1 if it replaces the memory, else 0
    """

    key: str
    block: str
    name: str
    symbol: str
    activation: Activation = SIGMOID
    sees: tuple[str, ...] = ("h_prev", "x_t")
    keeps: int = 0

    @property
    def field(self):
        """The name of its value in a step's trace."""
        return self.key if self.key.endswith("tilde") else f"{self.key}_t"

    @property
    def letter(self):
        """Its symbol without the time: f, C̃."""
        return self.symbol.removesuffix("_t")

    @property
    def equation(self):
        """Such as f_t = σ(W_f · [h_{t-1}; x_t] + b_f), made from what it sees."""
        inner = "; ".join(as_symbol(name) for name in self.sees if name not in ADDED)
        # With "r_t * (W h_prev)" the columns on h are in that term.
        columns = "^x" if "r_t * (W h_prev)" in self.sees else ""
        left, right = "[]" if ";" in inner else "()" if "⊙" in inner else ("", "")
        weights = [f"W_{self.block}{columns} · {left}{inner}{right}"] if inner else []
        added = [sign.format(g=self.block) for name, sign in ADDED.items() if name in self.sees]
        z = " + ".join([*weights, *added, f"b_{self.block}"])
        squash = SYMBOL[self.activation]
        return f"{self.symbol} = {squash}({z})" if squash else f"{self.symbol} = {z}"

    def but(self, **changes):
        """A copy with `changes`; `also` adds to what the gate sees."""
        if also := changes.pop("also", ()):
            changes["sees"] = (*self.sees, *also)
        return replace(self, **changes)


def as_symbol(name):
    """A name of the trace, or of what a gate sees, as an equation writes it."""
    return name.replace("gates", "[f; i; o]").replace("_prev", "_{t-1}").replace("*", "⊙")


class Coupled(NamedTuple):
    """A factor without weights, computed from the gate `of` by `rule`; `field` is its name in the trace."""

    of: str
    rule: str
    field: str


FORGET = Gate("f", "f", "forget gate", "f_t", keeps=1)
INPUT = Gate("i", "i", "input gate", "i_t")
OUTPUT = Gate("o", "o", "output gate", "o_t")
CANDIDATE = Gate("C_tilde", "C", "candidate", "C̃_t", TANH)
UPDATE = Gate("u", "u", "update gate", "u_t", keeps=1)
RESET = Gate("r", "r", "reset gate", "r_t")
NEW_STATE = Gate("h_tilde", "h", "candidate", "h̃_t", TANH)

GATES = {gate.key: gate for gate in (FORGET, INPUT, OUTPUT, CANDIDATE)}
"""The LSTM's gates, in the order of the rows of W and b."""

__all__ = [
    "CANDIDATE",
    "EXP",
    "FORGET",
    "GATES",
    "IDENTITY",
    "INPUT",
    "NEW_STATE",
    "OUTPUT",
    "RESET",
    "TANH",
    "UPDATE",
    "Coupled",
    "Gate",
    "as_symbol",
]
