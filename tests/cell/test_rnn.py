"""The plain recurrent network, against the same network written with Python numbers alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import RNNParams, rnn_forward, rnn_step

STEP = "x_t h_prev z h_t".split()
SEQUENCE = "x h_0 z h".split()


def by_hand(params, x, h):
    """z and h of every step of one sequence, in loops over plain floats."""
    zs, hs = [], []
    for x_t in x:
        v = [*map(float, h), *map(float, x_t)]
        z = [
            math.fsum([*(float(w) * a for w, a in zip(row, v, strict=True)), float(b)])
            for row, b in zip(params.W, params.b, strict=True)
        ]
        h = [math.tanh(a) for a in z]
        zs.append(z)
        hs.append(h)
    return np.array(zs), np.array(hs)


def random_case(seed, D, H, T=5, batch=()):
    rng = np.random.default_rng(seed)
    params = RNNParams(rng.normal(size=(H, H + D)), rng.normal(size=H))
    return params, rng.normal(size=(T, *batch, D)), rng.uniform(-1, 1, (*batch, H))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5), st.integers(1, 8))
def test_a_sequence_is_what_the_equations_say(seed, D, H, T):
    params, x, h = random_case(seed, D, H, T)
    trace = rnn_forward(params, x, h)
    z, states = by_hand(params, x, h)
    np.testing.assert_allclose(trace.z, z, rtol=0, atol=1e-10)
    np.testing.assert_allclose(trace.h, states, rtol=0, atol=1e-10)
    np.testing.assert_array_equal(trace.x, x)
    np.testing.assert_array_equal(trace.h_0, h)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5))
def test_a_step_is_what_the_equations_say(seed, D, H):
    params, x, h = random_case(seed, D, H, 1)
    step = rnn_step(params, x[0], h)
    z, states = by_hand(params, x, h)
    np.testing.assert_allclose(step.z, z[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(step.h_t, states[0], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(step.x_t, x[0])
    np.testing.assert_array_equal(step.h_prev, h)


@pytest.mark.parametrize("batch", [(), (1,), (3,)])
@pytest.mark.parametrize("T", [1, 6])
def test_a_sequence_is_its_steps(T, batch):
    params, x, h = random_case(0, 2, 3, T, batch)
    trace = rnn_forward(params, x, h)
    assert len(trace) == T
    for t in range(T):
        step = rnn_step(params, x[t], h)
        for name in STEP:
            np.testing.assert_allclose(getattr(trace[t], name), getattr(step, name), atol=1e-14, err_msg=name)
        h = step.h_t
    np.testing.assert_array_equal(trace[-1].h_t, trace.h[-1])
    np.testing.assert_array_equal(trace[-T].h_prev, trace.h_0)
    for outside in (T, -T - 1):
        with pytest.raises(IndexError, match=f"step {outside} of a sequence of {T} steps"):
            trace[outside]


def test_a_batch_is_its_sequences():
    params, x, h = random_case(1, 2, 3, 5, (4,))
    whole = rnn_forward(params, x, h)
    for k in range(4):
        one = rnn_forward(params, x[:, k], h[k])
        np.testing.assert_allclose(whole.z[:, k], one.z, atol=1e-14)
        np.testing.assert_allclose(whole.h[:, k], one.h, atol=1e-14)


def test_the_state_starts_at_zero():
    params, x, _ = random_case(2, 2, 3)
    trace = rnn_forward(params, x)
    assert trace.h_0.shape == (3,) and (trace.h_0 == 0).all()
    np.testing.assert_array_equal(trace.h, rnn_forward(params, x, np.zeros(3)).h)
    batch = np.stack([x, x], axis=1)
    assert rnn_forward(params, batch).h_0.shape == (2, 3)


def test_traces_cannot_be_changed_and_share_nothing_with_the_caller():
    params, x, h = random_case(3, 2, 3)
    x = np.asfortranarray(x)
    given_x, given_h = x.copy(), h.copy()
    trace, step = rnn_forward(params, x, h), rnn_step(params, x[0], h)
    np.testing.assert_array_equal(x, given_x)
    np.testing.assert_array_equal(h, given_h)
    assert x.flags.writeable and h.flags.writeable
    x[:], h[:] = 9, 9
    for one, names in ((trace, SEQUENCE), (step, STEP), (trace[2], STEP)):
        for name in names:
            assert not getattr(one, name).flags.writeable, name
            assert (getattr(one, name) != 9).all(), name
        with pytest.raises(AttributeError):
            one.z = 0


def test_float32_stays_float32_and_is_never_mixed():
    params, x, h = random_case(4, 2, 3)
    small = RNNParams(params.W.astype(np.float32), params.b.astype(np.float32))
    trace = rnn_forward(small, [[0.5, 1], [2, 3]])
    assert all(getattr(trace, name).dtype == np.float32 for name in SEQUENCE)
    step = rnn_step(small, [0.5, 1], [0, 0, 0])
    assert all(getattr(step, name).dtype == np.float32 for name in STEP)
    with pytest.raises(ValueError, match="^x: expected float32 like the parameters, got float64"):
        rnn_forward(small, x)
    with pytest.raises(ValueError, match="^x_t: expected float32 like the parameters, got float64"):
        rnn_step(small, x[0], [0, 0, 0])
    with pytest.raises(ValueError, match="^b: expected float64 like the parameters, got float32"):
        RNNParams(params.W, small.b)


BAD = {
    "forward": {
        "x": [
            ([1, 2], r"expected shape \(T, 2\) or \(T, B, 2\) \(input_size=2\), got \(2,\)"),
            ([[1, 2, 3]], r"got \(1, 3\)"),
            ([["a", "b"]], "expected numbers, got text"),
            ([[1, np.nan]], r"got NaN or infinity at index \[0, 1\]"),
            (np.zeros((0, 2)), "expected at least one number"),
            ([[1, 2], [3]], "rows of unequal length"),
            ([[1j, 0]], "expected numbers, got complex128"),
        ],
        "h_0": [
            ([0, 0], r"expected shape \(3,\) \(hidden_size=3, beside x of shape \(4, 2\)\), got \(2,\)"),
            ([[0, 0, 0]], r"got \(1, 3\)"),
            ([0, np.inf, 0], r"got NaN or infinity at index \[1\]"),
        ],
    },
    "step": {
        "x_t": [
            ([1, 2, 3], r"expected shape \(2,\) or \(B, 2\).*, got \(3,\)"),
            (1.0, r"got \(\)"),
            ([[[1, 2]]], r"got \(1, 1, 2\)"),
            ([1, np.nan], r"got NaN or infinity at index \[1\]"),
            (["a", "b"], "expected numbers, got text"),
        ],
        "h_prev": [
            ([0, 0], r"expected shape \(3,\).* got \(2,\)"),
            ([[0, 0, 0]], r"expected shape \(3,\).* got \(1, 3\)"),
            ([0, 0, np.nan], r"got NaN or infinity at index \[2\]"),
            (["a", "b", "c"], "expected numbers, got text"),
            (None, "expected numbers"),
        ],
    },
}


@pytest.mark.parametrize(
    ("which", "name", "value", "words"),
    [(w, n, v, words) for w, names in BAD.items() for n, cases in names.items() for v, words in cases],
)
def test_bad_input_is_named(which, name, value, words):
    params = RNNParams(np.zeros((3, 5)), np.zeros(3))
    run, good = {
        "forward": (rnn_forward, {"x": np.zeros((4, 2)), "h_0": None}),
        "step": (rnn_step, {"x_t": [0, 0], "h_prev": [0, 0, 0]}),
    }[which]
    with pytest.raises(ValueError, match=f"^{name}: .*{words}"):
        run(params, **(good | {name: value}))


@pytest.mark.parametrize("W", [np.zeros((3, 3)), np.zeros((3, 2)), np.zeros(3), np.zeros((1, 1, 2))])
def test_params_check_their_shapes(W):
    with pytest.raises(ValueError, match=r"^W: expected shape \(H, H\+D\) with D at least 1, got"):
        RNNParams(W, np.zeros(3))


def test_params_are_frozen_copies_of_what_was_given():
    W, b = np.arange(10.0).reshape(2, 5), np.ones(2)
    p = RNNParams(W, b)
    assert (p.hidden_size, p.input_size) == (2, 3)
    W[:], b[:] = -1, -1
    assert (p.W >= 0).all() and (p.b == 1).all()
    for array in (p.W, p.b):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1
    with pytest.raises(ValueError, match=r"^b: expected shape \(2,\) \(one bias a row of W\), got \(3,\)"):
        RNNParams(W, np.zeros(3))
    with pytest.raises(ValueError, match="^W: .*NaN"):
        RNNParams([[np.nan, 0]], [0])


def test_random_params_follow_their_generator():
    a, b = (RNNParams.random(2, 16, np.random.default_rng(0)) for _ in range(2))
    np.testing.assert_array_equal(a.W, b.W)
    assert (a.hidden_size, a.input_size) == (16, 2)
    assert np.abs(a.W).max() <= 0.25 and np.abs(a.W).max() > 0.24
    assert (a.b == 0).all()


def test_the_memory_of_a_plain_network_decays_where_its_weight_is_small():
    """What the course says of it: with |w| < 1 each step leaves less of the first input."""
    trace = rnn_forward(RNNParams([[0.9, 1.0]], [0.0]), [[1.0], *[[0.0]] * 30])
    h = trace.h[:, 0]
    assert (np.diff(h) < 0).all() and 0 < h[-1] < 0.9**30
