"""``check``, ``qa``, ``report``, ``siblings`` and ``lanes``: what people find wrong."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from pipeline.certifying import check as keep_check
from pipeline.certifying import siblings_of
from pipeline.checks import (
    EVERY_LANE,
    Check,
    Lane,
    LaneEvent,
    answered_last,
)
from pipeline.commands.user import clerk_name
from pipeline.document import DocumentId, DocumentType, PatientId
from pipeline.errors import InputError
from pipeline.index.typecodes import type_codes
from pipeline.review import lanes
from pipeline.review.verdict import Verdict
from pipeline.sample import Sample
from pipeline.site import Site

_NEXT = {
    "shadow": "a second person must answer it blind: chartfiler check, with their --by",
    "agreed": "verified: two blind answers agree",
    "wrong": "verified: the machine was wrong; chartfiler refile corrects a filed one",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says on the command line; ``mrn`` None: nobody of the index."""

    mrn: str | None
    type: str | None
    encounter: str | None
    by: str | None


def check(site: Site, document: str, said: Said, out: Console) -> None:
    """Keep one blind answer; say whether another person must look."""
    now = keep_check(site, check_of(site, document, said, dt.datetime.now(dt.UTC)))
    out.print(_told(now), highlight=False, soft_wrap=True)


def check_of(site: Site, document: str, said: Said, at: dt.datetime) -> Check:
    """What a person said, by the index's ids. Raises InputError."""
    return Check(
        document=DocumentId(document),
        patient=_patient(site, said.mrn),
        type=_type(site, said.type),
        encounter=said.encounter,
        by=person(said.by),
        why=Sample(site).why(DocumentId(document)),
        at=at,
    )


def person(by: str | None) -> str:
    """Who answers, as decisions name clerks: "clerk ada"."""
    return clerk_name() if by is None else f"clerk {by.removeprefix('clerk ').strip()}"


def _told(now: Verdict | None) -> str:
    if now is None or now.open:
        return _NEXT["shadow"]
    return _NEXT["wrong" if now.wrong_patient or now.wrong_type else "agreed"]


def _patient(site: Site, mrn: str | None) -> PatientId | None:
    if mrn is None:
        return None
    owner = site.people.mrn_owner(mrn)
    if owner is None:
        raise InputError("no patient of the index has that MRN; say --nobody if so")
    return owner


def _type(site: Site, said: str | None) -> DocumentType | None:
    if said is None:
        return None
    found = type_codes(site.type_facts.values()).get(said.strip().lower())
    if found is None:
        raise InputError(
            "--type names no document type: chartfiler types list tells the keys"
        )
    return found


# --- the sample --------------------------------------------------------------------


def show_sample(site: Site, out: Console, *, as_json: bool) -> None:
    """What was drawn and waits for a check, oldest first; never whose it is."""
    waiting = list(Sample(site).waiting())
    if as_json:
        for one in waiting:
            row = {"document": one.document, "batch": one.batch, "pages": one.pages}
            out.file.write(json.dumps(row | {"filed": one.at.isoformat()}) + "\n")
        return
    table = Table("document", "pages", "filed")
    for one in waiting:
        table.add_row(one.document, str(len(one.pages)), f"{one.at:%Y-%m-%d %H:%M}")
    out.print(table if table.row_count else "the sample is checked")


def next_of_sample(site: Site, by: str | None, out: Console) -> None:
    """The next document of the sample for this person, without the machine's word."""
    one = next(Sample(site).waiting(person(by)), None)
    if one is None:
        out.print("nothing of the sample waits for you")
        return
    out.print(
        f"{one.document}: {len(one.pages)} pages; look at them under chartfiler serve,"
        f" /documents/{one.document}/pages/1/1100.png, then: chartfiler qa answer"
        f" {one.document} --patient MRN --type KEY; or check it there, under /sample",
        highlight=False,
        soft_wrap=True,
    )


def answer_sample(site: Site, document: str, said: Said, out: Console) -> None:
    """Keep the check of a drawn document. Raises InputError for any other."""
    if Sample(site).why(DocumentId(document)) != "qa":
        raise InputError(f"{document} was not drawn: chartfiler qa list")
    check(site, document, said, out)


# --- reports and lanes --------------------------------------------------------------


def report(
    site: Site, document: str, said: tuple[str, str | None], out: Console, *, sure: bool
) -> None:
    """A clerk's word that a document lies wrong pauses its lane; sure, it closes it."""
    reason, by = said
    answer = answered_last(site.checks.answers_of(DocumentId(document)))
    if answer is None:
        raise InputError(
            f"{document} is no document that the machine decided;"
            " chartfiler outcomes lists them"
        )
    lane = answer.lane
    site.checks.keep_event(
        LaneEvent(
            lane=lane,
            did="closed" if sure else "paused",
            reason=lanes.MISFILED if sure else lanes.REPORTED,
            by=person(by),
            at=dt.datetime.now(dt.UTC),
            document=answer.document,
            said=reason,
        )
    )
    word = "closed" if sure else "paused"
    out.print(
        f"lane {lane} is {word}: its documents go to a clerk until chartfiler lanes"
        f' open "{lane}"',
        highlight=False,
        soft_wrap=True,
    )
    if sure:
        show_siblings(site, document, out, as_json=False)


def show_siblings(site: Site, document: str, out: Console, *, as_json: bool) -> None:
    """Filed documents that may lie wrong for the same reason, and what they share."""
    found = siblings_of(site, DocumentId(document))
    if as_json:
        for one in found:
            row = {"document": one.document, "shares": list(one.shares)}
            out.file.write(json.dumps(row) + "\n")
        return
    table = Table("document", "shares", title="Look at these as well")
    for one in found:
        table.add_row(one.document, "; ".join(one.shares))
    out.print(table if found else "no filed document shares its cause")


def show_lanes(site: Site, out: Console, *, as_json: bool) -> None:
    """Every lane of which anything was said, and what holds."""
    last = lanes.standing(site.checks.events())
    if as_json:
        for lane, event in last.items():
            row = {"lane": str(lane), "state": event.did, "reason": event.reason}
            out.file.write(json.dumps(row | {"by": event.by}) + "\n")
        return
    table = Table("lane", "is", "since", "why", "by")
    for lane, event in last.items():
        when = f"{event.at:%Y-%m-%d %H:%M}"
        table.add_row(str(lane), event.did, when, event.reason, event.by)
    out.print(table if last else "no lane is held back")


def open_lane(site: Site, name: str, by: str | None, out: Console) -> None:
    """A person lets a lane file again; what it files is uncertified if not covered."""
    lane = _lane(name)
    reason = "opened by hand"
    now = dt.datetime.now(dt.UTC)
    site.checks.keep_event(LaneEvent(lane, "opened", reason, person(by), now))
    out.print(f"lane {lane} files again", highlight=False)


def _lane(name: str) -> Lane:
    if name == str(EVERY_LANE):
        return EVERY_LANE
    station, slash, form = name.rpartition("/")
    if not slash:
        raise InputError("a lane is STATION/TYPE, or all: chartfiler lanes list")
    return Lane(station, form)
