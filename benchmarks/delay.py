"""A TCP proxy that holds back whatever passes, half of a round trip each way: a server far away."""

import asyncio
import socket
import threading
from urllib.parse import urlsplit, urlunsplit


class Far:
    """A Lab as it is seen from `delay` seconds of round trip away; with 0 it is the Lab itself.

    Everything but `url` is the Lab's own.
    """

    def __init__(self, lab, delay):
        self._lab, self._delay, self.url = lab, delay, lab.url
        if delay:
            parts = urlsplit(lab.url)
            self._target, loop = (parts.hostname, parts.port), asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, daemon=True).start()
            started = asyncio.start_server(self._meet, "127.0.0.1", 0)
            port = asyncio.run_coroutine_threadsafe(started, loop).result().sockets[0].getsockname()[1]
            self.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{port}"))

    def __getattr__(self, name):
        return getattr(self._lab, name)

    async def _meet(self, reader, writer):
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._target)
            for end in (writer, server_writer):
                end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.gather(
                _pass_on(reader, server_writer, self._delay / 2), _pass_on(server_reader, writer, self._delay / 2)
            )
        except OSError:  # one end has gone
            writer.close()


async def _pass_on(reader, writer, delay):
    """Write what is read, `delay` seconds later. Reading does not wait for writing: a delay is no bandwidth."""
    loop, held = asyncio.get_running_loop(), asyncio.Queue()

    async def write():
        while True:
            due, data = await held.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    async def read():
        data = True
        while data:
            data = await reader.read(1 << 16)
            held.put_nowait((loop.time() + delay, data))

    await asyncio.gather(read(), write())
