"""Two sentences that differ by a word, read by a trained cell side by side."""

import re
from difflib import SequenceMatcher, get_close_matches

import numpy as np

from lstm_lib.cell.kinds import GATES
from lstm_lib.cell.lstm import lstm_forward
from lstm_lib.checks import instance, one_of, quoted, whole_number
from lstm_lib.explore.bounds import bounds_for
from lstm_lib.explore.controls import Text, Whole, choice, slider
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.twins_state import Twins
from lstm_lib.learning.classify import Classifier
from lstm_lib.learning.grammar import GRAMMAR_WORDS
from lstm_lib.learning.inside import lstm_of, with_gate
from lstm_lib.learning.stored import study
from lstm_lib.learning.table import counted
from lstm_lib.learning.text import respelt, unread, words_of
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import number, percent, plain
from lstm_lib.views.twins_svg import Column, Reading, twins_svg

FEWEST, MOST, MOST_ADDED, MOST_FILLERS, MOST_UNITS = 2, 30, 4, 40, 32
SHOWN = {"C_t": "C", "f_t": "f", "i_t": "i", "o_t": "o", "C̃_t": "C_tilde", "h_t": "h"}


class TwinSentences(Explorer):
    """Type a sentence; a second one lacks a word, has one more, or has one moved. A trained cell reads both.

    text : 2 to 30 words;  classifier : a Classifier, by default the stored one, which was trained on the grammar
    edit : "drop", "add" or "move";  word : which, or before which `added` is put, counted from 1;  fillers : 0 to 40
    """

    title = "Twin sentences"
    presets = {
        "not": {"text": "the film was not good", "edit": "drop", "word": 3, "place": 5},
        "A but B": {"text": "the plot was dull but the music was lovely", "edit": "move", "word": 4, "to": 8, "place": 4},
        "although": {"text": "although the plot was dull, the music was lovely", "edit": "drop", "word": 0, "place": 5},
        "far apart": {"text": "the film was not good", "edit": "drop", "word": 3, "place": 5, "fillers": 40},
    }  # fmt: skip

    def __init__(
        self, text="the film was not good", classifier=None, edit="drop", word=4, added="not", fillers=0
    ):
        if classifier is None:
            classifier = Classifier(study("sentiment").network("LSTM"), GRAMMAR_WORDS)
        self.classifier = instance("classifier", classifier, Classifier)
        self.vocabulary, self.names = classifier.vocabulary, classifier.names
        self.params = lstm_of("classifier", classifier.network)
        if self.params.hidden_size > MOST_UNITS:
            raise ValueError(f"classifier: expected up to {MOST_UNITS} units, got {self.params.hidden_size}")
        edit = one_of("edit", edit, ("drop", "add", "move"))
        fillers = whole_number("fillers", fillers, 0, MOST_FILLERS)
        word = whole_number("word", word, 1, MOST + 1) - 1
        text, added = instance("text", text, str), instance("added", added, str)
        super().__init__(self._checked(Twins(text, edit, word, 0, added, fillers, MOST)))

    def _checked(self, s):
        """The state with every number of a word within the sentence; ValueError for too few or too many words."""
        n = len(s.words)
        limits = {"sentence": (s.text, FEWEST, MOST), "word to add": (s.added, 1, MOST_ADDED)}
        for name, (text, low, high) in limits.items():
            if re.search("[\ud800-\udfff]", text):
                raise ValueError(f"{name}: expected whole signs, got half of one, perhaps of an emoji")
            if not low <= (count := len(words_of(text))) <= high:
                told = f"; not read: {' '.join(signs)}" if (signs := unread(text)) else ""
                raise ValueError(f"{name}: expected {low} to {high} words, got {count}{told}")
        last = n if s.edit == "add" else n - 1
        return s.but(word=min(s.word, last), to=min(s.to, n - 1), place=min(s.place, n))

    def controls(self, s):
        n = len(s.words)
        edits = {"drop a word": "drop", "add a word": "add", "move a word": "move"}
        rows = [
            Text("text", "sentence", ("text",), value=s.text),
            choice(s, "edit", edits, "in the second"),
            choice(s, "shown", SHOWN, "show"),
            choice(s, "sliders", ["sentence", "unit"]),
        ]
        if s.edit == "add":
            rows.insert(2, Text("added", "word to add", ("added",), value=s.added))
        if s.sliders == "unit":
            clamps = {"nothing": "", **{gate.letter: key for key, gate in GATES.items()}}
            H = self.params.hidden_size
            rows.append(choice(s, "clamp", clamps, "clamp in this unit"))
            rows += [Whole("unit", "unit", ("unit",), value=s.unit, high=H - 1)] * (H > 1)
            if s.clamp:
                bounds = (GATES[s.clamp].low, 1)
                rows.append(
                    slider(s, "value", f"{GATES[s.clamp].symbol}[{s.unit}]", ("value",), bounds, 0.05)
                )
            return rows
        called = {"drop": "word to drop", "add": "add it before word", "move": "word to move"}[s.edit]
        rows.append(Whole("word", called, value=s.word + 1, low=1, high=n + (s.edit == "add")))
        if s.edit == "move":
            rows.append(Whole("to", "to place", value=s.to + 1, low=1, high=n))
        rows.append(Whole("fillers", "fillers", ("fillers",), value=s.fillers, high=MOST_FILLERS))
        if s.fillers:
            rows.append(Whole("place", "before word", value=s.place + 1, low=1, high=n + 1))
        return rows

    def moved(self, s, control, value):
        """Sliders count words from 1."""
        if control.name in ("word", "to", "place"):
            return s.but(**{control.name: value - 1})
        if control.name == "clamp":
            return s.but(clamp=value, value=max(s.value, GATES[value].low) if value else 0.0)
        return self._checked(super().moved(s, control, value))

    def preset(self, s, name):
        return self._checked(s.but(fillers=0).but(**self.presets[name]))

    def read(self, s):
        """(trace, probability of the second name (T,)) of each sentence, with the unit's gate clamped."""
        params = with_gate(self.params, s.clamp, s.unit, s.value) if s.clamp else self.params
        network, found = self.classifier.network, []
        for row in s.rows():
            x = self.vocabulary.one_hot(" ".join(word for word, _ in row))
            trace = lstm_forward(params, x, clamp=network.clamp)
            y = trace.h @ network.V.T + network.c
            found.append((trace, 1 / (1 + np.exp(y[:, 0] - y[:, 1]))))
        return found

    def columns(self, s):
        """The Columns of the picture, and for each sentence those of its words (T,)."""
        rows = [[(w, filler) for word, filler in row for w in self.vocabulary.read(word)] for row in s.rows()]
        columns, at = [], ([], [])
        for kind, a, b, c, d in SequenceMatcher(None, *rows, autojunk=False).get_opcodes():
            parts = (
                [((0, 1), rows[0][a:b])] if kind == "equal" else [((0,), rows[0][a:b]), ((1,), rows[1][c:d])]
            )
            for whose, items in parts:
                for word, filler in items:
                    for k in whose:
                        at[k].append(len(columns))
                    columns.append(Column(word, word in self.vocabulary, filler, whose))
        return columns, tuple(np.array(places) for places in at)

    def picture(self, s, before=None):
        columns, at = self.columns(s)
        read = self.read(s)
        states = np.zeros((2, len(columns), self.params.hidden_size))
        for k, (trace, _) in enumerate(read):
            after = np.searchsorted(at[k], np.arange(len(columns)), side="right")
            states[k] = np.concatenate([np.zeros((1, states.shape[2])), trace.C])[after]
        gap = np.abs(states[0] - states[1])
        values = [getattr(trace, s.shown) for trace, _ in read]
        low, high = bounds_for(1, *values)
        limits = ((0.0, 1.0) if s.shown in "fio" else (low, high), (0.0, bounds_for(1, gap)[1]))
        names = ("first sentence", f"second: {self._difference(s)}")
        readings = [Reading(*given) for given in zip(names, values, (p for _, p in read), at, strict=True)]
        symbol = next(text for text, key in SHOWN.items() if key == s.shown)
        summary = self._summary(s, read, gap, columns)
        svg = twins_svg(columns, readings, gap, symbol, limits, s.unit, self.names, self.title, summary)
        return Picture(svg, summary, self._remark(s))

    def _difference(self, s):
        word = s.words[min(s.word, len(s.words) - 1)]
        if s.edit == "add":
            there = f"before “{word}”" if s.word < len(s.words) else "at the end"
            return f"with “{' '.join(words_of(s.added))}” {there}"
        return f"without “{word}”" if s.edit == "drop" else f"with “{word}” as word {s.to + 1}"

    def _verdict(self, p):
        verdict = "a tie" if p[-1] == 0.5 else self.names[int(p[-1] > 0.5)]
        return f"{verdict} ({percent(max(p[-1], 1 - p[-1]))} sure)"

    def _summary(self, s, read, gap, columns):
        told = f" with {counted(s.fillers, 'filler')} before word {s.place + 1}" if s.fillers else ""
        most, parts = int(gap[-1].argmax()), "The cell reads the same words twice"
        if not np.array_equal(*(trace.x for trace, _ in read)):
            word = next(column.word for column in columns if column.rows != (0, 1))
            parts = f"They differ from “{word}” on; at the end |ΔC| is largest in unit {most}, {number(gap[-1, most])}"
        clamp = f" {GATES[s.clamp].symbol}[{s.unit}] is clamped at {plain(s.value)}." if s.clamp else ""
        return (
            f"“{' '.join(s.words)}”{told}: {self._verdict(read[0][1])}. The second, {self._difference(s)}: "
            f"{self._verdict(read[1][1])}. {parts}.{clamp}"
        )

    def _remark(self, s):
        """What is read in another way than it was typed."""
        typed = f"{s.text} {s.added}" if s.edit == "add" else s.text
        known, words = self.vocabulary.words[1:], dict.fromkeys(words_of(typed))
        others = respelt([typed]) | {w: " ".join(p) for w in words if (p := self.vocabulary.read(w)) != [w]}
        lines = [f"{quoted(old)} is read as {quoted(new)}." for old, new in others.items()]
        for part in dict.fromkeys(self.vocabulary.read(typed)):
            if part not in self.vocabulary:
                near = ", ".join(get_close_matches(part, known, 3, 0.5) if len(part) > 3 else ())
                near = f" Known and spelt alike: {near}." if near else ""
                lines.append(f"{quoted(part)} is unknown (hatched): all unknown words are one word.{near}")
        if signs := unread(typed):
            lines.append(f"Not read: {' '.join(signs)}")
        return "\n".join(lines)
