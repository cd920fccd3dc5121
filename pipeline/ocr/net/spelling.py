"""From what the network saw in each step to words, spelt as they probably were.

The likeliest character of each step gives a first spelling. Where its probability,
over all ways it may lie there, is not high, spellings near to it are weighed against
it; a known word counts for more, as much as in Tesseract. A number is no word: where a
digit was seen first the probabilities alone decide, and no word gets one by the list.
A word that is still not known gives way to a known one beside it (mending).
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.ocr.net.ctc import Spelling, chances
from pipeline.ocr.net.lexicon import Lexicon
from pipeline.ocr.net.mending import allowed, believed, mended
from pipeline.ocr.net.traineddata import Floats

_SPACE = 0
_SURE = 0.95  # probability from which no other spelling is looked for
_POSSIBLE = 0.03  # of a character in a run of steps
_CERTAIN = 0.97  # of a run's own character: no other is tried there
_CHANGES = 8  # of one character each, of a word
_LONGEST = 60  # letters of a word that is doubted: more are no word
_UNKNOWN = 2.25  # a word that is not known must be so much likelier; Tesseract's ratio
_LEAST = 1e-30
_LEAD = 4.0  # times likelier than the next known word: else nobody knows which it was
_MANY, _LIKELIEST = 6, 3  # letters of a word that may be two off, and so many ways

Told = tuple[Spelling, float]  # and how probable it is
Others = Mapping[int, Sequence[Spelling]]  # of a word, by its place among all


@dataclass(frozen=True, slots=True)
class Run:
    """The same output in the steps from ``start`` to before ``end``."""

    output: int = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spelt:
    """A word's text and its probability; its letters from step ``start`` to ``end``."""

    text: str = field(repr=False)
    chance: float
    start: int
    end: int


