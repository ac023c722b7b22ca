"""The one table of gates: key, name, symbol, activation, and what each may see.

The key is the same everywhere: in `clamp={"f": …}`, in the trace (`f_t`, `C_tilde`), in colours and labels.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from lstm_lib.cell.activations import EXP, IDENTITY, SIGMOID, SYMBOL, TANH, Activation

CONCATENATED = {"h_prev": "h_{t-1}", "r_t * h_prev": "r_t ⊙ h_{t-1}", "x_t": "x_t"}
"""What W acts on, as code and as an equation writes it."""

ADDED = {
    "C_prev": "p_{g} ⊙ C_{{t-1}}",
    "C_t": "p_{g} ⊙ C_t",
    "gates_prev": "R_{g} · [f; i; o]_{{t-1}}",
    "r_t * (W h_prev)": "r_t ⊙ (W_{g}^h · h_{{t-1}} + b^h)",
}
"""What else a pre-activation may have in it."""


@dataclass(frozen=True)
class Gate:
    """A gate, or the candidate: one block of rows of W and b.

    key : its value is called `key_t` in a step's trace, or `key` if it ends in "tilde"
    block : its rows are W_<block> and b_<block>, its pre-activation z_<block>
    sees : keys of CONCATENATED and ADDED
    keeps : 1 if the memory stays where it is open, −1 if the memory is replaced there, else 0
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
        """As in f_t = σ(W_f · [h_{t-1}; x_t] + b_f), written from what it sees."""
        inner = "; ".join(sign for name, sign in CONCATENATED.items() if name in self.sees)
        columns = "^x" if "r_t * (W h_prev)" in self.sees else ""  # the others act on h_{t-1} further on
        product = (
            f"W_{self.block}{columns} · [{inner}]" if ";" in inner else f"W_{self.block}{columns} · {inner}"
        )
        added = [sign.format(g=self.block) for name, sign in ADDED.items() if name in self.sees]
        z = " + ".join([product, *added, f"b_{self.block}"])
        squash = SYMBOL[self.activation]
        return f"{self.symbol} = {squash}({z})" if squash else f"{self.symbol} = {z}"

    def but(self, **changes):
        """Another gate, the same but for `changes`; `also` adds to what it sees."""
        if also := changes.pop("also", ()):
            changes["sees"] = (*self.sees, *also)
        return replace(self, **changes)


class Coupled(NamedTuple):
    """What stands where a gate could be, but follows from the gate `of`: by `rule`, as `field` of the trace."""

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
"""The LSTM's four, in the order of the rows of W and b."""

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
]
