"""Train what the notebooks show as stored runs, and write it to lstm_lib/stored/.

    python tools/train_stored_runs.py [name …]       all comparisons and races if none is named

Every run is a `run_for` with the settings stored beside it, so a TrainingPanel with these settings and a seed
repeats it. `make proof` trains them all anew and compares.
"""

import json
import re
import sys
from dataclasses import dataclass, field, replace

import numpy as np
from forecast_runs import RACES, store
from inside_runs import ablation, inside
from long_memory_runs import lag_grid, long_memory
from race_runs import race
from sentiment_runs import sentiment

from lstm_lib import TASKS, fraction_unexplained, orthogonal, run_for
from lstm_lib.learning.stored import FOLDER, store_table

SHOWN = 40
"""Held-out losses stored per run."""


@dataclass(frozen=True)
class Comparison:
    """The same task, updates and seeds for all arms; an arm says what differs.

    shared : settings of all arms;  arms : {name: settings};  lengths : at which a trained network is tested
    solved_below : fraction of the mean baseline's loss
    keep : {arm: seeds} of which the trained network is stored as well, see `file_of`
    """

    task: str
    steps: int
    shared: dict
    arms: dict
    seeds: int = 10
    lengths: tuple = ()
    solved_below: float = 0.05
    keep: dict = field(default_factory=dict)


def gain_2(network, rng):
    """A recurrent matrix whose gradient grows on its way back."""
    H = network.hidden_size
    network.W[:, :H] = 2 * rng.normal(size=(H, H)) / np.sqrt(H)


def orthogonal_start(network, rng):
    """A recurrent matrix that only turns."""
    network.W[:, : network.hidden_size] = orthogonal(rng, network.hidden_size)


INITIALISE = {"gain 2": gain_2, "orthogonal": orthogonal_start}

COMPARISONS = {
    "sum_since_reset": Comparison(
        "sum since reset", 600, {"hidden_size": 8, "learning_rate": 0.01, "max_norm": 1.0, "forget_bias": 1.0},
        {
            "LSTM": {},
            "LSTM, f clamped at 1": {"clamp": {"f": 1.0}},
            "plain RNN": {"cell": "RNN"},
            "LSTM, one unit": {"hidden_size": 1, "learning_rate": 0.03},
        },
        lengths=(30, 1000), keep=dict.fromkeys(("LSTM", "plain RNN", "LSTM, one unit"), range(5)),
    ),
    "adding": Comparison(
        "adding", 1500, {"hidden_size": 16, "learning_rate": 0.01, "max_norm": 1.0, "forget_bias": 1.0},
        {"LSTM": {}, "LSTM, i clamped at 1": {"clamp": {"i": 1.0}}, "plain RNN": {"cell": "RNN"}},
        lengths=(50,),
    ),
    "adding_longer": Comparison(
        "adding", 6000, {"hidden_size": 16, "learning_rate": 0.01, "max_norm": 1.0, "forget_bias": 1.0},
        {"LSTM, i clamped at 1": {"clamp": {"i": 1.0}}},
        lengths=(50,),
    ),
    "latch": Comparison(
        "latch", 1500, {"hidden_size": 1, "learning_rate": 0.03, "max_norm": 1.0, "forget_bias": 1.0},
        {"LSTM": {}, **{f"LSTM, {gate} clamped at 1": {"clamp": {gate: 1.0}} for gate in "fio"}},
        lengths=(20,), keep={"LSTM": (2,)},
    ),
    "delayed_recall": Comparison(
        "delayed recall", 400, {"hidden_size": 8, "learning_rate": 0.01, "max_norm": 1.0},
        {
            "RNN": {"cell": "RNN"},
            "RNN, 32 units": {"cell": "RNN", "hidden_size": 32},
            "orthogonal RNN": {"cell": "RNN", "initialise": "orthogonal"},
            **{f"LSTM, b_f = {b_f}": {"forget_bias": float(b_f)} for b_f in (0, 1, 3, 5)},
        },
        lengths=(100,),
    ),
    "clipping": Comparison(
        "sum since reset", 300, {"hidden_size": 16, "optimiser": "SGD", "learning_rate": 0.1, "T": 60},
        {
            "RNN, not clipped": {"cell": "RNN", "initialise": "gain 2"},
            "RNN, clipped at 1": {"cell": "RNN", "initialise": "gain 2", "max_norm": 1.0},
            "LSTM, not clipped": {},
            "LSTM, clipped at 1": {"max_norm": 1.0},
        },
        lengths=(60,),
    ),
    "learning_rates": Comparison(
        "sum since reset", 400, {"hidden_size": 8, "max_norm": 1.0},
        {
            **{f"SGD, {rate:g}": {"optimiser": "SGD", "learning_rate": rate} for rate in (0.01, 0.1, 0.3, 1.0, 10.0)},
            **{f"Adam, {rate:g}": {"learning_rate": rate} for rate in (0.0001, 0.001, 0.01, 0.1, 1.0)},
        },
        lengths=(30,),
    ),
    "forget_biases": Comparison(
        "sum since reset", 250, {"hidden_size": 8, "learning_rate": 0.01, "max_norm": 1.0},
        {f"LSTM, b_f = {b_f}": {"forget_bias": float(b_f)} for b_f in (1, 3, 5)},
        lengths=(30,),
    ),
}  # fmt: skip


