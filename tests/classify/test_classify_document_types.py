"""config/document_types.toml has the shape that wiring turns into TypeFacts."""

import re
import tomllib
from pathlib import Path

from pipeline.classify.registry import FLAGS
from pipeline.document import DocumentType, TypeFacts

_FILE = Path(__file__).parents[2] / "config" / "document_types.toml"


def rows() -> list[TypeFacts]:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    assert set(tables) == {"type"}
    return [
        TypeFacts(
            key=DocumentType(row.pop("key")),
            loinc=row.pop("loinc"),
            title=row.pop("title"),
            retention=row.pop("retention"),
            flags=tuple(row.pop("flags")),
            priority=row.pop("priority", "routine"),
        )
        for row in tables["type"]
        if row
    ]


def test_42_types_each_with_its_own_key_and_code() -> None:
    found = rows()
    assert len(found) == 42
    assert len({row.key for row in found}) == len({row.loinc for row in found}) == 42


def test_every_fact_is_given_and_every_flag_is_known() -> None:
    for row in rows():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row.key)
        assert row.title
        assert row.retention
        assert set(row.flags) <= FLAGS


def test_loinc_check_digits_hold() -> None:
    for row in rows():
        number, _, check = row.loinc.partition("-")
        doubled = "".join(
            str(int(d) * 2) if i % 2 == 0 else d for i, d in enumerate(reversed(number))
        )
        assert -sum(map(int, doubled)) % 10 == int(check), row.key
