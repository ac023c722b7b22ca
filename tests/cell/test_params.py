"""LSTMParams: blocks by name, and other libraries' layouts."""

import numpy as np
import pytest

from lstm_lib import LSTMParams, lstm_forward, lstm_step


def random_params(seed, D=3, H=4):
    rng = np.random.default_rng(seed)
    return LSTMParams(rng.normal(size=(4 * H, H + D)), rng.normal(size=4 * H))


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


def test_arrays_are_taken_by_torch_s_own_names():
    params = random_params(2)
    state = dict(
        zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), params.to_torch(), strict=True)
    )
    for names in ("{}", "lstm.{}", "model.encoder.{}"):
        again = LSTMParams.from_torch(**{names.format(name): array for name, array in state.items()})
        np.testing.assert_array_equal(again.W, params.W)
        np.testing.assert_array_equal(again.b, params.b)
    for more in ("weight_ih_l1", "weight_ih_l0_reverse", "weight_hr_l0"):
        with pytest.raises(
            ValueError, match=f"^from_torch: .* of one layer and direction, each once, got '{more[:9]}"
        ):
            LSTMParams.from_torch(**state, **{more: np.zeros(3)})


@pytest.mark.parametrize("library", ["torch", "keras", "onnx"])
def test_a_bias_may_be_missing_and_bytes_in_the_other_order(library):
    params = random_params(3)
    read, arrays = getattr(LSTMParams, f"from_{library}"), getattr(params, f"to_{library}")()
    for bias in ((), (None,)):
        again = read(*arrays[:2], *bias)
        np.testing.assert_array_equal(again.W, params.W)
        assert (again.b == 0).all() and again.b.shape == params.b.shape
    for order in ("<f4", ">f4", ">f8"):
        again = read(*(array.astype(order) for array in arrays))
        assert again.W.dtype == np.dtype(order).newbyteorder("=") and again.W.dtype.isnative
        np.testing.assert_allclose(again.b, params.b, rtol=1e-6)


def test_cudnn_s_two_biases_are_summed():
    params = random_params(4)
    kernel, recurrent, bias = params.to_keras()
    two = np.concatenate([bias - 1, np.ones_like(bias)])
    np.testing.assert_allclose(LSTMParams.from_keras(kernel, recurrent, two).b, params.b)


def test_a_mask_is_not_dropped():
    kernel, recurrent, bias = random_params(4).to_keras()
    with pytest.raises(ValueError, match="^kernel: expected numbers, got 2 that are masked"):
        LSTMParams.from_keras(
            np.ma.array(kernel, mask=np.arange(kernel.size).reshape(kernel.shape) < 2), recurrent, bias
        )
    LSTMParams.from_keras(np.ma.array(kernel), recurrent, bias)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: LSTMParams.from_torch(np.zeros((8, 3)), np.zeros((8, 3)), np.zeros(8), np.zeros(8)),
            "weight_hh",
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
        (lambda: LSTMParams.from_onnx(np.zeros((2, 8, 3)), np.zeros((2, 8, 2))), r"R: expected shape \(1, "),
        (
            lambda: LSTMParams.from_onnx(np.zeros((1, 8, 3)), np.zeros((1, 8, 2)), np.zeros((1, 8))),
            r"B: expected shape \(1, 16\)",
        ),
        (
            lambda: LSTMParams.from_torch(np.zeros((8, 3)), np.zeros((8, 2)), np.zeros(16)),
            r"bias_ih: expected shape \(8,\)",
        ),
        (lambda: LSTMParams.from_torch(np.zeros((8, 3))), "weight_hh: expected numbers, got None"),
        (
            lambda: LSTMParams.from_torch(np.zeros((6, 3)), np.zeros((6, 2))),
            r"weight_hh: .*\(4H rows, of an LSTM",
        ),
        (
            lambda: LSTMParams.from_keras(np.zeros((3, 6)), np.zeros((2, 6))),
            r"recurrent_kernel: .*\(4H columns, of",
        ),
        (
            lambda: LSTMParams.from_keras([np.zeros((3, 8)), np.zeros((2, 8))]),
            "from_keras: .*get_weights.*only kernel, a list",
        ),
        (
            lambda: LSTMParams.from_keras(*[np.zeros((3, 8)), np.zeros((2, 8)), np.zeros(8)] * 2),
            "from_keras: .* got 6",
        ),
        (
            lambda: LSTMParams.from_torch(
                **{"a.weight_ih": np.zeros((8, 3)), "b.weight_hh": np.zeros((8, 2))}
            ),
            "from_torch: .*got 'b.weight_hh'",
        ),
        (
            lambda: LSTMParams.from_torch(np.zeros((8, 3)), weight_ih_l0=np.zeros((8, 3))),
            "from_torch: .*got 'weight_ih_l0'",
        ),
        (lambda: LSTMParams.from_keras(np.zeros((3, 8)), 1.0), "recurrent_kernel: expected shape"),
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
