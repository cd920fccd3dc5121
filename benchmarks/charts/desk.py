"""The desk on which the papers of a pile are chosen, each with what is true of it."""

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random

from benchmarks.charts.deck import (
    HANDWRITTEN,
    Deck,
    draw_continuation,
    draw_length,
    expected_pages,
    suits,
)
from benchmarks.charts.houses import HOUSES, House
from benchmarks.charts.identity import NOTHING, shown
from benchmarks.charts.kinds import Level, Mode, Order, PageTruth, Split
from benchmarks.charts.people import Register
from benchmarks.charts.splits import Texts
from benchmarks.forms.paper import Case
from benchmarks.forms.people import Person, make_name
from benchmarks.samples.cast import Stay

NO_IDENTITY = "no identity"  # the trap of a paper that says nothing of its patient
LEVELS: tuple[Level, ...] = ("clean", "typical", "poor")
_DAY = dt.timedelta(days=1)
_TOLD = 0.6  # share of papers of a kind with report texts that set one of these
_FEW_TEXTS = 8  # types with fewer texts mostly speak by their template
_ON_ADMISSION = ("face_sheet", "history_and_physical", "consent_treatment")
_ON_DISCHARGE = ("discharge_summary", "patient_instructions", "transfer_summary")


@dataclass(frozen=True, slots=True)
class Item:
    """One document, cover or separator on the pile.

    ``truth`` is of every page of it but for numbers and words, ``turn`` the quarter
    turn clockwise in which all of it lies in the feeder. ``inside``: it lies between
    the pages of the document before it; ``twice``: one page of it is fed twice.
    """

    order: Order
    truth: PageTruth
    turn: int = 0
    inside: bool = False
    twice: bool = False

    @property
    def expected(self) -> float:
        """About how many pages of content it has."""
        return 0.0 if self.truth.removed_as else expected_pages(self.order)


@dataclass(frozen=True, slots=True)
class Wish:
    """A paper for the pile. What is not wished is drawn.

    ``printed`` is the patient as the paper has them, ``sticker`` whose label was put
    on it; ``how`` names one of identity.WAYS.
    """

    whose: Person
    kind: str | None = None
    house: House | None = None
    service: dt.date | None = None
    stay: Stay | None = None
    printed: Person | None = None
    how: str | None = None
    sticker: Person | None = None
    extras: tuple[str, ...] = ()
    hand: bool = False
    notes: tuple[str, ...] = ()
    trap: str | None = None
    inside: bool = False


