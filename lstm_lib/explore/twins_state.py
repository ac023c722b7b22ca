"""The state of twin sentences: one sentence, how the second differs from it, and fillers in both."""

from dataclasses import dataclass
from functools import cached_property

from lstm_lib.explore.state import State
from lstm_lib.learning.grammar import PHRASES
from lstm_lib.learning.text import words_of

FILLER_WORDS = [word for phrase in PHRASES for word in phrase]


@dataclass(frozen=True, eq=False)
class Twins(State):
    """A sentence, its twin's difference, the fillers, and what is shown.

    edit : "drop", "add" or "move";  word, to, place : numbers of words from 0: the word that is dropped or moved, or
        before which `added` is put; where it is moved to; before which word the fillers stand
    clamp : "" or a gate that is clamped at `value` in the chosen unit
    """

    text: str
    edit: str = "drop"
    word: int = 0
    to: int = 0
    added: str = "not"
    fillers: int = 0
    place: int = 0
    shown: str = "C"
    sliders: str = "sentence"
    unit: int = 0
    clamp: str = ""
    value: float = 0.0

    @cached_property
    def words(self):
        return words_of(self.text)

    def rows(self):
        """The items of both sentences: (word, whether it is a filler)."""
        words, place, more = list(self.words), self.place, words_of(self.added)
        first = self._filled(words, place)
        if self.edit == "add":
            words[self.word : self.word] = more
            place += len(more) * (self.word < place)
        else:
            moved = words.pop(self.word)
            place -= self.word < place
            if self.edit == "move":
                words.insert(self.to, moved)
                place += self.to < place
        return first, self._filled(words, place)

    def _filled(self, words, place):
        fillers = [(FILLER_WORDS[k % len(FILLER_WORDS)], True) for k in range(self.fillers)]
        items = [(word, False) for word in words]
        return items[:place] + fillers + items[place:]
