"""The effect at the last step of a change at step t: Jacobians through time.

    LSTM:  ∂C_T/∂C_t  has the direct path  ∏ diag(f_s)  over s = t+1 … T, and all paths through h
    RNN:   ∂h_T/∂h_t  =  ∏ diag(1 − h_s²) · W_h

The product of forget gates: Gers, Schmidhuber & Cummins 2000. That the RNN's product vanishes or explodes
exponentially: Hochreiter 1991; Bengio, Simard & Frasconi 1994.
"""

import numpy as np

from lstm_lib.cell.kinds import LSTM
from lstm_lib.cell.passes import backward, forward, params_of
from lstm_lib.checks import as_floats, check_shape, quoted


def jacobian(params, x, state="h", **first):
    """∂state_T/∂state_t for every t of one sequence x (T, D), for any kind of cell: (T, H, H), rows at T; the identity at T.

    state : "h", "C", … of the kind;  first : initial states h_0=, C_0=, … (H,), zero when left out
    """
    return _traced(params, x, state, None, first)[1]


def _traced(params, x, state, clamp, first):
    """The trace of H copies of the sequence, one per unit of the final state, and the Jacobian."""
    H, x = params_of(params).hidden_size, as_floats("x", x, params.dtype)
    if not isinstance(state, str) or state not in params.kind.states:
        raise ValueError(
            f"state: expected one of {params.kind.states} (params of a {params.kind.name}), got {quoted(state)}"
        )
    check_shape("x", x, ("T", params.input_size), why=f"(input_size={params.input_size})")
    first = {name: as_floats(name, value, params.dtype) for name, value in first.items() if value is not None}
    for name, value in first.items():
        check_shape(name, value, ("H",), why="(one sequence)")
    trace = forward(
        params, np.repeat(x[:, None], H, axis=1), clamp, **{n: np.tile(v, (H, 1)) for n, v in first.items()}
    )
    dh, one = np.zeros_like(trace.h), np.eye(H, dtype=params.dtype)
    if state == "h":
        dh[-1] = one
    return trace, getattr(
        backward(params, trace, dh, **({} if state == "h" else {f"d{state}_T": one})), state
    )


def lstm_jacobian(params, x, C_0=None, clamp=None):
    """∂C_T/∂C_t for every t, from h_0 = 0: the direct path alone, and in full.

    params : LSTMParams;  x : (T, D);  C_0 : (H,), zero when left out;  clamp : as in `lstm_forward`

    Returns direct : (T, H), the diagonal of ∏ diag(f_s); full : (T, H, H), rows C_T, columns C_t. At T they are 1 and the identity.
    """
    trace, full = _traced(params_of(params, LSTM), x, "C", clamp, {"C_0": C_0})
    f = trace.f[:, 0]
    direct = np.ones_like(f)
    direct[:-1] = np.cumprod(f[:0:-1], axis=0)[::-1]
    return direct, full
