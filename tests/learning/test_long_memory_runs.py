"""What notebook 08 reads from stored tables: one start anew in `make test`, twenty of each arm in `make proof`."""

import sys
from pathlib import Path

import numpy as np
import pytest
from rounding import same_errors, same_share

from lstm_lib import stored_network, stored_table
from lstm_lib.learning.recall import LAGS, ROWS, mixed_recall, recall_task, recalled, share_right

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from long_memory_runs import (  # noqa: E402
    BRIDGED,
    GRID_STARTS,
    MIXED,
    SAVED,
    bit_network,
    grid_run,
    measured,
    memory,
    number_network,
    unexplained,
)

TABLE = stored_table("long_memory")


def test_the_tables_have_every_arm_and_start():
    assert list(TABLE["bit"]) == list(MIXED)
    for arm, (starts, _) in MIXED.items():
        assert all(len(values) == starts for values in TABLE["bit"][arm].values())
        assert {f"lag {lag}" for lag in BRIDGED} <= set(TABLE["bit"][arm])
    grid = stored_table("lag_grid")["right"]
    assert list(grid) == list(ROWS) and all(list(row) == [str(lag) for lag in LAGS] for row in grid.values())
    assert all(len(right) == GRID_STARTS for row in grid.values() for right in row.values())


def test_start_0_trained_anew_is_the_stored_network():
    arm = "LSTM, b_f = 1"
    network, stored = bit_network(arm, 0), stored_network(SAVED[arm])
    np.testing.assert_allclose(network.theta, stored.theta, rtol=0.01, atol=0.01)
    for what, value in memory(stored).items():
        assert value == pytest.approx(TABLE["bit"][arm][what][0], abs=0.02)
    assert share_right(stored, 100) == TABLE["bit"][arm]["lag 100"][0] == 1


def test_the_cut_is_kept():
    """In the arms with W_h = 0 nothing is fed back at the end of the training."""
    network = bit_network("LSTM, b_f = 1, W_h = 0", 1)
    assert not network.W[:, : network.hidden_size].any() and network.W.any()


def test_the_stored_number_network_is_that_of_the_table():
    found = unexplained(stored_network("recall_number"))
    for what, value in found.items():
        assert value == pytest.approx(TABLE["number"]["LSTM, b_f = 5"][what][0], abs=0.01)


def test_wrong_arguments_are_named():
    rng = np.random.default_rng(0)
    for call, words in (
        (lambda: recall_task(0), "lag: expected a whole number"),
        (lambda: mixed_recall(9, 3), "most: expected a whole number"),
        (lambda: mixed_recall(0), "least: expected a whole number"),
        (lambda: share_right(3, 10), "network: expected a Network"),
        (lambda: recalled(rng, 10, 0), "B: expected a whole number"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


@pytest.mark.proof
@pytest.mark.parametrize("arm", MIXED)
def test_twenty_starts_bridge_as_many_as_stored(arm):
    right = sum(share_right(bit_network(arm, start), 2000, 200) >= 0.99 for start in range(20))
    stored = TABLE["bit"][arm]["lag 2000"] >= 0.99
    assert same_share(right, 20, int(stored.sum()), len(stored))


@pytest.mark.proof
@pytest.mark.parametrize("b_f", [1, 3, 5])
def test_numbers_of_twenty_starts_drift_as_stored(b_f):
    now = [unexplained(number_network(b_f, start))["lag 100"] for start in range(20)]
    assert same_errors(now, TABLE["number"][f"LSTM, b_f = {b_f}"]["lag 100"])


@pytest.mark.proof
def test_rates_are_as_stored():
    for row, rates in stored_table("lag_grid")["rates"].items():
        for rate, right in rates.items():
            settings = ROWS[row] | {"learning_rate": float(rate)}
            now = sum(grid_run(settings, 100, start) >= 0.99 for start in range(GRID_STARTS))
            assert same_share(now, GRID_STARTS, int((right >= 0.99).sum()), GRID_STARTS), (row, rate)


@pytest.mark.proof
def test_ends_of_the_latches():
    """Of the latches the memory ends in two places, whatever the start."""
    assert all(measured(bit_network("LSTM, b_f = 1", start))["ends"] == 2 for start in range(4))
