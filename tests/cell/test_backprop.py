"""Every gradient, against central differences: random weights, biases, first states, T, batches, clamps."""

import numpy as np
import pytest
from gradcheck import check_gradients
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import (
    LSTMParams,
    RNNParams,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)

NAMES = ["W", "b", "x", "h_0", "C_0"]


def arrays_of(seed, T, batch, D, H, blocks=4):
    rng = np.random.default_rng(seed)
    state = (*batch, H)
    return {
        "W": rng.normal(size=(blocks * H, H + D)), "b": rng.normal(size=blocks * H), "x": rng.normal(size=(T, *batch, D)),
        "h_0": rng.normal(size=state), "C_0": rng.normal(size=state),
        "dh": rng.normal(size=(T, *state)), "dC": rng.normal(size=state),
    }  # fmt: skip


def run(a, clamp=None):
    return lstm_forward(LSTMParams(a["W"], a["b"]), a["x"], a["h_0"], a["C_0"], clamp)


def loss_of(clamp):
    def loss(a):
        trace = run(a, clamp)
        return float((trace.h * a["dh"]).sum() + (trace.C[-1] * a["dC"]).sum())

    return loss


def gradients_of(a, clamp=None):
    return lstm_backward(LSTMParams(a["W"], a["b"]), run(a, clamp), a["dh"], a["dC"])


clamps = st.dictionaries(
    st.sampled_from(["f", "i", "o", "C_tilde"]), st.sampled_from([0.0, 0.3, 1.0]), max_size=3
)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20), st.sampled_from([(), (1,), (3,)]), st.integers(1, 3),
       st.integers(1, 3), clamps)  # fmt: skip
def test_every_gradient_of_the_lstm(seed, T, batch, D, H, clamp):
    a = arrays_of(seed, T, batch, D, H)
    check_gradients(loss_of(clamp), a, gradients_of(a, clamp), NAMES)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 20),
    st.sampled_from([(), (1,), (3,)]),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_every_gradient_of_the_rnn(seed, T, batch, D, H):
    a = arrays_of(seed, T, batch, D, H, blocks=1)

    def trace(a):
        return rnn_forward(RNNParams(a["W"], a["b"]), a["x"], a["h_0"])

    gradients = rnn_backward(RNNParams(a["W"], a["b"]), trace(a), a["dh"])
    check_gradients(lambda a: float((trace(a).h * a["dh"]).sum()), a, gradients, NAMES[:4])


def test_one_step_by_hand():
    """One unit, one step, each factor written out."""
    a = arrays_of(3, 1, (), 1, 1)
    t, g = run(a), gradients_of(a)
    f, i, o, c = (float(v[0, 0]) for v in (t.f, t.i, t.o, t.C_tilde))
    C, h = float(t.tanh_C[0, 0]), float(a["dh"][0, 0])
    dC = float(a["dC"][0]) + h * o * (1 - C**2)
    dz = [dC * a["C_0"][0] * f * (1 - f), dC * c * i * (1 - i), h * C * o * (1 - o), dC * i * (1 - c**2)]
    np.testing.assert_allclose(g.b, dz, rtol=1e-12)
    np.testing.assert_allclose(g.C_0, [dC * f], rtol=1e-12)
    np.testing.assert_allclose(g.W, np.outer(dz, [a["h_0"][0], a["x"][0, 0]]), rtol=1e-12)


def test_what_reaches_each_h_is_the_later_losses_too():
    a = arrays_of(4, 6, (2,), 2, 3)
    g = gradients_of(a)
    np.testing.assert_array_equal(g.h[-1], a["dh"][-1])
    for t in (0, 3):
        tail = a | {"x": a["x"][t + 1 :], "h_0": run(a).h[t], "C_0": run(a).C[t], "dh": a["dh"][t + 1 :]}
        later = gradients_of(tail)
        np.testing.assert_allclose(g.h[t] - a["dh"][t], later.h_0, atol=1e-12)
        through_h = g.h[t] * run(a).o[t] * (1 - run(a).tanh_C[t] ** 2)
        np.testing.assert_allclose(g.C[t], later.C_0 + through_h, atol=1e-12)


