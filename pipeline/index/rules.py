"""What the index is told about a site, before any page is looked at.

Apart from cut.py, so that a command has these without loading all that looks at pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.document import DocumentType
from pipeline.index.cluerules import ClueRules
from pipeline.index.formtypes import FormTable
from pipeline.index.matchrules import MatchRules

NAME = "index 9"  # who made a cut; the next number where the rules of cut.py change


@dataclass(frozen=True, slots=True)
class IndexRules:
    """config/identity.toml, and what is known of document types.

    ``type_codes``: what a cover may call a type, as typecodes.py makes it;
    ``shipped_kinds``: the shipped type that a local one is like; ``forms``: which types
    the number of a form speaks for.
    """

    clues: ClueRules
    match: MatchRules = field(default_factory=MatchRules)
    type_codes: Mapping[str, DocumentType] = field(default_factory=dict)
    shipped_kinds: Mapping[DocumentType, DocumentType] = field(default_factory=dict)
    forms: FormTable = field(default_factory=dict)
    timezone: dt.tzinfo = dt.UTC  # of dates on paper
    name: str = NAME
