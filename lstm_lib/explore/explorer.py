"""An explorer: a state, the moves that change it, and a picture of it. This module knows nothing of the page.

`controls`, `update` and `picture` are pure functions. History, undo and films are loops over them.
"""

import threading
from dataclasses import dataclass, replace

from lstm_lib.explore.controls import Button
from lstm_lib.explore.frames import View
from lstm_lib.explore.state import State, put
from lstm_lib.views.picture import still
from lstm_lib.views.theme import words

UNDO_STEPS = 100


class NotNow(ValueError):
    """A move of a control that does not exist, or is disabled, in this state."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A state with its history.

    before : the state before the last gesture, to mark what changed; consecutive moves of one slider are one
        gesture, so the picture does not depend on how often a drag is reported
    last : the control of that gesture, "" once it is over;  past : (state, before) of earlier gestures, oldest first
    """

    state: State
    before: State | None = None
    last: str = ""
    past: tuple = ()


class Explorer:
    """A subclass has a `title`, passes its first state to `__init__`, and defines `controls` and `picture`.

    presets : {name on a button: fields to change}
    films : whether the page may ask for pictures of moves before they are made
    history_buttons : which of the buttons Reset and Undo there are
    """

    title = ""
    presets = {}
    films = True
    history_buttons = ("Reset", "Undo")

    def __init__(self, start):
        self.lock = threading.RLock()
        self.start, self.now, self.note, self.page = start, Moment(start), "", None
        self.view = self.look(self.now)

    # --- pure functions -------------------------------------------------------------------------------

    def controls(self, state):
        """A list of what can be moved in this state, in the order of the page."""
        raise NotImplementedError

    def picture(self, state, before=None):
        """The Picture of a state; it may mark what differs from the state `before`."""
        raise NotImplementedError

    def moved(self, state, control, value):
        """The state after a checked move. Override it where a move does more than set the value at its path."""
        return put(state, control.path, value)

    def preset(self, state, name):
        """The state after a preset's button."""
        return state.but(**self.presets[name])

    def reset(self, state):
        return self.start

    def all_controls(self, state):
        """`controls`, and a button for each preset and for Reset."""
        yield from self.controls(state)
        for name in self.presets:
            yield Button(name, name, group="presets", pressed=self.preset(state, name) == state)
        if "Reset" in self.history_buttons:
            yield Button("Reset", "Reset", group="presets", disabled=self.reset(state) == state)

    def find(self, state, name):
        """The control with this name, or NotNow."""
        found = [c for c in self.all_controls(state) if c.name == name]
        if not found or found[0].disabled:
            raise NotNow(f"{name}: there is no such control now")
        return found[0]

    def update(self, state, name, value=None):
        """The state after moving the control `name` to `value`; ValueError if that is not a move."""
        control = self.find(state, name)
        if name == "Reset":
            return self.reset(state)
        if name in self.presets:
            return self.preset(state, name)
        return self.moved(state, control, control.read(value))

    def after(self, moment, name, value=None):
        """The moment after a move or after Undo."""
        if name == "Undo":
            if (undone := self._undone(moment)) is None:
                raise NotNow("Undo: nothing has been moved yet")
            return undone
        state, control = self.update(moment.state, name, value), self.find(moment.state, name)
        if control.absorbs and name == moment.last:
            return replace(moment, state=state)
        if getattr(control, "final", False):
            return Moment(state)
        past = (
            (*moment.past, (moment.state, moment.before))[-UNDO_STEPS:]
            if "Undo" in self.history_buttons
            else ()
        )
        return Moment(state, None if name == "Reset" else moment.state, name if control.absorbs else "", past)

    @staticmethod
    def _undone(moment):
        """The moment before the last gesture that changed anything, or None."""
        for k in reversed(range(len(moment.past))):
            state, before = moment.past[k]
            if state != moment.state:
                return Moment(state, before, past=moment.past[:k])
        return None

    def look(self, moment):
        """The View of a moment: everything that the page shows."""
        controls = list(self.all_controls(moment.state))
        if "Undo" in self.history_buttons:
            controls.append(Button("Undo", "Undo", group="presets", disabled=self._undone(moment) is None))
        return View.of(self.title, self.picture(moment.state, moment.before), controls)

    # --- moves ----------------------------------------------------------------------------------------

    def move(self, name, value=None, client="", seq=0):
        """Make a move. If it fails, nothing is changed and `note` says why."""
        with self.lock:
            old, view = self.now, self.view
            try:
                moment = self.after(old, name, value)
                self.view = self.look(moment)
                self.now, self.note = moment, ""
                self.follow(old.state, moment.state)
            except NotNow:  # a click on a control that is gone: the answer shows the current ones
                pass
            except BaseException as error:  # the page has to show any error
                self.now, self.note = old, f"{describe(error)}\nNothing was changed."
                self.view = view.with_note(self.note)
                if not isinstance(error, Exception):
                    raise
            finally:
                self.send(client, seq)

    def follow(self, old, new):
        """Called after each move, for explorers that run something. If it raises, the move is not made."""

    def closed(self):
        """Called when no page shows the explorer any more."""

    def send(self, client="", seq=0):
        """Send the current view to the page."""
        if self.page is not None:
            self.page.show(client, seq)

    state = property(lambda self: self.now.state)
    svg = property(lambda self: self.view.picture.svg)
    summary = property(lambda self: self.view.picture.summary)
    remark = property(lambda self: self.note or self.view.picture.remark)

    # --- pages ------------------------------------------------------------------------------------------

    @property
    def widget(self):
        """The explorer as an ipywidgets widget, made at the first use."""
        from lstm_lib.explore.page import Page  # only this needs ipywidgets

        with self.lock:
            if self.page is None:
                self.page = Page(self)
        return self.page

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.widget._repr_mimebundle_()
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = words(self.plain())
        if html := self.html():
            data["text/html"] = html
        elif self.svg:
            data["image/svg+xml"] = still(self.svg)
        return data

    def plain(self):
        """The text for a page without pictures."""
        return f"{self.title}. {self.summary}"

    def html(self):
        """What a page without a kernel shows, where that is more than the picture."""
        return ""

    def __repr__(self):
        return words(self.plain())


def describe(error):
    """The message of a ValueError; of other exceptions the type as well."""
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
