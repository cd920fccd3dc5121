"""What clerks have said becomes a proposed type model in the site's data folder.

Only verified documents teach (store/verified_rows.py), types by their words and where
documents begin by their cuts (boundaries.py); split once by batch: one part is
learned from, one compares the proposal with the live model, and one is kept unseen for
a certificate. Nothing is changed by a proposal: `models promote` is a person's act.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from pipeline import artefact
from pipeline.boundaries import GAP_RULE, CutLessons, cut_lessons, judge_cuts
from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import lines_of
from pipeline.classify.model import Scores, TypeModel
from pipeline.classify.site_fit import KEPT, SitePages, fit_site, learnable
from pipeline.classify.site_model import SiteModel, as_arrays
from pipeline.classify.site_privacy import nameless
from pipeline.classify.site_report import Judged, judged, write_cuts, write_report
from pipeline.classify.site_starts import CutsJudged
from pipeline.document import DocumentType
from pipeline.errors import InputError
from pipeline.index.decoder import FOLLOWING_PAGE, LEAST_TYPE
from pipeline.index.formnumbers import form_clues_of
from pipeline.index.formtypes import Seen, learned, with_forms
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page
from pipeline.review.certificate import Checked, certified, upper_bound
from pipeline.review.splits import RULE, Split, split_of
from pipeline.settings import document_types
from pipeline.site import Site
from pipeline.store.catalogue import Verified
from pipeline.wiring import ShippedTypes, live_types, shipped_types

FEWEST = 10  # documents to learn from
Tick = Callable[[str, int, int], None]  # what is done, how much of how much


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model that was fitted and compared; it waits in its folder for promotion."""

    name: str  # of its folder
    folder: Path
    documents: Mapping[Split, int]  # verified ones
    pages: int  # learned from
    own: int  # types of the site's own that it knows
    champion: Judged
    challenger: Judged
    lessons: CutLessons  # of where documents begin
    cuts: tuple[CutsJudged, CutsJudged]  # of the live model and of this


def propose(
    site: Site, by: str, now: dt.datetime, tick: Tick = lambda *_: None
) -> Proposal:
    """Fit, compare and write a model; raises InputError with too little to learn from.

    ``tick`` is told what is being done and how far it is.
    """
    parts: dict[Split, list[Verified]] = {"train": [], "frozen": [], "certificate": []}
    facts = dict(site.type_facts.items())  # as they are now
    for one in site.catalogue.verified():
        if one.type in facts and not facts[one.type].retired:
            parts[split_of(one.document.batch)].append(one)
    if len(parts["train"]) < FEWEST:
        raise InputError(
            f"{len(parts['train'])} verified documents are too few to learn from;"
            f" every answer of a clerk becomes one: train again from {FEWEST} on"
        )
    shipped = shipped_types(site.settings.models)
    champion = live_types(site, shipped)
    lessons = _lessons(site, parts["train"], shipped.model, tick)
    folder = site.data / "models" / _next_name(site.data / "models")
    try:
        weights = fit_site(lessons.site, lambda *far: tick("learning", *far))
    except ValueError as nothing:
        raise InputError(
            f"nothing to learn yet: {nothing}; train again when more is verified"
        ) from nothing
    gaps = cut_lessons(site, parts["train"], shipped.model, tick)
    challenger = SiteModel(
        f"{folder.name} {now:%Y-%m-%d}",
        replace(shipped.model, starting=gaps.starting),
        weights,
        forms=lessons.forms,
    )
    old, new = _compare(site, parts["frozen"], (champion, challenger), tick)
    cuts = judge_cuts(site, parts["frozen"], (champion, challenger), tick)
    proposal = Proposal(
        name=folder.name,
        folder=folder,
        documents={split: len(some) for split, some in parts.items()},
        pages=len(lessons.site.pages),
        own=len(set(weights.types) - set(shipped.model.types)),
        champion=old,
        challenger=new,
        lessons=gaps,
        cuts=cuts,
    )
    _write(site, _Made(proposal, challenger, shipped, lessons, by, now))
    return proposal