class Speller:
    """``characters`` of the outputs, of which the last is none."""

    def __init__(self, characters: Sequence[str], lexicon: Lexicon) -> None:
        self._characters, self._lexicon = characters, lexicon
        self._outputs = {one: at for at, one in enumerate(characters)}
        self._none = len(characters) - 1

    def words(self, told: Floats) -> list[Spelt]:
        """The words of (steps, outputs) probabilities, from the first step to the last.

        Lines may follow each other, with a step between them that is surely a space.
        """
        words = [word for word in self._parted(told) if self._text(word)]
        first = [self._spelling(word) for word in words]
        spelt = list(zip(first, chances(told, first), strict=True))
        others = {
            at: self._others(told, words[at])
            for at, (one, chance) in enumerate(spelt)
            if chance < _SURE and len(one.outputs) <= _LONGEST
        }
        self._weigh(told, spelt, others)
        self._mend(told, spelt, others)
        self._lexicon.forget()
        return [
            part
            for (one, chance), word in zip(spelt, words, strict=True)
            for part in self._written(one.outputs, chance, self._letters(word))
        ]

    def _weigh(self, told: Floats, spelt: list[Told], others: Others) -> None:
        """Where another spelling of a word is worth more, it takes its place."""
        weighed = iter(chances(told, [one for some in others.values() for one in some]))
        for at, some in others.items():
            number = self._has_digit(spelt[at][0].outputs)
            known = [spelt[at], *((one, next(weighed)) for one in some)]
            spelt[at] = max(known, key=lambda pair: self._worth(*pair, number=number))

    def _mend(self, told: Floats, spelt: list[Told], others: Others) -> None:
        """Where a known word lies beside one that is not known, it takes its place."""
        strange = [
            (at, Spelling(one.start, one.end, outputs))
            for at, (one, _) in enumerate(spelt)
            if len(one.outputs) <= _LONGEST
            for outputs in self._beside([one, *others.get(at, ())[:_LIKELIEST]])
        ]
        found: dict[int, list[Told]] = defaultdict(list)
        for (at, one), chance in zip(
            strange, chances(told, [one for _, one in strange]), strict=True
        ):
            found[at].append((one, chance))
        for at, some in found.items():
            read = self._said(spelt[at][0].outputs)
            (one, chance), *rest = sorted(some, key=lambda pair: -pair[1])
            off = math.log(max(spelt[at][1], _LEAST)) - math.log(max(chance, _LEAST))
            lead = chance > _LEAD * max((other for _, other in rest), default=0.0)
            if off < allowed(read) and lead:
                spelt[at] = (one, believed(read))

    def _beside(self, spellings: Sequence[Spelling]) -> set[tuple[int, ...]]:
        """Known words one letter from the first spelling, where that is none.

        They may be one letter from another one of its spellings as well. What may have
        a digit is no word.
        """
        first, *more = (self._said(one.outputs) for one in spellings)
        if self._lexicon.knows(first) or any(map(str.isdigit, "".join(more))):
            return set()
        texts = {first, *(one for one in more if _letters_in(one) >= _MANY)}
        return {
            tuple(self._outputs[letter] for letter in near)
            for text in texts
            for near in mended(text, self._lexicon)
            if self._outputs.keys() >= set(near)
        }

    def _parted(self, told: Floats) -> Iterator[list[Run]]:
        """The runs between two spaces."""
        likeliest = told.argmax(axis=1)
        edges = [0, *(np.flatnonzero(np.diff(likeliest)) + 1).tolist(), len(likeliest)]
        runs = [
            Run(int(likeliest[start]), start, end)
            for start, end in itertools.pairwise(edges)
        ]
        for space, word in itertools.groupby(runs, lambda run: run.output == _SPACE):
            if not space:
                yield list(word)

    def _spelling(self, word: Sequence[Run]) -> Spelling:
        outputs = tuple(run.output for run in word if run.output != self._none)
        return Spelling(word[0].start, word[-1].end, outputs)

    def _text(self, word: Sequence[Run]) -> str:
        return self._said([run.output for run in word])

    def _others(self, told: Floats, word: Sequence[Run]) -> list[Spelling]:
        """Spellings that differ in one run; in two, if that makes a known word."""
        changes = sorted(self._changes(told, word), reverse=True)[:_CHANGES]
        own = [run.output for run in word]
        first, last = word[0].start, word[-1].end
        found = {}
        for some in [*itertools.combinations(changes, 1), *_pairs(changes)]:
            outputs = list(own)
            for _, at, output in some:
                outputs[at] = output
            said = tuple(o for o in outputs if o != self._none)
            if not said or _SPACE in (said[0], said[-1]):  # told by the word without it
                continue
            if len(some) == 1 or self._known(said):
                found[said] = Spelling(first, last, said)
        return list(found.values())

    def _changes(
        self, told: Floats, word: Sequence[Run]
    ) -> Iterator[tuple[float, int, int]]:
        """(probability, place of the run, other output); a space parts two letters."""
        for at, run in enumerate(word):
            seen = told[run.start : run.end]
            most = seen.max(axis=0)
            if run.output != self._none and most[run.output] >= _CERTAIN:
                twice = at > 1 and word[at - 2].output == run.output
                if not twice or word[at - 1].output != self._none:
                    continue
            for other in np.flatnonzero(most > _POSSIBLE).tolist():
                if other != run.output and (other or run.output == self._none):
                    yield float(most[other]), at, other
            if run.output != self._none:
                yield float(most[self._none]), at, self._none

    def _known(self, outputs: Sequence[int]) -> bool:
        text = self._said(outputs)
        return not self._has_digit(outputs) and all(
            self._lexicon.knows(part) for part in text.split()
        )

    def _said(self, outputs: Sequence[int]) -> str:
        return "".join(self._characters[output] for output in outputs)

    def _has_digit(self, outputs: Sequence[int]) -> bool:
        return any(self._characters[output].isdigit() for output in outputs)

    def _worth(self, one: Spelling, chance: float, *, number: bool) -> float:
        """The logarithm of its probability; more is lost by what is no known word."""
        worth = math.log(max(chance, _LEAST))
        return worth if number or self._known(one.outputs) else _UNKNOWN * worth

    def _letters(self, word: Sequence[Run]) -> tuple[int, int]:
        """The steps from the first letter to the last."""
        letters = [run for run in word if run.output != self._none]
        return letters[0].start, letters[-1].end

    def _written(
        self, outputs: Sequence[int], chance: float, steps: tuple[int, int]
    ) -> Iterator[Spelt]:
        """The word, or the words it falls into; each gets its share of the steps."""
        text = self._said(outputs)
        start, end = steps
        step = (end - start) / len(text)
        at = 0
        for part in text.split(" "):
            first, last = (
                start + round(at * step),
                start + round((at + len(part)) * step),
            )
            at += len(part) + 1
            if part:
                yield Spelt(part, chance, first, last)


def _pairs(
    changes: Sequence[tuple[float, int, int]],
) -> Iterator[tuple[tuple[float, int, int], ...]]:
    for one, other in itertools.combinations(changes, 2):
        if one[1] != other[1]:
            yield one, other


def _letters_in(text: str) -> int:
    return sum(map(str.isalpha, text))
