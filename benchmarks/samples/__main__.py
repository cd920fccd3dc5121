"""Writes sample scans with their truth.

`python -m benchmarks.samples OUT [--seed N]`

OUT/patients.csv and OUT/encounters.csv are for the import, OUT/inbox holds the scans,
and OUT/truth.jsonl says what is true of each page. README.md here has the rest.
"""

import argparse
import csv
from pathlib import Path

from benchmarks.samples.cast import Cast, make_cast, write_index
from benchmarks.samples.desk import Leaf
from benchmarks.samples.files import (
    grey_jpeg,
    seed_of,
    truths,
    write_pdf,
    write_tiff,
)
from benchmarks.samples.scenes import (
    day_forward,
    legacy_chart,
    old_volume,
    outside_letter,
    strays,
)
from benchmarks.samples.truth import Truth, write_truth

_CHART_DPI, _FINE_DPI = 200, 300
_BOX = "box-0417"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    pages = write_samples(given.out, given.seed)
    print(f"{len(pages)} pages in {given.out / 'inbox'}")


def write_samples(out: Path, seed: int) -> list[Truth]:
    """All files of one seed; returns what is true of their pages."""
    inbox = out / "inbox"
    (inbox / _BOX).mkdir(parents=True, exist_ok=True)
    cast = make_cast(seed)
    write_index(cast, out)
    pages = _write_pdfs(cast, seed, inbox)
    day = day_forward(cast, seed, _FINE_DPI)
    write_tiff(day, inbox / "dayforward_0052.tif", _FINE_DPI)
    pages += truths(day, "dayforward_0052.tif")
    pages += _write_box(old_volume(cast, seed, _FINE_DPI), cast, inbox / _BOX)
    for name, leaves in strays(cast, seed, _FINE_DPI).items():
        data = grey_jpeg(leaves[0], _FINE_DPI, seed_of(name, 0), 40)
        (inbox / name).write_bytes(data)
        pages += truths(leaves, name)
    write_truth(pages, out / "truth.jsonl")
    return pages


def _write_pdfs(cast: Cast, seed: int, inbox: Path) -> list[Truth]:
    chart = legacy_chart(cast, seed, _CHART_DPI)
    write_pdf(chart, inbox / "chart_0098.pdf", _CHART_DPI, 50)
    letter = outside_letter(cast, seed, _CHART_DPI)
    write_pdf(letter, inbox / "letter_0231.pdf", _CHART_DPI, 55)
    return truths(chart, "chart_0098.pdf") + truths(letter, "letter_0231.pdf")


def _write_box(leaves: list[Leaf], cast: Cast, folder: Path) -> list[Truth]:
    """Single pages and the sidecar that says where they came from."""
    names = [f"img_{i}.tif" for i in range(1, len(leaves) + 1)]
    pages: list[Truth] = []
    for name, leaf in zip(names, leaves, strict=True):
        write_tiff([leaf], folder / name, _FINE_DPI)
        pages += truths([leaf], f"{folder.name}/{name}")
    rows = [
        ("key", "value"), ("station", "SCAN-2"), ("operator", "op07"),
        ("box", "0417"), ("volume", "1"), ("sheets_fed", str(len(leaves))),
        ("patient", cast.roles["volume"].mrn), *(("page", name) for name in names),
    ]  # fmt: skip
    with (folder / "batch.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    return pages


if __name__ == "__main__":
    main()