def _next_name(folder: Path) -> str:
    numbers = [p.name.partition("-")[2] for p in folder.glob("types-[0-9]*")]
    return f"types-{max((int(n) for n in numbers if n.isdigit()), default=0) + 1}"


# --- lessons -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lessons:
    """The pages to learn from, and how many papers of a type bear which form number."""

    site: SitePages
    forms: Mapping[str, Mapping[DocumentType, int]]


def _lessons(
    site: Site, some: Sequence[Verified], base: TypeModel, tick: Tick
) -> _Lessons:
    """The pages to learn from, without names, and the shipped model's word on each."""
    pages: list[TrainingPage] = []
    scores: list[Scores] = []
    seen: list[Seen] = []
    names: set[str] = set()
    for done, (one, sheets) in enumerate(_documents(site, some), 1):
        person, known_as = _person(site, one)
        names |= known_as
        pages += _training_pages(one, sheets, person)
        scores.append(base.type_scores(sheets))
        seen += _numbers_seen(one, sheets, person)
        tick("reading", done, len(some))
    facts = dict(site.type_facts.items())
    lessons = SitePages(
        pages=nameless(pages, names),
        base=np.concatenate(scores),
        base_types=base.types,
        likes={key: like for key in facts if (like := facts[key].like)},
    )
    return _Lessons(lessons, learned(seen))


def _numbers_seen(one: Verified, sheets: Sequence[Page], person: str) -> list[Seen]:
    """The form numbers on a verified document."""
    numbers = {c.value for sheet in sheets for c in form_clues_of(sheet)}
    return [Seen(n, one.type, one.document.id, person) for n in sorted(numbers)]


def _documents(
    site: Site, some: Sequence[Verified]
) -> Iterator[tuple[Verified, tuple[Page, ...]]]:
    """Each document with its pages, in page order; a batch's pages are loaded once."""
    order = sorted(some, key=lambda one: (one.document.batch, one.document.pages))
    for batch, own in groupby(order, key=lambda one: one.document.batch):
        documents = list(own)
        numbers = sorted(n for one in documents for n in one.document.pages)
        pages = {p.number: p for p in site.catalogue.pages(batch, numbers)}
        for one in documents:
            yield one, tuple(pages[n] for n in one.document.pages)


def _person(site: Site, one: Verified) -> tuple[str, set[str]]:
    """Whose document it is, merged records being one, and all names of that person."""
    known = site.person(one.patient)
    if known is None:
        held = site.holdings.get(one.patient)
        return one.patient, {f"{held.family} {held.given}"} if held else set()
    names = {f"{n.family} {n.given} {n.middle}" for n in known.names}
    return known.id, names


def _training_pages(
    one: Verified, sheets: Sequence[Page], person: str
) -> Iterator[TrainingPage]:
    for place, sheet in enumerate(sheets, 1):
        yield TrainingPage(
            type=one.type,
            lines=lines_of(sheet),
            source="site",
            group=one.document.batch,
            person=person,
            document=one.document.id,
            page=place,
        )


# --- comparing ---------------------------------------------------------------------


def _compare(
    site: Site,
    some: Sequence[Verified],
    models: tuple[TypeModel, TypeModel],
    tick: Tick,
) -> tuple[Judged, Judged]:
    """What both models make of the frozen documents, cut as they were filed.

    With the form numbers that each learned, as the index uses them; those that the
    house declared help both alike and are left out.
    """
    scores: tuple[list[Scores], list[Scores]] = [], []
    truth: list[DocumentType] = []
    for done, (one, sheets) in enumerate(_documents(site, some), 1):
        for model, found in zip(models, scores, strict=True):
            found.append(document_score(_scores(model, sheets)))
        truth.append(one.type)
        tick("comparing", done, len(some))
    old, new = (
        judged(
            model.name, model.types, np.reshape(found, (-1, len(model.types))), truth
        )
        for model, found in zip(models, scores, strict=True)
    )
    return old, new


def _scores(model: TypeModel, sheets: Sequence[Page]) -> Scores:
    """(pages, types): with what the form numbers say that the model learned."""
    scores = model.type_scores(sheets)
    if not (isinstance(model, SiteModel) and model.forms):
        return scores
    text = TypeNumbers(model.types, scores)
    said = [form_clues_of(sheet) for sheet in sheets]
    return with_forms(text, said, model.forms).scores


