"""Trains the role model from pages whose names are known, and measures it on others."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from spacy.language import Language
from spacy.pipeline.spancat import SpanCategorizer
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import Adam, fix_random_seed

from pipeline import artefact
from pipeline.errors import UnreadableFile
from pipeline.index.layout import Row, rows_of
from pipeline.index.namespans import NameSpan, name_spans
from pipeline.index.roles import (
    FOUND,
    OFFERED,
    ROLES,
    RoleModel,
    Shape,
    blank_pipeline,
    doc_of,
    numbers_of,
)
from pipeline.index.typed import typed_page

_EPOCHS = 6
_BATCH = 24  # pages
_DROP = 0.2
_FORGOTTEN, _UNKNOWN = 0.12, "xqx"  # share of plain words, and what stands for them
_RATE = 0.002
_SURE = 0.7  # chance from which a role counts as said, in the manifest's figures


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page to learn from or to measure on: its rows and the roles of its names."""

    split: str
    rows: tuple[Row, ...] = field(repr=False)
    roles: dict[NameSpan, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoleReport:
    """What was trained, and precision and recall by role on kept-back pages."""

    name: str
    folder: Path
    pages: int
    seconds: float
    measured: dict[str, dict[str, float]]


def train_roles(
    pages: Path,
    out: Path,
    seed: int,
    today: dt.date,
    say: Callable[[str], None] = print,
) -> RoleReport:
    """Fit a model on the split "train" of the pages, measure on "report", write it.

    ``pages`` is the JSONL of ``python -m benchmarks.roles``. Raises UnreadableFile.
    """
    started = time.monotonic()
    lessons = list(read_lessons(pages))
    learned = [lesson for lesson in lessons if lesson.split == "train"]
    nlp = fit(learned, Shape(), seed, say)
    model = RoleModel(f"roles {today}", nlp)
    kept = [lesson for lesson in lessons if lesson.split == "report"]
    measured = measure(model, kept)
    manifest: dict[str, Any] = {
        "name": model.name,
        "date": today.isoformat(),
        "command": "python -m benchmarks.roles roles.jsonl --pages N && "
        f"chartfiler train --roles roles.jsonl --seed {seed}",
        "seed": seed,
        "shape": asdict(Shape()),
        "features": "hashed word, first letter, last three letters and shape; "
        "convolutions over the rows around a name",
        "training": {
            "licence": "written by this project's benchmarks/roles and "
            "benchmarks/forms; same licence as the project",
            "pages": len(learned),
            "sha256": artefact.sha256(pages.read_bytes()),
            "epochs": _EPOCHS,
        },
        "measured": {"kept-back pages": len(kept), "at chance": _SURE, **measured},
    }
    made = artefact.Artefact(manifest, numbers_of(nlp), {"roles": ROLES})
    artefact.write(out, made)
    seconds = time.monotonic() - started
    return RoleReport(model.name, out, len(learned), seconds, measured)


def read_lessons(pages: Path) -> Iterator[Lesson]:
    """Every page of the JSONL; raises UnreadableFile where a line is none."""
    with pages.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                page = json.loads(line)
                yield lesson_of(page["split"], page["text"], page["names"])
            except (ValueError, KeyError, TypeError):
                # the original message quotes the line
                raise UnreadableFile(
                    f"line {number} of the role pages cannot be read: write them "
                    "again with python -m benchmarks.roles"
                ) from None


def lesson_of(split: str, text: str, names: Sequence[tuple[int, int, str]]) -> Lesson:
    """A page of text with names as (start, end, role), in characters of the text."""
    rows = rows_of(typed_page(text))
    wanted = {(start, end): role for start, end, role in names}
    places = _places(text, rows)
    roles = {}
    for span in name_spans(rows):
        start, end = places[span.row][span.start][0], places[span.row][span.end - 1][1]
        for printed in (end, end - 1):  # a full stop may cling to the last word
            if (start, printed) in wanted:
                roles[span] = wanted[start, printed]
    return Lesson(split, rows, roles)


def _places(text: str, rows: Sequence[Row]) -> list[list[tuple[int, int]]]:
    """Where in the text each piece of each row stands."""
    found, at = [], 0
    for row in rows:
        places = []
        for piece in row.pieces:
            at = text.index(piece.text, at)
            places.append((at, at + len(piece.text)))
            at += len(piece.text)
        found.append(places)
    return found


def fit(
    lessons: Sequence[Lesson], shape: Shape, seed: int, say: Callable[[str], None]
) -> Language:
    """The pipeline after some rounds over the lessons, the same for the same seed."""
    fix_random_seed(seed)
    nlp = blank_pipeline(shape)
    pipe = cast("SpanCategorizer", nlp.get_pipe("spancat"))
    examples = [e for e in (_example(nlp, lesson) for lesson in lessons) if e]
    rng = np.random.default_rng(seed)
    optimizer = Adam(_RATE, L2=0.01, grad_clip=1.0, use_averages=False)
    for epoch in range(_EPOCHS):
        optimizer.learn_rate = _RATE * (1 - epoch / _EPOCHS)
        losses: dict[str, float] = {}
        blanked = [_forget(nlp, example, rng) for example in examples]
        order = rng.permutation(len(examples))
        for start in range(0, len(order), _BATCH):
            batch = [blanked[i] for i in order[start : start + _BATCH]]
            pipe.update(batch, drop=_DROP, sgd=optimizer, losses=losses)
        say(f"round {epoch + 1} of {_EPOCHS}, loss {losses['spancat']:.0f}")
    return nlp


def _example(nlp: Language, lesson: Lesson) -> Example | None:
    spans = name_spans(lesson.rows)
    if not spans:
        return None
    doc = doc_of(nlp, lesson.rows, spans)
    told = Doc(nlp.vocab, words=[token.text for token in doc])
    told.spans[FOUND] = [
        Span(told, offered.start, offered.end, label=lesson.roles[span])
        for span, offered in zip(spans, doc.spans[OFFERED], strict=True)
        if span in lesson.roles
    ]
    return Example(doc, told)


def _forget(nlp: Language, example: Example, rng: np.random.Generator) -> Example:
    """The page with some of its words unknown, that no single one is relied on."""
    doc = example.predicted
    gone = rng.random(len(doc)) < _FORGOTTEN
    words = [
        _UNKNOWN if lost and token.text.islower() else token.text
        for token, lost in zip(doc, gone, strict=True)
    ]
    made = Doc(nlp.vocab, words=words)
    made.spans[OFFERED] = [Span(made, s.start, s.end) for s in doc.spans[OFFERED]]
    told = Doc(nlp.vocab, words=words)
    told.spans[FOUND] = [
        Span(told, s.start, s.end, label=s.label_)
        for s in example.reference.spans[FOUND]
    ]
    return Example(made, told)


def measure(
    model: RoleModel, lessons: Sequence[Lesson], sure: float = _SURE
) -> dict[str, dict[str, float]]:
    """Precision and recall (0..1) of each role, over names that stand in one row."""
    said, right, there = Counter[str](), Counter[str](), Counter[str]()
    for lesson in lessons:
        there.update(lesson.roles.values())
        for bearer in model.read(lesson.rows):
            for role in ROLES:
                if getattr(bearer, role) >= sure:
                    said[role] += 1
                    right[role] += lesson.roles.get(bearer.span) == role
    return {
        role: {
            "precision": round(right[role] / max(said[role], 1), 4),
            "recall": round(right[role] / max(there[role], 1), 4),
            "names": there[role],
        }
        for role in ROLES
    }
