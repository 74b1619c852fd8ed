"""The server of the program: when it is told to stop, it ends the streams of open pages first."""

from types import FrameType

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """Serves one program."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.hub = app.state.hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End what would never end by itself, then stop."""
        self.hub.close()
        super().handle_exit(sig, frame)
