"""Judge texts as one of two classes: a network that reads word by word, a bag of words, and their comparison."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.checks import as_floats, check_shape, instance, whole_number
from lstm_lib.learning.network import Network
from lstm_lib.learning.optimisers import Adam
from lstm_lib.learning.tasks import Task
from lstm_lib.learning.text import Vocabulary, listed, padded, words_of

AT_ONCE = 250
"""Texts that are read in one batch."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """A Network with an input for each word of a Vocabulary (one-hot) and two outputs, whose softmax is read at the end.

    names : of the two classes
    """

    network: Network
    vocabulary: Vocabulary
    names: tuple = ("bad", "good")

    def __post_init__(self):
        sizes = (instance("network", self.network, Network).input_size, self.network.output_size)
        if sizes != (len(instance("vocabulary", self.vocabulary, Vocabulary)), 2):
            raise ValueError(
                f"network: expected {len(self.vocabulary)} inputs, one per word, and 2 outputs, got {sizes[0]} and {sizes[1]}"
            )

    def probability(self, texts):
        """(N,) the probability of the second class, after the last word of each text."""
        texts = listed("texts", texts)
        sequences = [self.vocabulary.one_hot(text) for text in texts]
        if not all(map(len, sequences)):
            raise ValueError("texts: expected at least one word in each text, found none in one of them")
        order, found = np.argsort([len(s) for s in sequences], kind="stable"), np.empty(len(texts))
        for part in np.split(order, range(AT_ONCE, len(texts), AT_ONCE)):
            batch = padded([sequences[k] for k in part], np.zeros((len(part), 2)))
            y = self.network.predict(batch.x).swapaxes(0, 1)[batch.mask.T > 0]
            found[part] = sigmoid(y[:, 1] - y[:, 0])
        return found


class BagOfWords:
    """Logistic regression on the counts of words, whose order is lost.

    texts, labels (N,) : to train on, labels 0 or 1;  features : text → list of what is counted, words by default
    weights : {feature: weight};  bias : number
    """

    def __init__(self, texts, labels, features=words_of, updates=300):
        texts, labels = listed("texts", texts), as_floats("labels", labels)
        check_shape("labels", labels, (len(texts),), why="(one per text)")
        self.features, counted = features, [features(text) for text in texts]
        self._index = {name: k for k, name in enumerate(dict.fromkeys(f for some in counted for f in some))}
        x, theta, optimiser = self._counts(counted), np.zeros(len(self._index) + 1), Adam(0.05)
        for _ in range(whole_number("updates", updates)):
            error = sigmoid(x @ theta) - labels
            optimiser.update(theta, x.T @ error / len(x) + 1e-4 * theta)
        self.weights, self.bias = dict(zip(self._index, theta[:-1].tolist(), strict=True)), float(theta[-1])

    def _counts(self, counted):
        x = np.zeros((len(counted), len(self._index) + 1))
        x[:, -1] = 1
        for row, some in zip(x, counted, strict=True):
            for name in some:
                if name in self._index:
                    row[self._index[name]] += 1
        return x

    def probability(self, texts):
        """(N,) the probability of the class 1."""
        theta = np.array([*self.weights.values(), self.bias])
        return sigmoid(self._counts([self.features(text) for text in listed("texts", texts)]) @ theta)


def scores(probability, labels):
    """(N,) 1 for each right verdict, 0 for each wrong one, and 0.5 for a tie: a probability of exactly 0.5."""
    probability, labels = as_floats("probability", probability), as_floats("labels", labels)
    check_shape("labels", labels, probability.shape, why="(like the probabilities)")
    return np.where(probability == 0.5, 0.5, (probability > 0.5) == (labels > 0.5))


@dataclass(frozen=True)
class Comparison:
    """Two classifiers on the same texts: the difference of their accuracies with a 95 % interval, and McNemar's exact p.

    first, second : texts that only the first, and only the second, gets right
    """

    count: int
    first: int
    second: int
    difference: float
    low: float
    high: float
    p: float

    @property
    def decided(self):
        """Whether chance alone would seldom make a difference as large: p is below 0.05."""
        return self.p < 0.05

    def __repr__(self):
        told = f"{self.difference:+.3f}, 95 % interval {self.low:+.3f} to {self.high:+.3f}, p = {self.p:.2g}"
        better = f"the {'first' if self.difference > 0 else 'second'} is better"
        verdict = better if self.decided else "undecided"
        differ = f"of {self.count} texts only the first right {self.first}, only the second {self.second}"
        return f"{verdict} ({told}; {differ})".replace("-", "−")


def compare(first, second):
    """The Comparison of two `scores` (N,) of the same texts (McNemar 1947)."""
    first, second = as_floats("first", first), as_floats("second", second)
    check_shape("second", second, first.shape, why="(like the first)")
    gap, n = first - second, len(first)
    wins, losses = int((gap > 0).sum()), int((gap < 0).sum())
    fewer, some = min(wins, losses), wins + losses
    p = min(1.0, sum(math.comb(some, k) for k in range(fewer + 1)) / 2 ** (some - 1)) if some else 1.0
    half = 1.96 * float(gap.std()) / math.sqrt(n)
    return Comparison(
        n, wins, losses, float(gap.mean()), float(gap.mean()) - half, float(gap.mean()) + half, p
    )


def classification(name, train, held_out, vocabulary):
    """A Task: give the verdict after the last word of a text. train, held_out : (texts, labels) each."""
    instance("vocabulary", vocabulary, Vocabulary)
    drawn = [_drawn(part, vocabulary) for part in (train, held_out)]
    longest = max(len(words_of(text)) for text in (*train[0], *held_out[0]))
    return Task(
        name,
        "give the verdict at the end",
        len(vocabulary),
        2,
        drawn[0],
        longest,
        classes=True,
        held_out=drawn[1],
    )


def _drawn(part, vocabulary):
    """A function rng, T, B → Batch of B of the texts; T is not used, the longest text says how many steps there are."""
    texts, labels = part
    sequences, targets = (
        [vocabulary.indices(text) for text in texts],
        np.eye(2)[np.asarray(labels, dtype=int)],
    )
    words = np.eye(len(vocabulary))

    def draw(rng, T, B):
        chosen = rng.integers(len(sequences), size=B)
        return padded([words[sequences[k]] for k in chosen], targets[chosen])

    return draw
