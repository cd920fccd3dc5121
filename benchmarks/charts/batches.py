"""The piles that come to the scanner: charts, stacks of a day, loose sheets, boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.charts import traps
from benchmarks.charts.desk import Desk, Item, Wish
from benchmarks.charts.kinds import Mode
from benchmarks.charts.people import Pair
from benchmarks.forms.people import Person

Form = Literal["pdf", "tiff", "jpeg", "folder"]
_BYHAND = 0.55  # of a chart's pages; on 40 % of all then most words are by hand


@dataclass(frozen=True, slots=True)
class Batch:
    """One file, or one folder of single pages, before it is printed and scanned.

    ``name`` is its path in the inbox but for the ending; ``backs`` the share of
    sheets of which the empty back was scanned as well; ``patient`` is whom the sidecar
    of a folder declares.
    """

    name: str
    kind: str
    form: Form
    mode: Mode
    dpi: int
    seed: str
    items: tuple[Item, ...] = field(repr=False)
    backs: float = 0.05
    patient: str = field(default="", repr=False)

    @property
    def expected(self) -> float:
        """About how many pages of content it has."""
        return sum(item.expected for item in self.items)


def legacy_chart(
    desk: Desk, pages: float, number: int, *, byhand: bool
) -> tuple[Item, ...]:
    """About so many pages of one patient by date, with what strays in between.

    The owner of every other ``number`` has somebody who resembles them. In a chart
    kept ``byhand`` 40 % of the pages are mostly handwriting.
    """
    return _chart(desk, _owner(desk, number), pages, byhand=byhand)


def old_volume(desk: Desk, pages: float) -> tuple[tuple[Item, ...], Person]:
    """A box of one patient's old papers, one file a page, and whom its label names."""
    one = desk.rng.choice(desk.register.crowd)
    return _chart(desk, Pair(one, one), pages, byhand=False), one


def loose_sheet(desk: Desk, number: int) -> tuple[Item, ...]:
    """One document by itself, mostly with a difficulty, which the number chooses."""
    return (desk.paper(traps.loose(desk, number)),)


def day_forward(desk: Desk, pages: float) -> tuple[Item, ...]:
    """A day's papers of several patients behind covers, parted by separators."""
    rng = desk.rng
    number = rng.randint(10**5, 10**6 - 1)
    items = [desk.steer("cover", f"BATCH {number}", "separator")]
    while sum(item.expected for item in items) < pages:
        one = rng.choice(desk.register.crowd)
        items.append(desk.steer("cover", f"PATIENT {one.mrn}", "cover"))
        for place in range(rng.randint(1, 5)):
            item = desk.paper(_of_a_day(desk, one))
            items += [*_parting(desk, item, first=place == 0), item]
    return tuple(items)


# --- what lies in a chart ----------------------------------------------------------


def _owner(desk: Desk, number: int) -> Pair:
    """Whose a chart is, and whose papers get into it."""
    register, pick = desk.register, desk.rng.choice
    one, baby = pick(register.crowd), pick(register.newborns)
    like = (pick(register.twins), Pair(baby.other, baby.one), pick(register.juniors))
    return like[number // 2 % 3] if number % 2 else Pair(one, one)


def _chart(desk: Desk, owner: Pair, pages: float, *, byhand: bool) -> tuple[Item, ...]:
    items: list[Item] = []
    laid = written = 0.0
    while laid < pages:
        hand = byhand and written < _BYHAND * laid
        items.append(desk.paper(_next_of(desk, owner, hand=hand)))
        laid += items[-1].expected
        written += items[-1].expected if items[-1].order.hand == 1.0 else 0
    # What strays in lies anywhere, and the others by date between it.
    own = [item for item in items if item.truth.mrn == owner.one.mrn]
    dated = iter(sorted(own, key=lambda item: item.truth.service_date or ""))
    mine = {id(item) for item in own}
    return tuple(next(dated) if id(item) in mine else item for item in items)


def _next_of(desk: Desk, owner: Pair, *, hand: bool) -> Wish:
    rng, one = desk.rng, owner.one
    wishes: tuple[tuple[int, Callable[[], Wish]], ...] = (
        (30, lambda: traps.foreign(desk, one)),
        (15, lambda: traps.foreign(desk, one, inside=True)),
        (15, lambda: traps.unknown(desk, one)),
        (45, lambda: traps.outside(desk, one)),
        (20, lambda: traps.stickered(desk, one)),
        (0 if owner.other == one else 70, lambda: traps.kin(owner)),
        (850, lambda: Wish(one, hand=hand)),
    )
    return rng.choices([wish for _, wish in wishes], [n for n, _ in wishes])[0]()


# --- what lies in a day's stack ----------------------------------------------------


def _of_a_day(desk: Desk, one: Person) -> Wish:
    drawn = desk.rng.random()
    if drawn < 0.03:
        return traps.foreign(desk, one)
    return traps.stickered(desk, one) if drawn < 0.06 else Wish(one)


def _parting(desk: Desk, item: Item, *, first: bool) -> list[Item]:
    """What a clerk lays between two documents of one patient."""
    drawn = desk.rng.random()
    if drawn < 0.25:
        return [desk.steer("cover", f"DOCTYPE {item.truth.type}", "cover")]
    if first:
        return []
    if drawn < 0.6:
        return [desk.steer("cover", "SEPARATOR", "separator")]
    return [desk.steer("separator", "", "separator")]
