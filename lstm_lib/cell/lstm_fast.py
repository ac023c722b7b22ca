"""Faster forward and backward passes of the LSTM for training; `tests/cell/test_fast.py` compares them with `lstm.py`.

Why they are faster (measured by `benchmarks/training_step.py`): arrays are (T, features, B), so each gate of a step
is a contiguous block of rows; one product per step gives W · [h; x] + b; derivatives that do not depend on later
steps are computed for all steps at once; σ needs one operation less.
"""

import sys

import numpy as np

BLOCKS = {"f": 0, "i": 1, "o": 2, "C_tilde": 3}


_SPARE = {}


def empty(shape, dtype):
    """np.empty that reuses arrays of earlier passes without other references, since new memory is slow at first use."""
    spare = _SPARE.setdefault((shape, dtype), [])
    for array in spare:
        if sys.getrefcount(array) == 3:  # references: the list, this name, the argument
            return array
    if len(_SPARE) > 24:
        _SPARE.clear()
    spare.append(np.empty(shape, dtype))
    return spare[-1]


class Run:
    """The trace of a forward pass. `v` (T+1, H+D+1, B) has [h_{t-1}; x_t; 1] of each step."""

    def __init__(self, T, B, D, H, dtype):
        self.v = empty((T + 1, H + D + 1, B), dtype)
        self.gates = empty((T, 4 * H, B), dtype)
        self.C = empty((T + 1, H, B), dtype)
        self.tanh_C = empty((T, H, B), dtype)
        self.h = self.v[1:, :H].transpose(0, 2, 1)

    @property
    def last(self):
        """The states after the last step, (B, H)."""
        return {"h": self.h[-1], "C": self.C[-1].T}


def forward(params, x, before, clamp):
    """A Run for x (T, B, D), from the states `before`, {"h": (B, H), "C": …};  clamp : {gate: (B, H)}."""
    H = params.hidden_size
    run = Run(*x.shape[:2], x.shape[2], H, x.dtype)
    run.v[:-1, H:-1], run.v[:, -1] = x.transpose(0, 2, 1), 1
    run.v[0, :H], run.C[0] = before["h"].T, before["C"].T
    single, scale = x.dtype == np.float32, np.ones_like(params.b)
    scale[: 3 * H] = 0.5 if single else -1  # these rows give −z (float64) or z/2 (float32), both exact
    W_b = np.concatenate([params.W, params.b[:, None]], axis=1) * scale[:, None]
    squash = squash_single if single else squash_double
    written = np.empty(run.C.shape[1:], x.dtype)
    held = [(rows(run.gates, gate), value.T) for gate, value in clamp.items()]
    steps = zip(run.v[:-1], run.gates, *np.split(run.gates, 4, axis=1), run.C[:-1], run.C[1:], run.tanh_C,
                run.v[1:, :H], strict=True)  # fmt: skip
    with np.errstate(over="ignore"):  # exp(−z) = ∞ gives the right σ(z) = 0
        for t, (v_t, z, f_t, i_t, o_t, C_tilde, C_prev, C_t, tanh_t, h_t) in enumerate(steps):
            np.matmul(W_b, v_t, out=z)
            squash(z, z[: 3 * H], C_tilde)
            for gate, value in held:
                gate[t] = value
            np.multiply(f_t, C_prev, out=C_t)
            np.multiply(i_t, C_tilde, out=written)
            np.add(C_t, written, out=C_t)
            np.tanh(C_t, out=tanh_t)
            np.multiply(o_t, tanh_t, out=h_t)
    run.clamped = tuple(clamp)
    return run


def squash_double(z, sigmoids, C_tilde):
    """σ from −z, and tanh(z); accurate also for tiny σ."""
    np.exp(sigmoids, out=sigmoids)
    np.add(sigmoids, 1, out=sigmoids)
    np.reciprocal(sigmoids, out=sigmoids)
    np.tanh(C_tilde, out=C_tilde)


def squash_single(z, sigmoids, C_tilde):
    """σ from z/2 as ½ + ½ tanh(z/2), and tanh(z), in one call; accurate to 6e−8, the precision of float32."""
    np.tanh(z, out=z)
    np.multiply(sigmoids, 0.5, out=sigmoids)
    np.add(sigmoids, 0.5, out=sigmoids)


def rows(array, gate):
    """The rows of (T, 4H, B) that belong to `gate`."""
    H = array.shape[1] // 4
    return array[:, BLOCKS[gate] * H : (BLOCKS[gate] + 1) * H]


def backward(params, run, dh):
    """({"W", "b": gradient}, total ∂loss/∂h_t of every step), from each step's own ∂loss/∂h_t."""
    gates, C, tanh_C = run.gates, run.C, run.tanh_C
    T, H, B = tanh_C.shape
    dz, slope, reached = (
        empty(gates.shape, gates.dtype),
        empty(tanh_C.shape, gates.dtype),
        empty(tanh_C.shape, gates.dtype),
    )
    reached[:] = dh.transpose(0, 2, 1)
    local_derivatives(gates, C, tanh_C, dz, slope)
    for gate in run.clamped:  # a clamped gate does not depend on its z
        rows(dz, gate)[:] = 0
    W_hT = np.ascontiguousarray(params.W[:, :H].T)
    dC, dh_prev, through = np.zeros((3, H, B), gates.dtype)
    dz_fi = dz[:, : 2 * H].reshape(T, 2, H, B)  # both depend only on ḋC
    steps = zip(reached, slope, dz_fi, dz[:, 2 * H : 3 * H], dz[:, 3 * H :], gates[:, :H], dz, strict=True)
    for dh_t, slope_t, of_f_and_i, of_o, of_C, f_t, dz_t in reversed(list(steps)):
        np.add(dh_t, dh_prev, out=dh_t)
        np.multiply(dh_t, slope_t, out=through)
        np.add(dC, through, out=dC)
        np.multiply(of_f_and_i, dC, out=of_f_and_i)
        np.multiply(of_o, dh_t, out=of_o)
        np.multiply(of_C, dC, out=of_C)
        np.multiply(dC, f_t, out=dC)
        np.matmul(W_hT, dz_t, out=dh_prev)
    flat, seen = empty((4 * H, T, B), dz.dtype), empty((T, B, run.v.shape[1]), dz.dtype)
    flat[:], seen[:] = dz.transpose(1, 0, 2), run.v[:-1].transpose(0, 2, 1)
    dW_b = flat.reshape(4 * H, T * B) @ seen.reshape(T * B, seen.shape[-1])  # the column of ones gives ḋb
    return {"W": dW_b[:, :-1], "b": dW_b[:, -1]}, reached.transpose(0, 2, 1)


def local_derivatives(gates, C, tanh_C, dz, slope):
    """Write into dz and slope, for all steps, the factors that do not depend on later steps."""
    (f, i, o, C_tilde), (d_f, d_i, d_o, d_C) = np.split(gates, 4, axis=1), np.split(dz, 4, axis=1)
    for gate, meets, out in ((f, C[:-1], d_f), (i, C_tilde, d_i), (o, tanh_C, d_o)):
        np.subtract(1, gate, out=out)
        out *= gate
        out *= meets
    for value, gate, out in ((C_tilde, i, d_C), (tanh_C, o, slope)):
        np.multiply(value, value, out=out)
        np.subtract(1, out, out=out)
        out *= gate
