"""The LSTM cell: one step, and the trace of that step.

The step follows Hochreiter & Schmidhuber 1997 with the forget gate of Gers, Schmidhuber &
Cummins 2000 and without peepholes:

    z_f, z_i, z_o, z_C = W · [h_{t-1}; x_t] + b
    f_t = σ(z_f)    i_t = σ(z_i)    o_t = σ(z_o)    C̃_t = tanh(z_C)
    C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t
    h_t = o_t ⊙ tanh(C_t)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.cell.activations import sigmoid_of
from lstm_lib.cell.params import frozen
from lstm_lib.checks import as_floats, check_shape

__all__ = ["StepTrace", "lstm_step"]

CLAMPS = {"f": (0.0, 1.0), "i": (0.0, 1.0), "o": (0.0, 1.0), "C_tilde": (-1.0, 1.0)}


@dataclass(frozen=True, eq=False)
class StepTrace:
    """Every value of one step, read-only. Vectors are (D,) and (H,); batches (B, D) and (B, H).

    z_f z_i z_o z_C are the pre-activations; `clamped` names what was held at a given value, whose
    z then had no effect.
    """

    x_t: np.ndarray
    h_prev: np.ndarray
    C_prev: np.ndarray
    z_f: np.ndarray
    z_i: np.ndarray
    z_o: np.ndarray
    z_C: np.ndarray
    f_t: np.ndarray
    i_t: np.ndarray
    o_t: np.ndarray
    C_tilde: np.ndarray
    C_t: np.ndarray
    tanh_C: np.ndarray
    h_t: np.ndarray
    clamped: tuple[str, ...] = ()

    @property
    def kept(self):
        """f_t ⊙ C_{t-1}: what of the old memory stays."""
        return self.f_t * self.C_prev

    @property
    def written(self):
        """i_t ⊙ C̃_t: what is added to it."""
        return self.i_t * self.C_tilde


def lstm_step(params, x_t, h_prev, C_prev, clamp=None):
    """One step of the cell, for a vector or a batch.

    Parameters
    ----------
    params : LSTMParams
    x_t : (D,) or (B, D)
    h_prev, C_prev : (H,) or (B, H), as x_t
    clamp : dict, optional
        Holds a gate at a value in place of the computed one: {"f": …, "i": …, "o": …} from 0 to 1,
        {"C_tilde": …} from −1 to 1; a number or an array that broadcasts to h_prev's shape.

    Returns
    -------
    StepTrace

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values, an unknown or impossible clamp.
    """
    D, H = params.input_size, params.hidden_size
    x_t = as_floats("x_t", x_t, params.W.dtype)
    check_shape("x_t", x_t, (D,), ("B", D), why=f"(input_size={D})")
    state = x_t.shape[:-1] + (H,)
    h_prev = as_floats("h_prev", h_prev, params.W.dtype)
    C_prev = as_floats("C_prev", C_prev, params.W.dtype)
    check_shape("h_prev", h_prev, state, why=f"(hidden_size={H}, beside x_t of shape {x_t.shape})")
    check_shape("C_prev", C_prev, state, why=f"(hidden_size={H}, beside x_t of shape {x_t.shape})")
    held = clamped_values(clamp, state, params.W.dtype)

    z = np.concatenate([h_prev, x_t], axis=-1) @ params.W.T + params.b
    f_t, i_t, o_t, C_tilde, C_t, tanh_C, h_t = advance(z, C_prev, held)
    z_f, z_i, z_o, z_C = np.split(z, 4, axis=-1)
    arrays = (x_t, h_prev, C_prev, z_f, z_i, z_o, z_C, f_t, i_t, o_t, C_tilde, C_t, tanh_C, h_t)
    return StepTrace(*(frozen(a.copy()) for a in arrays), clamped=tuple(held))


def advance(z, C_prev, held):
    """From pre-activations (…, 4H) and C_{t-1} to f_t, i_t, o_t, C̃_t, C_t, tanh(C_t), h_t."""
    H = C_prev.shape[-1]
    gates = sigmoid_of(z[..., : 3 * H])
    f_t, i_t, o_t = gates[..., :H], gates[..., H : 2 * H], gates[..., 2 * H :]
    C_tilde = np.tanh(z[..., 3 * H :])
    if held:
        f_t, i_t, o_t = held.get("f", f_t), held.get("i", i_t), held.get("o", o_t)
        C_tilde = held.get("C_tilde", C_tilde)
    C_t = f_t * C_prev + i_t * C_tilde
    tanh_C = np.tanh(C_t)
    h_t = o_t * tanh_C
    return f_t, i_t, o_t, C_tilde, C_t, tanh_C, h_t


def clamped_values(clamp, shape, dtype, name="clamp"):
    """Check a `clamp` argument, called `name`, and give each value the shape of the state."""
    held = {}
    if not isinstance(clamp, dict | None):
        raise ValueError(f"{name}: expected {{gate: value}}, got {type(clamp).__name__}")
    for gate, value in (clamp or {}).items():
        if gate not in CLAMPS:
            raise ValueError(f"{name}: expected keys from {list(CLAMPS)}, got {gate!r}")
        array = as_floats(f"{name}[{gate!r}]", value, dtype)
        low, high = CLAMPS[gate]
        if (array < low).any() or (array > high).any():
            raise ValueError(
                f"{name}[{gate!r}]: expected values from {low:g} to {high:g}, "
                f"got {array.min():g} to {array.max():g}"
            )
        try:
            held[gate] = np.broadcast_to(array.copy(), shape)
        except ValueError:
            raise ValueError(
                f"{name}[{gate!r}]: expected a number or an array for shape {shape}, got shape {array.shape}"
            ) from None
    return held
