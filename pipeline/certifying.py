"""A site's certificate: verified pages become a bound on the wrong-patient rate.

The pages are those that this machine answered before anybody looked; what people found
is in their checks. Nothing is filed differently by looking: a certificate that was
shown holds from the next document on, for the machine and the lanes it was shown for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.checks import (
    Certificate,
    Check,
    Lane,
    LaneEvent,
    MachineAnswer,
    answered_last,
)
from pipeline.document import DocumentId, PatientId, Reading
from pipeline.errors import InputError
from pipeline.flow import Tools, index_batch, rules_now
from pipeline.oversight import Oversight
from pipeline.review import lanes
from pipeline.review.certificate import Checked
from pipeline.review.eprocess import alarm
from pipeline.review.ladder import RATES, SUPERVISED, Rung, days_to
from pipeline.review.modes import Standing
from pipeline.review.proof import Proof, prove
from pipeline.review.sampling import drawn
from pipeline.review.siblings import Sibling, siblings
from pipeline.review.splits import split_of
from pipeline.review.verdict import Verdict, verdict
from pipeline.site import Site
from pipeline.wiring import oversight_of

DAYS = 14  # looked back on, for the pages a day
Tick = Callable[[int, int], None]  # documents done, of how many
Kind = TypeVar("Kind", bound=str)
Checks = Mapping[DocumentId, Sequence[Check]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What today's pages show, whether it is enough, and how it was come by."""

    proof: Proof
    certificate: Certificate
    facts: dict[str, object]  # of the report
    a_day: float  # pages that count, lately
    standing: Standing  # of the certificate from before


def look(site: Site, by: str, now: dt.datetime) -> Shown:
    """Count today's verified pages; nothing is kept."""
    oversight = oversight_of(site)
    rules = site.settings.filing
    versions = oversight.versions(rules)
    answers = list(_counting(site, oversight))
    checks = site.checks.checks()
    told_now = judged(site, answers, checks)
    verdicts: dict[str, Verdict] = {a.document: v for a, v in told_now if v is not None}
    proof = prove(answers, verdicts, oversight.plan, site.checks.secret())
    used = [a for a in answers if a.document in verdicts and a.rung is not None]
    facts = _facts(proof, used, verdicts, oversight)
    looks = [c for c in site.checks.certificates() if c.plan == oversight.plan.hash]
    facts |= {"looks_before": len(looks), "by": by, "at": now.isoformat()}
    facts["versions"] = [versions.rules, versions.models, versions.engine]
    told = json.dumps(facts, sort_keys=True)
    rungs = zip(oversight.plan.rungs, proof.rates, strict=True)
    certificate = Certificate(
        hash=hashlib.sha256(told.encode()).hexdigest(),
        plan=oversight.plan.hash,
        versions=versions,
        rungs=tuple(
            (rung.patient_at_least, rung.patient_margin, rate)
            for rung, rate in rungs
            if rate < 1.0
        ),
        stations=tuple(sorted({answer.lane.station for answer in used})),
        forms=tuple(sorted({answer.lane.form for answer in used})),
        by=by,
        at=now,
        report=told,
    )
    a_day = _a_day(operating(site, proof), checks, now)
    return Shown(proof, certificate, facts, a_day, oversight.standing(rules))


def certify(site: Site, by: str, now: dt.datetime) -> Shown:
    """Look, and keep what was shown, enough or not: each look is counted."""
    shown = look(site, by, now)
    site.checks.keep_certificate(shown.certificate)
    return shown


def _counting(site: Site, oversight: Oversight) -> Iterator[MachineAnswer]:
    """Of each document the answer of today's machine under today's plan.

    A replay counts only for batches that never taught or compared a model.
    """
    now = oversight.versions(site.settings.filing)
    last: dict[DocumentId, MachineAnswer] = {}
    for answer in site.checks.answers():
        same = answer.plan == oversight.plan.hash and answer.versions == now
        fresh = not answer.replayed or split_of(answer.batch) == "certificate"
        if same and fresh:
            last[answer.document] = answer
    yield from last.values()


def judged(
    site: Site, answers: Iterable[MachineAnswer], checks: Checks
) -> Iterator[tuple[MachineAnswer, Verdict | None]]:
    """Each answer with what the checks of its document say of it; None: no check."""
    survivors = Survivors(site)
    for answer in answers:
        yield (
            answer,
            verdict(answer, checks.get(answer.document, ()), survivors.of),
        )


