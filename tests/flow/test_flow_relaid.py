"""A filed document is split, or gets a better scan of a page; no page is lost."""

import io
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image

from pipeline import flow
from pipeline.correcting import with_split
from pipeline.document import Correction
from pipeline.errors import StoreUnavailable
from pipeline.ingest.in_place import take_in_place
from pipeline.rereading import read_recuts
from pipeline.rescanning import scan_of, with_scan
from pipeline.review.lanes import MISFILED
from pipeline.review.recutting import CUT, NoSuchCut
from pipeline.store.pdf import filed_pdf
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.relaid_rows import SqlRelaid
from tests.faults.catalogues import FailingAt
from tests.flow.papers import FakePool, head, page_of, take, tools, undressed
from tests.flow.test_flow_correcting import ADA, events, filed, sweep
from tests.flow.test_flow_journey import ANNA, BERTA, faults, run

STAPLED = "\f".join(
    [
        head(BERTA, "DISCHARGE SUMMARY"),
        "and page two of what was said about her stay, which has no head of its own",
        "and page three of it, whose lower half cannot be read in this scan of it",
    ]
)
AGAIN = "a better scan of page three, that says by itself neither whose nor what it is"


class SeenPool(FakePool):
    """Remembers which pages of the originals the last PDF was made of."""

    def pdf(self, pages, facts):
        self.filed = [undressed(p.path).split("\f")[p.page - 1] for p in pages]
        return super().pdf(pages, facts)


@pytest.fixture
def house(tmp_path):
    """Three pages of Berta's, filed as one document."""
    house = tools(tmp_path, ANNA, BERTA, pool=SeenPool())
    run(house, take(tmp_path, house, STAPLED))
    assert paper_of(house).pages == (1, 2, 3)
    return house


def paper_of(house, one=None):
    return house.catalogue.reading((one or filed(house)).document).document


def relaid(house, pages, why="two papers, stapled", **said):
    """A correction that gives the filed document these pages."""
    one = filed(house)
    right = replace(one.decision, by=ADA)
    word = Correction(one.id, right, why, False, ADA, pages=pages)
    house.catalogue.answer(one.document, replace(word, **said))
    return one


def split(house, before=3, **said):
    return relaid(house, with_split(paper_of(house), before), **said)


def scanned_again(house, tmp_path, text=AGAIN):
    """What came in later and waits: the document of the better scan."""
    known = {w.reading.document.id for w in house.catalogue.waiting()}
    scans = tmp_path / "again"
    scans.mkdir(exist_ok=True)
    run(house, take(scans, house, text))
    return next(
        w.reading.document
        for w in house.catalogue.waiting()
        if w.reading.document.id not in known
    )


def lend(house):
    relaid = SqlRelaid(house.catalogue.database)
    return lambda page, to: relaid.lend(page, to, ADA)


def replaced(house, scan, nth=3, its=1):
    pages = with_scan(paper_of(house), nth, (scan, its), lend(house))
    return relaid(house, pages, "its lower half could not be read")


def pages_in(house, one):
    with pikepdf.open(io.BytesIO(house.objects.get(one.key))) as pdf:
        return len(pdf.pages)


def lying(house):
    """Where each page lies, by batch and number."""
    return {
        (line.batch, line.number): line.document or line.removed_as
        for line in house.catalogue.ledger()
    }


def test_a_split_files_the_first_part_anew_and_asks_about_the_rest(house):
    first = split(house)
    sweep(house)
    second = filed(house)
    assert (second.replaces, second.document) == (first.id, first.document)
    assert paper_of(house).pages == (1, 2)
    assert (pages_in(house, first), pages_in(house, second)) == (3, 2)
    [waiting] = house.catalogue.waiting()
    assert waiting.reading.document.pages == (3,)
    assert [doubt.reason for doubt in waiting.review.reasons] == [CUT]
    kinds = [found.value for found in waiting.reading.types]
    assert kinds == [first.decision.type]  # no less restricted than where it lay
    assert [line.disposition for line in house.catalogue.ledger()] == [
        "filed",
        "filed",
        "review",
    ]
    assert faults(house) == []


def test_the_rest_is_read_by_the_machine_and_filed_by_a_clerk(house):
    split(house)
    sweep(house)
    recuts = SqlRecuts(house.catalogue.database)
    assert read_recuts(recuts, house) == 1
    assert read_recuts(recuts, house) == 0
    [waiting] = house.catalogue.waiting()
    assert CUT in [doubt.reason for doubt in waiting.review.reasons]
    rest = waiting.reading.document.id
    said = replace(filed(house).decision, patient=ANNA.id, by=ADA)
    house.catalogue.answer(rest, said)
    sweep(house)
    assert filed(house, ANNA).document == rest
    assert faults(house) == []


