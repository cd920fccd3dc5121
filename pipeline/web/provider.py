"""OpenID Connect: people sign in at their house's own directory (Authlib, code flow).

With PKCE, state and nonce; a state is good once, for ten minutes, in the browser that
began. The directory's answer is believed only by its signature, from the keys that the
issuer's own address tells. What goes wrong is told by a sentence without its content.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from pipeline.access.groups import NAME, NotSignedIn, Told

log = logging.getLogger(__name__)

SIGNED_BY = ["RS256", "PS256", "ES256", "EdDSA"]  # never "none", never a shared secret
LASTS = 600.0  # seconds from the beginning to the way back
MOST_BEGUN = 1000
UNBELIEVABLE = (
    AuthlibBaseError, JoseError, RequestException, LookupError, TypeError, ValueError,
)  # fmt: skip
TIMEOUT = 10.0  # seconds
LEEWAY = 60  # seconds that the directory's clock may be off


@dataclass(frozen=True, slots=True)
class Directory:
    """Section [oidc], and the secret from the environment."""

    issuer: str
    client_id: str
    name: str  # the claim that is a user's name here
    groups: str  # the claim that lists their groups
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """A browser that was sent to the directory, and what it must come back with."""

    browser: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    where: str  # the page that it wanted
    back: str  # the address that it comes back to
    at: float  # seconds of the steady clock


class Provider:
    """The directory of one house."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._begun: dict[str, Begun] = {}
        self._lock = threading.Lock()

    def begin(self, back: str, where: str) -> tuple[str, str]:
        """Where to send the browser, and the token that its cookie keeps meanwhile.

        Raises NotSignedIn when the directory does not answer.
        """
        browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._session(back) as session:
            known = self._discovered(session)
            try:
                url, state = session.create_authorization_url(
                    known["authorization_endpoint"], code_verifier=verifier, nonce=nonce
                )
            except KeyError:
                raise NotSignedIn("The directory tells no way to sign in.") from None
        now = time.monotonic()
        with self._lock:
            fresh = [(s, b) for s, b in self._begun.items() if now - b.at < LASTS]
            self._begun = dict(fresh[-MOST_BEGUN:])
            self._begun[state] = Begun(browser, nonce, verifier, where, back, now)
        return str(url), browser

    def finish(self, state: str, browser: str, code: str) -> tuple[Told, str]:
        """Who came back, and the page that they wanted. Raises NotSignedIn."""
        with self._lock:
            begun = self._begun.pop(state, None)
        if begun is None or time.monotonic() - begun.at >= LASTS:
            raise NotSignedIn("This sign-in is too old, or was used already.")
        if not hmac.compare_digest(begun.browser.encode(), browser.encode()):
            raise NotSignedIn("This sign-in was begun in another browser.")
        try:
            claims = self._claims(begun, code)
        except UNBELIEVABLE as error:
            log.warning("a sign-in by the directory failed: %s", type(error).__name__)
            raise NotSignedIn("The directory's answer cannot be believed.") from None
        return self._told(claims), begun.where

    def _claims(self, begun: Begun, code: str) -> CodeIDToken:
        with self._session(begun.back) as session:
            known = self._discovered(session)
            answer = session.fetch_token(
                known["token_endpoint"],
                code=code,
                code_verifier=begun.verifier,
                grant_type="authorization_code",
                allow_redirects=False,
            )
            told = self._got(session, known["jwks_uri"])
            keys = KeySet.import_key_set({"keys": told["keys"]})
        token = jwt.decode(answer["id_token"], keys, algorithms=SIGNED_BY)
        own = self._directory
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": own.issuer},
                "aud": {"essential": True, "value": own.client_id},
            },
            params={
                "nonce": begun.nonce,
                "client_id": own.client_id,
                "access_token": answer.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY)
        return claims

    def _told(self, claims: CodeIDToken) -> Told:
        name = str(claims.get(self._directory.name, "")).strip().lower()
        if not NAME.fullmatch(name):
            raise NotSignedIn("The directory tells no name that can be used here.")
        groups = claims.get(self._directory.groups, ())
        if not isinstance(groups, list | tuple):
            groups = (groups,)
        return Told(f"{self._directory.issuer} {claims['sub']}", name, _texts(groups))

    def _session(self, back: str) -> Any:  # noqa: ANN401 - Authlib has no types
        own = self._directory
        return OAuth2Session(
            own.client_id,
            own.secret or None,
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )

    def _discovered(self, session: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """What the issuer's own address says of itself. Raises NotSignedIn."""
        where = f"{self._directory.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            known = self._got(session, where)
        except (RequestException, TypeError, ValueError) as error:
            log.warning("the directory does not answer: %s", type(error).__name__)
            raise NotSignedIn("The directory does not answer: try again.") from None
        if known.get("issuer") != self._directory.issuer:
            raise NotSignedIn("The directory says that it is another one.")
        return known

    def _got(self, session: Any, url: str) -> dict[str, Any]:  # noqa: ANN401 - as above
        answer = session.request("GET", url, withhold_token=True, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise TypeError("no object")
        return found


def _texts(groups: Iterable[object]) -> tuple[str, ...]:
    return tuple(group for group in groups if isinstance(group, str))
