"""The explorers that the browser tests move: those of tests/explore, and predictions, choices and checks."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "explore"))

from made import EXPLORERS  # noqa: E402

from lstm_lib.exercises import check, predict  # noqa: E402
from lstm_lib.explore import CellExplorer, GradientReach, MemoryDecay, text_size  # noqa: E402

ADDED = {
    "a prediction, forget gate": lambda: predict("fifty_steps", MemoryDecay()),
    "a prediction, states": lambda: predict("memory_back", CellExplorer(C_prev=[0.0])),
    "a prediction, training": lambda: predict("path_of_099", GradientReach()),
    "a check": lambda: check("half_life", lambda f: 1 / (1 - f)),
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
