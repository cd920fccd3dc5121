"""Which type a form's number speaks for, told by the house or learned from its clerks.

A table counts, for each number, the verified documents of each type that bore it; what
the house declares counts as very many. A number that several types share says little.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.document import DocumentType, TypeFacts
from pipeline.finding import Clue, Evidence
from pipeline.index.formnumbers import FORM_NUMBER, form_number
from pipeline.index.typenumbers import Scores, TypeNumbers

FormTable = Mapping[str, Mapping[DocumentType, float]]

FEWEST_PEOPLE = 3  # patients whose papers bear a number before it is learned
_DECLARED = 1000.0  # documents that a house's own word counts for
_OTHERS = 0.5  # documents of any other type, as if they had been seen under the number
_LEAST = 1e-3  # so much even of a type that the model holds impossible
_NEW = 1e-6  # of a type without a column, on a page without its number


@dataclass(frozen=True, slots=True)
class Seen:
    """A form number on a verified document of one type and one person."""

    number: str
    type: DocumentType
    document: str
    person: str


def learned(
    seen: Iterable[Seen], fewest: int = FEWEST_PEOPLE
) -> dict[str, dict[DocumentType, int]]:
    """How many documents of each type bear a number that ``fewest`` people share."""
    papers: dict[str, dict[DocumentType, set[str]]] = {}
    people: dict[str, set[str]] = defaultdict(set)
    for one in seen:
        by_type = papers.setdefault(one.number, {})
        by_type.setdefault(one.type, set()).add(one.document)
        people[one.number].add(one.person)
    return {
        number: {kind: len(own) for kind, own in sorted(by_type.items())}
        for number, by_type in sorted(papers.items())
        if len(people[number]) >= fewest
    }


def declared(types: Iterable[TypeFacts]) -> dict[str, dict[DocumentType, float]]:
    """The numbers that the house gave its types, of those that may still be given."""
    table: dict[str, dict[DocumentType, float]] = {}
    for facts in types:
        for said in () if facts.retired else facts.forms:
            table.setdefault(form_number(said), {})[facts.key] = _DECLARED
    return table


def together(learned: FormTable, told: FormTable) -> FormTable:
    """Both tables as one; what the house says of a number goes before what was seen."""
    return {**learned, **told}


def with_forms(
    text: TypeNumbers, clues: Sequence[Sequence[Clue]], table: FormTable
) -> TypeNumbers:
    """The pages' types once more, with what their form numbers say.

    ``clues`` are those of each row. A type of which the model knows nothing yet gets a
    column when the house declared its form.
    """
    rows = {row: found for row, own in enumerate(clues) if (found := _of(own, table))}
    if not rows:
        return text
    new = sorted({k for found in rows.values() for k in found} - set(text.types))
    scores = np.concatenate(
        [text.scores, np.full((len(text.scores), len(new)), math.log(_NEW))], axis=1
    )
    numbers = TypeNumbers((*text.types, *new), scores)
    for row, found in rows.items():
        scores[row] = _weighed(numbers, row, found)
    return numbers


def form_evidence(
    clues: Sequence[Clue], kind: DocumentType, table: FormTable, types: int
) -> tuple[Evidence, ...]:
    """What a page's form numbers say of the type, in bits against any type."""
    return tuple(
        Evidence(FORM_NUMBER, bits, clue.text, clue.page, clue.box)
        for clue in clues
        if clue.field == FORM_NUMBER and clue.value in table
        if (bits := math.log2(_share(table[clue.value], kind, types) * types)) > 0
    )


def _of(clues: Sequence[Clue], table: FormTable) -> Mapping[DocumentType, float]:
    """What the page's number counts; of several numbers, that with the most to say."""
    numbers = {c.value for c in clues if c.field == FORM_NUMBER}
    known = [table[number] for number in sorted(numbers) if number in table]
    return max(known, key=lambda counts: max(counts.values()), default={})


def _weighed(
    numbers: TypeNumbers, row: int, counts: Mapping[DocumentType, float]
) -> Scores:
    """One row by Bayes: the text's word and the number's; the rest is no known type."""
    known = np.exp(numbers.scores[row])
    strange = max(0.0, 1 - float(known.sum()))
    shares = [_share(counts, kind, len(numbers.types)) for kind in numbers.types]
    both = np.maximum(known, _LEAST * np.array([k in counts for k in numbers.types]))
    both = both * np.array(shares)
    total = float(both.sum()) + strange * _share(counts, None, len(numbers.types))
    found: Scores = np.log(both / total)
    return found


def _share(
    counts: Mapping[DocumentType, float], kind: DocumentType | None, types: int
) -> float:
    """How probable the type is under the number, were every type as frequent."""
    seen = counts.get(kind, 0.0) if kind is not None else 0.0
    return (seen + _OTHERS / types) / (sum(counts.values()) + _OTHERS)
