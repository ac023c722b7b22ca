"""The sigmoid and its inverse."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lib import logit, sigmoid


@given(st.floats(-700, 700))
def test_sigmoid_is_what_its_formula_says(z):
    assert sigmoid(z) == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_never_warns_and_keeps_its_type(dtype):
    z = np.array([-np.inf, -1e5, -800, -1, 0, 1, 800, 1e5, np.inf], dtype=dtype)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        f = sigmoid(z)
    assert f.dtype == dtype
    assert f[0] == 0 and f[4] == 0.5 and f[-1] == 1
    assert (np.diff(f) >= 0).all()


def test_sigmoid_keeps_small_values_exact_to_the_last_digits():
    assert sigmoid(-40.0) == pytest.approx(math.exp(-40), rel=1e-14)


@given(st.floats(1e-12, 1 - 1e-12))
def test_logit_undoes_sigmoid(f):
    assert sigmoid(logit(f)) == pytest.approx(f, rel=1e-9)


def test_logit_at_the_ends():
    with np.errstate(all="raise"):
        assert logit([0, 1, 0.5]).tolist() == [-np.inf, np.inf, 0]


@pytest.mark.parametrize(
    ("bad", "words"),
    [("a", "got text"), ([], "empty array"), (np.nan, "NaN"), (None, "None"), ([[1], [1, 2]], "unequal")],
)
def test_sigmoid_says_what_is_wrong(bad, words):
    with pytest.raises(ValueError, match=f"^z: .*{words}"):
        sigmoid(bad)


def test_logit_says_what_is_wrong():
    for f in (-1.0, 2.0):
        with pytest.raises(ValueError, match=f"f: expected values from 0 to 1, got {f} to {f}"):
            logit(f)


def test_float32_is_right_to_the_last_place():
    z = np.linspace(-87.3, 88, 400_001).astype(np.float32)
    wanted = 1 / (1 + np.exp(-z.astype(np.longdouble)))
    found = sigmoid(z)
    assert (
        found.dtype == np.float32
        and (np.abs(found - wanted) <= 0.51 * np.spacing(wanted.astype(np.float32))).all()
    )
