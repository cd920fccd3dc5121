"""The whole journey on one screen: the only module that knows every room.

Each function here may be repeated after a kill at any line: what was read, cut or
settled before is found in the catalogue and passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline import opening
from pipeline.classify.model import TypeModel
from pipeline.correcting import correct
from pipeline.document import (
    Batch,
    BatchId,
    Correction,
    Cut,
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    FiledDocument,
    PatientId,
    Reading,
    Review,
    ScannedDocument,
    SourcePage,
    TypeFacts,
)
from pipeline.errors import InputError
from pipeline.index.patients import PatientIndex
from pipeline.index.rules import IndexRules
from pipeline.index.siterules import with_types
from pipeline.index.typenumbers import TypeNumbers
from pipeline.ocr.neighbours import turn_of_neighbours
from pipeline.oversight import Oversight
from pipeline.page import Page, QuarterTurn
from pipeline.reading import PageToRead
from pipeline.review.freshness import (
    ANY_AGE,
    FreshnessRules,
    IndexTime,
    stale,
)
from pipeline.review.rules import FilingRules, encounter_rules
from pipeline.store.answers import Answer, Referral, Rejection
from pipeline.store.catalogue import Catalogue
from pipeline.store.objects import ObjectStore
from pipeline.store.recut_rows import Superseded

if TYPE_CHECKING:  # loading PDF/A costs a tenth of a second that reading does not need
    from pipeline.store.pdf import PdfFacts, PdfPage

IMPOSSIBLE = "an answer named what is not there: run chartfiler verify, answer again"
TAKEN = "another page of it was answered or cut by somebody else: correct it again"
PAGES_A_STEP = 64  # at the end of each a core waits for the last page: 1 % with 64


class Reader(Protocol):
    """Whatever opens a received file: the pool of sandboxed processes."""

    def count(self, path: Path, suffix: str) -> int:
        """Pages in the file; raises InputError when it cannot be taken."""
        ...

    def read(self, asked: Sequence[PageToRead]) -> Iterator[Page]:
        """Each page in order; one that cannot be read comes with its troubles."""
        ...

    def pdf(self, pages: Sequence[PdfPage], facts: PdfFacts) -> bytes:
        """The filed PDF; the same bytes for the same pages and facts."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What the journey needs from outside; made once, in wiring.py."""

    reader: Reader
    types: TypeModel
    type_facts: Mapping[DocumentType, TypeFacts]
    patients: PatientIndex
    identity: IndexRules
    objects: ObjectStore
    catalogue: Catalogue
    rules: FilingRules
    oversight: Oversight
    mrn_of: Callable[[PatientId], str]  # the surviving number, for the filed PDF
    as_of: Callable[[], dt.datetime | None] = lambda: None  # when the index was true
    freshness: FreshnessRules = ANY_AGE
    keyed: Callable[[DocumentId, Answer], bool] = lambda _document, _said: True


class JobEngine(Protocol):
    """Runs the journey of each batch to its end, whatever happens on the way."""

    def submit(self, batch: BatchId) -> None:
        """Take this batch on; once, however often it is said."""
        ...

    def parked(self) -> tuple[str, ...]:
        """Ids of work that failed too often and waits for ``chartfiler retry``."""
        ...

    def retry(self) -> int:
        """Take parked work on again; how much there was."""
        ...


class RunNow:
    """A JobEngine without durability: the work is done when ``submit`` returns."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def submit(self, batch: BatchId) -> None:
        for _ in process(batch, self.tools):
            pass

    def parked(self) -> tuple[str, ...]:
        return ()

    def retry(self) -> int:
        return 0


# --- the journey ---------------------------------------------------------------


def process(batch: BatchId, tools: Tools) -> Iterator[FiledDocument | Review]:
    """Take one received batch to the record or the clerk's desk. Safe to repeat."""
    open_batch(batch, tools)
    for numbers in portions(batch, tools):
        read_pages(batch, numbers, tools)
    for reading in cut_of(batch, tools).readings:
        if not tools.catalogue.settled(reading.document.id):
            yield settle(reading, tools)
    tools.catalogue.finish(batch)


def open_batch(batch: BatchId, tools: Tools) -> None:
    """Count the pages of every file; set aside each file that cannot be taken."""
    opening.open_batch(batch, tools.catalogue, tools.objects, tools.reader)


