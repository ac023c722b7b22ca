"""What predictions, choices and checks share: a column of widgets that leaves its text behind."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from lstm_lib.explore.style import STYLE
from lstm_lib.views.theme import words as symbols

__all__ = ["Panel", "asked", "boxed", "options_of"]


class Panel(widgets.VBox):
    """A column of widgets; a page without a kernel shows `plain()` instead."""

    def __init__(self, children):
        super().__init__([widgets.HTML(STYLE, layout={"display": "none"}), *children])
        self.add_class("lstm")

    def plain(self):
        """What the panel says, as text that is the same on every run."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = self.plain()
        return bundle


def asked(words):
    """The question's words as HTML; data, never markup."""
    return widgets.HTML(f'<p class="lstm-ask"><b>{escape(symbols(words))}</b></p>')


def boxed(words, good=False):
    """A remark in a coloured box; the words are data, and say themselves whether it is right."""
    return f'<div class="{"lstm-good" if good else "lstm-note"}" role="status">{escape(words)}</div>'


def options_of(question):
    """Radio buttons, none chosen yet."""
    options = [(symbols(o.say), k) for k, o in enumerate(question.options)]
    return widgets.RadioButtons(options=options, value=None, layout={"width": "100%"})
