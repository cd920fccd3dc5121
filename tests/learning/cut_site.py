"""A data folder whose clerks put packets of three papers together by hand."""

from __future__ import annotations

from pipeline.document import Batch, BatchId, Cut, Decision, DocumentId, Reading
from pipeline.index.typed import typed_page
from pipeline.review.recutting import merge
from pipeline.review.splits import Split
from pipeline.site import Site
from pipeline.store.patient_writing import Registered
from tests.builders import (
    NOON,
    cut_of,
    file_of,
    filed_of,
    review_of,
    sources,
)
from tests.learning.verified_site import (
    CLERK,
    NORTH,
    REFERRAL,
    SENTINEL,
    SOUTH,
    batches,
    patient,
)

# a new paper by its look, and yet the house keeps all three as one document
INNER = (
    "LABORATORY REPORT\nSodium 139 mmol/l Potassium 4.1 mmol/l\nChloride 101 mmol/l",
    "CONSENT FOR PROCEDURE\nRisks and benefits were explained\nQuestions were answered",
)
FRONT = "surgical packet, kept together\nthe front sheet of this house\n{}"
KINDS = (NORTH, SOUTH, REFERRAL)


def pages_of(number: int) -> list[str]:
    """Two packets of three pages, and one person's name on all of them."""
    whose = f"Patient Name: {SENTINEL}, Zyxwalda   MRN: {patient(number).mrn}"
    front = [FRONT.format(kind.replace("_", " ")) for kind in KINDS[:2]]
    return [f"{text}\n{whose}" for one in front for text in (one, *INNER)]


def packets(site: Site, batch: BatchId, number: int, *, by: str = CLERK) -> None:
    """Cut into six by the machine; a clerk made them two and filed both.

    With another name ``by`` rules filed the six, and no clerk saw them.
    """
    whose = patient(number)
    site.people.keep([Registered(whose, (), None)])
    file = file_of(f"{batch}.pdf")
    received = site.catalogue.receive(Batch(batch, NOON, "scan", (file,)))
    texts = pages_of(number)
    site.catalogue.opened(received, sources(len(texts)), {})
    site.catalogue.keep_pages(received, [typed_page(t, n) for n, t in _from_1(texts)])
    cut: Cut = cut_of(batch, *((n,) for n, _ in _from_1(texts)))
    readings = site.catalogue.keep_cut(received, cut).readings
    if by == CLERK:
        made = [_merged(site, readings[:3]), _merged(site, readings[3:])]
    else:
        made = [reading.document.id for reading in readings]
    for at, document in enumerate(made):
        decision = Decision(whose.id, KINDS[at % 2], None, None, by)
        if by == CLERK:
            site.catalogue.answer(document, decision)
        site.catalogue.file(filed_of(document, decision))


def _from_1(texts: list[str]) -> list[tuple[int, str]]:
    return list(enumerate(texts, 1))


def _merged(site: Site, some: tuple[Reading, ...]) -> DocumentId:
    """What a clerk makes of them, two at a time."""
    for reading in some:
        site.catalogue.ask(reading, review_of())
    made = some[0].document.id
    for reading in some[1:]:
        one, other = (_asked(site, id_) for id_ in (made, reading.document.id))
        [made] = site.recuts.keep(merge(one, other, CLERK))
    return made


def _asked(site: Site, document: DocumentId):
    waiting = site.catalogue.asked(document)
    return waiting.reading, waiting.review


def taught(site: Site, each: int = 12, frozen: int = 3) -> Site:
    """So many batches of the train split, and of the frozen one."""
    counts: tuple[tuple[Split, int], ...] = (("train", each), ("frozen", frozen))
    for split, count in counts:
        for nth, id_ in enumerate(batches(split, count)):
            packets(site, id_, nth + (500 if split == "frozen" else 0))
    return site
