"""The pages of older versions, and pages that one batch lends to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "version_pages",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["filed.id"], name=op.f("fk_version_pages_version")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_version_pages")),
    )
    op.create_table(
        "lent_page",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_batch", sa.Text(), nullable=False),
        sa.Column("from_number", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "number"],
            ["source_page.batch", "source_page.number"],
            name=op.f("fk_lent_page_batch_number"),
        ),
        sa.ForeignKeyConstraint(
            ["from_batch", "from_number"],
            ["source_page.batch", "source_page.number"],
            name=op.f("fk_lent_page_from_batch_from_number"),
        ),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_lent_page")),
    )
    op.create_index(
        "uq_lent_page_batch_from",
        "lent_page",
        ["batch", "from_batch", "from_number"],
        unique=True,
    )
    op.create_index(
        "ix_lent_page_from_batch_from_number",
        "lent_page",
        ["from_batch", "from_number"],
    )
    for table in ("version_pages", "lent_page"):
        refuse_changes(table)
