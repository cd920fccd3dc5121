"""The inbox on disk: files bound from their pages, sidecars, and the truth."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.charts.batches import Batch
from benchmarks.charts.files import Packed, write_jpeg, write_pdf, write_tiff
from benchmarks.charts.houses import HOUSES
from benchmarks.charts.kinds import PageTruth
from benchmarks.charts.plan import Plan
from benchmarks.charts.works import Pages
from benchmarks.samples.cast import write_index

_SUFFIXES = {"pdf": ".pdf", "tiff": ".tif", "jpeg": ".jpg"}
TRUTH = "truth.jsonl"


def write_inbox(
    made: Iterable[Pages], out: Path, *, boxes: bool = False
) -> Iterator[list[PageTruth]]:
    """Writes each batch when its last piece has come; yields what is true of it.

    With ``boxes`` the truth says where each word was printed, too.
    """
    inbox = out / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    with (out / TRUTH).open("w", encoding="utf-8") as told:
        for pieces in _whole(made):
            truths = _write(pieces, inbox)
            for truth in truths if boxes else map(_unplaced, truths):
                told.write(json.dumps(asdict(truth), ensure_ascii=False) + "\n")
            yield truths


def write_site(plan: Plan, out: Path) -> None:
    """What a site has before the first scan: its index, and whose numbers are its own.

    patients.csv and encounters.csv are for the import, identity.toml goes into the
    data folder's config.
    """
    out.mkdir(parents=True, exist_ok=True)
    write_index(plan.register.cast(), out)
    names = [house.facility for house in HOUSES[plan.request.split]]
    own = [f'    "{house.name}",' for house in names if house.own]
    told = ("# The houses that give out our numbers.", "[authorities]", "names = [")
    (out / "identity.toml").write_text("\n".join([*told, *own, "]", ""]), "utf-8")


def read_truth(path: Path) -> list[PageTruth]:
    """The pages of a truth.jsonl."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [PageTruth(**row | pairs_of(row)) for row in rows]


def pairs_of(row: dict[str, Any]) -> dict[str, tuple[tuple[Any, Any], ...]]:
    """The codes and words of a line of truth, of which JSON makes lists."""
    places = ((text, tuple(box)) for text, box in row.get("words", ()))
    codes = ((kind, text) for kind, text in row.get("codes", ()))
    return {"codes": tuple(codes), "words": tuple(places)}


def _unplaced(truth: PageTruth) -> PageTruth:
    return replace(truth, words=())


def _whole(made: Iterable[Pages]) -> Iterator[list[Pages]]:
    pieces: list[Pages] = []
    for pages in made:
        pieces.append(pages)
        if pages.piece.last:
            yield pieces
            pieces = []


def _write(pieces: Sequence[Pages], inbox: Path) -> list[PageTruth]:
    batch = pieces[0].piece.batch
    numbered = list(_numbered(pieces))
    if batch.form == "folder":
        return _write_folder(batch, numbered, inbox)
    container = pieces[0].packing.container
    name = batch.name + _SUFFIXES[container]
    packed = [page for page, _ in numbered]
    match container:
        case "pdf":
            write_pdf(packed, inbox / name)
        case "tiff":
            write_tiff(packed, inbox / name)
        case "jpeg":
            write_jpeg(packed[0], inbox / name)
    return [replace(truth, source=name) for _, truth in numbered]


def _numbered(pieces: Sequence[Pages]) -> Iterator[tuple[Packed, PageTruth]]:
    """Page numbers that count through the file."""
    before = 0
    for piece in pieces:
        for packed, truth in piece.pages:
            again = truth.duplicate_of
            yield (
                packed,
                replace(
                    truth,
                    page=before + truth.page,
                    duplicate_of=None if again is None else before + again,
                ),
            )
        before += len(piece.pages)


def _write_folder(
    batch: Batch, numbered: Sequence[tuple[Packed, PageTruth]], inbox: Path
) -> list[PageTruth]:
    """Single pages and the sidecar that says where they came from."""
    folder = inbox / batch.name
    folder.mkdir(exist_ok=True)
    truths, names = [], []
    for i, (packed, truth) in enumerate(numbered, 1):
        names.append(f"img_{i}.tif")
        write_tiff([packed], folder / names[-1])
        truths.append(replace(truth, source=f"{batch.name}/{names[-1]}", page=1))
    rows = [
        ("key", "value"), ("station", "SCAN-2"), ("operator", "op07"),
        ("box", batch.name.rpartition("-")[2]), ("volume", "1"),
        ("sheets_fed", str(len(names))), ("patient", batch.patient),
        *(("page", name) for name in names),
    ]  # fmt: skip
    with (folder / "batch.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    return truths
