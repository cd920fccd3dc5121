"""How often each type of paper comes, how long it is, and for whom it can be."""

from collections.abc import Callable
from random import Random

from benchmarks.charts.kinds import Order
from benchmarks.forms.people import Person
from benchmarks.forms.templates import Template
from benchmarks.forms.writing import TEMPLATES

KINDS = tuple(kind for kind in TEMPLATES if kind != "administrative")
_EVEN = 0.88  # share of papers dealt evenly, so that rare types are counted as well
_DAILY = (
    "progress_note", "progress_note", "nursing_note", "laboratory_report",
    "physician_orders", "vital_signs", "medication_administration", "imaging_report",
)  # fmt: skip
_CARDS = ("insurance_card", "prescription", "privacy_acknowledgement", "triage_note")
_WORDS_A_PAGE = 430
_WOMEN = {"labor_and_delivery": (15, 48), "mammogram_report": (35, 85)}
HANDWRITTEN = (
    "progress_note", "nursing_note", "physician_orders", "telephone_encounter",
    "history_and_physical", "consultation", "emergency_note", "triage_note",
    "vital_signs", "medication_administration", "anesthesia_record", "prescription",
    "therapy_note", "procedure_note", "operative_note", "referral",
    "immunization_record", "medication_list", "face_sheet", "patient_instructions",
)  # fmt: skip
"""Types that people fill in by hand."""


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
    return youngest <= age <= oldest


def draw_length(kind: str, rng: Random) -> int:
    """How long a paper is meant to be, 1 to 8."""
    if kind in _CARDS:
        return rng.choices((1, 2), (9, 1))[0]
    weights = (48, 24, 12, 6, 4, 3, 2, 1)
    return rng.choices(range(1, 9), weights)[0]


def expected_pages(order: Order) -> float:
    """About how many pages the order becomes; for planning only."""
    if order.kind not in TEMPLATES:
        return 1
    if order.narrative is not None:
        return max(1.0, len(order.narrative.split()) / _WORDS_A_PAGE + 0.35)
    template: Template = TEMPLATES[order.kind]
    return 1 + 0.6 * (order.length - 1) + 0.2 * (template.longest - 1)
