"""``types``: the house's own types of paper, listed, imported, mapped and retired."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.classify.registry import (
    COLUMNS,
    as_row,
    read_types,
    type_of,
    with_codes,
)
from pipeline.commands.importing import import_rows
from pipeline.commands.user import clerk_name
from pipeline.document import DocumentType, TypeFacts
from pipeline.errors import InputError
from pipeline.lists import BadRow, Fields, Unfit, write_list
from pipeline.site import Site


def show_types(site: Site, key: str | None, out: Console, *, how: str) -> None:
    """All types, as a table, "json" or "csv"; with a key, how it came to be so."""
    if key is not None:
        _show_history(site, _known(site, key), out)
        return
    types = list(site.type_facts.now().values())
    if how == "json":
        for facts in types:
            out.file.write(json.dumps(asdict(facts) | {"codes": dict(facts.codes)}))
            out.file.write("\n")
    elif how == "csv":
        out.file.write(_csv(types))
    else:
        out.print(_table(types))


def import_types(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""
    known = site.type_facts.now()
    changed: list[DocumentType] = []

    def keep(rows: list[TypeFacts]) -> Sequence[BadRow]:
        new = [facts for facts in rows if known.get(facts.key) != facts]
        changed.extend(site.types.keep(new, "imported", clerk_name()))
        return ()

    import_rows(read_types(file, known), keep, "types", out)
    out.print(f"{len(changed)} of them are new or changed", highlight=False)


def add_type(site: Site, key: str, said: Iterable[str], out: Console) -> None:
    """Add a type, or change what is said of one that is there."""
    row = Fields({"key": key})
    for column, value in _pairs(said, "title='Complete blood count'"):
        if column not in COLUMNS or column == "key":
            raise InputError(f"there is no {column}: one of {', '.join(COLUMNS[1:])}")
        row[column] = " ".join(value.split())
    try:
        facts = type_of(row, site.type_facts.now())
    except Unfit as unfit:
        raise InputError(f"{unfit}; say it as column=value") from None
    _keep(site, facts, "added", out)


def map_type(site: Site, key: str, said: Iterable[str], out: Console) -> None:
    """Give a type its codes in other systems; an empty code takes one away."""
    codes = _pairs(said, "epic=4471")
    try:
        facts = with_codes(_known(site, key), codes)
    except Unfit as unfit:
        raise InputError(f"{unfit}: say it as epic=4471") from None
    _keep(site, facts, "mapped", out)


def retire_type(site: Site, key: str, out: Console) -> None:
    """Offer and give a type no more; what is filed as it stays as it is."""
    _keep(site, replace(_known(site, key), retired=True), "retired", out)


def _keep(site: Site, facts: TypeFacts, did: str, out: Console) -> None:
    same = site.type_facts.get(facts.key) == facts
    changed = not same and site.types.keep([facts], did, clerk_name())
    told = f"{did} {facts.key}" if changed else f"{facts.key} is just so already"
    out.print(told, highlight=False, markup=False)


def _known(site: Site, key: str) -> TypeFacts:
    found = site.type_facts.get(DocumentType(key.strip().lower()))
    if found is None:
        raise InputError("no type has this key; chartfiler types list tells them")
    return found


def _pairs(said: Iterable[str], example: str) -> list[tuple[str, str]]:
    pairs = [tuple(one.partition("=")) for one in said]
    if not pairs or any(sign != "=" for _, sign, _ in pairs):
        raise InputError(f"say it with an equals sign between: {example}")
    return [(name.strip().lower(), value) for name, _, value in pairs]


def _table(types: Iterable[TypeFacts]) -> Table:
    table = Table("key", "title", "LOINC", "retention", "like", "codes", "notes")
    for facts in types:
        table.add_row(
            facts.key,
            escape(facts.title),
            facts.loinc,
            facts.retention,
            facts.like or "",
            escape(", ".join(f"{target} {code}" for target, code in facts.codes)),
            ", ".join(_notes(facts)),
        )
    return table


def _notes(facts: TypeFacts) -> list[str]:
    said = {
        "retired": facts.retired,
        "STAT": facts.priority == "stat",
        "keep original": facts.original_required,
        f"encounter {facts.encounter}": facts.encounter != "allowed",
    }
    return [*(word for word, holds in said.items() if holds), *facts.flags]


def _show_history(site: Site, facts: TypeFacts, out: Console) -> None:
    table = Table("when", "who", "did", "and so")
    for change in site.types.history(facts.key):
        row = as_row(change.facts)
        told = ", ".join(f"{c} {row[c]}" for c in COLUMNS[1:] if row[c])
        when = f"{change.at:%Y-%m-%d %H:%M}"
        table.add_row(when, escape(change.by), change.did, escape(told))
    out.print(table if table.row_count else "as it is shipped, never changed here")


def _csv(types: Iterable[TypeFacts]) -> str:
    lines = io.StringIO()
    write_list(lines, COLUMNS, (as_row(facts) for facts in types))
    return lines.getvalue()
