"""Learning: a recurrent layer with a linear readout, a loss, clipping, an optimiser, a record per step.

All parameters live in one flat vector, θ, of which W, b, V and c are views: the norm, the clipping and
the optimiser are then a line each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.backprop import BackwardBuffers, rnn_backward, run_backward
from lstm_lib.cell import clamped_values
from lstm_lib.params import LSTMParams
from lstm_lib.rnn import RNNParams, rnn_forward
from lstm_lib.sequence import Buffers, columns, run_forward

__all__ = [
    "Adam",
    "Network",
    "Record",
    "SGD",
    "chrono_bias",
    "clip_by_global_norm",
    "fit",
    "orthogonal",
    "train_step",
    "unexplained",
]


class Network:
    """A cell ("lstm" or "rnn") and a readout y_t = V · h_t + c.

    W, b are the cell's, V (O, H) and c (O,) the readout's: writeable views of the flat `theta`.
    clamp : gates held at a value, as in `lstm_forward` (an ablation)
    """

    def __init__(self, input_size, hidden_size, output_size, rng, cell="lstm", forget_bias=1.0, clamp=None,
                 dtype=np.float64):  # fmt: skip
        if cell not in ("lstm", "rnn"):
            raise ValueError(f"cell: expected 'lstm' or 'rnn', got {cell!r}")
        D, H, rows = input_size, hidden_size, (4 if cell == "lstm" else 1) * hidden_size
        self.cell, self.input_size, self.hidden_size, self.output_size = cell, D, H, output_size
        shapes = {"W": (rows, H + D), "b": (rows,), "V": (output_size, H), "c": (output_size,)}
        self.theta = np.zeros(sum(map(int, map(np.prod, shapes.values()))), dtype)
        self.gradient = np.zeros_like(self.theta)
        self.views, self.gradients, start = {}, {}, 0
        for name, shape in shapes.items():
            end = start + int(np.prod(shape))
            self.views[name] = self.theta[start:end].reshape(shape)
            self.gradients[name] = self.gradient[start:end].reshape(shape)
            start = end
        bound = H**-0.5
        self.W[:] = rng.uniform(-bound, bound, self.W.shape)
        self.V[:] = rng.uniform(-bound, bound, self.V.shape)
        if cell == "lstm":
            self.b[:H] = forget_bias
        elif clamp:
            raise ValueError("clamp: a plain RNN has no gates to hold")
        self.clamp = clamped_values(clamp, (H,), dtype)
        self._buffers = self._back = None

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

    def states(self, x):
        """h of every step, (T, H, B), for x (T, B, D); h_0 and C_0 are zero."""
        if self.cell == "rnn":
            self._trace = rnn_forward(self.params, x)
            return np.swapaxes(self._trace.h, 1, 2)
        buffers, _ = self.buffers(*x.shape[:2])
        buffers.x[:] = columns(x, True)
        buffers.h[0] = buffers.C[0] = 0
        run_forward(self.W, self.b, buffers, {gate: value[:, None] for gate, value in self.clamp.items()})
        return buffers.h[1:]

    def predict(self, x):
        """y (T, B, O) for x (T, B, D)."""
        x = np.asarray(x, self.theta.dtype)
        return np.swapaxes(np.matmul(self.V, self.states(x)) + self.c[:, None], 1, 2)

    def backward(self, dy):
        """Fill the cell's gradients from ∂loss/∂y (T, O, B); returns what reached each h_t, (T, H, B)."""
        if self.cell == "rnn":
            dh = np.swapaxes(np.matmul(self.V.T, dy), 1, 2)
            found = rnn_backward(self.params, self._trace, np.ascontiguousarray(dh))
            self.gradients["W"][:], self.gradients["b"][:] = found.W, found.b
            return np.swapaxes(found.h, 1, 2)
        buffers, back = self._buffers, self._back
        np.matmul(self.V.T, dy, out=back.dh)
        dC = np.zeros_like(buffers.C[0])
        self.gradients["W"][:], self.gradients["b"][:], _ = run_backward(
            self.W, buffers, back, tuple(self.clamp), dC
        )
        return back.dh


