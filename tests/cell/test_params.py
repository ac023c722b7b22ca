"""Other libraries' weight layouts, and the forward pass against ONNX Runtime's own LSTM."""

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import LSTMParams, lstm_forward, lstm_step


def random_params(seed, D=3, H=4):
    rng = np.random.default_rng(seed)
    return LSTMParams(rng.normal(size=(4 * H, H + D)), rng.normal(size=4 * H))


def onnx_lstm(params, x, h_0, C_0):
    """Run x (T, B, D) through ONNX Runtime's LSTM, in float32: h (T, B, H), h_T and C_T (B, H)."""
    T, B, D = x.shape
    H = params.hidden_size
    weights = dict(zip("WRB", (a.astype(np.float32) for a in params.to_onnx()), strict=True))
    info = onnx.helper.make_tensor_value_info
    FLOAT = onnx.TensorProto.FLOAT
    node = onnx.helper.make_node(
        "LSTM", ["x", "W", "R", "B", "", "h_0", "C_0"], ["h", "h_T", "C_T"], hidden_size=H
    )
    graph = onnx.helper.make_graph(
        [node],
        "lstm",
        [info("x", FLOAT, [T, B, D]), info("h_0", FLOAT, [1, B, H]), info("C_0", FLOAT, [1, B, H])],
        [info("h", FLOAT, None), info("h_T", FLOAT, None), info("C_T", FLOAT, None)],
        [onnx.numpy_helper.from_array(a, name) for name, a in weights.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = {"x": x, "h_0": h_0[None], "C_0": C_0[None]}
    h, h_T, C_T = session.run(None, {n: a.astype(np.float32) for n, a in feed.items()})
    return h[:, 0], h_T[0], C_T[0]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 4), st.integers(1, 5), st.integers(1, 6))
def test_forward_agrees_with_onnx_runtime(seed, T, B, D, H):
    params, rng = random_params(seed, D, H), np.random.default_rng(seed + 1)
    x, h_0, C_0 = rng.normal(size=(T, B, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    trace = lstm_forward(params, x, h_0, C_0)
    h, h_T, C_T = onnx_lstm(params, x, h_0, C_0)
    np.testing.assert_allclose(trace.h, h, atol=2e-5)
    np.testing.assert_allclose(trace.h[-1], h_T, atol=2e-5)
    np.testing.assert_allclose(trace.C[-1], C_T, atol=5e-5)


@pytest.mark.parametrize("library", ["torch", "keras", "onnx"])
def test_there_and_back(library):
    params = random_params(1)
    again = getattr(LSTMParams, f"from_{library}")(*getattr(params, f"to_{library}")())
    np.testing.assert_array_equal(again.W, params.W)
    np.testing.assert_array_equal(again.b, params.b)


def test_torch_s_order_is_input_forget_candidate_output():
    H, D = 2, 3
    blocks = {g: k * np.ones((H, D)) for k, g in enumerate("ifCo", start=1)}
    weight_ih = np.concatenate(list(blocks.values()))
    p = LSTMParams.from_torch(weight_ih, np.zeros((4 * H, H)), weight_ih[:, 0], 10 * weight_ih[:, 0])
    for k, gate in enumerate("ifCo", start=1):
        assert (getattr(p, f"W_{gate}")[:, H:] == k).all() and (getattr(p, f"W_{gate}")[:, :H] == 0).all()
        assert (getattr(p, f"b_{gate}") == 11 * k).all()


def test_keras_s_order_and_turned_shape():
    H, D = 2, 3
    columns = np.repeat([1.0, 2, 3, 4], H)
    p = LSTMParams.from_keras(np.tile(columns, (D, 1)), np.tile(-columns, (H, 1)), columns)
    for k, gate in enumerate("ifCo", start=1):
        assert (getattr(p, f"W_{gate}") == [[-k] * H + [k] * D] * H).all()
        assert (getattr(p, f"b_{gate}") == k).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: LSTMParams.from_torch(np.zeros((8, 3)), np.zeros((8, 3)), np.zeros(8), np.zeros(8)),
            "weight_ih",
        ),
        (
            lambda: LSTMParams.from_torch(np.zeros((8, 3)), np.zeros((8, 2)), np.zeros(8), np.zeros(6)),
            "bias_hh",
        ),
        (lambda: LSTMParams.from_keras(np.zeros((8, 3)), np.zeros((8, 2)), np.zeros(8)), "kernel"),
        (
            lambda: LSTMParams.from_onnx(np.zeros((1, 8, 3)), np.zeros((1, 8, 3)), np.zeros((1, 16))),
            "R: expected",
        ),
    ],
)
def test_wrong_shapes_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_fast_path_and_single_steps_agree_to_twelve_digits():
    params, rng = random_params(5), np.random.default_rng(6)
    x, h, C = rng.normal(size=(50, 3)), rng.normal(size=4), rng.normal(size=4)
    trace = lstm_forward(params, x, h, C)
    for t in range(50):
        step = lstm_step(params, x[t], h, C)
        h, C = step.h_t, step.C_t
        np.testing.assert_allclose(trace.h[t], h, atol=1e-12)
        np.testing.assert_allclose(trace.C[t], C, atol=1e-12)
