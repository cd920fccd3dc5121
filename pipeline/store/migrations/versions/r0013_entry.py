"""Data entry: what people keyed of filed papers, and what waits to be keyed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "entry_key",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["filed.id"], name=op.f("fk_entry_key_version")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entry_key")),
    )
    for one in ("version", "at"):
        op.create_index(op.f(f"ix_entry_key_{one}"), "entry_key", [one])
    op.create_table(
        "entry_work",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("filed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("finished", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"], ["filed.id"], name=op.f("fk_entry_work_version")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_entry_work")),
    )
    op.create_index("ix_entry_work_order", "entry_work", ["wants", "filed"])
    op.create_index("ix_entry_work_type_filed", "entry_work", ["type", "filed"])
    refuse_changes("entry_key")
