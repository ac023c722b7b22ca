"""The plain recurrent network that the LSTM is compared with (Elman 1990), with the same face.

z = W · [h_{t-1}; x_t] + b
h_t = tanh(z)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import as_floats, check_shape

__all__ = ["RNNParams", "RNNSequenceTrace", "RNNStepTrace", "rnn_forward", "rnn_step"]


@dataclass(frozen=True, eq=False)
class RNNParams:
    """W : (H, H+D), acts on [h_{t-1}; x_t];  b : (H,). Both are copied and read-only.

    Raises
    ------
    ValueError
        A shape that fits no H and D, mixed float types, NaN, empty or non-numeric values.
    """

    W: np.ndarray
    b: np.ndarray

    def __post_init__(self):
        W = as_floats("W", self.W).copy()
        b = as_floats("b", self.b, dtype=W.dtype).copy()
        if W.ndim != 2 or W.shape[1] <= W.shape[0]:
            raise ValueError(f"W: expected shape (H, H+D) with D at least 1, got {W.shape}")
        check_shape("b", b, (W.shape[0],), why="(one bias a row of W)")
        W.flags.writeable = b.flags.writeable = False
        object.__setattr__(self, "W", W)
        object.__setattr__(self, "b", b)

    @property
    def hidden_size(self):
        """H, the number of units."""
        return self.W.shape[0]

    @property
    def input_size(self):
        """D, the number of features in x_t."""
        return self.W.shape[1] - self.hidden_size

    @classmethod
    def random(cls, input_size, hidden_size, rng):
        """Weights uniform in ±1/√H from the generator `rng`; b zero."""
        bound = hidden_size**-0.5
        return cls(rng.uniform(-bound, bound, (hidden_size, hidden_size + input_size)), np.zeros(hidden_size))


@dataclass(frozen=True, eq=False)
class RNNStepTrace:
    """Every value of one step, read-only: x_t (…, D), h_prev, the pre-activation z and h_t (…, H)."""

    x_t: np.ndarray
    h_prev: np.ndarray
    z: np.ndarray
    h_t: np.ndarray


@dataclass(frozen=True, eq=False)
class RNNSequenceTrace:
    """Every value of every step, read-only, (T, …, ·); `trace[t]` is the RNNStepTrace of step t."""

    x: np.ndarray
    h_0: np.ndarray
    z: np.ndarray
    h: np.ndarray

    def __len__(self):
        return len(self.x)

    def __getitem__(self, t):
        if not -len(self) <= t < len(self):
            raise IndexError(f"step {t} of a sequence of {len(self)} steps")
        t %= len(self)
        return RNNStepTrace(self.x[t], self.h[t - 1] if t else self.h_0, self.z[t], self.h[t])


def rnn_step(params, x_t, h_prev):
    """One step, for vectors (D,), (H,) or batches (B, D), (B, H).

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values.
    """
    x_t = as_floats("x_t", x_t, params.W.dtype)
    check_shape("x_t", x_t, (params.input_size,), ("B", params.input_size))
    h_prev = as_floats("h_prev", h_prev, params.W.dtype)
    check_shape(
        "h_prev", h_prev, x_t.shape[:-1] + (params.hidden_size,), why=f"(beside x_t of shape {x_t.shape})"
    )
    return rnn_forward(params, x_t[None], h_prev)[0]


def rnn_forward(params, x, h_0=None):
    """Run the network over x (T, D) or (T, B, D), from h_0 (zero when left out).

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values.
    """
    D, H = params.input_size, params.hidden_size
    x = as_floats("x", x, params.W.dtype)
    check_shape("x", x, ("T", D), ("T", "B", D), why=f"(input_size={D})")
    state = x.shape[1:-1] + (H,)
    h = np.zeros(state, params.W.dtype) if h_0 is None else as_floats("h_0", h_0, params.W.dtype)
    check_shape("h_0", h, state, why=f"(hidden_size={H}, beside x of shape {x.shape})")
    h_0 = h.copy()
    arrays = (x.copy(), h_0, *run_rnn(params.W, params.b, x, h_0))
    for array in arrays:
        array.flags.writeable = False
    return RNNSequenceTrace(*arrays)


def run_rnn(W, b, x, h):
    """z and h of every step, (T, …, H), for x (T, …, D) from h (…, H)."""
    H = len(b)
    z = x @ W[:, H:].T + b  # the input's part of all steps at once; only h has to wait
    W_h, states = W[:, :H].T, np.empty_like(z)
    for t, z_t in enumerate(z):
        z_t += h @ W_h
        h = np.tanh(z_t, out=states[t])
    return z, states
