"""The supervisor's figures, put together from the books; counted, never kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.certifying import Survivors, judged, sample
from pipeline.checks import EVERY_LANE, MachineAnswer
from pipeline.keying import trial_left
from pipeline.review import lanes
from pipeline.review.certificate import Checked, upper_bound
from pipeline.review.second_key import Trial
from pipeline.review.verdict import Verdict
from pipeline.site import Site
from pipeline.store.figures import Did
from pipeline.store.second_key_rows import Lately
from pipeline.users import CLERK
from pipeline.vigilance import Vigilance
from pipeline.wiring import has_account, oversight_of

DAYS = 14
WAKEFUL_DAYS = 30  # seeded items are few: over so many days they are counted
Judged = tuple[MachineAnswer, Verdict | None]


@dataclass(frozen=True, slots=True)
class Rate:
    """Wrong ones of those that somebody checked; ``most`` is the 95 % bound, 0..1."""

    checked: int
    wrong: int
    most: float


@dataclass(frozen=True, slots=True)
class Day:
    """Documents of one day, UTC: filed by the rules, by clerks, and asked about."""

    day: dt.date
    by_rules: int
    by_clerks: int
    asked: int

    @property
    def share(self) -> float | None:
        """Of what the rules decided that day, how much they filed, 0..1."""
        decided = self.by_rules + self.asked
        return self.by_rules / decided if decided else None


@dataclass(frozen=True, slots=True)
class Pace:
    """How much somebody did, and how wakeful they were: one is not told alone.

    ``days`` are answers by day, the oldest first. ``least`` is the 95 % bound on the
    share of wrong suggestions that they catch, 0..1.
    """

    days: tuple[int, ...]
    caught: Vigilance
    least: float = 0.0

    @property
    def answers(self) -> int:
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class Person:
    """One clerk's work of DAYS, and what others found of all that they filed.

    ``trial`` is how their answers stood so far, while each needs another person's.
    """

    name: str
    pace: Pace
    rate: Rate
    trial: Trial | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One station's pages of DAYS, and the sample's verdict on what it sent."""

    name: str
    days: tuple[int, ...]  # pages by day, the oldest first
    rate: Rate

    @property
    def pages(self) -> int:
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class Overview:
    """All that a supervisor looks at; ``due`` documents of the sample wait."""

    at: dt.datetime  # UTC
    mode: str
    certified: str
    uncertified: int
    held: tuple[str, ...]
    ages: tuple[tuple[str, int], ...]
    oldest: dt.datetime | None  # UTC
    days: tuple[Day, ...]
    people: tuple[Person, ...]
    sources: tuple[Source, ...]
    sample: Rate
    due: int
    corrected: int  # versions replaced or retracted in DAYS
    pace: Pace  # of everybody
    second: Lately = field(default_factory=lambda: Lately(0, 0, 0))
    second_share: float = 0.0  # at most, 0..1
    new_clerk_answers: int = 0  # right in a row

    @property
    def waiting(self) -> int:
        return sum(count for _, count in self.ages)

    @property
    def share(self) -> float | None:
        """Filed without a clerk, of all that was decided in DAYS, 0..1."""
        filed = sum(day.by_rules for day in self.days)
        decided = filed + sum(day.asked for day in self.days)
        return filed / decided if decided else None


def overview(site: Site, now: dt.datetime) -> Overview:
    """Count everything; seconds, where many documents were filed."""
    dates = [(now - dt.timedelta(days=n)).date() for n in reversed(range(DAYS))]
    since = dt.datetime.combine(dates[0], dt.time(), dt.UTC)
    done = site.figures.done(since)
    drawn = list(judged(site, sample(site), site.checks.checks()))
    standing = oversight_of(site).standing(site.settings.filing)
    events = lanes.standing(site.checks.events())
    people = _people(site, dates, done)
    word = f"at most {standing.rate:g} in the wrong record"
    return Overview(
        at=now,
        mode=site.settings.filing.mode,
        certified=word if standing.certificate else f"uncertified: {standing.why}",
        uncertified=site.checks.uncertified(),
        held=tuple(
            "all lanes" if lane == EVERY_LANE else str(lane)
            for lane, event in events.items()
            if event.did != "opened"
        ),
        ages=tuple(site.figures.ages(now)),
        oldest=site.worklist.counts().oldest,
        days=tuple(_day(day, done) for day in dates),
        people=people,
        sources=_sources(site, dates, since, drawn),
        sample=_rate(_settled(drawn)),
        due=sum(1 for _, said in drawn if said is None or said.open),
        corrected=sum(d.count for d in done if d.event in ("corrected", "retracted")),
        pace=_together([person.pace for person in people], len(dates)),
        second=site.keys.lately(),
        second_share=site.settings.queue.second_share,
        new_clerk_answers=site.settings.queue.new_clerk_answers,
    )


