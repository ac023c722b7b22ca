"""Targets of the tasks by hand, and reproducible batches."""

import numpy as np
import pytest

from lstm_lib import TASKS

EACH = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


@EACH
def test_sizes_and_randomness(task):
    first, again, other = (task.draw(np.random.default_rng(seed), 12, 5) for seed in (0, 0, 1))
    assert first.x.shape == (12, 5, task.input_size) and first.target.shape == (12, 5, task.output_size)
    assert first.mask.shape == (12, 5) and set(np.unique(first.mask)) <= {0.0, 1.0} and first.mask.sum() > 0
    assert first.x.dtype == first.target.dtype == np.float64
    for name in ("x", "target", "mask"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert (first.x != other.x).any()


@EACH
def test_wrong_sizes_are_named(task):
    for T, B, words in ((0, 5, "T: expected"), (12, 0, "B: expected"), (12, 2.5, "B: expected")):
        with pytest.raises(ValueError, match=words):
            task.draw(np.random.default_rng(0), T, B)


def test_sum_since_reset_by_hand():
    batch = TASKS["sum since reset"].draw(np.random.default_rng(3), 40, 3)
    for b in range(3):
        total = 0.0
        for (value, reset), target in zip(batch.x[:, b], batch.target[:, b, 0], strict=True):
            total = value if reset else total + value
            assert target == pytest.approx(total)
    assert 0.02 < batch.x[..., 1].mean() < 0.25


def test_adding_by_hand():
    batch = TASKS["adding"].draw(np.random.default_rng(3), 20, 50)
    assert (batch.x[..., 1].sum(axis=0) == 2).all() and (batch.x[:10, :, 1].sum(axis=0) == 1).all()
    np.testing.assert_allclose(batch.target[-1, :, 0], (batch.x[..., 0] * batch.x[..., 1]).sum(axis=0))
    assert batch.mask[:-1].sum() == 0 and (batch.mask[-1] == 1).all()


def test_delayed_recall_asks_for_the_first_input():
    batch = TASKS["delayed recall"].draw(np.random.default_rng(3), 30, 50)
    np.testing.assert_array_equal(batch.target[-1, :, 0], batch.x[0, :, 0])
    assert set(np.unique(batch.target[-1])) == {-1.0, 1.0} and np.abs(batch.x[1:, :, 0]).max() < 0.6
    assert (batch.x[-1, :, 1] == 1).all() and batch.x[:-1, :, 1].sum() == 0


def test_latch_by_hand():
    batch = TASKS["latch"].draw(np.random.default_rng(3), 40, 4)
    for b in range(4):
        stored = None
        for (value, write, query), target in zip(batch.x[:, b], batch.target[:, b, 0], strict=True):
            stored = value if write else stored
            assert target == (stored if query else 0) and not (write and query)


def test_noise_has_no_relation():
    batch = TASKS["noise"].draw(np.random.default_rng(3), 10, 4000)
    related = np.corrcoef(batch.x.sum(axis=0).T, batch.target[-1].T)[:5, 5:]
    assert np.abs(related).max() < 0.06
