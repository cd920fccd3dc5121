"""``patients duplicates``: who may be one person twice, which record may hold two."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.private_list import write_private
from pipeline.commands.user import clerk_name
from pipeline.document import Patient
from pipeline.index.candidates import KeyedIndex
from pipeline.index.keys import patient_keys
from pipeline.index.linkage import FIELDS, Block, Learned, learn, levels, score
from pipeline.index.names import fold
from pipeline.index.numbers import MrnFormat
from pipeline.site import Site

LEARNED_FROM = 3000  # people drawn by chance; each with those who share a key
SHOWN = 40
_BLOCKS = {"n:": frozenset({"family", "given"}), "bf:": frozenset({"born", "family"})}
OVERLAY = "may hold two people"


@dataclass(frozen=True, slots=True)
class Suspect:
    """Two records, or one (``other_mrn`` is ""), and the bits of evidence."""

    bits: float
    kind: str
    mrn: str
    name: str
    born: str
    other_mrn: str = ""
    other_name: str = ""
    other_born: str = ""


def show(
    site: Site, asked: tuple[Path | None, float], out: Console, *, as_json: bool
) -> None:
    """The likeliest first; all of them into the file, if one is named."""
    file, least = asked
    with out.status("learning what agreement weighs"):
        found = [one for one in suspects(site) if one.bits >= least]
    found.sort(key=lambda one: (-one.bits, one.mrn, one.other_mrn))
    site.catalogue.audit(clerk_name(), "listed", "suspected duplicates")
    if file:
        write_private(file, Suspect.__slots__, map(asdict, found))
        out.print(f"{len(found)} suspects written")
    elif as_json:
        for one in found:
            out.file.write(json.dumps(asdict(one)) + "\n")
    else:
        _print(found, out)


def suspects(site: Site) -> Iterator[Suspect]:
    """Pairs with a name alert, scored; then records whose own facts disagree."""
    learned = learned_of(site)
    index = KeyedIndex(site.people, MrnFormat())
    size = index.size
    for kind, one, other in site.alerts.pairs():
        names = [fold(n) for p in (one, other) for n in _parts(p)]
        bits = score(one, other, learned, (index.frequencies(names), size))
        yield Suspect(round(bits, 1), kind, *_who(one), *_who(other))
    for person in site.people.overlaid():
        yield Suspect(0.0, OVERLAY, *_who(person))


def _parts(person: Patient) -> tuple[str, str]:
    return person.names[0].family, person.names[0].given


def learned_of(site: Site, seed: int = 1) -> Learned:
    """What agreement weighs in this index; the same at every run."""
    drawn = site.people.drawn(LEARNED_FROM, seed)
    blocks = [
        Block(_levels(_sharing(site, drawn, prefix)), by, max(len(drawn), 1))
        for prefix, by in _BLOCKS.items()
    ]
    mixed = list(drawn)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a sample
    return learn(blocks, _levels(pairwise(mixed)))


def _sharing(
    site: Site, drawn: Iterable[Patient], prefix: str
) -> Iterator[tuple[Patient, Patient]]:
    for person in drawn:
        keys = [key for key in patient_keys(person) if key.startswith(prefix)]
        for other in site.people.with_keys(keys, 20):
            if other.id != person.id:
                yield person, other


def _levels(pairs: Iterable[tuple[Patient, Patient]]) -> np.ndarray:
    told = [levels(one, other) for one, other in pairs if one.names and other.names]
    return np.array(told, np.int8).reshape(-1, len(FIELDS))


def _who(person: Patient) -> tuple[str, str, str]:
    name = person.names[0]
    whole = f"{name.family}, {name.given} {name.middle}".strip(", ")
    born = person.born.isoformat() if person.born else ""
    return person.mrn, f"{whole} {name.suffix}".strip(), born


def _print(found: list[Suspect], out: Console) -> None:
    table = Table("bits", "why", "MRN", "name", "born", "MRN", "name", "born")
    for one in found[:SHOWN]:
        cells = list(asdict(one).values())
        table.add_row(*(escape(str(cell)) for cell in cells))
    out.print(table if found else "no suspects")
    if len(found) > SHOWN:
        out.print(f"and {len(found) - SHOWN} more: --csv FILE has them all")
