"""The widget between an explorer and the page: it receives what a person does, and sends what to show."""

import asyncio
import time
from pathlib import Path

import anywidget
import traitlets

from lstm_lib.explore.frames import film_parts

HERE = Path(__file__).parent

NEAREST, SECONDS = 16, 2.0
"""The frames in the first message of a film, and the seconds that drawing the film may take."""

WAITING = 100
"""The most messages that wait for an earlier one; beyond that, the oldest are dropped."""

SLICE = 0.01
"""Seconds of drawing after which other messages are handled."""

FIELDS = {"do": str, "client": str, "control": str, "seq": int, "after": int, "epoch": int}
"""The fields of a message from a page, besides `value`, which the control checks."""


class Page(anywidget.AnyWidget):
    """Shows one explorer.

    To the page: `key`, a whole view; `now`, what differs from it, and which move of which client it answers; and
    parts of films, as messages. From the page, only messages: {do: move, client, after, seq, control, value},
    {do: film, client, after, epoch, control}, {do: open} and {do: close}. `after` is the seq of the move before:
    JupyterLab sends the first messages of a widget and the later ones to two threads, so they may change places.
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
        self.on_msg(self._received)

    def show(self, client="", seq=0):
        """Send the explorer's view, as the answer to move `seq` of `client` if there was one."""
        with self._explorer.lock, self.hold_sync():
            view = self._explorer.view
            self._answers += 1
            if self._key is None or view.structure != self._key.structure:
                self._key = view
                self.key = view.key(self._answers)
            answer = {"n": self._answers, "key": self.key["id"], "client": client, "seq": seq}
            self.now = answer | {"set": view.since(self._key)}

    def _received(self, _, content, buffers):
        if (request := _request(content)) is None:
            return
        do, client = request["do"], request["client"]
        if do in ("move", "film"):
            with self._explorer.lock:
                self._waiting = [*self._waiting, request][-WAITING:]
                while ready := [m for m in self._waiting if m["after"] <= self._done.get(m["client"], 0)]:
                    self._waiting.remove(ready[0])
                    self._answer(ready[0])
        elif do == "open":
            self._clients.add(client)
        elif do == "close":
            self._clients.discard(client)
            if not self._clients:
                self._explorer.closed()

    def _answer(self, request):
        if request["do"] == "move":
            client, seq = request["client"], request["seq"]
            if seq > self._done.get(client, 0):  # otherwise it has been made already
                self._done[client] = seq
                self._explorer.move(request["control"], request["value"], client, seq)
        elif self._explorer.films:
            self._film = request
            try:
                asyncio.get_running_loop().create_task(self._send_film(request))
            except RuntimeError:  # no event loop in this thread
                asyncio.run(self._send_film(request))

    async def _send_film(self, request):
        """Draw the stops of a slider, nearest first, and send them. A newer request or the time limit ends this."""
        explorer, name = self._explorer, request["control"]
        began = rested = time.monotonic()
        with explorer.lock:
            moment, key, number = explorer.now, self._key, self.key["id"]
        header = request | {"key": number}
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
                    if self._film is not request:
                        return
                    if time.monotonic() - began > SECONDS:
                        break
                for part in film_parts(dict(sorted(views.items())), key):
                    self.send(header | part)
        except Exception:  # the film ends at a frame that fails; a move to it will show the error
            return


def _request(message):
    """A message with all its fields, or None if no page sends such a message."""
    if not isinstance(message, dict):
        return None
    request = {name: message.get(name, kind()) for name, kind in FIELDS.items()} | {
        "value": message.get("value")
    }
    valid = (
        all(type(request[name]) is kind for name, kind in FIELDS.items()) and request["client"].isprintable()
    )
    return request if valid and max(request["seq"], request["after"], request["epoch"]) < 2**53 else None
