"""Who saw a patient's paper: lines of the audit trail, found by whose paper it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, or_, select

from pipeline.document import PatientId
from pipeline.store import books
from pipeline.store.database import Database
from pipeline.store.holding_rows import linked_to
from pipeline.store.merge_rows import merged_ids
from pipeline.store.page_rows import portions
from pipeline.store.schema import audit, filed
from pipeline.users import AuditLine


class SqlAudit:
    """The audit trail, read. Raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def first_bad_line(self) -> int | None:
        """The first line that does not fit to the one before; None: all do."""
        with self.database.reading() as rows:
            return books.first_bad_line(rows)

    def newest(self) -> tuple[int, str]:
        """Number and hash of the last line: to be written down elsewhere."""
        with self.database.reading() as rows:
            return books.newest_line(rows)

    def hash_of(self, seq: int) -> str | None:
        with self.database.reading() as rows:
            return books.hash_of(rows, seq)

    def of_patient(self, patient: PatientId) -> tuple[AuditLine, ...]:
        """Every line about this person's paper, oldest first.

        That is whatever was ever filed to them, also what was moved away since, and
        to records that were merged into theirs or linked to it; and what was looked
        at as probably theirs.
        """
        with self.database.reading() as rows:
            ids = merged_ids(rows, patient)
            known = (*ids, *linked_to(rows, ids))
            found = {line.seq: line for line in _lines(rows, known)}
        return tuple(found[seq] for seq in sorted(found))


def _lines(rows: Connection, ids: Sequence[PatientId]) -> Iterator[AuditLine]:
    papers: set[str] = set(ids)
    for some in portions(ids):
        query = select(filed.c.id, filed.c.document).where(filed.c.patient.in_(some))
        for row in rows.execute(query):
            papers |= {row.id, row.document}
    for part in portions(sorted(papers)):
        about = or_(audit.c.what.in_(part), audit.c.patient.in_(part))
        for line in rows.execute(select(audit).where(about)):
            yield AuditLine(
                line.seq,
                line.at,
                line.who,
                line.did,
                line.what,
                line.patient,
                line.purpose,
            )
