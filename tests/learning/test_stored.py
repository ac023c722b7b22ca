"""Stored runs: they are those of tools/train_stored_runs.py, and a run from the same settings repeats them."""

import sys
from pathlib import Path

import numpy as np
import pytest
from rounding import same_errors, same_share, steady, with_draws

from lstm_lib import stored_network, stored_runs

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from train_stored_runs import COMPARISONS, make, one_run  # noqa: E402

each = pytest.mark.parametrize("name", COMPARISONS)
EACH_ARM = [(name, arm) for name, comparison in COMPARISONS.items() for arm in comparison.arms]
each_arm = pytest.mark.parametrize("name, arm", EACH_ARM, ids=[" ".join(pair) for pair in EACH_ARM])


@each
def test_what_is_stored_is_what_the_tool_trains(name):
    stored, comparison = stored_runs(name), COMPARISONS[name]
    assert (stored.task, stored.steps, stored.seeds) == (comparison.task, comparison.steps, comparison.seeds)
    assert list(stored.arms) == list(comparison.arms)
    for arm, changed in comparison.arms.items():
        found = stored.arms[arm]
        assert found.settings == comparison.shared | changed
        assert tuple(found.unexplained) == comparison.lengths
        assert found.losses.shape == (stored.seeds, len(stored.at))
        for column in (found.largest_norm, found.solved_at, *found.unexplained.values()):
            assert column.shape == (stored.seeds,)
        assert all(f"{name}={value}" in repr(stored) for name, value in found.settings.items())


@each_arm
def test_a_run_with_the_stored_settings_begins_as_the_stored_one(name, arm):
    """As far as the run is steady; the two of a plain RNN whose gradient grows are so for 10 updates, or none."""
    stored = stored_runs(name)
    at = stored.at[stored.at <= 20]

    def losses():
        _, run = make(stored.task, stored.steps, 1, **stored.arms[arm].settings)
        for _ in range(20):
            next(run)
        seen = run.snapshot()
        return np.interp(at, seen.held_out_at, seen.held_out)

    shown = with_draws(losses)
    same = steady(shown)
    assert same[0] and (same.all() or "gain 2" in str(stored.arms[arm].settings))
    for row in shown:
        np.testing.assert_allclose(row[same], stored.arms[arm].losses[1][: len(at)][same], rtol=2e-3)


@pytest.mark.proof
@each_arm
def test_training_anew_ends_as_the_stored_runs_did(name, arm):
    """Digits may differ between processors; how well an arm does may not."""
    comparison, stored = COMPARISONS[name], stored_runs(name).arms[arm]
    runs = [one_run(comparison, stored.settings, seed) for seed in range(comparison.seeds)]
    solved = sum(run["solved_at"] is not None for run in runs)
    assert same_share(solved, len(runs), stored.solved, len(runs)), (solved, stored.solved)
    for T, shares in stored.unexplained.items():
        now = [run["unexplained"][T] for run in runs]
        assert same_errors(now, shares), (T, np.sort(now), np.sort(shares))


@pytest.mark.parametrize("read", [stored_runs, stored_network])
def test_a_name_that_is_not_there_is_told_with_those_that_are(read):
    with pytest.raises(ValueError, match="name: expected one of"):
        read("no such runs")
