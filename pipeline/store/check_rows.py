"""Rows of what the machine answered before anybody looked, and what people found.

No row is ever changed; a person checks a document once.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, exists, insert, select

from pipeline.checks import Check, MachineAnswer, answered_last
from pipeline.document import Decision, DocumentId
from pipeline.store.answers import Answer, Referral
from pipeline.store.books import chain
from pipeline.store.check_schema import machine_answer, verification
from pipeline.store.packing import CHECK, MACHINE
from pipeline.store.schema import filed


def keep_check(connection: Connection, check: Check) -> bool:
    """Insert a check, audited; False if this person checked the document before."""
    own = (verification.c.document == check.document) & (verification.c.by == check.by)
    if connection.scalar(select(exists().where(own))):
        return False
    values = {"document": check.document, "by": check.by, "at": check.at}
    connection.execute(
        insert(verification).values(**values, verification=CHECK.text(check))
    )
    chain(connection, (check.by, f"checked ({check.why})", check.document), check.at)
    return True


def check_by_answer(
    connection: Connection, document: DocumentId, answer: Answer, now: dt.datetime
) -> None:
    """A clerk's answer to a question that was asked blind is a check by itself."""
    if isinstance(answer, Referral):  # says what is missing, not whose it is
        return
    said = answered_last(machine_answers(connection, document))
    known = exists().where(filed.c.document == document)
    if said is None or not said.blind or connection.scalar(select(known)):
        return
    decided = answer if isinstance(answer, Decision) else None
    check = Check(
        document=document,
        patient=decided.patient if decided else None,
        type=decided.type if decided else None,
        encounter=None,  # the desk fills it in
        by=answer.by,
        why="shadow",
        at=now,
    )
    keep_check(connection, check)


def machine_answers(
    connection: Connection, document: DocumentId
) -> tuple[MachineAnswer, ...]:
    """What the machine said of one document, oldest first."""
    query = select(machine_answer.c.answer).order_by(machine_answer.c.seq)
    own = connection.scalars(query.where(machine_answer.c.document == document))
    return tuple(MACHINE.of_text(text) for text in own)
