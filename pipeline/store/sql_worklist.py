"""The work list over the catalogue's database: each call one transaction."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from pipeline.document import DocumentId, PatientId, Reading
from pipeline.store import worklist_rows
from pipeline.store.books import chain, note
from pipeline.store.database import Database, utc_now
from pipeline.store.desk_table import first_key
from pipeline.store.queue_rows import OPEN, open_question, open_questions
from pipeline.store.scan_rows import count_poor
from pipeline.store.schema import asked
from pipeline.store.worklist import (
    ALL,
    FAR,
    Comment,
    Counts,
    Hold,
    Item,
    Kinds,
    Place,
    Rank,
    Wanted,
)
from pipeline.store.worklist_shown import shown
from pipeline.store.worklist_tables import (
    appointment,
    escalation,
    pending_answer,
    work_item,
    work_reason,
)

ORDER = (work_item.c.place, work_item.c.due, work_item.c.seq)
KEPT = work_item.c.document.in_(select(pending_answer.c.document))


class SqlWorklist:
    """Worklist over the catalogue's database."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    # --- what there is

    def items(self, wanted: Wanted, limit: int) -> list[Item]:
        now = self._now()
        query = _ordered(wanted).where(*_wanted(wanted, now)).limit(limit)
        with self.database.reading() as rows:
            first = rows.scalars(query).all()
            return shown(rows, first, now)

    def count(self, wanted: Wanted) -> int:
        with self.database.reading() as rows:
            return _count(rows, *_wanted(wanted, self._now()))

    def counts(self) -> Counts:
        now = self._now()
        stat = work_item.c.place == Place.STAT
        first = select(work_item.c.at).where(~KEPT).limit(1)
        oldest = first.order_by(work_item.c.seq)
        first_stat = first.where(stat).order_by(*ORDER)
        with self.database.reading() as rows:
            kept = select(func.count()).select_from(pending_answer)
            return Counts(
                open=_count(rows) - _count(rows, KEPT),
                stat=_count(rows, ~KEPT, stat),
                held=_count(rows, ~KEPT, _held(now)),
                escalated=_count(rows, ~KEPT, work_item.c.escalated.is_not(None)),
                kept=rows.scalar(kept) or 0,
                oldest=rows.scalar(oldest),
                oldest_stat=rows.scalar(first_stat),
            )

    def kinds(self) -> Kinds:
        kept = work_reason.c.document.in_(select(pending_answer.c.document))
        with self.database.reading() as rows:
            return Kinds(
                reasons=_by_size(rows, work_reason.c.reason, kept),
                types=_by_size(rows, work_item.c.type, KEPT),
                stations=_by_size(rows, work_item.c.station, KEPT),
            )

    def poor(self) -> int:
        with self.database.reading() as rows:
            return count_poor(rows)

    def hold(self, document: DocumentId) -> Hold | None:
        with self.database.reading() as rows:
            return _hold(rows, document, self._now())

    def comments(self, document: DocumentId) -> tuple[Comment, ...]:
        query = select(escalation).where(escalation.c.document == document)
        with self.database.reading() as rows:
            found = rows.execute(query.order_by(escalation.c.seq))
            return tuple(Comment(row.comment, row.by, row.at) for row in found)

    # --- in whose hands it is

    def next(
        self,
        clerk: str,
        lease: dt.timedelta,
        wanted: Wanted = ALL,
        but: DocumentId | None = None,
    ) -> DocumentId | None:
        now = self._now()
        with self.database.writing() as rows:
            for query in (
                _held_by(clerk, now),
                _ordered(wanted).where(_free(now), *_wanted(wanted, now)),
            ):
                if but is not None:
                    query = query.where(work_item.c.document != but)
                found = rows.scalar(query.limit(1))
                if found is not None:
                    _give(rows, DocumentId(found), clerk, now + lease)
                    return DocumentId(found)
        return None

    def mine(self, clerk: str, but: DocumentId | None = None) -> DocumentId | None:
        query = _held_by(clerk, self._now()).limit(1)
        if but is not None:
            query = query.where(work_item.c.document != but)
        with self.database.reading() as rows:
            found = rows.scalar(query)
            return DocumentId(found) if found else None

    def take(
        self, document: DocumentId, clerk: str, lease: dt.timedelta
    ) -> Hold | None:
        now = self._now()
        with self.database.writing() as rows:
            standing = _hold(rows, document, now)
            if standing and standing.holder in ("", clerk):
                _give(rows, document, clerk, now + lease)
                standing = _hold(rows, document, now)
            return standing

    def release(self, document: DocumentId, clerk: str) -> bool:
        with self.database.writing() as rows:
            own = (work_item.c.document == document) & (work_item.c.holder == clerk)
            gone = rows.execute(
                update(work_item).where(own).values(holder=None, until=None)
            )
            return bool(gone.rowcount)

    def assign(
        self, document: DocumentId, to: str, by: str, lease: dt.timedelta
    ) -> bool:
        now = self._now()
        with self.database.writing() as rows:
            if _hold(rows, document, now) is None:
                return False
            values = {"holder": to, "until": now + lease, "escalated": None}
            one = update(work_item).where(work_item.c.document == document)
            rows.execute(one.values(**values))
            note(rows, f"assigned to {to}", by, now, (None, document))
            chain(rows, (by, "assigned", f"{document} to {to}"), now)
            return True

    def escalate(self, document: DocumentId, by: str, comment: str) -> bool:
        now = self._now()
        with self.database.writing() as rows:
            standing = _hold(rows, document, now)
            if standing is None or standing.holder not in ("", by):
                return False
            said = {"document": document, "comment": comment, "by": by}
            if standing.escalated and _said(rows, document) == said:
                return True
            values = {"holder": None, "until": None, "escalated": now}
            one = update(work_item).where(work_item.c.document == document)
            rows.execute(one.values(**values))
            rows.execute(insert(escalation).values(**said, at=now))
            note(rows, "escalated", by, now, (None, document))
            chain(rows, (by, "escalated", document), now)
            return True

    # --- in what order

    def rank(self, judge: Callable[[Reading], Rank], at_most: int) -> int:
        unranked = select(work_item.c.document).where(~work_item.c.ranked)
        with self.database.reading() as rows:
            if rows.scalar(unranked.limit(1)) is None:
                return 0
        with self.database.writing() as rows:  # what is read must not change meanwhile
            some = rows.scalars(unranked.limit(at_most)).all()
            for one in some:
                if asked := open_question(rows, DocumentId(one)):
                    _place(rows, DocumentId(one), judge(asked.reading))
            return len(some)

    def rebuild(self) -> None:
        after = 0
        with self.database.writing() as rows:
            open_ = select(asked.c.document).where(OPEN)
            gone = work_item.c.document.not_in(open_)
            rows.execute(delete(work_item).where(gone))
            worklist_rows.unranked(rows)
            while some := open_questions(rows, after):
                for seq, one in some:
                    worklist_rows.opened(
                        rows, one.reading.document, one.review, seq, one.asked
                    )
                after = some[-1][0]

    def appoint(self, days: Mapping[PatientId, dt.date], by: str) -> None:
        listed = select(appointment.c.patient)
        again = (
            update(work_item)
            .where(work_item.c.patient.in_(listed))
            .values(ranked=False)
        )
        with self.database.writing() as rows:
            rows.execute(again)
            rows.execute(delete(appointment))
            if days:
                new = [{"patient": one, "day": day} for one, day in days.items()]
                rows.execute(insert(appointment), new)
            rows.execute(again)
            chain(rows, (by, "imported", "appointment list"), self._now())


