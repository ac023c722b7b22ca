"""The sLSTM where its two forms differ most: clamped gates, nothing stored, and numbers beyond a float."""

import numpy as np
import pytest
from cells import Case, D, H, random_params, random_states

from lstm_lib import KINDS, Params, backward, forward, step

KIND = KINDS["sLSTM"]


@pytest.mark.parametrize("f", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("i", [0.0, 0.4, 3.0])
def test_clamped_gates_in_the_first_form(f, i):
    rng = np.random.default_rng(0)
    p, x_t, before = random_params(KIND, rng), rng.normal(size=D), random_states(KIND, rng, suffix="_prev")
    for scale in (1, 0):  # 0: nothing is stored yet
        before |= {name: scale * before[name] for name in ("C_prev", "n_prev")}
        with np.errstate(all="raise"):
            got = step(p, x_t, {"f": f, "i": i}, **before)
        C, n = (before[name] * np.exp(before["m_prev"]) for name in ("C_prev", "n_prev"))
        C, n = f * C + i * got.C_tilde, f * n + i
        np.testing.assert_allclose(KIND.value(got, "C_t"), C, rtol=1e-12)
        np.testing.assert_allclose(KIND.value(got, "n_t"), n, rtol=1e-12)
        np.testing.assert_allclose(got.h_t, got.o_t * (C / n if n.any() else 0), rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_with_clamped_gates(seed):
    Case("sLSTM", seed, clamp={"f": 0.9, "i": 0.01}).check()


def test_nothing_flows_back_while_nothing_is_written():
    case = Case("sLSTM")
    with np.errstate(all="raise"):
        trace = forward(case.params, case.x, {"i": 0})
        gradients = backward(case.params, trace, case.dh)
    assert not any(getattr(gradients, name).any() for name in ("W", "b", "x", "C_0", "n_0", "m_0"))


def test_a_forget_gate_too_small_for_a_float_still_outweighs_a_smaller_input_gate():
    p = Params(KIND, W=np.zeros((4 * H, H + D)), b=np.repeat([-1000.0, -2000, 0, 1], H))
    before = random_states(KIND, np.random.default_rng(0), suffix="_prev") | {"m_prev": np.zeros(H)}
    got = step(p, np.zeros(D), **before)
    np.testing.assert_allclose(got.h_t, 0.5 * before["C_prev"] / before["n_prev"], rtol=1e-12)


def test_a_state_too_large_for_a_float_is_shown_as_infinite():
    before = {"h_prev": np.zeros(3), "C_prev": [0.0, 9, 2], "n_prev": np.ones(3), "m_prev": [1000, 709.7, 0]}
    got = step(random_params(KIND, np.random.default_rng(0)), np.zeros(D), **before)
    with np.errstate(all="raise"):
        assert KIND.value(got, "C_prev").tolist() == [0, np.inf, 2]
