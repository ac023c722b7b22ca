"""Back-propagation through time: the gradients of a loss by everything that went into a sequence.

Full BPTT (Graves & Schmidhuber 2005), through gates and states, from the equations in `cell.py`.
With ḋ for ∂loss/∂ and the step's trace at hand, from the last step to the first:

    ḋC_t  = ḋC_{t+1} ⊙ f_{t+1} + ḋh_t ⊙ o_t ⊙ (1 − tanh²(C_t))
    ḋz_f  = ḋC_t ⊙ C_{t-1} ⊙ f_t (1 − f_t)        ḋz_i = ḋC_t ⊙ C̃_t ⊙ i_t (1 − i_t)
    ḋz_o  = ḋh_t ⊙ tanh(C_t) ⊙ o_t (1 − o_t)      ḋz_C = ḋC_t ⊙ i_t ⊙ (1 − C̃_t²)
    [ḋh_{t-1}; ḋx_t] = Wᵀ · ḋz        ḋW += ḋz · [h_{t-1}; x_t]ᵀ        ḋb += ḋz
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.cell.rnn import RNNSequenceTrace
from lstm_lib.cell.sequence import SequenceTrace, columns, from_columns, rows
from lstm_lib.checks import as_floats, check_shape

__all__ = ["LSTMGradients", "RNNGradients", "lstm_backward", "rnn_backward"]


@dataclass(frozen=True, eq=False)
class LSTMGradients:
    """∂loss/∂ each of W (4H, H+D), b (4H,), x, h_0 and C_0 (shaped as those), and h and C (T, …, H).

    `h` and `C` hold what reached each h_t and each C_t, from its own step's loss and from all later ones.
    """

    W: np.ndarray
    b: np.ndarray
    x: np.ndarray
    h_0: np.ndarray
    C_0: np.ndarray
    h: np.ndarray
    C: np.ndarray


@dataclass(frozen=True, eq=False)
class RNNGradients:
    """∂loss/∂ each of W (H, H+D), b (H,), x and h_0, and h: what reached each h_t."""

    W: np.ndarray
    b: np.ndarray
    x: np.ndarray
    h_0: np.ndarray
    h: np.ndarray


class BackwardBuffers:
    """What a backward pass fills, for the sizes of a forward pass's Buffers."""

    def __init__(self, T, B, D, H, dtype):
        self.dz = np.empty((T, 4 * H, B), dtype)
        self.slope = np.empty((T, H, B), dtype)
        self.dh = np.empty((T, H, B), dtype)
        self.flat = np.empty((4 * H, T, B), dtype)
        self.inputs = np.empty((T, B, H + D + 1), dtype)


def run_backward(W, buffers, back, clamped, dC, reached=None):
    """From ∂loss/∂h of every step in `back.dh` and ∂loss/∂C_T in `dC` (H, B), both overwritten.

    Returns dW, db and dh_0; leaves ḋz of every step in `back.dz`, ḋC_0 in `dC` and ḋh_t in `back.dh`,
    and ḋC_t in `reached` (T, H, B) if it is given.
    """
    gates, C, tanh_C, dz, dh = buffers.gates, buffers.C, buffers.tanh_C, back.dz, back.dh
    H = tanh_C.shape[1]
    local_derivatives(gates, C, tanh_C, dz, back.slope)
    for gate in clamped:  # what is held does not answer to its z
        rows(dz, gate)[:] = 0
    W_hT = np.ascontiguousarray(W[:, :H].T)
    through, dh_prev = np.empty_like(dC), np.zeros_like(dC)
    dz_fi = dz[:, : 2 * H].reshape(len(dz), 2, H, -1)  # both wait for ḋC alone
    dz_o, dz_C = dz[:, 2 * H : 3 * H], dz[:, 3 * H :]
    steps = enumerate(zip(dh, back.slope, dz_fi, dz_o, dz_C, gates[:, :H], dz, strict=True))
    for t, (dh_t, slope, of_f_and_i, of_o, of_C, f_t, dz_t) in reversed(list(steps)):
        np.add(dh_t, dh_prev, out=dh_t)
        np.multiply(dh_t, slope, out=through)
        np.add(dC, through, out=dC)
        if reached is not None:
            reached[t] = dC
        np.multiply(of_f_and_i, dC, out=of_f_and_i)
        np.multiply(of_o, dh_t, out=of_o)
        np.multiply(of_C, dC, out=of_C)
        np.multiply(dC, f_t, out=dC)
        np.matmul(W_hT, dz_t, out=dh_prev)
    back.flat[:] = dz.transpose(1, 0, 2)
    back.inputs[:] = buffers.v[:-1].transpose(0, 2, 1)
    flat = back.flat.reshape(4 * H, -1)
    dW_b = flat @ back.inputs.reshape(flat.shape[1], -1)  # the column of ones gives ḋb
    return dW_b[:, :-1], dW_b[:, -1], dh_prev


