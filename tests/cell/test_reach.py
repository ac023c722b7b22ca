"""Jacobians through time, against differences: the state at t is moved, the state at T is read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import LSTMParams, RNNParams, forward, jacobian, lstm_forward, lstm_jacobian


def cell(seed, H=3, D=2, blocks=4):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(blocks * H, H + D)), rng.normal(size=blocks * H)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 4))
def test_the_lstm_s_full_jacobian_by_differences(seed, T, H):
    params = LSTMParams(*cell(seed, H))
    x = np.random.default_rng(seed + 1).normal(size=(T, 2))
    _, full = lstm_jacobian(params, x)
    trace = lstm_forward(params, x)
    np.testing.assert_array_equal(full[-1], np.eye(H))
    for t in range(T - 1):
        for j in range(H):
            ends = []
            for sign in (1, -1):
                C = trace.C[t].copy()
                C[j] += sign * 1e-6
                h = trace.o[t] * np.tanh(C)  # the gates of step t are what they were
                ends.append(lstm_forward(params, x[t + 1 :], h, C).C[-1])
            np.testing.assert_allclose(full[t, :, j], (ends[0] - ends[1]) / 2e-6, atol=2e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 4))
def test_the_rnn_s_jacobian_is_the_product_of_its_steps(seed, T, H):
    W, b = cell(seed, H, blocks=1)
    x = np.random.default_rng(seed + 1).normal(size=(T, 2))
    h, wanted = forward(RNNParams(W, b), x).h, np.eye(H)
    found = jacobian(RNNParams(W, b), x)
    for t in reversed(range(T)):
        np.testing.assert_allclose(found[t], wanted, atol=1e-12)
        wanted = wanted @ (np.diag(1 - h[t] ** 2) @ W[:, :H])


def test_without_weights_on_h_the_direct_path_is_all_there_is():
    W, b = cell(3)
    W[:, :3] = 0
    params, x = LSTMParams(W, b), np.random.default_rng(4).normal(size=(30, 2))
    direct, full = lstm_jacobian(params, x)
    f = lstm_forward(params, x).f
    np.testing.assert_allclose(direct[10], np.prod(f[11:], axis=0), rtol=1e-12)
    np.testing.assert_allclose(full, np.stack([np.diag(d) for d in direct]), atol=1e-12)


def test_bad_input_is_named():
    for x, words in (
        (np.zeros((3, 5)), r"x: expected shape \(T, 2\) \(input_size=2\)"),
        (np.full((3, 2), np.nan), "x: expected finite"),
    ):
        with pytest.raises(ValueError, match=words):
            lstm_jacobian(LSTMParams(*cell(0)), x)
        with pytest.raises(ValueError, match=words):
            jacobian(RNNParams(*cell(0, blocks=1)), x)


def test_a_state_that_a_kind_has_not_is_named():
    params, x = RNNParams(*cell(0, blocks=1)), np.zeros((3, 2))
    for state in ("C", "gates", 3, ["h"], np.ones(2)):
        with pytest.raises(ValueError, match=r"^state: expected one of \['h'\] \(params of a RNN\), got"):
            jacobian(params, x, state)
    with pytest.raises(ValueError, match="^params: expected the parameters of a cell, got int"):
        jacobian(3, x)
    with pytest.raises(ValueError, match=r"^h_0: expected shape \(H,\) \(one sequence\)"):
        jacobian(params, x, h_0=np.zeros((1, 3)))


def test_float32_stays_float32():
    params = LSTMParams(*(a.astype(np.float32) for a in cell(0)))
    for found in lstm_jacobian(params, np.zeros((3, 2), np.float32)):
        assert found.dtype == np.float32


def test_the_wrong_kind_of_network_is_named():
    with pytest.raises(ValueError, match="^params: expected LSTMParams, got"):
        lstm_jacobian(RNNParams(*cell(0, blocks=1)), np.zeros((3, 2)))