def test_a_held_gate_has_no_gradient_and_the_others_do():
    a = arrays_of(5, 7, (2,), 2, 3)
    g = gradients_of(a, {"f": 0.7})
    assert (g.W[:3] == 0).all() and (g.b[:3] == 0).all() and (g.W[3:] != 0).all()


def test_a_batch_is_the_sum_of_its_sequences():
    a = arrays_of(6, 5, (4,), 2, 3)
    whole = gradients_of(a)
    each = [
        gradients_of(a | {n: a[n][:, k] for n in ("x", "dh")} | {n: a[n][k] for n in ("h_0", "C_0", "dC")})
        for k in range(4)
    ]
    np.testing.assert_allclose(whole.W, sum(g.W for g in each), atol=1e-12)
    np.testing.assert_allclose(whole.x, np.stack([g.x for g in each], axis=1), atol=1e-12)


def test_float32_stays_float32_and_comes_close():
    a = arrays_of(7, 10, (3,), 2, 4)
    small = {n: v.astype(np.float32) for n, v in a.items()}
    g, s = gradients_of(a), gradients_of(small)
    for name in [*NAMES, "h"]:
        assert getattr(s, name).dtype == np.float32
        np.testing.assert_allclose(getattr(s, name), getattr(g, name), rtol=2e-3, atol=2e-4)


def test_nothing_of_the_caller_s_changes():
    a = arrays_of(8, 4, (2,), 2, 3)
    before = {n: v.copy() for n, v in a.items()}
    trace = run(a)
    for _ in range(2):
        g = lstm_backward(LSTMParams(a["W"], a["b"]), trace, a["dh"], a["dC"])
    np.testing.assert_allclose(g.W, gradients_of(before).W, atol=0)
    for name, value in before.items():
        np.testing.assert_array_equal(a[name], value)


def test_odd_memory_layouts_give_the_same():
    a = arrays_of(9, 6, (3,), 2, 3)
    odd = {n: np.asfortranarray(v) for n, v in a.items()} | {"x": np.repeat(a["x"], 2, axis=1)[:, ::2]}
    np.testing.assert_allclose(gradients_of(odd).W, gradients_of(a).W, atol=1e-13)


def test_huge_pre_activations_neither_warn_nor_overflow():
    a = arrays_of(10, 5, (2,), 2, 3)
    with np.errstate(all="raise", under="ignore"):
        for dtype in (np.float64, np.float32):
            big = {n: v.astype(dtype) for n, v in (a | {"W": 1e4 * a["W"]}).items()}
            assert all(np.isfinite(getattr(gradients_of(big), n)).all() for n in NAMES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dh": np.zeros((3, 2, 3))}, r"dh: expected shape \(4, 2, 3\) \(like trace.h\), got \(3, 2, 3\)"),
        ({"dh": np.full((4, 2, 3), np.nan)}, "dh: expected finite numbers"),
        ({"dC": np.zeros(3)}, r"dC_T: expected shape \(2, 3\)"),
        ({"dh": np.zeros((4, 2, 3), np.float32)}, "dh: expected float64"),
    ],
)
def test_bad_input_is_named(change, words):
    a = arrays_of(11, 4, (2,), 2, 3)
    trace = run(a)
    a |= change
    with pytest.raises(ValueError, match=words):
        lstm_backward(LSTMParams(a["W"], a["b"]), trace, a["dh"], a["dC"])


def test_a_trace_is_needed():
    a = arrays_of(12, 4, (), 2, 3)
    params = LSTMParams(a["W"], a["b"])
    with pytest.raises(ValueError, match="trace: expected the SequenceTrace of lstm_forward, got StepTrace"):
        lstm_backward(params, run(a)[0], a["dh"])
    other = LSTMParams.random(2, 5, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"params.W: expected shape \(12, 5\)"):
        lstm_backward(other, run(a), a["dh"])
    with pytest.raises(ValueError, match="trace: expected the RNNSequenceTrace"):
        rnn_backward(RNNParams.random(2, 3, np.random.default_rng(0)), run(a), a["dh"])
