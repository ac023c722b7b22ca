"""A learner's own sentences with labels, from a CSV: checked, told what was left out, and split."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import finite_number, generator, quoted
from lstm_lib.learning.table import read_table
from lstm_lib.learning.text import Vocabulary, words_of

MOST_ROWS, FEWEST, FEWEST_EACH = 20_000, 40, 10
MOST_WORDS, MOST_KNOWN = 100, 500


@dataclass(frozen=True, eq=False)
class Labelled:
    """texts, labels (N,) of 0 and 1, the names of the two labels, and remarks: sentences on what was left out."""

    texts: list
    labels: np.ndarray
    names: tuple
    remarks: tuple = ()

    def __len__(self):
        return len(self.texts)

    def split(self, rng, test=0.3):
        """(training, test): two random parts, with both labels in the same shares."""
        share = finite_number("test", test, 0.1, 0.9)
        held = []
        for label in (0, 1):
            these = generator("rng", rng).permutation(np.flatnonzero(self.labels == label))
            held += these[: max(1, round(share * len(these)))].tolist()
        rest = sorted(set(range(len(self))) - set(held))
        return self._part(rest), self._part(sorted(held))

    def _part(self, rows):
        return Labelled([self.texts[k] for k in rows], self.labels[rows], self.names)

    def vocabulary(self, min_count=2):
        """The Vocabulary of the words that occur at least `min_count` times, at most MOST_KNOWN; the others are unknown."""
        counts = Counter(word for text in self.texts for word in words_of(text))
        kept = [word for word, count in counts.most_common(MOST_KNOWN) if count >= min_count]
        return Vocabulary([" ".join(kept or counts)])

    def __repr__(self):
        shares = (f"{int((self.labels == k).sum())} {name!r}" for k, name in enumerate(self.names))
        return "\n".join([f"{len(self)} texts: {', '.join(shares)}", *self.remarks])


def labelled(source, text="text", label="label", merge=None, encoding="utf-8"):
    """The Labelled texts of a CSV: the path of a file, or pasted text.

    text, label : the names of its columns;  merge : {label in the file: label to use}, for more than two labels
    """
    table = read_table(source, encoding)
    rows, remarks = list(zip(table.column(text), table.column(label), strict=True)), list(table.remarks)
    rows = _kept(rows, remarks, "without a label", lambda row: row[1])
    if merge is not None:
        rows = _kept(rows, remarks, "with a label that merge does not have", lambda row: row[1] in merge)
        rows = [(words, str(merge[name])) for words, name in rows]
    rows = _one_spelling(rows, remarks)
    names = _two(Counter(name for _, name in rows), rows)
    rows = _kept(rows, remarks, "without a word", lambda row: words_of(row[0]))
    seen = set()
    rows = _kept(rows, remarks, "that repeat a text", lambda row: not (row[0] in seen or seen.add(row[0])))
    counts = Counter(name for _, name in rows)
    if len(rows) < FEWEST or min(counts[name] for name in names) < FEWEST_EACH:
        told = ", ".join(f"{counts[name]} of {quoted(name)}" for name in names)
        raise ValueError(
            f"source: expected at least {FEWEST} different texts, {FEWEST_EACH} of each label, got {told}. "
            + " ".join(remarks)
        )
    if len(rows) > MOST_ROWS:
        remarks.append(f"A random sample of {MOST_ROWS:,} of the {len(rows):,} rows is used.")
        chosen = np.random.default_rng(0).choice(len(rows), MOST_ROWS, replace=False)
        rows = [rows[k] for k in sorted(chosen)]
    texts = _read(rows, remarks)
    return Labelled(texts, np.array([name == names[1] for _, name in rows], dtype=int), names, tuple(remarks))


def _kept(rows, remarks, what, keep):
    """The rows to keep; a remark says how many are not."""
    kept = [row for row in rows if keep(row)]
    if gone := len(rows) - len(kept):
        remarks.append(f"{gone} row{'s' if gone > 1 else ''} {what} left out.")
    return kept


def _one_spelling(rows, remarks):
    """Rows whose labels differ only in capitals have the same label."""
    spelt = {}
    for _, name in rows:
        spelt.setdefault(name.casefold(), name)
    if len(spelt) < len({name for _, name in rows}):
        remarks.append("Labels that differ only in capitals count as one.")
    return [(words, spelt[name.casefold()]) for words, name in rows]


def _two(counts, rows):
    """The two labels in order of the alphabet, or a ValueError."""
    if len(counts) == 2:
        return tuple(sorted(counts))
    if not counts:
        raise ValueError("source: expected rows with a label, every label is empty")
    if len(counts) == 1:
        raise ValueError(f"source: expected two labels, every row has {quoted(next(iter(counts)))}")
    most = ", ".join(f"{quoted(name)} ({count})" for name, count in counts.most_common(4))
    found = f"source: expected two labels, found {len(counts)}: {most}{', …' if len(counts) > 4 else ''}"
    if len(counts) > max(20, len(rows) // 2):
        raise ValueError(f"{found}. Are the columns of texts and labels swapped?")
    if all(re.fullmatch(r"[+-]?\d+([.,]\d+)?", name) for name in counts):
        raise ValueError(
            f"{found}. These are numbers, not labels; say which count as what, as in merge={{'1': 'bad', '5': 'good'}}"
        )
    raise ValueError(
        f"{found}. Say which to use and which belong together, as in merge={{'awful': 'bad', …}}"
    )


def _read(rows, remarks):
    """The texts, cut after MOST_WORDS words."""
    texts = [text for text, _ in rows]
    if tags := sum(bool(re.search(r"<\w[^>]*>", text)) for text in texts):
        remarks.append(f"{tags} texts contain HTML tags, whose names are read as words.")
    long = [len(words_of(text)) > MOST_WORDS for text in texts]
    if any(long):
        remarks.append(f"Of {sum(long)} texts only the first {MOST_WORDS} words are read.")
        texts = [" ".join(words_of(t)[:MOST_WORDS]) if cut else t for t, cut in zip(texts, long, strict=True)]
    return texts
