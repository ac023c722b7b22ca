"""Wires that are pulled in the data go from the drawing, the equations and the numbers."""

import pytest

from lstm_lib import KINDS
from lstm_lib.explore import PullAWire
from lstm_lib.explore.pull_a_wire import CELLS, pullable
from lstm_lib.learning.race import exact_test
from lstm_lib.views.kind_svg import kind_svg


@pytest.mark.parametrize("name", ["LSTM", "CIFG", "GRU", "minGRU"])
def test_a_connection_removed_in_the_data_is_gone(name):
    kind = KINDS[name]
    gate = kind.gates[0]
    pulled = kind.without((gate.key, "x_t"))
    wire = f'data-from="x_t" data-to="{gate.key}"'
    assert wire in kind_svg(kind) and wire not in kind_svg(pulled)
    assert "x_t" not in pulled.equations[0] and pulled.count(2, 3) == kind.count(2, 3) - 6


@pytest.mark.parametrize("cell", CELLS)
def test_every_wire_of_every_cell_can_be_pulled(cell):
    for wire in pullable(KINDS[cell]):
        assert "Pulled: no wire" not in PullAWire(cell, cut=(wire,)).summary


def test_which_wires_the_stored_cell_uses():
    share = {
        g: float(PullAWire(cut=(f"{g} h_prev",)).summary.split("; at ")[1].split(" %")[0])
        for g in ("f", "i", "o", "C_tilde")
    }
    assert min(share[g] for g in "fio") > 98 and 45 < share["C_tilde"] < 58
    assert exact_test(3, 10, 8, 10) == pytest.approx(0.0698, abs=1e-3)
