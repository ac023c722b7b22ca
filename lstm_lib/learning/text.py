"""Text as words by index: a vocabulary, and batches of sequences of different lengths."""

import html
import re
import unicodedata
from collections import Counter

import numpy as np

from lstm_lib.checks import as_floats, check_shape
from lstm_lib.learning.tasks import Batch

MARKS = "".join(c for c in map(chr, range(0x300, 0x1E00)) if unicodedata.category(c)[0] == "M")
"""Accents and vowel signs that continue a word."""

WORD = re.compile(rf"[^\W_](?:[^\W_]+|[{MARKS}]+|'(?=[^\W_]))*|[!?]")

APOSTROPHES = re.compile("[\x91\x92‘’‛′´`ʹʻʼˈ＇]")
"""As people type them."""

CONTRACTED = {"ca": "can", "wo": "will", "sha": "shall"}


def normalised(text):
    """A text with one spelling for what looks alike: entities, apostrophes, letters; without soft hyphens and signs of no width."""
    if not isinstance(text, str):
        raise ValueError(f"text: expected a sentence, got {type(text).__name__}")
    for _ in range(2):  # &amp;#39; is an entity's entity
        text = re.sub(r"&(#\d{1,7};?|#?\w{1,40};)", lambda found: html.unescape(found[0]), text)
    text = APOSTROPHES.sub("'", re.sub(r"[^\0-\x7f]{2,}", _decoded_again, text))
    text = re.sub(r"\\'|(?<=\w)''(?=\w)", "'", text)  # as programs and databases write one inside a text
    if not text.isascii():
        seen = (c for c in text if unicodedata.category(c) != "Cf")
        text = "".join(
            unicodedata.normalize("NFKC", c) if c.isalpha() or unicodedata.east_asian_width(c) == "F" else c
            for c in seen
        )  # ﬁ and ｇ are letters, and ！ is of full width
    return unicodedata.normalize("NFC", text)


def _decoded_again(found):
    """UTF-8 that was read as in Windows, Latin-1 or on a Macintosh, such as Ã© or √© for é, as it was meant."""
    for encoding, meant in (("cp1252", ".+"), ("latin-1", ".+"), ("mac_roman", "[À-ſ‐-…\xa0]+")):
        try:
            if re.fullmatch(meant, text := found[0].encode(encoding).decode(), re.S):
                return text
        except UnicodeError:
            pass
    return found[0]


def respelt(texts):
    """{word as typed: as `normalised`} of all words of the texts that it changes."""
    words = (word for text in texts for word in re.findall(r"[^ \t\r\n]+", text))
    return {word: new for word in words if (new := normalised(word)) != word}


def words_of(text):
    """The words of a sentence in lower case; `don't` is one word, `!` and `?` are words, other signs are left out."""
    return WORD.findall(normalised(text).lower())


def unread(text):
    """The signs of a text that are in no word."""
    return sorted(set(re.sub(r"\s|_", "", WORD.sub("", normalised(text).lower()))))


def listed(name, values):
    """`values` as a list; they must be iterable, and no text."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ValueError(f"{name}: expected a list, got {type(values).__name__}")
    return list(values)


class Vocabulary:
    """Indices of the words that occur in some texts, most frequent first; 0 for all other words.

    words : the words by index, where words[0] is "<unknown>"
    """

    UNKNOWN = "<unknown>"

    def __init__(self, texts):
        counts = Counter(word for text in listed("texts", texts) for word in words_of(text))
        if not counts:
            raise ValueError("texts: expected at least one word, found none")
        self.words = (self.UNKNOWN, *sorted(counts, key=lambda word: (-counts[word], word)))
        self._index = {word: k for k, word in enumerate(self.words)}

    def __len__(self):
        return len(self.words)

    def __contains__(self, word):
        return word in self._index

    def read(self, text):
        """The words of a sentence; "wasn't" as "was" and "not" if it is unknown and "not" is known."""
        parts = ([CONTRACTED.get(word[:-3], word[:-3]), "not"]
                 if word.endswith("n't") and word not in self and "not" in self else [word] for word in words_of(text))  # fmt: skip
        return [word for some in parts for word in some if word]

    def indices(self, text):
        """The indices (T,) of the words that `read` returns."""
        return np.array([self._index.get(word, 0) for word in self.read(text)], dtype=int)

    def one_hot(self, text):
        """(T, len(self)) with a 1 in each row, at the index of the word."""
        return np.eye(len(self))[self.indices(text)]


def padded(sequences, targets):
    """A Batch of sequences of different lengths, each with a target (O,) at its last step.

    sequences : B arrays (T_b, D);  targets : (B, O)
    Sequences are padded with zeros at the end. There the mask is 0, so padding changes neither outputs nor gradients.
    """
    sequences = [np.asarray(sequence) for sequence in listed("sequences", sequences)]
    regular = all(s.dtype.kind in "iuf" and s.ndim == 2 and s.size for s in sequences)
    if not sequences or not regular or len({s.shape[1:] for s in sequences}) > 1:
        raise ValueError("sequences: expected one or more arrays (T, D), none empty, all with the same D")
    targets = as_floats("targets", targets)
    check_shape("targets", targets, (len(sequences), "O"), why="(one row per sequence)")
    T, B = max(map(len, sequences)), len(sequences)
    x = np.zeros((T, B, sequences[0].shape[1]))
    target, mask = np.zeros((T, B, targets.shape[1])), np.zeros((T, B))
    for k, sequence in enumerate(sequences):
        x[: len(sequence), k] = sequence
        target[len(sequence) - 1, k], mask[len(sequence) - 1, k] = targets[k], 1
    return Batch(x, target, mask)