class Survivors:
    """The record that a merged one lives on in; each is looked up once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: dict[PatientId, PatientId] = {}

    def of(self, patient: PatientId | None) -> PatientId | None:
        if patient is None:
            return None
        if patient not in self._known:
            found = self._site.person(patient)
            self._known[patient] = found.id if found else patient
        return self._known[patient]


def _facts(
    proof: Proof,
    used: Sequence[MachineAnswer],
    verdicts: dict[str, Verdict],
    oversight: Oversight,
) -> dict[str, object]:
    pages = [
        (a.document, list(a.pages), a.rung, verdicts[a.document].wrong_patient)
        for a in sorted(used, key=lambda one: one.document)
    ]
    told = json.dumps(pages).encode()
    moments = sorted(answer.at for answer in used)
    return {
        "plan": oversight.plan.hash,
        "pages_sha256": hashlib.sha256(told).hexdigest(),
        "documents": len(used),
        "replayed": sum(answer.replayed for answer in used),
        "from": moments[0].isoformat() if moments else None,
        "until": moments[-1].isoformat() if moments else None,
        "open": proof.open,
        "unseen": proof.unseen,
        "rungs": [
            {
                "patient_at_least": one.rung.patient_at_least,
                "patient_margin": one.rung.patient_margin,
                "pages": one.pages,
                "batches": one.batches,
                "design_effect": one.effect,
                "n": one.counts.documents,
                "errors": one.counts.wrong,
                "bound": one.bound,
                "coverage": one.coverage,
                "e_value": min(one.evidence, 1e300),
                "certified": rate if rate < 1.0 else None,
                "grounds": _table(one.grounds),
                "stations": _table(one.stations),
            }
            for one, rate in zip(proof.rungs, proof.rates, strict=True)
        ],
        "types": _table(proof.types),
    }


def _table(counts: Mapping[Kind, Checked]) -> dict[str, list[int]]:
    return {str(k): [c.documents, c.wrong] for k, c in counts.items()}


# --- the way there -----------------------------------------------------------------


def operating(site: Site, proof: Proof) -> Checked:
    """The counts of the rung that the site files under; the loosest if it is none."""
    used = in_use(site)
    own = (one.counts for one in proof.rungs if one.rung == used)
    return next(own, proof.rungs[-1].counts)


def in_use(site: Site) -> Rung:
    """The thresholds that the site files under, be they a rung of the ladder or not."""
    filing = site.settings.filing
    return Rung(filing.patient_at_least, filing.patient_margin)


def forecast(site: Site, shown: Shown) -> dict[float, int | None]:
    """Days to each rate if nothing goes wrong; 0 when it is there; None: never so."""
    have = operating(site, shown.proof)
    return {rate: days_to(rate, have, shown.a_day) for rate in RATES}


def _a_day(counted: Checked, checks: Checks, now: dt.datetime) -> float:
    """Counted pages by day of their last check, over the last DAYS."""
    moments = [check.at for some in checks.values() for check in some]
    late = [at for at in moments if now - at <= dt.timedelta(days=DAYS)]
    if not late:
        return 0.0
    days = max((now - min(late)) / dt.timedelta(days=1), 1.0)
    share = counted.documents / len(moments)
    return len(late) / days * share


# --- a later machine ---------------------------------------------------------------


def replay(site: Site, tools: Tools, tick: Tick = lambda *_: None) -> int:
    """Let today's machine answer stored certificate pages anew; how many documents.

    Their words are stored: they are indexed and decided again, not recognised. Raises
    InputError if another engine read them: its words would not be today's.
    """
    oversight, now = tools.oversight, tools.oversight.versions(tools.rules)
    todo = list(_replayable(site, oversight))
    if any(answer.versions.engine != now.engine for answer in todo):
        raise InputError(
            "another engine read the certificate pages, and its words are not today's:"
            " set [filing] mode = shadow and certify on new pages"
        )
    batches = sorted({answer.batch for answer in todo})
    done = 0
    for batch in batches:
        readings = index_batch(batch, tools).readings
        for kept in (answer for answer in todo if answer.batch == batch):
            site.checks.keep_answer(_anew(kept, readings, tools))
            done += 1
            tick(done, len(todo))
    return done


def _replayable(site: Site, oversight: Oversight) -> Iterator[MachineAnswer]:
    checked = site.checks.checks()
    for answer in site.checks.answers():
        if (
            not answer.replayed
            and answer.document in checked
            and answer.plan == oversight.plan.hash
            and split_of(answer.batch) == "certificate"
        ):
            yield answer


def _anew(
    kept: MachineAnswer, readings: Sequence[Reading], tools: Tools
) -> MachineAnswer:
    """Today's answer for the pages of a document as it was cut then.

    Where today's cut puts them into two records, no patient is right: it counts as
    wrong.
    """
    pages = set(kept.pages)
    found = [
        tools.oversight.answer(reading, rules_now(tools))
        for reading in readings
        if not pages.isdisjoint(reading.document.pages)
    ]
    if not found:  # all set aside now: nothing would be filed
        now = tools.oversight.versions(tools.rules)
        moment = dt.datetime.now(dt.UTC)
        return replace(kept, rung=None, versions=now, at=moment, replayed=True)
    rungs = [one.rung for one in found if one.rung is not None]
    patients = {one.patient for one in found}
    return replace(
        found[0],
        document=kept.document,
        pages=kept.pages,
        own_pages=tuple(n for one in found for n in one.own_pages if n in pages),
        patient=found[0].patient if len(patients) == 1 else None,
        rung=min(rungs, default=None),
        replayed=True,
    )


# --- the sample, and what it says of the lanes --------------------------------------


def sample(site: Site) -> Iterator[MachineAnswer]:
    """What was filed without a clerk and drawn for a check, oldest first."""
    share, secret = site.settings.filing.qa_share, site.checks.secret()
    for answer in site.checks.drawn(share, lambda one: drawn(one, share, secret)):
        if answer.filed and not answer.replayed:
            yield answer


def check(site: Site, found: Check) -> Verdict | None:
    """Keep what a person found; what holds now. Raises InputError.

    A document of the sample is not checked by who filed or corrected it.
    """
    answer, now = _kept(site, found, Survivors(site))
    if now is not None and not now.open:
        _watch(site, [(answer, now, found)])
    return now


def check_all(site: Site, found: Iterable[Check]) -> Iterator[str]:
    """Keep many; of each why it was refused, "" if it was not.

    What follows for the lanes is looked at once, when the last one is kept.
    """
    survivors, settled = Survivors(site), list[Settled]()
    for one in found:
        try:
            answer, now = _kept(site, one, survivors)
        except InputError as error:
            yield str(error)
            continue
        if now is not None and not now.open:
            settled.append((answer, now, one))
        yield ""
    if settled:
        _watch(site, settled)


Settled = tuple[MachineAnswer, Verdict, Check]


def _kept(
    site: Site, found: Check, survivors: Survivors
) -> tuple[MachineAnswer, Verdict | None]:
    answer = answered_last(site.checks.answers_of(found.document))
    if answer is None:
        raise InputError(
            f"nothing is known of what the machine answered on {found.document}:"
            " only documents that it decided since can be checked"
        )
    hands = {one.decision.by for one in site.catalogue.versions(found.document)}
    if found.by in hands:
        raise InputError("who filed a document does not check it: ask another person")
    if not site.checks.keep_check(found):
        raise InputError(f"{found.by} has answered this document before: ask another")
    said = site.checks.checks_of(found.document)
    return answer, verdict(answer, said, survivors.of)


def _watch(site: Site, settled: Sequence[Settled]) -> None:
    """A misfile closes its lane; a sample that breaks the bound its lane, or all."""
    for answer, now, found in settled:
        if answer.filed and now.wrong_patient:
            _close(site, answer.lane, lanes.MISFILED, found)
    opened = lanes.openings(site.checks.events())
    drawn = [
        (one.lane, said.wrong_patient)
        for one, said in judged(site, sample(site), site.checks.checks())
        if said and not said.open and lanes.filed_since(one, opened)
    ]
    rate = oversight_of(site).standing(site.settings.filing).rate
    for lane, some in lanes.watched(drawn, {one.lane for one, _, _ in settled}):
        if why := alarm(some, min(rate, SUPERVISED)):
            _close(site, lane, why, settled[-1][2])


def _close(site: Site, lane: Lane, why: str, found: Check) -> None:
    last = lanes.standing(site.checks.events()).get(lane)
    if last is None or last.did != "closed":
        site.checks.keep_event(
            LaneEvent(lane, "closed", why, found.by, found.at, found.document)
        )


def siblings_of(site: Site, document: DocumentId) -> list[Sibling]:
    """Filed documents that may lie wrong as this one does. Raises InputError."""
    try:
        ours = site.catalogue.reading(document)
    except KeyError:
        raise InputError(
            f"no document has the id {document}; chartfiler outcomes lists them"
        ) from None
    others = {
        line.document: line.reading
        for line in site.catalogue.ledger()
        if line.disposition == "filed" and line.reading and line.document
    }
    return list(siblings(ours, others.values()))
