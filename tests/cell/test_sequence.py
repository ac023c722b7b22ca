"""A sequence is its steps, one after the other."""

from dataclasses import fields

import numpy as np
import pytest

from lstm_lib import LSTMParams, StepTrace, half_life, lstm_forward, lstm_step, retained

FIELDS = [f.name for f in fields(StepTrace) if f.name != "clamped"]


@pytest.mark.parametrize("batch", [(), (1,), (3,)])
@pytest.mark.parametrize("T", [1, 7])
def test_a_sequence_is_its_steps(T, batch):
    rng = np.random.default_rng(0)
    params = LSTMParams(rng.normal(size=(12, 5)), rng.normal(size=12))
    x, h, C = rng.normal(size=(T, *batch, 2)), rng.normal(size=(*batch, 3)), rng.normal(size=(*batch, 3))
    clamp = {"o": 0.7}
    trace = lstm_forward(params, x, h, C, clamp)
    assert len(trace) == T
    for t in range(T):
        step = lstm_step(params, x[t], h, C, clamp)
        for name in FIELDS:
            np.testing.assert_allclose(getattr(trace[t], name), getattr(step, name), atol=1e-12, err_msg=name)
        assert trace[t].clamped == ("o",)
        h, C = step.h_t, step.C_t
    np.testing.assert_array_equal(trace[-1].h_t, trace.h[-1])
    with pytest.raises(IndexError, match=f"of {T} steps"):
        trace[T]


def test_states_start_at_zero_and_nothing_of_the_caller_s_changes():
    params = LSTMParams.random(2, 3, np.random.default_rng(1))
    x = np.asfortranarray(np.random.default_rng(2).normal(size=(4, 2)))
    before = x.copy()
    trace = lstm_forward(params, x)
    assert (trace.h_0 == 0).all() and (trace.C_0 == 0).all()
    np.testing.assert_array_equal(x, before)
    assert x.flags.writeable
    for array in (trace.x, trace.h, trace.C, trace.z, trace.f, trace.C_0):
        assert not array.flags.writeable


def test_a_sequence_says_what_is_wrong():
    params = LSTMParams.random(2, 3, np.random.default_rng(1))
    with pytest.raises(ValueError, match=r"x: expected shape \(T, 2\) or \(T, B, 2\).*got \(2,\)"):
        lstm_forward(params, [1, 2])
    with pytest.raises(ValueError, match="x: expected at least one number"):
        lstm_forward(params, np.zeros((0, 2)))
    with pytest.raises(ValueError, match=r"C_0: expected shape \(3,\)"):
        lstm_forward(params, np.zeros((4, 2)), C_0=[1])


def test_float32_stays_float32():
    p = LSTMParams.random(2, 3, np.random.default_rng(1))
    trace = lstm_forward(LSTMParams(p.W.astype(np.float32), p.b.astype(np.float32)), [[1, 2], [3, 4]])
    for name in "x h_0 C_0 z f i o C_tilde C tanh_C h".split():
        assert getattr(trace, name).dtype == np.float32, name


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
    assert half_life(1.0) == np.inf
    with pytest.raises(ValueError, match="f: expected values from 0 to 1"):
        half_life(-0.1)
