"""Where the parts of the whole cell stand: boxes and wires as data."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_lib.views.layout import Box

__all__ = ["CELL_HEIGHT", "CELL_WIDTH", "NODES", "TAGS", "WIRES", "Tag", "Wire"]

CELL_WIDTH, CELL_HEIGHT = 520, 388

LINE, BUS = 62, 318
"""Heights of the cell-state line and of the line that carries [h_{t-1}; x_t]."""

AT_F, AT_I, AT_C, AT_O, OUT = 138, 244, 318, 404, 472
"""Across: forget, input, candidate, output gate, and the way out to h_t."""

NODES = {
    "keep": Box(AT_F - 12, LINE - 12, 24, 24),
    "add": Box(281 - 12, LINE - 12, 24, 24),
    "write": Box(281 - 12, 150 - 12, 24, 24),
    "squash": Box(OUT - 24, 96, 48, 26),
    "show": Box(OUT - 12, 186 - 12, 24, 24),
    "f": Box(AT_F - 23, 236, 46, 28),
    "i": Box(AT_I - 23, 236, 46, 28),
    "C_tilde": Box(AT_C - 23, 236, 46, 28),
    "o": Box(AT_O - 23, 236, 46, 28),
}
"""The operations: ⊙ keep, + add, ⊙ write, tanh squash, ⊙ show, and the four layers."""


@dataclass(frozen=True)
class Wire:
    """A way from point to point; `carries` names the value whose size sets its width."""

    points: tuple[tuple[float, float], ...]
    carries: str


WIRES = [
    Wire(((88, LINE), (AT_F - 12, LINE)), "C_prev"),
    Wire(((AT_F + 12, LINE), (269, LINE)), "kept"),
    Wire(((293, LINE), (432, LINE)), "C_t"),
    Wire(((OUT, LINE), (OUT, 96)), "C_t"),
    Wire(((OUT, 122), (OUT, 174)), "tanh_C"),
    Wire(((OUT, 198), (OUT, 302)), "h_t"),
    Wire(((AT_F, 236), (AT_F, LINE + 12)), "f_t"),
    Wire(((AT_I, 236), (AT_I, 150), (269, 150)), "i_t"),
    Wire(((AT_C, 236), (AT_C, 150), (293, 150)), "C_tilde"),
    Wire(((281, 138), (281, LINE + 12)), "written"),
    Wire(((AT_O, 236), (AT_O, 186), (OUT - 12, 186)), "o_t"),
    Wire(((88, BUS), (AT_O, BUS), (AT_O, 264)), ""),
    Wire(((AT_F, BUS), (AT_F, 264)), ""),
    Wire(((AT_I, BUS), (AT_I, 264)), ""),
    Wire(((AT_C, BUS), (AT_C, 264)), ""),
    Wire(((108, 354), (108, BUS)), ""),
]


@dataclass(frozen=True)
class Tag:
    """A value on its wire: its box, the symbol, the trace's field, and whose colour it wears."""

    box: Box
    symbol: str
    field: str
    role: str


TAGS = [
    Tag(Box(8, 38, 80, 48), "C_{t-1}", "C_prev", "C"),
    Tag(Box(162, 22, 92, 34), "f_t ⊙ C_{t-1}", "kept", "f"),
    Tag(Box(432, 38, 80, 48), "C_t", "C_t", "C"),
    Tag(Box(58, 130, 70, 36), "f_t", "f_t", "f"),
    Tag(Box(166, 190, 70, 36), "i_t", "i_t", "i"),
    Tag(Box(249, 190, 64, 36), "C̃_t", "C_tilde", "C_tilde"),
    Tag(Box(298, 92, 92, 34), "i_t ⊙ C̃_t", "written", "i"),
    Tag(Box(325, 190, 73, 36), "o_t", "o_t", "o"),
    Tag(Box(390, 132, 74, 34), "tanh C_t", "tanh_C", "C"),
    Tag(Box(432, 302, 80, 48), "h_t", "h_t", "h"),
    Tag(Box(8, 294, 80, 48), "h_{t-1}", "h_prev", "h"),
    Tag(Box(16, 354, 236, 30), "x_t", "x_t", "x"),
]
