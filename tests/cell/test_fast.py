"""The tuned passes of the LSTM against those that read like the equations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import LSTMParams, lstm_backward, lstm_forward
from lstm_lib.cell import lstm_fast

GATES = st.dictionaries(
    st.sampled_from(["f", "i", "o", "C_tilde"]), st.sampled_from([0.0, 0.3, 1.0]), max_size=4
)


@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-12), (np.float32, 5e-4)])
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), T=st.integers(1, 8), B=st.integers(1, 4), D=st.integers(1, 3),
       H=st.integers(1, 4), clamp=GATES)  # fmt: skip
def test_the_tuned_passes_equal_the_readable_ones(dtype, close, seed, T, B, D, H, clamp):
    rng = np.random.default_rng(seed)
    params = LSTMParams(*(rng.normal(size=n).astype(dtype) for n in ((4 * H, H + D), (4 * H,))))
    x, dh = (rng.normal(size=(T, B, n)).astype(dtype) for n in (D, H))
    first = {name: rng.normal(size=(B, H)).astype(dtype) for name in "hC"}
    held = {gate: np.full((B, H), value, dtype) for gate, value in clamp.items()}
    run = lstm_fast.forward(params, x, first, held)
    gradients, reached = lstm_fast.backward(params, run, dh)
    trace = lstm_forward(params, x, first["h"], first["C"], clamp)
    wanted = lstm_backward(params, trace, dh)
    pairs = [(run.h, trace.h), (run.last["C"], trace.C[-1]), (reached, wanted.h),
             (gradients["W"], wanted.W), (gradients["b"], wanted.b)]  # fmt: skip
    for got, right in pairs:
        assert got.dtype == dtype
        np.testing.assert_allclose(got, right, atol=close * max(1, np.abs(right).max()))


def test_a_tiny_forget_gate_is_exact_and_a_tinier_one_is_zero_without_a_warning():
    ones = {name: np.ones((1, 2)) for name in "hC"}
    params = LSTMParams(np.zeros((8, 3)), [-40, -1000, 0, 0, 0, 0, 0, 0])
    with np.errstate(all="raise"):
        run = lstm_fast.forward(params, np.zeros((1, 1, 1)), ones, {})
    np.testing.assert_allclose(run.last["C"], [[np.exp(-40.0), 0]], rtol=1e-12)


def test_memory_is_used_again_only_when_nothing_refers_to_it(monkeypatch):
    monkeypatch.setattr(lstm_fast, "_SPARE", {})  # other tests left memory of their own
    rng = np.random.default_rng(0)
    params, x = LSTMParams(rng.normal(size=(8, 5)), rng.normal(size=8)), rng.normal(size=(4, 2, 3))
    zero = {name: np.zeros((2, 2)) for name in "hC"}
    runs = [lstm_fast.forward(params, k * x, zero, {}) for k in range(3)]
    kept, last = [run.h.copy() for run in runs], runs[0].last["C"]
    passes = [lstm_fast.backward(params, run, run.h) for run in runs]
    for a in runs:
        for b in runs:
            assert a is b or not np.shares_memory(a.v, b.v)
    reached = [p[1].copy() for p in passes]
    lstm_fast.backward(params, runs[0], kept[1])
    for k in range(3):
        np.testing.assert_array_equal(runs[k].h, kept[k])
        np.testing.assert_array_equal(passes[k][1], reached[k])
    memory, wanted = id(runs[1].gates), last.copy()
    del runs, passes, a, b
    again = [lstm_fast.forward(params, x, zero, {}) for _ in range(3)]
    assert memory in [id(run.gates) for run in again], "what is free is taken first"
    np.testing.assert_array_equal(last, wanted)


def test_memory_of_a_few_shapes_is_kept(monkeypatch):
    monkeypatch.setattr(lstm_fast, "_SPARE", {})
    kept = []
    for n in range(60):
        lstm_fast.empty((n,), np.dtype(float))
        kept.append(len(lstm_fast._SPARE))
    assert max(kept) == 24
