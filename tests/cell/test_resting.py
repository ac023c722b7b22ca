"""One unit as a map from C_{t-1} to C_t, and where it rests."""

import numpy as np
import pytest

from lstm_lib import LSTMParams, lstm_step
from lstm_lib.cell.resting import next_memory, resting_places

CELL = LSTMParams.from_gates(
    W_f=[[0.4, -0.6]], b_f=[1.0], W_i=[[0.3, 0.5]], b_i=[-0.2], W_C=[[3.0, 1.0]], b_C=[0.1]
)


@pytest.mark.parametrize("clamp", [None, {"i": 0.3}])
def test_the_map_is_a_step_from_h_as_the_open_output_gate_shows_it(clamp):
    C = np.array([[-1.5, 0.2, 2.0], [0.0, -0.3, 1.0]])
    got = next_memory(CELL, 0.7, clamp)(C)
    wanted = [[lstm_step(CELL, [0.7], np.tanh([c]), [c], clamp).C_t[0] for c in row] for row in C]
    np.testing.assert_allclose(got, wanted, rtol=1e-14)
    np.testing.assert_array_equal(
        next_memory(CELL, 0.7)([1, 2]), next_memory(CELL, 0.7)(np.array([1.0, 2.0]))
    )
    np.testing.assert_array_equal(next_memory(CELL)(C), next_memory(CELL, 0.0)(C))


def test_each_place_is_found_with_its_slope():
    def after(C):
        return C - 0.4 * (C + 1.3) * (C - 0.2) * (C - 1.7)

    places, slopes = zip(*resting_places(after, -2, 3), strict=True)
    np.testing.assert_allclose(places, [-1.3, 0.2, 1.7], atol=1e-10)
    np.testing.assert_allclose(slopes, [1 - 0.4 * 4.5, 1 + 0.4 * 2.25, 1 - 0.4 * 4.5], atol=1e-6)
    assert [round(C, 9) for C, _ in resting_places(after, 0, 1)] == [0.2]
    assert resting_places(after, 2, 3) == []
    assert {type(value) for place in resting_places(after, 0, 1) for value in place} == {float}


def test_a_place_at_an_end_is_found():
    near = pytest.approx(0.9999, abs=1e-10)
    assert resting_places(lambda C: 0.9999 + (C - 0.9999) / 2, 0, 1) == [(near, pytest.approx(0.5))]
    assert resting_places(lambda C: C / 2, 0, 1) == [(pytest.approx(0, abs=1e-10), pytest.approx(0.5))]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: next_memory(3), "params: expected"),
        (lambda: next_memory(LSTMParams(np.zeros((8, 3)), np.zeros(8))), "params: .* got 2 and 1"),
        (lambda: next_memory(LSTMParams(np.zeros((4, 3)), np.zeros(4))), "params: .* got 1 and 2"),
        (lambda: next_memory(CELL, np.nan), "x: expected"),
        (lambda: resting_places(np.tanh, np.nan, 1), "low: expected"),
        (lambda: resting_places(np.tanh, 0, "a"), "high: expected"),
        (lambda: resting_places(np.tanh, 1, 1), "low: expected less than high=1, got 1"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        call()
