"""Rows of the record: filed versions, which nothing ever changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, exists, insert, select
from sqlalchemy.orm import aliased

from pipeline.document import (
    Decision,
    DocumentId,
    DocumentType,
    FiledDocument,
    Key,
    PatientId,
)
from pipeline.store import worklist_rows
from pipeline.store.books import chain, note
from pipeline.store.correction_table import correction
from pipeline.store.queue_rows import carried_out
from pipeline.store.schema import AnyRow, asked, filed, rejection
from pipeline.store.schema import document as documents

_later = aliased(filed, name="later")
RETRACTED = exists().where(correction.c.version == filed.c.id, correction.c.retracts)
NEWEST = ~exists().where(_later.c.replaces == filed.c.id)
LIVE = NEWEST & ~RETRACTED


def file(connection: Connection, new: FiledDocument, now: dt.datetime) -> FiledDocument:
    """Add a version, once; the version that stands."""
    standing = live(connection, new.document)
    carried_out(connection, new.document, new.decision, now)
    if standing is not None and standing.id != new.replaces:
        return standing
    versions = len(all_versions(connection, new.document))
    _check(connection, new, versions)
    decision = new.decision
    connection.execute(
        insert(filed).values(
            id=new.id,
            document=new.document,
            version=versions + 1,
            patient=decision.patient,
            type=decision.type,
            date=decision.date,
            encounter=decision.encounter,
            by=decision.by,
            key=new.key,
            filed=new.filed,
            replaces=new.replaces,
        )
    )
    worklist_rows.closed(connection, new.document)
    event = "filed" if new.replaces is None else "corrected"
    note(connection, event, decision.by, now, (None, new.document))
    chain(connection, (decision.by, event, new.id), now, (decision.patient, ""))
    return new


def _check(connection: Connection, new: FiledDocument, versions: int) -> None:
    """Raises KeyError for an unknown document, ValueError for a wrong version."""
    if not _known(connection, new.document):
        raise KeyError(new.document)
    number = versions + 1
    due = new.document if number == 1 else f"{new.document}-v{number}"
    if new.id != due or (number == 1) != (new.replaces is None):
        raise ValueError(f"document {new.document}: version {due} is due, not {new.id}")


def _known(connection: Connection, document: DocumentId) -> bool:
    return bool(connection.scalar(select(exists().where(documents.c.id == document))))


def live(connection: Connection, document: DocumentId) -> FiledDocument | None:
    """The version that no other one replaces, and that was not retracted."""
    row = connection.execute(
        select(filed).where(filed.c.document == document, LIVE)
    ).first()
    return as_filed(row) if row else None


def retracted(connection: Connection, version: DocumentId) -> bool:
    """Whether this version was taken out of the record."""
    query = select(exists().where(filed.c.id == version, RETRACTED))
    return bool(connection.scalar(query))


def all_versions(
    connection: Connection, document: DocumentId
) -> tuple[FiledDocument, ...]:
    """Every version ever filed, oldest first."""
    rows = connection.execute(
        select(filed).where(filed.c.document == document).order_by(filed.c.version)
    )
    return tuple(as_filed(row) for row in rows)


def live_of(
    connection: Connection, patients: Sequence[PatientId]
) -> tuple[FiledDocument, ...]:
    """Live versions of these patients, newest service date first, undated last."""
    rows = connection.execute(
        select(filed)
        .where(filed.c.patient.in_(patients), LIVE)
        .order_by(filed.c.date.is_(None), filed.c.date.desc(), filed.c.filed.desc())
    )
    return tuple(as_filed(row) for row in rows)


def is_settled(connection: Connection, document: DocumentId) -> bool:
    """Whether it was filed, rejected or asked about."""
    settled = (
        exists().where(filed.c.document == document)
        | exists().where(rejection.c.document == document)
        | exists().where(asked.c.document == document)
    )
    return bool(connection.scalar(select(settled)))


def as_filed(row: AnyRow) -> FiledDocument:
    """A row of ``filed`` as the document that it is."""
    return FiledDocument(
        id=DocumentId(row.id),
        document=DocumentId(row.document),
        decision=Decision(
            PatientId(row.patient),
            DocumentType(row.type),
            row.date,
            row.encounter,
            row.by,
        ),
        key=Key(row.key),
        filed=row.filed,
        replaces=DocumentId(row.replaces) if row.replaces else None,
    )
