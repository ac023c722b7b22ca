"""What notebook 09 shows as measured over many starts: kinds of cell in every task of the race."""

from lstm_lib.learning.race import CLOSED, RACES, parity_name, race_error, race_run
from lstm_lib.learning.stored import FOLDER, store_table

SAVED = "parity"
"""The task whose networks of start 0 are stored, for the explorer that pulls wires out of them."""

KINDS = ("LSTM", "vanilla", "1997", "NFG", "CIFG", "NOG", "x-gated", "GRU", "minGRU")
ARMS = dict.fromkeys(RACES, KINDS) | {"adding": (*KINDS, "LSTM" + CLOSED, "1997" + CLOSED)}
STARTS = 20


def race():
    """{task: {arm: error of each start}}, written whenever a task is done: all of them take about half an hour."""
    table = {}
    for task in RACES:
        table[task] = {arm: [one(task, arm, k) for k in range(STARTS)] for arm in ARMS[task]}
        store_table("race", table)
        print(task, "is stored", flush=True)
    return table


def one(task, arm, start, save=True):
    """The error of one start, rounded as far as it is shown; start 0 of SAVED is written if `save`."""
    run = race_run(task, arm, start)
    for _ in run:
        pass
    if save and task == SAVED and start == 0:
        run.network.save(FOLDER / f"{parity_name(arm)}.npz")
    return float(f"{race_error(task, run.network):.3g}")
