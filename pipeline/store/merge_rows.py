"""Who became whom: merged records lead to their survivor, edges resolved when read.

An edge is the list's (``merged_into``, the surviving MRN) or a steward's (``alias_of``,
the row itself), which counts first and outlives the next list. Nothing is moved along
an edge, so that taking it away gives back what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from pipeline.document import Identifier, Name, Patient, PatientId
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import old_number, patient
from pipeline.store.schema import AnyRow

OLD = "MR"  # the type of a number of the crosswalk


def survives(row: Any = patient.c) -> ColumnElement[bool]:  # noqa: ANN401 - columns, aliased or not
    """Whether a row was merged into no other."""
    return and_(row.merged_into.is_(None), row.alias_of.is_(None))


def count_survivors(connection: Connection) -> int:
    """People, not rows. Numbers are given out in turn, so the last one counts rows."""
    merged, alias = patient.c.merged_into, patient.c.alias_of
    total: int = connection.scalar(select(func.max(patient.c.number))) or 0
    for gone in (merged.is_not(None), alias.is_not(None) & merged.is_(None)):
        total -= connection.scalar(select(func.count()).where(gone)) or 0  # by index
    return total


def merged_ids(connection: Connection, patient_: PatientId) -> tuple[PatientId, ...]:
    """This row and every one that was merged into it, itself first."""
    own = connection.execute(people([patient_])).all()
    merged = merged_rows(connection, own)
    return (patient_, *(PatientId(row.id) for rows in merged.values() for row in rows))


def people(ids: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """The rows with these ids, as they stand."""
    return select(patient).where(patient.c.id.in_(list(ids)))


def survivors(connection: Connection, ids: Iterable[str]) -> tuple[Patient, ...]:
    """The people in whom these rows live on, each once, by id."""
    rows = [
        row for some in portions(ids) for row in connection.execute(people(some)).all()
    ]
    return tuple(sorted(survivors_of(connection, rows), key=lambda one: one.id))


def survivors_of(connection: Connection, rows: Sequence[AnyRow]) -> tuple[Patient, ...]:
    """The same of rows that were fetched, in their order."""
    ends: dict[str, AnyRow] = {}
    became: dict[str, str] = {}
    level = list(rows)
    seen: set[str] = set()
    while level:
        seen.update(row.id for row in level)
        ends.update({row.id: row for row in level if _is_end(row)})
        targets = _targets(connection, [row for row in level if not _is_end(row)])
        became |= {id_: row.id for id_, row in targets.items()}
        level = [row for row in targets.values() if row.id not in seen]
    led_to = (_end_of(row.id, became) for row in rows)
    order = [end for end in dict.fromkeys(led_to) if end in ends]
    merged = merged_rows(connection, [ends[id_] for id_ in order])
    older = _old_numbers(
        connection, [*order, *(r.id for some in merged.values() for r in some)]
    )
    return tuple(_whole(ends[id_], merged.get(id_, []), older) for id_ in order)


def _end_of(id_: str, became: Mapping[str, str]) -> str:
    """Where a row leads; "" where merges run in a circle, for then nobody is left."""
    seen: set[str] = set()
    while id_ in became:
        if id_ in seen:
            return ""
        seen.add(id_)
        id_ = became[id_]
    return id_


def _is_end(row: AnyRow) -> bool:
    return row.merged_into is None and row.alias_of is None


def _targets(connection: Connection, rows: Sequence[AnyRow]) -> dict[str, AnyRow]:
    """The row that each of these was merged into, by the id of the merged one.

    The surviving number counts at the same facility first; else only one may have it.
    """
    by_id: dict[str, AnyRow] = {}
    for some in portions({row.alias_of for row in rows if row.alias_of}):
        by_id |= {row.id: row for row in connection.execute(people(some))}
    with_mrn: dict[str, list[AnyRow]] = {}
    for some in portions({row.merged_into for row in rows if not row.alias_of}):
        for row in connection.execute(select(patient).where(patient.c.mrn.in_(some))):
            with_mrn.setdefault(row.mrn, []).append(row)
    found = {}
    for row in rows:
        if row.alias_of:
            there = [by_id[row.alias_of]] if row.alias_of in by_id else []
        else:
            there = with_mrn.get(row.merged_into, [])
        same = [other for other in there if other.facility == row.facility]
        for target in same or (there if len(there) == 1 else []):
            found[row.id] = target
    return found


def merged_rows(
    connection: Connection, ends: Sequence[AnyRow]
) -> dict[str, list[AnyRow]]:
    """The rows that were merged into each of these, directly or by way of others."""
    root = {end.id: end.id for end in ends}
    found: dict[str, list[AnyRow]] = {}
    level = list(ends)
    while level:
        into = _merged_into(connection, level)
        became = _targets(connection, into)
        level = []
        for row in into:
            target = became.get(row.id)
            if row.id in root or target is None or target.id not in root:
                continue
            root[row.id] = root[target.id]
            found.setdefault(root[row.id], []).append(row)
            level.append(row)
    return found


def _merged_into(connection: Connection, level: Sequence[AnyRow]) -> list[AnyRow]:
    """Rows that may have been merged into these."""
    found: dict[str, AnyRow] = {}
    for some in portions(level):
        mrns, ids = {row.mrn for row in some}, {row.id for row in some}
        for column, values in (
            (patient.c.merged_into, mrns),
            (patient.c.alias_of, ids),
        ):
            query = select(patient).where(column.in_(values)).order_by(patient.c.id)
            found |= {row.id: row for row in connection.execute(query)}
    return list(found.values())


def _old_numbers(
    connection: Connection, ids: Sequence[str]
) -> dict[str, list[Identifier]]:
    found: dict[str, list[Identifier]] = {}
    for some in portions(ids):
        query = select(old_number).where(old_number.c.patient.in_(some))
        for row in connection.execute(
            query.order_by(old_number.c.authority, old_number.c.value)
        ):
            number = Identifier(row.value, row.authority, OLD)
            found.setdefault(row.patient, []).append(number)
    return found


def _whole(
    row: AnyRow, merged: Sequence[AnyRow], older: dict[str, list[Identifier]]
) -> Patient:
    """The survivor with the numbers and names of the records merged into it."""
    person = PATIENT.of_text(row.facts)
    old = older.get(row.id, [])
    if not merged and not old:
        return person
    names, identifiers = list(person.names), [*person.identifiers, *old]
    for other in merged:
        gone = PATIENT.of_text(other.facts)
        names += [replace(name, alias=True) for name in gone.names]
        identifiers += [
            Identifier(gone.mrn, gone.facility, "MR"),
            *gone.identifiers,
            *older.get(other.id, []),
        ]
    return replace(
        person, names=_each_once(names), identifiers=tuple(dict.fromkeys(identifiers))
    )


def _each_once(names: Iterable[Name]) -> tuple[Name, ...]:
    """Names in order, without an alias that says the same as a name before it."""
    found: dict[Name, Name] = {}
    for name in names:
        found.setdefault(replace(name, alias=False), name)
    return tuple(found.values())
