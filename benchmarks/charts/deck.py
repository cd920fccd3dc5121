"""How often each type of paper comes, how long it is, and for whom it can be."""

from collections.abc import Callable
from random import Random

from benchmarks.charts.kinds import Order
from benchmarks.forms.people import Person
from benchmarks.forms.writing import TEMPLATES

KINDS = tuple(kind for kind in TEMPLATES if kind != "administrative")
_EVEN = 0.88  # share of papers dealt evenly, so that rare types are counted as well
_DAILY = (
    "progress_note", "progress_note", "nursing_note", "laboratory_report",
    "physician_orders", "vital_signs", "medication_administration", "imaging_report",
)  # fmt: skip
_CARDS = ("insurance_card", "prescription", "privacy_acknowledgement", "triage_note")
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
    """How long a paper is meant to be, 1 to 8."""
    if kind in _CARDS:
        return rng.choices((1, 2), (9, 1))[0]
    weights = (48, 24, 12, 6, 4, 3, 2, 1)
    most = 4 if _SHEET.get(kind, 1.0) > 1.0 else 8  # of a sheet that fills two pages
    return min(rng.choices(range(1, 9), weights)[0], most)


def expected_pages(order: Order) -> float:
    """About how many pages the order becomes, as measured on the train split."""
    if order.narrative is not None:
        words = len(order.narrative.split())
        return max(1.0, words / _WORDS_A_PAGE + _HEAD)
    if order.kind in _SHEET:
        return order.length * _SHEET[order.kind]
    return 1 + (order.length - 1) * (0.1 if order.kind in _BRIEF else 0.6)


_WORDS_A_PAGE, _HEAD = 510, 0.75
_SHEET = {
    "medication_administration": 1.8, "vital_signs": 1.6, "anesthesia_record": 1.7,
    "immunization_record": 1.4, "physician_orders": 1.2, "laboratory_report": 1.4,
    "medication_list": 1.0, "telephone_encounter": 1.0, "triage_note": 1.0,
    "therapy_note": 1.0, "nursing_note": 1.2, "prescription": 1.0,
}  # fmt: skip
"""Pages of one filled sheet, for types of which a long paper is several sheets."""
_BRIEF = frozenset({
    "advance_directive", "consent_procedure", "consent_treatment", "face_sheet",
    "insurance_card", "letter", "power_of_attorney", "privacy_acknowledgement",
    "release_authorization", "ecg_report",
})  # fmt: skip
"""Types that hardly grow, however long they are meant to be."""
