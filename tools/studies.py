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
from itertools import product
from multiprocessing import Pool

import measures
import numpy as np

from lstm_lib.checks import one_of
from lstm_lib.learning import stored
from lstm_lib.learning.example_series import EXAMPLES, example_series
from lstm_lib.learning.forecast import BLOCKS, cuts
from lstm_lib.learning.grammar import GRAMMAR_WORDS
from lstm_lib.learning.recall import LAGS, ROWS


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
MANY, FEW, FIRST = {"starts": 20}, {"starts": 10}, {"kept": [0]}
SUM = {"task": "sum since reset"} | SMALL | {"T": 30, "tested": [(30, 400)]} | FEW
CURVE = SUM | {"solved_below": 0.05}
ADDING = CURVE | {"task": "adding", "hidden_size": 16, "forget_bias": 1.0, "T": 50, "tested": [(50, 400)]}
FIVE = {"kept": [0, 1, 2, 3, 4]}
RATES = {"SGD": (0.01, 0.1, 0.3, 1.0, 10.0), "Adam": (0.0001, 0.001, 0.01, 0.1, 1.0)}

KINDS = {
    kind: {"cell": kind}
    for kind in ("LSTM", "vanilla", "1997", "NFG", "CIFG", "NOG", "x-gated", "GRU", "minGRU")
}
CLOSED = grid(some(KINDS, "LSTM", "1997"), {"b_i = −2": {"initialise": "b_i = −2"}})
RACE = SMALL | {"forget_bias": 1.0} | MANY

RECALL = {"task": "delayed recall"} | SMALL
LAG = {f"lag {lag}": {"lags": [lag], "tested": [(lag, 1000)]} for lag in LAGS}
OTHER_RATES = {f"rate {rate}": {"learning_rate": rate} for rate in (0.003, 0.03)}
LONGER = {"1000 updates": {"updates": 1000}}
BRIDGED = [(lag, 1000 if lag <= 100 else 200) for lag in (10, 25, 50, 100, 500, 2000)]

REVIEWS = {"task": "film reviews", "sentences": 5000} | MANY
READER = SMALL | {"learning_rate": 0.02, "updates": 1200, "input_size": len(GRAMMAR_WORDS), "output_size": 2}

