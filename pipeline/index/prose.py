"""What the trained role model adds where no label decides whose name it is.

It may name the patient of a page on which no label does, and take back a name that only
its place on the page made the patient's. A name that stands several times is weighed by
all its mentions together; one mention alone never decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.finding import Clue
from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Row
from pipeline.index.names import fold, has_credentials, is_degree, name_from_value
from pipeline.index.namespans import NameSpan
from pipeline.index.roles import Bearer, Roles
from pipeline.index.values import Value, read_person

NAMED = 5.0  # log-odds from which a name is the patient's, all mentions together
APART = 2.0  # log-odds by which it must lead over the next name
_FOR, _AGAINST = 4.0, -1.0  # log-odds that one mention may say; FOR is below NAMED
_NEVER = -4.0  # log-odds of a name with a degree
_TRUST = 0.69  # what such a name's confidence is multiplied with: it cannot veto
_DOCTOR = frozenset({"dr", "doctor"})
Key = tuple[str, str]  # family name and first letter of the given name, folded


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text, and the log-odds that it is the patient's."""

    value: Value = field(repr=False)
    bearer: Bearer
    odds: float

    @property
    def key(self) -> Key:
        return _key(self.value.value)


def weigh_names(
    rows: Sequence[Row],
    page: int,
    rules: ClueRules,
    labelled: Sequence[Clue],
    placed: Sequence[Clue],
) -> tuple[Clue, ...]:
    """``placed`` with the model's word on it: names taken back, and one added.

    ``labelled`` clues are a label's, and the model never touches them; ``placed`` ones
    only their place on the page made. Nothing happens where a label names the patient.
    """
    model = rules.people
    if model is None or any(_is_subjects(clue) for clue in labelled):
        return tuple(placed)
    mentions = mentions_of(rows, rules, model)
    own = [c.box for c in placed if _is_subjects(c)]
    theirs = [c for c in placed if c.field == "name" and c.role != "subject"]
    theirs = [c for c in theirs if not any(box.holds(c.box) for box in own)]
    others = {_key(c.value) for c in (*labelled, *theirs) if c.field == "name"}
    chosen = choose(mentions, others)
    if chosen is None:
        return tuple(placed)
    sums = _sums(mentions, others)
    kept = tuple(_judged(clue, sums) for clue in placed)
    if any(_is_subjects(clue) for clue in kept):
        return kept
    return (*kept, _clue(chosen, page))


def choose(mentions: Sequence[Mention], others: Iterable[Key] = ()) -> Mention | None:
    """The likeliest mention of the one name that is the patient's, or nothing.

    ``others`` are names that labels gave to somebody else.
    """
    sums = _sums(mentions, others)
    best, second = [*sorted(sums.values(), reverse=True), 0.0, 0.0][:2]
    if best < NAMED or best - second < APART:
        return None
    same = [m for m in mentions if sums[m.key] == best]
    return max(same, key=lambda m: (m.odds, len(m.value.value)))


def _sums(mentions: Sequence[Mention], others: Iterable[Key]) -> dict[Key, float]:
    sums: dict[Key, float] = dict.fromkeys(others, -math.inf)
    for mention in mentions:
        sums[mention.key] = sums.get(mention.key, 0.0) + mention.odds
    return sums


def mentions_of(
    rows: Sequence[Row], rules: ClueRules, model: Roles
) -> tuple[Mention, ...]:
    """Names in the text; a degree or "Dr." makes one a clinician's whatever else."""
    found = []
    for bearer in model.read(rows):
        span = bearer.span
        value = read_person(rows[span.row].pieces[span.start : span.end], rules)
        if value is None or len(name_from_value(value.value).given) < 2:  # noqa: PLR2004 - an initial
            continue
        odds = math.log((bearer.subject + 1e-9) / (1 - bearer.subject + 1e-9))
        if _is_clinicians(rows[span.row], span):
            found.append(Mention(value, bearer, _NEVER))
        else:
            found.append(Mention(value, bearer, max(_AGAINST, min(odds, _FOR))))
    return tuple(found)


def _is_clinicians(row: Row, span: NameSpan) -> bool:
    before = row.pieces[max(span.start - 2, 0) : span.start]
    words = {p.text.lower().strip(".") for p in before}
    degree = is_degree([p.text for p in row.pieces[span.end : span.end + 3]])
    text = " ".join(p.text for p in row.pieces[span.start : span.end])
    return bool(words & _DOCTOR) or degree or has_credentials(text)


def _judged(clue: Clue, sums: Mapping[Key, float]) -> Clue:
    """The clue, as another person's if the text speaks against its being theirs."""
    if not _is_subjects(clue) or sums.get(_key(clue.value), 0.0) >= 0:
        return clue
    return replace(clue, role="contact")


def _clue(mention: Mention, page: int) -> Clue:
    value = mention.value
    sure = value.confidence * _TRUST
    return Clue("name", value.text, value.value, page, value.box, sure)


def _is_subjects(clue: Clue) -> bool:
    return clue.field == "name" and clue.role == "subject"


def _key(value: str) -> Key:
    name = name_from_value(value)
    return fold(name.family), fold(name.given)[:1]
