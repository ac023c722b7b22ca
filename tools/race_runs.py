"""What notebook 09 shows as measured over many starts: every kind of cell in every task of the race."""

from lstm_lib.learning.race import CLOSED, RACES, parity_name, race_error, race_run
from lstm_lib.learning.stored import FOLDER

STARTS = 10
SAVED = "parity"
"""The task whose networks of start 0 are stored, for the explorer that pulls wires out of them."""

ARMS = ("LSTM", "1997", "NFG", "CIFG", "x-gated", "GRU", "minGRU", "LSTM" + CLOSED, "1997" + CLOSED)
ONLY_ADDING = ARMS[-1:]


def race():
    """{task: {arm: error of each start}}."""
    table = {}
    for task in RACES:
        table[task] = {}
        for arm in ARMS:
            if arm not in ONLY_ADDING or task == "adding":
                table[task][arm] = [one(task, arm, start) for start in range(STARTS)]
                print(task, arm, table[task][arm], flush=True)
    return table


def one(task, arm, start):
    """The error of one start, rounded as far as it is shown."""
    run = race_run(task, arm, start)
    for _ in run:
        pass
    if task == SAVED and start == 0:
        run.network.save(FOLDER / f"{parity_name(arm)}.npz")
    return float(f"{race_error(task, run.network):.3g}")