@dataclass(frozen=True)
class Record:
    """One update: its number, the loss before it, the gradient's norm before and after clipping, and
    |∂loss/∂h_t| for every t (T,). `finite` is False where the loss or the norm no longer is a number."""

    step: int
    loss: float
    norm: float
    clipped: float
    reach: np.ndarray
    finite: bool = True


def squared_error(y, batch, dtype):
    """Mean over the wanted answers of the squared error, and its gradient by y (T, B, O)."""
    weight = (batch.mask / (batch.mask.sum() * y.shape[-1])).astype(dtype)[..., None]
    error = y - batch.target.astype(dtype)
    weighted = weight * error
    return float((weighted * error).sum()), 2 * weighted


def train_step(network, batch, optimiser, clip=None, step=0):
    """One update: forward, loss, back through time, clip, optimise. Returns its Record.

    Nothing is changed where the loss or the gradient is not finite.
    """
    dtype = network.theta.dtype
    x = batch.x.astype(dtype, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is told by its record
        h = network.states(x)
        y = np.swapaxes(np.matmul(network.V, h) + network.c[:, None], 1, 2)
        loss, dy = squared_error(y, batch, dtype)
        if not np.isfinite(loss) or not np.isfinite(dy).all():
            return Record(step, loss, np.inf, np.inf, np.full(len(x), np.inf), finite=False)
        dy = np.swapaxes(dy, 1, 2)
        network.gradients["V"][:] = np.matmul(dy, np.swapaxes(h, 1, 2)).sum(axis=0)
        network.gradients["c"][:] = dy.sum(axis=(0, 2))
        reach = network.backward(dy)
        norms = np.sqrt(np.einsum("thb,thb->t", reach, reach, dtype=float))
        norm = float(np.linalg.norm(network.gradient))
    if not np.isfinite(norm):
        return Record(step, loss, norm, norm, norms, finite=False)
    clipped = norm if clip is None else clip_by_global_norm(network.gradient, clip)
    optimiser.update(network.theta, network.gradient)
    return Record(step, loss, norm, clipped, norms)


def clip_by_global_norm(gradient, limit):
    """Scale `gradient` in place so that its norm is at most `limit`; returns the norm it has then.

    Pascanu, Mikolov & Bengio 2013: the direction stays. It cures explosions, not vanishing.
    """
    if not limit > 0:
        raise ValueError(f"limit: expected a number above 0, got {limit!r}")
    norm = float(np.linalg.norm(gradient))
    if norm <= limit:
        return norm
    gradient *= limit / norm
    return float(limit)


class SGD:
    """θ ← θ − rate · velocity, velocity ← momentum · velocity + gradient."""

    def __init__(self, rate=0.1, momentum=0.0):
        self.rate, self.momentum, self.velocity = rate, momentum, None

    def update(self, theta, gradient):
        """Move `theta` in place."""
        if self.velocity is None:
            self.velocity = np.zeros_like(theta)
        self.velocity *= self.momentum
        self.velocity += gradient
        theta -= self.rate * self.velocity


class Adam:
    """Kingma & Ba 2015 (arXiv 1412.6980), with bias correction."""

    def __init__(self, rate=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.rate, self.beta_1, self.beta_2, self.epsilon = rate, beta_1, beta_2, epsilon
        self.t, self.m, self.v = 0, None, None

    def update(self, theta, gradient):
        """Move `theta` in place."""
        if self.m is None:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        self.t += 1
        self.m += (1 - self.beta_1) * (gradient - self.m)
        self.v += (1 - self.beta_2) * (gradient * gradient - self.v)
        scale = np.sqrt(self.v / (1 - self.beta_2**self.t)) + self.epsilon
        theta -= self.rate / (1 - self.beta_1**self.t) * self.m / scale


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


def fit(network, draw, optimiser, steps, clip=None):
    """Train on `draw()` → Batch for at most `steps` updates; yields each Record. A run that diverges ends."""
    for step in range(1, steps + 1):
        record = train_step(network, draw(), optimiser, clip, step)
        yield record
        if not record.finite:
            return


def unexplained(network, batch):
    """Squared error at the wanted answers as a share of their variance: 0 is perfect, 1 is as good as the mean."""
    wanted = batch.mask.astype(bool)
    target, y = batch.target[wanted], network.predict(batch.x)[wanted]
    return float(((y - target) ** 2).sum() / ((target - target.mean(axis=0)) ** 2).sum())
