"""Forward passes against ONNX Runtime, for the kinds that its operators know."""

import numpy as np
import onnx
import onnxruntime
import pytest
from cells import H, random_params, random_states
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import KINDS, forward

ROWS = {"LSTM": "iofC", "GRU": "urh"}
"""The order of ONNX's rows, in our blocks; its update gate is z, its candidate c or h."""

OPERATORS = {
    "LSTM": ("LSTM", {}),
    "vanilla": ("LSTM", {}),
    "CIFG": ("LSTM", {"input_forget": 1}),
    "GRU": ("GRU", {"linear_before_reset": 1}),
    "GRU, reset before": ("GRU", {"linear_before_reset": 0}),
    "RNN": ("RNN", {}),
}


def weights(params, operator):
    """W (1, rows, D), R (1, rows, H), B (1, 2·rows) and, of peepholes, P (1, 3H)."""
    rows = ROWS.get(operator, "h")
    have = {gate.block for gate in params.kind.gates}
    W = np.concatenate([getattr(params, f"W_{g}") if g in have else np.zeros_like(params.W_i) for g in rows])
    b = [getattr(params, f"b_{g}") if g in have else np.zeros(H) for g in rows]
    recurrent = np.zeros(len(rows) * H)
    if hasattr(params, "b_hidden"):
        recurrent[-H:] = params.b_hidden
    found = {"W": W[None, :, H:], "R": W[None, :, :H], "B": np.concatenate([*b, recurrent])[None]}
    if hasattr(params, "p"):
        found["P"] = np.concatenate([getattr(params, f"p_{g}", np.zeros(H)) for g in "iof"])[None]
    return found


def run(params, x, first):
    """h (T, B, H) of ONNX Runtime, in float32."""
    operator, attributes = OPERATORS[params.kind.name]
    arrays = weights(params, operator)
    feed = {"x": x, **{n: a[None] for n, a in first.items()}}
    names = (
        ["x", "W", "R", "B", "", "h_0", "C_0", "P"] if operator == "LSTM" else ["x", "W", "R", "B", "", "h_0"]
    )
    node = onnx.helper.make_node(operator, [n if n in {**arrays, **feed} else "" for n in names], ["h"],
                                 hidden_size=H, **attributes)  # fmt: skip
    info, FLOAT = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [node], "cell", [info(n, FLOAT, a.shape) for n, a in feed.items()], [info("h", FLOAT, None)],
        [onnx.numpy_helper.from_array(a.astype(np.float32), n) for n, a in arrays.items()],
    )  # fmt: skip
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {n: a.astype(np.float32) for n, a in feed.items()})[0][:, 0]


@pytest.mark.parametrize("name", OPERATORS)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), T=st.integers(1, 9), B=st.integers(1, 3))
def test_forward_agrees_with_onnx_runtime(name, seed, T, B):
    rng = np.random.default_rng(seed)
    params, x = random_params(KINDS[name], rng), rng.normal(size=(T, B, 2))
    first = random_states(KINDS[name], rng, (B,))
    np.testing.assert_allclose(forward(params, x, **first).h, run(params, x, first), atol=3e-5)
