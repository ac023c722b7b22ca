"""The cell through time: one trace for a whole sequence, time-major.

Inside, features run down and the batch across, (T, features, B): each gate of a step is then one
contiguous block of rows. `lstm_lib.backprop` walks back through the same buffers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lstm_lib.cell import StepTrace, clamped_values
from lstm_lib.validation import as_floats, check_shape

__all__ = ["SequenceTrace", "lstm_forward"]

HELD_ROWS = {"f": 0, "i": 1, "o": 2, "C_tilde": 3}


class Buffers:
    """What a forward pass fills, for T steps, a batch of B, D inputs and H units. Used again if kept."""

    def __init__(self, T, B, D, H, dtype):
        self.key = (T, B, D, H, np.dtype(dtype))
        self.x = np.empty((T, D, B), dtype)
        self.z = np.empty((T, 4 * H, B), dtype)
        self.gates = np.empty((T, 4 * H, B), dtype)
        self.C = np.empty((T + 1, H, B), dtype)
        self.tanh_C = np.empty((T, H, B), dtype)
        self.h = np.empty((T + 1, H, B), dtype)


def run_forward(W, b, buffers, held):
    """Fill `buffers`, whose x, h[0] and C[0] are set. W (4H, H+D), b (4H,); held: gate → (H, 1 or B)."""
    x, z, gates, C, tanh_C, h = (getattr(buffers, n) for n in ("x", "z", "gates", "C", "tanh_C", "h"))
    H = h.shape[1]
    W_h = np.ascontiguousarray(W[:, :H])
    np.matmul(W[:, H:], x, out=z)  # the input's part of all steps at once; only h has to wait
    z += b[:, None]
    squash = sigmoid_by_tanh if z.dtype == np.float32 else sigmoid_by_exp
    part, written = np.empty_like(z[0]), np.empty_like(C[0])
    with np.errstate(over="ignore"):  # exp(−z) = ∞ gives the right σ(z) = 0
        for t in range(len(x)):
            np.matmul(W_h, h[t], out=part)
            z[t] += part
            sigmoids, C_tilde = gates[t, : 3 * H], gates[t, 3 * H :]
            squash(z[t, : 3 * H], sigmoids)
            np.tanh(z[t, 3 * H :], out=C_tilde)
            for gate, value in held.items():
                gates[t, HELD_ROWS[gate] * H : (HELD_ROWS[gate] + 1) * H] = value
            f, i, o = sigmoids[:H], sigmoids[H : 2 * H], sigmoids[2 * H :]
            np.multiply(f, C[t], out=C[t + 1])
            np.multiply(i, C_tilde, out=written)
            C[t + 1] += written
            np.tanh(C[t + 1], out=tanh_C[t])
            np.multiply(o, tanh_C[t], out=h[t + 1])


def sigmoid_by_exp(z, out):
    """σ(z) into `out`, exact to the last digits also where it is tiny."""
    np.negative(z, out=out)
    np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)


def sigmoid_by_tanh(z, out):
    """σ(z) = ½ + ½ tanh(z/2) into `out`: a third faster in float32, right to 6e−8, float32's own grain."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5


@dataclass(frozen=True, eq=False)
class SequenceTrace:
    """Every value of every step, read-only; (T, ·) for one sequence, (T, B, ·) for a batch.

    x h C f i o C_tilde tanh_C and the pre-activations z (…, 4H), rows as in LSTMParams; h_0 and C_0;
    `clamped` names what was held. `trace[t]` is the StepTrace of step t; `len(trace)` is T.
    """

    x: np.ndarray
    h_0: np.ndarray
    C_0: np.ndarray
    z: np.ndarray
    f: np.ndarray
    i: np.ndarray
    o: np.ndarray
    C_tilde: np.ndarray
    C: np.ndarray
    tanh_C: np.ndarray
    h: np.ndarray
    clamped: tuple[str, ...] = ()
    buffers: Buffers | None = field(default=None, repr=False)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, t):
        if not -len(self) <= t < len(self):
            raise IndexError(f"step {t} of a sequence of {len(self)} steps")
        t %= len(self)
        h_prev, C_prev = (self.h[t - 1], self.C[t - 1]) if t else (self.h_0, self.C_0)
        gates = (self.f[t], self.i[t], self.o[t], self.C_tilde[t])
        return StepTrace(
            self.x[t], h_prev, C_prev, *np.split(self.z[t], 4, axis=-1), *gates,
            self.C[t], self.tanh_C[t], self.h[t], clamped=self.clamped,
        )  # fmt: skip


def lstm_forward(params, x, h_0=None, C_0=None, clamp=None):
    """Run the cell over a sequence.

    Parameters
    ----------
    params : LSTMParams
    x : (T, D) or (T, B, D)
    h_0, C_0 : (H,) or (B, H), optional; zero when left out
    clamp : dict, optional; as in `lstm_step`, held at every step

    Returns
    -------
    SequenceTrace

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values, an unknown or impossible clamp.
    """
    D, H = params.input_size, params.hidden_size
    dtype = params.W.dtype
    x = as_floats("x", x, dtype)
    check_shape("x", x, ("T", D), ("T", "B", D), why=f"(input_size={D})")
    state, batched = x.shape[1:-1] + (H,), x.ndim == 3
    held = clamped_values(clamp, state, dtype)
    buffers = Buffers(len(x), x.shape[1] if batched else 1, D, H, dtype)
    buffers.x[:] = columns(x, batched)
    for name, value, start in (("h_0", h_0, buffers.h[0]), ("C_0", C_0, buffers.C[0])):
        if value is None:
            start[:] = 0
        else:
            array = as_floats(name, value, dtype)
            check_shape(name, array, state, why=f"(hidden_size={H}, beside x of shape {x.shape})")
            start[:] = columns(array, batched)
    run_forward(params.W, params.b, buffers, {gate: columns(value, batched) for gate, value in held.items()})

    def shown(array):
        array.flags.writeable = False
        rows = np.swapaxes(array, -1, -2)
        return rows if batched else rows[..., 0, :]

    f, i, o, C_tilde = np.split(shown(buffers.gates), 4, axis=-1)
    h, C = shown(buffers.h), shown(buffers.C)
    return SequenceTrace(
        shown(buffers.x), h[0], C[0], shown(buffers.z), f, i, o, C_tilde, C[1:], shown(buffers.tanh_C), h[1:],
        clamped=tuple(held), buffers=buffers,
    )  # fmt: skip


def columns(array, batched):
    """(…, B, n), or (…, n) of one sequence, as (…, n, B): features down, batch across."""
    return np.swapaxes(array, -1, -2) if batched else array[..., None]
