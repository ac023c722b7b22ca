"""Each layer of lstm_lib imports only what is below it, and importing the package loads neither matplotlib, pandas nor ipywidgets."""

import ast
import subprocess
import sys
from pathlib import Path

LIB = Path(__file__).resolve().parents[1] / "lstm_lib"
LAYERS = [
    {"checks"},
    {"cell"},
    {"learning"},
    {"views", "judge"},
    {"subjects"},
    {"explore"},
    {"exercises"},
]
"""As images/rooms.svg shows them."""

SEPARATE = {"__init__", "websocket"}
ALLOWED = [
    {"numpy"},
    {"numpy"},
    {"numpy", "pandas"},
    {"numpy", "matplotlib"},
    {"numpy"},
    {"numpy", "anywidget", "traitlets"},
    {"numpy"},
]


FILES = sorted(LIB.rglob("*.py"))


def nodes(path):
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def layer_of(part):
    return next((k for k, parts in enumerate(LAYERS) if part in parts), None)


def imports(path):
    """The modules a file imports: their first two parts within lstm_lib, the first elsewhere."""
    for node in nodes(path):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute"
            names = [node.module]
            if node.module == "lstm_lib":
                names = [f"lstm_lib.{alias.name}" for alias in node.names]
        yield from names


def test_imports_are_from_lower_layers():
    for path in FILES:
        part = path.relative_to(LIB).parts[0].removesuffix(".py")
        if part in SEPARATE:
            continue
        layer = layer_of(part)
        assert layer is not None, f"{part} is in no layer: add it to LAYERS"
        for name in imports(path):
            first, *rest = name.split(".")
            if first == "lstm_lib":
                assert rest and layer_of(rest[0]) is not None, f"{path.name} imports {name}"
                assert layer_of(rest[0]) <= layer, f"{path.name} (layer {layer}) imports {name} above it"
            elif first not in sys.stdlib_module_names:
                assert first in ALLOWED[layer], f"{path.name} (layer {layer}) imports {first}"


def test_the_picture_shows_these_layers(monkeypatch):
    monkeypatch.syspath_prepend(LIB.parent / "tools")
    from rooms_svg import LAYERS as drawn

    assert [set(rooms) for rooms in drawn] == LAYERS


def test_views_never_compute_a_step():
    for path in LIB.glob("views/*.py"):
        names = {node.id for node in nodes(path) if isinstance(node, ast.Name)}
        assert not names & {"lstm_step", "lstm_forward", "LSTMParams"}, path.name


def test_importing_the_package_loads_no_pictures_no_tables_and_no_widgets():
    code = (
        "import sys, lstm_lib, lstm_lib.learning.own_series, lstm_lib.learning.labelled; "
        "print(sorted({'matplotlib', 'pandas', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_files_have_at_most_250_lines():
    assert [p.name for p in FILES if len(p.read_text(encoding="utf-8").splitlines()) > 250] == []


def test_no_kind_of_cell_is_named_outside_kinds():
    """Except the LSTM and plain RNNs. No code depends on the name of a kind."""
    from lstm_lib import KINDS

    for path in FILES:
        fields = ("id", "attr", "value", "name")
        used = {v for node in nodes(path) for f in fields if isinstance(v := getattr(node, f, None), str)}
        assert path.name == "kinds.py" or used & KINDS.keys() <= {"LSTM", "RNN", "orthogonal RNN"}, path.name
