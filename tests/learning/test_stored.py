"""Stored runs: they are those of tools/train_stored_runs.py, and a run from the same settings repeats them."""

import sys
from pathlib import Path

import numpy as np
import pytest

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
    stored = stored_runs(name)
    _, run = make(stored.task, stored.steps, 1, **stored.arms[arm].settings)
    for _ in range(20):
        next(run)
    seen = run.snapshot()
    shown = np.interp(stored.at[stored.at <= 20], seen.held_out_at, seen.held_out)
    np.testing.assert_allclose(shown, stored.arms[arm].losses[1][: len(shown)], rtol=2e-3)


@pytest.mark.proof
@each_arm
def test_training_anew_ends_as_the_stored_runs_did(name, arm):
    """Digits may differ between machines; how well an arm does may not."""
    comparison, stored = COMPARISONS[name], stored_runs(name).arms[arm]
    runs = [one_run(comparison, stored.settings, seed) for seed in range(comparison.seeds)]
    assert abs(sum(run["solved_at"] is not None for run in runs) - stored.solved) <= 2
    for T, shares in stored.unexplained.items():
        now = np.median([run["unexplained"][T] for run in runs])
        assert now == pytest.approx(np.median(shares), abs=0.1) or min(now, np.median(shares)) > 1


@pytest.mark.parametrize("read", [stored_runs, stored_network])
def test_a_name_that_is_not_there_is_told_with_those_that_are(read):
    with pytest.raises(ValueError, match="name: expected one of"):
        read("no such runs")
