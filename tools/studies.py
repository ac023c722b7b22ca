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
CLOSED = {"b_i = −2": {"initialise": "b_i = −2"}}
BUDGETS = {
    "parity": {"hidden_size": 6, "learning_rate": 0.02, "T": 12, "tested": [(300, 200)], "updates": 500}
    | FIRST,
    "adding": {"T": 30, "tested": [(30, 200)], "updates": 450},
    "sum since reset": {"T": 20, "tested": [(300, 200)], "updates": 200},
    "latch": {"hidden_size": 2, "learning_rate": 0.03, "T": 20, "tested": [(100, 200)], "updates": 200},
    "delayed recall": {"forget_bias": 3.0, "T": 20, "tested": [(20, 200)], "updates": 100},
}

RECALL = {"task": "delayed recall"} | SMALL
ROWS = b_f(0, 1, 2, 3, 5) | {"RNN": RNN, "orthogonal RNN": {"cell": "orthogonal RNN"}}
LAG = {f"lag {lag}": {"lags": [lag], "tested": [(lag, 1000)]} for lag in (10, 25, 50, 100, 200)}
OTHER_RATES = {f"rate {rate}": {"learning_rate": rate} for rate in (0.003, 0.03)}
LONGER = {"1000 updates": {"updates": 1000}}
BRIDGED = [(lag, 1000 if lag <= 100 else 200) for lag in (10, 25, 50, 100, 500, 2000)]

REVIEWS = {"task": "film reviews", "sentences": 5000} | MANY
READER = SMALL | {"learning_rate": 0.02, "updates": 1200, "input_size": len(GRAMMAR_WORDS), "output_size": 2}

FORECASTER = {"hidden_size": 8, "window": 50, "updates": 400, "learning_rate": 0.01}
CUTS = {name: cuts(len(example_series(name))) for name in EXAMPLES}
LINES = {n: {"task": "trend and sine", "values": n, "cuts": [7 * n // 10, n]} | MANY for n in (200, 1000)}
CHAOS = {"task": "Hénon", "values": 1000, "cuts": [700, 1000], "noise": 0.0} | MANY
CHAOTIC = {"window": 30, "updates": 600, "learning_rate": 0.02}


def methods(ways, **lstm):
    """Arms with a forecasting method each, as measures.py evaluates it; lstm : settings of the networks."""
    return {
        name: {"method": way} | (FORECASTER | lstm if "lstm" in way else {}) for name, way in ways.items()
    }


ON_A_LINE = {
    "persistence": "persistence",
    "moving average (10)": "moving_average(10)",
    "AR(10)": "autoregression(10)",
    "AR(10), detrended": "prepared(autoregression(10))",
    "line and sine, told the period": "regular_part(period=50)",
    "LSTM": "lstm",
    "LSTM, detrended": "prepared(lstm)",
}
ON_CHAOS = some(ON_A_LINE, "persistence", "AR(10)") | {
    "AR(2) with squares": "autoregression(2, squares=True)",
    "AR(4) with squares": "autoregression(4, squares=True)",
    "LSTM": "lstm",
}
COVERED = {
    name: {"method": way} | (FORECASTER | {"updates": 500} if way == "lstm" else {}) | more
    for name, way, more in (
        ("LSTM, training part", "lstm", {"training_part": True}),
        ("LSTM", "lstm", {}),
        ("LSTM, split conformal", "lstm", {"conformal": True}),
        ("AR(10), quantiles", "autoregression(10)", {}),
        ("AR(10), conformal ranks", "autoregression(10)", {"conformal": True}),
    )
}


def seasonal(name, plain, helped):
    """A real series with a season: each method without and with the same help, which is put around its name."""
    ways = {
        "persistence": "persistence",
        "AR(10)": plain.format("autoregression(10)"),
        "AR, order chosen": f"of_order(autoregression, lambda p: {plain.format('autoregression(p)')})",
        "AR with the season, order chosen": f"of_order(lambda p: {helped.format('autoregression(p)')})",
        "LSTM": plain.format("lstm"),
        "LSTM with the season": helped.format("lstm"),
    }
    arms = methods(ways, updates=600, learning_rate=0.005, starts=4)
    return measures.error, {"task": name, "cuts": CUTS[name], "starts": 1}, arms


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
    **{
        "race_" + task.replace(" ", "_"): (
            measures.left, {"task": task} | SMALL | {"forget_bias": 1.0} | MANY | budget,
            KINDS | (grid(some(KINDS, "LSTM", "1997"), CLOSED) if task == "adding" else {}),
        )
        for task, budget in BUDGETS.items()
    },
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
    "line_200": (measures.error, LINES[200], methods(ON_A_LINE)),
    "line_1000": (
        measures.error, LINES[1000], methods(ON_A_LINE | {"AR(50), detrended": "prepared(autoregression(50))"})
    ),
    "henon": (measures.error, CHAOS, methods(ON_CHAOS, **CHAOTIC)),
    "henon_noise": (measures.error, CHAOS | {"noise": 0.1}, methods(ON_CHAOS, **CHAOTIC)),
    "henon_horizon": (
        measures.error, CHAOS | {"steps": 15}, methods(some(ON_CHAOS, "LSTM", "AR(2) with squares", "AR(10)"), **CHAOTIC)
    ),
    "sunspots": (
        measures.error, {"task": "sunspots", "cuts": CUTS["sunspots"], "starts": 1},
        methods({"persistence": "persistence", "AR(9)": "autoregression(9)", "AR(9) of √": "of_root(autoregression(9))"}
                | {"LSTM": "lstm"}, hidden_size=4, updates=200, starts=20),
    ),
    "elnino": seasonal("elnino", "{}", "prepared({}, False, 12)"),
    "co2": seasonal("co2", "prepared({})", "prepared({}, True, 12)"),
    "seattle": seasonal("seattle", "{}", "prepared({}, False, 365.25)"),
    "coverage_200": (measures.coverage, LINES[200], COVERED),
    "coverage_1000": (measures.coverage, LINES[1000], COVERED),
    "moving_origin": (
        measures.error, FORECASTER | {"input_size": 1, "output_size": 1, "starts": 1} | FIRST,
        {f"{name}, {view}, cut {k}": {"task": name, "method": method, "cuts": CUTS[name][k : k + 2]}
         for name in EXAMPLES for view, method in {"raw": "lstm", "detrended": "prepared(lstm)"}.items()
         for k in range(BLOCKS)},
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
    for name in filter(found.get, names):  # without what the table no longer has
        write(name, found[name])
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