def train(name, comparison):
    """What is stored of a comparison; networks that are kept are written."""
    stored = {"task": comparison.task, "steps": comparison.steps, "seeds": comparison.seeds,
              "solved_below": comparison.solved_below, "arms": {}}  # fmt: skip
    for arm, changed in comparison.arms.items():
        settings = comparison.shared | changed
        runs = [one_run(comparison, settings, seed) for seed in range(comparison.seeds)]
        for seed in comparison.keep.get(arm, ()):
            runs[seed]["network"].save(file_of(name, arm, seed))
        stored["arms"][arm] = {
            "settings": settings,
            "losses": [run["losses"] for run in runs],
            "unexplained": {T: [run["unexplained"][T] for run in runs] for T in comparison.lengths},
            "largest_norm": [run["largest_norm"] for run in runs],
            "solved_at": [run["solved_at"] for run in runs],
        }
    return stored


def file_of(name, arm, seed):
    """Where the network of a run is stored: sum_since_reset_plain_rnn_0.npz."""
    return FOLDER / f"{name}_{re.sub(r'[^a-z0-9]+', '_', arm.lower())}_{seed}.npz"


def one_run(comparison, settings, seed):
    """The trained network of one run and its figures, rounded as far as they are shown."""
    task, run = make(comparison.task, comparison.steps, seed, **settings)
    norms = [record.norm for record in run]
    seen = run.snapshot()
    tests = {T: task.draw(np.random.default_rng(99), T, 400 if T < 500 else 20) for T in comparison.lengths}
    below = seen.held_out_at[seen.held_out < comparison.solved_below * task.mean_loss]
    at = np.linspace(0, comparison.steps, SHOWN + 1)
    return {
        "losses": [rounded(loss) for loss in np.interp(at, seen.held_out_at, seen.held_out)],
        "unexplained": {T: rounded(fraction_unexplained(run.network, test)) for T, test in tests.items()},
        "largest_norm": rounded(max(norms)),
        "solved_at": int(below[0]) if below.size else None,
        "network": run.network,
    }


def make(task, steps, seed, T=None, initialise=None, **settings):
    """The Task and the Run of stored settings; T replaces the task's own length."""
    task = TASKS[task] if T is None else replace(TASKS[task], T=T)
    return task, run_for(task, steps, seed, initialise=INITIALISE.get(initialise), **settings)


def rounded(value):
    """With four significant digits; NaN and infinity as they are."""
    return float(f"{value:.4g}")


FUNCTIONS = {f.__name__: f for f in (sentiment, long_memory, lag_grid, ablation, inside, race)}
"""What is not a comparison of losses: each function returns a table to store, and may save networks."""


def main(names):
    """Train the named comparisons, tables and forecasts, or all."""
    for name in names or [*COMPARISONS, *FUNCTIONS, "moving_origin", *RACES]:
        if name in FUNCTIONS:
            store_table(name, FUNCTIONS[name]())
        elif name not in COMPARISONS:
            store(name)
        if name not in COMPARISONS:
            print(f"{name}: trained")
            continue
        text = json.dumps(train(name, COMPARISONS[name]))
        (FOLDER / f"{name}.json").write_text(
            text.replace('"settings"', '\n"settings"') + "\n", encoding="utf-8"
        )
        print(f"{name}: trained")


if __name__ == "__main__":
    main(sys.argv[1:])
