"""The cell through time: one trace for a whole sequence, time-major.

Inside, features run down and the batch across, (T, features, B): each gate of a step is then one
contiguous block of rows. `lstm_lib.cell.backprop` walks back through the same buffers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lstm_lib.cell.lstm import StepTrace, clamped_values
from lstm_lib.checks import as_floats, check_shape

__all__ = ["SequenceTrace", "lstm_forward"]

HELD_ROWS = {"f": 0, "i": 1, "o": 2, "C_tilde": 3}


class Buffers:
    """What a forward pass fills, for T steps, a batch of B, D inputs and H units. Used again if kept.

    `v` (T+1, H+D+1, B) holds [h_{t-1}; x_t; 1] of each step, and `h` and `x` look into it: the product
    of [W b] and v[t] is W · [h_{t-1}; x_t] + b without a copy.
    """

    def __init__(self, T, B, D, H, dtype):
        self.key = (T, B, D, H, np.dtype(dtype))
        self.v = np.ones((T + 1, H + D + 1, B), dtype)
        self.h, self.x = self.v[:, :H], self.v[:T, H : H + D]
        self.gates = np.empty((T, 4 * H, B), dtype)
        self.C = np.empty((T + 1, H, B), dtype)
        self.tanh_C = np.empty((T, H, B), dtype)

    @cached_property
    def z(self):
        """The pre-activations (T, 4H, B), for who wants to keep them."""
        return np.empty_like(self.gates)


def run_forward(W, b, buffers, held, keep_z=True):
    """Fill `buffers`, whose x, h[0] and C[0] are set. W (4H, H+D), b (4H,); held: gate → (H, 1 or B).

    The three gates' rows of W and b are scaled so that σ takes one pass less: z there is −z (float64) or
    z/2 (float32), both exact, until it is set right in the end. With keep_z=False z is not kept: the
    gates are written over it, and less memory goes through the cache.
    """
    v, gates, C, tanh_C, h = (getattr(buffers, n) for n in ("v", "gates", "C", "tanh_C", "h"))
    z = buffers.z if keep_z else gates
    H, single = h.shape[1], z.dtype == np.float32
    scale = np.ones_like(b)
    scale[: 3 * H] = 0.5 if single else -1
    W_b = np.concatenate([W, b[:, None]], axis=1) * scale[:, None]
    squash, written = squash_single if single else squash_double, np.empty_like(C[0])
    held = [(rows(gates, gate), value) for gate, value in held.items()]
    steps = zip(
        v[:-1], z, gates[:, : 3 * H], *np.split(gates, 4, axis=1), C[:-1], C[1:], tanh_C, h[1:], strict=True
    )
    with np.errstate(over="ignore"):  # exp(−z) = ∞ gives the right σ(z) = 0
        for t, (v_t, z_t, sigmoids, f_t, i_t, o_t, C_tilde, C_prev, C_t, tanh_t, h_t) in enumerate(steps):
            np.matmul(W_b, v_t, out=z_t)
            squash(z_t, sigmoids, C_tilde, gates[t])
            for gate, value in held:
                gate[t] = value
            np.multiply(f_t, C_prev, out=C_t)
            np.multiply(i_t, C_tilde, out=written)
            np.add(C_t, written, out=C_t)
            np.tanh(C_t, out=tanh_t)
            np.multiply(o_t, tanh_t, out=h_t)
    if keep_z:
        z[:, : 3 * H] *= 2 if single else -1


def squash_double(z, sigmoids, C_tilde, gates):
    """σ from −z in the first rows, tanh(z) in the others: exact to the last digits also where σ is tiny."""
    np.exp(z[: len(sigmoids)], out=sigmoids)
    np.add(sigmoids, 1, out=sigmoids)
    np.reciprocal(sigmoids, out=sigmoids)
    np.tanh(z[len(sigmoids) :], out=C_tilde)


def squash_single(z, sigmoids, C_tilde, gates):
    """σ from z/2 as ½ + ½ tanh(z/2), and tanh(z), in one go: right to 6e−8, float32's own grain."""
    np.tanh(z, out=gates)
    np.multiply(sigmoids, 0.5, out=sigmoids)
    np.add(sigmoids, 0.5, out=sigmoids)


def rows(array, gate):
    """The rows of (T, 4H, B) that belong to `gate`."""
    H = array.shape[1] // 4
    return array[:, HELD_ROWS[gate] * H : (HELD_ROWS[gate] + 1) * H]


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
        """What a trace holds: read-only, in the caller's layout."""
        array.flags.writeable = False
        return from_columns(array, batched)

    f, i, o, C_tilde = np.split(shown(buffers.gates), 4, axis=-1)
    h, C = shown(buffers.h), shown(buffers.C)
    return SequenceTrace(
        shown(buffers.x), h[0], C[0], shown(buffers.z), f, i, o, C_tilde, C[1:], shown(buffers.tanh_C), h[1:],
        clamped=tuple(held), buffers=buffers,
    )  # fmt: skip


def columns(array, batched):
    """(…, B, n), or (…, n) of one sequence, as (…, n, B): features down, batch across."""
    return np.swapaxes(array, -1, -2) if batched else array[..., None]


def from_columns(array, batched):
    """The way back: (…, n, B) as (…, B, n), or as (…, n) of one sequence."""
    return np.swapaxes(array, -1, -2) if batched else array[..., 0]
