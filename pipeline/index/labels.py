"""Where label words stand on a page.

A blank English spaCy pipeline with an entity ruler does the finding; it works on tokens
that carry the row pieces, so that what it finds has boxes. One pipeline a process for
each set of added words.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from pipeline.index.cluerules import ClueRules
from pipeline.index.labelwords import EXPAND, FIELDS, ROLES
from pipeline.index.layout import Piece, Row

if TYPE_CHECKING:  # half a second to load: reading begins before anybody needs it
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_ALIKE = str.maketrans("0158|", "olsbl")
# Shorter words have too many neighbours to be mended, but for two.
_LONG = 4
_SHORT = ("mrn", "dob")
_NAME = "name"  # of several words near, the one that labels say most
_TORN = 3.0  # heights of white space that no label reaches over
_SIGNS = ":#=-"
_KEPT = frozenset("#/")


@dataclass(frozen=True, slots=True)
class Label:
    """A label on a page: ``start`` and ``end`` count pieces of its row."""

    row: int
    start: int
    end: int
    kind: str  # a field, or a role when ``is_role``
    is_role: bool
    exact: bool  # no character of it had to be mended
    words: str = field(repr=False)  # in normal form

    @property
    def is_patients(self) -> bool:
        """Whether it says that its value is the patient's own."""
        return self.words.startswith(("patient", "pt"))


@dataclass(frozen=True, slots=True)
class LabelFinder:
    """The pipeline and the words its labels are made of."""

    nlp: Language
    vocabulary: frozenset[str]
    pairs: frozenset[tuple[str, str]]  # words that follow each other in a label

    def find(self, rows: tuple[Row, ...]) -> tuple[Label, ...]:
        """Labels in reading order; the longest wins where several fit."""
        words: list[str] = []
        norms: list[str] = []
        places: list[tuple[int, int]] = []
        for number, row in enumerate(rows):
            for i, norm in enumerate(self._norms(row.pieces)):
                if i and row.pieces[i].gap > _TORN:
                    _break(words, norms, places, (number, i))
                words.append(row.pieces[i].text)
                norms.append(norm)
                places.append((number, i))
            _break(words, norms, places, (number, len(row.pieces)))
        if not words:
            return ()
        from spacy.tokens import Doc

        doc = Doc(self.nlp.vocab, words=words)
        for token, norm in zip(doc, norms, strict=True):
            token.norm_ = norm
        found = []
        for span in self.nlp(doc).ents:
            at, start = places[span.start]
            spelled = all(
                norms[i] == _norm(words[i]) for i in range(span.start, span.end)
            )
            end = start + span.end - span.start
            said = " ".join(norms[span.start : span.end])
            kind, is_role = span.ent_id_, span.label_ == "ROLE"
            found.append(Label(at, start, end, kind, is_role, spelled, said))
        return tuple(found)

    def _norms(self, pieces: tuple[Piece, ...]) -> list[str]:
        norms = [_norm(piece.text) for piece in pieces]
        readings = [self._readings(norms, at) for at in range(len(norms))]
        mended = list(norms)
        for at, norm in enumerate(norms):
            if norm in self.vocabulary or len(norm) < 2:  # noqa: PLR2004 - a letter
                continue
            mended[at] = self._likeliest(norms, readings, at) or norm
        return mended

    def _readings(self, norms: list[str], at: int) -> tuple[str, ...]:
        """What the word may have been before it was misread, itself if it is known."""
        norm = norms[at]
        if norm in self.vocabulary:
            return (norm,)
        return _near(norm, self.vocabulary)

    def _likeliest(
        self, norms: list[str], readings: list[tuple[str, ...]], at: int
    ) -> str | None:
        near, norm = readings[at], norms[at]
        colon, then = _colon_after(norms, at), _colon_after(norms, at + 1)
        fitting = [word for word in near if self._fits(readings, at, word)]
        if colon and not fitting:
            far = _near(norm, self.vocabulary, 2)
            fitting = [word for word in far if self._fits(readings, at, word)]
        if len(fitting) == 1 and (colon or then or len(norm) >= _LONG):
            return fitting[0]
        if not colon:  # PHAN before FIRST NAME is no "plan"
            return near[0] if near == (norm.translate(_ALIKE),) else None
        if len(norm) < _LONG:
            near = tuple(word for word in near if word in (*_SHORT, _NAME))
        return near[0] if len(near) == 1 else _NAME if _NAME in near else None

    def _fits(self, readings: list[tuple[str, ...]], at: int, word: str) -> bool:
        """Whether it makes a phrase with a reading of the word before or behind it."""
        before = readings[at - 1] if at else ()
        behind = readings[at + 1] if at + 1 < len(readings) else ()
        return any((one, word) in self.pairs for one in before) or any(
            (word, one) in self.pairs for one in behind
        )