def _place(rows: Connection, document: DocumentId, rank: Rank) -> None:
    listed = select(appointment.c.day).where(appointment.c.patient == rank.patient)
    day = rows.scalar(listed) if rank.patient else None
    later = Place.APPOINTMENT if day else Place.AGE
    order = {"place": later, "due": day or FAR}
    if rank.stat:  # the oldest first, whoever comes soon
        order = {"place": Place.STAT, "due": FAR}
    facts = {"ranked": True, "type": rank.type or "", "patient": rank.patient}
    item = update(work_item).where(work_item.c.document == document)
    rows.execute(item.values(**order, **facts))
    reasons = update(work_reason).where(work_reason.c.document == document)
    rows.execute(reasons.values(**order))


def _hold(rows: Connection, document: DocumentId, now: dt.datetime) -> Hold | None:
    query = select(work_item).where(work_item.c.document == document, ~KEPT)
    row = rows.execute(query).first()
    if row is None:
        return None
    held = row.holder is not None and row.until > now
    return Hold(
        row.holder if held else "",
        row.until if held else None,
        row.escalated is not None,
    )


def _said(rows: Connection, document: DocumentId) -> dict[str, str]:
    """The last comment on it, as escalate writes it."""
    columns = (escalation.c.document, escalation.c.comment, escalation.c.by)
    query = select(*columns).where(escalation.c.document == document)
    row = rows.execute(query.order_by(escalation.c.seq.desc()).limit(1)).first()
    return dict(row._mapping) if row else {}


