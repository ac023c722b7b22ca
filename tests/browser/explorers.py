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
ALIKE = ("ForgetClamped, one unit", "CellExplorer, clamped", "CellExplorer, nothing comes in", "CellExplorer, yours",
         "CellOverTime, latch", "CellOverTime, as found", "ForgetComputed, yours", "GradientReach, 16 units",
         "PushState, running sum", "TrainingPanel, plain RNN", "a choice", "a check")  # fmt: skip
"""Similar to others, so they are tested in `make proof` only."""

IMPORT = f"""import sys
sys.path.append({str(Path(__file__).parent)!r})
from explorers import MADE
from lstm_lib.explore import page
page.SECONDS = 60.0  # a slow machine is no reason for a film to end early"""
"""The first cell of a notebook in which they are: MADE[name]()."""