def _break(
    words: list[str],
    norms: list[str],
    places: list[tuple[int, int]],
    place: tuple[int, int],
) -> None:
    """No label runs over the end of a row, or from one column into the next."""
    words.append("\n")
    norms.append("\n")
    places.append(place)


class _Blanks:
    """A tokenizer for phrases that are in normal form already."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        from spacy.tokens import Doc

        return Doc(self._vocab, words=text.split())


def finder_for(rules: ClueRules) -> LabelFinder:
    """The finder for a site's words; made once in a process."""
    return _finder(
        tuple(sorted(rules.labels.items())), tuple(sorted(rules.roles.items()))
    )


@functools.lru_cache(maxsize=16)
def _finder(
    labels: tuple[tuple[str, tuple[str, ...]], ...],
    roles: tuple[tuple[str, tuple[str, ...]], ...],
) -> LabelFinder:
    import spacy

    nlp = spacy.blank("en")
    nlp.tokenizer = _Blanks(nlp.vocab)
    # phrases, not token patterns: a trie, five times as fast over a page
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "NORM"})
    patterns = _patterns("FIELD", FIELDS, dict(labels))
    own = {_phrase(text) for _, some in labels for text in some}  # no role's words
    people = _patterns("ROLE", ROLES, dict(roles))
    patterns += [one for one in people if one[2] not in own]
    ruler.add_patterns(  # type: ignore[attr-defined]  # a ruler is only typed as a pipe
        [
            {"label": kind, "id": name, "pattern": " ".join(phrase)}
            for kind, name, phrase in patterns
        ]
    )
    words = {word for _, _, phrase in patterns for word in phrase}
    pairs = {two for _, _, phrase in patterns for two in pairwise(phrase)}
    return LabelFinder(nlp, frozenset(words), frozenset(pairs))


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(_norm(word) for word in re.findall(r"[\w'.]+|[#/]", text))


def _patterns(
    kind: str, table: dict[str, str], added: dict[str, tuple[str, ...]]
) -> list[tuple[str, str, tuple[str, ...]]]:
    made: dict[tuple[str, ...], str] = {}
    for name in {**table, **added}:
        phrases = [p.split() for p in table.get(name, "").split(";") if p.strip()]
        for phrase in phrases:
            for chosen in product(*(EXPAND.get(word, (word,)) for word in phrase)):
                said = " ".join(" ".join(chosen).split())
                # "DOB/Age" without blanks is one piece
                for form in (said, said.replace(" / ", "/")):
                    made.setdefault(tuple(form.split()), name)
        for text in added.get(name, ()):
            made[_phrase(text)] = name
    return [(kind, name, phrase) for phrase, name in made.items()]


@functools.lru_cache(maxsize=20000)
def _norm(text: str) -> str:
    if len(text) == 1:
        return text.lower() if text.isalnum() or text in _KEPT else text
    return re.sub(r"[.'’`]", "", text).lower()


@functools.lru_cache(maxsize=20000)
def _near(norm: str, vocabulary: frozenset[str], slips: int = 1) -> tuple[str, ...]:
    """Words of labels that may have been misread as this one, by so many slips.

    Only words of five letters or more stand a second one.
    """
    letters = norm.translate(_ALIKE)
    if letters != norm and any(c.isalpha() for c in norm) and letters in vocabulary:
        return (letters,)
    if not norm.isalnum() or len(norm) < _LONG - 1:
        return ()
    forms = {letters, letters.replace("rn", "m")}
    near: list[str] = []
    for word in vocabulary:
        most = slips if len(word) > _LONG else 1
        if (len(word) >= _LONG or word in _SHORT) and any(
            OSA.distance(form, word, score_cutoff=most) <= most for form in forms
        ):
            near.append(word)
    return tuple(near)


def _colon_after(norms: list[str], at: int) -> bool:
    return at + 1 < len(norms) and norms[at + 1] in _SIGNS