def _day(day: dt.date, done: Iterable[Did]) -> Day:
    counts: Counter[str] = Counter()
    for did in done:
        if did.day == day and did.event == "filed":
            counts["clerks" if did.by.startswith(CLERK) else "rules"] += did.count
        elif did.day == day and did.event == "asked":
            counts["asked"] += did.count
    return Day(day, counts["rules"], counts["clerks"], counts["asked"])


def _people(
    site: Site, dates: list[dt.date], done: Iterable[Did]
) -> tuple[Person, ...]:
    answers: defaultdict[str, Counter[dt.date]] = defaultdict(Counter)
    for did in done:
        if did.event == "answered":
            answers[did.by][did.day] += did.count
    survivors = Survivors(site)
    wrong: defaultdict[str, list[bool]] = defaultdict(list)
    for one in site.figures.looked():
        if one.by.startswith(CLERK):
            right = survivors.of(one.filed) == survivors.of(one.found)
            wrong[one.by].append(not right)
    wanted = site.settings.queue.new_clerk_answers
    since = dt.datetime.combine(dates[-1], dt.time(), dt.UTC)
    seeded = site.vigilance.by_person(since - dt.timedelta(days=WAKEFUL_DAYS))
    names = sorted({*answers, *wrong, *seeded}, key=lambda name: -answers[name].total())
    return tuple(
        Person(
            name,
            _pace(_by_day(answers[name], dates), seeded.get(name, Vigilance())),
            _rate(wrong[name]),
            trial_left(name, site.keys, wanted) if has_account(site, name) else None,
        )
        for name in names
    )


def _pace(days: tuple[int, ...], caught: Vigilance) -> Pace:
    missed = upper_bound(Checked(caught.tried, caught.missed)) if caught.tried else 1.0
    return Pace(days, caught, 1.0 - missed)


def _together(paces: Sequence[Pace], days: int) -> Pace:
    """Of everybody."""
    counts = [sum(pace.days[n] for pace in paces) for n in range(days)]
    whole = sum((pace.caught for pace in paces), Vigilance())
    return _pace(tuple(counts), whole)


def _sources(
    site: Site, dates: list[dt.date], since: dt.datetime, drawn: Iterable[Judged]
) -> tuple[Source, ...]:
    pages: defaultdict[str, Counter[dt.date]] = defaultdict(Counter)
    for one in site.figures.arrived(since):
        pages[one.station][one.day] += one.pages
    wrong: defaultdict[str, list[bool]] = defaultdict(list)
    for answer, said in drawn:
        if said is not None and not said.open:
            wrong[answer.lane.station].append(said.wrong_patient)
    names = sorted({*pages, *wrong}, key=lambda name: -pages[name].total())
    return tuple(
        Source(name, _by_day(pages[name], dates), _rate(wrong[name])) for name in names
    )


def _by_day(counts: Mapping[dt.date, int], dates: list[dt.date]) -> tuple[int, ...]:
    return tuple(counts.get(day, 0) for day in dates)


def _settled(drawn: Iterable[Judged]) -> list[bool]:
    return [said.wrong_patient for _, said in drawn if said and not said.open]


def _rate(wrong: list[bool]) -> Rate:
    counted = Checked(len(wrong), sum(wrong))
    return Rate(len(wrong), sum(wrong), upper_bound(counted) if wrong else 1.0)
