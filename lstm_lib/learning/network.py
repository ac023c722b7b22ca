"""A network that can learn: a recurrent layer with a linear readout.

All parameters live in one flat vector, θ, of which W, b, V and c are views: the norm, the clipping and
the optimiser are then a line each.
"""

from __future__ import annotations

import numpy as np

from lstm_lib.cell.backprop import BackwardBuffers, run_backward, run_rnn_backward
from lstm_lib.cell.lstm import clamped_values
from lstm_lib.cell.params import LSTMParams
from lstm_lib.cell.rnn import RNNParams, run_rnn
from lstm_lib.cell.sequence import Buffers, columns, run_forward
from lstm_lib.checks import FLOATS, as_floats, check_shape, whole_number

__all__ = ["Network", "chrono_bias", "orthogonal", "unexplained"]


class Network:
    """A cell ("lstm" or "rnn") and a readout y_t = V · h_t + c.

    W, b are the cell's, V (O, H) and c (O,) the readout's: writeable views of the flat `theta`.
    forget_bias : b_f of an LSTM at the start, a number or (H,); a plain RNN has none
    clamp : gates held at a value, as in `lstm_forward` (an ablation)

    Raises
    ------
    ValueError
        Sizes that are no whole numbers above 0, an unknown cell or float type, an impossible clamp.
    """

    def __init__(self, input_size, hidden_size, output_size, rng, cell="lstm", forget_bias=1.0, clamp=None,
                 dtype=np.float64):  # fmt: skip
        if cell not in ("lstm", "rnn"):
            raise ValueError(f"cell: expected 'lstm' or 'rnn', got {cell!r}")
        D, H = whole_number("input_size", input_size), whole_number("hidden_size", hidden_size)
        output_size, rows = whole_number("output_size", output_size), (4 if cell == "lstm" else 1) * H
        if not isinstance(rng, np.random.Generator):
            raise ValueError(f"rng: expected np.random.default_rng(a seed), got {type(rng).__name__}")
        if dtype not in (*FLOATS, np.float64, np.float32, "float64", "float32"):
            raise ValueError(f"dtype: expected float64 or float32, got {dtype!r}")
        forget_bias = as_floats("forget_bias", forget_bias)
        check_shape("forget_bias", forget_bias, (), (H,), why="(one, or one a unit)")
        self.cell, self.input_size, self.hidden_size, self.output_size = cell, D, H, output_size
        shapes = {"W": (rows, H + D), "b": (rows,), "V": (output_size, H), "c": (output_size,)}
        self._shapes = shapes
        self._theta = np.zeros(sum(map(int, map(np.prod, shapes.values()))), dtype)
        self._gradient = np.zeros_like(self._theta)
        self._look()
        bound = H**-0.5
        self.W[:] = rng.uniform(-bound, bound, self.W.shape)
        self.V[:] = rng.uniform(-bound, bound, self.V.shape)
        if cell == "lstm":
            self.b[:H] = forget_bias
        elif clamp:
            raise ValueError("clamp: a plain RNN has no gates to hold")
        self.clamp = clamped_values(clamp, (H,), dtype)

    def _look(self):
        """Let W, b, V, c and their gradients look into the flat vectors."""
        self.views, self.gradients, start = {}, {}, 0
        for name, shape in self._shapes.items():
            end = start + int(np.prod(shape))
            self.views[name] = self._theta[start:end].reshape(shape)
            self.gradients[name] = self._gradient[start:end].reshape(shape)
            start = end
        self._buffers = self._back = None

    def __getstate__(self):
        left_out = ("views", "gradients", "_buffers", "_back", "_run")
        return {name: value for name, value in self.__dict__.items() if name not in left_out}

    def __setstate__(self, state):  # a copy has views of its own
        self.__dict__.update(state)
        self._look()

    @property
    def theta(self):
        """All parameters, flat; what is assigned to it is copied in, so that the views stay true."""
        return self._theta

    @theta.setter
    def theta(self, values):
        self._theta[:] = values

    @property
    def gradient(self):
        """The gradient by `theta`, as the last `measure` or `train_step` left it; assigned likewise."""
        return self._gradient

    @gradient.setter
    def gradient(self, values):
        self._gradient[:] = values

    W, b, V, c = (property(lambda self, name=name: self.views[name]) for name in "WbVc")

    @property
    def params(self):
        """A frozen copy of the cell's parameters, LSTMParams or RNNParams."""
        return (LSTMParams if self.cell == "lstm" else RNNParams)(self.W, self.b)

    def buffers(self, T, B):
        """Forward and backward buffers for these sizes; the last ones again if they fit."""
        key = (T, B, self.input_size, self.hidden_size, self.theta.dtype)
        if self._buffers is None or self._buffers.key != key:
            self._buffers, self._back = Buffers(*key), BackwardBuffers(*key)
        return self._buffers, self._back

    def states(self, x, own=False):
        """h of every step, (T, H, B), for x (T, B, D); h_0 and C_0 are zero. The next call overwrites it.

        own : fill buffers of its own, so that a backward pass that is to come finds the last ones unchanged
        """
        if self.cell == "rnn":
            h_0 = np.zeros((x.shape[1], self.hidden_size), x.dtype)
            _, h = run_rnn(self.W, self.b, x, h_0)
            if not own:
                self._run = x, h_0, h
            return np.swapaxes(h, 1, 2)
        if own:
            buffers = Buffers(*x.shape[:2], self.input_size, self.hidden_size, self.theta.dtype)
        else:
            buffers, _ = self.buffers(*x.shape[:2])
        buffers.x[:] = columns(x, True)
        buffers.h[0] = buffers.C[0] = 0
        held = {gate: value[:, None] for gate, value in self.clamp.items()}
        run_forward(self.W, self.b, buffers, held, keep_z=False)
        return buffers.h[1:]

    def predict(self, x):
        """y (T, B, O) for x (T, B, D); a ValueError says what is wrong with x."""
        x = as_floats("x", x).astype(self.theta.dtype, copy=False)
        check_shape("x", x, ("T", "B", self.input_size), why=f"(input_size={self.input_size})")
        return np.swapaxes(np.matmul(self.V, self.states(x, own=True)) + self.c[:, None], 1, 2)

    def backward(self, dy):
        """Fill the cell's gradients from ∂loss/∂y (T, O, B); returns what reached each h_t, (T, H, B)."""
        if self.cell == "rnn":
            dh = np.ascontiguousarray(np.swapaxes(np.matmul(self.V.T, dy), 1, 2))
            self.gradients["W"][:], self.gradients["b"][:], *_ = run_rnn_backward(self.W, *self._run, dh)
            return np.swapaxes(dh, 1, 2)
        buffers, back = self._buffers, self._back
        np.matmul(self.V.T, dy, out=back.dh)
        dC = np.zeros_like(buffers.C[0])
        self.gradients["W"][:], self.gradients["b"][:], _ = run_backward(
            self.W, buffers, back, tuple(self.clamp), dC
        )
        return back.dh


