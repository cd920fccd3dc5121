"""From where the desk may be reached, and how: refused before the first request.

On loopback as it likes; beyond it only when there is a user, by TLS or behind a proxy
that ends TLS, and under host names that are told.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NotLocal, SettingsError
from pipeline.web.guard import LOCAL, OWN_NAMES, Front


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a server listens. ``proxies`` are believed about whom they speak for."""

    host: str
    port: int
    cert: str = ""  # PEM files
    key: str = ""
    behind_proxy: bool = False
    proxies: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def front(self) -> Front:
        """The same as a browser sees it."""
        own = OWN_NAMES if self.host == LOCAL else ()
        names = tuple(name.strip().lower() for name in self.names)
        return Front((*own, *names), bool(self.cert) or self.behind_proxy)

    @property
    def url(self) -> str:
        name = self.names[0] if self.names else self.host
        port = "" if self.behind_proxy else f":{self.port}"
        return f"{self.front.scheme}://{name}{port}/"

    def check(self, *, users: bool) -> None:
        """Raises NotLocal or SettingsError unless it may be served so."""
        beyond = self.host != LOCAL or self.behind_proxy
        if beyond and not users:
            raise NotLocal(
                f"the desk cannot be served on {self.host}: there is no user yet, so"
                f" whoever reaches it could read every chart; use --host {LOCAL}, or"
                " make an administrator with chartfiler users add"
            )
        if self.host != LOCAL and not self.front.secure:
            raise NotLocal(
                f"the desk is not served on {self.host} without TLS: give --tls-cert"
                " and --tls-key, or set [web] behind_proxy where a proxy ends TLS"
            )
        if beyond and not self.names:
            raise SettingsError(
                "pipeline.toml: [web] names must have the host name by which browsers"
                " reach the desk"
            )
        self._check_files()

    def _check_files(self) -> None:
        if bool(self.cert) != bool(self.key):
            raise SettingsError("--tls-cert and --tls-key go together")
        if not self.cert:
            return
        for name in (self.cert, self.key):
            if not Path(name).is_file():
                raise SettingsError(f"{name}: there is no such file for TLS")
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                self.cert, self.key
            )
        except (ssl.SSLError, OSError):
            raise SettingsError(
                f"{self.cert} and {self.key} are no certificate with its key, in PEM"
            ) from None
