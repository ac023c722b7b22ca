"""The kernel websocket that does not wait for delayed ACKs."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from lstm_lib.websocket import NoDelayWebsocketConnection

CONNECTED = object()


class FakeHandler(KernelWebsocketHandler):
    """A handler without a request, which records its calls."""

    def __init__(self, error=None):
        self.calls = []
        self.error = error

    def set_nodelay(self, value):
        self.calls.append(("set_nodelay", value))
        if self.error is not None:
            raise self.error


@pytest.fixture
def parent_connect(monkeypatch):
    """Replace the parent's ``connect``: these tests have no kernel to connect to."""

    def connect(self):
        getattr(self.websocket_handler, "calls", []).append(("connect",))
        return CONNECTED

    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", connect)


def test_sets_nodelay_before_it_connects(parent_connect):
    handler = FakeHandler()
    result = NoDelayWebsocketConnection(websocket_handler=handler).connect()
    assert result is CONNECTED
    assert handler.calls == [("set_nodelay", True), ("connect",)]


@pytest.mark.parametrize(
    "error", [OSError("no such option"), AssertionError(), AttributeError("set_nodelay")]
)
def test_connects_when_the_socket_has_no_such_option(parent_connect, error):
    handler = FakeHandler(error)
    assert NoDelayWebsocketConnection(websocket_handler=handler).connect() is CONNECTED
    assert handler.calls == [("set_nodelay", True), ("connect",)]


async def _nodelay_of_open_websocket(connection_class):
    """Open a real websocket through ``connection_class`` and read the option off its socket."""
    options = asyncio.get_running_loop().create_future()

    class Handler(KernelWebsocketHandler):
        async def prepare(self):
            """Skip the server's own checks: there is no Jupyter server here."""

        async def get(self):
            await WebSocketHandler.get(self)

        def open(self):
            connection_class(websocket_handler=self).connect()
            wire = self.ws_connection.stream.socket
            options.set_result(wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        def check_origin(self, origin=""):
            return True

        def select_subprotocol(self, subprotocols):
            return None

        def on_close(self):
            pass

    listener, port = bind_unused_port()
    server = HTTPServer(Application([("/", Handler)]))
    server.add_sockets([listener])
    client = await websocket_connect(f"ws://127.0.0.1:{port}/")
    try:
        return await asyncio.wait_for(options, 60)
    finally:
        client.close()
        server.stop()
        await server.close_all_connections()


@pytest.mark.parametrize(
    ("connection_class", "expected"),
    [(ZMQChannelsWebsocketConnection, False), (NoDelayWebsocketConnection, True)],
)
def test_option_on_a_real_socket(parent_connect, connection_class, expected):
    # A thread of its own: Playwright keeps an event loop running in the main one.
    with ThreadPoolExecutor(1) as pool:
        nodelay = pool.submit(lambda: asyncio.run(_nodelay_of_open_websocket(connection_class))).result(120)
    assert bool(nodelay) is expected
