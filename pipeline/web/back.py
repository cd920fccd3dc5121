"""The list that a clerk walks through, so that an answer leads back to it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

_LISTS = re.compile(r"/(?:group\?[\w=&%.~+-]*|siblings/[\w.~-]+)")


def way_back(said: str) -> str:
    """The same, if it is such a list; "" for any other address."""
    return said if _LISTS.fullmatch(said) else ""


def with_back(screen: str, list_: str) -> str:
    """The address of a screen that leads back to this list, if to any."""
    return f"{screen}?{urlencode({'back': list_})}" if list_ else screen
