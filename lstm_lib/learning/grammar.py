"""A small grammar of film reviews: six kinds of sentences, each with a verdict. Made for measuring what a network learns."""

import numpy as np

from lstm_lib.checks import generator, one_of, whole_number
from lstm_lib.learning.text import Vocabulary, words_of

GOOD = tuple("good great fine fun moving clever superb lovely bright warm funny deep".split())
BAD = tuple("bad awful weak dull boring clumsy poor empty cold silly flat tired".split())
NOUNS = ("movie", "film", "story", "plot", "acting", "music")
VERY = ("really", "very", "quite", "so")
PHRASES = tuple(
    map(str.split, ("we saw it", "last week", "with friends", "in town", "after dinner", "honestly"))
)
"""Fillers: words that say nothing about the verdict."""

TITLES, NAMES = ("matrix", "godfather", "piano", "wire"), ("anna", "karim", "olga", "tom", "lisa", "omar")
"""Rare words. The vocabulary lacks them, so training also meets unknown words."""

RARE = 0.2
NEVER_NEGATED = ("fun", "dull", "deep", "flat")
"""Words that never stand after "not" in sentences for training."""

KINDS_OF_SENTENCES = ("plain", "not", "not not", "A but B", "although A, B", "A, although B")
GRAMMAR_WORDS = Vocabulary(
    [" ".join((*GOOD, *BAD, *NOUNS, *VERY, *sum(PHRASES, []), "the", "was", "not", "but", "although"))]
)
"""The Vocabulary of the grammar."""


def sentence(rng, kind, fillers=(0, 8), nots=None, never_negated=False):
    """(text, whether its verdict is good) of one of KINDS_OF_SENTENCES.

    fillers : the fewest and the most filler words in each of two places
    nots : how many, in place of the kind's own;  never_negated : take only adjectives of NEVER_NEGATED, also after "not"
    """
    good = bool(generator(rng).random() < 0.5)
    k = KINDS_OF_SENTENCES.index(one_of("kind", kind, KINDS_OF_SENTENCES))
    between, end = _fillers(rng, *fillers), _fillers(rng, *fillers)
    if k < 3:
        parts = [
            *between,
            *_clause(rng, good, k if nots is None else whole_number("nots", nots, 0), never_negated),
        ]
    else:
        first = good if kind == "A, although B" else not good
        A, B = (_clause(rng, side, int(rng.random() < 0.3)) for side in (first, not first))
        middle = {"A but B": ["but"], "although A, B": [","], "A, although B": [",", "although"]}[kind]
        parts = [*["although"] * (k == 4), *A, *between, *middle, *B]
    return " ".join([*parts, *end]).replace(" ,", ","), good


def _clause(rng, good, nots, never_negated=False):
    """ "the film was not really good": the words of a clause whose verdict is `good`."""
    words = GOOD if good == (nots % 2 == 0) else BAD
    if nots or never_negated:
        words = [word for word in words if (word in NEVER_NEGATED) == never_negated]
    return [
        "the",
        _one(rng, NOUNS, TITLES),
        "was",
        *["not"] * nots,
        *(_one(rng, VERY) for _ in range(rng.integers(3))),
        _one(rng, words),
    ]


def _fillers(rng, low, high):
    """Phrases of low to high words in all; now and then "with friends" is "with" and a name."""
    count, words = int(rng.integers(low, high + 1)), []
    while len(words) < count:
        phrase = _one(rng, PHRASES)
        if len(words) + len(phrase) <= count:
            words += ["with", _one(rng, ["friends"], NAMES)] if phrase[0] == "with" else phrase
    return words


def _one(rng, words, rare=None):
    """A random word, now and then a rare one."""
    words = rare if rare and rng.random() < RARE else words
    return words[rng.integers(len(words))]


def corpus(rng, count, without=(), **more):
    """(texts, labels (count,)) of sentences of all kinds, or of one `kind`; `without` : texts that must not occur."""
    texts, labels = [], []
    while len(texts) < count:
        kind = more.get("kind") or _one(rng, KINDS_OF_SENTENCES)
        text, good = sentence(rng, kind, **{k: v for k, v in more.items() if k != "kind"})
        if text not in without:
            texts.append(text)
            labels.append(good)
    return texts, np.array(labels)


def adjectives_with_nots(text):
    """The words of a text, and for each adjective how many nots stand before it: "good after 1 not"."""
    words = words_of(text)
    places = [k for k, word in enumerate(words) if word in GOOD + BAD]
    return words + [f"{words[k]} after {words[max(0, k - 7) : k].count('not')} not" for k in places]
