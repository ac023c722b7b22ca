"""The bridge between an explorer and the page: an anywidget that is told what a person did, and sends what to show."""

import asyncio
import time
from pathlib import Path

import anywidget
import traitlets

from lstm_lib.explore.frames import film_parts

HERE = Path(__file__).parent

NEAREST, MOST, SECONDS = 16, 401, 2.0
"""A film's first part, its frames at most, and the seconds that drawing it may take."""

SLICE = 0.01
"""Seconds of drawing after which other messages get their turn."""


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
        do, client = content.get("do"), content.get("client", "")
        if do in ("move", "film"):
            with self._explorer.lock:
                self._waiting.append(content)
                while ready := [
                    m for m in self._waiting if m.get("after", 0) <= self._done.get(m.get("client"), 0)
                ]:
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
            client, seq = wish.get("client", ""), wish.get("seq", 0)
            self._done[client] = seq
            self._explorer.move(wish.get("control"), wish.get("value"), client, seq)
        elif self._explorer.films:
            self._film = wish
            try:
                asyncio.get_running_loop().create_task(self._send_film(wish))
            except RuntimeError:  # no loop in this thread: at once
                asyncio.run(self._send_film(wish))

    async def _send_film(self, wish):
        """Draw all stops of a slider, nearest first, and send them; a newer wish or a slow film ends it."""
        explorer, name = self._explorer, wish.get("control")
        began = rested = time.monotonic()
        with explorer.lock:
            moment, key, number = explorer.now, self._key, self.key["id"]
        try:
            control = explorer.find(moment.state, name)
            stops = sorted(control.stops, key=lambda v: abs(v - control.value))[:MOST]
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
