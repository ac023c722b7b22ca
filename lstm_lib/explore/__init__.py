"""Explorers: a state, controls that move it, and the picture that follows."""

import os
import sys

from lstm_lib.explore.cell_explorer import CellExplorer
from lstm_lib.explore.cell_over_time import CellOverTime
from lstm_lib.explore.change_part import ChangePart
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.forecast_panel import ForecastPanel
from lstm_lib.explore.forget_clamped import ForgetClamped
from lstm_lib.explore.forget_computed import ForgetComputed
from lstm_lib.explore.gate_over_time import GateOverTime
from lstm_lib.explore.goal import Goal, answer, end_with, hold_at_end, keep_until, loss_below
from lstm_lib.explore.gradient_reach import GradientReach
from lstm_lib.explore.lag_reach import LagReach
from lstm_lib.explore.memory_decay import MemoryDecay
from lstm_lib.explore.moving_origin import MovingOrigin
from lstm_lib.explore.pull_a_wire import PullAWire
from lstm_lib.explore.push_state import PushState
from lstm_lib.explore.race import Race
from lstm_lib.explore.ten_starts import TenStarts
from lstm_lib.explore.text_size import text_size
from lstm_lib.explore.training_panel import TrainingPanel
from lstm_lib.explore.twin_sentences import TwinSentences

# A kernel shows figures below their cells unless MPLBACKEND is set, and a shell that sets it means its scripts: with
# Agg, figures would be missing without a word. matplotlib reads it on import; %matplotlib still chooses another.
if (ipython := sys.modules.get("IPython")) and hasattr(ipython.get_ipython(), "kernel"):
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

__all__ = [
    "CellExplorer",
    "CellOverTime",
    "ChangePart",
    "Explorer",
    "ForecastPanel",
    "ForgetClamped",
    "ForgetComputed",
    "GateOverTime",
    "Goal",
    "GradientReach",
    "LagReach",
    "MemoryDecay",
    "MovingOrigin",
    "TenStarts",
    "PushState",
    "PullAWire",
    "Race",
    "TrainingPanel",
    "TwinSentences",
    "answer",
    "end_with",
    "hold_at_end",
    "keep_until",
    "loss_below",
    "text_size",
]
