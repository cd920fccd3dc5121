"""The words of people's names: what a name is found by, and how common each word is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from pipeline.document import Name, NameWord, Patient
from pipeline.index.names import fold
from pipeline.index.sounds import phonetic

FAMILY, GIVEN, MIDDLE = "family", "given", "middle"
_SHORT = 2  # an initial is the word of a million people


def patient_words(patient: Patient) -> tuple[NameWord, ...]:
    """Every word of every name that this person ever had, each once."""
    words = tuple(chain.from_iterable(map(_of_name, patient.names)))
    # the parts of one name share no word: most people have one
    return words if len(patient.names) == 1 else tuple(dict.fromkeys(words))


def _of_name(name: Name) -> tuple[NameWord, ...]:
    return (
        *_words(FAMILY, name.family),
        *_words(GIVEN, name.given),
        *_words(MIDDLE, name.middle),
    )


def word(part: str, text: str) -> NameWord:
    """A word as the index spells it, from a folded name."""
    return NameWord(part, text, phonetic(text))


def key_of(part: str, text: str) -> str:
    """The key of such a word, without a look at how it sounds."""
    return f"{part}:{text}"  # as NameWord has it; hundreds are asked for a page


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """Letters and digits of any script, upper case, without accents."""
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if c.isalnum()).upper()


@lru_cache(maxsize=65536)
def _words(part: str, text: str) -> tuple[NameWord, ...]:
    if len(text) < _SHORT:
        return ()
    found = dict.fromkeys((*_folded(text), *_printed(text)))
    return tuple(word(part, one) for one in found if len(one) >= _SHORT)


def _folded(text: str) -> Iterator[str]:
    """As it is compared: DELACRUZ of "de la Cruz", the whole before its parts."""
    whole = fold(text)
    yield whole
    yield from whole.split()


def _printed(text: str) -> Iterator[str]:
    """As a clerk may type it: CRUZ of the same, and what no Latin letter spells."""
    yield bare(text)
    yield from map(bare, text.replace("-", " ").split())
