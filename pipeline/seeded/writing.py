"""What stands on a made-up sheet: a house's head, whose it is, clinical prose."""

from __future__ import annotations

import datetime as dt
import textwrap
from dataclasses import dataclass, field, replace
from random import Random

from pipeline.document import Patient
from pipeline.seeded.paper import FACES, Line, Sheet, below

_HOUSES = (
    ("Lakeside Community Hospital", "2100 Shore Drive · Medical Records"),
    ("Milton Valley Medical Center", "48 Foundry Road · Department of Medicine"),
    ("Fairmont Clinic", "7 Depot Road, Fairmont · Tel. 555-0142"),
    ("St. Brendan Health", "900 Cedar Avenue · Outpatient Services"),
)
_PROSE = (
    "The patient was seen in follow-up and reports feeling well since the last visit.",
    "There is no chest pain, no shortness of breath and no swelling of the legs.",
    "Blood pressure was 128 over 76, pulse 72 and regular, temperature normal.",
    "Lungs are clear on both sides, the abdomen is soft and not tender.",
    "Current medication was reviewed and is tolerated without complaint.",
    "Appetite and sleep are good, weight has been stable for six months.",
    "The wound has healed well and the sutures were removed without difficulty.",
    "Range of motion of the left knee has improved, with mild pain on stairs.",
    "The plan was discussed, questions were answered and consent was given.",
    "We recommend to continue as before and to return in three months.",
    "Please call the office if there is fever, bleeding or increasing pain.",
    "Physical therapy will go on twice a week, with home exercises each day.",
    "Family history is not contributory, and there are no known allergies.",
    "The findings were explained and a copy of this report was requested.",
    "Vision is 20/25 on both sides with correction, hearing is as before.",
    "Skin is warm and dry, without rash; there is no lymphadenopathy.",
    "Reflexes are symmetrical, gait is steady and there is no tremor.",
    "An influenza vaccine was offered and given in the left arm.",
    "Results of the last laboratory tests were within the usual limits.",
    "A brief course of treatment was completed without any side effects.",
    "The family was informed and will help with transport and meals.",
    "No change of dose is needed at present; refills were sent to the pharmacy.",
)
_DOCTORS = ("R. Hale, MD", "J. Okafor, MD", "M. Lindqvist, DO", "P. Serrano, MD")
_WIDTH = 74  # letters
_LABELS = (
    ("Patient:", "Date of birth:", "MRN:", "Date of service:"),
    ("Patient Name", "DOB", "Medical Record No.", "Visit Date"),
    ("Name:", "Birth date:", "Record number:", "Date:"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the sheet says; ``read`` is what the machine read instead, by field."""

    patient: Patient
    title: str
    day: dt.date
    numbered: bool = True  # the record number is printed
    read: dict[str, str] = field(default_factory=dict, repr=False)


def name_of(patient: Patient) -> str:
    """As it is printed."""
    name = patient.names[0]
    return f"{name.family}, {name.given}"


def day_of(day: dt.date | None) -> str:
    """In letters: no house's order of day and month is in doubt."""
    return f"{day:%b} {day.day}, {day.year}" if day else ""


def written(told: Told, chance: Random) -> Sheet:
    """A sheet that says this."""
    house, place = chance.choice(_HOUSES)
    lines = [Line(house, (190, 150), 48), Line(place, (190, 212), 28)]
    title = Line(told.title.upper(), (190, 320), 46, "type")
    lines.append(replace(title, read=told.read.get("type", "").upper()))
    values = {
        "name": name_of(told.patient),
        "birth date": day_of(told.patient.born),
        "mrn": told.patient.mrn if told.numbered else "",
        "date": day_of(told.day),
    }
    for label, (what, value) in zip(
        chance.choice(_LABELS), values.items(), strict=True
    ):
        if value:
            x, y = below(lines, 70 if what == "name" else 50)
            lines.append(Line(label, (x, y), 30))
            lines.append(Line(value, (620, y), 34, what, told.read.get(what, "")))
    step, left = 110, chance.sample(_PROSE, chance.randrange(6, len(_PROSE)))
    while left:
        some = chance.randrange(1, 5)
        for text in textwrap.wrap(" ".join(left[:some]), _WIDTH):
            lines.append(Line(text, below(lines, step), 32))
            step = 46
        step, left = 74, left[some:]
    lines.append(Line(chance.choice(_DOCTORS), below(lines, 150), 32))
    return Sheet(tuple(lines), chance.choice(FACES), chance.randrange(1 << 30))
