"""What notebook 10 shows as measured over many starts: ablation in steps, and the insides of sentence networks."""

import numpy as np
from sentiment_runs import STARTS, trained

from lstm_lib import TASKS, Network, fraction_unexplained, lstm_forward, run_for
from lstm_lib.learning.grammar import BAD, GOOD, GRAMMAR_WORDS, NOUNS, PHRASES, VERY, corpus
from lstm_lib.learning.inside import (
    as_long_as,
    attributions,
    class_means,
    fit_probe,
    go_on,
    joined,
    lstm_of,
    margin,
    random_directions,
)

UPDATES, MORE, SEQUENCES, PAIRS = 400, 40, 300, 160
SETTINGS = {"hidden_size": 8, "learning_rate": 0.01, "max_norm": 1.0}
STRENGTHS = (0.5, 1.0, 2.0, 4.0)


def rounded(value):
    return float(f"{value:.4g}")


# --- ablation, in steps --------------------------------------------------------------------------------------


def ablation():
    """The fraction of variance unexplained in the running sum, for each gate and each way of taking it away."""
    task, found = TASKS["sum since reset"], {"starts": STARTS, "whole": []}
    test = task.draw(np.random.default_rng(99), task.T, SEQUENCES)
    for start in range(STARTS):
        whole = run_to_the_end(task, UPDATES, start)
        found["whole"].append(rounded(fraction_unexplained(whole, test)))
        for gate in "fio":
            for way, network in ablated(task, whole, gate, start).items():
                error = rounded(fraction_unexplained(network, test))
                found.setdefault(gate, {}).setdefault(way, []).append(error)
        print("ablation", start, flush=True)
    return found


def ablated(task, whole, gate, start):
    """{way: network} without what the gate does."""
    batch = task.draw(np.random.default_rng([start, 20]), task.T, SEQUENCES)
    mean = getattr(lstm_forward(whole.params, batch.x), gate).mean(axis=(0, 1))
    one, its_mean = copy(whole, {gate: 1.0}), copy(whole, {gate: mean})
    return {
        "1 after training": one,
        "1, readout refitted": refitted(one, batch),
        "its mean after training": its_mean,
        "its mean, readout refitted": refitted(its_mean, batch),
        "1, and 40 more updates": run_to_the_end(task, MORE, start, whole.theta, clamp={gate: 1.0}),
        "1 from the start": run_to_the_end(task, UPDATES, start, clamp={gate: 1.0}),
    }


def run_to_the_end(task, updates, start, theta=None, **more):
    """The trained network; theta : where to begin, if not at initial weights."""

    def begin(network, rng):
        network.theta = network.theta if theta is None else theta.copy()

    run = run_for(task, updates, start, initialise=begin, **SETTINGS, **more)
    for _ in run:
        pass
    return run.network


def copy(network, clamp):
    """The same parameters, with gates clamped."""
    made = Network(network.input_size, network.hidden_size, 1, np.random.default_rng(0), clamp=clamp)
    made.theta = network.theta.copy()
    return made


def refitted(network, batch):
    """A copy whose readout is fitted anew, by least squares."""
    made = copy(network, network.clamp)
    h = lstm_forward(network.params, batch.x, clamp=network.clamp).h
    A = np.column_stack([h.reshape(-1, h.shape[-1]), np.ones(h.shape[0] * h.shape[1])])
    fitted = np.linalg.lstsq(A, batch.target.reshape(-1), rcond=None)[0]
    made.V[0], made.c[0] = fitted[:-1], fitted[-1]
    return made


# --- inside the sentence networks ----------------------------------------------------------------------------


def inside():
    """Probes, pushes, transplants and attributions, for each start."""
    found = {"starts": STARTS}
    for start in range(STARTS):
        network = trained(start, {})
        for name, values in look_into(network, start).items():
            for what, value in values.items():
                found.setdefault(name, {}).setdefault(what, []).append(rounded(value))
        print("inside", start, flush=True)
    return found


