"""The index for ten million: keys and people as numbers, words of names, a steward."""

from __future__ import annotations

from hashlib import blake2b
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0006"
down_revision = "0005"

_AT_ONCE = 5000


def upgrade() -> None:
    op.add_column("patient", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column("patient", sa.Column("found_by", sa.LargeBinary(), nullable=True))
    op.add_column("patient", sa.Column("alias_of", sa.Text(), nullable=True))
    op.drop_index("ix_patient_born", "patient")
    op.drop_index("ix_patient_merged_into", "patient")
    _new_tables()
    _keys_of_before()
    op.drop_table("patient_key_before")
    op.drop_table("patient_word")
    op.create_index("uq_patient_number", "patient", ["number"], unique=True)
    for column in ("merged_into", "alias_of"):
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_patient_{column}",
            "patient",
            [column],
            sqlite_where=some,
            postgresql_where=some,
        )


def _new_tables() -> None:
    op.drop_index("ix_patient_key_patient", "patient_key")
    op.rename_table("patient_key", "patient_key_before")
    op.create_table(
        "patient_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "patient", name=_key_name()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "keyed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed")),
    )
    op.create_table(
        "name_word",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("sound", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_name_word")),
    )
    op.create_index("ix_name_word_word", "name_word", ["word"])
    op.create_index("ix_name_word_sound", "name_word", ["sound"])
    op.create_table(
        "old_number",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient"], ["patient.id"], name=op.f("fk_old_number_patient")
        ),
        sa.PrimaryKeyConstraint("value", "authority", name=op.f("pk_old_number")),
    )
    op.create_index("ix_old_number_patient", "old_number", ["patient"])
    _steward()


def _key_name() -> str:
    """PostgreSQL keeps a constraint's name when its table is renamed; it is taken."""
    taken = op.get_bind().dialect.name == "postgresql"
    return op.f("pk_patient_key_number" if taken else "pk_patient_key")


def _steward() -> None:
    op.create_table(
        "steward",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=True),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_steward")),
    )
    op.create_index(op.f("ix_steward_patient"), "steward", ["patient"])
    op.create_index(op.f("ix_steward_other"), "steward", ["other"])
    refuse_changes("steward")


def _keys_of_before() -> None:
    """Everybody is found as before; by sound or typo after the next import."""
    here = op.get_bind()
    count = sa.text(
        "UPDATE patient SET number = :number, found_by = :keys WHERE id = :id"
    )
    find = sa.text("INSERT INTO patient_key (key, patient) VALUES (:key, :patient)")
    ids = here.execute(sa.text("SELECT id FROM patient ORDER BY id")).scalars().all()
    kept = here.execute(
        sa.text("SELECT patient, key FROM patient_key_before ORDER BY patient")
    )
    keys = {
        id_: sorted({_number(row.key) for row in some})
        for id_, some in groupby(kept, key=lambda row: row.patient)
    }
    for begin in range(0, len(ids), _AT_ONCE):
        some = list(enumerate(ids[begin : begin + _AT_ONCE], begin + 1))
        rows = [
            {"id": i, "number": n, "keys": _packed(keys.get(i, []))} for n, i in some
        ]
        here.execute(count, rows)
        pairs = [{"key": k, "patient": n} for n, i in some for k in keys.get(i, [])]
        if pairs:
            here.execute(find, pairs)
    here.execute(sa.text("INSERT INTO keyed VALUES (1, :upto)"), {"upto": len(ids)})


def _number(key: str) -> int:
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _packed(keys: list[int]) -> bytes:
    return b"".join(key.to_bytes(8, "little", signed=True) for key in keys)
