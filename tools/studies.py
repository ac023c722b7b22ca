"""Train what the notebooks show of many runs, and write it to lstm_lib/stored/: `make stored`, or `make stored ARGS="name …"`.

Trained is what is missing: a run that is stored with the settings of the table below is kept. After Ctrl-C, `make stored`
goes on where it was. To train a study anew, delete its file. With STUDIES=folder, studies are written to another folder,
and read there by whatever uses the library: so `STUDIES=/tmp/haswell OPENBLAS_CORETYPE=Haswell make stored` trains all of
them as another processor does.
"""

import json
import math
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from multiprocessing import Pool

import measures
import numpy as np

from lstm_lib.checks import one_of
from lstm_lib.learning import stored
from lstm_lib.learning.example_series import EXAMPLES
from lstm_lib.learning.forecast import BLOCKS
from lstm_lib.learning.grammar import GRAMMAR_WORDS
from lstm_lib.learning.recall import LAGS, ROWS


@dataclass(frozen=True)
class Plan:
    """A study to be made.

    measure : a function of measures.py;  settings : of all arms;  arms : {name: what differs}
    keep : {arm: starts whose trained network is stored as well}
    """

    measure: Callable
    settings: dict
    arms: dict
    keep: dict = field(default_factory=dict)


def some(side, *names):
    """A part of a side of a grid."""
    return {name: side[name] for name in names}


def grid(*sides):
    """Arms for all combinations; a side is {name: what differs}."""
    return {
        ", ".join(name for name, _ in chosen): {k: v for _, changed in chosen for k, v in changed.items()}
        for chosen in product(*(side.items() for side in sides))
    }


def clamped(*gates):
    """Arms with a gate clamped at 1."""
    return {f"LSTM, {gate} clamped at 1": {"clamp": {gate: 1.0}} for gate in gates}


def b_f(*values):
    """Arms with an initial bias of the forget gate."""
    return {f"LSTM, b_f = {value}": {"forget_bias": float(value)} for value in values}


# --- the table of studies ------------------------------------------------------------------------------------------

SMALL, RNN, WHOLE = {"hidden_size": 8, "learning_rate": 0.01, "max_norm": 1.0}, {"cell": "RNN"}, {"LSTM": {}}
SUM = SMALL | {"task": "sum since reset", "T": 30, "tested": {30: 400}, "solved_below": 0.05, "starts": 10}
ADDING = SUM | {"task": "adding", "T": 50, "tested": {50: 400}, "hidden_size": 16, "forget_bias": 1.0}
RATES = {"SGD": (0.01, 0.1, 0.3, 1.0, 10.0), "Adam": (0.0001, 0.001, 0.01, 0.1, 1.0)}

KINDS = {
    kind: {"cell": kind}
    for kind in ("LSTM", "vanilla", "1997", "NFG", "CIFG", "NOG", "x-gated", "GRU", "minGRU")
}
CLOSED = grid(some(KINDS, "LSTM", "1997"), {"b_i = −2": {"initialise": "b_i = −2"}})
RACE = SMALL | {"forget_bias": 1.0, "starts": 20}
RACES = {
    "parity": {"hidden_size": 6, "learning_rate": 0.02, "T": 12, "tested": {300: 200}, "updates": 500},
    "adding": {"T": 30, "tested": {30: 200}, "updates": 450},
    "sum since reset": {"T": 20, "tested": {300: 200}, "updates": 200},
    "latch": {"hidden_size": 2, "learning_rate": 0.03, "T": 20, "tested": {100: 200}, "updates": 200},
    "delayed recall": {"forget_bias": 3.0, "T": 20, "tested": {20: 200}, "updates": 100},
}

RECALL = SMALL | {"task": "delayed recall", "starts": 20}
LAG = {f"lag {lag}": {"lags": [lag], "tested": {lag: 1000}} for lag in LAGS}
OTHER_RATES = {f"rate {rate}": {"learning_rate": rate} for rate in (0.003, 0.03)}
LONGER = {"1000 updates": {"updates": 1000}}
MANY = {"starts": 40}

REVIEWS = {"task": "film reviews", "sentences": 5000, "starts": 20}
READER = SMALL | {"learning_rate": 0.02, "updates": 1200, "input_size": len(GRAMMAR_WORDS), "output_size": 2}

