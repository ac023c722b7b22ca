"""States: immutable data. Every change makes a copy."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType

import numpy as np

from lstm_lib.cell.params import Params


@dataclass(frozen=True, eq=False)
class State:
    """Immutable fields. Arrays and dicts are copied and read-only; states are equal if their values are."""

    def __post_init__(self):
        for field in fields(self):
            object.__setattr__(self, field.name, _frozen(getattr(self, field.name)))

    def __eq__(self, other):
        return _same(self, other)

    def but(self, **changes):
        """A copy with some fields changed. In place of an array, a list will do."""
        for name, value in changes.items():
            if isinstance(getattr(self, name), np.ndarray):
                changes[name] = np.array(value, dtype=float)
            elif isinstance(value, Mapping):
                changes[name] = {key: np.array(v, dtype=float) for key, v in value.items()}
        return replace(self, **changes)


def get(where, path):
    """The value at `path`: a field's name, then keys of a dict or indices of an array."""
    if not path:
        return where
    if isinstance(where, State):
        return get(getattr(where, path[0]), path[1:])
    return get(where[path[0]], path[1:]) if isinstance(where, Mapping) else where[tuple(path)]


def put(where, path, value):
    """A copy of `where` with `value` at `path`."""
    if not path:
        return value
    if isinstance(where, State):
        return replace(where, **{path[0]: put(getattr(where, path[0]), path[1:], value)})
    if isinstance(where, Mapping):
        return where | {path[0]: put(where[path[0]], path[1:], value)}
    array = np.array(where, dtype=float)
    array[tuple(path)] = value
    return array


def _frozen(value):
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(v) for key, v in value.items()})
    if isinstance(value, np.ndarray) and value.flags.writeable:
        value = value.copy()
        value.flags.writeable = False
    return value


def _same(a, b):
    """Whether the values are equal: which of them were computed anew, and which a cache still had, makes no difference."""
    if a is b:
        return True
    if isinstance(a, Mapping):
        return isinstance(b, Mapping) and a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and np.array_equal(a, b)
    if is_dataclass(a) or isinstance(a, Params):
        names = [f.name for f in fields(a)] if is_dataclass(a) else ("kind", *a.names)
        return type(a) is type(b) and all(_same(getattr(a, n), getattr(b, n)) for n in names)
    return a == b
