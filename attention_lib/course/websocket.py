"""A prompt way back from the kernel to the page.

Jupyter's server leaves Nagle's algorithm on: of two small messages in a row, such as the parts of a
move's answer, the second waits until the page has acknowledged the first, up to 40 ms. Set
`ServerApp.kernel_websocket_connection_class` to `attention_lib.course.websocket.PromptWebsocket`,
as `make lab` and Binder do, and none waits.
"""

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptWebsocket(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection to a kernel, with TCP_NODELAY."""

    def connect(self) -> Any:
        """Handle a connection as ever, after its messages were told not to wait."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
