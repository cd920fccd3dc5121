"""Rows of corrections: each with its reason, beside the version that it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, exists, insert, select
from sqlalchemy.orm import aliased

from pipeline.document import (
    Correction,
    DocumentId,
    FiledDocument,
    PatientId,
    Relaid,
)
from pipeline.store.answers import Corrected
from pipeline.store.books import chain, note
from pipeline.store.correction_table import correction
from pipeline.store.page_rows import load_reading
from pipeline.store.queue_rows import carried_out
from pipeline.store.record_rows import LIVE, all_versions, as_filed, file, retracted
from pipeline.store.relaid_rows import lay
from pipeline.store.schema import filed
from pipeline.store.turn_rows import turn


def correct(
    connection: Connection,
    said: Correction,
    made: tuple[FiledDocument | None, Relaid | None],
    now: dt.datetime,
) -> None:
    """Write it down, and the version that it makes with the pages that this has.

    Raises KeyError, ValueError, Superseded.
    """
    new, relaid = made
    document = document_of(connection, said.of)
    versions = all_versions(connection, document)
    if _done(connection, said, new, versions[-1]):
        return
    if versions[-1].id != said.of:
        raise ValueError(f"document {document}: {said.of} is not what stands")
    if new is not None:
        if relaid is not None:  # first: the older versions have other pages
            lay(connection, document, relaid, said.by, now)
        file(connection, new, now)
        batch = load_reading(connection, document).document.batch
        for number, to in said.turns:
            turn(connection, (batch, number), to, said.by, now)
    else:
        note(connection, "retracted", said.by, now, (None, document))
        chain(connection, (said.by, "retracted", said.of), now)
    connection.execute(
        insert(correction).values(
            document=document,
            version=new.id if new else said.of,
            retracts=new is None,
            reason=said.reason,
            by=said.by,
            at=now,
        )
    )
    carried_out(connection, document, said, now)


def _done(
    connection: Connection,
    said: Correction,
    new: FiledDocument | None,
    standing: FiledDocument,
) -> bool:
    """Whether it was carried out before, so that a repeat changes nothing."""
    if new is None:
        return standing.id == said.of and retracted(connection, standing.id)
    return (standing.id, standing.decision) == (new.id, new.decision)


def document_of(connection: Connection, version: DocumentId) -> DocumentId:
    """The document that this is a version of. Raises KeyError."""
    found = connection.scalar(select(filed.c.document).where(filed.c.id == version))
    if found is None:
        raise KeyError(version)
    return DocumentId(found)


def corrections(connection: Connection, document: DocumentId) -> tuple[Corrected, ...]:
    """What was corrected, oldest first."""
    query = select(correction).where(correction.c.document == document)
    return tuple(
        Corrected(DocumentId(row.version), row.retracts, row.reason, row.by, row.at)
        for row in connection.execute(query.order_by(correction.c.seq))
    )


def gone_from(
    connection: Connection, patients: Sequence[PatientId]
) -> tuple[FiledDocument, ...]:
    """The last version in these charts of each document that has left them."""
    other = aliased(filed, name="other")
    still = exists().where(
        other.c.document == filed.c.document,
        other.c.patient.in_(patients),
        other.c.version > filed.c.version,
    )
    rows = connection.execute(
        select(filed)
        .where(filed.c.patient.in_(patients), ~LIVE, ~still)
        .order_by(filed.c.filed.desc())
    )
    return tuple(as_filed(row) for row in rows)
