"""Public functions accept right arguments, and a ValueError names a wrong one."""

import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_lib as lib
from lstm_lib.learning import classify, series, text

D, H, T, B = 2, 3, 4, 2


def rng():
    return np.random.default_rng(0)


W, b, x = rng().normal(size=(4 * H, H + D)), np.ones(4 * H), rng().normal(size=(T, B, D))
h, C = np.full((B, H), 0.5), np.full((B, H), -0.5)
LSTM, RNN = lib.LSTMParams(W, b), lib.RNNParams(W[:H], b[:H])
TRACE, RNN_TRACE = lib.lstm_forward(LSTM, x), lib.forward(RNN, x)
BATCH = lib.Batch(x, np.ones((T, B, 1)) * np.arange(B)[:, None], np.ones((T, B)))
CLASSES = lib.Batch(x, np.eye(2)[np.zeros((T, B), int)], np.ones((T, B)))


def net():
    return lib.Network(D, H, 1, rng())


def draw_from(task):
    return lambda **given: lib.TASKS[task].draw(**given)


CALLS = {
    "sigmoid": (lib.sigmoid, {"z": x}),
    "logit": (lib.logit, {"f": np.full(3, 0.5)}),
    "half_life": (lib.half_life, {"f": np.full(3, 0.5)}),
    "retained": (lib.retained, {"f": np.full(3, 0.5)}),
    "central_differences": (lib.central_differences, {"loss": lambda a: a.sum(), "array": np.ones(3), "step": 1e-6}),
    "orthogonal": (lib.orthogonal, {"rng": rng(), "H": 3}),
    "chrono_bias": (lib.chrono_bias, {"rng": rng(), "H": 3, "longest": 9}),
    "LSTMParams": (lib.LSTMParams, {"W": W, "b": b}),
    "LSTMParams.random": (lib.LSTMParams.random, {"input_size": D, "hidden_size": H, "rng": rng(), "forget_bias": 1.0}),
    "LSTMParams.from_gates": (lib.LSTMParams.from_gates, {"W_f": W[:H], "b_f": b[:H], "W_C": W[:H]}),
    "LSTMParams.from_torch": (lib.LSTMParams.from_torch, dict(zip(
        ("weight_ih", "weight_hh", "bias_ih", "bias_hh"), LSTM.to_torch(), strict=True))),
    "LSTMParams.from_keras": (lib.LSTMParams.from_keras, dict(zip(
        ("kernel", "recurrent_kernel", "bias"), LSTM.to_keras(), strict=True))),
    "LSTMParams.from_onnx": (lib.LSTMParams.from_onnx, dict(zip("WRB", LSTM.to_onnx(), strict=True))),
    "RNNParams": (lib.RNNParams, {"W": W[:H], "b": b[:H]}),
    "RNNParams.random": (lib.RNNParams.random, {"input_size": D, "hidden_size": H, "rng": rng()}),
    "Kind": (lambda name, line: lib.Kind(name, line), {"name": "mine", "line": "h_t = tanh(W · [h_{t-1}; x_t] + b)"}),
    "Params": (lib.Params, {"kind": lib.KINDS["GRU"], "W": W[: 3 * H], "b": b[: 3 * H], "b_hidden": b[:H]}),
    "step": (lib.step, {"params": LSTM, "x_t": x[0], "clamp": {"f": 0.5}, "h_prev": h, "C_prev": C}),
    "forward": (lib.forward, {"params": LSTM, "x": x, "clamp": {"f": 0.5}, "h_0": h, "C_0": C}),
    "backward": (lib.backward, {"params": LSTM, "trace": TRACE, "dh": TRACE.h, "dC_T": C}),
    "jacobian": (lib.jacobian, {"params": LSTM, "x": x[:, 0], "state": "C", "C_0": C[0]}),
    "lstm_step": (lib.lstm_step, {"params": LSTM, "x_t": x[0], "h_prev": h, "C_prev": C, "clamp": {"f": 0.5}}),
    "lstm_forward": (lib.lstm_forward, {"params": LSTM, "x": x, "h_0": h, "C_0": C, "clamp": {"o": 1}}),
    "lstm_backward": (lib.lstm_backward, {"params": LSTM, "trace": TRACE, "dh": TRACE.h, "dC_T": C}),
    "lstm_jacobian": (lib.lstm_jacobian, {"params": LSTM, "x": x[:, 0], "C_0": C[0], "clamp": {"f": 0.5}}),
    "Network": (lib.Network, {"input_size": D, "hidden_size": H, "output_size": 1, "rng": rng(), "cell": "GRU",
                              "forget_bias": 1.0, "clamp": {"u": 0.5}, "dtype": np.float64}),
    "Network.predict": (lambda x: net().predict(x), {"x": x}),
    "Batch": (lib.Batch, {"x": x, "target": BATCH.target, "mask": BATCH.mask}),
    **{f"Task {name}": (draw_from(name), {"rng": rng(), "T": T, "B": B}) for name in lib.TASKS},
    "SGD": (lib.SGD, {"learning_rate": 0.1}),
    "Adam": (lib.Adam, {"learning_rate": 0.1}),
    "clip_by_global_norm": (lib.clip_by_global_norm, {"gradient": np.ones(3), "max_norm": 1.0}),
    "loss_and_gradient": (lib.loss_and_gradient, {"network": net(), "batch": BATCH}),
    "train_step": (lambda **given: lib.train_step(net(), **given), {"batch": BATCH, "optimiser": lib.Adam(), "max_norm": 1.0}),
    "fit": (lambda steps: list(lib.fit(net(), lambda: BATCH, lib.Adam(), steps)), {"steps": 2}),
    "cross_entropy": (lambda target: lib.cross_entropy(np.zeros((T, B, 2)), lib.Batch(x, target, np.ones((T, B)))),
                      {"target": CLASSES.target}),
    "fraction_unexplained": (lib.fraction_unexplained, {"network": net(), "batch": BATCH}),
    "study": (lib.study, {"name": "latch"}),
    "Study.each": (lib.study("latch").each, {"measure": "losses"}),
    "Study.run": (lib.study("latch").run, {"arm": "LSTM", "start": 0}),
    "Study.network": (lib.study("latch").network, {"arm": "LSTM", "start": 2}),
    "run_for": (lib.run_for, {"task": lib.TASKS["latch"], "steps": 2, "seed": 0, "cell": "RNN", "optimiser": "SGD",
                              "learning_rate": 0.1, "max_norm": 1.0, "hidden_size": 3, "forget_bias": 1.0, "clamp": None}),
    "compare": (classify.compare, {"first": np.ones(5), "second": np.zeros(5)}),
    "scores": (classify.scores, {"probability": np.ones(5), "labels": np.ones(5)}),
    "BagOfWords": (classify.BagOfWords, {"texts": ["a b", "c"], "labels": np.array([0.0, 1.0]), "updates": 2}),
    "words_of": (text.words_of, {"text": "a b"}),
    "Vocabulary": (text.Vocabulary, {"texts": ["a b"]}),
    "padded": (text.padded, {"sequences": [x[:, 0], x[:2, 1]], "targets": [[1.0], [2.0]]}),
    "Scaler": (lambda train: series.Scaler.fit(train), {"train": np.arange(9.0)}),
    "closed_loop": (series.closed_loop, {"network": lib.Network(D, H, D, rng()), "x": x, "steps": 2}),
    "pinball": (series.pinball, {"quantiles": [0.1, 0.9]}),
}  # fmt: skip

