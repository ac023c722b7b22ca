"""The parameters of a cell of any kind, and clamped values of its gates."""

from functools import lru_cache

import numpy as np

from lstm_lib.cell.structure import place
from lstm_lib.cell.trees import slot, split
from lstm_lib.checks import as_floats, check_shape


class Layout:
    """Where each parameter of a cell stands, for D features and H units: those with one letter are one array.

    shapes : {letter: shape}, W and b first;  wired : {letter: 1 where something is connected, else 0}
    slots : {letter: what its columns are for};  where : {parameter: (letter, rows, {what it acts on: columns})}
    views : {name of a block of rows: (letter, rows, columns)}
    """

    def __init__(self, said, D, H):
        blocks, self.slots, own = {}, {}, {}
        for name in said.weights:
            letter, block, raised = split(name)
            own[name] = (name, "") if name in said.vectors and raised else (letter, block)
            letter, block = own[name]
            blocks.setdefault(letter, {})[block] = None
            self.slots.setdefault(letter, {}).update(dict.fromkeys(map(slot, said.matrices.get(name, ()))))
        order = sorted(blocks, key=lambda letter: ("W", "b", letter).index(letter))
        self.slots = {n: sorted(self.slots[n], key=lambda s: (s == "x_t", s != "h_prev")) for n in order}
        blocks = {letter: sorted(blocks[letter], key=place) for letter in order}
        width = {
            n: (len(slots) - ("x_t" in slots)) * H + ("x_t" in slots) * D for n, slots in self.slots.items()
        }
        self.shapes = {n: (len(blocks[n]) * H, *[width[n]] * bool(width[n])) for n in order}
        self.wired = {n: np.full(self.shapes[n], not width[n]) for n in order}
        self.where, self.views = {}, {}
        for name, (letter, block) in own.items():
            at, slots = blocks[letter].index(block) * H, self.slots[letter]
            columns = {s: slice(k * H, (k + 1) * H if s != "x_t" else None) for k, s in enumerate(slots)}
            columns = {s: columns[s] for s in map(slot, said.matrices.get(name, ()))}
            self.where[name] = letter, slice(at, at + H), columns
            for c in columns.values():
                self.wired[letter][at : at + H, c] = True
            seen = self.wired[letter][at] if columns else slice(None)
            self.views[f"{letter}_{block}"] = letter, slice(at, at + H), seen


layout = lru_cache(Layout)


class Params:
    """The parameters of a cell of any kind, copied and read-only: `W`, `b`, and others that its kind has.

    W : (rows, H+D), acts on [h_{t-1}; x_t], 0 where a gate does not see;  b : (rows,)
    Blocks of rows have names: `b_i`, …, and `W_f`, …, each with the columns of what its gate sees
    """

    def __init__(self, kind, **arrays):
        if not hasattr(kind, "gates"):
            raise ValueError(f"kind: expected a Kind, such as one of KINDS, got {type(kind).__name__}")
        least = layout(kind.said, 1, 1)
        first = next(name for name, slots in least.slots.items() if "x_t" in slots)
        for name in least.shapes:
            if name not in arrays:
                blocks = ", ".join(block for block, (letter, *_) in least.views.items() if letter == name)
                raise ValueError(
                    f"{name}: it is missing; expected one array with the rows of {blocks}, in this order"
                )
        array, (rows, columns) = as_floats(first, arrays[first]), least.shapes[first]
        H = array.shape[0] // rows if array.ndim == 2 else 0
        D = array.shape[-1] - (columns - 1) * H if H else 0
        if D < 1 or array.shape[0] % rows:
            wanted = (
                f"({rows if rows > 1 else ''}H, {'+'.join(['H'] * (columns - 1) + ['D'])}) with D at least 1"
            )
            raise ValueError(f"{first}: expected shape {wanted}, got {array.shape}")
        at = layout(kind.said, D, H)
        self.__dict__.update(
            kind=kind, hidden_size=H, input_size=D, dtype=array.dtype, names=tuple(at.shapes)
        )
        if unknown := set(arrays) - set(self.names):
            raise ValueError(
                f"params: expected {', '.join(self.names)} for a {kind.name}, got {', '.join(sorted(unknown))}"
            )
        for name, shape in at.shapes.items():
            given = as_floats(name, arrays[name], dtype=self.dtype)
            check_shape(name, given, shape, why=f"(beside {first} of shape {array.shape})")
            self.__dict__[name] = frozen(given * at.wired[name])

    def __getattr__(self, name):
        views = layout(self.kind.said, *self.sizes).views if "names" in self.__dict__ else {}
        if name not in views:
            raise AttributeError(f"there is no parameter {name}")
        letter, rows, columns = views[name]
        return frozen(self.__dict__[letter][rows][..., columns].view())

    sizes = property(lambda self: (self.input_size, self.hidden_size))

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
        low, high = gates[key].low, gates[key].high
        if (array < low).any() or (array > high).any():
            raise ValueError(
                f"clamp[{key!r}]: expected values from {low:g} to {high:g}, got {array.min():g} to {array.max():g}"
            )
        shape = (*batch, params.hidden_size)
        try:
            held[key] = np.broadcast_to(array, shape).copy()
        except ValueError:
            raise ValueError(
                f"clamp[{key!r}]: expected a number or an array for shape {shape}, got shape {array.shape}"
            ) from None
    return held


def frozen(array):
    """The same array, made read-only."""
    array.flags.writeable = False
    return array
