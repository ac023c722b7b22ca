"""What is measured in the studies of `tools/studies.py`: one function for each kind of study.

A measure (settings, start, train) trains with `train(run)` → network, and returns {name: number, array or dict of these}.
"""

from copy import copy
from functools import cache
from itertools import pairwise

import numpy as np

from lstm_lib import Adam, Network, fraction_unexplained, lstm_forward, lstm_jacobian
from lstm_lib.learning import classify, forecast, grammar, inside, lstm_forecast
from lstm_lib.learning.example_series import example_series, henon, trend_and_sine
from lstm_lib.learning.grammar import BAD, GOOD, GRAMMAR_WORDS, NOUNS, VERY, corpus
from lstm_lib.learning.labelled import labelled
from lstm_lib.learning.recall import recalled, share_right
from lstm_lib.learning.run import Run
from lstm_lib.learning.series import Scaler, pinball
from lstm_lib.learning.stored import FOLDER, run_of, task_of, unexplained

# --- tasks of numbers ----------------------------------------------------------------------------------------------


def left(s, start, train):
    """What fresh sequences show after the training."""
    return {"unexplained": unexplained(train(run_of(s, start)), s)}


def curve(s, start, train):
    """The held-out loss at 41 updates, the largest norm of the gradient before clipping, and when the task was solved."""
    run = run_of(s, start)
    network, seen = train(run), run.snapshot()
    below = seen.held_out_at[seen.held_out < s["solved_below"] * task_of(s).mean_loss]
    return {
        "losses": np.interp(np.linspace(0, s["updates"], 41), seen.held_out_at, seen.held_out),
        "unexplained": unexplained(network, s),
        "largest_norm": seen.norms.max(),
        "solved_at": below[0] if below.size else np.nan,
    }


def right(s, start, train):
    """The share of right answers at each lag."""
    return {"right": rights(s, train(run_of(s, start)))}


def rights(s, network):
    return {lag: share_right(network, lag, count) for lag, count in s["tested"]}


def recall_bit(s, start, train):
    """The share of right answers at each lag; of an LSTM also how the memory is kept."""
    network = train(run_of(s, start))
    if network.kind.name != "LSTM":
        return {"right": rights(s, network)}
    x = recalled(np.random.default_rng(5), 2000, 20).x
    f = np.log10(np.maximum(lstm_forward(network.params, x).f[1:], 1e-300)).sum(axis=0).max(axis=1).mean()
    kept = {"log10_prod_f": {2000: f}, "log10_jacobian": jacobian(network), "ends": ends(network)}
    return {"right": rights(s, network)} | kept


def recall_number(s, start, train):
    """The unexplained share of the numbers' variance at each lag, and the Jacobian."""
    network, found = train(run_of(s, start)), {}
    for at, count in s["tested"]:
        test = recalled(np.random.default_rng(5), at, count, numbers=True)
        found[at] = fraction_unexplained(network, test)
    return {"unexplained": found, "log10_jacobian": jacobian(network)}


def jacobian(network, lag=100):
    """The largest singular value of the Jacobian over all paths, log₁₀, mean of 3 sequences."""
    x = recalled(np.random.default_rng(5), lag, 3).x
    all_paths = [lstm_jacobian(network.params, x[:, k])[1][0] for k in range(3)]
    return {lag: np.mean([np.log10(np.linalg.norm(J, 2) + 1e-300) for J in all_paths])}


def ends(network):
    """Where the memories of the two cues are after 2000 to 3000 steps without input: in 2 places, in 1, or 0: they move on."""
    x = np.zeros((3000, 2, 2))
    x[0, :, 0] = 1, -1
    late = lstm_forward(network.params, x).C[2000:]
    if np.abs(np.diff(late, axis=0)).max() > 1e-3:
        return 0
    return 2 if np.abs(late[-1, 0] - late[-1, 1]).max() > 0.1 else 1


# --- ablation, in steps --------------------------------------------------------------------------------------------


