"""How an answer is taken, from whichever screen it comes: one door for all."""

from __future__ import annotations

from pipeline.document import Decision, DocumentId
from pipeline.review.siblings import set_right
from pipeline.store.answers import Answer, Referral
from pipeline.store.catalogue import Waiting
from pipeline.web.answers import Form
from pipeline.web.desk import Desk

GONE = "This document no longer waits: another clerk answered it, or it was filed."
KEYED = "You gave this document its first key: another person must give the second."
TAKEN = "This document has an answer that is being carried out: look again later."


class Refused(Exception):
    """No answer of this clerk's can be taken now; the message tells the clerk why."""


def to_answer(document: DocumentId, desk: Desk) -> Waiting:
    """The open question, if this clerk may answer it now. Raises Refused."""
    waiting = desk.catalogue.asked(document)
    if waiting is None:
        raise Refused(GONE)
    standing = desk.catalogue.pending(document)
    if standing is not None and not isinstance(standing, Referral):
        raise Refused(TAKEN)
    if not desk.may_key(waiting):
        raise Refused(KEYED)
    return waiting


def keep(waiting: Waiting, said: Answer, form: Form, desk: Desk) -> None:
    """Keep what the clerk said; the worker files it when its time has come.

    Raises Refused where another answer came first, of another tab or another clerk.
    """
    document = waiting.reading.document.id
    if isinstance(said, Decision):
        said = desk.with_stay(waiting, said)
    until = None if isinstance(said, Referral) else desk.until()
    if not desk.catalogue.first_answer(document, said, until, waiting):
        raise Refused(TAKEN if desk.catalogue.asked(document) else GONE)
    if until is None:
        desk.in_hand.drop_draft(document, desk.clerk)
    else:  # what is taken back is shown as it was sent
        desk.in_hand.keep_draft(document, desk.clerk, form.model_dump())
    if isinstance(said, Decision):
        _remember(waiting, said, desk)
    if note := form.notes.strip():
        desk.in_hand.note(document, note, desk.clerk)
    desk.audit(f"answered {form.action}", document)


def _remember(waiting: Waiting, said: Decision, desk: Desk) -> None:
    """That a suggestion was wrong; of a blind question nobody must learn that."""
    if desk.siblings is None or desk.blind(waiting):
        return
    shown = desk.prefilled(waiting.reading).date
    fields = set_right(waiting.reading, said, shown)
    desk.siblings.keep(waiting.reading.document.id, desk.clerk, fields)
