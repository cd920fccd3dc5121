"""One-time codes of an authenticator: TOTP (RFC 6238), SHA-1, 30 seconds, 6 digits.

Each code opens once: whoever checks one is told its counter and keeps it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import io
import secrets
import struct
from urllib.parse import quote

import segno

SECONDS, DIGITS = 30, 6
SKEW = 1  # steps that a telephone's clock may be off, either way


def new_secret() -> str:
    """160 random bits in base32, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def counter_at(now: dt.datetime) -> int:
    """The step of 30 s that holds this moment."""
    return int(now.timestamp()) // SECONDS


def code(secret: str, counter: int) -> str:
    """The six digits of one step (RFC 4226, 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def counter_of(secret: str, said: str, now: dt.datetime) -> int | None:
    """The step whose code was said, if it is about now; None: it is no such code."""
    said, here = "".join(said.split()), counter_at(now)
    if not said.isascii():
        return None
    found = None
    for counter in range(here - SKEW, here + SKEW + 1):
        if hmac.compare_digest(code(secret, counter), said):
            found = counter
    return found


def address(secret: str, name: str) -> str:
    """The otpauth address that an authenticator reads as a picture."""
    label = quote(f"Chartfiler:{name}")
    return f"otpauth://totp/{label}?secret={secret}&issuer=Chartfiler"


def for_screen(text: str) -> str:
    """A QR code as SVG that stands in a page of HTML; black on white."""
    made = segno.make(text, error="m")
    return str(made.svg_inline(scale=5, border=4, dark="#000", light="#fff"))


def for_terminal(text: str) -> str:
    """A QR code in the letters of a terminal."""
    drawn = io.StringIO()
    segno.make(text, error="m").terminal(drawn, compact=True)
    return drawn.getvalue()