LSTM = {"method": "LSTM", "hidden_size": 8, "window": 50, "updates": 400, "learning_rate": 0.01}
PERSISTENCE, DETRENDED = {"persistence": {"method": "persistence"}}, {"detrended": {"trend": True}}
AR = {f"AR({p})": {"method": "AR", "order": p} for p in (9, 10, 50)}
AR_10 = some(AR, "AR(10)")
SQUARES = {f"AR({p}) with squares": {"method": "AR", "order": p, "squares": True} for p in (2, 4)}
CUTS = {name: cuts(len(example_series(name))) for name in EXAMPLES}
LINES = {n: {"task": "trend and sine", "values": n, "cuts": [7 * n // 10, n]} | MANY for n in (200, 1000)}
CHAOS = {"task": "Hénon", "values": 1000, "cuts": [700, 1000], "noise": 0.0} | MANY
CHAOTIC = {"LSTM": LSTM | {"window": 30, "updates": 600, "learning_rate": 0.02}}
ON_A_LINE = (
    PERSISTENCE | {"moving average (10)": {"method": "moving average", "order": 10}} | AR_10 | grid(AR_10, DETRENDED)
    | {"line and sine, told the period": {"method": "line and sine", "period": 50}, "LSTM": LSTM}
    | grid({"LSTM": LSTM}, DETRENDED)
)  # fmt: skip
COVERED = {
    "LSTM, training part": LSTM | {"updates": 500, "training_part": True},
    "LSTM": LSTM | {"updates": 500},
    "LSTM, split conformal": LSTM | {"updates": 500, "conformal": True},
    "AR(10), quantiles": AR["AR(10)"],
    "AR(10), conformal ranks": AR["AR(10)"] | {"conformal": True},
}


def seasonal(period, help):
    """Methods for a series with a season: autoregressions without and with the same help."""
    order = help | {"method": "AR, order chosen", "order": [1, 2, 5, 10, 15, 24, 36, 60]}
    lstm = LSTM | help | {"updates": 600, "learning_rate": 0.005, "starts": 4}
    return PERSISTENCE | {
        "AR(10)": AR["AR(10)"] | help,
        "AR, order chosen": order,
        "AR with the season, order chosen": order | {"period": period},
        "LSTM": lstm,
        "LSTM with the season": lstm | {"period": period},
    }


STUDIES = {
    "sum_since_reset": (
        measures.curve, CURVE | {"updates": 600, "forget_bias": 1.0, "tested": [(30, 400), (1000, 20)]},
        {"LSTM": FIVE} | clamped("f")
        | {"plain RNN": RNN | FIVE, "LSTM, one unit": {"hidden_size": 1, "learning_rate": 0.03} | FIVE},
    ),
    "adding": (measures.curve, ADDING | {"updates": 1500}, WHOLE | clamped("i") | {"plain RNN": RNN}),
    "adding_longer": (measures.curve, ADDING | {"updates": 6000}, clamped("i")),
    "latch": (
        measures.curve, CURVE | {"task": "latch", "hidden_size": 1, "learning_rate": 0.03, "forget_bias": 1.0, "T": 20}
        | {"tested": [(20, 400)], "updates": 1500},
        {"LSTM": {"kept": [2]}} | clamped("f", "i", "o"),
    ),
    "delayed_recall": (
        measures.curve, CURVE | {"task": "delayed recall", "T": 100, "tested": [(100, 400)], "updates": 400},
        {"RNN": RNN, "RNN, 32 units": RNN | {"hidden_size": 32}, "orthogonal RNN": RNN | {"initialise": "orthogonal"}}
        | b_f(0, 1, 3, 5),
    ),
    "clipping": (
        measures.curve, CURVE | {"hidden_size": 16, "optimiser": "SGD", "learning_rate": 0.1, "max_norm": None, "T": 60}
        | {"tested": [(60, 400)], "updates": 300},
        grid({"RNN": RNN | {"initialise": "gain 2"}} | WHOLE, {"not clipped": {}, "clipped at 1": {"max_norm": 1.0}}),
    ),
    "learning_rates": (
        measures.curve, CURVE | {"updates": 400},
        {f"{name}, {rate:g}": {"optimiser": name, "learning_rate": rate} for name in RATES for rate in RATES[name]},
    ),
    "forget_biases": (measures.curve, CURVE | {"updates": 250}, b_f(1, 3, 5)),
    "race_parity": (
        measures.left, {"task": "parity"} | RACE | {"hidden_size": 6, "learning_rate": 0.02, "T": 12}
        | {"tested": [(300, 200)], "updates": 500} | FIRST, KINDS,
    ),
    "race_adding": (
        measures.left, {"task": "adding"} | RACE | {"T": 30, "tested": [(30, 200)], "updates": 450}, KINDS | CLOSED
    ),
    "race_sum_since_reset": (
        measures.left, {"task": "sum since reset"} | RACE | {"T": 20, "tested": [(300, 200)], "updates": 200}, KINDS
    ),
    "race_latch": (
        measures.left, {"task": "latch"} | RACE | {"hidden_size": 2, "learning_rate": 0.03, "T": 20}
        | {"tested": [(100, 200)], "updates": 200}, KINDS,
    ),
    "race_delayed_recall": (
        measures.left, RECALL | RACE | {"forget_bias": 3.0, "T": 20, "tested": [(20, 200)], "updates": 100}, KINDS
    ),
    "lag_grid": (
        measures.right, RECALL | {"updates": 200} | FEW,
        grid(ROWS, LAG)
        | grid(some(ROWS, "LSTM, b_f = 3", "RNN", "orthogonal RNN"), some(LAG, "lag 100"), OTHER_RATES)
        | grid(b_f(1), some(LAG, "lag 50"), LONGER) | grid(b_f(2), some(LAG, "lag 100"), LONGER),
    ),
    "recall_bit": (
        measures.recall_bit, RECALL | {"lags": [5, 25], "tested": BRIDGED, "updates": 300} | MANY,
        {"LSTM, b_f = 1": {"forget_bias": 1.0, "starts": 40} | FIRST, "plain RNN": RNN | {"starts": 40}}
        | {"orthogonal RNN": {"cell": "orthogonal RNN"}} | b_f(3, 5)
        | grid(b_f(1, 5), {"W_h = 0": {"W_h": 0}}) | grid(b_f(1), {"lag 25 alone": {"lags": [25]}}),
    ),
    "recall_number": (
        measures.recall_number, RECALL | {"lags": [5, 25], "numbers": True, "updates": 1000}
        | {"tested": [(25, 200), (50, 200), (100, 200), (500, 200)]} | MANY,
        b_f(1, 3) | {"LSTM, b_f = 5": {"forget_bias": 5.0} | FIRST},
    ),
    "sentiment": (
        measures.sentiment, REVIEWS,
        {"LSTM": READER | {"kept": [10]}}  # chosen because it fails at three nots; most do not
        | {"f clamped at 1": READER | {"clamp": {"f": 1.0}}}
        | {"all gates clamped at 1": READER | {"clamp": {"f": 1.0, "i": 1.0, "o": 1.0}}}
        | {f"{gate} clamped at 1": READER | {"clamp": {gate: 1.0}} for gate in "io"}
        | {"bag of words": {"updates": 300}, "bag with a feature": {"updates": 300, "feature": "adjectives with nots"}},
    ),
    "inside": (measures.insides, REVIEWS | READER, WHOLE),
    "ablation": (measures.ablation, SUM | {"tested": [(30, 300)], "updates": 400} | MANY, WHOLE),
    "line_200": (measures.error, LINES[200], ON_A_LINE),
    "line_1000": (measures.error, LINES[1000], ON_A_LINE | grid(some(AR, "AR(50)"), DETRENDED)),
    "henon": (measures.error, CHAOS, PERSISTENCE | AR_10 | SQUARES | CHAOTIC),
    "henon_noise": (measures.error, CHAOS | {"noise": 0.1}, PERSISTENCE | AR_10 | SQUARES | CHAOTIC),
    "henon_horizon": (measures.error, CHAOS | {"steps": 15}, CHAOTIC | some(SQUARES, "AR(2) with squares") | AR_10),
    "sunspots": (
        measures.error, {"task": "sunspots", "cuts": CUTS["sunspots"], "starts": 1},
        PERSISTENCE | some(AR, "AR(9)") | {"AR(9) of √": {"method": "AR of √", "order": 9}}
        | {"LSTM": LSTM | {"hidden_size": 4, "updates": 200} | MANY},
    ),
    **{
        name: (measures.error, {"task": name, "cuts": CUTS[name], "starts": 1}, seasonal(period, help))
        for name, period, help in (("elnino", 12, {}), ("co2", 12, {"trend": True}), ("seattle", 365.25, {}))
    },
    "coverage_200": (measures.coverage, LINES[200], COVERED),
    "coverage_1000": (measures.coverage, LINES[1000], COVERED),
    "moving_origin": (
        measures.error, LSTM | {"input_size": 1, "output_size": 1, "starts": 1} | FIRST,
        {f"{name}, {view}, cut {k}": {"task": name, "trend": view == "detrended", "cuts": CUTS[name][k : k + 2]}
         for name in EXAMPLES for view in ("raw", "detrended") for k in range(BLOCKS)},
    ),
}  # fmt: skip
"""{name: (a function of measures.py, settings of all arms, {arm: what differs})}. `kept` : starts whose network is stored."""

# --- what is missing is trained ------------------------------------------------------------------------------------

EARLY = 20
"""The loss of this update is stored for every start: a test trains each arm as far again."""


def settings_of(name, arm):
    """All settings of an arm."""
    _, settings, arms = STUDIES[name]
    return settings | arms[arm]


def measured(name, arm, start, train):
    """What is measured of one start; train : run → its trained network."""
    return STUDIES[name][0](settings_of(name, arm), start, train)


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
    return key, found, networks[0].theta if networks else None


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
    path, (_, _, arms), found = stored.STUDIES / f"{name}.json", STUDIES[name], {}
    study = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"arms": {}}
    for arm, lists in study["arms"].items():
        had = study["settings"] | lists.pop("settings") | {"starts": 0}
        wanted = json.loads(json.dumps(settings_of(name, arm) if arm in arms else {}))
        if had == wanted | {"starts": 0} and count(lists) <= wanted["starts"]:
            found[arm] = lists
    return found


def write(name, found):
    """A study as far as it goes, in the order of the table."""
    _, settings, arms = STUDIES[name]
    lines = [
        f"{json.dumps(arm)}: {json.dumps({'settings': differs} | found[arm])}"
        for arm, differs in arms.items()
        if arm in found
    ]
    text = f'{{"settings": {json.dumps(settings)},\n"arms": {{\n' + ",\n".join(lines) + "\n}}\n"
    path = stored.STUDIES / f"{name}.json"
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


def keep(name, arm, k, theta):
    """Write θ as the k-th network that is kept of an arm; half the digits are enough."""
    path = stored.STUDIES / f"{name}.npz"
    kept = dict(np.load(path)) if path.exists() else {}
    kept[arm] = np.array([*kept.get(arm, [])[:k], theta.astype(np.float32)])
    np.savez(path, **kept)


def make(names, results):
    """Train what is missing of the named studies; results : as map."""
    found = {name: there(name) for name in names}
    missing = [
        (name, arm, start)
        for name in names
        for arm in STUDIES[name][2]
        for start in range(count(found[name].get(arm, {})), settings_of(name, arm)["starts"])
    ]
    costs = np.cumsum([cost(settings_of(name, arm)) for name, arm, _ in missing])
    began = time.monotonic()
    for done, (key, gave, theta) in enumerate(results(trained, missing)):
        name, arm, start = key
        if start in (kept := settings_of(name, arm).get("kept", ())):
            keep(name, arm, kept.index(start), theta)
        found[name][arm] = appended(found[name].get(arm, {}), gave)
        write(name, found[name])
        minutes = (time.monotonic() - began) / 60 * (costs[-1] / costs[done] - 1)
        print(
            f"{done + 1} of {len(missing)}, {minutes:.0f} minutes left: {name}, {arm}, start {start}",
            flush=True,
        )


def cost(s):
    """About how long a start takes: updates times steps."""
    return 1 + s.get("updates", 0) * s.get("T", max(s.get("lags", (s.get("window", 20),))))


def main(names):
    """Train what is missing of the named studies, or of all."""
    names = [one_of("name", name, tuple(STUDIES)) for name in names] or list(STUDIES)
    stored.STUDIES.mkdir(exist_ok=True)
    with Pool(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        try:
            make(names, pool.imap)
        except KeyboardInterrupt:
            sys.exit("Stopped. The same command goes on from here.")


if __name__ == "__main__":
    main(sys.argv[1:])