LSTM = {"method": "LSTM", "hidden_size": 8, "window": 50, "learning_rate": 0.01}
LINE = {"task": "trend and sine", "starts": 20}
PERSISTENCE, DETRENDED = {"persistence": {"method": "persistence"}}, {"detrended": {"trend": True}}
AR = {f"AR({p})": {"method": "AR", "order": p} for p in (9, 10, 50)}
SQUARES = {f"AR({n}) with squares": {"method": "AR", "order": n, "squares": True} for n in (2, 4)}
CHAOS = {"task": "Hénon", "values": 1000, "starts": 20, "noise": 0.0}
ORIGIN = grid(
    {task: {"task": task} for task in EXAMPLES},
    {"raw": {"trend": False}, "detrended": {"trend": True}},
    {f"cut {cut}": {"cut": cut} for cut in range(BLOCKS)},
)
CHAOTIC = {"LSTM": LSTM | {"window": 30, "updates": 600, "learning_rate": 0.02}}


def line(values, more):
    """Methods that are told less and more about the slide's series."""
    average = {"moving average (10)": {"method": "moving average", "order": 10}}
    told = {"line and sine, told the period": {"method": "line and sine", "period": 50}}
    lstm = {"LSTM": LSTM | {"updates": 400}}
    arms = PERSISTENCE | average | some(AR, "AR(10)") | grid(some(AR, "AR(10)"), DETRENDED) | told
    return Plan(
        measures.error, LINE | {"values": values}, arms | lstm | grid(lstm, DETRENDED) | grid(more, DETRENDED)
    )


def seasonal(task, period, help):
    """A real series with a season: autoregressions without and with the same help."""
    order = help | {"method": "AR, order chosen", "order": [1, 2, 5, 10, 15, 24, 36, 60]}
    lstm = help | LSTM | {"updates": 600, "learning_rate": 0.005, "starts": 4}
    arms = PERSISTENCE | {"AR(10)": help | AR["AR(10)"], "AR, order chosen": order}
    arms |= {"AR with the season, order chosen": order | {"period": period}}
    arms |= {"LSTM": lstm, "LSTM with the season": lstm | {"period": period}}
    return Plan(measures.error, {"task": task, "starts": 1}, arms)


def coverage(values):
    """Intervals for 80 %."""
    lstm, ar = LSTM | {"updates": 500}, AR["AR(10)"]
    arms = {"LSTM, training part": lstm | {"training_part": True}, "LSTM": lstm}
    arms |= {"LSTM, split conformal": lstm | {"conformal": True}, "AR(10), quantiles": ar}
    arms |= {"AR(10), conformal ranks": ar | {"conformal": True}}
    return Plan(measures.coverage, LINE | {"values": values}, arms)