def _give(
    rows: Connection,
    document: DocumentId,
    clerk: str,
    until: dt.datetime,
) -> None:
    """For the lease, or longer where it was given for longer."""
    longer = (work_item.c.holder == clerk) & (work_item.c.until > until)
    rows.execute(
        update(work_item)
        .where(work_item.c.document == document, or_(~longer, longer.is_(None)))
        .values(holder=clerk, until=until)
    )


def _held(now: dt.datetime) -> ColumnElement[bool]:
    return work_item.c.until > now


def _free(now: dt.datetime) -> ColumnElement[bool]:
    nobody = or_(work_item.c.until.is_(None), work_item.c.until <= now)
    return nobody & work_item.c.escalated.is_(None)


def _wanted(wanted: Wanted, now: dt.datetime) -> list[ColumnElement[bool]]:
    """What a filter asks for; never what has an answer already."""
    where: list[ColumnElement[bool]] = [~KEPT]
    if wanted.reason:
        where.append(work_item.c.document == work_reason.c.document)
        where.append(work_reason.c.reason == wanted.reason)
    if wanted.type:
        where.append(work_item.c.type == wanted.type)
    if wanted.station:
        where.append(work_item.c.station == wanted.station)
    if wanted.batch:
        where.append(work_item.c.batch == wanted.batch)
    if wanted.hours:
        where.append(work_item.c.at <= now - dt.timedelta(hours=wanted.hours))
    if wanted.state:
        where.append(_in_state(wanted.state, now))
    if wanted.but_keyed is not None:
        by, since = wanted.but_keyed
        own = (first_key.c.document == work_item.c.document) & (first_key.c.by == by)
        where.append(~exists().where(own, first_key.c.at > since))
    return where


def _in_state(state: str, now: dt.datetime) -> ColumnElement[bool]:
    if state == "escalated":
        return work_item.c.escalated.is_not(None)
    return _held(now) if state == "held" else _free(now)


def _held_by(clerk: str, now: dt.datetime) -> Select[str]:
    return _ordered(ALL).where(work_item.c.holder == clerk, _held(now), ~KEPT)


def _ordered(wanted: Wanted) -> Select[str]:
    """What goes first; of one reason by its own index, be it rare or frequent."""
    table = work_reason if wanted.reason else work_item
    order = (table.c.place, table.c.due, table.c.seq)
    return select(work_item.c.document).order_by(*order)


def _count(rows: Connection, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(work_item).where(*where)
    return rows.scalar(query) or 0


def _by_size(
    rows: Connection, column: ColumnElement[str], kept: ColumnElement[bool]
) -> dict[str, int]:
    """How many of each, the most frequent first; without what has an answer.

    All are counted in their index, then the few that have one are taken away.
    """
    query = select(column, func.count()).group_by(column)
    counts = Counter({str(what): int(many) for what, many in rows.execute(query)})
    for what, many in rows.execute(query.where(kept)):
        counts[str(what)] -= int(many)
    found = [(what, many) for what, many in counts.items() if what and many > 0]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))