def document_score(pages: Scores) -> Scores:
    """(types,): log scores of a document from those of its pages, as index has it."""
    bounded = np.maximum(pages, LEAST_TYPE)
    found: Scores = bounded[0] + FOLLOWING_PAGE * bounded[1:].sum(axis=0)
    return found


# --- writing -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    proposal: Proposal
    model: SiteModel
    shipped: ShippedTypes
    lessons: _Lessons = field(repr=False)
    by: str
    now: dt.datetime


def _write(site: Site, made: _Made) -> None:
    """Into a folder beside, which then takes its name: never half a model."""
    folder = made.proposal.folder
    beside = folder.with_name(f".{folder.name}")
    shutil.rmtree(beside, ignore_errors=True)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    line = site.settings.filing.type_at_least
    checked = _checked(made.proposal.challenger, line)
    artefact.write(
        beside,
        artefact.Artefact(
            _manifest(made, checked, line),
            as_arrays(made.model.site, made.proposal.lessons.moved),
            {"terms": list(made.model.site.vocabulary.columns)},
            _report(site, made, checked),
        ),
    )
    beside.rename(folder)
    site.catalogue.audit(made.by, "trained model", folder.name)


def _checked(found: Judged, line: float) -> dict[DocumentType, Checked]:
    """Of each type of the site's own: what would be filed as it on frozen documents."""
    own = [kind for kind in found.types if kind not in document_types()]
    return {kind: Checked(*found.filed_as(kind, line)) for kind in own}


def _manifest(
    made: _Made, checked: Mapping[DocumentType, Checked], line: float
) -> dict[str, object]:
    proposal, measured = made.proposal, {}
    if len(proposal.challenger.truth):
        measured = {
            "live": proposal.champion.measured().as_row(),
            "this": proposal.challenger.measured().as_row(),
            "cuts": {
                name: cuts.as_row()
                for name, cuts in zip(("live", "this"), proposal.cuts, strict=True)
            },
        }
    return {
        "name": made.model.name,
        "made": made.now.isoformat(),
        "by": made.by,
        "base": {"name": made.shipped.model.name, "manifest": made.shipped.manifest},
        "types": list(made.model.types),
        "features": {
            "at most": KEPT,
            "model": "ridge over terms that three patients share, two voices",
        },
        "verified": {"documents": proposal.documents, "rule": RULE},
        "learned": {
            "pages": proposal.pages,
            "types": len(learnable(made.lessons.site.pages)),
            "form numbers": len(made.lessons.forms),
        },
        "cuts": {"rule": GAP_RULE, **proposal.lessons.as_row()},
        "live": proposal.champion.model,
        "measured": measured,
        "line": line,
        "forms": made.lessons.forms,
        "checked": [[kind, c.documents, c.wrong] for kind, c in checked.items()],
    }


def _report(site: Site, made: _Made, checked: Mapping[DocumentType, Checked]) -> str:
    proposal, at_most = made.proposal, site.settings.filing.type_error_at_most
    counts = proposal.documents
    about = [
        f"Proposed by {made.by} on {made.now:%Y-%m-%d}, over {made.shipped.model.name}."
        " It files nothing before `chartfiler models promote`.",
        "",
        f"Verified documents: {counts['train']} learned from ({proposal.pages} pages),"
        f" {counts['frozen']} compared on, {counts['certificate']} kept unseen for a"
        " certificate. Cut as they were filed; pages of a batch are alike, so that the"
        " bounds below hold for documents of many batches.",
    ]
    local = {kind: _bound(found, at_most) for kind, found in checked.items()}
    told = write_report(about, proposal.champion, proposal.challenger, local)
    return told + write_cuts(proposal.lessons.told(), *proposal.cuts)


def _bound(found: Checked, at_most: float) -> str:
    opened = "open" if certified(found, at_most) else "not yet"
    wrong = f"{found.wrong} of {found.documents} wrong"
    return f"{opened}: {wrong}, at most {upper_bound(found):.1%} (95 %)"
