"""The cell through time: one trace for a whole sequence, time-major."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.cell import StepTrace, advance, clamped_values
from lstm_lib.validation import as_floats, check_shape

__all__ = ["SequenceTrace", "lstm_forward"]


@dataclass(frozen=True, eq=False)
class SequenceTrace:
    """Every value of every step, read-only; (T, ·) for one sequence, (T, B, ·) for a batch.

    `trace[t]` is the StepTrace of step t; `len(trace)` is T. z is (…, 4H), rows as in LSTMParams.
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
    state = x.shape[1:-1] + (H,)
    starts = []
    for name, value in (("h_0", h_0), ("C_0", C_0)):
        array = np.zeros(state, dtype) if value is None else as_floats(name, value, dtype)
        check_shape(name, array, state, why=f"(hidden_size={H}, beside x of shape {x.shape})")
        starts.append(array.copy())
    held = clamped_values(clamp, state, dtype)

    # The inputs of all steps in one product; only h has to wait for the step before.
    z = x @ params.W[:, H:].T + params.b
    W_h = params.W[:, :H].T
    h, C = starts
    steps = []
    for z_t in z:
        z_t += h @ W_h
        steps.append(advance(z_t, C, held))
        C, h = steps[-1][4], steps[-1][6]
    f, i, o, C_tilde, C_all, tanh_C, h_all = (np.array(values) for values in zip(*steps, strict=True))
    arrays = (x.copy(), *starts, z, f, i, o, C_tilde, C_all, tanh_C, h_all)
    for array in arrays:
        array.flags.writeable = False
    return SequenceTrace(*arrays, clamped=tuple(held))
