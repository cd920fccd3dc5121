"""How often each type of paper comes, how long it is, and for whom it can be."""

from collections.abc import Callable
from random import Random

from benchmarks.charts.content import SHEETS, TWICE
from benchmarks.charts.kinds import Order
from benchmarks.forms.paper import Showing
from benchmarks.forms.people import Person
from benchmarks.forms.writing import TEMPLATES

KINDS = tuple(kind for kind in TEMPLATES if kind != "administrative")
_EVEN = 0.88  # share of papers dealt evenly, so that rare types are counted as well
_DAILY = (
    "progress_note", "progress_note", "nursing_note", "laboratory_report",
    "physician_orders", "vital_signs", "medication_administration", "imaging_report",
)  # fmt: skip
_CARDS = ("insurance_card", "prescription", "triage_note")
_WOMEN = {"labor_and_delivery": (15, 48), "mammogram_report": (35, 85)}
_TODDLER = 2  # years
_OF_BABIES = frozenset({
    "face_sheet", "history_and_physical", "progress_note", "nursing_note",
    "vital_signs", "laboratory_report", "discharge_summary", "immunization_record",
    "physician_orders", "medication_administration", "imaging_report", "referral",
    "insurance_card", "patient_instructions", "consultation", "transfer_summary",
    "letter", "telephone_encounter", "consent_treatment", "outside_records",
})  # fmt: skip
HANDWRITTEN = (
    "progress_note", "nursing_note", "physician_orders", "history_and_physical",
    "consultation", "emergency_note", "operative_note", "procedure_note",
    "vital_signs", "anesthesia_record", "immunization_record", "patient_instructions",
)  # fmt: skip
"""Types of which most words are by hand when people fill them in by hand."""


class Deck:
    """Deals types: all of them as often, but for a daily few that come more often."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: list[str] = []

    def deal(self, fits: Callable[[str], bool] = lambda _: True) -> str:
        """The next type that fits; one that does not stays in the deck."""
        if self._rng.random() >= _EVEN:
            daily = [kind for kind in _DAILY if fits(kind)]
            if daily:
                return self._rng.choice(daily)
        for _ in range(2):
            for i, kind in enumerate(self._left):
                if fits(kind):
                    return self._left.pop(i)
            self._left += self._rng.sample(KINDS, len(KINDS))
        raise ValueError("no type of paper fits")


def suits(kind: str, person: Person, year: int) -> bool:
    """Whether somebody has such paper in that year; babies have few kinds."""
    age = year - person.birth_date.year
    youngest, oldest = _WOMEN.get(kind, (0, 200))
    if kind in _WOMEN and person.sex != "F":
        return False
    if age < _TODDLER and kind not in _OF_BABIES:
        return False
    return youngest <= age <= oldest


def draw_length(kind: str, rng: Random) -> int:
    """How long a paper is meant to be, 1 to 8.

    Forms of one sheet are seldom followed by a second one that renews them.
    """
    if kind in TWICE or kind in _CARDS:
        return rng.choices((1, 2), (9, 1))[0]
    weights = (48, 24, 12, 6, 4, 3, 2, 1)
    most = 4 if kind in SHEETS or kind in _SHEET else 8
    return min(rng.choices(range(1, 9), weights)[0], most)


def draw_continuation(kind: str, length: int, rng: Random) -> Showing:
    """What later pages say; several sheets of one form are numbered through.

    Else nobody could tell whether they are one document.
    """
    if length > 1 and (kind in SHEETS or kind in TWICE):
        return rng.choice(("full", "page"))
    return rng.choice(_SHOWING)


def expected_pages(order: Order) -> float:
    """About how many pages the order becomes, as measured on the train split."""
    if order.narrative is not None:
        words = len(order.narrative.split())
        return max(1.0, words / _WORDS_A_PAGE + _HEAD)
    if order.kind in SHEETS or order.kind in _SHEET:
        return order.length * _SHEET.get(order.kind, 1.0)
    if order.kind in TWICE:
        return order.length
    return 1 + (order.length - 1) * _MORE


_SHOWING: tuple[Showing, ...] = ("full", "full", "name", "page", "page", "none")
_WORDS_A_PAGE, _HEAD, _MORE = 510, 0.75, 0.6
_SHEET = {
    "medication_administration": 1.8, "vital_signs": 1.6, "anesthesia_record": 1.7,
    "immunization_record": 1.4, "physician_orders": 1.2, "laboratory_report": 1.4,
    "nursing_note": 1.2,
}  # fmt: skip
"""Pages of one filled sheet or entry, where that is more than one."""
