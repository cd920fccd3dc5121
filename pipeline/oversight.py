"""What the machine would do is written down before anybody looks, then held to it.

Between ``decide`` and the record: the site's mode, its certificate and its lanes only
ever hold back, and each answer is kept with the plan and the versions it was given by.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from pipeline.checks import (
    Grounds,
    Lane,
    LaneEvent,
    MachineAnswer,
    Mode,
    Versions,
)
from pipeline.document import Decision, Reading, Review
from pipeline.errors import SettingsError
from pipeline.review import lanes
from pipeline.review.ladder import AUTOMATIC, Plan
from pipeline.review.modes import Overseen, Standing, overseen, standing_of
from pipeline.review.rules import GROUPS, FilingRules, decide
from pipeline.store.sql_checks import Newest, SqlChecks

_NO_GATE = (  # what a site may change of its types any day, and the ladder's business
    "mode",
    "qa_share",
    "open_types",
    "encounter",
    "patient_at_least",
    "patient_margin",
)


@dataclass(slots=True)
class Oversight:
    """Decides for one site, in its mode; what it answered is kept."""

    checks: SqlChecks
    plan: Plan
    models: str
    engine: str
    _seen: tuple[Newest, Standing, Mapping[Lane, LaneEvent]] | None = field(
        default=None, repr=False
    )

    def outcome(self, reading: Reading, rules: FilingRules) -> Decision | Review:
        """What ``decide`` says, unless mode, certificate or lane hold it back."""
        answer = self.answer(reading, rules)
        decided = decide(reading, rules)
        standing, last = self._now(rules)
        told = overseen(decided, answer.lane, answer.mode, standing, last)
        self.checks.keep_answer(_with(answer, told))
        return told.outcome

    def admit(self, rules: FilingRules) -> None:
        """Raises SettingsError unless this site may file in its mode."""
        standing = self.standing(rules)
        if rules.mode == "automatic" and not standing.holds(AUTOMATIC):
            why = standing.why or "of more than 1 in 10,000"
            raise SettingsError(
                "config/pipeline.toml: [filing] mode = automatic needs this site's own"
                f" certificate of 1 wrong page in 10,000, and it is {why}; run"
                " chartfiler certify, and set supervised until then"
            )

    def answer(self, reading: Reading, rules: FilingRules) -> MachineAnswer:
        """What the machine would do with this reading by itself, now."""
        best = reading.patients[0] if reading.patients else None
        evidence = best.evidence if best else ()
        kind = reading.types[0].value if reading.types else None
        batch = reading.document.batch
        speaking = {e.page for e in evidence if e.weight > 0}
        return MachineAnswer(
            document=reading.document.id,
            batch=batch,
            pages=reading.document.pages,
            own_pages=tuple(n for n in reading.document.pages if n in speaking),
            patient=best.value.id if best else None,
            type=kind,
            encounter=(
                reading.encounters[0].value.number if reading.encounters else None
            ),
            confidence=best.confidence if best else 0.0,
            rung=self._rung(reading, rules),
            grounds=_grounds(reading),
            lane=Lane(self.checks.station(batch), kind or ""),
            mode=cast("Mode", rules.mode),
            plan=self.plan.hash,
            versions=self.versions(rules),
            filed=False,
            blind=False,
            certificate=None,
            at=dt.datetime.now(dt.UTC),
        )

    def versions(self, rules: FilingRules) -> Versions:
        """Of all that decides; the patient's thresholds are the ladder's business."""
        return Versions(version_of(rules), self.models, self.engine)

    def standing(self, rules: FilingRules) -> Standing:
        """The certificate that holds under these rules, or why none does."""
        return self._now(rules)[0]

    def _now(self, rules: FilingRules) -> tuple[Standing, Mapping[Lane, LaneEvent]]:
        """Read again only when another event or certificate has come."""
        newest = self.checks.newest()
        if self._seen is None or self._seen[0] != newest:
            shown = [one for one in self.checks.certificates() if one.rungs]
            thresholds = (rules.patient_at_least, rules.patient_margin)
            standing = standing_of(
                shown[-1] if shown else None, self.versions(rules), thresholds
            )
            last = lanes.standing(self.checks.events())
            self._seen = (newest, standing, last)
        return self._seen[1:]

    def _rung(self, reading: Reading, rules: FilingRules) -> int | None:
        for place, rung in enumerate(self.plan.rungs):
            tried = replace(
                rules,
                patient_at_least=rung.patient_at_least,
                patient_margin=rung.patient_margin,
            )
            if isinstance(decide(reading, tried), Decision):
                return place
        return None


def version_of(rules: FilingRules) -> str:
    """The rule set's name with a hash of its gates, so that no change goes unseen."""
    names = [name for name in FilingRules.__slots__ if name not in _NO_GATE]
    told = json.dumps({name: getattr(rules, name) for name in names}, default=str)
    return f"{rules.name} {hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _with(answer: MachineAnswer, told: Overseen) -> MachineAnswer:
    return replace(
        answer,
        filed=isinstance(told.outcome, Decision),
        blind=told.blind,
        certificate=told.certificate,
    )


def _grounds(reading: Reading) -> Grounds:
    evidence = reading.patients[0].evidence if reading.patients else ()
    speaking = {e.source for e in evidence if e.weight > 0}
    if "cover" in speaking:
        return "cover"
    groups = {GROUPS[source] for source in speaking if source in GROUPS}
    if len(groups) > 1:
        return "printed"
    return "folder" if groups and "custody" in speaking else "none"
