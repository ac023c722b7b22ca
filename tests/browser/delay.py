"""A TCP proxy with a delay, like a server far away; it delays web sockets as well."""

import asyncio
import socket
import threading
from urllib.parse import urlsplit, urlunsplit


class Far:
    """A Lab behind a delay of `delay` seconds, half of it each way. The delay can be changed at any time.

    Everything but `url` is the Lab's own.
    """

    def __init__(self, lab, delay=0.0):
        self._lab, self.delay = lab, delay
        parts = urlsplit(lab.url)
        self._target, self._loop = (parts.hostname, parts.port), asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        started = asyncio.start_server(self._meet, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(started, self._loop).result()
        port = self._server.sockets[0].getsockname()[1]
        self.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{port}"))

    def __getattr__(self, name):
        return getattr(self._lab, name)

    async def _meet(self, reader, writer):
        try:
            there, back = await asyncio.open_connection(*self._target)
            for end in (writer, back):
                end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
        except OSError:  # one end has gone
            writer.close()

    async def _pass_on(self, reader, writer):
        """Write what is read, later. Reading does not wait for writing: a delay is no bandwidth."""
        held = asyncio.Queue()

        async def read():
            data = True
            while data:
                data = await reader.read(1 << 16)
                held.put_nowait((self._loop.time() + self.delay / 2, data))

        async def write():
            while True:
                due, data = await held.get()
                await asyncio.sleep(max(0, due - self._loop.time()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        await asyncio.gather(read(), write())