def ablation(s, start, train):
    """What is left unexplained by the whole cell, and without what a gate does, for each way of taking it away."""
    whole = train(run_of(s, start))
    batch = task_of(s).draw(np.random.default_rng([start, 20]), s["T"], 300)
    trace, found = lstm_forward(whole.params, batch.x), {"whole": unexplained(whole, s)[s["T"]]}
    for gate in "fio":
        settings = s | {"clamp": {gate: 1.0}}
        again = run_of(settings | {"updates": 40}, start)
        again.network.theta[:] = whole.theta
        one, mean = (clamped(whole, {gate: v}) for v in (1.0, getattr(trace, gate).mean(axis=(0, 1))))
        ways = {
            "1 after training": one,
            "1, readout refitted": refitted(one, batch),
            "its mean after training": mean,
            "its mean, readout refitted": refitted(mean, batch),
            "1, and 40 more updates": train(again),
            "1 from the start": train(run_of(settings, start)),
        }
        found[gate] = {way: unexplained(network, s)[s["T"]] for way, network in ways.items()}
    return found


def clamped(network, clamp):
    """A copy with gates clamped."""
    made = copy(network)
    made.theta, made.clamp = network.theta.copy(), clamp
    return made


def refitted(network, batch):
    """A copy whose readout is fitted anew, by least squares."""
    made, h = clamped(network, network.clamp), network.forward(batch.x).cell.h
    A = np.column_stack([h.reshape(-1, h.shape[-1]), np.ones(h.shape[0] * h.shape[1])])
    fitted = np.linalg.lstsq(A, batch.target.reshape(-1), rcond=None)[0]
    made.V[0], made.c[0] = fitted[:-1], fitted[-1]
    return made


# --- sentences -----------------------------------------------------------------------------------------------------

TESTS = {
    **{kind: {"kind": kind} for kind in grammar.KINDS_OF_SENTENCES},
    **{f"long, {kind}": {"kind": kind, "fillers": (25, 30)} for kind in grammar.KINDS_OF_SENTENCES},
    "never negated": {"kind": "not", "never_negated": True},
    **{f"{n} nots": {"kind": "not", "nots": n} for n in range(7)},
}


@cache
def sentences(start, count):
    """(texts, labels) to train on."""
    return corpus(np.random.default_rng([start, 10]), count)


def unseen(s, start, count, **kind):
    """(texts, labels) that are not trained on."""
    seen = set(sentences(start, s["sentences"])[0])
    return corpus(np.random.default_rng([start, 11]), count, seen, **kind)


def reader(s, start, train):
    """A network that has learned to judge sentences."""
    seen = sentences(start, s["sentences"])
    task = classify.classification(s["task"], seen, unseen(s, start, 300), GRAMMAR_WORDS)
    return train(run_of(s, start, task))


def sentiment(s, start, train):
    """Accuracy and mean confidence in each test; of the whole LSTM, what its word vectors show."""
    found = {"accuracy": {}, "confidence": {}}
    if "hidden_size" in s:
        network = reader(s, start, train)
        judge = classify.Classifier(network, GRAMMAR_WORDS)
        found |= {} if "clamp" in s else {"word_vectors": word_vectors(network.W, start)}
    else:
        features = {"features": grammar.adjectives_with_nots} if "feature" in s else {}
        judge = classify.BagOfWords(*sentences(start, s["sentences"]), **features)
    written = labelled(FOLDER / "sentences.csv")
    tests = {name: unseen(s, start, 200, **kind) for name, kind in TESTS.items()}
    for name, (texts, labels) in (tests | {"written by hand": (written.texts, written.labels)}).items():
        p = judge.probability(texts)
        found["accuracy"][name] = classify.scores(p, labels).mean()
        found["confidence"][name] = np.maximum(p, 1 - p).mean()
    return found


def word_vectors(W, start):
    """Whether the first principal component of the columns of W_x parts good from bad words, and of random columns."""
    found = {}
    for name, W_x in {
        "trained": W,
        "untrained": np.random.default_rng([start, 12]).normal(size=W.shape),
    }.items():
        words = W_x[:, -len(GRAMMAR_WORDS) :].T
        U = np.linalg.svd(words - words.mean(axis=0), full_matrices=False)[0]
        good, bad = (U[[GRAMMAR_WORDS.words.index(w) for w in some], 0] for some in (GOOD, BAD))
        found[f"{name}: parted"] = int(good.min() > bad.max() or bad.min() > good.max())
    return found


