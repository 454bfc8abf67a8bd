"""What the server is given in place of its connection: it writes down whether Nagle is off."""

import os
import socket
from pathlib import Path

from attention_lib.course.websocket import PromptWebsocket


class Spy(PromptWebsocket):
    def connect(self):
        connected = super().connect()
        stream = self.websocket_handler.ws_connection.stream
        nodelay = stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        Path(os.environ["NODELAY"]).write_text(str(nodelay))
        return connected
