"""The committed sample scans agree with their truth, and their makers repeat."""

import csv
import io
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from benchmarks.forms.__main__ import pages_of
from benchmarks.forms.people import has_check_digit
from benchmarks.forms.writing import TEMPLATES
from benchmarks.samples.cast import make_cast, write_index

SAMPLES = Path(__file__).parents[1] / "samples"
INBOX = SAMPLES / "inbox"
LARGEST = 9_000_000  # bytes, what the repository carries of scans


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def truth() -> list[dict[str, Any]]:
    lines = (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def pages_in(path: Path) -> int:
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)


def test_truth_covers_every_page_of_every_file_in_order(truth):
    files = [f for f in INBOX.rglob("*") if f.is_file() and f.suffix != ".csv"]
    expected = [
        (path.relative_to(INBOX).as_posix(), page)
        for path in files
        for page in range(1, pages_in(path) + 1)
    ]
    assert [(t["source"], t["page"]) for t in truth] == sorted(expected)
    assert len(truth) >= 70


def test_samples_are_small_enough_for_the_repository():
    assert sum(f.stat().st_size for f in SAMPLES.rglob("*") if f.is_file()) <= LARGEST


def test_every_number_in_the_index_has_its_check_digit():
    people = read_csv(SAMPLES / "patients.csv")
    numbers = [row["mrn"] for row in people]
    assert 60 <= len(set(numbers)) == len(numbers)
    assert all(len(mrn) == 8 and has_check_digit(mrn) for mrn in numbers)
    assert not has_check_digit("12345678")
    assert {row["merged_into"] for row in people} - {""} <= set(numbers)
    assert {row["mrn"] for row in read_csv(SAMPLES / "encounters.csv")} <= set(numbers)


def test_index_holds_the_people_whom_indexes_confuse():
    people = read_csv(SAMPLES / "patients.csv")
    homes = Counter((p["last_name"], p["birth_date"], p["address"]) for p in people)
    twins = [key for key, n in homes.items() if n == 2]
    assert len(twins) == 2, "the twins, and one patient under a merged number"
    assert {"Jr", "Sr"} <= {p["suffix"] for p in people}
    assert any(p["aliases"] for p in people)
    names = Counter((p["last_name"], p["first_name"], p["suffix"]) for p in people)
    assert sum(n == 2 for n in names.values()) == 2, "namesakes, and the merged one"


def test_truth_names_only_patients_of_the_index(truth):
    known = {row["mrn"]: row for row in read_csv(SAMPLES / "patients.csv")}
    for page in truth:
        assert page["in_index"] == (page["mrn"] is not None)
        if page["mrn"]:
            assert not known[page["mrn"]]["merged_into"]
        if page["removed_as"]:
            assert page["mrn"] is None
            assert page["document"] is None
        else:
            assert page["type"] in TEMPLATES
            assert page["text"]


def test_every_difficulty_is_there(truth):
    traps = Counter(page["trap"] for page in truth)
    assert traps["foreign page"] == 1
    assert {"twins", "not in index", "former name", "merged number"} <= set(traps)
    assert Counter(page["rotation"] for page in truth).keys() >= {0, 180, 270}
    removed = {page["removed_as"] for page in truth}
    assert removed == {None, "blank", "separator", "cover"}


def test_the_foreign_page_lies_inside_another_patients_chart(truth):
    chart = [page for page in truth if page["source"] == "chart_0098.pdf"]
    at = next(i for i, page in enumerate(chart) if page["trap"] == "foreign page")
    assert chart[at - 1]["mrn"] == chart[at + 1]["mrn"] != chart[at]["mrn"]


def test_sidecar_declares_every_page_of_its_box_in_order():
    with (INBOX / "box-0417/batch.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["key", "value"]
    names = [value for key, value in rows if key == "page"]
    assert names == [f"img_{i}.tif" for i in range(1, 31)]
    assert ["sheets_fed", "30"] in rows
    assert {f.name for f in (INBOX / "box-0417").glob("*.tif")} == set(names)


def test_bitonal_files_are_group_four():
    with Image.open(INBOX / "dayforward_0052.tif") as image:
        assert image.mode == "1"
        assert image.info["compression"] == "group4"


def test_chart_pages_are_single_grey_jpegs():
    with pikepdf.open(INBOX / "chart_0098.pdf") as pdf:
        data = pdf.pages[0].Resources.XObject.Im0.read_raw_bytes()
    assert Image.open(io.BytesIO(data)).mode == "L"


def test_committed_index_is_what_the_generator_writes(tmp_path):
    write_index(make_cast(1), tmp_path)
    for name in ("patients.csv", "encounters.csv"):
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_forms_know_all_types_and_repeat_themselves():
    assert len(TEMPLATES) == 41
    kind = random.Random(7).choice(sorted(TEMPLATES))
    first, again = (list(pages_of(kind, 12, 3)) for _ in range(2))
    assert first == again
    assert len({page["layout"] for page in first}) >= 4


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_no_form_prints_its_own_grammar(kind):
    for page in pages_of(kind, 15, 5):
        text = "\n".join(text for text, _ in page["lines"])
        assert not set("{}|@") & set(text)
