"""The explorers that the browser tests move: those of tests/explore, and predictions, choices and checks."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "explore"))

from made import EXPLORERS  # noqa: E402

from lstm_lib.exercises import check, predict  # noqa: E402
from lstm_lib.explore import CellExplorer, GradientReach, MemoryDecay, text_size  # noqa: E402

ADDED = {
    "a prediction, forget gate": lambda: predict("fifty_steps", MemoryDecay()),
    "a prediction, states": lambda: predict("memory_back", CellExplorer(C_prev=[0.0])),
    "a prediction, training": lambda: predict("path_of_099", GradientReach()),
    "a check": lambda: check("apply_gate", lambda f_t, C_prev: (1 - f_t) * C_prev),
    "text size": text_size,
}
MADE = EXPLORERS | ADDED

WALKED = [name for name in MADE if name != "text size"]  # it changes the whole page
MOVED = ("ForgetComputed, yours", "GateOverTime", "CellExplorer, four units and inputs", "CellOverTime, four units",
         "TrainingPanel", "a prediction", "a choice")  # fmt: skip
"""Moved in `make test`: between them they have every kind of control. All are moved in `make proof`."""

IMPORT = f"""import sys
sys.path.append({str(Path(__file__).parent)!r})
from explorers import MADE
from lstm_lib.explore import page
page.SECONDS = 60.0  # a slow machine is no reason for a film to end early"""
"""The first cell of a notebook in which they are: MADE[name]()."""


def quick(names):
    """Names as parameters of a test; those that are not in MOVED are tested in `make proof` only."""
    return [pytest.param(name, marks=() if name in MOVED else pytest.mark.proof) for name in names]


def kinds(name):
    """What the page must be able to show of an explorer: the kinds of its first controls, its texts, what it sends."""
    explorer = MADE[name]()
    found = {
        f"picture {bool(explorer.svg)}",
        f"films {explorer.films}",
        f"history {explorer.history_buttons}",
    }
    found |= {what for what in ("ask", "goal", "remark") if explorer.view.fields["", what]}
    found |= {"run"} if hasattr(explorer, "run") else set()
    for control in explorer.view.controls:
        marks = ("disabled", "primary", "pressed", "wide", "texts", "placeholder")
        found |= {(control["kind"], mark) for mark in ("", *marks) if not mark or control.get(mark)}
    return found
