"""Wires that are pulled in the data go from the drawing, the equations and the numbers."""

import numpy as np
import pytest

from lstm_lib import KINDS, Params, backward, forward, stored_network
from lstm_lib.explore import PullAWire
from lstm_lib.learning.race import exact_test
from lstm_lib.views.kind_svg import kind_svg


@pytest.mark.parametrize("name", ["LSTM", "CIFG", "GRU", "minGRU", "JANET", "sLSTM"])
def test_a_connection_removed_in_the_data_is_gone(name):
    kind = KINDS[name]
    gate = kind.gates[0]
    pulled = kind.without((gate.key, "x_t"))
    wire = f'data-from="x_t" data-to="{gate.key}"'
    assert wire in kind_svg(kind) and wire not in kind_svg(pulled)
    assert "x_t" not in pulled.equations[0] and pulled.count(2, 3) == kind.count(2, 3) - 6
    params = pulled.from_wired(kind.random(2, 3, np.random.default_rng(0)))
    trace = forward(params, np.ones((4, 2)))
    if len(gate.sees) > 1:
        assert not params.W[:3, -2:].any() and not backward(params, trace, np.ones((4, 3))).W[:3, -2:].any()


def test_vanilla_without_its_peepholes_is_the_lstm():
    kind, x = KINDS["vanilla"], np.ones((5, 2))
    bare = kind.without(("f", "C_prev"), ("i", "C_prev"), ("o", "C_t"))
    params = bare.from_wired(kind.random(2, 3, np.random.default_rng(0)))
    assert sorted(bare.equations) == sorted(KINDS["LSTM"].equations)
    np.testing.assert_allclose(
        forward(params, x).h, forward(Params(KINDS["LSTM"], W=params.W, b=params.b), x).h, rtol=1e-14
    )


def test_which_wires_the_stored_cell_uses():
    assert stored_network("parity_lstm").kind.name == "LSTM"
    share = {
        g: float(PullAWire(cut=(f"{g} h_prev",)).summary.split("; at ")[1].split(" %")[0])
        for g in ("f", "i", "o", "C_tilde")
    }
    assert min(share[g] for g in "fio") > 98 and 45 < share["C_tilde"] < 58
    assert exact_test(3, 10, 8, 10) == pytest.approx(0.0698, abs=1e-3)
