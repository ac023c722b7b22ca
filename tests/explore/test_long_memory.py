"""Ten starts and the grid of lags: what they draw is what the cell computes, and what was stored."""

import numpy as np
import pytest

from lstm_lib import LSTMParams, lstm_forward, sigmoid
from lstm_lib.cell.resting import next_memory
from lstm_lib.explore import LagReach, TenStarts
from lstm_lib.explore.explorer import NotNow
from lstm_lib.explore.lag_reach import LAGS, ROWS
from lstm_lib.explore.ten_starts import STEPS, I
from lstm_lib.learning.recall import SOLVED, mixed_recall, recall_task, recalled, share_right


def moved(made, *moves):
    for move in moves:
        made.move(*move)
        assert made.note == "", made.note
    return made


@pytest.mark.parametrize("x", [-1.5, 0.0, 0.3])
@pytest.mark.parametrize("b_f", [-2.0, 1.0, 4.0])
@pytest.mark.parametrize("u", [-6.0, 0.0, 0.8, 3.0, 6.0])
def test_fifty_steps_from_beside_a_place_come_back_exactly_if_it_is_stable(u, b_f, x):
    made = TenStarts(u=u, b_f=b_f, x=x)
    cell = LSTMParams.from_gates(W_f=[[0.0, 0.0]], b_f=[b_f], W_C=[[u, 1.0]])
    after = next_memory(cell, x, {"i": I})
    found = made.places(made.state)
    assert len(found) % 2 == 1, "the map starts above the diagonal and ends below it"
    for C, slope in found:
        assert after(np.array(C)) == pytest.approx(C, abs=1e-6)
        C_0 = np.full((1, 1), C + 1e-4)
        run = lstm_forward(cell, np.full((50, 1, 1), x), np.tanh(C_0), C_0, clamp={"i": I, "o": 1.0})
        assert (abs(run.C[-1, 0, 0] - C) < 1e-4) == (abs(slope) < 1), (C, slope)


def test_the_slope_is_that_of_the_equation():
    made = TenStarts(u=3.0)
    for C, slope in made.places(made.state):
        h = np.tanh(C)
        assert slope == pytest.approx(sigmoid(1.0) + I * (1 - np.tanh(3 * h) ** 2) * 3 * (1 - h**2), abs=1e-6)


def test_memories_follow_the_map_and_noise_leaves_it():
    made = TenStarts(u=3.0, C_0=0.4)
    C = made.memories(made.state)
    after = next_memory(LSTMParams.from_gates(W_f=[[0.0, 0.0]], b_f=[1.0], W_C=[[3.0, 1.0]]), 0.0, {"i": I})
    np.testing.assert_allclose(C[1:], after(C[:-1]))
    assert C.shape == (STEPS + 1, 10) and C[0, 7] == 0.4
    noisy = moved(made, ("sliders", 1), ("noise", 1.0)).memories(made.state)
    assert np.abs(noisy[1:] - after(noisy[:-1])).max() > 0.1


def test_the_words_count_the_places():
    made = TenStarts(u=3.0, step=STEPS)
    assert (
        "Resting places without noise: −1.10 (stable" in made.summary
        and "in 2 groups (−1.10, 1.10)" in made.summary
    )
    assert "in 1 group (0.00)" in moved(made, ("cut", True)).summary and "feedback cut" in made.summary
    assert "u" not in [c.name for c in made.controls(made.state)]


def test_wrong_arguments_of_ten_starts():
    for given in ({"b_f": 9}, {"cut": 1}, {"step": 61}, {"w": 1}):
        with pytest.raises(ValueError, match=next(iter(given))):
            TenStarts(**given)


def test_tasks_have_their_lag_and_their_cue():
    assert recall_task(25).T == 26
    lags = {len(mixed_recall(3, 6).draw(np.random.default_rng(k), 9, 2).x) - 1 for k in range(40)}
    assert lags == {3, 4, 5, 6} and len(mixed_recall(3, 6).held_out(np.random.default_rng(0), 9, 2).x) == 7
    batch = recalled(np.random.default_rng(0), 10, 500, numbers=True)
    np.testing.assert_array_equal(batch.target[-1, :, 0], batch.x[0, :, 0])
    assert np.abs(batch.target[-1]).max() <= 1 and 0.3 < batch.target[-1].var() < 0.37


def test_the_grid_shows_what_is_stored():
    made = LagReach("LSTM, b_f = 1", 25)
    for row in ROWS:
        for lag in LAGS:
            assert f"{int(made.solved(row, lag).sum())} of 10</text>" in made.svg
    assert "9 of 10 starts have solved it" in made.summary and "half-life 2.2" in made.summary
    moved(made, ("lag", 3), ("row", 6), ("seed", 4))
    assert (
        made.state.task.T == 101 and made.state.cell.name == "orthogonal RNN" and "10 of 10" in made.summary
    )


def test_after_a_long_way_back_nothing_is_left_to_reset():
    """Longer than the first snapshots are kept."""
    made = LagReach()
    state = made.start
    for lag in range(len(LAGS)):
        for seed in range(made.starts):
            state = made.update(made.update(state, "lag", lag), "seed", seed)
    state = made.update(made.update(state, "lag", LAGS.index(25)), "seed", 0)
    with pytest.raises(NotNow):
        made.update(state, "Reset")


@pytest.mark.parametrize(("row", "lag", "seed"), [("LSTM, b_f = 1", 10, 0)])
def test_a_run_ends_as_the_stored_one(row, lag, seed):
    made = moved(LagReach(row, lag, seed), ("start",))
    assert made.run.join(120)
    assert made.state.seen.status == "finished" and "fresh sequences right: solved" in made.summary
    assert (made.state.right >= SOLVED) == (made.solved(row, lag)[seed])
    assert share_right(made.run.network, lag) == made.state.right
    assert moved(made, ("seed", 3)).state.right is None and made.state.seen.step == 0


@pytest.mark.proof
@pytest.mark.parametrize("row", ROWS)
def test_runs_end_as_the_stored_ones(row):
    for lag in LAGS:
        now = []
        for seed in range(4):
            made = moved(LagReach(row, lag, seed), ("start",))
            assert made.run.join(300)
            now.append(made.state.right >= SOLVED)
        assert abs(sum(now) - int(LagReach().solved(row, lag)[:4].sum())) <= 1


def test_wrong_arguments_of_the_grid():
    for given, words in (
        ({"row": "GRU"}, "row: expected"),
        ({"lag": 7}, "lag: expected"),
        ({"seed": 10}, "seed: expected"),
    ):
        with pytest.raises(ValueError, match=words):
            LagReach(**given)


def test_wrong_arguments_of_recall():
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
