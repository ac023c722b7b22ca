"""The parameters of a cell, and their order in other libraries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import as_floats, check_shape

__all__ = ["GATES", "LSTMParams"]

GATES = ("f", "i", "o", "C")
"""Row blocks of W and b, in order: three gates, then the candidate."""

TORCH = ("i", "f", "C", "o")
"""The order of PyTorch and of Keras."""

ONNX = ("i", "o", "f", "C")


@dataclass(frozen=True, eq=False)
class LSTMParams:
    """All weights and biases of a cell with input size D and hidden size H.

    W : (4H, H+D), acts on [h_{t-1}; x_t];  b : (4H,).  Rows: forget, input, output, candidate.
    Both are copied and read-only. A block is reached by name: `W_f` (H, H+D), `b_i` (H,), …

    Raises
    ------
    ValueError
        A shape that fits no H and D, mixed float types, NaN, empty or non-numeric values.
    """

    W: np.ndarray
    b: np.ndarray

    def __post_init__(self):
        W = as_floats("W", self.W)
        b = as_floats("b", self.b, dtype=W.dtype)
        if W.ndim != 2 or W.shape[0] % 4 or W.shape[1] <= W.shape[0] // 4:
            raise ValueError(f"W: expected shape (4H, H+D) with D at least 1, got {W.shape}")
        check_shape("b", b, (W.shape[0],), why="(one bias a row of W)")
        object.__setattr__(self, "W", frozen(W.copy()))
        object.__setattr__(self, "b", frozen(b.copy()))

    @property
    def hidden_size(self):
        """H, the number of units."""
        return self.W.shape[0] // 4

    @property
    def input_size(self):
        """D, the number of features in x_t."""
        return self.W.shape[1] - self.hidden_size

    @classmethod
    def random(cls, input_size, hidden_size, rng, forget_bias=1.0):
        """Weights uniform in ±1/√H from the generator `rng`; b zero, but for b_f = `forget_bias`."""
        bound = hidden_size**-0.5
        W = rng.uniform(-bound, bound, (4 * hidden_size, hidden_size + input_size))
        b = np.zeros(4 * hidden_size)
        b[:hidden_size] = forget_bias
        return cls(W, b)

    @classmethod
    def from_gates(cls, **blocks):
        """Join named blocks: W_f, b_f, W_i, b_i, W_o, b_o (H, H+D) and (H,), and W_C, b_C.

        A block left out is zero: with only W_f and b_f the candidate is tanh(0) = 0, so the cell
        forgets and writes nothing. At least one W is needed; W and b of one H and D.
        """
        known = {f"{kind}_{g}" for kind in "Wb" for g in GATES}
        if unknown := set(blocks) - known:
            raise ValueError(f"from_gates: unknown block {sorted(unknown)}; expected some of {sorted(known)}")
        given = {name: as_floats(name, value) for name, value in blocks.items()}
        shape = next((array.shape for name, array in given.items() if name[0] == "W"), None)
        if shape is None or len(shape) != 2:
            raise ValueError(f"from_gates: expected at least one W of shape (H, H+D), got {shape}")
        for name, array in given.items():
            check_shape(name, array, shape if name[0] == "W" else shape[:1], why="(as the first W)")
        return cls(
            np.concatenate([given.get(f"W_{g}", np.zeros(shape)) for g in GATES]),
            np.concatenate([given.get(f"b_{g}", np.zeros(shape[0])) for g in GATES]),
        )

    @classmethod
    def from_torch(cls, weight_ih, weight_hh, bias_ih, bias_hh):
        """From `torch.nn.LSTM` as numpy arrays: (4H, D), (4H, H), (4H,), (4H,), rows i, f, candidate, o.

        Torch adds its two biases; here they are added once and for all.
        """
        x, h, b_x, b_h = (as_floats(n, v) for n, v in (("weight_ih", weight_ih), ("weight_hh", weight_hh),
                                                       ("bias_ih", bias_ih), ("bias_hh", bias_hh)))  # fmt: skip
        _check_blocks(("weight_ih", x), ("weight_hh", h), ("bias_ih", b_x), ("bias_hh", b_h))
        return cls(
            reordered(np.concatenate([h, x], axis=1), TORCH, GATES), reordered(b_x + b_h, TORCH, GATES)
        )

    def to_torch(self):
        """weight_ih, weight_hh, bias_ih, bias_hh for `torch.nn.LSTM`; all of b is in bias_ih."""
        W, b = reordered(self.W, GATES, TORCH), reordered(self.b, GATES, TORCH)
        H = self.hidden_size
        return W[:, H:].copy(), W[:, :H].copy(), b, np.zeros_like(b)

    @classmethod
    def from_keras(cls, kernel, recurrent_kernel, bias):
        """From a Keras LSTM layer's weights: (D, 4H), (H, 4H), (4H,), columns i, f, candidate, o."""
        kernel, recurrent = as_floats("kernel", kernel), as_floats("recurrent_kernel", recurrent_kernel)
        bias = as_floats("bias", bias)
        _check_blocks(
            ("kernel (turned)", kernel.T), ("recurrent_kernel (turned)", recurrent.T), ("bias", bias)
        )
        return cls(
            reordered(np.concatenate([recurrent, kernel]).T, TORCH, GATES), reordered(bias, TORCH, GATES)
        )

    def to_keras(self):
        """kernel, recurrent_kernel, bias for a Keras LSTM layer."""
        W, H = reordered(self.W, GATES, TORCH).T, self.hidden_size
        return W[H:].copy(), W[:H].copy(), reordered(self.b, GATES, TORCH)

    @classmethod
    def from_onnx(cls, W, R, B):
        """From an ONNX LSTM node of one direction: (1, 4H, D), (1, 4H, H), (1, 8H), rows i, o, f, candidate."""
        W, R, B = as_floats("W", W), as_floats("R", R), as_floats("B", B)
        check_shape("B", B, (1, "8H"))
        check_shape("W", W, (1, B.size // 2, "D"))
        check_shape("R", R, (1, B.size // 2, B.size // 8))
        bias = B[0, : B.size // 2] + B[0, B.size // 2 :]
        return cls(reordered(np.concatenate([R[0], W[0]], axis=1), ONNX, GATES), reordered(bias, ONNX, GATES))

    def to_onnx(self):
        """W, R, B for an ONNX LSTM node; all of b is in the first half of B."""
        W, b, H = reordered(self.W, GATES, ONNX), reordered(self.b, GATES, ONNX), self.hidden_size
        return W[None, :, H:].copy(), W[None, :, :H].copy(), np.concatenate([b, np.zeros_like(b)])[None]


def _block(kind, row):
    def rows(self):
        H = self.hidden_size
        return getattr(self, kind)[row * H : (row + 1) * H]

    rows.__doc__ = f"The rows of {kind} that belong to {GATES[row]}."
    return property(rows)


for _row, _gate in enumerate(GATES):
    for _kind in "Wb":
        setattr(LSTMParams, f"{_kind}_{_gate}", _block(_kind, _row))


def reordered(array, order, wanted):
    """The row blocks of `array`, which come in `order`, in the `wanted` order; a new array."""
    blocks = dict(zip(order, np.split(array, 4), strict=True))
    return np.concatenate([blocks[gate] for gate in wanted])


def _check_blocks(inputs, states, *biases):
    rows, H = inputs[1].shape[0], states[1].shape[-1]
    if inputs[1].ndim != 2 or rows != 4 * H:
        raise ValueError(f"{inputs[0]}: expected shape (4H, D) with H={H}, got {inputs[1].shape}")
    check_shape(states[0], states[1], (rows, H))
    for name, bias in biases:
        check_shape(name, bias, (rows,))


def frozen(array):
    """The same array, made read-only."""
    array.flags.writeable = False
    return array
