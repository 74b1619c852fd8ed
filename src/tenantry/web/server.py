"""The server of the program: when it is told to stop, it ends the streams of open pages first."""

import gc
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

# So many new objects before they are looked through: a request makes thousands, and hardly any outlive it.
YOUNG, OLDER, OLDEST = 50_000, 20, 50


class Server(uvicorn.Server):
    """Serves one program."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.hub = app.state.hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin; what is there by then stays until the end, so the collector need not look through it any more."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, OLDER, OLDEST)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End what would never end by itself, then stop."""
        self.hub.close()
        super().handle_exit(sig, frame)
