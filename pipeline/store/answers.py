"""What a clerk said of a document, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from pipeline.document import Correction, Decision, DocumentId


@dataclass(frozen=True, slots=True)
class Rejection:
    """A clerk's word that these pages belong in no record."""

    reason: str = field(repr=False)
    by: str


@dataclass(frozen=True, slots=True)
class Referral:
    """A clerk's word that others must see to a document first, and why.

    It files nothing: the document waits on, in that list instead of the queue.
    """

    to: Literal["steward", "rescan"]
    reason: str = field(repr=False)
    by: str


Answer = Decision | Rejection | Referral | Correction


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that its clerk may still take back, until a moment (UTC)."""

    document: DocumentId
    answer: Answer
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction that was carried out.

    ``version`` is the one that it made, or took out of the record.
    """

    version: DocumentId
    retracts: bool
    reason: str = field(repr=False)
    by: str
    at: dt.datetime  # UTC
