"""The desk on the network: this machine's loopback, and nothing else."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from fastapi import FastAPI

from pipeline.errors import SettingsError
from pipeline.web.guard import check_host

START_TICK = 0.02  # seconds


class Server:
    """Serves in a thread, so that the main thread can work the jobs."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        """Raises NotLocal unless ``host`` is 127.0.0.1."""
        check_host(host)
        self._config = uvicorn.Config(
            app, host, port, access_log=False, log_level="warning", server_header=False
        )
        self._server = uvicorn.Server(self._config)
        self._thread = threading.Thread()  # until start

    def start(self) -> None:
        """Returns when it answers; raises SettingsError when the port is taken."""
        try:
            listening = socket.create_server((self._config.host, self._config.port))
        except OSError as error:
            raise SettingsError(
                f"port {self._config.port} cannot be served ({error.strerror}): choose "
                "another with --port, or [web] port in pipeline.toml"
            ) from None
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name="desk"
        )
        self._thread.start()
        while self.alive and not self._server.started:
            time.sleep(START_TICK)

    @property
    def started(self) -> bool:
        return self._server.started

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Finish what is being answered, then stop."""
        self._server.should_exit = True
        if self.alive:
            self._thread.join()
