"""The sample of what was filed without a clerk: who checks what, blind.

For the command and the desk alike: neither shows what the machine said, and nobody
checks what they had in hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.certifying import check, judged, sample
from pipeline.checks import Check, MachineAnswer, Why, answered_last
from pipeline.document import DocumentId, DocumentType, PatientId
from pipeline.errors import InputError
from pipeline.review.sampling import drawn
from pipeline.review.verdict import Verdict
from pipeline.site import Site


class Sample:
    """One site's, drawn by chance from what it files."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def waiting(self, by: str | None = None) -> Iterator[MachineAnswer]:
        """Drawn and not settled by checks, the oldest first.

        For ``by``, "clerk ada": nothing that they filed, corrected or checked.
        """
        checks = self._site.checks.checks()
        yield from self._unsettled(sample(self._site), checks, by)

    def _unsettled(
        self,
        answers: Iterable[MachineAnswer],
        checks: Mapping[DocumentId, Sequence[Check]],
        by: str | None,
    ) -> Iterator[MachineAnswer]:
        for answer, now in judged(self._site, answers, checks):
            if now is not None and not now.open:
                continue
            checked = checks.get(answer.document, ())
            filed = self._site.catalogue.versions(answer.document)
            hands = {one.decision.by for one in filed} | {one.by for one in checked}
            if filed and by not in hands:
                yield answer

    def waits(self, document: DocumentId, by: str) -> bool:
        """Whether this one was drawn, is not settled, and is for this person."""
        answer = answered_last(self._site.checks.answers_of(document))
        if answer is None or self.why(document) != "qa":
            return False
        checks = {document: self._site.checks.checks_of(document)}
        return any(self._unsettled([answer], checks, by))

    def why(self, document: DocumentId) -> Why:
        """What a check of this document counts as."""
        answer = answered_last(self._site.checks.answers_of(document))
        share, secret = self._site.settings.filing.qa_share, self._site.checks.secret()
        if answer and answer.blind:
            return "shadow"
        if answer and answer.filed and drawn(document, share, secret):
            return "qa"
        return "double key"

    def check(
        self,
        document: DocumentId,
        patient: PatientId | None,
        kind: DocumentType | None,
        by: str,
    ) -> Verdict | None:
        """Keep one person's word on a drawn document. Raises InputError for another."""
        if self.why(document) != "qa":
            raise InputError(f"{document} was not drawn: chartfiler qa list")
        now = dt.datetime.now(dt.UTC)
        return check(self._site, Check(document, patient, kind, None, by, "qa", now))
