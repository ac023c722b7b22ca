"""A learner's own sentences with labels, from a CSV: checked, told what was left out, and split."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import finite_number, generator, instance, quoted
from lstm_lib.learning.table import counted, read_table
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
            these = generator(rng).permutation(np.flatnonzero(self.labels == label))
            held += these[: max(1, round(share * len(these)))].tolist()
        rest = sorted(set(range(len(self))) - set(held))
        return self._part(rest), self._part(sorted(held))

    def _part(self, rows):
        return Labelled([self.texts[k] for k in rows], self.labels[rows], self.names)

    def vocabulary(self):
        """The Vocabulary of the words that occur at least twice, at most MOST_KNOWN; the others are unknown."""
        common = _counts(self.texts).most_common(MOST_KNOWN)
        kept = [word for word, count in common if count > 1]
        return Vocabulary([" ".join(kept or dict(common))])

    def __repr__(self):
        shares = (f"{int((self.labels == k).sum())} {name!r}" for k, name in enumerate(self.names))
        return "\n".join([f"{len(self)} texts: {', '.join(shares)}", *self.remarks])


def _counts(texts):
    return Counter(word for text in texts for word in words_of(text))


def labelled(source, text="text", label="label", merge=None, encoding="utf-8"):
    """The Labelled texts of a CSV: the path of a file, or pasted text.

    text, label : the names of its columns
    merge : {label in the file: label to use}, for more than two labels; rows with other labels are left out
    """
    table = read_table(source, encoding)
    rows, remarks = list(zip(table.column(text), table.column(label), strict=True)), list(table.remarks)
    rows = _kept(rows, remarks, "without a label", lambda row: row[1])
    rows = _renamed(rows, remarks, merge)
    names = _two(Counter(name for _, name in rows), rows)
    rows = _read(rows, remarks)
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
    texts, labels = [text for text, _ in rows], np.array([name == names[1] for _, name in rows], dtype=int)
    found = _counts(texts)
    if (once := sum(n == 1 for n in found.values())) > found.total() / 2:
        remarks.append(
            f"Most words occur once ({once:,} of {found.total():,}): there is little to learn from. "
            "Words are told apart by the spaces between them."
        )
    return Labelled(texts, labels, names, tuple(remarks))


def _kept(rows, remarks, what, keep):
    """The rows to keep; a remark says how many are not."""
    kept = [row for row in rows if keep(row)]
    if gone := len(rows) - len(kept):
        remarks.append(f"{counted(gone, 'row')} {what} left out.")
    return kept


def _renamed(rows, remarks, merge):
    """The rows with the labels that `merge` says, or with one spelling of those that differ only in capitals."""
    there = {}
    for _, name in rows:
        there.setdefault(name.casefold(), name)
    use = there
    if merge is not None:
        use = {
            str(name).casefold(): str(new)
            for name, new in instance("merge", merge, dict).items()
            if new is not None
        }
        if not use.keys() & there.keys():
            some = ", ".join(map(quoted, sorted(there.values())[:4]))
            raise ValueError(f"merge: expected labels of the file, such as {some}; got {quoted(list(merge))}")
        rows = _kept(
            rows, remarks, "with a label that merge does not have", lambda row: row[1].casefold() in use
        )
    elif len(there) < len({name for _, name in rows}):
        remarks.append("Labels that differ only in capitals count as one.")
    return [(text, use[name.casefold()]) for text, name in rows]


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
    """The rows with a text to read, cut after MOST_WORDS words, each once."""
    symbols = [{c for c in set(text) if unicodedata.category(c)[0] == "S"} for text, _ in rows]
    if some := sum(map(bool, symbols)):
        shown = " ".join(sorted(set().union(*symbols))[:20])
        remarks.append(f"Symbols ({shown}) in {counted(some, 'text')} are not read.")
    if tags := sum(bool(re.search(r"<\w[^>]*>", text)) for text, _ in rows):
        remarks.append(f"HTML tags in {counted(tags, 'text')}: their names are read as words.")
    read = [(words_of(text), text, name) for text, name in rows]
    read = _kept(read, remarks, "without a word", lambda row: row[0])
    if long := sum(len(words) > MOST_WORDS for words, *_ in read):
        remarks.append(f"Only the first {MOST_WORDS} words are read of {counted(long, 'text')}.")
    first, other = {}, 0
    for words, text, name in read:
        cut = tuple(words[:MOST_WORDS])
        text = text if len(words) == len(cut) else " ".join(cut)
        other += first.setdefault(cut, (text, name))[1] != name
    if repeats := len(read) - len(first):
        told = f", {other} of them with the other label" if other else ""
        remarks.append(f"{counted(repeats, 'row')} with the words of an earlier one left out{told}.")
    return list(first.values())
