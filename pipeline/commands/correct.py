"""``correct`` and ``refile``: what is filed wrong is put right, or taken out."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace
from functools import partial

from rich.console import Console

from pipeline.commands.follow import TICK
from pipeline.commands.user import clerk_name
from pipeline.correcting import with_former, with_split
from pipeline.document import (
    Correction,
    Decision,
    DocumentId,
    DocumentType,
    FiledDocument,
    PatientId,
)
from pipeline.errors import InputError
from pipeline.index.typecodes import type_codes
from pipeline.rescanning import scan_of, with_scan
from pipeline.review.recutting import NoSuchCut
from pipeline.site import Site
from pipeline.work import Work


@dataclass(frozen=True, slots=True)
class PageChange:
    """Which pages it is to have: those in front of a cut, a better scan, or as before.

    ``scan`` is the better scan of page ``page``: "DOCUMENT:2".
    """

    split_before: int | None = None
    page: int | None = None
    scan: str = ""
    back: bool = False

    def said(self) -> int:
        """How many changes it is."""
        replaces = self.page is not None or bool(self.scan)
        return (self.split_before is not None) + replaces + self.back


@dataclass(frozen=True, slots=True)
class Change:
    """What is said to be right; None for what stays as it is.

    ``misfiled``: it, or what is split off, lay in another person's record; moving it
    to another patient says so by itself.
    """

    mrn: str | None = field(repr=False)
    type: str | None
    date: str | None = field(repr=False)
    reason: str = field(repr=False)
    retract: bool = False
    misfiled: bool = False
    pages: PageChange = PageChange()


def correct(site: Site, document: str, change: Change, out: Console) -> None:
    """Keep the correction and carry it out; the version that it is of is restricted."""
    standing = _standing(site, document)
    gone = site.catalogue.filed(standing.document) is None
    if not change.reason.strip():
        raise InputError("say why: --reason")
    said = _said(site, standing, change, gone=gone)
    before = len(site.catalogue.corrections(standing.document))
    if not site.catalogue.first_answer(standing.document, said):
        raise InputError("another answer about it is being carried out: try again")
    with Work(site) as work:
        while site.catalogue.pending(standing.document) is not None:
            work.tick()
            time.sleep(TICK)
    if len(site.catalogue.corrections(standing.document)) == before:
        why = site.catalogue.failure(standing.document)
        raise InputError(f"{standing.id} stands as it was: {why}")
    now = site.catalogue.filed(standing.document)
    done = f"filed as {now.id}" if now else "in no record now"
    out.print(f"{done}; {standing.id} is kept, restricted", highlight=False)


def _standing(site: Site, document: str) -> FiledDocument:
    """The newest version, be it retracted or not."""
    versions = site.catalogue.versions(DocumentId(document))
    if not versions:
        raise InputError(
            f"no filed document has the id {document}; chartfiler outcomes lists them"
        )
    return versions[-1]


def _said(
    site: Site, standing: FiledDocument, change: Change, *, gone: bool
) -> Correction:
    asked = any((change.mrn, change.type, change.date, change.pages.said()))
    if change.retract and (asked or gone):
        raise InputError("--retract stands alone, and takes out what is in a record")
    if not asked and not change.retract:
        raise InputError(
            "say what changes: --mrn (or --patient), --type, --date or its pages"
        )
    by = clerk_name()
    if change.retract:
        return Correction(standing.id, None, change.reason, change.misfiled, by)
    decision = _changed(site, standing.decision, change)
    pages = _pages(site, standing, change.pages, gone=gone)
    same = replace(decision, by=standing.decision.by) == standing.decision
    if not gone and not pages and same:
        raise InputError("it is filed just so already; say what is wrong with it")
    moved = _person(site, decision.patient) != _person(site, standing.decision.patient)
    misfiled = moved or change.misfiled
    return Correction(standing.id, decision, change.reason, misfiled, by, pages=pages)


def _pages(
    site: Site, standing: FiledDocument, change: PageChange, *, gone: bool
) -> tuple[int, ...]:
    """Those that it is to have from now on; none if they stay."""
    if not change.said():
        return ()
    if change.said() > 1:
        raise InputError("one change of its pages at a time")
    if gone:
        raise InputError("it is in no record: file it again first, by its --mrn")
    paper = site.catalogue.reading(standing.document).document
    try:
        if change.back:
            return with_former(paper, site.relaid.before(paper.id))
        if change.split_before is not None:
            return with_split(paper, change.split_before)
        reading, nth = scan_of(change.scan, site.catalogue)
        lend = partial(site.relaid.lend, by=clerk_name())
        return with_scan(paper, change.page or 0, (reading.document, nth), lend)
    except NoSuchCut as wrong:
        raise InputError(str(wrong)) from None


def _person(site: Site, patient: PatientId) -> PatientId:
    """Who this is by now, merged or linked records resolved."""
    found = site.person(patient)
    return found.id if found else patient


def _changed(site: Site, decision: Decision, change: Change) -> Decision:
    if change.mrn is not None:
        owner = site.people.mrn_owner(change.mrn)
        if owner is None:
            raise InputError("no patient of the index has that MRN; import first")
        stay = decision.encounter if owner == decision.patient else None
        decision = replace(decision, patient=owner, encounter=stay)
    if change.type is not None:
        decision = replace(decision, type=_type(site, change.type))
    if change.date is not None:
        decision = replace(decision, date=_date(change.date))
    return replace(decision, by=clerk_name())


def _date(said: str) -> dt.date:
    try:
        date = dt.date.fromisoformat(said)
    except ValueError:
        raise InputError("--date must be an ISO date: 2013-04-03") from None
    if date > dt.datetime.now(dt.UTC).date():
        raise InputError("--date lies in the future: give the day of service")
    return date


def _type(site: Site, said: str) -> DocumentType:
    found = type_codes(site.type_facts.values()).get(said.strip().lower())
    if found is None:
        raise InputError(
            "--type names no document type, or a LOINC code that several share;"
            " chartfiler types list tells the keys"
        )
    return found
