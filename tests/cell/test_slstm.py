"""The sLSTM: its stabilised lines equal the plain ones that are shown, and hold where those overflow."""

import numpy as np
import pytest
from cells import Case, D, H, random_params, random_states

from lstm_lib import KINDS, Kind, Params, backward, forward, step

KIND = KINDS["sLSTM"]
PLAIN = Kind("plain", *KIND.equations)


def by_hand(params, x_t, h, C, n, m, clamp):
    """The paper's stabilised step: C and n are stored divided by exp(m)."""
    z_f, z_i, z_o, z_C = np.split(params.W @ np.concatenate([h, x_t]) + params.b, 4)
    with np.errstate(divide="ignore", over="ignore"):
        ln_f = np.log(clamp["f"]) + 0 * z_f if "f" in clamp else -np.logaddexp(0, -z_f)
        ln_i = np.log(clamp["i"]) + 0 * z_i if "i" in clamp else z_i
        m_t = np.maximum(np.maximum(ln_f + m, ln_i), -1e30)
        f, i = np.exp(ln_f + m - m_t), np.exp(ln_i - m_t)
        o = clamp.get("o", 1 / (1 + np.exp(-z_o)))
    C_t, n_t = f * C + i * clamp.get("C_tilde", np.tanh(z_C)), f * n + i
    return {"h": o * C_t / np.where(n_t > 0, n_t, 1), "C": C_t, "n": n_t, "m": m_t}


CLAMPS = [{}, {"f": 0.0}, {"i": 0.0}, {"f": 0.0, "i": 0.0}, {"f": 1.0, "i": 3.0}, {"o": 0.5, "C_tilde": -0.5}]


@pytest.mark.parametrize("clamp", CLAMPS)
@pytest.mark.parametrize("scale", [1, 1e3])
def test_the_stabilised_form_is_the_paper_s(clamp, scale):
    rng = np.random.default_rng(0)
    p = random_params(KIND, rng)
    p = Params(KIND, W=p.W * scale, b=p.b * scale)
    x, before = rng.normal(size=(6, D)), random_states(KIND, rng)
    with np.errstate(all="raise", under="ignore"):
        trace = forward(p, x, clamp, **before)
    state = {name[:-2]: value for name, value in before.items()}
    for t in range(6):
        state = by_hand(p, x[t], **state, clamp=clamp)
        for name, value in state.items():
            np.testing.assert_allclose(getattr(trace, name)[t], value, rtol=1e-11, atol=1e-13, err_msg=name)
        assert np.isfinite(trace.h).all()


@pytest.mark.parametrize("clamp", [{}, {"f": 0.9, "i": 0.01}, {"o": 0.3}, {"C_tilde": -0.5}, {"f": 0.0}])
def test_it_equals_the_equations_that_are_shown(clamp):
    case = Case(KIND, batch=(2,), clamp=clamp)
    first = {
        "h_0": case.first["h_0"],
        **{f"{n}_0": case.first[f"{n}_0"] * np.exp(case.first["m_0"]) for n in "Cn"},
    }
    plain = forward(Params(PLAIN, W=case.params.W, b=case.params.b), case.x, clamp, **first)
    trace = case.trace()
    np.testing.assert_allclose(trace.h, plain.h, rtol=1e-11)
    for t in range(len(trace)):
        for field in ("C_t", "n_t", "f_t", "i_t", "C_tilde", "C_prev"):
            np.testing.assert_allclose(KIND.value(trace[t], field), getattr(plain[t], field), rtol=1e-10)
    got, wanted = backward(case.params, trace, case.dh), backward(plain.params, plain, case.dh)
    for name in ("W", "b", "x", "h_0", "h"):
        np.testing.assert_allclose(getattr(got, name), getattr(wanted, name), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("clamp", CLAMPS[1:])
def test_gradients_with_clamped_gates(clamp):
    Case("sLSTM", 1, clamp=clamp).check()


def test_nothing_flows_back_while_nothing_is_written():
    case = Case("sLSTM")
    with np.errstate(all="raise"):
        gradients = backward(case.params, forward(case.params, case.x, {"i": 0}), case.dh)
    assert not any(getattr(gradients, name).any() for name in ("W", "b", "x", "n_0", "m_0"))


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
