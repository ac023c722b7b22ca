"""The bridge between an explorer and the page: an anywidget that is told what a person did, and sends what to show."""

import asyncio
import time
from pathlib import Path

import anywidget
import traitlets

from lstm_lib.explore.frames import film_parts

HERE = Path(__file__).parent

NEAREST, SECONDS = 16, 2.0
"""A film's first part, and the seconds that drawing all of it may take."""

WAITING = 100
"""Messages at most that wait for the one before them; the oldest are given up."""

SLICE = 0.01
"""Seconds of drawing after which other messages get their turn."""

FIELDS = {"do": str, "client": str, "control": str, "seq": int, "after": int, "epoch": int}
"""What a message from a page may have in it besides a `value`, which the control checks."""


class Page(anywidget.AnyWidget):
    """Shows one explorer.

    To the page: `key`, a whole view, and `now`, what differs from it and which move of which client it answers; parts
    of films as messages. From the page only messages: {do: move, client, after, seq, control, value},
    {do: film, client, after, epoch, control}, {do: open} and {do: close}. `after` is the seq of the move before:
    JupyterLab sends the first messages of a widget and its next ones to two threads, where they overtake each other.
    """

    _esm = HERE / "explorer.js"
    _css = HERE / "explorer.css"
    key = traitlets.Dict().tag(sync=True)
    now = traitlets.Dict().tag(sync=True)

    def __init__(self, explorer):
        super().__init__()
        self._explorer, self._key, self._answers, self._film, self._clients = explorer, None, 0, None, set()
        self._waiting, self._done = [], {}
        self.show()
        self.on_msg(self._heard)

    def show(self, client="", seq=0):
        """Send the explorer's view, as an answer to a client's move `seq` if there was one."""
        with self._explorer.lock, self.hold_sync():
            view = self._explorer.view
            self._answers += 1
            if self._key is None or view.structure != self._key.structure:
                self._key = view
                self.key = view.key(self._answers)
            self.now = {"n": self._answers, "key": self.key["id"], "client": client, "seq": seq,
                        "set": view.since(self._key)}  # fmt: skip

    def _heard(self, _, content, buffers):
        if (wish := _wish(content)) is None:
            return
        do, client = wish["do"], wish["client"]
        if do in ("move", "film"):
            with self._explorer.lock:
                self._waiting = [*self._waiting, wish][-WAITING:]
                while ready := [m for m in self._waiting if m["after"] <= self._done.get(m["client"], 0)]:
                    self._waiting.remove(ready[0])
                    self._answer(ready[0])
        elif do == "open":
            self._clients.add(client)
        elif do == "close":
            self._clients.discard(client)
            if not self._clients:
                self._explorer.left()

    def _answer(self, wish):
        if wish["do"] == "move":
            client, seq = wish["client"], wish["seq"]
            if seq > self._done.get(client, 0):  # else it was made before
                self._done[client] = seq
                self._explorer.move(wish["control"], wish["value"], client, seq)
        elif self._explorer.films:
            self._film = wish
            try:
                asyncio.get_running_loop().create_task(self._send_film(wish))
            except RuntimeError:  # no loop in this thread: at once
                asyncio.run(self._send_film(wish))

    async def _send_film(self, wish):
        """Draw all stops of a slider, nearest first, and send them; a newer wish or a slow film ends it."""
        explorer, name = self._explorer, wish["control"]
        began = rested = time.monotonic()
        with explorer.lock:
            moment, key, number = explorer.now, self._key, self.key["id"]
        try:
            control = explorer.find(moment.state, name)
            stops = sorted(control.stops, key=lambda v: abs(v - control.value))
            for some in (stops[:NEAREST], stops[NEAREST:]):
                views = {}
                for value in some:
                    views[value] = explorer.look(explorer.after(moment, name, value))
                    if time.monotonic() - rested > SLICE:
                        await asyncio.sleep(0.001)
                        rested = time.monotonic()
                    if self._film is not wish:
                        return
                    if time.monotonic() - began > SECONDS:
                        break
                for part in film_parts(dict(sorted(views.items())), key):
                    self.send({"do": "film", "client": wish["client"], "epoch": wish["epoch"], "key": number,
                               "control": name, **part})  # fmt: skip
        except Exception:  # a frame that cannot be drawn is none: the slider still asks for it
            return


def _wish(message):
    """A message from a page with all its fields, or None if it is none that a page sends."""
    if not isinstance(message, dict):
        return None
    wish = {
        "value": message.get("value"),
        **{name: message.get(name, kind()) for name, kind in FIELDS.items()},
    }
    sound = all(type(wish[name]) is kind for name, kind in FIELDS.items()) and wish["client"].isprintable()
    return wish if sound and max(wish["seq"], wish["after"], wish["epoch"]) < 2**53 else None
