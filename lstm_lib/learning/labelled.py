"""A learner's own sentences with labels, from a table: checked, told what was left out, and split."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import finite_number, generator, instance, quoted
from lstm_lib.learning.table import MISSING, column, counted, listed_columns, read_table, refusing, short
from lstm_lib.learning.text import Vocabulary, normalised, respelt, words_of

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


@refusing
def labelled(source, text="text", label="label", merge=None, **options):
    """The Labelled texts of a table: a path, pasted text, a DataFrame, or pairs of a text and a label.

    text, label : the names of its columns;  options : of pandas.read_csv, such as sep, encoding and quoting
    merge : {label in the table: label to use}, for more than two labels; rows with other labels are left out
    """
    frame, remarks = read_table(source, ("text", "label"), **options)
    read = [column(frame, text), column(frame, label)]
    if rest := [name for name in frame if name not in read]:
        remarks.append(f"Not read: {listed_columns(rest)}.")
    frame = frame[read].set_axis(["text", "label"], axis=1)
    frame = _read(_renamed(frame, remarks, merge), remarks)
    counts = Counter(frame["label"])
    if len(frame) < FEWEST or len(counts) < 2 or min(counts.values()) < FEWEST_EACH:
        told = ", ".join(f"{count} of {short(name)}" for name, count in sorted(counts.items()))
        gone = " ".join(remark for remark in remarks if "left out" in remark)
        raise ValueError(
            f"source: expected at least {FEWEST} different texts, {FEWEST_EACH} of each label, got {told}. {gone[:170]}"
        )
    if len(frame) > MOST_ROWS:
        remarks.append(f"A random sample of {MOST_ROWS:,} of the {len(frame):,} rows is used.")
        frame = frame.iloc[np.sort(np.random.default_rng(0).choice(len(frame), MOST_ROWS, replace=False))]
    texts, names = frame["text"].tolist(), tuple(sorted(counts))
    found = _counts(texts)
    if (once := sum(n == 1 for n in found.values())) > found.total() / 2:
        remarks.append(
            f"Most words occur once ({once:,} of {found.total():,}): there is little to learn from. "
            "Words are told apart by the spaces between them."
        )
    return Labelled(texts, (frame["label"] == names[1]).to_numpy(int), names, tuple(remarks))


def _kept(frame, keep, remarks, what, column):
    """The rows to keep; a remark says how many are not, and which marks stand there."""
    gone = frame[column][~keep]
    if len(gone):
        marks = ", ".join(quoted(mark) for mark in sorted(set(gone)) if mark and mark.lower() in MISSING)
        remarks.append(f"{counted(len(gone), 'row')} {what}{marks and f' ({marks})'} left out.")
    return frame[keep]


def _renamed(frame, remarks, merge):
    """The rows with one of two labels, in one spelling or as `merge` says."""
    there, use = frame["label"].str.casefold(), instance("merge", {} if merge is None else merge, dict)
    once, use = use, {str(key).casefold(): new for key, new in use.items()}
    if len(use) < len(once):
        raise ValueError(
            f"merge: expected each label once, whatever its capitals, got {', '.join(map(short, once))[:150]}"
        )
    missing = there.isin(MISSING - use.keys())
    if there[~missing].nunique() < 2:  # “none” or “-” can be one of the two
        missing = there == ""
    frame = _kept(frame, ~missing, remarks, "without a label", "label")
    there = frame["label"].str.casefold()
    spelt = dict(zip(there[::-1], frame["label"][::-1], strict=True))  # as in the first row
    if merge is not None and (not merge or use.keys() - spelt):
        some, unknown = (", ".join(map(short, sorted(n)[:4])) for n in (spelt.values(), use.keys() - spelt))
        raise ValueError(f"merge: expected labels of the file, such as {some}; got {unknown or 'none'}")
    if merge is None and len(spelt) < frame["label"].nunique():
        remarks.append("Labels that differ only in capitals count as one.")
    if merge is not None:
        spelt = {key: str(new) for key, new in use.items() if new is not None}
        frame = _kept(frame, there.isin(spelt), remarks, "with a label that merge does not have", "label")
    frame = frame.assign(label=there.map(spelt))
    counts = Counter(frame["label"])
    if len(counts) == 2:
        return frame
    if len(counts) < 2:
        found = ", ".join(map(short, counts)) or "none"
        raise ValueError(
            f"source: expected two labels, {'found' if merge is None else 'merge leaves'} {found}. {' '.join(remarks)[:150]}"
        )
    most = ", ".join(f"{short(name)} ({count})" for name, count in counts.most_common(4))
    cure = (
        "Are the columns of texts and labels swapped?"
        if len(counts) > max(20, len(frame) // 2)
        else "Say which to use and which belong together, as in merge={'1': 'bad', '5': 'good'}"
    )
    raise ValueError(
        f"source: expected two labels, found {len(counts)}: {most}{', …' if len(counts) > 4 else ''}. {cure}"
    )


def _read(frame, remarks):
    """The rows with a text to read, cut after MOST_WORDS words, each once."""
    typed = frame["text"]
    frame = frame.assign(text=typed.map(normalised))
    if n := int((changed := typed != frame["text"]).sum()):
        old, new = next(iter(respelt(typed[changed][:1]).items()))
        remarks.append(
            f"Signs in {counted(n, 'text')} are read as their usual forms, as {quoted(old)} as {quoted(new)}."
        )
    symbols = frame["text"].map(lambda text: {c for c in text if unicodedata.category(c)[0] == "S"})
    if n := int(symbols.astype(bool).sum()):
        remarks.append(
            f"Symbols ({' '.join(sorted(set().union(*symbols))[:20])}) in {counted(n, 'text')} are not read."
        )
    if n := int(frame["text"].str.contains(r"<\w[^>]*>").sum()):
        remarks.append(f"HTML tags in {counted(n, 'text')}: their names are read as words.")
    words = frame["text"].map(lambda text: () if text.lower() in MISSING else tuple(words_of(text)))
    frame = _kept(frame.assign(words=words), words.astype(bool), remarks, "without a word", "text")
    if n := int((long := frame["words"].str.len() > MOST_WORDS).sum()):
        remarks.append(f"Only the first {MOST_WORDS} words are read of {counted(n, 'text')}.")
    cut = frame["words"].map(lambda words: words[:MOST_WORDS])
    frame = frame.assign(words=cut, text=frame["text"].mask(long, cut.map(" ".join)))
    again = cut.duplicated()
    if n := int(again.sum()):
        other = int(
            (frame["label"] != cut.map(dict(zip(cut[~again], frame["label"][~again], strict=True)))).sum()
        )
        told = f", {other} of them with the other label" if other else ""
        remarks.append(f"{counted(n, 'row')} with the words of an earlier one left out{told}.")
    return frame[~again]
