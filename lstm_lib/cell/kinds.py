"""All kinds of cell: every subclass of `Kind` in a file of this folder."""

from importlib import import_module
from pkgutil import iter_modules

import lstm_lib.cell
from lstm_lib.cell.kind import Kind
from lstm_lib.checks import quoted


def _kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


for _module in iter_modules(lstm_lib.cell.__path__):
    import_module(f"lstm_lib.cell.{_module.name}")

KINDS = {
    kind.name: kind()
    for kind in sorted(_kinds(Kind), key=lambda kind: kind.__module__ != "lstm_lib.cell.lstm")
}
"""{name: kind}, the LSTM first."""


def kind_of(name):
    """The kind of that name."""
    if not isinstance(name, str) or name not in KINDS:
        raise ValueError(f"cell: expected one of {', '.join(KINDS)}; got {quoted(name)}")
    return KINDS[name]
