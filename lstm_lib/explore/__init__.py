"""Explorers: a state, controls that move it, and the picture that follows."""

from lstm_lib.explore.cell_explorer import CellExplorer
from lstm_lib.explore.cell_over_time import CellOverTime
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.forget_clamped import ForgetClamped
from lstm_lib.explore.forget_computed import ForgetComputed
from lstm_lib.explore.gate_over_time import GateOverTime
from lstm_lib.explore.gradient_reach import GradientReach
from lstm_lib.explore.memory_decay import MemoryDecay
from lstm_lib.explore.style import text_size
from lstm_lib.explore.training_panel import TrainingPanel

__all__ = [
    "CellExplorer",
    "CellOverTime",
    "Explorer",
    "ForgetClamped",
    "ForgetComputed",
    "GateOverTime",
    "GradientReach",
    "MemoryDecay",
    "TrainingPanel",
    "text_size",
]
