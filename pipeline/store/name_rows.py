"""Rows of the words of names: which there are, how they sound, how many bear each.

A few hundred thousand words name ten million people, so that what is typed is held
against words, and the people are found by the keys of the words that fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, update

from pipeline.document import NameWord
from pipeline.store.database import insert_rows
from pipeline.store.key_rows import key_number
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import name_word
from pipeline.store.schema import AnyRow


class WordRow(NamedTuple):
    """A word as its row holds it."""

    key: int
    part: str
    word: str
    sound: str

    def __repr__(self) -> str:
        return f"WordRow({self.key})"


@lru_cache(maxsize=65536)
def word_row(part: str, word: str, sound: str) -> WordRow:
    """The row of a word; the same words come again and again."""
    return WordRow(key_number(NameWord(part, word).key), part, word, sound)


def count_words(
    connection: Connection, new: Iterable[WordRow], gone: Iterable[int]
) -> None:
    """Add the bearers of these words; take one from the word of each gone key."""
    counts = Counter(new)
    insert_rows(
        connection,
        name_word,
        (*WordRow._fields, "people"),
        sorted((*one, people) for one, people in counts.items()),
        adding=("key", "people"),
    )
    for key, people in Counter(gone).items():
        fewer = {"people": name_word.c.people - people}
        connection.execute(
            update(name_word).where(name_word.c.key == key).values(fewer)
        )


def bearers(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """How many rows of the index bear the word of each key; nobody: left out."""
    by_number = {key_number(key): key for key in keys}
    found: dict[str, int] = {}
    for some in portions(by_number):
        query = select(name_word.c.key, name_word.c.people)
        for row in connection.execute(query.where(name_word.c.key.in_(some))):
            found[by_number[row.key]] = row.people
    return found


def commoner(connection: Connection, part: str, than: int) -> dict[str, int]:
    """The words of this part of names that more rows bear, and how many bear each."""
    which = (name_word.c.part == part) & (name_word.c.people > than)
    query = select(name_word.c.word, name_word.c.people).where(which)
    return {row.word: row.people for row in connection.execute(query)}


def begins(connection: Connection, head: str, most: int) -> tuple[NameWord, ...]:
    """The words that begin so, the commonest first."""
    within = (name_word.c.word >= head) & (name_word.c.word < head + "\uffff")
    return _words(connection, within, most)


def sounds(connection: Connection, sound: str, most: int) -> tuple[NameWord, ...]:
    """The words that sound so, the commonest first."""
    return _words(connection, name_word.c.sound == sound, most)


def among(connection: Connection, words: Sequence[str]) -> tuple[NameWord, ...]:
    """Those of these words that somebody bears, the commonest first."""
    found: list[AnyRow] = []
    for some in portions(words):
        query = select(name_word).where(name_word.c.word.in_(some))
        found += connection.execute(query)
    return tuple(map(_word, sorted(found, key=lambda row: (-row.people, row.word))))


def given(connection: Connection, most: int) -> frozenset[str]:
    """Words that are rather given names than surnames here, of the commonest ones."""
    as_given, as_family = name_word.alias(), name_word.alias()
    same = (as_family.c.word == as_given.c.word) & (as_family.c.part == "family")
    query = (
        select(as_given.c.word)
        .select_from(as_given.outerjoin(as_family, same))
        .where(as_given.c.part == "given", as_given.c.people > 0)
        .where(as_given.c.people >= func.coalesce(as_family.c.people, 0))
        .order_by(as_given.c.people.desc(), as_given.c.word)
        .limit(most)
    )
    return frozenset(connection.scalars(query))


def _words(
    connection: Connection, which: ColumnElement[bool], most: int
) -> tuple[NameWord, ...]:
    query = select(name_word).where(which, name_word.c.people > 0)
    common = query.order_by(name_word.c.people.desc(), name_word.c.word).limit(most)
    return tuple(map(_word, connection.execute(common)))


def _word(row: AnyRow) -> NameWord:
    return NameWord(row.part, row.word, row.sound)
