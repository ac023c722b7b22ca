"""Multiple choice with feedback for every option."""

from __future__ import annotations

import ipywidgets as widgets

from lstm_lib.exercises.panel import Panel, asked, boxed, options_of
from lstm_lib.exercises.question import question
from lstm_lib.views.theme import words as symbols

__all__ = ["Choice", "choose"]


class Choice(Panel):
    """A question whose every option answers at once; the learner may change their mind."""

    def __init__(self, asks):
        self.question = asks
        self.options = options_of(asks)
        self.answer = widgets.HTML()
        super().__init__([asked(asks.ask), self.options, self.answer])
        self.options.observe(self._chosen, "value")

    def _chosen(self, change):
        if change["new"] is None:
            return
        option = self.question.options[change["new"]]
        self.answer.value = boxed(symbols(("✓ " if option.right else "✗ ") + option.feedback), option.right)

    def plain(self):
        """The question and its options."""
        return self.question.as_text


def choose(name):
    """Ask the multiple-choice question called `name`."""
    return Choice(question(name))
