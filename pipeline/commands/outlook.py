"""What ``status`` says of mode, certificate and lanes, and of the days to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.certifying import forecast, look, operating
from pipeline.checks import EVERY_LANE, Lane, LaneEvent
from pipeline.commands.user import clerk_name
from pipeline.review import lanes
from pipeline.review.certificate import Checked
from pipeline.review.ladder import AUTOMATIC, SUPERVISED, fewest
from pipeline.review.modes import Standing
from pipeline.site import Site

_WAYS = (
    (SUPERVISED, "1 in 1,000 opens supervised filing"),
    (AUTOMATIC, "1 in 10,000 opens automatic filing"),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Mode, certificate, what was filed without one, the way on, and held lanes."""

    mode: str
    standing: Standing
    counted: Checked  # independent pages under the thresholds in use
    days: dict[float, int | None]
    uncertified: int  # documents
    held: dict[Lane, LaneEvent]

    def row(self) -> dict[str, object]:
        """For ``status --json``."""
        certificate = self.standing.certificate
        return {
            "certified": self.standing.holds(SUPERVISED),
            "mode": self.mode,
            "certificate": certificate.hash if certificate else None,
            "wrong_patient_at_most": self.standing.rate if certificate else None,
            "void": self.standing.why or None,
            "counted_pages": self.counted.documents,
            "counted_errors": self.counted.wrong,
            "days_to_supervised": self.days[SUPERVISED],
            "days_to_automatic": self.days[AUTOMATIC],
            "uncertified_documents": self.uncertified,
            "lanes": [
                {"lane": str(lane), "state": event.did, "reason": event.reason}
                for lane, event in self.held.items()
            ],
        }

    def lines(self) -> Iterator[str]:
        """For a person."""
        if self.standing.certificate:
            word = f"certified: at most {self.standing.rate:g} in the wrong record"
        else:
            word = f"uncertified: {self.standing.why}"
        yield f"filing     {self.mode}, {word}"
        if self.uncertified:
            yield f"           {self.uncertified} documents were filed uncertified"
        for rate, opens in _WAYS:
            days = self.days[rate]
            if days != 0:
                pace = "no pages are checked" if days is None else f"in {days} days"
                wanted = fewest(rate, self.counted.wrong)
                yield (
                    f"           {opens}: {self.counted.documents:,} of"
                    f" {wanted:,} checked pages, {pace}"
                )
        for lane, event in self.held.items():
            name = "all lanes" if lane == EVERY_LANE else f"lane {lane}"
            yield f"held back  {name}: {lanes.held(lane, {lane: event})}"


def outlook(site: Site) -> Outlook:
    """Counted anew from all checks; nothing is kept."""
    shown = look(site, clerk_name(), dt.datetime.now(dt.UTC))
    events = lanes.standing(site.checks.events())
    return Outlook(
        mode=site.settings.filing.mode,
        standing=shown.standing,
        counted=operating(site, shown.proof),
        days=forecast(site, shown),
        uncertified=site.checks.uncertified(),
        held={k: event for k, event in events.items() if event.did != "opened"},
    )
