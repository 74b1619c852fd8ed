"""The server of the program: when it is told to stop, it ends the streams of open pages first."""

import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from tenantry.kernel.memory import keep_what_is_there


class Server(uvicorn.Server):
    """Serves one program."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.hub = app.state.hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin; what is there by then stays until the end."""
        await super().startup(sockets)
        keep_what_is_there()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End what would never end by itself, then stop."""
        self.hub.close()
        super().handle_exit(sig, frame)
