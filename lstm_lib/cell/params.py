"""The parameters of a cell of any kind, and clamped values of its gates."""

import numpy as np

from lstm_lib.checks import as_floats, check_shape


class Params:
    """The parameters of a cell, copied and read-only: `W`, `b`, and others that its kind has.

    W : (rows, H+D), acts on [h_{t-1}; x_t], 0 where a gate does not see;  b : (rows,)
    Blocks of rows have names: `b_i`, …, and `W_f`, …, each with the columns of what its gate sees
    """

    def __init__(self, kind, **arrays):
        if not hasattr(kind, "gates"):
            raise ValueError(f"kind: expected one of KINDS, got {type(kind).__name__}")
        W = as_floats("W", arrays.pop("W", ()))
        rows = len(kind.gates)
        H = W.shape[0] // rows if W.ndim == 2 else 0
        D = W.shape[-1] - kind.h_in_W * H if H else 0
        if D < 1 or W.shape[0] % rows:
            wanted = f"({rows if rows > 1 else ''}H, {'H+D' if kind.h_in_W else 'D'})"
            raise ValueError(f"W: expected shape {wanted} with D at least 1, got {W.shape}")
        self.__dict__.update(kind=kind, hidden_size=H, input_size=D, dtype=W.dtype)
        shapes, wired = kind.shapes(D, H), kind.wired(D, H)
        W = W.copy() if wired is None else W * wired.astype(W.dtype)
        self.__dict__.update(names=tuple(shapes), W=frozen(W))
        if unknown := set(arrays) - set(shapes):
            raise ValueError(
                f"params: expected {', '.join(shapes)} for a {kind.name}, got {', '.join(sorted(unknown))}"
            )
        for name in self.names[1:]:
            array = as_floats(name, arrays.get(name, ()), dtype=W.dtype)
            check_shape(name, array, shapes[name], why=f"(beside W of shape {W.shape})")
            self.__dict__[name] = frozen(array.copy())
        for k, gate in enumerate(kind.gates):
            block = slice(k * H, (k + 1) * H)
            seen = slice(None) if wired is None else wired[k * H] > 0
            self.__dict__.update(
                {f"W_{gate.block}": frozen(self.W[block, seen]), f"b_{gate.block}": self.b[block]}
            )

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: parameters do not change; make new ones")

    def __repr__(self):
        return f"{self.kind.name} parameters: H={self.hidden_size}, D={self.input_size}"


def clamped_values(params, clamp, batch=()):
    """The values of a `clamp` argument, checked and broadcast to the shape of the state."""
    gates = {gate.key: gate for gate in params.kind.gates}
    held = {}
    if not isinstance(clamp, dict | None):
        raise ValueError(f"clamp: expected {{gate: value}}, got {type(clamp).__name__}")
    for key, value in (clamp or {}).items():
        if key not in gates:
            raise ValueError(f"clamp: expected keys from {list(gates)}, got {key!r}")
        array = as_floats(f"clamp[{key!r}]", value, params.dtype)
        low, high = gates[key].activation.low, gates[key].activation.high
        if (array < low).any() or (array > high).any():
            raise ValueError(
                f"clamp[{key!r}]: expected values from {low:g} to {high:g}, got {array.min():g} to {array.max():g}"
            )
        shape = (*batch, params.hidden_size)
        try:
            held[key] = frozen(np.broadcast_to(array, shape).copy())
        except ValueError:
            raise ValueError(
                f"clamp[{key!r}]: expected a number or an array for shape {shape}, got shape {array.shape}"
            ) from None
    return held


def frozen(array):
    """The same array, made read-only."""
    array.flags.writeable = False
    return array
