"""How right the machine is: its answers, people's checks, lanes and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0003"
down_revision = "0002"


NEW = ("machine_answer", "verification", "lane_event", "certificate", "site_key")


def upgrade() -> None:
    _of_a_document("machine_answer", sa.Column("answer", sa.Text(), nullable=False))
    op.create_index(
        op.f("ix_machine_answer_document"), "machine_answer", ["document"], unique=False
    )
    by = sa.Column("by", sa.Text(), nullable=False)
    _of_a_document(
        "verification", by, sa.Column("verification", sa.Text(), nullable=False)
    )
    op.create_index(
        "uq_verification_document_by", "verification", ["document", "by"], unique=True
    )
    _of_the_site("lane_event", sa.Column("event", sa.Text(), nullable=False))
    _of_the_site("certificate", sa.Column("certificate", sa.Text(), nullable=False))
    op.create_table(
        "site_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_key")),
    )
    for table in NEW:
        refuse_changes(table)


def _of_a_document(table: str, *own: sa.Column[str]) -> None:
    _of_the_site(
        table,
        sa.Column("document", sa.Text(), nullable=False),
        *own,
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f(f"fk_{table}_document_document")
        ),
    )


def _of_the_site(table: str, *own: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        *own,
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}")),
    )
