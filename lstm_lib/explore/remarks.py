"""What an explorer says in words: a remark under its controls, a summary under its picture."""

from __future__ import annotations

from html import escape

from lstm_lib.views.theme import words

__all__ = ["note", "said"]


def note(remark):
    """A remark as HTML; `remark` is data and stays text."""
    return f'<div class="lstm-note" role="status">{escape(remark)}</div>'


def said(summary, aloud=True):
    """The summary under a picture; a screen reader reads it out when it changes, if `aloud`."""
    live = "polite" if aloud else "off"
    return f'<p class="lstm-says" role="status" aria-live="{live}">{escape(words(summary))}</p>'