STUDIES = {
    "sum_since_reset": Plan(
        measures.curve,
        SUM | {"updates": 600, "forget_bias": 1.0, "tested": {30: 400, 1000: 20}},
        WHOLE | clamped("f") | {"plain RNN": RNN, "LSTM, one unit": {"hidden_size": 1, "learning_rate": 0.03}},
        dict.fromkeys(("LSTM", "plain RNN", "LSTM, one unit"), range(5)),
    ),
    "adding": Plan(measures.curve, ADDING | {"updates": 1500}, WHOLE | clamped("i") | {"plain RNN": RNN}),
    "adding_longer": Plan(measures.curve, ADDING | {"updates": 6000}, clamped("i")),
    "latch": Plan(
        measures.curve,
        SUM | {"task": "latch", "T": 20, "tested": {20: 400}, "updates": 1500}
        | {"hidden_size": 1, "learning_rate": 0.03, "forget_bias": 1.0},
        WHOLE | clamped("f", "i", "o"),
        {"LSTM": (2,)},
    ),
    "delayed_recall": Plan(
        measures.curve,
        SUM | {"task": "delayed recall", "T": 100, "tested": {100: 400}, "updates": 400},
        {"RNN": RNN, "RNN, 32 units": RNN | {"hidden_size": 32}}
        | {"orthogonal RNN": RNN | {"initialise": "orthogonal"}} | b_f(0, 1, 3, 5),
    ),
    "clipping": Plan(
        measures.curve,
        {k: v for k, v in SUM.items() if k != "max_norm"}
        | {"T": 60, "tested": {60: 400}, "updates": 300, "hidden_size": 16, "optimiser": "SGD", "learning_rate": 0.1},
        grid({"RNN": RNN | {"initialise": "gain 2"}} | WHOLE, {"not clipped": {}, "clipped at 1": {"max_norm": 1.0}}),
    ),
    "learning_rates": Plan(
        measures.curve,
        SUM | {"updates": 400},
        {f"{name}, {rate:g}": {"optimiser": name, "learning_rate": rate} for name in RATES for rate in RATES[name]},
    ),
    "forget_biases": Plan(measures.curve, SUM | {"updates": 250}, b_f(1, 3, 5)),
    **{
        "race_" + task.replace(" ", "_"): Plan(
            measures.left,
            RACE | {"task": task} | budget,
            KINDS | (CLOSED if task == "adding" else {}),
            dict.fromkeys(KINDS if task == "parity" else (), (0,)),
        )
        for task, budget in RACES.items()
    },
    "lag_grid": Plan(
        measures.lag,
        RECALL | {"updates": 200, "starts": 10},
        grid(ROWS, LAG)
        | grid(some(ROWS, "LSTM, b_f = 3", "RNN", "orthogonal RNN"), some(LAG, "lag 100"), OTHER_RATES)
        | grid(b_f(1), some(LAG, "lag 50"), LONGER) | grid(b_f(2), some(LAG, "lag 100"), LONGER),
    ),
    "recall_bit": Plan(
        measures.recall_bit,
        RECALL | {"lags": [5, 25], "updates": 300}
        | {"tested": {10: 1000, 25: 1000, 50: 1000, 100: 1000, 500: 200, 2000: 200}},
        {"LSTM, b_f = 1": MANY | {"forget_bias": 1.0}, "plain RNN": MANY | RNN, "orthogonal RNN": {"cell": "orthogonal RNN"}}
        | b_f(3, 5) | grid(b_f(1, 5), {"W_h = 0": {"W_h": 0}}) | grid(b_f(1), {"lag 25 alone": {"lags": [25]}}),
        {"LSTM, b_f = 1": (0,)},
    ),
    "recall_number": Plan(
        measures.recall_number,
        RECALL | {"lags": [5, 25], "numbers": True, "updates": 1000, "tested": {25: 200, 50: 200, 100: 200, 500: 200}},
        b_f(1, 3, 5),
        {"LSTM, b_f = 5": (0,)},
    ),
    "sentiment": Plan(
        measures.sentiment,
        REVIEWS,
        {"LSTM": READER, "f clamped at 1": READER | {"clamp": {"f": 1.0}}}
        | {"all gates clamped at 1": READER | {"clamp": {"f": 1.0, "i": 1.0, "o": 1.0}}}
        | {f"{gate} clamped at 1": READER | {"clamp": {gate: 1.0}} for gate in "io"}
        | {"bag of words": {"updates": 300}, "bag with a feature": {"updates": 300, "feature": "adjectives with nots"}},
        {"LSTM": (10,)},  # chosen because it fails at three nots; most do not
    ),
    "inside": Plan(measures.insides, REVIEWS | READER, WHOLE),
    "ablation": Plan(
        measures.ablation,
        {k: v for k, v in SUM.items() if k != "solved_below"} | {"tested": {30: 300}, "updates": 400, "starts": 20},
        WHOLE,
    ),
    "line_200": line(200, {}),
    "line_1000": line(1000, some(AR, "AR(50)")),
    "henon": Plan(measures.error, CHAOS, PERSISTENCE | some(AR, "AR(10)") | SQUARES | CHAOTIC),
    "henon_noise": Plan(measures.error, CHAOS | {"noise": 0.1}, PERSISTENCE | some(AR, "AR(10)") | SQUARES | CHAOTIC),
    "henon_horizon": Plan(measures.error, CHAOS | {"steps": 15}, CHAOTIC | some(SQUARES, "AR(2) with squares") | some(AR, "AR(10)")),
    "sunspots": Plan(
        measures.error,
        {"task": "sunspots", "starts": 1},
        PERSISTENCE | some(AR, "AR(9)") | {"AR(9) of √": {"method": "AR of √", "order": 9}}
        | {"LSTM": LSTM | {"hidden_size": 4, "updates": 200, "starts": 20}},
    ),
    "elnino": seasonal("elnino", 12, {}),
    "co2": seasonal("co2", 12, {"trend": True}),
    "seattle": seasonal("seattle", 365.25, {}),
    "coverage_200": coverage(200),
    "coverage_1000": coverage(1000),
    "moving_origin": Plan(
        measures.before_a_cut,
        LSTM | {"updates": 400, "input_size": 1, "output_size": 1, "starts": 1},
        ORIGIN,
        dict.fromkeys(ORIGIN, (0,)),
    ),
}  # fmt: skip

