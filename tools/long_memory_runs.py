"""What notebook 08 shows as measured over many starts: which lags are learned, and which are bridged afterwards."""

import numpy as np

from lstm_lib import lstm_forward, lstm_jacobian, run_for
from lstm_lib.learning.network import fraction_unexplained
from lstm_lib.learning.recall import (
    GRID_SETTINGS,
    GRID_UPDATES,
    LAGS,
    ROWS,
    mixed_recall,
    recall_task,
    recalled,
    share_right,
)
from lstm_lib.learning.stored import FOLDER

GRID_STARTS, STARTS, MANY = 10, 20, 40
RATES = (0.003, 0.01, 0.03)
BRIDGED = (10, 25, 50, 100, 500, 2000)
BIT_UPDATES, NUMBER_UPDATES = 300, 1000
SETTINGS = {"hidden_size": 8, "learning_rate": 0.01, "max_norm": 1.0}
MIXED = {
    "LSTM, b_f = 1": (MANY, {"forget_bias": 1.0}),
    "plain RNN": (MANY, {"cell": "RNN"}),
    "orthogonal RNN": (STARTS, {"cell": "orthogonal RNN"}),
    "LSTM, b_f = 3": (STARTS, {"forget_bias": 3.0}),
    "LSTM, b_f = 5": (STARTS, {"forget_bias": 5.0}),
    "LSTM, b_f = 1, W_h = 0": (STARTS, {"forget_bias": 1.0}),
    "LSTM, b_f = 5, W_h = 0": (STARTS, {"forget_bias": 5.0}),
}
SAVED = {"LSTM, b_f = 1": "recall_bit", "a number": "recall_number"}
"""The arms of which the network of start 0 is stored, and its name."""


def lag_grid():
    """The share of right answers after training at one lag: every row and lag, every rate at lag 100, more updates."""
    table = {"starts": GRID_STARTS, "right": {}, "rates": {}, "five times the updates": {}}
    for row, changed in ROWS.items():
        table["right"][row] = {
            str(lag): [grid_run(changed, lag, s) for s in range(GRID_STARTS)] for lag in LAGS
        }
        print(row, flush=True)
    for row in ("LSTM, b_f = 3", "RNN", "orthogonal RNN"):
        table["rates"][row] = {
            str(rate): [grid_run(ROWS[row] | {"learning_rate": rate}, 100, s) for s in range(GRID_STARTS)]
            for rate in RATES
        }
        print(row, flush=True)
    for row, lag in (("LSTM, b_f = 1", 50), ("LSTM, b_f = 2", 100)):
        runs = [grid_run(ROWS[row], lag, s, 5 * GRID_UPDATES) for s in range(GRID_STARTS)]
        table["five times the updates"][row] = {str(lag): runs}
    return table


def grid_run(changed, lag, start, updates=GRID_UPDATES):
    """The share of right answers of one network, trained and tested at one lag."""
    network = trained(recall_task(lag), updates, start, GRID_SETTINGS | changed)
    return round(share_right(network, lag), 3)


def trained(task, updates, start, settings, cut=False):
    """A network after `updates`. cut : whether the weights on h are 0 before each update, so that nothing is fed back."""
    run = run_for(task, updates, start, **settings)
    H = run.network.hidden_size
    run.network.W[:, :H] *= not cut
    for _ in run:
        run.network.W[:, :H] *= not cut
    return run.network


def long_memory():
    """Networks trained on lags 5 to 25, or on 25 alone: right at which lags, and how the memory is kept."""
    table = {"bit": {}, "lag 25 alone": {}, "number": {}}
    for arm, (starts, _) in MIXED.items():
        networks = [bit_network(arm, start) for start in range(starts)]
        table["bit"][arm] = collected(measured(n) for n in networks)
        if arm in SAVED:
            networks[0].save(FOLDER / f"{SAVED[arm]}.npz")
        print(arm, flush=True)
    alone = [trained(recall_task(25), BIT_UPDATES, s, SETTINGS | {"forget_bias": 1.0}) for s in range(STARTS)]
    table["lag 25 alone"] = collected(measured(n) for n in alone)
    for b_f in (1, 3, 5):
        networks = [number_network(b_f, start) for start in range(STARTS)]
        table["number"][f"LSTM, b_f = {b_f}"] = collected(unexplained(n) for n in networks)
        if b_f == 5:
            networks[0].save(FOLDER / f"{SAVED['a number']}.npz")
        print("number", b_f, flush=True)
    return table


def bit_network(arm, start):
    """The network of one start of an arm of MIXED."""
    return trained(mixed_recall(), BIT_UPDATES, start, SETTINGS | MIXED[arm][1], "W_h = 0" in arm)


def number_network(b_f, start):
    """An LSTM that was trained to recall a number."""
    return trained(mixed_recall(numbers=True), NUMBER_UPDATES, start, SETTINGS | {"forget_bias": float(b_f)})


def measured(network):
    """The share of right answers at each lag; of an LSTM also how the memory is kept."""
    found = {
        f"lag {lag}": round(share_right(network, lag, 1000 if lag <= 100 else 200), 3) for lag in BRIDGED
    }
    found["lag 2000, noise × 5"] = round(share_right(network, 2000, 200, noise=5.0), 3)
    return found | (memory(network) if network.kind.name == "LSTM" else {})


def memory(network):
    """log₁₀ of ∏ f over 2000 steps (best unit) and of |∂C_T/∂C_1| over 100, and where two cues end up without noise."""
    x = recalled(np.random.default_rng(5), 2000, 20).x
    f = np.log10(np.maximum(lstm_forward(network.params, x).f[1:], 1e-300)).sum(axis=0).max(axis=1).mean()
    return {"log10 prod f, lag 2000": round(float(f), 2), **jacobian(network), "ends": ends(network)}


def jacobian(network, lag=100):
    """The largest singular value of the Jacobian over all paths, and the direct path of the best unit, log₁₀, 3 sequences."""
    x = recalled(np.random.default_rng(5), lag, 3).x
    both = [lstm_jacobian(network.params, x[:, k]) for k in range(3)]
    full = np.mean([np.log10(np.linalg.norm(all_paths[0], 2) + 1e-300) for _, all_paths in both])
    direct = np.mean([np.log10(one[0].max() + 1e-300) for one, _ in both])
    return {
        "log10 jacobian, lag 100": round(float(full), 2),
        "log10 prod f, lag 100": round(float(direct), 2),
    }


def ends(network):
    """Where the memories of the two cues are after 2000 to 3000 steps without input: in 2 places, in 1, or 0: they move on."""
    x = np.zeros((3000, 2, 2))
    x[0, :, 0] = 1, -1
    late = lstm_forward(network.params, x).C[2000:]
    if np.abs(np.diff(late, axis=0)).max() > 1e-3:
        return 0
    return 2 if np.abs(late[-1, 0] - late[-1, 1]).max() > 0.1 else 1


def unexplained(network):
    """The unexplained share of the numbers' variance at each lag, and the Jacobian."""
    tests = {lag: recalled(np.random.default_rng(5), lag, 200, numbers=True) for lag in (25, 50, 100, 500)}
    found = {f"lag {lag}": round(fraction_unexplained(network, test), 4) for lag, test in tests.items()}
    return found | jacobian(network)


def collected(runs):
    """{what: a list with a value for each run} of a list of {what: value}."""
    runs = list(runs)
    return {what: [run[what] for run in runs] for what in runs[0]}
