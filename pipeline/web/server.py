"""The desk on the network: this machine's loopback, and nothing else."""

from __future__ import annotations

import threading

import uvicorn
from fastapi import FastAPI

from pipeline.web.guard import check_host


class Server:
    """Serves in a thread, so that the main thread can work the jobs."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        """Raises NotLocal unless ``host`` is 127.0.0.1."""
        check_host(host)
        config = uvicorn.Config(
            app, host, port, access_log=False, log_level="warning", server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="desk")

    def start(self) -> None:
        self._thread.start()

    @property
    def started(self) -> bool:
        return self._server.started

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Finish what is being answered, then stop."""
        self._server.should_exit = True
        self._thread.join()
