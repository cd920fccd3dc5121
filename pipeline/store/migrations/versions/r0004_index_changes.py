"""When the index became another, who may be taken for whom, reviews weighed again."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _changes()
    op.create_table(
        "name_alert",
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("patient", "other", name=op.f("pk_name_alert")),
    )
    op.create_index(op.f("ix_name_alert_other"), "name_alert", ["other"], unique=False)
    op.create_table(
        "weighed",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_weighed_document")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_weighed")),
    )
    op.create_index(op.f("ix_weighed_document"), "weighed", ["document"], unique=False)
    refuse_changes("weighed")
    op.create_table(
        "weighed_until",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_weighed_until_document")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_weighed_until")),
    )


def _changes() -> None:
    op.create_table(
        "index_change",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_index_change")),
    )
    _patients_before()
    refuse_changes("index_change")


def _patients_before() -> None:
    """A list that came in before lists had a time is as true as its import was new."""
    here = op.get_bind()
    if here.execute(sa.text("SELECT 1 FROM patient LIMIT 1")).first() is None:
        return
    said = here.execute(
        sa.text(
            "SELECT max(at) FROM audit WHERE did = 'imported' AND what = 'patients'"
        )
    ).scalar()
    at = dt.datetime.fromisoformat(said) if said else dt.datetime.now(dt.UTC)
    changes = sa.table(
        "index_change",
        sa.column("did", sa.Text()),
        sa.column("by", sa.Text()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("as_of", sa.DateTime(timezone=True)),
    )
    row = {"did": "imported patients before", "by": "migration", "at": at, "as_of": at}
    op.bulk_insert(changes, [row])
