"""What a site's mode, its certificate and its lanes make of a decision.

They only ever hold back: nothing is filed here that ``decide`` did not let pass. What
they hold back is answered blind, so that it becomes a verified page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from pipeline.checks import Certificate, Lane, LaneEvent, Mode, Versions
from pipeline.document import Decision, Doubt, Review
from pipeline.review.ladder import AUTOMATIC, SUPERVISED
from pipeline.review.lanes import held, opened

SHADOW = "shadow mode: a clerk answers every document, without a suggestion"
LANE = "held back: "
SECOND = "a second key: answered blind, by another person than the first"
UNKNOWN_STATION = "the certificate has no pages of this station"
UNKNOWN_FORM = "the certificate has no pages of this form"
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Standing:
    """The certificate that holds now, or why none does."""

    certificate: Certificate | None
    rate: float = 1.0  # certified under today's thresholds
    why: str = ""  # a sentence with the next move, where there is none

    def holds(self, rate: float) -> bool:
        """Whether a wrong-patient rate of at most ``rate`` is certified."""
        return self.rate <= rate


@dataclass(frozen=True, slots=True)
class Overseen:
    """What is done with a document, whether blind, and under which certificate."""

    outcome: Decision | Review
    blind: bool = False
    certificate: str | None = None


def standing_of(
    last: Certificate | None, now: Versions, thresholds: tuple[float, float]
) -> Standing:
    """Whether the last certificate holds for this machine and these thresholds."""
    if last is None:
        return Standing(None, why="none yet: the thresholds rest on synthetic pages")
    if changed := last.versions.changed(now):
        return Standing(
            None,
            why=f"void, as another version works now ({', '.join(changed)}):"
            " chartfiler certify --replay",
        )
    rate = last.rate_at(*thresholds)
    if rate >= 1.0:
        return Standing(
            None,
            why="not for these thresholds: [filing] patient_at_least and"
            " patient_margin are no rung that was certified",
        )
    return Standing(last, rate)


def overseen(
    decided: Decision | Review,
    lane: Lane,
    mode: Mode,
    standing: Standing,
    last: Mapping[Lane, LaneEvent],
) -> Overseen:
    """File it, or ask a clerk: as decided, unless mode or lane hold it back."""
    if mode == "shadow":
        doubts = decided.reasons if isinstance(decided, Review) else ()
        return Overseen(Review((Doubt(SHADOW), *doubts)), blind=True)
    if isinstance(decided, Review):
        return Overseen(decided)
    if why := held(lane, last):
        return _held_back(why)
    missing = _uncovered(lane, standing.certificate)
    by_hand = opened(lane, last)
    if mode == "automatic" and missing and by_hand is None:
        return _held_back(missing)
    covered = not missing and standing.holds(
        AUTOMATIC if mode == "automatic" else SUPERVISED
    )
    certificate = standing.certificate
    return Overseen(
        decided, certificate=certificate.hash if certificate and covered else None
    )


def is_blind(review: Review) -> bool:
    """Whether a clerk must answer it without seeing what the machine would do."""
    return any(_blinds(doubt) for doubt in review.reasons)


def blindfold(review: Review) -> Review:
    """A blind review with the reasons that tell nothing of what the machine found."""
    return Review(tuple(doubt for doubt in review.reasons if _blinds(doubt)))


def _blinds(doubt: Doubt) -> bool:
    return doubt.reason in (SHADOW, SECOND) or doubt.reason.startswith(LANE)


def _held_back(why: str) -> Overseen:
    return Overseen(Review((Doubt(f"{LANE}{why}"),)), blind=True)


def _uncovered(lane: Lane, certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    if lane.station not in certificate.stations:
        return UNKNOWN_STATION
    return "" if lane.form in certificate.forms else UNKNOWN_FORM
