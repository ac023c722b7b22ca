"""Studies: what many training runs gave that `tools/studies.py` made in advance, and the runs anew."""

import json
import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from lstm_lib.cell.initial import orthogonal
from lstm_lib.cell.params import frozen, layout
from lstm_lib.checks import one_of, quoted, whole_number
from lstm_lib.learning.network import Network, fraction_unexplained
from lstm_lib.learning.recall import mixed_recall, recall_task
from lstm_lib.learning.run import run_for
from lstm_lib.learning.tasks import TASKS

FOLDER = Path(__file__).parent.parent / "stored"
STUDIES = Path(os.environ.get("STUDIES", FOLDER))
"""Where the studies are: the variable names another folder, for those that another processor trained."""

SAID = {"task": "task", "hidden_size": "units", "updates": "updates", "learning_rate": "rate", "T": "steps trained on",
        "lags": "lags trained on", "tested": "tested on", "starts": "starts"}  # fmt: skip
"""What is said of settings first, and how."""

FOR_A_RUN = ("cell", "hidden_size", "optimiser", "learning_rate", "max_norm", "forget_bias", "clamp")
"""Settings that `run_for` takes as they are."""


def in_words(settings):
    """Settings in one line."""
    said = settings | {name: [T for T, _ in settings[name]] for name in ("tested",) if name in settings}
    order = [name for name in dict.fromkeys([*SAID, *said]) if name in said and name != "kept"]
    return ", ".join(f"{SAID.get(name, name)} {said[name]}" for name in order)


class Arm(SimpleNamespace):
    """What the runs of one arm had, `settings`, and what they gave: arrays (starts, …), or dicts of such by name."""

    def __repr__(self):
        return in_words(self.settings)

    @property
    def solved(self):
        """How many of the starts solved the task, if `solved_at` was measured: the first update at which they had."""
        return int(np.isfinite(self.solved_at).sum())


@dataclass(frozen=True, eq=False)
class Study:
    """Arms that are compared, {name: Arm}.

    settings : what all runs had: the task, the arguments of `run_for`, T steps of a sequence, `tested`, pairs of steps and
        sequences on which it was judged afterwards, and the number of starts; an arm's settings are these and what differs
    """

    name: str
    settings: dict
    arms: dict

    def each(self, measure):
        """{arm: what one of the measures gave}."""
        return {
            name: getattr(arm, one_of("measure", measure, tuple(vars(arm))))
            for name, arm in self.arms.items()
        }

    def run(self, arm, start=0):
        """The Run, not yet started, that repeats a start of an arm."""
        arm = self.arms[one_of("arm", arm, tuple(self.arms))]
        if (task := arm.settings["task"]) not in TASKS:
            raise ValueError(
                f"arm: {quoted(task)} is none of TASKS; the runs of study({self.name!r}) are made by `make stored`"
            )
        return run_of(arm.settings, whole_number("start", start, 0))

    def network(self, arm, start=None):
        """The trained Network of one start of an arm, by default the first that was kept."""
        kept = {
            name: found.settings["kept"] for name, found in self.arms.items() if found.settings.get("kept")
        }
        arm = one_of("arm", arm, tuple(kept))
        start, s = (
            one_of("start", kept[arm][0] if start is None else start, kept[arm]),
            self.arms[arm].settings,
        )
        sizes = task_of(s) if s["task"] in TASKS else SimpleNamespace(**s)
        network = Network(sizes.input_size, s["hidden_size"], sizes.output_size, np.random.default_rng(0),
                          s.get("cell", "LSTM"), clamp=s.get("clamp"))  # fmt: skip
        network.theta = thetas(self.name)[arm][kept[arm].index(start)].astype(float)
        return network

    def __repr__(self):
        lines = [in_words(self.settings)]
        for name, arm in self.arms.items():
            differs = in_words({k: v for k, v in arm.settings.items() if self.settings.get(k) != v})
            lines.append(f"  {name}: {differs}" if differs else f"  {name}")
        return "\n".join(lines)


def study(name):
    """The Study called `name`; its arrays are read-only."""
    return _study(one_of("name", name, sorted(file.stem for file in STUDIES.glob("*.json"))))


@cache
def _study(name):
    def read(found):
        if isinstance(found, dict):
            return {int(key) if key.isdigit() else key: read(value) for key, value in found.items()}
        return frozen(np.array(found, float))

    found = json.loads((STUDIES / f"{name}.json").read_text(encoding="utf-8"))
    arms = {
        arm: Arm(settings=found["settings"] | gave.pop("settings"), **read(gave))
        for arm, gave in found["arms"].items()
    }
    return Study(name, found["settings"], arms)


@cache
def thetas(name):
    """{arm: θ (kept, parameters)} of the networks that a study kept."""
    path = STUDIES / f"{name}.npz"
    return dict(np.load(path, allow_pickle=False)) if path.exists() else {}


# --- runs, as their settings say -----------------------------------------------------------------------------------


def gain_2(network, rng):
    """A recurrent matrix whose gradient grows on its way back."""
    H = network.hidden_size
    network.W[:, :H] = 2 * rng.normal(size=(H, H)) / np.sqrt(H)


def orthogonal_start(network, rng):
    """A recurrent matrix that only turns."""
    network.W[:, : network.hidden_size] = orthogonal(rng, network.hidden_size)


def close_input_gate(network, rng):
    """b_i = −2: sigmoid(−2) is 0.12."""
    network.b[layout(network.kind.said, network.input_size, network.hidden_size).where["b_i"][1]] = -2.0


INITIAL = {"gain 2": gain_2, "orthogonal": orthogonal_start, "b_i = −2": close_input_gate}
"""Other initial weights, by the name that settings have for them."""


class WithoutFeedback:
    """An optimiser that sets the weights on h to 0 after each update, as they are before the first."""

    def __init__(self, run):
        self.optimiser, self.W_h = run.optimiser, run.network.W[:, : run.network.hidden_size]
        self.W_h[:] = 0

    def update(self, theta, gradient):
        self.optimiser.update(theta, gradient)
        self.W_h[:] = 0


def task_of(settings):
    """The Task of settings, with the length or the lags that they give."""
    task = TASKS[one_of("task", settings["task"], tuple(TASKS))]
    lags = settings.get("lags", ())
    if len(lags) == 2:
        return mixed_recall(*lags, numbers=settings.get("numbers", False))
    return recall_task(*lags) if lags else replace(task, T=settings["T"])


def run_of(settings, start, task=None):
    """The Run, not yet started, that settings describe; task : if it is none of TASKS."""
    s = {name: settings[name] for name in FOR_A_RUN if name in settings}
    initialise = INITIAL.get(settings.get("initialise"))
    run = run_for(task or task_of(settings), settings["updates"], start, initialise=initialise, **s)
    if "W_h" in settings:
        run.optimiser = WithoutFeedback(run)
    return run


def unexplained(network, settings):
    """{steps: `fraction_unexplained`} on the fresh sequences that settings name in `tested`."""
    draw = TASKS[settings["task"]].draw
    return {
        T: fraction_unexplained(network, draw(np.random.default_rng(99), T, count))
        for T, count in settings["tested"]
    }