def portions(batch: BatchId, tools: Tools) -> list[tuple[int, ...]]:
    """The batch's page numbers in portions for one step each; the same every time."""
    numbers = [page.number for page in tools.catalogue.source_pages(batch) or ()]
    return [
        tuple(numbers[start : start + PAGES_A_STEP])
        for start in range(0, len(numbers), PAGES_A_STEP)
    ]


def read_pages(batch: BatchId, numbers: Sequence[int], tools: Tools) -> None:
    """Recognise these pages in the pool and remember them, each as it comes.

    Those that do not tell which way up they are wait for what the others say, and are
    read again where those lie otherwise; so a repeat decides them in the same way. A
    second reading that went wrong is none.
    """
    wanted = set(numbers) - set(tools.catalogue.read_numbers(batch))
    waiting: dict[int, Page] = {}
    with ExitStack() as stack:
        asked = {
            page.number: PageToRead(path, page.page, page.number)
            for page, path in _local_pages(batch, sorted(wanted), tools, stack)
        }
        for page in tools.reader.read(list(asked.values())):
            if page.quality.oriented or page.quality.blank:
                tools.catalogue.keep_pages(batch, (page,))
            else:
                waiting[page.number] = page
        others = tools.catalogue.pages(batch, numbers) if waiting else ()
        turns = {n: turn_of_neighbours(page, others) for n, page in waiting.items()}
        again = [
            replace(asked[number], turn=turn)
            for number, turn in turns.items()
            if turn is not None and turn != waiting[number].rotation
        ]
        for page in tools.reader.read(again):
            if set(page.troubles) <= set(waiting[page.number].troubles):
                waiting[page.number] = page
        tools.catalogue.keep_pages(batch, tuple(waiting.values()))


def cut_of(batch: BatchId, tools: Tools) -> Cut:
    """How the batch falls apart: as written down before, else decided now.

    Of a batch without pages nothing is written: its files may be tried again.
    """
    if not tools.catalogue.source_pages(batch):
        return Cut(())
    return tools.catalogue.cut(batch) or tools.catalogue.keep_cut(
        batch, index_batch(batch, tools)
    )


def index_batch(batch: BatchId, tools: Tools) -> Cut:
    """One joint decision over all pages; what no portion has read is read now."""
    from pipeline.index.cut import cut_batch  # while pages are read: .1 s of the start

    read_pages(
        batch, [p.number for p in tools.catalogue.source_pages(batch) or ()], tools
    )
    pages = tools.catalogue.pages(batch)
    types = TypeNumbers(tools.types.types, tools.types.type_scores(pages))
    starts = tools.types.start_scores(pages)
    received = tools.catalogue.batch(batch)
    return cut_batch(received, pages, types, starts, tools.patients, index_rules(tools))


def index_rules(tools: Tools) -> IndexRules:
    """With the types as they are now: a site may add one at any time."""
    return with_types(tools.identity, tools.type_facts.values())


def settle(reading: Reading, tools: Tools) -> FiledDocument | Review:
    """File it, or ask a clerk; exactly one of the two, exactly once."""
    reading = without_retired(reading, tools)
    outcome = outcome_of(reading, tools)
    if isinstance(outcome, Decision):
        try:
            return file(reading.document, outcome, tools)
        except InputError as error:
            outcome = Review((Doubt(no_pdf(error)),))
    tools.catalogue.ask(reading, outcome)
    return outcome


def rules_now(tools: Tools) -> FilingRules:
    """With what the types say of encounters now."""
    return replace(tools.rules, encounter=encounter_rules(tools.type_facts))


def outcome_of(reading: Reading, tools: Tools) -> Decision | Review:
    """What the rules say, which file nothing that the index is too old for."""
    time = IndexTime(
        as_of=tools.as_of(),
        received=tools.catalogue.batch(reading.document.batch).received,
        now=dt.datetime.now(dt.UTC),
        zone=tools.identity.timezone,
    )
    doubts = (*reading.doubts, *stale(reading, time, tools.freshness))
    # before it is decided: what is not filed must not be in the certificate's books
    return tools.oversight.outcome(replace(reading, doubts=doubts), rules_now(tools))


def without_retired(reading: Reading, tools: Tools) -> Reading:
    """A retired type is given no more; the others are no likelier without it."""
    gone = {key for key, facts in tools.type_facts.items() if facts.retired}
    kept = tuple(found for found in reading.types if found.value not in gone)
    return replace(reading, types=kept)