# --- inside the sentence networks ----------------------------------------------------------------------------------

STRENGTHS, PAIRS = np.array([0.5, 1.0, 2.0, 4.0]), 160


def insides(s, start, train):
    """Probes, pushes, transplants and attributions."""
    return look_into(reader(s, start, train), start)


def look_into(network, start):
    """{group: {measure: number}} of one network."""
    states, nots, nouns = before_adjectives(network, start)
    untrained = Network(network.input_size, network.hidden_size, 2, np.random.default_rng([start, 22]))
    others = before_adjectives(untrained, start)[0]
    shuffled = np.random.default_rng([start, 23]).permutation(nots)
    return {
        "probe": {
            "negated": held_out(states, nots, start),
            "noun": held_out(states, nouns, start),
            "shuffled labels": held_out(states, shuffled, start),
            "larger class, negated": max(nots.mean(), 1 - nots.mean()),
            "larger class, noun": max(nouns.mean(), 1 - nouns.mean()),
            "negated, untrained": held_out(others, nots, start),
            "noun, untrained": held_out(others, nouns, start),
        },
        "push": pushes(network, states, nots, nouns, start),
        "transplant": transplants(network, start),
        "attribution": agreement(network, start),
    }


def after(network, words):
    """The state (2H,) that reading some words leads to."""
    last = lstm_forward(inside.lstm_of("network", network), GRAMMAR_WORDS.one_hot(" ".join(words))).last
    return inside.joined(last["h"], last["C"])


def before_adjectives(network, start, each=200):
    """States (N, 2H) just before the adjective, whether the number of nots is odd, and whether the noun is one of the first three."""
    found = []
    for k, kind in enumerate(("plain", "not", "not not")):
        for text in corpus(np.random.default_rng([start, 21, k]), each, kind=kind)[0]:
            words = text.split()
            at = next(j for j, word in enumerate(words) if word in GOOD + BAD)
            noun = words[words.index("was") - 1]
            if noun in NOUNS:
                found.append((after(network, words[:at]), words.count("not") % 2, NOUNS.index(noun) < 3))
    return tuple(np.array(column, float) for column in zip(*found, strict=True))


