"""What a site may set about clues: config/identity.toml, as wiring reads it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pipeline.index.dates import DateOrder
from pipeline.index.numbers import MrnFormat
from pipeline.index.roles import Roles


@dataclass(frozen=True, slots=True)
class BarcodePatterns:
    """Full-match regular expressions of barcode texts; group 1 is the value."""

    patient: str = r"PATIENT[ :]+(\S+)"
    doctype: str = r"DOCTYPE[ :]+(\S+)"
    batch: str = r"BATCH[ :]+(.+)"
    separator: str = r"(SEPARATOR)"


@dataclass(frozen=True, slots=True)
class ClueRules:
    """Everything that finding clues depends on besides the page.

    ``authorities`` are the names of houses that give out our numbers; where it is
    empty no letterhead is foreign. ``labels`` adds words to the built-in ones, by
    field: {"mrn": ("GVG No",)}; ``roles`` likewise, by role. ``given_names`` are the
    folded given names of the index, to tell names from titles. ``received`` is the
    last day that a date may name. ``forms`` are the numbers of the house's forms, as
    formnumbers makes them. ``people`` is the trained model of models/roles; with
    none, only labels and places on the page say whose a name is.
    """

    received: dt.date
    mrn: MrnFormat = field(default_factory=MrnFormat)
    date_order: DateOrder = "mdy"
    authorities: tuple[str, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    barcodes: BarcodePatterns = field(default_factory=BarcodePatterns)
    given_names: frozenset[str] = field(default=frozenset(), repr=False)
    people: Roles | None = field(default=None, repr=False, compare=False)
    forms: frozenset[str] = frozenset()
