"""Passwords: what is good enough, and argon2id over it (RFC 9106).

The cost is argon2-cffi's low-memory profile: 64 MiB and some 50 ms, so no more than
two are worked at a time however many people ask.
"""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256  # characters
AT_ONCE = 2
_hasher = PasswordHasher()
_working = threading.BoundedSemaphore(AT_ONCE)


def fault(password: str, name: str) -> str:
    """Why this password is refused, as a sentence; "" when it is good."""
    if len(password) < SHORTEST:
        return f"a password has at least {SHORTEST} characters: four words will do"
    if len(password) > LONGEST:
        return f"a password has at most {LONGEST} characters"
    if len(set(password.casefold())) < SHORTEST // 2:
        return "a password has more than a few different characters"
    if name.casefold() in password.casefold():
        return "a password does not hold the name that it goes with"
    return ""


def hashed(password: str) -> str:
    """The argon2id hash, with its salt and cost in it."""
    with _working:
        return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether it is this password; for "" as much work is done, and the answer is no.

    So a name that nobody has takes as long as a wrong password.
    """
    with _working:
        try:
            _hasher.verify(stored or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return stored != ""


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
