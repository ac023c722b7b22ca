"""A kernel websocket that sends small messages at once.

Turn it on with
``--ServerApp.kernel_websocket_connection_class=lstm_lib.websocket.NoDelayWebsocketConnection``.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class NoDelayWebsocketConnection(ZMQChannelsWebsocketConnection):
    """The server's usual kernel connection, with TCP_NODELAY set.

    A slider move is answered by several small messages. Without this option the system
    may hold back the later ones until the browser has acknowledged the first (Nagle's
    algorithm), and that acknowledgement may be delayed by some 40 ms: so is the picture.
    """

    def connect(self):
        """Set TCP_NODELAY on the browser's socket, then connect as usual."""
        try:
            self.websocket_handler.set_nodelay(True)
        except Exception:
            # A socket without the option is slower, but it works: never refuse a kernel for it.
            self.log.debug("TCP_NODELAY is not available on this websocket", exc_info=True)
        return super().connect()
