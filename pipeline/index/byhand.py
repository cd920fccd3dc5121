"""Documents that a clerk cut, read as wholes: their edges are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Batch, Reading, ScannedDocument
from pipeline.index.cut import batch_reader
from pipeline.index.decoder import one_segment
from pipeline.index.formtypes import with_forms
from pipeline.index.patients import PatientIndex
from pipeline.index.rules import IndexRules
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page


def read_documents(
    batch: Batch,
    pages: Sequence[Page],
    documents: Sequence[ScannedDocument],
    types: TypeNumbers,
    patients: PatientIndex,
    rules: IndexRules,
) -> tuple[Reading, ...]:
    """What is made of documents that a clerk cut; ``types`` has a row for each page."""
    reader = batch_reader(batch, pages, patients, rules)
    at = {page.number: row for row, page in enumerate(pages)}
    found = []
    for document in documents:
        scores = types.scores[[at[number] for number in document.pages]]
        text = TypeNumbers(types.types, scores)
        said = [reader.clues.get(number, ()) for number in document.pages]
        own = with_forms(text, said, rules.forms)
        segment = one_segment(own.among_known())
        typing = replace(reader, types=own, text=text)
        kinds = typing.types_of(segment, document.pages[0])
        found.append(reader.whole(document, kinds, 1.0, unsure=False))
    return tuple(found)
