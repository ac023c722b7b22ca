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
            raise ValueError(f"kind: expected a Kind, such as one of KINDS, got {type(kind).__name__}")
        first, (blocks, slots) = next(iter(kind.stacks.items()))
        first_array = as_floats(first, arrays.get(first, ()))
        rows, H_columns = len(blocks), sum(size == "H" for size in slots.values())
        H = first_array.shape[0] // rows if first_array.ndim == 2 else 0
        D = (first_array.shape[-1] - H_columns * H if "x_t" in slots else 1) if H else 0
        if D < 1 or first_array.shape[0] % rows:
            columns = "+".join(["H"] * H_columns + ["D"] * ("x_t" in slots))
            wanted = f"({rows if rows > 1 else ''}H, {columns}) with D at least 1"
            raise ValueError(f"{first}: expected shape {wanted}, got {first_array.shape}")
        self.__dict__.update(kind=kind, hidden_size=H, dtype=first_array.dtype)
        if "x_t" not in slots:
            D = self._input_size(kind, arrays, H)
        shapes, wired = kind.shapes(D, H), kind.wired(D, H)
        self.__dict__.update(input_size=D, names=tuple(shapes))
        if unknown := set(arrays) - set(shapes):
            raise ValueError(
                f"params: expected {', '.join(shapes)} for a {kind.name}, got {', '.join(sorted(unknown))}"
            )
        for name, shape in shapes.items():
            array = as_floats(name, arrays.get(name, ()), dtype=self.dtype)
            check_shape(name, array, shape, why=f"(beside {first} of shape {first_array.shape})")
            of_wires = wired[name].astype(self.dtype) if name in wired and not wired[name].all() else None
            self.__dict__[name] = frozen(array.copy() if of_wires is None else array * of_wires)
        for letter, block, rows, columns in kind.views(D, H):
            self.__dict__[f"{letter}_{block}" if block else letter] = frozen(
                getattr(self, letter)[rows][..., columns].view()
            )

    @staticmethod
    def _input_size(kind, arrays, H):
        """D, from another matrix that acts on the input."""
        for name, (_, slots) in kind.stacks.items():
            array = np.asarray(arrays.get(name, ()))
            if "x_t" in slots and array.ndim == 2:
                return max(1, array.shape[1] - H * (len(slots) - 1))
        return 1

    sizes = property(lambda self: (self.input_size, self.hidden_size))

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: parameters do not change; make new ones")

    def __repr__(self):
        return f"{self.kind.name} parameters: H={self.hidden_size}, D={self.input_size}"


def clamped_values(params, clamp, batch=(), name="clamp"):
    """The values of a `clamp` argument, checked and broadcast to the shape of the state; `name` is for errors."""
    gates = {gate.key: gate for gate in params.kind.gates}
    held = {}
    if not isinstance(clamp, dict | None):
        raise ValueError(f"{name}: expected {{gate: value}}, got {type(clamp).__name__}")
    for key, value in (clamp or {}).items():
        if key not in gates:
            raise ValueError(f"{name}: expected keys from {list(gates)}, got {key!r}")
        array = as_floats(f"{name}[{key!r}]", value, params.dtype)
        low, high = gates[key].low, gates[key].high
        if (array < low).any() or (array > high).any():
            raise ValueError(
                f"{name}[{key!r}]: expected values from {low:g} to {high:g}, got {array.min():g} to {array.max():g}"
            )
        shape = (*batch, params.hidden_size)
        try:
            held[key] = frozen(np.broadcast_to(array, shape).copy())
        except ValueError:
            raise ValueError(
                f"{name}[{key!r}]: expected a number or an array for shape {shape}, got shape {array.shape}"
            ) from None
    return held


def frozen(array):
    """The same array, made read-only."""
    array.flags.writeable = False
    return array
