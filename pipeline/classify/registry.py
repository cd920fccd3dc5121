"""The types of paper that a house calls its own: how a list gives them, what may stand.

A local type may be like a shipped one; what its row leaves empty it takes from there.
A column that the list does not have leaves what is known. Of a shipped type a site
changes what is the site's alone: codes of its systems, synonyms, whether it is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from pipeline.document import DocumentType, EncounterRule, Priority, TypeFacts
from pipeline.lists import BadRow, Row, Unfit, needed_in, read_list, rows_of

COLUMNS = (
    "key", "title", "loinc", "category", "retention", "flags", "priority",
    "original_required", "encounter", "codes", "synonyms", "forms", "like", "retired",
)  # fmt: skip
FLAGS = frozenset({"PSY", "SUD", "HIV", "STD", "SEX", "GDIS", "ADOL", "LEGAL", "ID"})
NO_FLAGS = "-"  # written where a type is less sensitive than the one it is like
_OF_THE_SITE = ("codes", "synonyms", "forms", "retired")
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TARGET = re.compile(r"[a-z][a-z0-9_-]*")
_FORM_SIGNS = 3
_LOINC = re.compile(r"(\d{1,7})-(\d)")

Types = Mapping[DocumentType, TypeFacts]


def read_types(file: Path, known: Types) -> Iterator[TypeFacts | BadRow]:
    """Every row of the list as the type that it makes of what is known.

    Raises UnreadableFile if it is no such list in UTF-8.
    """
    yield from read_list(file, lambda lines: types_in(lines, known))


def types_in(lines: Iterable[str], known: Types) -> Iterator[TypeFacts | BadRow]:
    """The same from lines of text."""
    seen: set[DocumentType] = set()
    for line, row in rows_of(lines, ("key",), COLUMNS):
        try:
            facts = type_of(row, known)
        except Unfit as unfit:
            yield BadRow(line, str(unfit))
            continue
        if facts.key in seen:
            yield BadRow(line, "key: already given on an earlier line")
        else:
            seen.add(facts.key)
            yield facts


def type_of(row: Row, known: Types) -> TypeFacts:
    """The type that this row's columns make of what is known; raises Unfit."""
    key = _key(needed_in(row, "key"))
    old = known.get(key)
    if old is not None and not old.local:
        return _same_but(old, _facts(row, old, old), row)
    like = old.like if old else None
    if "like" in row:
        like = _like(row["like"], known)
    facts = _facts(row, old, known.get(like) if like else None)
    classes = {one.retention for one in known.values() if not one.local}
    if facts.retention not in classes:
        raise Unfit(f"retention: one of {', '.join(sorted(classes))}")
    return replace(facts, key=key, like=like, local=True)


def laid_over(
    shipped: Types, own: Iterable[TypeFacts]
) -> dict[DocumentType, TypeFacts]:
    """The shipped types with what a site says of them, then the site's own."""
    types = dict(shipped)
    for one in own:
        if one.key in shipped:
            said = {name: getattr(one, name) for name in _OF_THE_SITE}
            types[one.key] = replace(shipped[one.key], **said)
        else:
            types[one.key] = replace(one, local=True)
    return types


def with_codes(facts: TypeFacts, codes: Iterable[tuple[str, str]]) -> TypeFacts:
    """The type with these codes of target systems; an empty one takes it away.

    Raises Unfit.
    """
    now = dict(facts.codes)
    for target, code in codes:
        if not _TARGET.fullmatch(target.lower()):
            raise Unfit("a target system is named in letters, digits, - and _")
        now[target.lower()] = code.strip()
    return replace(facts, codes=tuple((t, c) for t, c in sorted(now.items()) if c))


def as_row(facts: TypeFacts) -> Row:
    """The type as a row of a list that makes just this type again."""
    return {
        "key": facts.key,
        "title": facts.title,
        "loinc": facts.loinc,
        "category": facts.category,
        "retention": facts.retention,
        "flags": ";".join(facts.flags) or NO_FLAGS,
        "priority": facts.priority,
        "original_required": _yes(facts.original_required),
        "encounter": facts.encounter,
        "codes": ";".join(f"{target}:{code}" for target, code in facts.codes),
        "synonyms": ";".join(facts.synonyms),
        "forms": ";".join(facts.forms),
        "like": facts.like or "",
        "retired": _yes(facts.retired),
    }