def look_into(network, start):
    """{group: {measure: number}} of one network."""
    states, nots, nouns = before_adjectives(network, start)
    untrained = Network(network.input_size, network.hidden_size, 2, np.random.default_rng([start, 22]))
    return {
        "probe": probes(states, nots, nouns, start) | untrained_probes(untrained, start),
        "push": pushes(network, states, nots, nouns, start),
        "transplant": transplants(network, start),
        "attribution": agreement(network, start),
    }


def before_adjectives(network, start, each=200):
    """States (N, 2H) just before the adjective, whether the number of nots is odd, and whether the noun is one of the first three."""
    params, states, nots, nouns = lstm_of("network", network), [], [], []
    for k, kind in enumerate(("plain", "not", "not not")):
        for text in corpus(np.random.default_rng([start, 21, k]), each, kind=kind)[0]:
            words = text.split()
            at = next(j for j, word in enumerate(words) if word in GOOD + BAD)
            noun = words[words.index("was") - 1]
            if noun not in NOUNS:
                continue
            last = lstm_forward(params, GRAMMAR_WORDS.one_hot(" ".join(words[:at]))).last
            states.append(joined(last["h"], last["C"]))
            nots.append(words.count("not") % 2)
            nouns.append(NOUNS.index(noun) < 3)
    return np.array(states), np.array(nots, float), np.array(nouns, float)


def probes(states, nots, nouns, start):
    """Held-out accuracy of probes in the trained network, beside a probe of shuffled labels and the larger class."""
    shuffled = np.random.default_rng([start, 23]).permutation(nots)
    return {
        "negated": held_out(states, nots, start),
        "noun": held_out(states, nouns, start),
        "shuffled labels": held_out(states, shuffled, start),
        "larger class, negated": max(nots.mean(), 1 - nots.mean()),
        "larger class, noun": max(nouns.mean(), 1 - nouns.mean()),
    }


def untrained_probes(network, start):
    states, nots, nouns = before_adjectives(network, start)
    return {
        "negated, untrained": held_out(states, nots, start),
        "noun, untrained": held_out(states, nouns, start),
    }


