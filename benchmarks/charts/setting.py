"""What the setting of one document knows: its house, its writer, its habits."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from random import Random

from benchmarks.charts.houses import House
from benchmarks.charts.pen import Pen

FORMS = frozenset({
    "nursing_note", "vital_signs", "medication_administration", "medication_list",
    "physician_orders", "prescription", "anesthesia_record", "triage_note",
    "immunization_record", "consent_treatment", "consent_procedure", "face_sheet",
    "advance_directive", "power_of_attorney", "release_authorization", "referral",
    "privacy_acknowledgement", "telephone_encounter", "labor_and_delivery",
    "substance_use_record", "therapy_note", "progress_note", "transfer_summary",
    "patient_instructions", "emergency_note",
})  # fmt: skip
"""Types that are filled in by hand where a house has no computer for them."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One document being set: its house, its writer, its own layout's habits.

    ``form``: its entries may be written by hand.
    """

    kind: str
    house: House
    pen: Pen
    habits: Random
    form: bool

    def typed(self, text: str) -> str:
        """Running text as printed; an old typewriter hits some words harder."""
        if not self.house.look.worn:
            return escape(text)
        rng = self.pen.rng
        return " ".join(
            f'<i class="u{rng.randrange(5)}">{escape(word)}</i>'
            if rng.random() < 0.35
            else escape(word)
            for word in text.split()
        )