def unexplained(network, batch):
    """Squared error at the wanted answers as a share of their variance: 0 is perfect, 1 is as good as the mean."""
    check_shape(
        "batch.target", batch.target, ("T", "B", network.output_size), why="(as the network's outputs)"
    )
    wanted = batch.mask.astype(bool)
    target, y = batch.target[wanted], network.predict(batch.x)[wanted]
    if not np.ptp(target, axis=0).any():
        raise ValueError("batch.target: expected wanted answers that vary; these have no variance to explain")
    return float(((y - target) ** 2).sum() / ((target - target.mean(axis=0)) ** 2).sum())


def orthogonal(rng, H, blocks=1):
    """`blocks` random orthogonal (H, H) matrices under one another: W_h that neither shrinks nor grows."""
    found = []
    for _ in range(blocks):
        Q, R = np.linalg.qr(rng.normal(size=(H, H)))
        found.append(Q * np.sign(np.diag(R)))
    return np.concatenate(found)


def chrono_bias(rng, H, longest):
    """b_f = ln U(1, T − 1) and b_i = −b_f, each (H,), for memories up to T = `longest` steps.

    Tallec & Ollivier 2018 (arXiv 1804.11188).
    """
    if longest < 3:
        raise ValueError(f"longest: expected at least 3 steps, got {longest!r}")
    b_f = np.log(rng.uniform(1, longest - 1, H))
    return b_f, -b_f
