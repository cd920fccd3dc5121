"""Degraded trial pages with truth: python -m benchmarks.charts.trial OUT --pages 60.

They are printed from benchmarks.forms, not by the press: for looking and for the
levels' first measurement, never for a figure that is reported.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from benchmarks.charts.kinds import Level, Mode, PageTruth, Pixels, Scan
from benchmarks.charts.scanner import Scanned, scan
from benchmarks.forms.facilities import FACILITIES
from benchmarks.forms.people import make_person
from benchmarks.forms.writing import TEMPLATES, VARIANTS, Order, make_case, write
from benchmarks.samples.drawing import draw_page

MODES: tuple[Mode, ...] = ("grey", "bitonal", "colour")
_SHARES = (0.45, 0.4, 0.15)


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A printed page, its words, and how it is to be scanned."""

    pixels: Pixels
    text: str
    kind: str
    house: str
    how: Scan


def printed(number: int, seed: int, dpi: int) -> tuple[Pixels, str, str, str]:
    """Page ``number`` of an endless pile: pixels, words, type, house."""
    rng = Random(f"trial/{seed}/{number}")
    kind = rng.choice(sorted(TEMPLATES))
    case = make_case(rng, make_person(rng, 19), rng.choice(FACILITIES))
    paper = write(Order(kind, case, rng.randrange(VARIANTS)), rng)
    rows = rng.choice(paper.pages)
    image = draw_page(rows, case.facility, dpi, rng)
    text = "\n".join(row.text for row in rows if row.text)
    return np.asarray(image, np.uint8), text, kind, case.facility.key


def trial_page(
    level: Level,
    number: int,
    seed: int,
    mode: Mode | None = None,
    dpi: int | None = None,
) -> TrialPage:
    """One page in the mix of modes and resolutions that the batches have."""
    rng = Random(f"trial/{seed}/{number}/how")
    drawn: Mode = rng.choices(MODES, _SHARES)[0]
    finest = rng.choice((200, 300, 300))
    how = Scan(level, mode or drawn, dpi or finest, f"trial/{seed}/{number}/{level}")
    pixels, text, kind, house = printed(number, seed, how.dpi)
    back = printed(number + 10**6, seed, how.dpi)[0] if rng.random() < 0.6 else None
    return TrialPage(pixels, text, kind, house, replace(how, behind=back))


def save(scanned: Scanned, path: Path) -> None:
    """A JPEG, or a G4 TIFF of a bitonal page, with its true resolution."""
    image = Image.fromarray(scanned.pixels)
    dpi = (scanned.dpi, scanned.dpi)
    if scanned.mode == "bitonal":
        image.convert("1").save(path, "TIFF", compression="group4", dpi=dpi)
    else:
        image.save(path, "JPEG", quality=scanned.quality, dpi=dpi)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--level", choices=["clean", "typical", "poor"], default="poor")
    parser.add_argument("--mode", choices=MODES)
    parser.add_argument("--dpi", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turned", action="store_true", help="some lie on their side")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    took = 0.0
    with (given.out / "truth.jsonl").open("w", encoding="utf-8") as out:
        for number in range(given.pages):
            page = trial_page(given.level, number, given.seed, given.mode, given.dpi)
            turn = _turn(number, given.seed) if given.turned else 0
            start = time.process_time()
            scanned = scan(page.pixels, replace(page.how, turn=turn))
            suffix = "tif" if page.how.mode == "bitonal" else "jpg"
            name = f"{number:04d}.{suffix}"
            save(scanned, given.out / name)
            took += time.process_time() - start
            truth = PageTruth(
                name, 1, "tune", given.level, page.how.mode, page.how.dpi,
                type=page.kind, house=page.house, rotation=(360 - turn) % 360,
                skew=scanned.skew, text=page.text,
            )  # fmt: skip
            line = asdict(truth) | {"faults": dict(scanned.faults)}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(
        f"{given.pages} pages, {took / given.pages:.3f} CPU s a page to scan and save"
    )


def _turn(number: int, seed: int) -> int:
    return Random(f"turn/{seed}/{number}").choice((0, 0, 0, 90, 180, 270))


if __name__ == "__main__":
    main()
