"""What came in lately, as the operator at the scanner sees it: the seam."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pipeline.document import BatchId
from pipeline.page import SheetFault

Word = Literal["counted", "signed"]


@dataclass(frozen=True, slots=True)
class Look:
    """What one quick look at all sides of a batch told."""

    sides: int
    faults: tuple[SheetFault, ...]
    at: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class Said:
    """An operator's word: how many sheets were fed, or that the batch is closed."""

    did: Word
    sheets: int | None
    said: str = field(repr=False)
    by: str
    at: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class Arrival:
    """A batch that came in. ``sheets`` is what the sidecar declares, None for nothing.

    ``pages`` is 0 until its files are opened; ``read`` of them are recognised.
    """

    batch: BatchId
    received: dt.datetime  # UTC
    station: str
    box: str
    volume: str
    name: str = field(repr=False)  # of its first file
    sheets: int | None
    pages: int
    read: int
    rejected: int  # files
    look: Look | None
    words: tuple[Said, ...]

    @property
    def fed(self) -> int | None:
        """Sheets as typed last, else as declared."""
        typed = [one.sheets for one in self.words if one.did == "counted"]
        return typed[-1] if typed else self.sheets

    @property
    def signed(self) -> Said | None:
        """Who closed it, if somebody did since the sheets were last counted."""
        last = self.words[-1] if self.words else None
        return last if last and last.did == "signed" else None


class Arrivals(Protocol):
    """The station's books. Raises StoreUnavailable."""

    def since(self, moment: dt.datetime, station: str = "") -> Sequence[Arrival]:
        """What came in since then, newest first; of one station, or of all."""
        ...

    def of(self, batch: BatchId) -> Arrival | None: ...

    def unlooked(self, moment: dt.datetime) -> Sequence[BatchId]:
        """Batches received since then that nobody has looked at, oldest first.

        Not those that repeat what came in before, nor those set aside at once.
        """
        ...

    def keep_look(self, batch: BatchId, look: Look) -> None:
        """Write down the look, once."""
        ...

    def say(self, batch: BatchId, said: Said) -> None:
        """Write down an operator's word, audited. Raises KeyError."""
        ...
