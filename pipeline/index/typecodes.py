"""What a type is called on paper: its key, or a LOINC code that means one type only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.document import DocumentType, TypeFacts


def type_codes(types: Iterable[TypeFacts]) -> dict[str, DocumentType]:
    """Key or LOINC code -> type, for every type that may still be given.

    A code that several types share means the shipped one; among local ones only it
    means none, for a code cannot tell which of them was meant.
    """
    live = [one for one in types if not one.retired]
    sharing: dict[str, list[TypeFacts]] = {}
    for one in live:
        sharing.setdefault(one.loinc, []).append(one)
    codes = {code: key for code, some in sharing.items() if (key := _meant(some))}
    return codes | {one.key: one.key for one in live}


def shipped_kinds(types: Iterable[TypeFacts]) -> Mapping[DocumentType, DocumentType]:
    """Local type -> the shipped one that it is like."""
    return {one.key: one.like for one in types if one.like}


def _meant(sharing: list[TypeFacts]) -> DocumentType | None:
    some = [one for one in sharing if not one.local] or sharing
    return some[0].key if len(some) == 1 else None
