"""Training runs made in advance by `tools/train_stored_runs.py`, so that a notebook can show many starts at once."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from lstm_lib.checks import one_of
from lstm_lib.learning.network import Network

FOLDER = Path(__file__).parent.parent / "stored"
FORECASTS = FOLDER / "forecasts"
VIEWS = ("raw", "detrended")
"""What the stored forecasting networks read: a series as it is, or without the line of its training part."""
TABLES = FOLDER / "tables"


@dataclass(frozen=True, eq=False)
class StoredArm:
    """The runs of one arm of a comparison, one per seed.

    settings : the arguments of `run_for`;  losses (seeds, …) : held-out loss at the updates `StoredRuns.at`
    unexplained : {T: (seeds,)}, `fraction_unexplained` after training on 400 fresh sequences of T steps
    largest_norm (seeds,) : of the gradient, before clipping
    solved_at (seeds,) : the first update at which the task is solved (StoredRuns); NaN if there is none
    """

    settings: dict
    losses: np.ndarray
    unexplained: dict
    largest_norm: np.ndarray
    solved_at: np.ndarray

    @property
    def solved(self):
        """How many of the runs solved the task."""
        return int(np.isfinite(self.solved_at).sum())


@dataclass(frozen=True, eq=False)
class StoredRuns:
    """A comparison: the same task, updates and seeds for all `arms`, {name: StoredArm}.

    steps : updates of each run
    solved_below : a run has solved the task when its held-out loss is below this fraction of the mean baseline's loss
    """

    task: str
    steps: int
    seeds: int
    solved_below: float
    arms: dict

    @property
    def at(self):
        """The updates at which the held-out losses were measured."""
        count = next(iter(self.arms.values())).losses.shape[1]
        return np.linspace(0, self.steps, count)

    def __repr__(self):
        arms = (
            f"  {name}: " + ", ".join(f"{k}={v}" for k, v in arm.settings.items())
            for name, arm in self.arms.items()
        )
        return "\n".join([f"{self.task}: {self.seeds} runs of {self.steps} updates per line", *arms])


def stored_runs(name):
    """The StoredRuns called `name`."""
    one_of("name", name, sorted(file.stem for file in FOLDER.glob("*.json")))
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    arms = {
        arm: StoredArm(
            said["settings"],
            np.array(said["losses"], float),
            {int(T): np.array(shares, float) for T, shares in said["unexplained"].items()},
            np.array(said["largest_norm"], float),
            np.array(said["solved_at"], float),
        )
        for arm, said in found.pop("arms").items()
    }
    return StoredRuns(**found, arms=arms)


def stored_network(name):
    """The trained Network called `name`."""
    one_of("name", name, sorted(file.stem for file in FOLDER.glob("*.npz")))
    return Network.load(FOLDER / f"{name}.npz")


def stored_errors(name):
    """{method: array} of the race between forecasting methods called `name`, as in `tools/forecast_runs.py`."""
    one_of("name", name, sorted(file.stem for file in FORECASTS.glob("*.json")))
    found = json.loads((FORECASTS / f"{name}.json").read_text(encoding="utf-8"))
    return {method: np.array(errors, float) for method, errors in found.items()}


@cache
def stored_forecasters():
    """{(series, view): θ (cuts, parameters)} of the networks of MovingOrigin."""
    with np.load(FORECASTS / "moving_origin.npz", allow_pickle=False) as file:
        return {tuple(name.split("|")): file[name].astype(float) for name in file.files}


def stored_table(name):
    """The measurements called `name`, {…: {…: (starts,)}}: an array with a value for each start, in nested dicts."""
    one_of("name", name, sorted(file.stem for file in TABLES.glob("*.json")))

    def arrays(found):
        if isinstance(found, dict):
            return {key: arrays(value) for key, value in found.items()}
        return np.array(found, float) if isinstance(found, list) else found

    return arrays(json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8")))


def store_table(name, table):
    """Write a table for `stored_table`."""
    text = json.dumps(table).replace("}, ", "},\n")
    (TABLES / f"{name}.json").write_text(text + "\n", encoding="utf-8")
