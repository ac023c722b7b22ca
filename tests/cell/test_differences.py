"""The learner's gradient check: right on what is known, clear on what is wrong."""

import numpy as np
import pytest

from lstm_lib import central_differences


def test_known_slopes():
    a = np.array([[1.0, -2.0], [0.5, 3.0]])
    kept = a.copy()
    np.testing.assert_allclose(central_differences(lambda m: (m**3).sum(), a), 3 * a**2, rtol=1e-8)
    np.testing.assert_array_equal(a, kept)
    assert central_differences(np.sin, 0.3) == pytest.approx(np.cos(0.3))


def test_a_loss_that_writes_into_its_argument_does_no_harm():
    def loss(m):
        m *= 2
        return float(m.sum())

    np.testing.assert_allclose(central_differences(loss, np.ones(3)), 2.0)


def test_bad_input_is_named():
    for array, step, words in (
        ([1.0, np.nan], 1e-6, "array: expected finite"),
        (np.ones(2, np.float32), 1e-6, "array: expected float64"),
        ([1.0], 0, "step: expected a number above 0"),
        ([1.0], np.nan, "step: expected a number"),
        ([1.0], "a", "step: expected a number"),
        ([1.0], np.inf, "step: expected a number"),
        ([1.0, 2.0], 1e-17, "step: 1e-17 is too small to change 1"),
    ):
        with pytest.raises(ValueError, match=words):
            central_differences(np.sum, array, step)


def test_a_large_number_is_moved_by_what_a_float_can_hold():
    np.testing.assert_allclose(central_differences(np.sum, [1e9, 1e10], 1e-5), 1.0, rtol=0.1)


def test_a_loss_of_several_numbers_is_named():
    with pytest.raises(
        ValueError, match=r"loss: expected a function that gives one number, it gave shape \(2,\)"
    ):
        central_differences(lambda a: a, [1.0, 2.0])
