"""The charts generator: nothing in two splits, exact truth, the same bytes again."""

import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path
from random import Random

import pikepdf
import pytest
from charts_standin import StandIn
from PIL import Image

from benchmarks.charts.batches import Batch
from benchmarks.charts.deck import KINDS, Deck, suits
from benchmarks.charts.desk import NO_IDENTITY, Item
from benchmarks.charts.houses import HOUSES
from benchmarks.charts.identity import WAYS
from benchmarks.charts.inbox import read_truth, write_inbox, write_site
from benchmarks.charts.kinds import PageTruth, PrintedWord, Side
from benchmarks.charts.people import REMAINDERS, make_register, repeated
from benchmarks.charts.pile import lay, lines_of
from benchmarks.charts.plan import Plan, Request, make_plan
from benchmarks.charts.splits import Texts, printable
from benchmarks.charts.traps import LOOSE
from benchmarks.charts.works import produce, tasks_of
from pipeline.classify.heldout import split_of
from pipeline.classify.reports import Report
from pipeline.document import DocumentType
from pipeline.index.people import read_encounters, read_patients
from pipeline.ingest.sidecar import sidecar
from pipeline.lists import BadRow

_TYPES = Path(__file__).parents[2] / "config" / "document_types.toml"


@pytest.fixture(scope="module")
def big() -> Plan:
    return make_plan(Request("tune", 1, 1000))


def items_of(plan: Plan) -> list[Item]:
    return [item for batch in plan.batches for item in batch.items]


# --- splits ------------------------------------------------------------------------


def test_no_name_and_birth_date_in_two_splits() -> None:
    registers = {split: make_register(split, seed=1) for split in REMAINDERS}
    assert repeated(registers) == []
    numbers = Counter(p.mrn for r in registers.values() for p in r.index)
    assert max(numbers.values()) == 1
    twice = {"train": registers["train"], "tune": registers["train"]}
    assert repeated(twice)


def test_other_seeds_of_another_split_repeat_nobody_either() -> None:
    tuned = [make_register("tune", seed) for seed in (1, 2)]
    reported = make_register("report", 1)
    for one in tuned:
        assert repeated({"tune": one, "report": reported}) == []


def test_no_house_in_two_splits() -> None:
    keys = Counter(house.key for split in HOUSES.values() for house in split)
    assert max(keys.values()) == 1


def report(text: str) -> Report:
    return Report(DocumentType("letter"), text, text[:9])


def test_near_equal_texts_are_printed_for_one_split_or_none() -> None:
    said = " ".join(f"word{n}" for n in range(90))
    found: dict[str, str] = {}
    for n in range(200):
        text = f"{said} ending {n}"
        found.setdefault(split_of(text), text)
    other = " ".join(f"other{n}" for n in range(90))
    kept = printable([report(text) for text in (*found.values(), other)])
    assert len(found) == 3
    assert [one.text for one in kept] == [other]


def test_texts_come_once_before_any_comes_again() -> None:
    texts = Texts({"letter": ["a", "b", "c"]}, Random(1))
    dealt = [texts.take("letter") for _ in range(6)]
    assert sorted(filter(None, dealt[:3])) == ["a", "b", "c"]
    assert sorted(filter(None, dealt[3:])) == ["a", "b", "c"]
    assert texts.take("consultation") is None


# --- the plan ----------------------------------------------------------------------


def test_the_types_are_those_of_the_house_but_administrative() -> None:
    ours = {row["key"] for row in tomllib.loads(_TYPES.read_text())["type"]}
    assert set(KINDS) == ours - {"administrative", "portable_medical_order"}


def test_every_type_comes_often_enough(big: Plan) -> None:
    counted = Counter(item.truth.type for item in items_of(big) if item.truth.type)
    assert set(counted) == set(KINDS)
    assert min(counted.values()) >= 10
    assert 950 <= big.expected <= 1100


def test_only_women_are_delivered_and_screened(big: Plan) -> None:
    for item in items_of(big):
        if item.truth.type in {"labor_and_delivery", "mammogram_report"}:
            patient, year = item.order.case.patient, item.order.case.service.year
            assert patient.sex == "F"
            assert suits(item.order.kind, patient, year)


def test_a_baby_has_no_living_will_and_no_operation_of_old_age() -> None:
    baby = make_register("tune", 1).newborns[0].one
    kinds = {kind for kind in KINDS if suits(kind, baby, baby.birth_date.year)}
    assert {"vital_signs", "immunization_record"} <= kinds
    assert not kinds & {"advance_directive", "mammogram_report", "substance_use_record"}


