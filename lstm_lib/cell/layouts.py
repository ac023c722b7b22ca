"""LSTM parameters in the layouts of other libraries."""

import math

import numpy as np

from lstm_lib.checks import as_floats, check_shape, quoted

OURS = "fioC"
LIBRARIES = {
    "torch": ("ifCo", np.asarray, lambda H: [(4 * H,)]),
    "keras": ("ifCo", np.transpose, lambda H: [(4 * H,), (8 * H,)]),  # CuDNN has two biases per row
    "onnx": ("iofC", lambda rows: rows[None], lambda H: [(1, 8 * H)]),
}
"""The order of the blocks of rows, how an array of rows is laid out, and the shapes that a bias can have."""


class Layouts:
    """Converts LSTMParams from and to arrays of other libraries, without importing them. A bias that is None is zero."""

    @classmethod
    def from_gates(cls, **blocks):
        """Join named blocks: W_f, W_i, W_o, W_C (H, H+D) and b_f, b_i, b_o, b_C (H,).

        Blocks left out are zero: with only W_f and b_f the candidate is tanh(0) = 0, so the cell writes nothing.
        At least one W is needed.
        """
        known = [f"{kind}_{block}" for kind in "Wb" for block in OURS]
        if unknown := set(blocks) - set(known):
            raise ValueError(f"from_gates: unknown block {sorted(unknown)}; expected some of {sorted(known)}")
        given = {name: as_floats(name, value) for name, value in blocks.items()}
        shape = next((array.shape for name, array in given.items() if name[0] == "W"), ())
        if len(shape) != 2:
            raise ValueError(
                f"from_gates: expected at least one W of shape (H, H+D), got {shape or None} for {list(given)}"
            )
        for name in known:
            wanted = shape if name[0] == "W" else shape[:1]
            check_shape(name, given.setdefault(name, np.zeros(wanted)), wanted, why="(as the first W)")
        return cls(*(np.concatenate([given[name] for name in known[k : k + 4]]) for k in (0, 4)))

    @classmethod
    def _read(cls, library, **given):
        """From the library's arrays for x and for h, and its biases."""
        (x_name, x), (h_name, h), *biases = given.items()
        x, h = as_floats(x_name, x), as_floats(h_name, h)
        order, laid, shapes = LIBRARIES[library]
        H = max(1, math.isqrt(h.size // 4))
        lines = "columns" if library == "keras" else "rows"
        check_shape(
            h_name, h, laid(np.empty((4 * H, H))).shape, why=f"(4H {lines}, of an LSTM of one direction)"
        )
        D = max(1, x.size // (4 * H))
        check_shape(x_name, x, laid(np.empty((4 * H, D))).shape, why=f"(H={H}, from {h_name})")
        x, h = (a.T if library == "keras" else a.reshape(a.shape[-2:]) for a in (x, h))
        b = np.zeros(4 * H, h.dtype)
        for name, bias in biases:
            if bias is not None:
                check_shape(name, bias := as_floats(name, bias), *shapes(H), why=f"(H={H}, from {h_name})")
                b = b + bias.reshape(-1, 4 * H).sum(axis=0)
        return cls(_reordered(np.concatenate([h, x], axis=1), order, OURS), _reordered(b, order, OURS))

    def _laid(self, library):
        """The library's arrays for x and for h, and b as (4H,)."""
        order, laid, _ = LIBRARIES[library]
        W, H = _reordered(self.W, OURS, order), self.hidden_size
        return laid(W[:, H:]).copy(), laid(W[:, :H]).copy(), _reordered(self.b, OURS, order)

    @classmethod
    def from_torch(cls, weight_ih=None, weight_hh=None, bias_ih=None, bias_hh=None, **state):
        """From `torch.nn.LSTM` as numpy arrays: (4H, D), (4H, H), (4H,), (4H,), rows i, f, candidate, o.

        Torch has two biases per row; b is their sum. `**state_dict` of one layer and direction has its names too.
        """
        given = {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias_ih": bias_ih, "bias_hh": bias_hh}
        there = {name for name, array in given.items() if array is not None}
        for name, array in state.items():
            plain = name.rpartition(".")[2].removesuffix("_l0")
            if (
                plain not in given
                or plain in there
                or name.rpartition(".")[0] != next(iter(state)).rpartition(".")[0]
            ):
                raise ValueError(
                    f"from_torch: expected {', '.join(given)} of one layer and direction, each once, got {quoted(name)}"
                )
            there.add(plain)
            given[plain] = array
        return cls._read("torch", **given)

    def to_torch(self):
        """weight_ih, weight_hh, bias_ih, bias_hh for `torch.nn.LSTM`; all of b is in bias_ih."""
        x, h, b = self._laid("torch")
        return x, h, b, np.zeros_like(b)

    @classmethod
    def from_keras(cls, kernel, recurrent_kernel=None, bias=None, *more):
        """From a Keras LSTM layer's weights: (D, 4H), (H, 4H), (4H,), columns i, f, candidate, o."""
        if recurrent_kernel is None or more:
            raise ValueError(
                "from_keras: expected kernel, recurrent_kernel and bias of one direction, as in from_keras(*layer.get_weights()); "
                f"got {3 + len(more) if more else f'only kernel, a {type(kernel).__name__}'}"
            )
        return cls._read("keras", kernel=kernel, recurrent_kernel=recurrent_kernel, bias=bias)

    def to_keras(self):
        """kernel, recurrent_kernel, bias for a Keras LSTM layer."""
        return self._laid("keras")

    @classmethod
    def from_onnx(cls, W, R, B=None):
        """From an ONNX LSTM node of one direction: (1, 4H, D), (1, 4H, H), (1, 8H), rows i, o, f, candidate."""
        return cls._read("onnx", W=W, R=R, B=B)

    def to_onnx(self):
        """W, R, B for an ONNX LSTM node; all of b is in the first half of B."""
        x, h, b = self._laid("onnx")
        return x, h, np.concatenate([b, np.zeros_like(b)])[None]


def _reordered(array, order, wanted):
    """A copy of `array` with its blocks of rows moved from `order` to the `wanted` order."""
    blocks = np.split(array, len(order))
    return np.concatenate([blocks[order.index(block)] for block in wanted])