# --- what is missing is trained ------------------------------------------------------------------------------------

EARLY = 20
"""The loss of this update is stored for every start: a test trains each arm as far again."""


def settings_of(name, arm):
    """All settings of an arm."""
    return STUDIES[name].settings | STUDIES[name].arms[arm]


def measured(name, arm, start, train):
    """What is measured of one start; train : run → its trained network."""
    return STUDIES[name].measure(settings_of(name, arm), start, train)


def trained(key):
    """(key, what is measured of one start, its network's θ), with the loss of update EARLY."""
    early, networks = [], []

    def train(run):
        early.extend(record.loss for record in run if record.step == EARLY)
        networks.append(run.network)
        return run.network

    found = measured(*key, train)
    if networks:
        found["early"] = early[0] if early else np.nan
    return key, found, networks[-1].theta if networks else None


def plain(value):
    """A number or array for JSON: with four significant digits, and null for NaN."""
    if np.ndim(value):
        return [plain(part) for part in value]
    return None if math.isnan(value) else float(f"{value:.4g}")


def appended(lists, found):
    """Lists with a value for each start, in dicts as they are measured, with those of one more start."""
    if isinstance(found, dict):
        return {str(key): appended(lists.get(str(key), {}), value) for key, value in found.items()}
    return [*lists, plain(found)]


def count(lists):
    """For how many starts there are values."""
    while isinstance(lists, dict):
        lists = next(iter(lists.values()), [])
    return len(lists)


def there(name):
    """{arm: lists} of what is stored with the settings of the table."""
    path = stored.STUDIES / f"{name}.json"
    study, found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"arms": {}}, {}
    for arm, lists in study["arms"].items():
        had = study["settings"] | lists.pop("settings")
        if arm in STUDIES[name].arms:
            wanted = json.loads(json.dumps(settings_of(name, arm)))
            if had | {"starts": 0} == wanted | {"starts": 0} and count(lists) <= wanted["starts"]:
                found[arm] = lists
    return found


def write(name, arms):
    """A study as far as it goes, in the order of the table."""
    plan = STUDIES[name]
    lines = [
        f"{json.dumps(arm)}: {json.dumps({'settings': differs} | arms[arm])}"
        for arm, differs in plan.arms.items()
        if arm in arms
    ]
    text = f'{{"settings": {json.dumps(plan.settings)},\n"arms": {{\n' + ",\n".join(lines) + "\n}}\n"
    path = stored.STUDIES / f"{name}.json"
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


def keep(name, arm, start, theta):
    """Write a network beside those that are kept already, with half the digits where nothing is lost by that."""
    small, path = theta.astype(np.float32), stored.STUDIES / f"{name}.npz"
    others = dict(np.load(path)) if path.exists() else {}
    np.savez(path, **others | {f"{arm} {start}": theta if (small != theta).any() else small})


def make(names, results):
    """Train what is missing of the named studies; results : as map."""
    arms = {name: there(name) for name in names}
    missing = [
        (name, arm, start)
        for name in names
        for arm in STUDIES[name].arms
        for start in range(count(arms[name].get(arm, {})), settings_of(name, arm)["starts"])
    ]
    costs = [cost(settings_of(name, arm)) for name, arm, _ in missing]
    began, done = time.monotonic(), np.cumsum(costs)
    for k, (key, found, theta) in enumerate(results(trained, missing)):
        name, arm, start = key
        if start in STUDIES[name].keep.get(arm, ()):
            keep(*key, theta)
        arms[name][arm] = appended(arms[name].get(arm, {}), found)
        write(name, arms[name])
        minutes = (time.monotonic() - began) / 60 * (done[-1] / done[k] - 1)
        print(
            f"{k + 1} of {len(missing)}, {minutes:.0f} minutes left: {name}, {arm}, start {start}", flush=True
        )


def cost(s):
    """About how long a start takes: updates times steps."""
    return 1 + s.get("updates", 0) * s.get("T", max(s.get("lags", (s.get("window", 20),))))


def main(names):
    """Train what is missing of the named studies, or of all."""
    names = [one_of("name", name, tuple(STUDIES)) for name in names] or list(STUDIES)
    stored.STUDIES.mkdir(exist_ok=True)
    with Pool(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        make(names, pool.imap)


if __name__ == "__main__":
    main(sys.argv[1:])