def held_out(states, labels, start):
    order = np.random.default_rng([start, 24]).permutation(len(labels))
    fit, test = order[: 2 * len(order) // 3], order[2 * len(order) // 3 :]
    return fit_probe(states[fit], labels[fit]).accuracy(states[test], labels[test])


def pairs(start):
    """PAIRS of (words before the adjective, the same with "not", the same with one of VERY, adjective and fillers)."""
    rng = np.random.default_rng([start, 25])
    for _ in range(PAIRS):
        before = ["the", str(rng.choice(NOUNS)), "was"]
        very = [str(word) for word in rng.choice(VERY, rng.integers(3))]
        end = [str(rng.choice(GOOD + BAD)), *PHRASES[rng.integers(len(PHRASES))][: rng.integers(4)]]
        one = str(rng.choice(VERY))
        yield before + very, before + ["not"] + very, before + [one] + very, end


def pushes(network, states, nots, nouns, start):
    """The share of verdicts that turn when the state before the adjective is pushed towards "negated".

    Every direction is as long as the difference of the class means, times a strength. The unit is the best of all on the
    first half of the sentences; all shares are those on the second half.
    """
    params, H = lstm_of("network", network), network.hidden_size
    means, probe = class_means(states, nots), fit_probe(states, nots)
    length = np.linalg.norm(means)
    rng = np.random.default_rng([start, 26])
    other = {
        "probe": probe.weights,
        "difference of class means": means,
        "difference of the nouns' means": class_means(states, nouns),
        **{f"random {k}": d for k, d in enumerate(random_directions(rng, 10, states.std(axis=0)))},
        **{f"unit {u}": means[[u, H + u]] @ np.eye(2 * H)[[u, H + u]] for u in range(H)},
    }
    turned = {(name, strength): [] for name in other for strength in STRENGTHS}
    read = {name: [] for name in other}
    for plain, _, _, end in pairs(start):
        last = lstm_forward(params, GRAMMAR_WORDS.one_hot(" ".join(plain))).last
        state = joined(last["h"], last["C"])
        moved = [state] + [state + as_long_as(other[n], length * a) for n, a in turned]
        said = margin(network, go_on(params, GRAMMAR_WORDS.one_hot(" ".join(end)), moved).h[-1]) > 0
        for key, one in zip(turned, said[1:], strict=True):
            turned[key].append(one != said[0])
        for name in other:
            read[name].append(probe.read(state + as_long_as(other[name], length)) > 0.5)
    first, second = slice(None, PAIRS // 2), slice(PAIRS // 2, None)
    best = max(range(H), key=lambda u: np.mean(turned[f"unit {u}", 1.0][first]))
    found = {}
    for a in STRENGTHS:
        share = {name: np.mean(turned[name, a][second]) for name in other}
        for name in ("probe", "difference of class means", "difference of the nouns' means"):
            found[f"{name}, {a:g}"] = share[name]
        found[f"best unit, {a:g}"] = share[f"unit {best}"]
        found[f"random, {a:g}"] = np.mean([share[f"random {k}"] for k in range(10)])
    for name in ("probe", "difference of class means"):
        found[f"{name}: read as negated"] = np.mean(read[name])
    return found


def transplants(network, start):
    """The share of verdicts that turn when one unit's (h, C), or all, comes from the negated twin; the unit is chosen as in `pushes`."""
    params, H = lstm_of("network", network), network.hidden_size
    one, filler, every, every_filler = [], [], [], []
    for plain, negated, filled, end in pairs(start):
        here, twin, control = (
            joined(*(lstm_forward(params, GRAMMAR_WORDS.one_hot(" ".join(w))).last[n] for n in "hC"))
            for w in (plain, negated, filled)
        )
        mask = np.tile(np.eye(H, dtype=bool), 2)
        moved = [here, *np.where(mask, twin, here), twin, *np.where(mask, control, here), control]
        said = margin(network, go_on(params, GRAMMAR_WORDS.one_hot(" ".join(end)), moved).h[-1]) > 0
        turned = said[1:] != said[0]
        one.append(turned[:H]), every.append(turned[H])
        filler.append(turned[H + 1 : -1]), every_filler.append(turned[-1])
    first, second = slice(None, PAIRS // 2), slice(PAIRS // 2, None)
    share, control = np.mean(one[second], axis=0), np.mean(filler[second], axis=0)
    best = int(np.mean(one[first], axis=0).argmax())
    return {
        "best unit": share[best],
        "best unit, very twin": control[best],
        "all units": np.mean(every[second]),
        "all units, very twin": np.mean(every_filler[second]),
        "units that turn more than 1 in 20": int((share > 0.05).sum()),
    }


def agreement(network, start):
    """The median correlation over sentences of each attribution with blanking, and what integrated gradients leave out."""
    correlations, left, same = {}, [], {}
    for k, kind in enumerate(("not", "A but B", "although A, B", "A, although B")):
        for text in corpus(np.random.default_rng([start, 27, k]), 25, kind=kind)[0]:
            x = GRAMMAR_WORDS.one_hot(text)
            found = attributions(network, x)
            blank = found.pop("blanking")
            for name, values in found.items():
                correlations.setdefault(name, []).append(np.corrcoef(values, blank)[0, 1])
                same.setdefault(name, []).append(np.abs(values).argmax() == np.abs(blank).argmax())
            params = lstm_of("network", network)
            whole, nothing = (margin(network, lstm_forward(params, a).h[-1]) for a in (x, 0 * x))
            left.append(abs(found["integrated gradients"].sum() - (whole - nothing)) / max(1, abs(whole)))
    measured = {name: np.median(values) for name, values in correlations.items()}
    measured |= {f"{name}: same largest word": np.mean(values) for name, values in same.items()}
    return measured | {"integrated gradients: left out": np.median(left)}
