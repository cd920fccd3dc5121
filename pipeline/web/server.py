"""The desk on the network, where and how reach.py lets it be."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from fastapi import FastAPI

from pipeline.errors import SettingsError
from pipeline.web.reach import Reach

START_TICK = 0.02  # seconds


class Server:
    """Serves in a thread, so that the main thread can work the jobs."""

    def __init__(self, app: FastAPI, reach: Reach) -> None:
        """``reach`` has been checked."""
        self._config = uvicorn.Config(
            app,
            reach.host,
            reach.port,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=reach.behind_proxy,  # else a browser could say who it is
            forwarded_allow_ips=list(reach.proxies),
            ssl_certfile=reach.cert or None,
            ssl_keyfile=reach.key or None,
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
