"""How much of a change at step t is left at the last step: Jacobians through time.

    LSTM:  ∂C_T/∂C_t  has the direct path  ∏ diag(f_s)  over s = t+1 … T, and all paths through h beside it
    RNN:   ∂h_T/∂h_t  =  ∏ diag(1 − h_s²) · W_h

The product of forget gates is Gers, Schmidhuber & Cummins 2000; that the RNN's product shrinks or grows
by powers is Hochreiter 1991 and Bengio, Simard & Frasconi 1994.
"""

from __future__ import annotations

import numpy as np

from lstm_lib.cell.backprop import lstm_backward, rnn_backward
from lstm_lib.cell.params import LSTMParams
from lstm_lib.cell.rnn import RNNParams, rnn_forward
from lstm_lib.cell.sequence import lstm_forward
from lstm_lib.checks import as_floats, check_shape

__all__ = ["lstm_jacobian", "rnn_jacobian"]


def lstm_jacobian(params, x, C_0=None, clamp=None):
    """∂C_T/∂C_t for every t, from h_0 = 0: the direct path alone, and in full.

    params : LSTMParams;  x : (T, D);  C_0 : (H,), zero when left out;  clamp : as in `lstm_forward`

    Returns
    -------
    direct : (T, H), the diagonal of ∏ diag(f_s); full : (T, H, H), rows C_T, columns C_t. Both are 1 at T.

    Raises
    ------
    ValueError
        Wrong shapes or float types, NaN, empty or non-numeric values.
    """
    H, copies = params.hidden_size, _copies(params, LSTMParams, x)
    if C_0 is not None:
        C_0 = as_floats("C_0", C_0, params.W.dtype)
        check_shape("C_0", C_0, (H,), why=f"(hidden_size={H})")
        C_0 = np.tile(C_0, (H, 1))
    trace = lstm_forward(params, copies, C_0=C_0, clamp=clamp)
    one = np.eye(H, dtype=params.W.dtype)  # one sequence of the batch for each unit of C_T
    full = lstm_backward(params, trace, np.zeros_like(trace.h), one).C
    f = trace.f[:, 0]
    direct = np.ones_like(f)
    direct[:-1] = np.cumprod(f[:0:-1], axis=0)[::-1]
    return direct, full


def rnn_jacobian(params, x):
    """∂h_T/∂h_t for every t, from h_0 = 0: (T, H, H), rows h_T, columns h_t; 1 at T.

    params : RNNParams;  x : (T, D). Raises ValueError as `lstm_jacobian`.
    """
    trace = rnn_forward(params, _copies(params, RNNParams, x))
    dh = np.zeros_like(trace.h)
    dh[-1] = np.eye(params.hidden_size)
    return rnn_backward(params, trace, dh).h


def _copies(params, kind, x):
    if not isinstance(params, kind):
        raise ValueError(f"params: expected {kind.__name__}, got {type(params).__name__}")
    x = as_floats("x", x, params.W.dtype)
    check_shape("x", x, ("T", params.input_size), why=f"(input_size={params.input_size})")
    return np.repeat(x[:, None], params.hidden_size, axis=1)
