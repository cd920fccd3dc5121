"""Chromium without a window, spoken to over a pipe: HTML in, PDF and truth out."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

_SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
    "--font-render-hinting=none", "--disable-extensions", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-features=Translate,MediaRouter", "--disable-dev-shm-usage",
    "--allow-file-access-from-files", "--hide-scrollbars", "--disable-lcd-text",
)  # fmt: skip
_FREE = 10  # file descriptors below are the child's own
_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Chromium:
    """One browser with one page; a context, so that no process stays behind.

    Raises:
        FileNotFoundError: no Chromium is installed (scripts/setup test).
        ConnectionError: the browser died.
    """

    def __init__(self) -> None:
        program = next(filter(None, map(shutil.which, _NAMES)), None)
        if program is None:
            raise FileNotFoundError("no chromium found: run scripts/setup test")
        self._home = tempfile.TemporaryDirectory(prefix="charts-chromium-")
        theirs, self._out = _pipe(ours="write")
        self._in, theirs_out = _pipe(ours="read")
        null = os.open(os.devnull, os.O_RDWR)
        self._process = os.posix_spawn(
            program,
            [program, *_SWITCHES, f"--user-data-dir={self._home.name}", "about:blank"],
            os.environ,
            file_actions=[
                # First of all, since null may itself be 3 or 4.
                (os.POSIX_SPAWN_DUP2, null, 1),
                (os.POSIX_SPAWN_DUP2, null, 2),
                (os.POSIX_SPAWN_DUP2, theirs, 3),
                (os.POSIX_SPAWN_DUP2, theirs_out, 4),
            ],
            setpgroup=0,
        )
        for handle in (theirs, theirs_out, null):
            os.close(handle)
        self._unread = b""
        self._last = 0
        self._session = self._attach()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """A folder that lives as long as the browser, for files that pages need."""
        return Path(self._home.name)

    def close(self) -> None:
        """Ends the browser and all its helpers."""
        if self._process:
            os.killpg(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = 0
            os.close(self._in)
            os.close(self._out)
            shutil.rmtree(self._home.name, ignore_errors=True)
            self._home.cleanup()

    def print(self, html: str, script: str) -> tuple[bytes, Any]:
        """The PDF of a page, and what the script says about it before printing.

        ``script`` is a JavaScript expression whose promise is awaited.

        Raises:
            RuntimeError: the script failed; says how.
        """
        page = self.folder / "page.html"
        page.write_text(html, "utf-8")
        self._send("Page.navigate", {"url": page.as_uri()})
        self._until("Page.loadEventFired")
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
        said = self._send("Runtime.evaluate", asked)
        if "exceptionDetails" in said:
            raise RuntimeError(json.dumps(said["exceptionDetails"])[:600])
        printing = {
            "printBackground": True, "preferCSSPageSize": True,
            "marginTop": 0, "marginBottom": 0, "marginLeft": 0, "marginRight": 0,
        }  # fmt: skip
        printed = self._send("Page.printToPDF", printing)
        return base64.b64decode(printed["data"]), said["result"].get("value")

    def _attach(self) -> str:
        targets = self._send("Target.getTargets", {})["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        asked = {"targetId": page["targetId"], "flatten": True}
        self._session = str(self._send("Target.attachToTarget", asked)["sessionId"])
        self._send("Page.enable", {})
        self._send("Emulation.setEmulatedMedia", {"media": "print"})
        size = {"width": 816, "height": 1056, "deviceScaleFactor": 1, "mobile": False}
        self._send("Emulation.setDeviceMetricsOverride", size)
        return self._session

    def _send(self, method: str, given: Mapping[str, object]) -> dict[str, Any]:
        self._last += 1
        message: dict[str, object] = {
            "id": self._last, "method": method, "params": given,
        }  # fmt: skip
        session = getattr(self, "_session", None)
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        while True:
            reply = self._read()
            if reply.get("id") == self._last:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']}")
                return dict(reply["result"])

    def _until(self, event: str) -> None:
        while self._read().get("method") != event:
            pass

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            part = os.read(self._in, 1 << 20)
            if not part:
                raise ConnectionError("Chromium ended before it answered")
            self._unread += part
        message, _, self._unread = self._unread.partition(b"\0")
        return dict(json.loads(message))


def _pipe(*, ours: str) -> tuple[int, int]:
    """A pipe whose ends stay clear of the numbers that Chromium wants."""
    ends = []
    for i, end in enumerate(os.pipe()):
        mine = (ours == "read") == (i == 0)
        command = fcntl.F_DUPFD_CLOEXEC if mine else fcntl.F_DUPFD
        ends.append(fcntl.fcntl(end, command, _FREE))
        os.close(end)
    return ends[0], ends[1]
