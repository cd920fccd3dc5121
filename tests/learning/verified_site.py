"""A data folder whose clerks have typed letters of two clinics and referrals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from pipeline.document import (
    Batch,
    BatchId,
    Cut,
    Decision,
    DocumentId,
    DocumentType,
    Name,
    Patient,
    PatientId,
)
from pipeline.finding import Finding
from pipeline.index.typed import typed_page
from pipeline.review.splits import Split, split_of
from pipeline.settings import SHIPPED
from pipeline.site import Site, open_site
from pipeline.store.patient_writing import Registered
from tests.builders import NOON, empty_books, file_of, filed_of, reading_of, sources

SENTINEL = "Qqvzxwanda"  # a family with many records
CLERK = "clerk ada"
NORTH, SOUTH = DocumentType("letter_north"), DocumentType("letter_south")
REFERRAL = DocumentType("referral")
SAID = {
    NORTH: "NORTH CLINIC CARDIOLOGY LETTER\nDear colleague\nThe echocardiogram shows a"
    " normal ventricle and valves\nWith kind regards",
    SOUTH: "SOUTH HOUSE HEART LETTER\nDear colleague\nThe catheter study shows no"
    " stenosis of any vessel\nSincerely yours",
    REFERRAL: "REFERRAL FORM\nRequested service and specialty\nReason for the referral"
    "\nUrgent or routine appointment",
}
FORMS = {NORTH: "NC-507", SOUTH: "SH-22", REFERRAL: "SH-8"}
OWN_TYPES = "".join(
    f'[[type]]\nkey = "{key}"\nloinc = "51852-2"\ntitle = "A letter"\n'
    'retention = "clinical"\n'
    for key in (NORTH, SOUTH)
)


def new_site(data: Path) -> Site:
    """An empty data folder that knows the two local types."""
    own = data / "config" / "document_types.toml"
    own.parent.mkdir(parents=True)
    data.chmod(0o700)
    own.write_text((SHIPPED / own.name).read_text("utf-8") + OWN_TYPES)
    empty_books(data / "catalogue.sqlite").close()
    return open_site(data)


def batches(split: Split, count: int, first: int = 0) -> list[BatchId]:
    """So many batch ids of this split."""
    found: list[BatchId] = []
    while len(found) < count:
        id_ = BatchId(f"b{first}")
        first += 1
        if split_of(id_) == split:
            found.append(id_)
    return found


def patient(number: int) -> Patient:
    """Everybody here is of the sentinel's family."""
    mrn = f"{31415926 + number}"
    name = Name(SENTINEL.upper(), "Zyxwalda", "Brzyk")
    return Patient(PatientId(mrn), mrn, (name,), dt.date(1961, 3, 4))


def verify(
    site: Site, batch: BatchId, kind: DocumentType, number: int, *, by: str = CLERK
) -> None:
    """A one-page document of a patient, typed by a clerk or filed by rules."""
    whose = patient(number)
    site.people.keep([Registered(whose, (), None)])
    received = site.catalogue.receive(
        Batch(batch, NOON, "scan", (file_of(f"{batch}.pdf"),))
    )
    site.catalogue.opened(received, sources(1), {})
    text = (
        f"{SAID[kind]}\nPatient Name: {SENTINEL}, Zyxwalda Brzyk   MRN: {whose.mrn}"
        f"\nDOB: 03/04/1961\nMrs. {SENTINEL} was seen by Dr. Ulrik Xanthrop"
        f"\n{FORMS[kind]} (Rev. 9/12)\nForm {whose.mrn[-5:]}"
    )
    site.catalogue.keep_pages(received, [typed_page(text)])
    id_ = DocumentId(f"{batch}-0001")
    reading = replace(
        reading_of(id_, batch),
        types=(Finding(DocumentType("letter"), 0.7, (), "test"),),
    )
    site.catalogue.keep_cut(received, Cut((reading,), (), "test"))
    decision = Decision(whose.id, kind, None, None, by)
    if by == CLERK:
        site.catalogue.answer(id_, decision)
    site.catalogue.file(filed_of(id_, decision))


def taught(site: Site, each: int = 8, frozen: int = 2) -> Site:
    """Documents of each type in the train split, and some in the frozen one."""
    number = 0
    for split, count in (("train", each), ("frozen", frozen)):
        ids = batches(split, 3 * count)
        for position, id_ in enumerate(ids):
            number += 1
            verify(site, id_, (NORTH, SOUTH, REFERRAL)[position % 3], number)
    return site
