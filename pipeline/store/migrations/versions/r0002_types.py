"""The site's own types of paper: each change a row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "type_change",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_type_change")),
    )
    op.create_index(op.f("ix_type_change_key"), "type_change", ["key"], unique=False)
    refuse_changes("type_change")
