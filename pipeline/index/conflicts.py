"""What forbids to file, or asks for a closer look, however well a patient fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.document import Patient
from pipeline.finding import Clue, Evidence
from pipeline.index.alike import names_other
from pipeline.index.centuries import as_held
from pipeline.index.channel import digits_apart, is_swapped
from pipeline.index.evidence import Known, owners
from pipeline.index.keys import ACCOUNTS, NUMBERS, iso_day
from pipeline.index.lookalikes import Alert, likeness
from pipeline.index.names import fold, name_from_value
from pipeline.index.numbers import MrnFormat, check, normalise

_DATE_DIGITS = 2  # so many other digits are no slip of the pen


def contradictions(
    clues: Iterable[Clue],
    best: Patient,
    others: Sequence[Patient],
    known: Known,
    form: MrnFormat,
) -> tuple[Evidence, ...]:
    """Legible identifiers of the page's subject that belong to someone else.

    Other roles, other houses' numbers and retired ones are not asked.
    """
    found: dict[tuple[str, str], Evidence] = {}
    people = (best, *(o for o in others if o.id != best.id))
    for clue in clues:
        if clue.role == "subject" and _speaks_against(clue, best, people, known, form):
            source = _SOURCES[clue.field]
            found.setdefault(
                (source, clue.value),
                Evidence(source, 0.0, clue.text, clue.page, clue.box),
            )
    return tuple(found.values())


_SOURCES = {
    **dict.fromkeys(NUMBERS, "mrn"),
    **dict.fromkeys(ACCOUNTS, "account"),
    "born": "birth date",
    "name": "name",
}


def _speaks_against(
    clue: Clue,
    best: Patient,
    people: Sequence[Patient],
    known: Known,
    form: MrnFormat,
) -> bool:
    if clue.field in NUMBERS or clue.field in ACCOUNTS:
        if not _legible_number(clue, known, form) or _retired(clue, best):
            return False
        held_by = owners(clue, people, known)
        return bool(held_by) and best not in held_by
    if clue.confidence < known.rules.legible_date:
        return False
    if clue.field == "born":
        return _other_birth_date(clue, best)
    return clue.field == "name" and _other_name(clue, best, people)


def _legible_number(clue: Clue, known: Known, form: MrnFormat) -> bool:
    if clue.by != "words" or clue.confidence >= known.rules.legible:
        return True
    checked = form.check_digit != "none" and clue.field in NUMBERS
    return checked and check(normalise(clue.value), form)


def _retired(clue: Clue, patient: Patient) -> bool:
    value = normalise(clue.value)
    return any(normalise(i.value) == value for i in patient.identifiers)


def _other_birth_date(clue: Clue, best: Patient) -> bool:
    seen = iso_day(clue.value)
    if seen is None or best.born is None or is_swapped(seen, best.born):
        return False
    seen = as_held(seen, clue.text, best.born)
    return digits_apart(seen, best.born) >= _DATE_DIGITS


def _other_name(clue: Clue, best: Patient, people: Sequence[Patient]) -> bool:
    """The full name of another one, which cannot be the best one's."""
    seen = name_from_value(clue.value)
    if not names_other(seen, best):
        return False
    family, given = fold(seen.family), fold(seen.given)
    return any(
        (family, given) == (fold(n.family), fold(n.given))
        for p in people[1:]
        for n in p.names
    )


def name_alerts(best: Patient, others: Iterable[Patient]) -> Iterator[Evidence]:
    """Twins, Jr and Sr, namesakes and doubles of the best patient; weight 0."""
    for other in others:
        kind = likeness(best, other) if other.id != best.id else ""
        if kind:
            yield as_evidence(Alert(kind, other.mrn))


def as_evidence(alert: Alert) -> Evidence:
    """A name alert as the gates and the clerk see it."""
    return Evidence("name alert", 0.0, f"{alert.kind}: MRN {alert.mrn}")
