"""What the clues on some pages say for and against one patient, in bits.

LLR = log2 of P(seen | patient) / P(seen | anybody); P(seen | patient) is the error
channel mixed with what people do wrong. A field counts once however often it was
printed: its best agreement, and its worst disagreement.
Source: docs/SCIENCE.md, section 1.5.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.document import Encounter, Patient, PatientId
from pipeline.finding import Clue, Evidence
from pipeline.index.centuries import as_held
from pipeline.index.channel import (
    digits_apart,
    error_rate,
    is_swapped,
    log_channel,
    log_date_channel,
)
from pipeline.index.frequency import LEAST, Frequencies
from pipeline.index.heads import PERHAPS
from pipeline.index.keys import ACCOUNTS, NUMBERS, iso_day, plain, subscriber
from pipeline.index.matchrules import MatchRules
from pipeline.index.namematch import name_evidence
from pipeline.index.numbers import MrnFormat, check, normalise

_DAYS = 34_675  # birth dates of the living, level: u = 1/34 675
_FIRST_OF_JANUARY = (
    0.005  # share of people registered with 1 January for want of a date
)
_SWAPPED_DAY = 0.002
_MISTYPED_DAY = 0.002 / 72  # one of 8 digits, nine others each
_NO_SSN = "0000"  # the Social Security Administration gives out none that ends so
_OTHER_PHONE = 0.5  # of numbers on papers: a friend's, the house's, a new one
_LIKE_STREETS = 85.0  # rapidfuzz ratio 0..100
# roles of clues that may only confirm
HINTS = frozenset({"unlabelled", PERHAPS, "dependent"})
_NO_LABEL = 3.0  # bits that they lack: one in eight is something else
# sources of which one against the patient silences what has no label on its page
_WHOSE = frozenset({"mrn", "birth date", "name", "given name", "suffix"})
_WHOLE_NAME = frozenset({"name", "given name"})
_BESIDE_A_NAME = frozenset({"middle name", "suffix"})
# by clue, what it says of each value that somebody has
_Said = dict[int, tuple[Clue, dict[Hashable, tuple[Evidence, ...]]]]


@dataclass(frozen=True, slots=True)
class Known:
    """What comparing needs to know besides the patient.

    ``folder`` is the MRN of the patient in whose folder the pages lie, if it is one's;
    ``kin`` are those who may be taken for them; ``at_home`` holds the numbers of those
    whose folder or cover it is; ``people`` is how many may come;
    ``retired`` holds numbers that speak neither for nor against anyone; ``form`` is how
    the site's are made. ``said`` remembers what was worked out under all this.
    """

    rules: MatchRules
    frequencies: Frequencies
    encounters: Mapping[PatientId, tuple[Encounter, ...]] = field(default_factory=dict)
    folder: str = field(default="", repr=False)
    retired: frozenset[str] = field(default=frozenset(), repr=False)
    form: MrnFormat = field(default_factory=MrnFormat)
    people: int = 10_000
    kin: frozenset[PatientId] = frozenset()
    at_home: frozenset[str] = field(default=frozenset(), repr=False)
    said: _Said = field(default_factory=dict, init=False, repr=False, compare=False)


def compare(
    clues: Sequence[Clue], patient: Patient, known: Known
) -> tuple[Evidence, ...]:
    """Evidence for and against the patient, the weightiest first.

    Only clues of the page's subject speak, and for whom the place names what stands in
    the head without a label, where no label's value on that page speaks against it, and
    no relative is named beside.
    """
    found: list[Evidence] = []
    for clue in clues:
        if clue.role == "subject" and clue.field in _FIELDS:
            found += _what_it_says(clue, patient, known)
    if known.at_home and normalise(patient.mrn) in known.at_home:
        against = {e.page for e in found if e.weight < 0 and e.source in _WHOSE}
        against |= {c.page for c in clues if _is_relatives(c, patient, known)}
        loose = [c for c in clues if c.page not in against]
        found.extend(_confirming(loose, patient, known))
    found.extend(_custody(patient, known))
    told = _number_once(tuple(once(found)))
    return tuple(sorted(told, key=lambda e: -abs(e.weight)))


def _what_it_says(clue: Clue, patient: Patient, known: Known) -> tuple[Evidence, ...]:
    """The evidence of one clue, worked out once for all who have the same there.

    Of a page's hundred candidates thirty share its birth date, and others its name.
    Clues are known again as objects: their own hash goes over all of their words.
    """
    speak, held = _FIELDS[clue.field]
    about = known.said.get(id(clue))
    if about is None:
        about = known.said[id(clue)] = (clue, {})  # kept, so that its id stays its own
    said, value = about[1], held(patient)
    found = said.get(value)
    if found is None:
        found = said[value] = tuple(speak(clue, patient, known))
    return found


def _confirming(
    clues: Sequence[Clue], patient: Patient, known: Known
) -> Iterator[Evidence]:
    """What without a label is the patient's to the letter; the rest says nothing.

    Each weighs as if one in eight were something else. A name counts whole, beside a
    number or a date and never as exact: a head names addressees and guarantors too. A
    day is one of birth only on a page with the patient's whole name, for a newborn's is
    the day of each paper of that day.
    """
    named = {c.page for c in clues if _is_whole_name(c, patient, known)}
    for clue in clues:
        if clue.role not in HINTS or clue.field not in _FIELDS:
            continue
        if clue.field == "born" and clue.page not in named:
            continue
        if clue.field == "name" and not _is_whole_name(clue, patient, known):
            continue
        said = _what_it_says(clue, patient, known)
        if not all(e.weight > 0 and (e.exact or clue.field == "name") for e in said):
            continue
        for one in said:
            if one.source not in _BESIDE_A_NAME and one.weight > _NO_LABEL:
                yield replace(
                    one,
                    weight=one.weight - _NO_LABEL,
                    exact=one.exact and clue.field != "name",
                )


def _is_relatives(clue: Clue, patient: Patient, known: Known) -> bool:
    """Whether a head names one of the same surname: the newborn beside the mother."""
    if clue.field != "name" or clue.role != PERHAPS:
        return False
    said = _what_it_says(clue, patient, known)
    bits = {e.source: e.weight for e in said}
    return bits.get("name", 0.0) > 0 > bits.get("given name", 0.0)


def _is_whole_name(clue: Clue, patient: Patient, known: Known) -> bool:
    """Whether it is the patient's, family and given name to the letter, and no other's.

    Another suffix or middle name is a father's, or a namesake's.
    """
    if clue.field != "name" or clue.role not in {"subject", *HINTS}:
        return False
    said = _what_it_says(clue, patient, known)
    exact = {e.source for e in said if e.exact}
    return exact >= _WHOLE_NAME and all(e.weight > 0 for e in said)


def _custody(patient: Patient, known: Known) -> Iterator[Evidence]:
    """What strays into a folder is as a rule a relative's or a namesake's."""
    misfiled = known.rules.misfiled
    if not known.folder:
        return
    if normalise(known.folder) == normalise(patient.mrn):
        own = math.log2((1 - misfiled) * known.people)
        yield Evidence("custody", own, "lies in the patient's folder")
    elif patient.id in known.kin:
        stray = math.log2(misfiled * known.people)
        yield Evidence("stray", stray, "lies in the folder of somebody alike")


def once(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """Of each source the best agreement and the worst disagreement.

    The same sticker on ten pages is one sticker.
    """
    by_source: dict[str, list[Evidence]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    if len(by_source) == len(found):  # nothing was printed twice
        yield from found
        return
    for same in by_source.values():
        if len(same) == 1:
            yield same[0]
            continue
        best = max(same, key=lambda e: (e.weight, e.exact))
        worst = min(same, key=lambda e: e.weight)
        yield best
        if worst.weight < 0 < best.weight:
            yield worst


def _number_once(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Without the cover's number where the page's own says as much.

    They are one number, printed by one hand; but only the page's own identifies it.
    """
    if all(e.source != "cover" for e in found):
        return tuple(found)
    signs = {e.weight > 0 for e in found if e.source == "mrn"}
    return tuple(e for e in found if e.source != "cover" or (e.weight > 0) not in signs)


