"""What a printed name says for and against one registered person, in bits.

Family and given name are two sources, as relatives share one of them. Nicknames,
initials, middle names in use, maiden names, double surnames and exchanged order are
things that people do, each with its own share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from pipeline.document import Name, Patient
from pipeline.finding import Clue, Evidence
from pipeline.index.channel import error_rate, log_channel
from pipeline.index.frequency import Frequencies
from pipeline.index.matchrules import MatchRules
from pipeline.index.names import SUFFIXES, fold, name_from_value, nicknames

# Shares of papers: under an alias, with one half of a double surname...
_ALIAS = 0.02
_HALF = 0.02
_NICKNAME = 0.1
_MIDDLE_IN_USE = 0.03
_INITIAL_SHARE = 0.08  # of people whose name begins with a given letter
_EXCHANGED = math.log2(0.02)  # family and given name in each other's place
_STRANGE = 0.1
_LONG = 8  # letters of a name of which two may be misread
_RESEMBLING = 0.5  # of two words, 0..1: below it one is never the other misread
_MIDDLE_AGREES, _MIDDLE_DIFFERS = 3.0, -1.5
_SUFFIX_AGREES, _SUFFIX_DIFFERS = 3.0, -4.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """A folded printed name, how it was read and what it is measured by."""

    name: Name = field(repr=False)
    eps: float
    frequencies: Frequencies
    rules: MatchRules


def name_evidence(
    clue: Clue, patient: Patient, frequencies: Frequencies, rules: MatchRules
) -> tuple[Evidence, ...]:
    """Evidence from "name", "given name", "middle name" and "suffix"."""
    printed = name_from_value(clue.value)
    if not patient.names or not fold(printed.family):
        return ()
    printed = _grouped(_parted(printed, patient.names[0]), patient.names[0])
    seen = _Seen(printed, error_rate(clue), frequencies, rules)
    straight = _whole(seen, patient)
    strange = any(weight < 0 for _, weight, _ in straight[:2])
    if strange and _may_be_turned(printed, patient):
        turned = Name(printed.given, printed.family, printed.middle, printed.suffix)
        swapped = _whole(_Seen(turned, seen.eps, frequencies, rules), patient)
        half = len(fold(turned.family)) == 1  # "Maria A.": the surname is not there
        swapped[0] = ("name", (0 if half else swapped[0][1]) + _EXCHANGED, False)
        if _total(swapped) > _total(straight) + 1:
            straight = [(source, weight, False) for source, weight, _ in swapped]
    return tuple(
        Evidence(source, weight, clue.text, clue.page, clue.box, exact)
        for source, weight, exact in straight
    )


def _may_be_turned(printed: Name, patient: Patient) -> bool:
    """Whether its family name is like a given name that is held, or the other way."""
    family, given = fold(printed.family), fold(printed.given)
    return bool(given) and any(
        _resembles(given, fold(held.family)) or _resembles(family, fold(held.given))
        for held in patient.names
    )


def _resembles(seen: str, held: str) -> bool:
    return any(
        OSA.normalized_similarity(one, other) >= _RESEMBLING
        for one in seen.split()
        for other in held.split()
    )


def _parted(printed: Name, held: Name) -> Name:
    """The printed name with the blank before its initial: MARIAA is MARIA A."""
    initial = fold(held.middle)[:1]
    if initial and fold(printed.given) == fold(held.given) + initial:
        return Name(printed.family, held.given, initial, printed.suffix)
    return printed


def _grouped(printed: Name, held: Name) -> Name:
    """The printed name with as many given names in one as are registered in one.

    NGUYEN, THI LAN is read as given name and middle name; registered may be "Thi Lan".
    """
    if held.given.isalpha() and printed.given.isalpha():
        return printed  # one word each, as most are
    many = len(held.given.replace("-", " ").split())
    words = f"{printed.given} {printed.middle}".replace("-", " ").split()
    if not len(printed.given.replace("-", " ").split()) < many <= len(words):
        return printed
    given, middle = " ".join(words[:many]), " ".join(words[many:])
    return Name(printed.family, given, middle, printed.suffix)


_Part = tuple[str, float, bool]  # source, bits, exact


def _total(parts: Iterable[_Part]) -> float:
    return sum(weight for _, weight, _ in parts)


def _whole(seen: _Seen, patient: Patient) -> list[_Part]:
    return [
        _family(seen, patient),
        *_given(seen, patient),
        *_middle(seen, patient),
        *_suffix(seen, patient),
    ]


def _family(seen: _Seen, patient: Patient) -> _Part:
    printed = fold(seen.name.family)
    official, *aliases = (fold(name.family) for name in patient.names)
    halves = official.split() if " " in official else []
    ways = [(1 - _ALIAS - _HALF, official)]
    ways += [(_ALIAS, other) for other in aliases if other != official]
    ways += [(_HALF, half) for half in halves]
    if " " in printed:  # the paper has the double surname, the index one half
        ways += [(_HALF, printed)] if official in printed.split() else []
    weight = _weigh(
        printed, ways, seen.eps, seen.frequencies.family, seen.rules.wrong_family
    )
    return ("name", weight, printed == official)


def _given(seen: _Seen, patient: Patient) -> list[_Part]:
    printed, official = fold(seen.name.given), fold(patient.names[0].given)
    if not printed or not official:
        return []
    if len(printed) == 1 or len(official) == 1:
        return [("given name", _initial(printed, patient, seen.rules), False)]
    short = nicknames(official) - {official}
    ways = [(1 - _NICKNAME - _MIDDLE_IN_USE, official)]
    ways += [(_NICKNAME / len(short), other) for other in short]
    middle = fold(patient.names[0].middle)
    ways += [(_MIDDLE_IN_USE, middle)] if len(middle) > 1 else []
    if len(patient.names) > 1:
        aliases = {fold(n.given) for n in patient.names[1:]} - {official, ""}
        ways += [(_ALIAS, other) for other in aliases]
    weight = _weigh(
        printed, ways, seen.eps, seen.frequencies.given, seen.rules.wrong_given
    )
    if weight < 0 and any(_is_misread(printed, one) for _, one in ways):
        weight = 0.0 if _is_nobodys(printed, seen.frequencies.given) else weight
    return [("given name", weight, printed == official)]


def _initial(printed: str, patient: Patient, rules: MatchRules) -> float:
    same = any(fold(name.given)[:1] == printed[:1] for name in patient.names)
    wrong = rules.wrong_given
    return math.log2((1 - wrong) / _INITIAL_SHARE if same else wrong)


def _weigh(
    printed: str,
    ways: list[tuple[float, str]],
    eps: float,
    frequency: Callable[[str], float],
    wrong: float,
) -> float:
    """Bits for one name, given the names that would have been printed and their shares.

    A printed one that is on no list and that nobody here bears is mostly a misreading;
    but JOAN is not JEAN misread. Whoever bears a held name may be misread the same way,
    so that a misreading never weighs more than the name itself would.
    """
    anybody, patient = frequency(printed), 0.0
    if anybody <= frequency("") and all(held != printed for _, held in ways):
        anybody *= _STRANGE
    for share, held in ways:
        p = math.exp(log_channel(printed, held, eps))
        anybody = max(anybody, p * frequency(held))
        patient += share * p
    return math.log2(((1 - wrong) * patient + wrong * anybody) / anybody)


def _is_nobodys(printed: str, frequency: Callable[[str], float]) -> bool:
    return frequency(printed) <= frequency("")


def _is_misread(printed: str, held: str) -> bool:
    """Whether two letters of a long given name may be misread: CHRISTOPHFR.

    ALEXANDRA and ALEXANDER, GABRIEL and GABRIELLE may be twins: names of two people
    differ in their length or at their end.
    """
    same = len(printed) == len(held) >= _LONG and printed[-1] == held[-1]
    return same and OSA.distance(printed, held, score_cutoff=2) <= 2  # noqa: PLR2004 - letters


def _middle(seen: _Seen, patient: Patient) -> list[_Part]:
    """Middle names are too often wrong or left out to say much."""
    printed, held = fold(seen.name.middle), fold(patient.names[0].middle)
    if not printed or not held:
        return []
    if printed[0] != held[0]:
        return [("middle name", _MIDDLE_DIFFERS, False)]
    return [("middle name", _MIDDLE_AGREES, printed == held)]


def suffix(name: Name) -> str:
    """JR, SR, II... in one form; "" where there is none."""
    plain = name.suffix.strip(" .").lower()
    return SUFFIXES.get(plain, plain.upper())


def _suffix(seen: _Seen, patient: Patient) -> list[_Part]:
    if not seen.name.suffix or not patient.names[0].suffix:
        return []
    printed, held = suffix(seen.name), suffix(patient.names[0])
    if not printed or not held:
        return []
    if printed != held:
        return [("suffix", _SUFFIX_DIFFERS, False)]
    return [("suffix", _SUFFIX_AGREES, True)]
