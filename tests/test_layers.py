"""Each floor of lstm_lib imports only what is below it, and the package alone stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

LIB = Path(__file__).resolve().parents[1] / "lstm_lib"
FLOORS = [
    {"checks"},
    {"cell"},
    {"learning"},
    {"views", "judge"},
    {"subjects"},
    {"explore"},
    {"exercises"},
]
"""As images/rooms.svg shows them."""

ON_THEIR_OWN = {"__init__", "websocket"}
OUTSIDE = [
    {"numpy"},
    {"numpy"},
    {"numpy"},
    {"numpy", "matplotlib"},
    {"numpy"},
    {"numpy", "anywidget", "traitlets"},
    {"numpy"},
]


def floor_of(part):
    return next((k for k, parts in enumerate(FLOORS) if part in parts), None)


def imports(path):
    """The modules a file imports: their first two parts within lstm_lib, the first elsewhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute"
            names = [node.module]
            if node.module == "lstm_lib":
                names = [f"lstm_lib.{alias.name}" for alias in node.names]
        yield from names


@pytest.mark.parametrize("path", sorted(LIB.rglob("*.py")), ids=lambda p: p.relative_to(LIB).as_posix())
def test_imports_point_down(path):
    part = path.relative_to(LIB).parts[0].removesuffix(".py")
    if part in ON_THEIR_OWN:
        return
    floor = floor_of(part)
    assert floor is not None, f"{part} stands on no floor: give it one in FLOORS"
    for name in imports(path):
        first, *rest = name.split(".")
        if first == "lstm_lib":
            assert rest and floor_of(rest[0]) is not None, f"{path.name} imports {name}"
            assert floor_of(rest[0]) <= floor, f"{path.name} (floor {floor}) imports {name} above it"
        elif first not in sys.stdlib_module_names:
            assert first in OUTSIDE[floor], f"{path.name} (floor {floor}) imports {first}"


def test_the_picture_of_the_rooms_shows_these_floors(monkeypatch):
    monkeypatch.syspath_prepend(LIB.parent / "tools")
    from rooms_svg import FLOORS as drawn

    assert [set(rooms) for rooms in drawn] == FLOORS


@pytest.mark.parametrize("path", sorted(LIB.glob("views/*.py")), ids=lambda p: p.name)
def test_views_never_compute_a_step(path):
    names = {
        node.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name)
    }
    assert not names & {"lstm_step", "lstm_forward", "LSTMParams"}


def test_importing_the_package_loads_no_pictures_and_no_widgets():
    code = "import sys, lstm_lib; print(sorted({'matplotlib', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted(LIB.rglob("*.py")), ids=lambda p: p.relative_to(LIB).as_posix())
def test_files_can_be_read_in_a_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("path", sorted(LIB.rglob("*.py")), ids=lambda p: p.relative_to(LIB).as_posix())
def test_no_kind_of_cell_is_named_outside_its_own_file(path):
    """But for the two that the course is about. A kind is asked what it is; nothing branches on its name."""
    from lstm_lib import KINDS

    names = {
        (name, type(kind).__module__.split(".")[-1])
        for kind in KINDS.values()
        for name in (kind.name, type(kind).__name__)
    }
    others = {name for name, module in names if module not in ("lstm", "rnn", path.stem)}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found |= {value for value in (getattr(node, name, None) for name in ("id", "attr", "value", "name"))
                  if isinstance(value, str)}  # fmt: skip
    assert not found & others