def owners(
    clue: Clue, patients: Iterable[Patient], known: Known
) -> tuple[Patient, ...]:
    """Those whose very number, MRN or account, this clue is."""
    value = normalise(clue.value)
    if clue.field in NUMBERS:
        return tuple(p for p in patients if normalise(p.mrn) == value)
    return tuple(p for p in patients if value in _accounts(p, known))


def retired_numbers(patients: Iterable[Patient]) -> frozenset[str]:
    """Numbers of these people that are not their MRN: merged, or of other houses."""
    return frozenset(
        normalise(i.value)
        for p in patients
        for i in p.identifiers
        if i.type in ("MR", "PI") and normalise(i.value) != normalise(p.mrn)
    )


def _mrn(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    seen, held = normalise(clue.value), normalise(patient.mrn)
    if seen != held and (
        seen in known.retired or _nearly_retired(seen, patient, known)
    ):
        return
    weight = _number_weight(seen, held, clue, known.rules.wrong_mrn)
    source = "cover" if clue.field == "cover patient" else "mrn"
    exact = seen == held or _gives_itself_away(seen, held, known.form)
    yield _says(source, weight, clue, exact=exact)


def _nearly_retired(seen: str, patient: Patient, known: Known) -> bool:
    """Whether it is nobody's number, and one slip from one that the patient had."""
    if not patient.identifiers or known.form.check_digit == "none":
        return False
    older = (normalise(i.value) for i in patient.identifiers if i.type in ("MR", "PI"))
    return not check(seen, known.form) and any(
        OSA.distance(seen, one, score_cutoff=1) <= 1
        for one in older
        if one != normalise(patient.mrn)
    )


def _gives_itself_away(seen: str, held: str, form: MrnFormat) -> bool:
    """Whether the number is nobody's, by its check digit, and one slip from this one.

    A number without a check digit that is nearly the patient's may be another's.
    """
    if form.check_digit == "none" or OSA.distance(seen, held, score_cutoff=1) != 1:
        return False
    return check(held, form) and not check(seen, form)


def _number_weight(seen: str, held: str, clue: Clue, wrong: float) -> float:
    anybody = max(10.0 ** -len(seen), LEAST)
    channel = math.exp(log_channel(seen, held, error_rate(clue)))
    return math.log2(((1 - wrong) * channel + wrong * anybody) / anybody)


def _born(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    seen = iso_day(clue.value)
    if seen is None or patient.born is None:
        return
    seen = as_held(seen, clue.text, patient.born)
    p = born_probability(seen, patient.born, clue, known.rules)
    weight = math.log2(p / _birth_share(seen))
    yield _says("birth date", weight, clue, exact=seen == patient.born)


def born_probability(
    seen: dt.date, held: dt.date, clue: Clue, rules: MatchRules
) -> float:
    """P(seen | born on the day held), slips of the pen and misreading included."""
    p = (1 - rules.wrong_born) * math.exp(
        log_date_channel(seen, held, error_rate(clue))
    )
    if is_swapped(seen, held):
        p += _SWAPPED_DAY
    if digits_apart(seen, held) == 1:
        p += _MISTYPED_DAY
    return p + rules.wrong_born * _birth_share(seen)


def _birth_share(day: dt.date) -> float:
    return _FIRST_OF_JANUARY if (day.month, day.day) == (1, 1) else 1 / _DAYS


def _name(clue: Clue, patient: Patient, known: Known) -> tuple[Evidence, ...]:
    return name_evidence(clue, patient, known.frequencies, known.rules)


def _sex(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    seen, held = clue.value[:1].upper(), patient.sex
    if seen in ("F", "M") and held:
        wrong = known.rules.wrong_sex
        p = 1 - wrong if seen == held else wrong
        yield _says("sex", math.log2(p / 0.5), clue, exact=seen == held)


def _account(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    """An account that we do not know of says nothing against anyone.

    Some houses print the record number as the account's.
    """
    value = normalise(clue.value)
    if value and value == normalise(patient.mrn):
        weight = _number_weight(value, value, clue, known.rules.wrong_mrn)
        yield _says("mrn", weight, clue, exact=True)
    elif value and value in _accounts(patient, known):
        weight = _number_weight(value, value, clue, known.rules.wrong_mrn)
        yield _says("account", weight, clue, exact=True)


def _accounts(patient: Patient, known: Known) -> frozenset[str]:
    stays = known.encounters.get(patient.id, ())
    others = (i.value for i in patient.identifiers if i.type not in ("MR", "PI", "SS"))
    return frozenset(normalise(v) for v in (*(e.number for e in stays), *others))


def _address(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    seen, held = plain(clue.value), plain(patient.address)
    if not seen or not held:
        return
    house = held.split()[0]
    alike = fuzz.partial_ratio(held, seen) >= _LIKE_STREETS and house in seen.split()
    wrong = known.rules.wrong_address
    # a street and number houses some four of ten thousand people
    weight = math.log2((1 - wrong) / 4e-4) if alike else math.log2(wrong)
    exact = seen == held or seen.startswith(f"{held} ")
    yield _says("address", weight, clue, exact=exact)


def _phone(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    seen, held = subscriber(clue.value), subscriber(patient.phone)
    if not seen or not held:
        return
    same = seen == held
    wrong = known.rules.wrong_address
    weight = math.log2((1 - wrong) / 1e-4) if same else math.log2(_OTHER_PHONE)
    yield _says("phone", weight, clue, exact=same)


def _ssn(clue: Clue, patient: Patient, known: Known) -> Iterator[Evidence]:
    seen, held = clue.value[-4:], patient.ssn_last4
    if len(seen) == len(held) == 4 and seen != _NO_SSN:  # noqa: PLR2004 - its end
        weight = _number_weight(seen, held, clue, known.rules.wrong_ssn)
        yield _says("ssn", weight, clue, exact=seen == held)


def _says(source: str, weight: float, clue: Clue, *, exact: bool) -> Evidence:
    return Evidence(source, weight, clue.text, clue.page, clue.box, exact)


_Field = Callable[[Clue, Patient, Known], Iterable[Evidence]]
# by field what a clue says, and all that it looks at of a patient
_FIELDS: dict[str, tuple[_Field, Callable[[Patient], Hashable]]] = {
    **dict.fromkeys(NUMBERS, (_mrn, attrgetter("id", "mrn", "identifiers"))),
    **dict.fromkeys(ACCOUNTS, (_account, attrgetter("id", "mrn", "identifiers"))),
    "born": (_born, attrgetter("born")),
    "name": (_name, attrgetter("names")),
    "sex": (_sex, attrgetter("sex")),
    "address": (_address, attrgetter("address")),
    "phone": (_phone, attrgetter("phone")),
    "ssn4": (_ssn, attrgetter("ssn_last4")),
}


def relying(page: int, others: Sequence[int]) -> Evidence:
    """That pages without an identity rely on this one of their document."""
    return Evidence("neighbour", 0.0, f"{len(others)} pages rely on it", page)
