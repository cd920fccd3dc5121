"""Rows of what clerks have said of documents' types: examples, with their provenance.

Nothing is kept for it: a version that was filed on a clerk's answer is the clerk's, and
every other one was filed by rules. A type that rules gave and a clerk only left alone
(correcting the patient, say) is not the clerk's word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, func, select

from pipeline.document import Correction, Decision, DocumentId, FiledDocument
from pipeline.store.catalogue import Verified
from pipeline.store.packing import ANSWER, READING
from pipeline.store.page_rows import as_lying, portions
from pipeline.store.record_rows import LIVE, as_filed
from pipeline.store.schema import answer as answers
from pipeline.store.schema import answered, asked, filed
from pipeline.store.schema import document as documents

Decisions = Mapping[str, Sequence[Decision]]


def answered_documents(connection: Connection) -> list[DocumentId]:
    """Filed documents of which a clerk said something, by id."""
    ids = connection.scalars(
        select(answers.c.document)
        .join(answered, answered.c.answer == answers.c.seq)
        .join(filed, (filed.c.document == answers.c.document) & LIVE)
        .distinct()
        .order_by(answers.c.document)
    )
    return [DocumentId(id_) for id_ in ids]


def verified(connection: Connection, some: Sequence[DocumentId]) -> Iterator[Verified]:
    """Those of these documents whose type is a clerk's word, in the given order."""
    said = _decisions(connection, some)
    versions = _versions(connection, some)
    rows = connection.execute(
        select(
            documents.c.id,
            func.coalesce(asked.c.reading, documents.c.reading).label("reading"),
        )
        .outerjoin(asked, asked.c.document == documents.c.id)
        .where(documents.c.id.in_(some))
        .order_by(documents.c.id)
    )
    for row in rows:
        word = _word(versions[row.id], said[row.id])
        if word is None:
            continue
        [reading] = as_lying(connection, [READING.of_blob(row.reading)])
        yield Verified(
            document=reading.document,
            suggested=reading.types[0].value if reading.types else None,
            type=word.decision.type,
            patient=versions[row.id][-1].decision.patient,
            by=word.decision.by,
            at=word.filed,
        )


def _word(
    versions: Sequence[FiledDocument], said: Sequence[Decision]
) -> FiledDocument | None:
    """The version by which a clerk gave the document the type that it has now."""
    word: FiledDocument | None = None
    kind = ""
    for version in versions:
        decision = version.decision
        if decision not in said:
            word = None
        elif decision.type != kind:
            word = version
        kind = decision.type
    return word


def _decisions(connection: Connection, some: Sequence[str]) -> Decisions:
    found: defaultdict[str, list[Decision]] = defaultdict(list)
    for portion in portions(some):
        rows = connection.execute(
            select(answers.c.document, answers.c.answer).where(
                answers.c.document.in_(portion)
            )
        )
        for row in rows:
            said = ANSWER.of_text(row.answer)
            word = said.decision if isinstance(said, Correction) else said
            if isinstance(word, Decision):
                found[row.document].append(word)
    return found


def _versions(
    connection: Connection, some: Sequence[str]
) -> Mapping[str, Sequence[FiledDocument]]:
    found: defaultdict[str, list[FiledDocument]] = defaultdict(list)
    for portion in portions(some):
        rows = connection.execute(
            select(filed)
            .where(filed.c.document.in_(portion))
            .order_by(filed.c.document, filed.c.version)
        )
        for row in rows:
            found[row.document].append(as_filed(row))
    return found
