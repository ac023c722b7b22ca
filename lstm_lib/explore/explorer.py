"""An explorer: a state, the moves that change it, and a picture that is a function of the state. No page in here.

`controls`, `update` and `picture` are pure. History, undo and films are loops over them.
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
    """A move of a control that is not there, or is disabled, in this state."""


@dataclass(frozen=True, eq=False)
class Moment:
    """Where an explorer stands.

    before : the state before the last gesture, with which the picture compares; all moves of one slider in a row
        are one gesture, so that a picture does not depend on how often a drag was reported
    last : the control of that gesture, if it is not over;  past : (state, before) to go back to, oldest first
    """

    state: State
    before: State | None = None
    last: str = ""
    past: tuple = ()


class Explorer:
    """A subclass has a `title`, gives its first state to `__init__`, and defines `controls` and `picture`.

    presets : {name on a button: fields to change, or a function state → state}
    films : whether the page may ask for pictures of moves that were not made
    undoes : whether moves can be undone
    """

    title = ""
    presets = {}
    films = True
    undoes = True

    def __init__(self, start):
        self.lock = threading.RLock()
        self.start, self.now, self.note, self.page = start, Moment(start), "", None
        self.view = self.look(self.now)

    # --- pure: nothing here is changed by being called ------------------------------------------------

    def controls(self, state):
        """What can be moved in this state, in the order of the page: a list of controls."""
        raise NotImplementedError

    def picture(self, state, before=None):
        """The Picture of a state, with marks on what differs from the state `before`."""
        raise NotImplementedError

    def moved(self, state, control, value):
        """The state after a move, checked already. Override it where a move is more than one value in its place."""
        return put(state, control.path, value)

    def preset(self, state, name):
        """The state after the preset's button."""
        changes = self.presets[name]
        return changes(state) if callable(changes) else state.but(**changes)

    def reset(self, state):
        """The state after Reset."""
        return self.start

    def all_controls(self, state):
        """`controls`, a button for each preset, and Reset."""
        yield from self.controls(state)
        for name in self.presets:
            yield Button(name, name, group="presets", pressed=self.preset(state, name) == state)
        yield Button("Reset", "Reset", group="presets", disabled=self.reset(state) == state)

    def find(self, state, name):
        """The control that is called `name` in this state, or ValueError."""
        found = [c for c in self.all_controls(state) if c.name == name]
        if not found or found[0].disabled:
            raise NotNow(f"{name}: there is no such control to move now")
        return found[0]

    def update(self, state, name, value=None):
        """The state after moving the control `name` to `value`; ValueError where that is no move."""
        control = self.find(state, name)
        if name == "Reset":
            return self.reset(state)
        if name in self.presets:
            return self.preset(state, name)
        return self.moved(state, control, control.read(value))

    def after(self, moment, name, value=None):
        """The moment after a move, Undo included."""
        if name == "Undo":
            if (undone := self._undone(moment)) is None:
                raise NotNow("Undo: nothing has been moved yet")
            return undone
        state, control = self.update(moment.state, name, value), self.find(moment.state, name)
        if control.absorbs and name == moment.last:
            return replace(moment, state=state)
        if getattr(control, "final", False):
            return Moment(state)
        past = (*moment.past, (moment.state, moment.before))[-UNDO_STEPS:] if self.undoes else ()
        return Moment(state, None if name == "Reset" else moment.state, name if control.absorbs else "", past)

    @staticmethod
    def _undone(moment):
        """The moment before the last gesture that changed anything, or None."""
        for k in reversed(range(len(moment.past))):
            state, before = moment.past[k]
            if state != moment.state:
                return Moment(state, before, past=moment.past[:k])
        return None

    def look(self, moment, note=""):
        """All that the page shows at a moment: a View."""
        controls = list(self.all_controls(moment.state))
        if self.undoes:
            controls.append(Button("Undo", "Undo", group="presets", disabled=self._undone(moment) is None))
        return View.of(self.title, self.picture(moment.state, moment.before), controls, note)

    # --- the one place where a move is made, whoever made it ------------------------------------------

    def move(self, name, value=None, client="", seq=0):
        """Make a move. What fails changes nothing and is told in words."""
        with self.lock:
            old, view = self.now, self.view
            try:
                moment = self.after(old, name, value)
                self.view = self.look(moment)
                self.now, self.note = moment, ""
                self.follow(old.state, moment.state)
            except NotNow:  # a click on what the page still showed: the answer shows what there is
                pass
            except BaseException as error:  # whatever it is, it must reach the page, not a log
                self.now, self.note = old, f"{describe(error)}\nNothing was changed."
                self.view = view.with_note(self.note)
                if not isinstance(error, Exception):
                    raise
            finally:
                self.tell(client, seq)

    def follow(self, old, new):
        """What a move sets going besides the picture; nothing, unless a subclass has something to run. All of it, or none."""

    def left(self):
        """Called when no page shows the explorer any more."""

    def tell(self, client="", seq=0):
        """Send the page what there is to see now."""
        if self.page is not None:
            self.page.show(client, seq)

    # --- what was drawn ---------------------------------------------------------------------------------

    state = property(lambda self: self.now.state)
    svg = property(lambda self: self.view.picture.svg)
    summary = property(lambda self: self.view.picture.summary)
    remark = property(lambda self: self.note or self.view.picture.remark)

    # --- pages ------------------------------------------------------------------------------------------

    @property
    def widget(self):
        """The explorer as an ipywidgets widget, made when it is first asked for."""
        from lstm_lib.explore.page import Page  # the only need of widgets

        with self.lock:
            if self.page is None:
                self.page = Page(self)
        return self.page

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.widget._repr_mimebundle_()
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = words(self.plain())
        if self.svg:
            data["image/svg+xml"] = still(self.svg, self.above())
        return data

    def plain(self):
        """What it says in text, for a page without pictures."""
        return f"{self.title}. {self.summary}"

    def above(self):
        """Lines that stand over the picture on a page without a kernel."""
        return []

    def __repr__(self):
        return words(self.plain())


def describe(error):
    """An exception in words: ours say it all, others with their type."""
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
