"""The desk where papers are written, drawn and laid on the pile to be scanned."""

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random

from PIL import Image

from benchmarks.forms.facilities import FACILITIES, OUTSIDE, Facility, print_date
from benchmarks.forms.paper import Case, Identity, Paper, Showing
from benchmarks.forms.people import Person, make_name
from benchmarks.forms.writing import Order, print_identity, write
from benchmarks.samples.cast import Cast, Stay
from benchmarks.samples.drawing import blank_sheet, draw_page
from benchmarks.samples.furniture import fax_line, shimmer, stamp
from benchmarks.samples.scanner import Look
from benchmarks.samples.truth import Truth

HOUSES: dict[str, Facility] = {house.key: house for house in (*FACILITIES, *OUTSIDE)}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One side of a sheet: clean print, how it is scanned, what is true of it.

    `turn` is the quarter turn clockwise in which it lay in the feeder, in degrees.
    """

    image: Image.Image
    truth: Truth
    look: Look
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """A paper for the pile; `printed` is the patient as the paper has them."""

    kind: str
    house: str
    whose: Person
    service: dt.date
    stay: Stay | None = None
    printed: Person | None = None
    shows: Identity | None = None
    continuation: Showing = "full"
    length: int = 1
    variant: int = 0
    doctor: str = ""
    trap: str | None = None
    numbered: bool = True


@dataclass(slots=True)
class Desk:
    """Makes leaves for a scene; document ids count up from the scene's name."""

    scene: str
    cast: Cast
    rng: Random
    dpi: int
    documents: int = 0
    base: Look = field(default_factory=Look)

    def papers(self, *wishes: Wish) -> list[Leaf]:
        """The leaves of all wished papers, in order."""
        return [leaf for wish in wishes for leaf in self.paper(wish)]

    def paper(self, wish: Wish) -> list[Leaf]:
        """The leaves of one document."""
        self.documents += 1
        document = f"{self.scene}-{self.documents:02d}"
        written = self._write(wish)
        facility = HOUSES[wish.house]
        return [
            Leaf(
                draw_page(rows, facility, self.dpi, self.rng),
                replace(
                    self._truth(wish),
                    document=document,
                    document_page=i,
                    text="\n".join(row.text for row in rows if row.text),
                ),
                self.look(),
            )
            for i, rows in enumerate(written.pages, 1)
        ]

    def look(self) -> Look:
        """A scan a little unlike the one before."""
        rng = self.rng
        return replace(
            self.base,
            skew=round(max(-1.5, min(1.5, rng.gauss(0, 0.6))), 2),
            fade=rng.uniform(0.02, 0.22),
            blur=self.base.blur * rng.uniform(0.8, 1.25),
            dust=rng.randint(4, 40),
        )

    def blank_back(self, front: Leaf) -> Leaf:
        """The empty back of a sheet, through which its front shimmers."""
        image = shimmer(blank_sheet(self.dpi), front.image, 0.025)
        return Leaf(image, Truth(removed_as="blank"), self.look())

    def _write(self, wish: Wish) -> Paper:
        facility = HOUSES[wish.house]
        stay = wish.stay
        case = Case(
            patient=wish.printed or wish.whose,
            facility=facility,
            service=wish.service,
            admit=stay.admit if stay else wish.service - dt.timedelta(days=2),
            discharge=stay.discharge if stay else wish.service + dt.timedelta(days=3),
            visit=stay.encounter if stay else f"A{self.rng.randint(10**6, 9 * 10**6)}",
            doctor=wish.doctor or (stay.attending if stay else make_name(self.rng)),
            other_doctor=make_name(self.rng),
        )
        shows = wish.shows or print_identity(case)
        if stay is None:
            shows = replace(shows, visit=None)
        if not facility.own:
            theirs = case.patient.other_ids.rpartition(":")[2]
            shows = replace(shows, number=theirs or f"{self.rng.randint(10**6, 10**7)}")
        if not wish.numbered:
            shows = replace(shows, number=None)
        return write(
            Order(wish.kind, case, wish.variant, shows, wish.continuation, wish.length),
            self.rng,
        )

    def _truth(self, wish: Wish) -> Truth:
        person = wish.whose
        known = person in self.cast.people
        return Truth(
            type=wish.kind,
            mrn=(person.merged_into or person.mrn) if known else None,
            in_index=known,
            name=person.full_name,
            birth_date=person.birth_date.isoformat(),
            service_date=wish.service.isoformat(),
            encounter=wish.stay.encounter if wish.stay else None,
            trap=wish.trap,
        )


def laid(leaf: Leaf, turn: int) -> Leaf:
    """The leaf turned clockwise by so many degrees before it was scanned."""
    truth = replace(leaf.truth, rotation=(360 - turn) % 360)
    return replace(leaf, turn=turn, truth=truth)


def faxed(leaf: Leaf, moment: dt.datetime, page: str, dpi: int) -> Leaf:
    """The leaf with the line of the fax machine that it came through."""
    text = f"{moment:%m/%d/%Y %H:%M}   330-555-0178   LARCH HILL FP   FAX PAGE {page}"
    fax_line(leaf.image, text, dpi)
    return _noted(leaf, text)


def received(leaf: Leaf, day: dt.date, rng: Random, dpi: int) -> Leaf:
    """The leaf with the mail room's stamp; its day is no date of service."""
    lines = ("RECEIVED", print_date(day, "dashes").upper(), "MEDICAL RECORDS")
    stamp(leaf.image, lines, (rng.uniform(4.9, 5.8), rng.uniform(0.35, 0.8)), dpi, rng)
    return _noted(leaf, " ".join(lines))


def _noted(leaf: Leaf, text: str) -> Leaf:
    truth = replace(leaf.truth, text=f"{text}\n{leaf.truth.text}")
    return replace(leaf, truth=truth)