@dataclass(slots=True)
class Desk:
    """Chooses the papers of one batch; ids of documents count up from its name."""

    name: str
    split: Split
    seed: int
    register: Register
    deck: Deck
    texts: Texts
    rng: Random
    mode: Mode
    dpi: int
    level: Level | None = None  # None: each document has its own
    made: int = 0
    _indexed: frozenset[str] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        self._indexed = frozenset(person.mrn for person in self.register.index)

    def houses(self, *, own: bool) -> list[House]:
        """The split's houses: those of the site, or strange ones."""
        return [one for one in HOUSES[self.split] if one.facility.own is own]

    def paper(self, wish: Wish) -> Item:
        """The wished paper, with its truth."""
        rng = self.rng
        self.made += 1
        service, stay = self._when(wish)
        kind = wish.kind or self._deal(wish, service.year)
        if wish.kind is None and stay is not None:
            service = _usual_day(kind, stay, service)
        strange = kind == "outside_records" and rng.random() < 0.5
        house = wish.house or rng.choice(self.houses(own=not strange))
        case = self._case(wish, house, service, stay)
        how, shows = shown(case, rng, wish.how, visited=stay is not None)
        told = self._narrative(kind, wish)
        length = draw_length(kind, rng)
        order = Order(
            kind=kind,
            house=house.key,
            case=case,
            seed=f"{self.split}/{self.seed}/{self.name}/{self.made}",
            variant=rng.randrange(3),
            length=length,
            continuation=draw_continuation(kind, length, rng),
            shows=shows,
            narrative=told,
            hand=1.0 if wish.hand else rng.uniform(0.05, 0.3),
            extras=self._extras(wish),
            sticker=self._case(replace(wish, printed=None, whose=wish.sticker), house,
                               service, stay) if wish.sticker else None,
            banner=wish.notes,
        )  # fmt: skip
        trap = wish.trap or (NO_IDENTITY if how == NOTHING else None)
        truth = self._truth(wish, order, trap, stay)
        return Item(order, truth, self._turn(), wish.inside, rng.random() < 0.03)

    def steer(self, kind: str, says: str, removed_as: str) -> Item:
        """A cover, or a separator with a patch."""
        self.made += 1
        anybody = self.register.crowd[0]
        house = self.houses(own=True)[0]
        order = Order(
            kind, house.key, self._case(Wish(anybody), house, _EPOCH, None),
            f"{self.split}/{self.seed}/{self.name}/{self.made}",
            variant=self.rng.randrange(3), banner=(says,) if says else (),
        )  # fmt: skip
        turn = 180 if self.rng.random() < 0.04 else 0
        return Item(order, replace(self._sheet(), removed_as=removed_as), turn)

    # --- what is drawn ---------------------------------------------------------

    def _when(self, wish: Wish) -> tuple[dt.date, Stay | None]:
        if wish.service is not None:
            return wish.service, wish.stay
        stays = self.register.stays_of(wish.whose)
        stay = wish.stay or (
            self.rng.choice(stays) if stays and self.rng.random() < 0.6 else None
        )
        if stay is not None:
            nights = (stay.discharge - stay.admit).days
            return stay.admit + self.rng.randint(0, nights) * _DAY, stay
        born = max(wish.whose.birth_date + 30 * _DAY, _EPOCH)
        return born + self.rng.randrange((_TODAY - born).days) * _DAY, None

    def _deal(self, wish: Wish, year: int) -> str:
        person = wish.printed or wish.whose

        def fits(kind: str) -> bool:
            if wish.hand and kind not in HANDWRITTEN:
                return False
            return suits(kind, person, year)

        return self.deck.deal(fits)

    def _case(
        self, wish: Wish, house: House, service: dt.date, stay: Stay | None
    ) -> Case:
        rng = self.rng
        return Case(
            patient=wish.printed or wish.whose,
            facility=house.facility,
            service=service,
            admit=stay.admit if stay else service - 2 * _DAY,
            discharge=stay.discharge if stay else service + 3 * _DAY,
            visit=stay.encounter if stay else f"A{rng.randint(10**6, 9 * 10**6)}",
            doctor=stay.attending if stay else make_name(rng),
            other_doctor=make_name(rng),
        )

    def _narrative(self, kind: str, wish: Wish) -> str | None:
        few = self.texts.count(kind) < _FEW_TEXTS
        if wish.hand or self.rng.random() > (_TOLD / 3 if few else _TOLD):
            return None
        return self.texts.take(kind)

    def _extras(self, wish: Wish) -> tuple[str, ...]:
        drawn = list(wish.extras)
        if wish.sticker:
            drawn.append("sticker")
        for extra, share in (("stamp", 0.07), ("fax", 0.05), ("sticker", 0.06)):
            if extra not in drawn and self.rng.random() < share:
                drawn.append(extra)
        return tuple(drawn)

    def _turn(self) -> int:
        return self.rng.choices((0, 180, 90, 270), (90, 5, 3, 2))[0]

    def _sheet(self) -> PageTruth:
        level = self.rng.choice(LEVELS) if self.level is None else self.level
        return PageTruth("", 0, self.split, level, self.mode, self.dpi)

    def _truth(
        self, wish: Wish, order: Order, trap: str | None, stay: Stay | None
    ) -> PageTruth:
        person = wish.whose
        known = person.mrn in self._indexed
        return replace(
            self._sheet(),
            document=f"{self.name}-{self.made:03d}",
            type=order.kind,
            house=order.house,
            mrn=(person.merged_into or person.mrn) if known else None,
            in_index=known,
            name=person.full_name,
            birth_date=person.birth_date.isoformat(),
            service_date=order.case.service.isoformat(),
            encounter=stay.encounter if stay else None,
            trap=trap,
        )


_EPOCH, _TODAY = dt.date(1999, 2, 1), dt.date(2024, 2, 1)


def _usual_day(kind: str, stay: Stay, drawn: dt.date) -> dt.date:
    if kind in _ON_ADMISSION:
        return stay.admit
    return stay.discharge if kind in _ON_DISCHARGE else drawn
