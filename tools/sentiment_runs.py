"""What notebook 06 shows as measured over many starts: networks trained on the grammar, bags of words beside them."""

from functools import cache

import numpy as np

from lstm_lib import run_for
from lstm_lib.learning.classify import BagOfWords, Classifier, classification, scores
from lstm_lib.learning.grammar import (
    BAD,
    GOOD,
    GRAMMAR_WORDS,
    KINDS_OF_SENTENCES,
    adjectives_with_nots,
    corpus,
)
from lstm_lib.learning.labelled import labelled
from lstm_lib.learning.stored import FOLDER

STARTS, SENTENCES, UPDATES = 20, 5000, 1200
SETTINGS = {"hidden_size": 8, "learning_rate": 0.02, "max_norm": 1.0}
ARMS = {
    "LSTM": {},
    "f clamped at 1": {"f": 1.0},
    "all gates clamped at 1": {"f": 1.0, "i": 1.0, "o": 1.0},
    "i clamped at 1": {"i": 1.0},
    "o clamped at 1": {"o": 1.0},
}
TESTS = {
    **{kind: {"kind": kind} for kind in KINDS_OF_SENTENCES},
    **{f"long, {kind}": {"kind": kind, "fillers": (25, 30)} for kind in KINDS_OF_SENTENCES},
    "never negated": {"kind": "not", "never_negated": True},
    **{f"{n} nots": {"kind": "not", "nots": n} for n in range(7)},
}
SAVED = 10
"""The start of the LSTM whose network is stored, chosen because it fails at three nots; most do not."""


def sentiment():
    """Accuracy and mean confidence of every arm, test and start; and what the word vectors of the LSTM show."""
    table = {"starts": STARTS, "accuracy": {}, "confidence": {}, "word vectors": {}}
    for arm, clamp in ARMS.items():
        measured = []
        for start in range(STARTS):
            network = trained(start, clamp)
            measured.append(measure(Classifier(network, GRAMMAR_WORDS), start))
            if arm == "LSTM":
                vectors(network, start, table["word vectors"])
                if start == SAVED:
                    network.save(FOLDER / "sentiment.npz")
        print(arm, flush=True)
        put(table, arm, measured)
    bags = {"bag of words": {}, "bag with a feature": {"features": adjectives_with_nots}}
    for name, more in bags.items():
        made = [BagOfWords(*training(start), **more) for start in range(STARTS)]
        put(table, name, [measure(bag, start) for start, bag in enumerate(made)])
    return table


@cache
def training(start):
    """(texts, labels) to train on."""
    return corpus(np.random.default_rng([start, 10]), SENTENCES)


def trained(start, clamp):
    """A network after UPDATES updates."""
    train = training(start)
    task = classification("film reviews", train, unseen(start, 300), GRAMMAR_WORDS)
    run = run_for(task, UPDATES, start, clamp=clamp, **SETTINGS)
    for _ in run:
        pass
    return run.network


def unseen(start, count, **kind):
    """(texts, labels) that are not trained on."""
    return corpus(np.random.default_rng([start, 11]), count, set(training(start)[0]), **kind)


@cache
def tests(start):
    """{test: (texts, labels)}."""
    written = labelled(FOLDER / "sentences.csv")
    made = {name: unseen(start, 200, **kind) for name, kind in TESTS.items()}
    return made | {"written by hand": (written.texts, written.labels)}


def measure(classifier, start):
    """{test: (accuracy, mean probability of the verdict)}."""
    found = {}
    for name, (texts, labels) in tests(start).items():
        p = classifier.probability(texts)
        found[name] = (scores(p, labels).mean(), np.maximum(p, 1 - p).mean())
    return found


def put(table, arm, measured):
    """Add the measurements of an arm, one per start."""
    for k, what in enumerate(("accuracy", "confidence")):
        table[what][arm] = {name: [round(float(m[name][k]), 3) for m in measured] for name in measured[0]}


def vectors(network, start, found):
    """Whether the first principal component of the columns of W_x parts good from bad words, and which is longest."""
    rng = np.random.default_rng([start, 12])
    for name, W in (("trained", network.W), ("untrained", rng.normal(size=network.W.shape))):
        words = W[:, network.hidden_size :].T
        words = words - words.mean(axis=0)
        good, bad = (
            first_component(words)[[GRAMMAR_WORDS.words.index(w) for w in some]] for some in (GOOD, BAD)
        )
        apart = good.min() > bad.max() or bad.min() > good.max()
        found.setdefault(f"{name}: parted", []).append(int(apart))
        longest = GRAMMAR_WORDS.words[int(np.linalg.norm(words, axis=1).argmax())]
        found.setdefault(f"{name}: not is longest", []).append(int(longest == "not"))


def first_component(vectors):
    """The first principal component of the rows, one number each."""
    U, S, _ = np.linalg.svd(vectors, full_matrices=False)
    return U[:, 0] * S[0]
