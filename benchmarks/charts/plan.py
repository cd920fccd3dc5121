"""What one command is going to print: every batch of an inbox, chosen by its seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from benchmarks.charts.batches import (
    Batch,
    Form,
    day_forward,
    legacy_chart,
    loose_sheet,
    old_volume,
)
from benchmarks.charts.deck import Deck
from benchmarks.charts.desk import Desk, Item
from benchmarks.charts.kinds import Level, Mode, Split
from benchmarks.charts.people import Register, make_register
from benchmarks.charts.splits import read_texts

KINDS = ("legacy", "dayforward", "loose", "folders")
_SHARES = {"legacy": 0.5, "dayforward": 0.2, "loose": 0.1, "folders": 0.2}
_SMALLEST_CHART, _LARGEST_CHART = 10, 600  # pages
_SHORT = 40  # pages
_SCANNERS: tuple[tuple[Mode, int, int], ...] = (
    ("bitonal", 300, 30), ("bitonal", 200, 20), ("grey", 300, 14), ("grey", 200, 16),
    ("colour", 300, 8), ("colour", 200, 12),
)  # fmt: skip
"""Mode, dpi and how often a batch is scanned so."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command asks for; ``level`` None gives each document its own."""

    split: Split
    seed: int
    pages: int
    level: Level | None = None
    kinds: tuple[str, ...] = KINDS
    reports: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An inbox before it is printed."""

    request: Request
    register: Register
    batches: tuple[Batch, ...] = field(repr=False)

    @property
    def expected(self) -> int:
        """About how many pages of content it has."""
        return round(sum(batch.expected for batch in self.batches))

    def counts(self) -> dict[str, Counter[str]]:
        """Documents by type, house, trap and level; batches by kind."""
        items = [item for batch in self.batches for item in batch.items]
        papers = [item.truth for item in items if item.truth.document]
        return {
            "batches": Counter(batch.kind for batch in self.batches),
            "scans": Counter(f"{b.mode} {b.dpi} {b.form}" for b in self.batches),
            "levels": Counter(paper.level for paper in papers),
            "houses": Counter(str(paper.house) for paper in papers),
            "traps": Counter(str(paper.trap) for paper in papers if paper.trap),
            "types": Counter(str(paper.type) for paper in papers),
            "steering": Counter(
                item.truth.removed_as for item in items if item.truth.removed_as
            ),
        }


def make_plan(request: Request) -> Plan:
    """The same plan for the same request.

    Raises SettingsError where ``reports`` is no collection of reports.
    """
    return _Planner(request).plan()


class _Planner:
    def __init__(self, request: Request) -> None:
        key = f"{request.split}/{request.seed}"
        self._request = request
        self._rng = Random(f"plan/{key}")
        self._register = make_register(request.split, request.seed)
        self._deck = Deck(Random(f"deck/{key}"))
        self._texts = read_texts(request.reports, request.split, Random(f"texts/{key}"))
        self._made = 0
        self._charts = self._sheets = 0

    def plan(self) -> Plan:
        whole = sum(_SHARES[kind] for kind in self._request.kinds)
        makers: dict[str, Callable[[float], Batch]] = {
            "legacy": self._legacy,
            "dayforward": self._dayforward,
            "loose": self._loose,
            "folders": self._folder,
        }
        batches: list[Batch] = []
        for kind in self._request.kinds:
            left = self._request.pages * _SHARES[kind] / whole
            while left > 0:
                batches.append(makers[kind](left))
                left -= batches[-1].expected
        return Plan(self._request, self._register, tuple(batches))

    def _desk(self, name: str) -> Desk:
        modes = [(mode, dpi) for mode, dpi, _ in _SCANNERS]
        mode, dpi = self._rng.choices(modes, [often for *_, often in _SCANNERS])[0]
        request = self._request
        return Desk(
            name=name, split=request.split, seed=request.seed, register=self._register,
            deck=self._deck, texts=self._texts, rng=Random(self._seed(name)),
            mode=mode, dpi=dpi, level=request.level,
        )  # fmt: skip

    def _seed(self, name: str) -> str:
        return f"{self._request.split}/{self._request.seed}/{name}"

    def _name(self, stem: str) -> str:
        self._made += 1
        return f"{stem}{self._made:04d}"

    def _legacy(self, left: float) -> Batch:
        rng = self._rng
        most = min(_LARGEST_CHART, max(left, _SMALLEST_CHART))
        spread = _LARGEST_CHART / _SMALLEST_CHART
        pages = min(most, _SMALLEST_CHART * spread ** rng.random())
        desk = self._desk(self._name("chart_"))
        self._charts += 1
        byhand = self._charts % 2 == 1
        like = self._charts + self._request.seed
        items = legacy_chart(desk, pages, like, byhand=byhand)
        return self._lay("legacy", desk, items, rng.choice((0.04, 0.04, 0.4)))

    def _dayforward(self, left: float) -> Batch:
        desk = self._desk(self._name("dayforward_"))
        items = day_forward(desk, min(left, self._rng.uniform(12, 45)))
        return self._lay("dayforward", desk, items, 0.03)

    def _loose(self, _left: float) -> Batch:
        desk = self._desk(self._name("SCAN_"))
        self._sheets += 1
        return self._lay("loose", desk, loose_sheet(desk, self._sheets), 0.0)

    def _folder(self, left: float) -> Batch:
        desk = self._desk(self._name("box-"))
        items, whose = old_volume(desk, min(left, self._rng.uniform(15, 60)))
        batch = self._lay("folders", desk, items, 0.04)
        return replace(batch, patient=whose.mrn)

    def _lay(
        self, kind: str, desk: Desk, items: tuple[Item, ...], backs: float
    ) -> Batch:
        return Batch(
            desk.name, kind, self._form(kind, desk, items), desk.mode, desk.dpi,
            self._seed(desk.name), items, backs,
        )  # fmt: skip

    def _form(self, kind: str, desk: Desk, items: tuple[Item, ...]) -> Form:
        """TIFF is for what is black and white or short, JPEG for single sheets."""
        if kind == "folders":
            return "folder"
        short = sum(item.expected for item in items) < _SHORT
        drawn = self._rng.random()
        if kind == "loose" and desk.mode != "bitonal" and drawn < 0.4:
            return "jpeg"
        tiff = drawn > 0.65 and (short or desk.mode == "bitonal")
        return "tiff" if tiff else "pdf"
