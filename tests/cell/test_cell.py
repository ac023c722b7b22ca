"""One step of the cell, against the same step written with Python numbers alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import LSTMParams, lstm_step

FIELDS = "x_t h_prev C_prev z_f z_i z_o z_C f_t i_t o_t C_tilde C_t tanh_C h_t".split()


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


def test_a_batch_is_its_vectors():
    params, x, h, C = random_case(1, 2, 3, batch=(4,))
    whole = lstm_step(params, x, h, C)
    for k in range(4):
        one = lstm_step(params, x[k], h[k], C[k])
        for name in FIELDS:
            np.testing.assert_allclose(getattr(whole, name)[k], getattr(one, name), atol=1e-14)


def test_the_trace_cannot_be_changed_and_shares_nothing_with_the_caller():
    params, x, h, C = random_case(2, 2, 3)
    t = lstm_step(params, x, h, C)
    for name in FIELDS:
        assert not getattr(t, name).flags.writeable
    x[:] = 9
    assert (t.x_t != 9).all()
    with pytest.raises(AttributeError):
        t.f_t = 0


def test_clamped_gates_are_held_and_named():
    params, x, h, C = random_case(3, 2, 3)
    t = lstm_step(params, x, h, C, clamp={"f": [0, 0.5, 1], "i": 0, "o": 1, "C_tilde": -1})
    np.testing.assert_array_equal(t.f_t, [0, 0.5, 1])
    np.testing.assert_array_equal(t.C_t, t.f_t * C)
    np.testing.assert_array_equal(t.h_t, np.tanh(t.C_t))
    np.testing.assert_array_equal(t.C_tilde, [-1, -1, -1])
    assert set(t.clamped) == {"f", "i", "o", "C_tilde"}
    free = lstm_step(params, x, h, C)
    np.testing.assert_array_equal(t.z_f, free.z_f)
    assert free.clamped == ()


def test_the_plan_s_three_scenarios():
    cell = LSTMParams.from_gates(W_f=np.zeros((3, 7)))
    for f, kept in (([0, 0, 0], [0, 0, 0]), ([1, 1, 1], [6, 8, 9]), ([0.5, 1, 0.5], [3, 8, 4.5])):
        assert lstm_step(cell, np.zeros(4), np.zeros(3), [6, 8, 9], {"f": f}).C_t.tolist() == kept


def test_float32_stays_float32_and_is_never_mixed():
    params, x, h, C = random_case(4, 2, 3)
    small = LSTMParams(params.W.astype(np.float32), params.b.astype(np.float32))
    t = lstm_step(small, [0.5, 1], np.zeros(3, np.float32), [0, 0, 0], clamp={"i": 0.5})
    assert all(getattr(t, name).dtype == np.float32 for name in FIELDS)
    with pytest.raises(ValueError, match="x_t: expected float32 like the parameters, got float64"):
        lstm_step(small, x, h, C)
    with pytest.raises(ValueError, match="b: expected float64 like the parameters, got float32"):
        LSTMParams(params.W, small.b)
    with pytest.raises(ValueError, match="W: expected float64 or float32, got float16"):
        LSTMParams(params.W.astype(np.float16), params.b)


BAD = {
    "x_t": [
        ([1, 2, 3], r"expected shape \(2,\) or \(B, 2\) \(input_size=2\), got \(3,\)"),
        (["a", "b"], "expected numbers, got text"),
        ([1, np.nan], r"got NaN or infinity at index \[1\]"),
        ([np.inf, 1], r"got NaN or infinity at index \[0\]"),
        ([], "expected at least one number"),
        (None, "expected numbers"),
        ([[1, 2], [3]], "rows of unequal length"),
        (1.0, r"got \(\)"),
        ([1j, 0], "expected numbers, got complex128"),
    ],
    "h_prev": [([0, 0], r"expected shape \(3,\) \(hidden_size=3, beside x_t of shape \(2,\)\), got \(2,\)")],
    "C_prev": [([[0, 0, 0]], r"expected shape \(3,\) .* got \(1, 3\)")],
    "clamp": [
        ({"g": 1}, r"expected keys from \['f', 'i', 'o', 'C_tilde'\], got 'g'"),
        ({"f": 1.5}, "expected values from 0 to 1, got 1.5 to 1.5"),
        ({"C_tilde": -2}, "expected values from -1 to 1"),
        ({"f": [1, 1]}, r"expected a number or an array for shape \(3,\), got shape \(2,\)"),
        ({"o": np.nan}, "NaN"),
    ],
}


@pytest.mark.parametrize(
    ("name", "value", "words"), [(n, v, w) for n, cases in BAD.items() for v, w in cases]
)
def test_bad_input_is_named(name, value, words):
    params = LSTMParams.from_gates(W_f=np.zeros((3, 5)))
    good = {"x_t": [0, 0], "h_prev": [0, 0, 0], "C_prev": [0, 0, 0], "clamp": None}
    with pytest.raises(ValueError, match=f"^{name}.*: .*{words}|^{name}: {words}"):
        lstm_step(params, **(good | {name: value}))


def test_params_check_their_shapes():
    with pytest.raises(ValueError, match=r"W: expected shape \(4H, H\+D\)"):
        LSTMParams(np.zeros((4, 1)), np.zeros(4))
    with pytest.raises(ValueError, match=r"W: expected shape \(4H, H\+D\)"):
        LSTMParams(np.zeros((6, 3)), np.zeros(6))
    with pytest.raises(ValueError, match=r"b: expected shape \(8,\)"):
        LSTMParams(np.zeros((8, 3)), np.zeros(4))
    with pytest.raises(ValueError, match="unknown block"):
        LSTMParams.from_gates(W_g=np.zeros((1, 2)))
    with pytest.raises(ValueError, match="at least one W"):
        LSTMParams.from_gates(b_f=[1.0])


def test_blocks_by_name_in_the_order_f_i_o_candidate():
    W = np.arange(8 * 3.0).reshape(8, 3)
    p = LSTMParams(W, np.arange(8.0))
    assert (p.hidden_size, p.input_size) == (2, 1)
    for k, gate in enumerate("fioC"):
        np.testing.assert_array_equal(getattr(p, f"W_{gate}"), W[2 * k : 2 * k + 2])
        np.testing.assert_array_equal(getattr(p, f"b_{gate}"), [2 * k, 2 * k + 1])
    again = LSTMParams.from_gates(
        **{f"{kind}_{g}": getattr(p, f"{kind}_{g}") for kind in "Wb" for g in "fioC"}
    )
    np.testing.assert_array_equal(again.W, p.W)
    np.testing.assert_array_equal(again.b, p.b)


def test_params_are_frozen_copies():
    W = np.zeros((4, 2))
    p = LSTMParams(W, np.zeros(4))
    W[:] = 1
    assert (p.W == 0).all()
    with pytest.raises(ValueError, match="read-only"):
        p.W_f[:] = 1


def test_random_params_follow_their_generator():
    a, b = (LSTMParams.random(2, 16, np.random.default_rng(0)) for _ in range(2))
    np.testing.assert_array_equal(a.W, b.W)
    assert np.abs(a.W).max() <= 0.25 and np.abs(a.W).max() > 0.24
    assert (a.b_f == 1).all() and (a.b[16:] == 0).all()
