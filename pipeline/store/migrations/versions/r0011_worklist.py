"""The work list: open questions in their order, leases, escalations, appointments."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0011"
down_revision = "0010"

BY_AGE, FAR = 2, dt.date(9999, 12, 31)
BEST = "best possible scan: page "
AT_ONCE = 1000


def upgrade() -> None:
    item = _work_tables()
    reason = op.create_table(
        "work_reason",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["work_item.document"],
            name=op.f("fk_work_reason_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document", "reason", name=op.f("pk_work_reason")),
    )
    op.create_index(
        "ix_work_reason_order", "work_reason", ["reason", "place", "due", "seq"]
    )
    _side_tables()
    _correction_table()
    _station_tables()
    op.create_index("ix_history_event_at", "history", ["event", "at"])
    refuse_changes("batch_word")
    refuse_changes("escalation")
    refuse_changes("correction")
    _fill(item, reason)


def _work_tables() -> sa.Table:
    item = op.create_table(
        "work_item",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_work_item_document")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_work_item")),
    )
    order = ["place", "due", "seq"]
    op.create_index("ix_work_item_order", "work_item", order)
    for one in ("seq", "ranked", "holder", "until", "patient"):
        op.create_index(f"ix_work_item_{one}", "work_item", [one])
    there = sa.text("escalated IS NOT NULL")
    op.create_index(
        "ix_work_item_escalated",
        "work_item",
        ["escalated"],
        sqlite_where=there,
        postgresql_where=there,
    )
    for one in ("type", "station"):
        op.create_index(f"ix_work_item_{one}_order", "work_item", [one, *order])
    return item


def _side_tables() -> None:
    op.create_table(
        "pending_answer",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_pending_answer_document")
        ),
        sa.ForeignKeyConstraint(
            ["answer"], ["answer.seq"], name=op.f("fk_pending_answer_answer")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_pending_answer")),
    )
    op.create_table(
        "escalation",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_escalation_document")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_document"), "escalation", ["document"])
    op.create_table(
        "appointment",
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("patient", name=op.f("pk_appointment")),
    )
    op.create_table(
        "poor_page",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_poor_page")),
    )


def _correction_table() -> None:
    op.create_table(
        "correction",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("retracts", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_correction_document")
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["filed.id"], name=op.f("fk_correction_version")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_correction")),
    )
    for one in ("document", "version"):
        op.create_index(op.f(f"ix_correction_{one}"), "correction", [one])


def _station_tables() -> None:
    op.create_table(
        "first_look",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("sides", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"], ["batch.id"], name=op.f("fk_first_look_batch")
        ),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_first_look")),
    )
    op.create_table(
        "batch_word",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"], ["batch.id"], name=op.f("fk_batch_word_batch")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_batch_word")),
    )
    op.create_index(op.f("ix_batch_word_batch"), "batch_word", ["batch"])


def _fill(item: sa.Table, reason: sa.Table) -> None:
    """What waits in a folder of an older Chartfiler."""
    rows = op.get_bind()
    rows.execute(sa.text(PENDING))
    rows.execute(sa.text(POOR), {"again": '%"again":["%', "best": BEST})
    found = rows.execute(sa.text(OPEN).columns(at=sa.DateTime(timezone=True)))
    for some in _portions(found):
        rows.execute(sa.insert(item), [_item(row) for row in some])
        reasons = [
            {
                "document": row.document,
                "reason": one,
                "place": BY_AGE,
                "due": FAR,
                "seq": row.seq,
            }
            for row in some
            for one in dict.fromkeys(
                doubt["reason"] for doubt in json.loads(row.review)[0]["reasons"]
            )
        ]
        rows.execute(sa.insert(reason), reasons)


def _item(row: Any) -> dict[str, object]:  # noqa: ANN401 - a row, known by its columns
    at: dt.datetime = row.at
    return {
        "document": row.document,
        "seq": row.seq,
        "batch": row.batch,
        "station": json.loads(row.sidecar)[0].get("station") or row.station,
        "at": at if at.tzinfo else at.replace(tzinfo=dt.UTC),
        "ranked": False,
        "place": BY_AGE,
        "due": FAR,
        "type": "",
    }


def _portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(itertools.islice(left, AT_ONCE)):
        yield some


PENDING = """
INSERT INTO pending_answer (document, answer)
SELECT document, max(seq) FROM answer GROUP BY document
HAVING max(seq) NOT IN (SELECT answer FROM answered)
"""
POOR = """
INSERT INTO poor_page (batch, number)
SELECT batch, number FROM page WHERE quality LIKE :again AND NOT EXISTS (
    SELECT 1 FROM history
    WHERE history.batch = page.batch AND history.event = :best || page.number)
"""
OPEN = """
SELECT asked.document, asked.seq, asked.at, document.batch, batch.station,
    batch.sidecar, coalesce(weighed.review, asked.review) AS review
FROM asked
JOIN document ON document.id = asked.document
JOIN batch ON batch.id = document.batch
LEFT JOIN weighed ON weighed.document = asked.document AND weighed.seq = (
    SELECT max(later.seq) FROM weighed AS later
    WHERE later.document = asked.document)
WHERE NOT EXISTS (SELECT 1 FROM filed WHERE filed.document = asked.document)
    AND NOT EXISTS (SELECT 1 FROM rejection WHERE rejection.document = asked.document)
ORDER BY asked.seq
"""