def test_the_deck_keeps_a_card_that_does_not_fit() -> None:
    deck = Deck(Random(3))
    assert deck.deal(lambda kind: kind == "letter") == "letter"
    rest = [deck.deal() for _ in range(70)]
    assert len(set(rest)) >= 38
    with pytest.raises(ValueError, match="no type"):
        deck.deal(lambda _: False)


def test_every_difficulty_and_way_of_identity_occurs(big: Plan) -> None:
    traps = {item.truth.trap for item in items_of(big)}
    assert traps >= {trap for trap, *_ in LOOSE} | {"foreign page", "no identity"}
    shows = [item.order.shows for item in items_of(big) if item.order.shows]
    assert len({(bool(s.name), bool(s.number), bool(s.born)) for s in shows}) >= 6
    assert len(WAYS) >= 8


def test_traps_say_what_they_are(big: Plan) -> None:
    for item in items_of(big):
        truth, order = item.truth, item.order
        if truth.trap == "not in index":
            assert (truth.in_index, truth.mrn) == (False, None)
        if truth.trap == "wrong sticker":
            assert order.sticker is not None
            assert order.sticker.patient.mrn != truth.mrn
        if truth.trap == "merged number":
            assert truth.mrn == order.case.patient.merged_into
        if truth.trap == "outside hospital":
            assert order.shows is None or order.shows.number != truth.mrn


def test_charts_are_kept_by_hand_now_and_then(big: Plan) -> None:
    shares = [
        sum(item.expected for item in chart.items if item.order.hand == 1.0)
        / chart.expected
        for chart in big.batches
        if chart.kind == "legacy"
    ]
    assert 0 in shares
    assert 0.45 <= max(shares) <= 0.62


def test_a_letter_that_names_its_patient_is_not_without_identity(big: Plan) -> None:
    found = [item for item in items_of(big) if item.truth.trap == NO_IDENTITY]
    surname = found[0].order.case.patient.last_name
    named = replace(side(), words=(PrintedWord(f"{surname},", (0, 0, 9, 9)),))
    for sides, trap in (([side(), named], None), ([side()], NO_IDENTITY)):
        leaves = lay([(found[0], sides)], big.batches[0], Random(1))
        assert {leaf.truth.trap for leaf in leaves if leaf.truth.document} == {trap}


def test_a_request_is_planned_the_same_again() -> None:
    request = Request("tune", 4, 60)
    assert make_plan(request).batches == make_plan(request).batches
    assert make_plan(request).batches != make_plan(replace(request, seed=5)).batches


def test_tasks_hold_every_item_once_and_part_no_stray_from_its_place(big: Plan) -> None:
    tasks = tasks_of(big.batches)
    pieces = list(chain.from_iterable(tasks))
    assert [i for piece in pieces for i in piece.items] == items_of(big)
    assert sum(piece.last for piece in pieces) == len(big.batches)
    assert max(sum(len(piece.items) for piece in task) for task in tasks) < 40
    assert not [piece for piece in pieces if piece.first and piece.items[0].inside]


# --- the pile ----------------------------------------------------------------------


def side() -> Side:
    return Side(lambda dpi: None)  # type: ignore[arg-type, return-value]


def document(batch: Batch, *, inside: bool = False, twice: bool = False) -> Item:
    first = next(item for item in batch.items if item.truth.document)
    return replace(first, inside=inside, twice=twice, turn=180)


def test_a_stray_lies_between_the_pages_of_another(big: Plan) -> None:
    batch = replace(big.batches[0], backs=0.0)
    one, stray = document(batch), document(batch, inside=True)
    stray = replace(stray, truth=replace(stray.truth, document="stray"))
    leaves = list(lay([(one, [side()] * 3), (stray, [side()])], batch, Random(1)))
    documents = [leaf.truth.document for leaf in leaves]
    assert documents.count("stray") == 1
    assert "stray" in documents[1:-1]


def test_backs_and_second_feeds_say_so(big: Plan) -> None:
    batch = replace(big.batches[0], backs=1.0, form="pdf")
    item = document(batch, twice=True)
    leaves = list(lay([(item, [side(), side()])], batch, Random(2)))
    assert len(leaves) == 5
    (again,) = [leaf for leaf in leaves if leaf.again]
    assert again.again in leaves
    assert again.truth == again.again.truth
    blanks = [leaf for leaf in leaves if leaf.side is None]
    assert [leaf.truth.removed_as for leaf in blanks] == ["blank", "blank"]
    assert all(leaf.behind is not None and leaf.truth.text == "" for leaf in blanks)


