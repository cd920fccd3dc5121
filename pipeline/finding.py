"""What the machine, or a clerk, holds to be true, how surely, and why."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.page import Box

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against, and where on the paper it stands.

    ``weight`` is log2 of the likelihood ratio (bits): +1 makes the finding twice
    as likely, 0 says nothing, negative speaks against. Weights add up. ``source``
    names the group of evidence: the identifier groups are "mrn" (a barcode and the
    printed number are one group), "birth date", "name", "account", "address",
    "phone"; beside them stand "sex", "custody", "neighbour", "prior", "title"...
    ``exact`` says that what was seen agrees to the letter with what is held, or that a
    number's check digit gives the one slip between them away.
    """

    source: str
    weight: float
    seen: str = dataclasses.field(repr=False)
    page: int | None = None
    box: Box | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Finding(Generic[T_co]):
    """A value with its calibrated probability (0..1) and the evidence for it."""

    value: T_co
    confidence: float
    evidence: tuple[Evidence, ...]
    by: str  # "index 1", "classify 2026-11"


@dataclass(frozen=True, slots=True)
class Clue:
    """Something on the paper that may identify a patient, or date a document.

    ``text`` is what was printed, ``value`` the same in normal form (a date as ISO,
    a number without dashes, a name as "FAMILY|GIVEN|MIDDLE|SUFFIX"). ``role`` is
    whose it is: "subject", or "clinician", "guarantor", "mother", "donor",
    "addressee", "other authority"..., which neither supports nor vetoes.
    """

    field: (
        str  # "mrn", "name", "born", "sex", "service date"... (index.clues lists them)
    )
    text: str = dataclasses.field(repr=False)
    value: str = dataclasses.field(repr=False)
    page: int
    box: Box
    confidence: float  # 0..1, that the characters were read right
    role: str = "subject"
    by: str = "words"  # "words", or the kind of mark: "code128"


def probability(prior: float, evidence: Iterable[Evidence]) -> float:
    """Posterior probability (0..1): weights added to the prior's log2 odds.

    Stable for any weights, as odds are never formed above 1.
    Source: Fellegi & Sunter (1969), in the log2 form Splink uses.
    """
    log_odds = math.log2(prior / (1 - prior)) + sum(e.weight for e in evidence)
    odds = math.exp2(-min(abs(log_odds), 1000.0))
    return 1 / (1 + odds) if log_odds >= 0 else odds / (1 + odds)
