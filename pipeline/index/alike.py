"""Whether a printed name can be the name of a person, or must be somebody else's.

A surname is shared by relatives, so that it never answers for a given name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from pipeline.document import Name, Patient
from pipeline.index.channel import canonical
from pipeline.index.names import fold, nicknames

_MISREAD = (4, 8)  # letters from which one may be misread, and two
_SHORTENED = 3  # letters of a name that stand for it: ELIZ, WIL


def names_other(printed: Name, patient: Patient) -> bool:
    """The full printed name has a given or a family name that is none of the patient's.

    An initial names nobody, nor does half a name. Family and given name may have
    changed places.
    """
    family, given = _words(printed.family), _words(printed.given)
    if not family or not any(len(word) > 1 for word in given):
        return False
    held = _all_words(patient.names)
    if not held:
        return False
    straight = _any_alike(given, _givens(patient.names)) and _any_alike(family, held)
    turned = _any_alike(family, _givens(patient.names)) and _any_alike(
        given, _families(patient.names)
    )
    return not straight and not turned


def given_agrees(printed: Name, patient: Patient) -> bool:
    """The printed given name, more than an initial, can be the patient's."""
    given = _words(printed.given)
    whole = any(len(word) > 1 for word in given)
    return whole and _any_alike(given, _givens(patient.names))


def bears(printed: Name, patient: Patient) -> bool:
    """The printed name, its given name perhaps an initial, can be the patient's."""
    family, given = _words(printed.family), _words(printed.given)
    straight = _any_alike(family, _families(patient.names))
    turned = _any_alike(given, _families(patient.names))
    return bool(given) and (straight or turned) and not names_other(printed, patient)


def called_other(given: str, patient: Patient) -> bool:
    """The given name that stands alone is none of the patient's names."""
    held = _all_words(patient.names)
    return bool(held) and not _any_alike(_words(given), held)


def names_apart(one: Name, other: Name) -> bool:
    """Two printed names that cannot be the same person's."""
    words = _all_words((one,)), _all_words((other,))
    if words[0].isdisjoint(words[1]):
        return True
    givens = _words(one.given), _words(other.given)
    if not all(any(len(word) > 1 for word in given) for given in givens):
        return False
    return not (_any_alike(givens[0], words[1]) or _any_alike(givens[1], words[0]))


def _any_alike(seen: Iterable[str], held: Iterable[str]) -> bool:
    known = tuple(held)
    return any(_alike(one, other) for one in seen for other in known)


def _alike(seen: str, held: str) -> bool:
    """The same word, its nickname, initial or short form, or it misread."""
    if seen == held or held in nicknames(seen):
        return True
    short, long = sorted((seen, held), key=len)
    if len(short) == 1 or len(short) >= _SHORTENED:
        alike = OSA.distance(canonical(seen), canonical(held))
        misread = min(OSA.distance(seen, held), alike)  # RN is M only if it was M
        return long.startswith(short) or misread <= _most(long)
    return False


def _most(word: str) -> int:
    """Letters of the word that may be misread; TIM is not TOM."""
    return sum(len(word) >= least for least in _MISREAD)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """Its words, and all of them written as one."""
    folded = fold(text)
    return frozenset(folded.split()) | ({folded.replace(" ", "")} - {""})


def _givens(names: Iterable[Name]) -> frozenset[str]:
    return frozenset().union(*(_words(n.given) | _words(n.middle) for n in names))


def _families(names: Iterable[Name]) -> frozenset[str]:
    return frozenset().union(*(_words(n.family) for n in names))


def _all_words(names: Iterable[Name]) -> frozenset[str]:
    known = tuple(names)
    return _givens(known) | _families(known)
