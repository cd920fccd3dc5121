"""How right the machine is: its answers, people's checks, lanes and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "machine_answer",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["document.id"],
            name=op.f("fk_machine_answer_document_document"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_machine_answer")),
    )
    op.create_index(
        op.f("ix_machine_answer_document"), "machine_answer", ["document"], unique=False
    )
    op.create_table(
        "verification",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["document.id"],
            name=op.f("fk_verification_document_document"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_verification")),
    )
    op.create_index(
        "uq_verification_document_by", "verification", ["document", "by"], unique=True
    )
    for name, content in (("lane_event", "event"), ("certificate", "certificate")):
        op.create_table(
            name,
            sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
            sa.Column(content, sa.Text(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "site_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_key")),
    )
    for table in (
        "machine_answer",
        "verification",
        "lane_event",
        "certificate",
        "site_key",
    ):
        refuse_changes(table)