def held_out(states, labels, start):
    """The accuracy of a probe on a third of the states, on which it was not fitted."""
    order = np.random.default_rng([start, 24]).permutation(len(labels))
    fit, test = order[: 2 * len(order) // 3], order[2 * len(order) // 3 :]
    return inside.fit_probe(states[fit], labels[fit]).accuracy(states[test], labels[test])


def pairs(start):
    """PAIRS of (words before the adjective, the same with "not", the same with one of VERY, adjective and fillers)."""
    rng = np.random.default_rng([start, 25])
    for _ in range(PAIRS):
        before = ["the", str(rng.choice(NOUNS)), "was"]
        very = [str(word) for word in rng.choice(VERY, rng.integers(3))]
        end = [
            str(rng.choice(GOOD + BAD)),
            *grammar.PHRASES[rng.integers(len(grammar.PHRASES))][: rng.integers(4)],
        ]
        one = str(rng.choice(VERY))
        yield before + very, before + ["not"] + very, before + [one] + very, end


def turned(network, start, changed):
    """The share of verdicts that turn with each changed state, on the first half of the pairs and on the second.

    changed(plain, negated, very) : the states (n, 2H) to put in the place of the one before the adjective, `plain`
    """
    params, found = inside.lstm_of("network", network), []
    for *before, end in pairs(start):
        states = [after(network, words) for words in before]
        trace = inside.go_on(params, GRAMMAR_WORDS.one_hot(" ".join(end)), [states[0], *changed(*states)])
        said = inside.margin(network, trace.h[-1]) > 0
        found.append(said[1:] != said[0])
    return np.mean(found[: PAIRS // 2], axis=0), np.mean(found[PAIRS // 2 :], axis=0)


def pushes(network, states, nots, nouns, start):
    """The share of verdicts that turn when the state before the adjective is pushed towards "negated".

    Every direction is as long as the difference of the class means, times a strength. The unit is the best of all on the
    first half of the sentences; all shares are those on the second half.
    """
    H, means, probe = network.hidden_size, inside.class_means(states, nots), inside.fit_probe(states, nots)
    random = inside.random_directions(np.random.default_rng([start, 26]), 10, states.std(axis=0))
    ways = {
        "probe": probe.weights,
        "difference of class means": means,
        "difference of the nouns' means": inside.class_means(states, nouns),
    }
    units = means * np.tile(np.eye(H), 2)
    directions = [inside.as_long_as(d, np.linalg.norm(means)) for d in (*ways.values(), *random, *units)]
    pushed = (STRENGTHS[:, None, None] * directions).reshape(-1, 2 * H)
    first, second = (
        half.reshape(len(STRENGTHS), -1) for half in turned(network, start, lambda plain, *_: plain + pushed)
    )
    best, found = first[1, -H:].argmax() - H, {}
    for a, shares in zip(STRENGTHS, second, strict=True):
        found |= {f"{name}, {a:g}": share for name, share in zip(ways, shares, strict=False)}
        found |= {f"best unit, {a:g}": shares[best], f"random, {a:g}": shares[len(ways) : -H].mean()}
    plain = np.array([after(network, words) for words, *_ in pairs(start)])
    read = [(probe.read(plain + way) > 0.5).mean() for way in directions[:2]]
    return found | {f"{name}: read as negated": share for name, share in zip(ways, read, strict=False)}


def transplants(network, start):
    """The share of verdicts that turn when one unit's (h, C), or all, comes from the negated twin; the unit is chosen as in `pushes`."""
    H = network.hidden_size
    mask = np.vstack([np.tile(np.eye(H, dtype=bool), 2), np.ones(2 * H, dtype=bool)])  # each unit, then all

    def changed(plain, negated, very):
        return np.vstack([np.where(mask, negated, plain), np.where(mask, very, plain)])

    first, second = (half.reshape(2, H + 1) for half in turned(network, start, changed))
    best = first[0, :H].argmax()
    return {
        "best unit": second[0, best],
        "best unit, very twin": second[1, best],
        "all units": second[0, H],
        "all units, very twin": second[1, H],
        "units that turn more than 1 in 20": (second[0, :H] > 0.05).sum(),
    }


def agreement(network, start):
    """The median correlation over sentences of each attribution with blanking, and what integrated gradients leave out."""
    correlations, left_out, same = {}, [], {}
    params = inside.lstm_of("network", network)
    for k, kind in enumerate(("not", "A but B", "although A, B", "A, although B")):
        for text in corpus(np.random.default_rng([start, 27, k]), 25, kind=kind)[0]:
            x = GRAMMAR_WORDS.one_hot(text)
            found = inside.attributions(network, x)
            blank = found.pop("blanking")
            for name, values in found.items():
                correlations.setdefault(name, []).append(np.corrcoef(values, blank)[0, 1])
                same.setdefault(name, []).append(np.abs(values).argmax() == np.abs(blank).argmax())
            whole, nothing = (inside.margin(network, lstm_forward(params, a).h[-1]) for a in (x, 0 * x))
            change = found["integrated gradients"].sum() - (whole - nothing)
            left_out.append(abs(change) / max(1, abs(whole)))
    measured = {name: np.median(values) for name, values in correlations.items()}
    measured |= {f"{name}: same largest word": np.mean(values) for name, values in same.items()}
    return measured | {"integrated gradients: left out": np.median(left_out)}


# --- forecasts -----------------------------------------------------------------------------------------------------


ORDERS = (1, 2, 5, 10, 15, 24, 36, 60)


def method_of(s, start, train):
    """The forecasting method that settings describe, as Python that has the functions of `forecast` and these."""

    def lstm(part):
        had = {name: s[name] for name in ("window", "hidden_size", "learning_rate")}
        run = lstm_forecast.lstm_run(part, start, steps=s["updates"], **had)
        return lstm_forecast.network_forecast(train(run), part, s["window"])

    return eval(s["method"], vars(forecast) | {"lstm": lstm, "of_order": of_order, "of_root": of_root})


def of_order(method, used=None):
    """`method(p)`, or `used(p)`, with the order p at which `method(p)` does best on the end of the training part."""
    return lambda part: (used or method)(forecast.chosen({p: method(p) for p in ORDERS}, part))(part)


def of_root(method):
    """The method on square roots, squared again."""

    def fitted(part):
        found = method(np.sqrt(part))
        return lambda series, at, steps: found(np.sqrt(np.maximum(series, 0)), at, steps) ** 2

    return fitted


def series_of(s, start):
    """The values of an example series, or a computed series of the start's own."""
    if "values" not in s:
        return example_series(s["task"]).values
    rng = np.random.default_rng(start)
    return henon(s["values"], rng, s["noise"]) if "noise" in s else trend_and_sine(s["values"], rng)


def error(s, start, train):
    """The RMSE after each cut, until the next one: one step ahead, or at each of `steps`."""
    series, method, steps = series_of(s, start), method_of(s, start, train), np.arange(s.get("steps", 1))
    errors = []
    for cut, end in pairwise(s["cuts"]):
        at = np.arange(cut, end - steps[-1] - (len(steps) > 1))
        wrong = method(series[:cut])(series, at, len(steps)) - series[at[:, None] + steps]
        errors.append(np.sqrt((wrong**2).mean(axis=0)))
    unit = series.std() if s["task"] == "Hénon" else 1.0
    return {"error": np.squeeze(errors) / unit}


def coverage(s, start, train):
    """Of intervals for 80 % on a detrended series: the share inside, width in std of the training part, and interval score."""
    series, cut = series_of(s, start), s["cuts"][0]
    series = series - forecast.regular_part()(series[:cut])(series, np.arange(1), len(series))[0]
    truth, where = Scaler.fit(series[:cut]).scale(series), slice(cut, None)
    conformal = s.get("conformal", False)
    if s["method"] != "lstm":
        p, middle = 10, np.zeros(len(truth))
        middle[p:] = method_of(s, start, train)(truth[:cut])(truth, np.arange(p, len(truth)), 1)[:, 0]
        past = (truth - middle)[p:cut]
        low, high = (
            middle + end for end in (forecast.interval(past) if conformal else np.quantile(past, [0.1, 0.9]))
        )
    else:
        until = 7 * cut // 10 if conformal else cut
        low, high = quantile_ends(s, truth, until, start, train)
        misses = np.sort(np.maximum(low - truth, truth - high)[until:cut])
        more = misses[min(len(misses) - 1, int(np.ceil(0.8 * (len(misses) + 1))) - 1)] if conformal else 0.0
        low, high, where = low - more, high + more, slice(60, cut) if s.get("training_part") else where
    low, high, truth = low[where], high[where], truth[where]
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    score = high - low + 10 * outside  # Gneiting & Raftery 2007; lower is better
    return {"covered": (outside == 0).mean(), "width": (high - low).mean(), "score": score.mean()}


def quantile_ends(s, truth, cut, start, train):
    """The 10 % and 90 % quantiles that a network trained with the pinball loss forecasts of every value."""
    rng, optimiser, updates = np.random.default_rng, Adam(s["learning_rate"]), iter(range(s["updates"]))
    network = Network(1, s["hidden_size"], 2, rng(start))
    draw, other = (lstm_forecast.windows_from(truth[:cut], 50, rng(start), outputs=2) for _ in range(2))

    def drawn():
        if next(updates) == 330:
            optimiser.learning_rate = 0.002
        return draw()

    train(Run(network, drawn, other(), optimiser, s["updates"], 1.0, loss=pinball([0.1, 0.9])))
    scaler = Scaler.fit(truth[:cut])
    y = scaler.unscale(network.predict(scaler.scale(truth)[:, None, None])[:, 0])
    return np.concatenate([[-9], y[:-1, 0]]), np.concatenate([[9], y[:-1, 1]])
