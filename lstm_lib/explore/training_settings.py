"""What the training panel can be set to."""

from __future__ import annotations

import numpy as np

from lstm_lib.optimisers import SGD, Adam
from lstm_lib.tasks import TASKS
from lstm_lib.validation import finite_number, one_of, whole_number

__all__ = [
    "BATCH",
    "BEGIN",
    "CLIPS",
    "FIXED",
    "LENGTHS",
    "NETWORK",
    "OPTIMISERS",
    "RATES",
    "SIZES",
    "checked",
]

LENGTHS = {"delayed recall": 100, "adding": 50, "sum since reset": 30, "latch": 20, "noise": 10}
BATCH = 32
FIXED = {"noise": 100}
"""Tasks with a set of so many sequences, used again at every update; the others draw new ones."""

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
CLIPS = (0.1, 0.3, 1.0, 3.0, 10.0, np.inf)
SIZES = (1, 2, 4, 8, 16, 32)
OPTIMISERS = {"Adam": Adam, "SGD": SGD}
BEGIN = {
    "cell": "lstm",
    "optimiser": "Adam",
    "rate": 0.01,
    "clip": 1.0,
    "forget_bias": 1.0,
    "hidden_size": 8,
    "seed": 0,
}
NETWORK = ("task", "cell", "optimiser", "forget_bias", "hidden_size", "seed")
"""What makes another network: a change of it ends the run under way and makes a new one ready."""


def checked(task, settings):
    """The panel's first state, or a ValueError that names the setting."""
    state = {"task": task, **BEGIN}
    allowed = {
        "task": tuple(TASKS),
        "cell": ("lstm", "rnn"),
        "optimiser": tuple(OPTIMISERS),
        "rate": RATES,
        "clip": CLIPS,
        "hidden_size": SIZES,
    }
    for name, value in settings.items():
        if name not in BEGIN:
            raise ValueError(f"TrainingPanel: expected settings from {list(BEGIN)}, got {name!r}")
        state[name] = np.inf if name == "clip" and value is None else value
    for name, choices in allowed.items():
        state[name] = one_of(name, state[name], choices)
    state["seed"] = whole_number("seed", state["seed"], 0)
    state["forget_bias"] = finite_number("forget_bias", state["forget_bias"], -6, 6)
    return state
