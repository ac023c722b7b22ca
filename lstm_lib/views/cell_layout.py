"""The layout of the whole cell: boxes of operations and values, and the wires between them."""

from dataclasses import dataclass

from lstm_lib.views.layout import Box

CELL_HEIGHT = 344

LINE, WRITE, SHOW, BUS = 38, 120, 166, 286
"""y of the cell-state line, of the products with the input and the output gate, and of [h_{t-1}; x_t]."""

AT_F, AT_I, ADD, AT_C, AT_O, OUT = 122, 245, 306.5, 368, 491, 590
"""x of the forget gate, input gate, sum, candidate, output gate and h_t."""


CIRCLES = {"keep": (AT_F, LINE), "add": (ADD, LINE), "write": (ADD, WRITE), "show": (OUT, SHOW)}
FRAMES = {"f": (AT_F, 202), "i": (AT_I, 202), "C_tilde": (AT_C, 202), "o": (AT_O, 202), "squash": (OUT, 80)}
NODES = {name: Box(x - 13, y - 13, 26, 26) for name, (x, y) in CIRCLES.items()} | {
    name: Box(x - 34, y, 68, 28) for name, (x, y) in FRAMES.items()
}
SIGNS = {"add": "+", "f": "σ", "i": "σ", "o": "σ", "C_tilde": "tanh", "squash": "tanh"}
"""The sign of each operation; ⊙ if not named."""

LAYERS = {"f": ("f_t", "z_f"), "i": ("i_t", "z_i"), "C_tilde": ("C_tilde", "z_C"), "o": ("o_t", "z_o")}
"""{layer: (value, pre-activation)} as fields of the trace."""


@dataclass(frozen=True)
class Wire:
    """A line through `points`; `carries` names the value that sets its width."""

    points: tuple[tuple[float, float], ...]
    carries: str = ""


WIRES = [
    Wire(((92, BUS), (AT_O, BUS), (AT_O, 230))),
    *(Wire(((x, BUS), (x, 230))) for x in (AT_F, AT_I, AT_C)),
    Wire(((107, 310), (107, BUS))),
    Wire(((92, LINE), (AT_F - 13, LINE)), "C_prev"),
    Wire(((AT_F + 13, LINE), (ADD - 13, LINE)), "kept"),
    Wire(((ADD + 13, LINE), (548, LINE)), "C_t"),
    Wire(((OUT, 66), (OUT, 80)), "C_t"),
    Wire(((OUT, 108), (OUT, SHOW - 13)), "tanh_C"),
    Wire(((OUT, SHOW + 13), (OUT, 258)), "h_t"),
    Wire(((AT_F, 202), (AT_F, LINE + 13)), "f_t"),
    Wire(((AT_I, 202), (AT_I, WRITE), (ADD - 13, WRITE)), "i_t"),
    Wire(((AT_C, 202), (AT_C, WRITE), (ADD + 13, WRITE)), "C_tilde"),
    Wire(((ADD, WRITE - 13), (ADD, LINE + 13)), "written"),
    Wire(((AT_O, 202), (AT_O, SHOW), (OUT - 13, SHOW)), "o_t"),
]


@dataclass(frozen=True)
class Tag:
    """A value next to its wire: box, symbol, field of the trace, role that gives the colour, and whether it has a frame."""

    box: Box
    symbol: str
    field: str
    role: str
    framed: bool = False


TAGS = [
    Tag(Box(8, 10, 84, 56), "C_{t-1}", "C_prev", "C", True),
    Tag(Box(548, 10, 84, 56), "C_t", "C_t", "C", True),
    Tag(Box(8, 258, 84, 56), "h_{t-1}", "h_prev", "h", True),
    Tag(Box(548, 258, 84, 56), "h_t", "h_t", "h", True),
    Tag(Box(100, 310, 240, 27), "x_t", "x_t", "x", True),
    Tag(Box(164, 52, 100, 36), "f_t ⊙ C_{t-1}", "kept", "f"),
    Tag(Box(318, 52, 100, 36), "i_t ⊙ C̃_t", "written", "i"),
    Tag(Box(AT_F - 104, 140, 88, 36), "f_t", "f_t", "f"),
    Tag(Box(AT_I - 104, 140, 88, 36), "i_t", "i_t", "i"),
    Tag(Box(AT_C - 104, 140, 88, 36), "C̃_t", "C_tilde", "C_tilde"),
    Tag(Box(AT_O - 104, 140, 88, 36), "o_t", "o_t", "o"),
    Tag(Box(500, 115, 80, 36), "tanh C_t", "tanh_C", "C"),
]

EVERYTHING = {*NODES, *(tag.field for tag in TAGS)}
"""The names of all operations and values."""