def _facts(row: Row, old: TypeFacts | None, base: TypeFacts | None) -> TypeFacts:
    """``old``: what stands; ``base``: what counts where the row leaves a cell empty."""
    facts: dict[str, object] = {}
    for column, parse in _PARSERS.items():
        if row.get(column):
            facts[column] = parse(row[column])
        elif column not in row and old is not None:
            facts[column] = getattr(old, column)
        elif base is not None and (base is old or column in _INHERITED):
            facts[column] = getattr(base, column)
        elif column in _NEEDED:
            raise Unfit(f"{column}: empty")
    key = _key(row["key"])
    return TypeFacts(key=key, **facts)  # type: ignore[arg-type]  # each was parsed for its column


def _same_but(shipped: TypeFacts, facts: TypeFacts, row: Row) -> TypeFacts:
    """``facts``, if they change nothing of a shipped type but what is the site's."""
    for column in (*_PARSERS, "like"):
        changed = getattr(facts, column) != getattr(shipped, column)
        if column not in _OF_THE_SITE and (changed or row.get("like")):
            raise Unfit(
                f"{column if changed else 'like'}: a shipped type keeps its own; add a"
                " local type like it, or set it in DATA/config/document_types.toml"
            )
    return facts


def _key(said: str) -> DocumentType:
    key = said.lower()
    if not _KEY.fullmatch(key):
        raise Unfit("key: not 1 to 64 letters, digits, dots, - and _")
    if _LOINC.fullmatch(key):
        raise Unfit(
            "key: looks like a LOINC code, which a cover sheet may name as well"
        )
    return DocumentType(key)


def _like(said: str, known: Types) -> DocumentType | None:
    if not said:
        return None
    found = known.get(DocumentType(said.lower()))
    if found is None or found.local:
        raise Unfit("like: not the key of a shipped type")
    return found.key


def _loinc(said: str) -> str:
    found = _LOINC.fullmatch(said)
    if not found:
        raise Unfit("loinc: not a code like 18842-5")
    digits = [int(d) for d in reversed(found[1])]
    doubled = "".join(str(d * 2 if n % 2 == 0 else d) for n, d in enumerate(digits))
    if -sum(map(int, doubled)) % 10 != int(found[2]):
        raise Unfit("loinc: its check digit does not fit; look for a typing error")
    return said


def _flags(said: str) -> tuple[str, ...]:
    flags = () if said == NO_FLAGS else tuple(part.upper() for part in _parts(said))
    if not FLAGS.issuperset(flags):
        raise Unfit(f"flags: known are {', '.join(sorted(FLAGS))}, parted by ;")
    return tuple(dict.fromkeys(flags))


def _priority(said: str) -> str:
    if said.lower() not in get_args(Priority):
        raise Unfit("priority: stat or routine")
    return said.lower()


def _encounter(said: str) -> str:
    if said.lower() not in get_args(EncounterRule):
        raise Unfit("encounter: none, allowed or required")
    return said.lower()


def _truth(column: str) -> Callable[[str], bool]:
    def parse(said: str) -> bool:
        if said.lower() not in ("yes", "no"):
            raise Unfit(f"{column}: yes or no")
        return said.lower() == "yes"

    return parse


def _codes(said: str) -> tuple[tuple[str, str], ...]:
    codes: dict[str, str] = {}
    for part in _parts(said):
        target, _, code = (piece.strip() for piece in part.partition(":"))
        if not (_TARGET.fullmatch(target.lower()) and code):
            raise Unfit("codes: not target:code, parted by ;")
        if target.lower() in codes:
            raise Unfit("codes: one target twice")
        codes[target.lower()] = code
    return tuple(sorted(codes.items()))


def _forms(said: str) -> tuple[str, ...]:
    forms = tuple(dict.fromkeys(_parts(said)))
    if any(len(re.findall(r"[^\W_]", form)) < _FORM_SIGNS for form in forms):
        raise Unfit("forms: a form's number has three letters and digits or more")
    if not all(re.search(r"\d", form) for form in forms):
        raise Unfit("forms: a form's number has a digit")
    return forms


def _parts(said: str) -> Sequence[str]:
    return [part.strip() for part in said.split(";") if part.strip()]


def _yes(truth: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return "yes" if truth else ""


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "title": str,
    "loinc": _loinc,
    "category": str,
    "retention": str,
    "flags": _flags,
    "priority": _priority,
    "original_required": _truth("original_required"),
    "encounter": _encounter,
    "codes": _codes,
    "synonyms": lambda said: tuple(dict.fromkeys(_parts(said))),
    "forms": _forms,
    "retired": _truth("retired"),
}
_NEEDED = ("title", "loinc", "retention")
_INHERITED = frozenset(
    {
        "loinc",
        "category",
        "retention",
        "flags",
        "priority",
        "original_required",
        "encounter",
    }
)