def settle_answer(document: DocumentId, answer: Answer, tools: Tools) -> None:
    """Do what a clerk said; a filed document gets a new version, the old one stays."""
    if isinstance(answer, Referral):
        return  # others must see to it first
    if isinstance(answer, Rejection):
        tools.catalogue.reject(document, answer)
        return
    if isinstance(answer, Correction):
        make = partial(made, tools=tools, turns=answer.turns)
        correct(document, answer, make, tools.catalogue, tools.oversight)
    else:
        paper = tools.catalogue.reading(document).document
        file(paper, answer, tools, tools.catalogue.filed(document))


def no_pdf(error: InputError) -> str:
    """Why a document cannot be filed, as its clerk is told."""
    return f"the filed PDF cannot be made: {error}"


def file(
    document: ScannedDocument,
    decision: Decision,
    tools: Tools,
    replaces: FiledDocument | None = None,
) -> FiledDocument:
    """Make the PDF, store it, then say so in the catalogue: one door for all."""
    return tools.catalogue.file(made(document, decision, tools, replaces))


def made(
    document: ScannedDocument,
    decision: Decision,
    tools: Tools,
    replaces: FiledDocument | None = None,
    turns: Sequence[tuple[int, QuarterTurn]] = (),
) -> FiledDocument:
    """A version whose PDF is stored, and which the catalogue does not know yet.

    ``turns`` are new with this version; the others that clerks made hold.
    """
    from pipeline.store.pdf import PdfPage

    batch = tools.catalogue.batch(document.batch)
    standing = {**tools.catalogue.turns(batch.id), **dict(turns)}
    version = len(tools.catalogue.versions(document.id)) + 1
    facts = _facts(batch, document, decision, version, tools)
    with ExitStack() as stack:
        read = {p.number: p for p in tools.catalogue.pages(batch.id, document.pages)}
        pages = [
            PdfPage(path, page.page, read[page.number], standing.get(page.number, 0))
            for page, path in _local_pages(batch.id, document.pages, tools, stack)
        ]
        pdf = tools.reader.pdf(pages, facts)
    metadata = {
        "document": document.id,
        "type": decision.type,
        "pages": str(len(document.pages)),
    }
    return FiledDocument(
        id=document.id if version == 1 else DocumentId(f"{document.id}-v{version}"),
        document=document.id,
        decision=decision,
        key=tools.objects.put(pdf, metadata),
        filed=dt.datetime.now(dt.UTC),
        replaces=replaces.id if replaces else None,
    )


def _facts(
    batch: Batch,
    document: ScannedDocument,
    decision: Decision,
    version: int,
    tools: Tools,
) -> PdfFacts:
    from pipeline.store.pdf import PdfFacts

    known = tools.type_facts[decision.type]
    return PdfFacts(
        document=document.id,
        type_key=decision.type,
        loinc=known.loinc,
        title=known.title,
        patient=tools.mrn_of(decision.patient),
        service_date=decision.date,
        received=batch.received,
        batch=batch.id,
        pages=document.pages,
        version=version,
    )


def _local_pages(
    batch: BatchId, numbers: Sequence[int], tools: Tools, stack: ExitStack
) -> list[tuple[SourcePage, Path]]:
    """These pages with a path to their original, each original fetched once."""
    files = tools.catalogue.batch(batch).files
    sources = {p.number: p for p in tools.catalogue.source_pages(batch) or ()}
    wanted = [sources[number] for number in numbers]
    paths = {
        position: stack.enter_context(tools.objects.local(files[position].key))
        for position in {page.file for page in wanted}
    }
    return [(page, paths[page.file]) for page in wanted]


# --- what waits ----------------------------------------------------------------


def sweep(tools: Tools, engine: JobEngine) -> None:
    """Give the engine every batch with work left, and do what clerks answered.

    The catalogue is the list of what is to be done, also after a kill. An answer that
    cannot be carried out goes back to the desk with its reason.
    """
    for batch in tools.catalogue.unfinished():
        engine.submit(batch)
    for document, answer in tools.catalogue.due_answers():
        if not tools.keyed(document, answer):
            continue  # it waits for another person's
        try:
            settle_answer(document, answer, tools)
        except InputError as error:
            tools.catalogue.put_back(document, answer, no_pdf(error))
        except Superseded:
            tools.catalogue.put_back(document, answer, TAKEN)
        except (KeyError, ValueError):  # a type or an original that is not there
            tools.catalogue.put_back(document, answer, IMPOSSIBLE)