def test_what_is_split_off_from_another_person_s_record_closes_the_lane(house):
    first = split(house, misfiled=True)
    sweep(house)
    assert events(house) == [("closed", MISFILED, first.document)]


def test_a_split_is_no_cut_that_the_desk_takes_back(house):
    split(house)
    sweep(house)
    assert SqlRecuts(house.catalogue.database).last(ADA) is None


def test_another_correction_keeps_the_pages(house):
    split(house)
    sweep(house)
    relaid(house, (), decision=replace(filed(house).decision, date=None, by=ADA))
    sweep(house)
    assert (pages_in(house, filed(house)), paper_of(house).pages) == (2, (1, 2))
    assert filed(house).id.endswith("-v3")
    assert faults(house) == []


def test_what_was_split_is_put_together_again_while_the_rest_waits(house):
    first = split(house)
    sweep(house)
    before = SqlRelaid(house.catalogue.database).before(first.document)
    assert before == (1, 2, 3)
    relaid(house, before, "it was one")
    sweep(house)
    assert paper_of(house).pages == (1, 2, 3)
    assert list(house.catalogue.waiting()) == []
    assert [pages_in(house, one) for one in house.catalogue.versions(first.document)]
    assert faults(house) == []


def test_what_was_split_stays_so_once_the_rest_is_filed(house):
    first = split(house)
    sweep(house)
    [waiting] = house.catalogue.waiting()
    said = replace(filed(house).decision, patient=ANNA.id, by=ADA)
    house.catalogue.answer(waiting.reading.document.id, said)
    sweep(house)
    relaid(house, (1, 2, 3), "it was one")
    sweep(house)
    assert paper_of(house).pages == (1, 2)
    assert "is filed in document" in house.catalogue.failure(first.document)
    assert faults(house) == []


def test_a_better_scan_takes_the_page_s_place(house, tmp_path):
    scan = scanned_again(house, tmp_path)
    first = replaced(house, scan)
    sweep(house)
    paper = paper_of(house)
    assert paper.pages == (1, 2, 4)
    assert house.catalogue.pages(paper.batch, (4,))[0].text.startswith("a better scan")
    assert house.reader.filed == [*STAPLED.split("\f")[:2], AGAIN]
    assert list(house.catalogue.waiting()) == []
    assert lying(house) == {
        (paper.batch, 1): first.document,
        (paper.batch, 2): first.document,
        (paper.batch, 3): "replaced",
        (scan.batch, 1): first.document,
    }
    assert faults(house) == []


def test_the_page_before_comes_back(house, tmp_path):
    scan = scanned_again(house, tmp_path)
    first = replaced(house, scan)
    sweep(house)
    relaid(house, SqlRelaid(house.catalogue.database).before(first.document), "no")
    sweep(house)
    paper = paper_of(house)
    assert paper.pages == (1, 2, 3)
    assert lying(house)[scan.batch, 1] == "duplicate"
    assert len(lying(house)) == 4
    assert len(house.catalogue.versions(first.document)) == 3
    assert faults(house) == []


def test_of_a_longer_scan_the_other_pages_wait_on(house, tmp_path):
    scan = scanned_again(house, tmp_path, f"{AGAIN}\fand another sheet beside it")
    replaced(house, scan)
    sweep(house)
    [waiting] = house.catalogue.waiting()
    assert waiting.reading.document.pages == (2,)
    assert faults(house) == []


def test_the_same_scan_received_again_is_a_copy_of_the_first(house, tmp_path):
    scan = scanned_again(house, tmp_path)
    replaced(house, scan)
    sweep(house)
    copies = tmp_path / "copies"
    copies.mkdir()
    run(house, take(copies, house, AGAIN))
    lines = [line for line in house.catalogue.ledger() if line.first_batch]
    assert [line.first_batch for line in lines] == [scan.batch]
    assert faults(house) == []


def test_a_scan_that_somebody_answers_meanwhile_is_not_taken(house, tmp_path):
    scan = scanned_again(house, tmp_path)
    first = replaced(house, scan)
    said = replace(first.decision, patient=ANNA.id, by="clerk ben")
    house.catalogue.answer(scan.id, said)
    sweep(house)
    assert house.catalogue.failure(first.document) == flow.TAKEN
    assert paper_of(house).pages == (1, 2, 3)
    sweep(house)
    assert filed(house, ANNA).document == scan.id
    replaced(house, scan)
    sweep(house)
    assert "is filed in document" in house.catalogue.failure(first.document)
    assert faults(house) == []


