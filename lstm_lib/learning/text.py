"""Words as numbers: a vocabulary, and sequences of several lengths in one batch."""

import re
from collections import Counter

import numpy as np

from lstm_lib.checks import as_floats, check_shape, whole_number
from lstm_lib.learning.tasks import Batch

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[!?]")


def words_of(text):
    """The words of a sentence: lower case, `don't` is one word, `!` and `?` are words, other signs are left out."""
    if not isinstance(text, str):
        raise ValueError(f"text: expected a sentence, got {type(text).__name__}")
    return [word.replace("’", "'") for word in WORD.findall(text.lower())]


def listed(name, values):
    """The values as a list, or ValueError where there are none to be had one by one."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ValueError(f"{name}: expected a list, got {type(values).__name__}")
    return list(values)


class Vocabulary:
    """Numbers for the words that come at least `least` times, most frequent first; 0 stands for every other word.

    words : (V,) the words by number, where words[0] is "<unknown>"
    """

    UNKNOWN = "<unknown>"

    def __init__(self, texts, least=1):
        whole_number("least", least)
        texts = listed("texts", texts)
        counts = Counter(word for text in texts for word in words_of(text))
        known = sorted(
            (word for word in counts if counts[word] >= least), key=lambda word: (-counts[word], word)
        )
        if not known:
            raise ValueError(f"texts: expected at least one word that comes {least} times, found none")
        self.words = (self.UNKNOWN, *known)
        self._number = {word: k for k, word in enumerate(self.words)}

    def __len__(self):
        return len(self.words)

    def numbers(self, text):
        """The numbers (T,) of a sentence's words."""
        return np.array([self._number.get(word, 0) for word in words_of(text)], dtype=int)


def padded(sequences, targets):
    """A Batch of sequences of any lengths, each with its answer (O,) wanted at its last step.

    sequences : B arrays, (T_b,) numbers of words or (T_b, D);  targets : (B, O)
    Zeros stand after a sequence's end. No loss is there, so nothing that comes after an end has a gradient or
    changes an answer: a padded batch gives what its sequences give alone.
    """
    sequences = [np.asarray(sequence) for sequence in listed("sequences", sequences)]
    numbers = all(s.dtype.kind in "iuf" and s.ndim in (1, 2) and s.size for s in sequences)
    if not sequences or not numbers or len({s.shape[1:] for s in sequences}) > 1:
        raise ValueError(
            "sequences: expected one or more of numbers (T,) or (T, D), none empty, all with one D"
        )
    targets = as_floats("targets", targets)
    check_shape("targets", targets, (len(sequences), "O"), why="(one row for each of the sequences)")
    T, B = max(map(len, sequences)), len(sequences)
    x = np.zeros((T, B, *sequences[0].shape[1:]), np.result_type(*sequences))
    target, mask = np.zeros((T, B, targets.shape[1])), np.zeros((T, B))
    for k, sequence in enumerate(sequences):
        x[: len(sequence), k] = sequence
        target[len(sequence) - 1, k], mask[len(sequence) - 1, k] = targets[k], 1
    return Batch(x, target, mask)
