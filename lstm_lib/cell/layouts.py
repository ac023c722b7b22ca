"""LSTM parameters in the layouts of other libraries."""

import numpy as np

from lstm_lib.checks import as_floats, check_shape

OURS, TORCH, ONNX = tuple("fioC"), tuple("ifCo"), tuple("iofC")
"""The order of the blocks of rows; TORCH is also that of Keras."""


class Layouts:
    """Converts LSTMParams from and to arrays of other libraries, without importing them."""

    @classmethod
    def from_gates(cls, **blocks):
        """Join named blocks: W_f, W_i, W_o, W_C (H, H+D) and b_f, b_i, b_o, b_C (H,).

        Blocks left out are zero: with only W_f and b_f the candidate is tanh(0) = 0, so the cell writes nothing.
        At least one W is needed.
        """
        known = [f"{kind}_{block}" for block in OURS for kind in "Wb"]
        if unknown := set(blocks) - set(known):
            raise ValueError(f"from_gates: unknown block {sorted(unknown)}; expected some of {sorted(known)}")
        given = {name: as_floats(name, value) for name, value in blocks.items()}
        shape = next((array.shape for name, array in given.items() if name[0] == "W"), None)
        if shape is None or len(shape) != 2:
            raise ValueError(
                f"from_gates: expected at least one W of shape (H, H+D), got {shape} for {list(given)}"
            )
        for name, array in given.items():
            check_shape(name, array, shape if name[0] == "W" else shape[:1], why="(as the first W)")
        W, b = (
            [given.get(n, np.zeros(shape if n[0] == "W" else shape[0])) for n in known if n[0] == kind]
            for kind in "Wb"
        )
        return cls(np.concatenate(W), np.concatenate(b))

    @classmethod
    def from_torch(cls, weight_ih, weight_hh, bias_ih, bias_hh):
        """From `torch.nn.LSTM` as numpy arrays: (4H, D), (4H, H), (4H,), (4H,), rows i, f, candidate, o.

        Torch has two biases per row; b is their sum.
        """
        given = {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias_ih": bias_ih, "bias_hh": bias_hh}
        x, h, b_x, b_h = (as_floats(name, value) for name, value in given.items())
        _check_blocks(("weight_ih", x), ("weight_hh", h), ("bias_ih", b_x), ("bias_hh", b_h))
        return cls(reordered(np.concatenate([h, x], axis=1), TORCH, OURS), reordered(b_x + b_h, TORCH, OURS))

    def to_torch(self):
        """weight_ih, weight_hh, bias_ih, bias_hh for `torch.nn.LSTM`; all of b is in bias_ih."""
        W, b = reordered(self.W, OURS, TORCH), reordered(self.b, OURS, TORCH)
        H = self.hidden_size
        return W[:, H:].copy(), W[:, :H].copy(), b, np.zeros_like(b)

    @classmethod
    def from_keras(cls, kernel, recurrent_kernel, bias):
        """From a Keras LSTM layer's weights: (D, 4H), (H, 4H), (4H,), columns i, f, candidate, o."""
        kernel, recurrent = as_floats("kernel", kernel), as_floats("recurrent_kernel", recurrent_kernel)
        bias = as_floats("bias", bias)
        _check_blocks(
            ("kernel (transposed)", kernel.T), ("recurrent_kernel (transposed)", recurrent.T), ("bias", bias)
        )
        return cls(
            reordered(np.concatenate([recurrent, kernel]).T, TORCH, OURS), reordered(bias, TORCH, OURS)
        )

    def to_keras(self):
        """kernel, recurrent_kernel, bias for a Keras LSTM layer."""
        W, H = reordered(self.W, OURS, TORCH).T, self.hidden_size
        return W[H:].copy(), W[:H].copy(), reordered(self.b, OURS, TORCH)

    @classmethod
    def from_onnx(cls, W, R, B):
        """From an ONNX LSTM node of one direction: (1, 4H, D), (1, 4H, H), (1, 8H), rows i, o, f, candidate."""
        W, R, B = as_floats("W", W), as_floats("R", R), as_floats("B", B)
        check_shape("B", B, (1, "8H"))
        check_shape("W", W, (1, B.size // 2, "D"), why="(half as many rows as B has numbers)")
        check_shape("R", R, (1, B.size // 2, B.size // 8))
        bias = B[0, : B.size // 2] + B[0, B.size // 2 :]
        return cls(reordered(np.concatenate([R[0], W[0]], axis=1), ONNX, OURS), reordered(bias, ONNX, OURS))

    def to_onnx(self):
        """W, R, B for an ONNX LSTM node; all of b is in the first half of B."""
        W, b, H = reordered(self.W, OURS, ONNX), reordered(self.b, OURS, ONNX), self.hidden_size
        return W[None, :, H:].copy(), W[None, :, :H].copy(), np.concatenate([b, np.zeros_like(b)])[None]


def reordered(array, order, wanted):
    """A copy of `array` with its blocks of rows moved from `order` to the `wanted` order."""
    blocks = dict(zip(order, np.split(array, len(order)), strict=True))
    return np.concatenate([blocks[block] for block in wanted])


def _check_blocks(inputs, states, *biases):
    check_shape(*states, ("4H", "H"))
    H = states[1].shape[1]
    rows = 4 * H
    check_shape(*states, (rows, H))
    check_shape(*inputs, (rows, "D"), why=f"(H={H}, from {states[0]})")
    for name, bias in biases:
        check_shape(name, bias, (rows,))