def local_derivatives(gates, C, tanh_C, dz, slope):
    """Every factor that does not wait for a later step, for all steps at once, written into dz and slope."""
    H = tanh_C.shape[1]
    f, i, o, C_tilde = (gates[:, k * H : (k + 1) * H] for k in range(4))
    d_f, d_i, d_o, d_C = (dz[:, k * H : (k + 1) * H] for k in range(4))
    for gate, meets, out in ((f, C[:-1], d_f), (i, C_tilde, d_i), (o, tanh_C, d_o)):
        np.subtract(1, gate, out=out)
        out *= gate
        out *= meets
    for value, gate, out in ((C_tilde, i, d_C), (tanh_C, o, slope)):
        np.multiply(value, value, out=out)
        np.subtract(1, out, out=out)
        out *= gate


def lstm_backward(params, trace, dh, dC_T=None):
    """Gradients of a loss by parameters, inputs and first states.

    Parameters
    ----------
    params : LSTMParams, those of the forward pass
    trace : SequenceTrace of `lstm_forward`
    dh : shaped as trace.h, ∂loss/∂h_t of every step (zero where a step's h is not used)
    dC_T : shaped as trace.C_0, ∂loss/∂C of the last step, optional; zero when left out

    Returns
    -------
    LSTMGradients

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values.
    """
    if not isinstance(trace, SequenceTrace) or trace.buffers is None:
        raise ValueError(f"trace: expected the SequenceTrace of lstm_forward, got {type(trace).__name__}")
    batched, dtype = trace.x.ndim == 3, params.W.dtype
    (T, D, B), H = trace.buffers.x.shape, params.hidden_size
    check_shape("params.W", params.W, (4 * trace.h.shape[-1], trace.h.shape[-1] + D), why="(as in the trace)")
    dh = as_floats("dh", dh, dtype)
    check_shape("dh", dh, trace.h.shape, why="(like trace.h)")
    dC = np.zeros((H, B), dtype)
    if dC_T is not None:
        dC_T = as_floats("dC_T", dC_T, dtype)
        check_shape("dC_T", dC_T, trace.C_0.shape, why="(like trace.C_0)")
        dC[:] = columns(dC_T, batched)
    back = BackwardBuffers(T, B, D, H, dtype)
    back.dh[:] = columns(dh, batched)
    reached = np.empty((T, H, B), dtype)
    dW, db, dh_0 = run_backward(params.W, trace.buffers, back, trace.clamped, dC, reached)
    dx = np.matmul(np.ascontiguousarray(params.W[:, H:].T), back.dz)

    by_state = (from_columns(a, batched) for a in (dx, dh_0, dC, back.dh, reached))
    return LSTMGradients(dW, db, *by_state)


def rnn_backward(params, trace, dh):
    """Gradients through a plain RNN: ḋz = ḋh_t ⊙ (1 − h_t²), [ḋh_{t-1}; ḋx_t] = Wᵀ · ḋz.

    params : RNNParams;  trace : RNNSequenceTrace of `rnn_forward`;  dh : shaped as trace.h

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values.
    """
    if not isinstance(trace, RNNSequenceTrace):
        raise ValueError(f"trace: expected the RNNSequenceTrace of rnn_forward, got {type(trace).__name__}")
    dh = as_floats("dh", dh, params.W.dtype).copy()
    check_shape("dh", dh, trace.h.shape, why="(like trace.h)")
    return RNNGradients(*run_rnn_backward(params.W, trace.x, trace.h_0, trace.h, dh), dh)


def run_rnn_backward(W, x, h_0, h, dh):
    """dW, db, dx and dh_0 from ∂loss/∂h of every step in `dh`, which becomes what reached each h_t."""
    H = h.shape[-1]
    dz = 1 - h**2
    W_h, dh_prev = W[:, :H], np.zeros_like(h_0)
    for t in reversed(range(len(dz))):
        dh[t] += dh_prev
        dz[t] *= dh[t]
        dh_prev = dz[t] @ W_h
    inputs = np.concatenate([np.concatenate([h_0[None], h[:-1]]), x], axis=-1)
    flat = dz.reshape(-1, H)
    return flat.T @ inputs.reshape(-1, inputs.shape[-1]), flat.sum(axis=0), dz @ W[:, H:], dh_prev