WITHOUT = {
    "GATES",
    "KINDS",
    "TASKS",
    "SequenceTrace",
    "StepTrace",
    "Record",
    "Run",
    "Task",
    "squared_error",
}
"""Tables, return types, and functions that others cover."""


INSIDE = {"from_gates", "text", "series", "batch", "b"}
"""Other names that an error may begin with: the function, one of several texts, or a sum of biases."""


class Array:
    """An object that cannot be converted to an array."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")


def bad(value):
    """Wrong values for an argument for which `value` is right."""
    others = ["text", None, object(), {}, [], [[1], [1, 2]], np.nan, np.inf, -1, 0, 1e308, 10**400, 1j, True, 2.5, "3",
              np.zeros(0), np.zeros((0, D)), np.zeros((T, 0, D)), np.zeros((0, B, D)), {"f": 2}, {"f": "a"}, {1: 2}, {"q": 1},
              np.array([None]), np.zeros((1, 1, 1, 1)), LSTM, RNN, TRACE, RNN_TRACE, TRACE[0], BATCH, Array(),
              lib.LSTMParams(W + 1, b), lib.Params(lib.KINDS["GRU"], W=W[: 3 * H], b=b[: 3 * H], b_hidden=b[:H])]  # fmt: skip
    if isinstance(value, np.ndarray):
        others += [value.T, value[None], value[..., :1], value.astype(np.float32), value * np.nan, value.astype(str),
                   value.tolist(), value.astype(complex), value.astype(int), value[:1], np.asfortranarray(value)]  # fmt: skip
    return others


CASES = [
    (call, name, k)
    for call, (_, good) in CALLS.items()
    for name, value in good.items()
    for k in range(len(bad(value)))
]


def test_every_public_name_is_called():
    named = {name.split(".")[0] for name in CALLS}
    assert set(lib.__all__) - named == WITHOUT


@pytest.mark.parametrize("call", CALLS)
def test_right_arguments_work(call):
    function, good = CALLS[call]
    function(**good)


@settings(max_examples=1500)
@given(st.sampled_from(CASES))
def test_wrong_arguments_are_named(case):
    check(*case)


@pytest.mark.proof
@pytest.mark.parametrize("call", CALLS)
def test_all_wrong_arguments_are_named(call):
    for case in CASES:
        if case[0] == call:
            check(*case)


def check(call, name, k):
    function, good = CALLS[call]
    value = bad(good[name])[k]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        try:
            function(**good | {name: value})
        except ValueError as error:
            named = re.match(r"\w+", str(error))[0]  # if two arguments do not match, either may be named
            assert named in good or named in INSIDE, f"{call}({name}={value!r:.60}): {error}"
            assert len(str(error)) < 400
        except Exception as error:
            raise AssertionError(f"{call}({name}={value!r:.60}): {type(error).__name__}: {error}") from error
