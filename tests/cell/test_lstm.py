"""The LSTM's step, against the same step written with Python numbers alone, and what the course says of it."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import (
    LSTMParams,
    RNNParams,
    backward,
    forward,
    half_life,
    lstm_backward,
    lstm_forward,
    lstm_step,
    retained,
    step,
)
from lstm_lib.cell.lstm import lstm_step_back


def by_hand(params, x, h, C):
    """The step for one vector, in loops over plain floats: rows f, i, o, C of [h; x]."""
    H, v = len(h), [*map(float, h), *map(float, x)]
    z = [
        math.fsum([*(float(w) * a for w, a in zip(row, v, strict=True)), float(b)])
        for row, b in zip(params.W, params.b, strict=True)
    ]

    def s(a):
        return 1 / (1 + math.exp(-a))

    out = []
    for u in range(H):
        f, i, o, g = s(z[u]), s(z[H + u]), s(z[2 * H + u]), math.tanh(z[3 * H + u])
        new = f * C[u] + i * g
        out.append((f, i, o, g, new, o * math.tanh(new)))
    return np.array(out).T


def random_case(seed, D, H, batch=()):
    rng = np.random.default_rng(seed)
    params = LSTMParams(rng.normal(size=(4 * H, H + D)), rng.normal(size=4 * H))
    return params, *(rng.normal(size=(*batch, n)) for n in (D, H, H))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5))
def test_a_step_is_what_the_equations_say(seed, D, H):
    params, x, h, C = random_case(seed, D, H)
    t = lstm_step(params, x, h, C)
    got = np.array([t.f_t, t.i_t, t.o_t, t.C_tilde, t.C_t, t.h_t])
    np.testing.assert_allclose(got, by_hand(params, x, h, C), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(t.kept, t.f_t * C)
    np.testing.assert_array_equal(t.written, t.i_t * t.C_tilde)


EACH = [{}, *({gate: value} for gate in ("f", "i", "o", "C_tilde") for value in (0.0, 0.3, 1.0))]


@pytest.mark.parametrize("clamp", EACH)
@pytest.mark.parametrize("batch", [(), (3,)])
def test_the_generated_step_is_the_one_written_by_hand(clamp, batch):
    for seed in range(5):
        params, x, h, C = random_case(seed, 2, 3, batch)
        hand, made = lstm_step(params, x, h, C, clamp), step(params, x, clamp, h_prev=h, C_prev=C)
        assert len(vars(hand)) == 19 and made.clamped == hand.clamped
        for name, value in vars(hand).items():
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable
                np.testing.assert_allclose(getattr(made, name), value, rtol=1e-15, atol=1e-15, err_msg=name)
        for one in (hand, made, copy.copy(hand), copy.copy(made)):
            with pytest.raises(AttributeError, match="has no blue"):
                one.blue  # noqa: B018
        dh, dC = np.random.default_rng(seed).normal(size=(2, *h.shape))
        wanted, trace = lstm_step_back(params, hand, dh, dC), lstm_forward(params, x[None], h, C, clamp)
        got = lstm_backward(params, trace, dh[None], dC)
        for name, value in {"W": got.W, "b": got.b, "x": got.x[0], "h": got.h_0, "C": got.C_0}.items():
            np.testing.assert_allclose(value, wanted[name], rtol=1e-14, atol=1e-15, err_msg=name)
        x[:] = 9
        assert (hand.x_t != x).all()


@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-12), (np.float32, 5e-4)])
@pytest.mark.parametrize("clamp", [*EACH, {"f": 0.9, "i": 0.3, "o": 1.0, "C_tilde": -1.0}])
def test_a_generated_sequence_is_the_steps_written_by_hand(dtype, close, clamp):
    params, *_ = random_case(1, 2, 3)
    params, rng = LSTMParams(params.W.astype(dtype), params.b.astype(dtype)), np.random.default_rng(2)
    x, dh = rng.normal(size=(12, 4, 2)).astype(dtype), rng.normal(size=(12, 4, 3)).astype(dtype)
    h, C, dC = rng.normal(size=(3, 4, 3)).astype(dtype)
    trace = lstm_forward(params, x, h, C, clamp)
    got, steps = lstm_backward(params, trace, dh, dC), []
    for x_t in x:
        steps.append(lstm_step(params, x_t, h, C, clamp))
        h, C = steps[-1].h_t, steps[-1].C_t
    back, sums, dx = {"h": 0, "C": dC}, {"W": 0, "b": 0}, []
    for s, d in zip(steps[::-1], dh[::-1], strict=True):
        back = lstm_step_back(params, s, back["h"] + d, back["C"])
        sums, dx = {name: sums[name] + back[name] for name in sums}, [back["x"], *dx]
    pairs = [(trace.h, [s.h_t for s in steps]), (trace.C, [s.C_t for s in steps]), (trace.z_o, [s.z_o for s in steps]),
             (got.x, dx), (got.h_0, back["h"]), (got.C_0, back["C"]), (got.W, sums["W"]), (got.b, sums["b"])]  # fmt: skip
    for found, wanted in pairs:
        assert found.dtype == dtype
        np.testing.assert_allclose(found, wanted, rtol=0, atol=close * max(1, np.abs(wanted).max()))


def test_the_lstm_s_own_functions_are_those_of_all_kinds_and_take_no_other():
    lstm, x, h, C = random_case(0, 2, 3)
    rnn = RNNParams(lstm.W[:3], lstm.b[:3])
    trace, rnn_trace = lstm_forward(lstm, [x, x], h, C), forward(rnn, [x, x], h_0=h)
    np.testing.assert_array_equal(
        lstm_backward(lstm, trace, trace.h, C).h_0, backward(lstm, trace, trace.h, dC_T=C).h_0
    )
    for wrong in (rnn, 3):
        for call in (
            lambda p: lstm_step(p, x, h, C),
            lambda p: lstm_forward(p, [x]),
            lambda p: lstm_backward(p, rnn_trace, trace.h),
        ):
            with pytest.raises(ValueError, match="^params: expected LSTMParams, got"):
                call(wrong)
    start = RNNParams.random(2, 3, np.random.default_rng(0))
    assert start.W.shape == (3, 5) and not start.b.any()


def test_the_plan_s_three_scenarios():
    cell = LSTMParams.from_gates(W_f=np.zeros((3, 7)))
    for f, kept in (([0, 0, 0], [0, 0, 0]), ([1, 1, 1], [6, 8, 9]), ([0.5, 1, 0.5], [3, 8, 4.5])):
        assert lstm_step(cell, np.zeros(4), np.zeros(3), [6, 8, 9], {"f": f}).C_t.tolist() == kept


def test_a_forget_gate_alone_multiplies_the_memory():
    cell = LSTMParams.from_gates(W_f=[[0.0, 2.0]], b_f=[1.0])
    trace = lstm_forward(cell, np.random.default_rng(0).normal(size=(20, 1)), C_0=[1.0])
    np.testing.assert_allclose(trace.C, retained(trace.f), rtol=1e-12)


@pytest.mark.parametrize(("f", "n"), [(0.5, 1.0), (0.9, 6.6), (0.99, 69.0), (0.73105858, 2.2), (0.0, 0.0)])
def test_half_lives_of_the_course(f, n):
    assert half_life(f) == pytest.approx(n, abs=0.05)


def test_half_life_is_where_half_is_left():
    f = np.array([0.3, 0.9, 0.999])
    np.testing.assert_allclose(f ** half_life(f), 0.5, rtol=1e-12)
    with np.errstate(all="raise"):
        assert half_life([0.0, 1.0]).tolist() == [0, np.inf]
    for f in (-0.1, [0.5, 1.1]):
        with pytest.raises(ValueError, match="f: expected values from 0 to 1"):
            half_life(f)


def test_the_memory_of_a_plain_network_decays_where_its_weight_is_small():
    """What the course says of it: with |w| < 1 each step leaves less of the first input."""
    trace = forward(RNNParams([[0.9, 1.0]], [0.0]), [[1.0], *[[0.0]] * 30])
    h = trace.h[:, 0]
    assert (np.diff(h) < 0).all() and 0 < h[-1] < 0.9**30
