"""What the house's types of today add to the rules: their codes, kinds and forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.document import TypeFacts
from pipeline.index.formtypes import declared, together
from pipeline.index.rules import IndexRules
from pipeline.index.typecodes import shipped_kinds, type_codes


def with_types(rules: IndexRules, types: Iterable[TypeFacts]) -> IndexRules:
    """The rules, with every type as it is now."""
    known = tuple(types)
    told = declared(known)
    return replace(
        rules,
        type_codes=type_codes(known),
        shipped_kinds=shipped_kinds(known),
        forms=together(rules.forms, told),
        clues=replace(rules.clues, forms=frozenset(told)),
    )