def test_words_become_lines() -> None:
    words = [
        PrintedWord("Name:", (10, 10, 40, 20)),
        PrintedWord("Brown", (45, 11, 80, 21)),
        PrintedWord("DOB", (10, 30, 40, 40)),
    ]
    assert lines_of(words) == ["Name: Brown", "DOB"]


# --- the inbox ---------------------------------------------------------------------


def coarse(plan: Plan) -> Plan:
    """The plan at 60 dpi: quick, and as good for counting."""
    batches = [
        replace(
            batch,
            dpi=60,
            items=tuple(
                replace(item, truth=replace(item.truth, dpi=60)) for item in batch.items
            ),
        )
        for batch in plan.batches
    ]
    return replace(plan, batches=tuple(batches))


def make(out: Path) -> Path:
    plan = coarse(make_plan(Request("tune", 3, 30)))
    write_site(plan, out)
    list(write_inbox(produce(plan.batches, StandIn, workers=1), out))
    return out


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("charts"))


@pytest.fixture(scope="module")
def truth(made: Path) -> list[PageTruth]:
    return read_truth(made / "truth.jsonl")


def pages_in(path: Path) -> int:
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)


def test_truth_has_every_page_of_every_file_once(
    made: Path, truth: list[PageTruth]
) -> None:
    inbox = made / "inbox"
    files = [f for f in inbox.rglob("*") if f.is_file() and f.suffix != ".csv"]
    expected = [
        (file.relative_to(inbox).as_posix(), page)
        for file in files
        for page in range(1, pages_in(file) + 1)
    ]
    assert sorted((t.source, t.page) for t in truth) == sorted(expected)
    assert {Path(t.source).suffix for t in truth} >= {".pdf", ".tif"}


def test_documents_are_whole_and_numbered(truth: list[PageTruth]) -> None:
    pages: dict[str, list[PageTruth]] = {}
    for page in truth:
        if page.document and page.duplicate_of is None:
            pages.setdefault(page.document, []).append(page)
    for found in pages.values():
        numbers = [page.document_page for page in found]
        assert numbers == list(range(1, len(found) + 1))
        assert {page.document_pages for page in found} == {len(found)}
        assert len({(page.type, page.mrn, page.name) for page in found}) == 1


def test_removed_pages_have_nobody(truth: list[PageTruth]) -> None:
    kinds = {page.removed_as for page in truth}
    assert kinds >= {None, "cover", "separator"}
    for page in truth:
        assert (page.document is None) is (page.removed_as is not None)
        assert page.mrn is None or page.in_index
        assert page.rotation in {0, 90, 180, 270}
        assert abs(page.skew) < 10


def test_the_site_s_files_are_those_of_the_import(made: Path) -> None:
    people = list(read_patients(made / "patients.csv"))
    stays = list(read_encounters(made / "encounters.csv"))
    assert len(people) > 500
    assert not [row for row in (*people, *stays) if isinstance(row, BadRow)]
    named = tomllib.loads((made / "identity.toml").read_text())["authorities"]["names"]
    own = [house.facility.name for house in HOUSES["tune"] if house.facility.own]
    assert named == own


def test_a_folder_comes_with_its_sidecar(made: Path, truth: list[PageTruth]) -> None:
    (path,) = made.rglob("batch.csv")
    told = sidecar(path.read_bytes(), ".csv")
    pages = [t for t in truth if t.source.startswith(path.parent.name)]
    assert list(told.order) == [Path(page.source).name for page in pages]
    assert told.sheets == len(pages)
    assert told.patient in {page.mrn for page in pages}


def test_the_same_command_makes_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = make(tmp_path)
    files = [f.relative_to(made) for f in made.rglob("*") if f.is_file()]
    assert len(files) > 8
    for file in files:
        assert (made / file).read_bytes() == (again / file).read_bytes(), file


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium")
def test_the_command_prints_with_a_browser(tmp_path: Path) -> None:
    """In a process of its own, whose few open files once were the browser's."""
    command = [sys.executable, "-m", "benchmarks.charts", str(tmp_path)]
    given = ["--pages", "1", "--kind", "loose", "--own-text", "--workers", "1"]
    subprocess.run([*command, *given], check=True, capture_output=True)
    assert all(page.text for page in read_truth(tmp_path / "truth.jsonl"))