def test_a_scan_that_was_filed_is_free_once_it_is_retracted(house, tmp_path):
    scan = scanned_again(house, tmp_path)
    said = replace(filed(house).decision, patient=ANNA.id, by=ADA)
    house.catalogue.answer(scan.id, said)
    sweep(house)
    gone = Correction(scan.id, None, "a page of Berta's", False, ADA)
    house.catalogue.answer(scan.id, gone)
    sweep(house)
    replaced(house, scan)
    sweep(house)
    assert paper_of(house).pages == (1, 2, 4)
    assert faults(house) == []
    again = Correction(scan.id, said, "no, hers", False, ADA)
    house.catalogue.answer(scan.id, again)
    sweep(house)
    assert house.catalogue.filed(scan.id) is None
    assert "lie elsewhere" in house.catalogue.failure(scan.id)
    assert faults(house) == []


@pytest.mark.parametrize("what", ["split", "scan", "back"])
@pytest.mark.parametrize("after", range(1, 20))
def test_a_kill_between_any_two_steps_loses_no_page(house, tmp_path, after, what):
    if what == "scan":
        first = replaced(house, scanned_again(house, tmp_path))
    else:
        first = split(house)
    if what == "back":
        sweep(house)
        relaid(house, (1, 2, 3), "it was one")
    failing = replace(house, catalogue=FailingAt(house.catalogue, after))
    with suppress(StoreUnavailable):
        flow.sweep(failing, flow.RunNow(failing))
    sweep(house)
    assert house.catalogue.failure(first.document) == ""
    pages = {"split": (1, 2), "scan": (1, 2, 4), "back": (1, 2, 3)}[what]
    assert paper_of(house).pages == pages
    assert house.catalogue.answers() == ()
    places = Counter((line.batch, line.number) for line in house.catalogue.ledger())
    assert set(places.values()) == {1}
    assert None not in lying(house).values()
    assert faults(house) == []


@pytest.mark.parametrize("before", [0, 1, 4])
def test_it_is_split_between_two_of_its_pages(house, before):
    with pytest.raises(NoSuchCut):
        with_split(paper_of(house), before)


@pytest.mark.parametrize("nth", [0, 4])
def test_a_page_that_is_not_there_is_not_replaced(house, tmp_path, nth):
    scan = scanned_again(house, tmp_path)
    with pytest.raises(NoSuchCut, match="no such page"):
        with_scan(paper_of(house), nth, (scan, 1), lend(house))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "Say which page"),
        ("{}:2", "Say which page"),
        ("{}:0", "Say which page"),
        ("{}:two", "Say which page"),
        ("no-such", "Say which page"),
        ("FILED:1", "take it out of that first"),
    ],
)
def test_only_a_page_that_is_free_is_a_better_scan(house, tmp_path, said, why):
    scan = scanned_again(house, tmp_path)
    assert scan_of(f" {scan.id}:1 ", house.catalogue)[0].document == scan
    assert scan_of(scan.id, house.catalogue)[1] == 1
    said = said.format(scan.id).replace("FILED", filed(house).document)
    with pytest.raises(NoSuchCut, match=why):
        scan_of(said, house.catalogue)


def test_no_page_replaces_another_of_its_own_document(house):
    with pytest.raises(NoSuchCut, match="another document"):
        with_scan(paper_of(house), 3, (paper_of(house), 2), lend(house))


class ScanPool(FakePool):
    """Reads by heart what the scans say, and makes the real PDF of them."""

    def count(self, path, suffix):
        return 1

    def read(self, asked):
        for one in asked:
            said = next(t for t, scan in SCANS.items() if scan == one.path.read_bytes())
            yield replace(page_of(said, one.number), size=(200, 260), dpi=100)

    def pdf(self, pages, facts):
        return filed_pdf(pages, facts)


def jpeg(shade):
    out = io.BytesIO()
    Image.new("L", (200, 260), shade).save(out, "JPEG")
    return out.getvalue()


SCANS = {text: jpeg(40 * nth) for nth, text in enumerate([*STAPLED.split("\f"), AGAIN])}


def test_the_better_scan_s_own_bytes_are_filed_beside_the_others(tmp_path):
    house = tools(tmp_path, ANNA, BERTA, pool=ScanPool())
    first, *_, again = SCANS.values()
    for nth, scan in enumerate((first, again)):
        path = tmp_path / f"scan{nth}.jpg"
        path.write_bytes(scan)
        run(house, take_in_place([path], house.objects, house.catalogue))
    one = next(house.catalogue.of_patient(BERTA.id))
    [waiting] = house.catalogue.waiting()
    streams = {one.id: streams_of(house, one)}
    pages = with_scan(paper_of(house), 1, (waiting.reading.document, 1), lend(house))
    relaid(house, pages, "faint")
    sweep(house)
    streams[filed(house).id] = streams_of(house, filed(house))
    assert streams == {one.id: [first], f"{one.id}-v2": [again]}
    assert faults(house) == []


def streams_of(house, one):
    """The scans in the filed PDF, as they lie in it."""
    with pikepdf.open(io.BytesIO(house.objects.get(one.key))) as pdf:
        return [
            image.read_raw_bytes()
            for page in pdf.pages
            for image in page.get_images().values()
        ]
