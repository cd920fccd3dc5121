"""Whose name it is where no label says so: a small spaCy model that we train ourselves.

A blank English pipeline with one span categorizer: a convolution over hashed word
features weighs every possible name by the words around it. It stores numbers only, no
word of what it learned from.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from pipeline import artefact
from pipeline.errors import ModelTampered
from pipeline.index.layout import Row
from pipeline.index.namespans import NameSpan, name_spans
from pipeline.index.regions import COLUMN

if TYPE_CHECKING:  # half a second to load: reading begins before anybody needs it
    from spacy.language import Language
    from spacy.pipeline.spancat import SpanCategorizer
    from spacy.tokens import Doc
    from thinc.types import FloatsXd

ROLES = ("clinician", "other", "subject")
OFFERED = "offered"  # the key under which a doc holds what may be a name
FOUND = "found"
_AROUND = 1  # rows beside one with a name that are read as well
_asking, _loading = threading.Lock(), threading.Lock()
_END, _COLUMN = "\n", "¦"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person named on the page: the chance (0..1) of each role, sum below 1."""

    span: NameSpan
    subject: float
    clinician: float
    other: float

    @property
    def anybody(self) -> float:
        """That it is a person's name at all."""
        return self.subject + self.clinician + self.other


@dataclass(frozen=True, slots=True)
class RoleModel:
    """The trained pipeline; not to be shared between threads."""

    name: str
    nlp: Language = field(repr=False)

    def read(self, rows: Sequence[Row]) -> tuple[Bearer, ...]:
        """Names on the page with their roles, down the page; they do not overlap."""
        spans = name_spans(rows)
        if not spans:
            return ()
        doc = doc_of(self.nlp, rows, spans)
        pipe = _spancat(self.nlp)
        _, scores = pipe.predict([doc])
        order = [pipe.labels.index(role) for role in ("subject", "clinician", "other")]
        weighed = [
            Bearer(span, *(float(row[i]) for i in order))
            for span, row in zip(spans, np.asarray(scores), strict=True)
        ]
        return _apart(weighed)


@dataclass(frozen=True, slots=True)
class RolesAt:
    """The model of a folder, loaded when first asked; for any thread, one at a time."""

    folder: Path

    def read(self, rows: Sequence[Row]) -> tuple[Bearer, ...]:
        """As RoleModel.read; raises ModelTampered as load_roles does."""
        model = load_roles(self.folder)
        with _asking:
            return model.read(rows)


Roles = RoleModel | RolesAt


def _apart(weighed: Sequence[Bearer]) -> tuple[Bearer, ...]:
    """The surest of those that overlap."""
    kept: list[Bearer] = []
    taken: set[tuple[int, int]] = set()
    for bearer in sorted(weighed, key=lambda b: -b.anybody):
        span = bearer.span
        own = {(span.row, at) for at in range(span.start, span.end)}
        if not own & taken:
            kept.append(bearer)
            taken |= own
    return tuple(sorted(kept, key=lambda b: (b.span.row, b.span.start)))


def doc_of(nlp: Language, rows: Sequence[Row], spans: Sequence[NameSpan]) -> Doc:
    """The rows around the spans as one text, with the spans under OFFERED."""
    from spacy.tokens import Doc, Span

    near = {
        at
        for span in spans
        for at in range(span.row - _AROUND, span.row + _AROUND + 1)
        if 0 <= at < len(rows)
    }
    words: list[str] = []
    place: dict[tuple[int, int], int] = {}
    for at in sorted(near):
        for i, piece in enumerate(rows[at].pieces):
            if i and piece.gap > COLUMN:
                words.append(_COLUMN)
            place[at, i] = len(words)
            words.append(piece.text)
        words.append(_END)
    doc = Doc(nlp.vocab, words=words)
    doc.spans[OFFERED] = [
        Span(doc, place[s.row, s.start], place[s.row, s.end - 1] + 1) for s in spans
    ]
    return doc


# --- the pipeline, and its numbers ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the network is: ``rows`` of hashed features, ``depth`` convolutions."""

    width: int = 48
    depth: int = 4
    hidden: int = 48
    rows: tuple[int, int, int, int] = (2000, 500, 800, 500)


def blank_pipeline(shape: Shape) -> Language:
    """The untrained pipeline; the same numbers in it for the same seed of spaCy."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("spancat_singlelabel", name="spancat", config=_config(shape))
    pipe = _spancat(nlp)
    for role in ROLES:
        pipe.add_label(role)
    nlp.initialize()
    return nlp


def _spancat(nlp: Language) -> SpanCategorizer:
    return cast("SpanCategorizer", nlp.get_pipe("spancat"))


def _config(shape: Shape) -> dict[str, Any]:
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": shape.width,
        "rows": list(shape.rows),
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": shape.width,
        "depth": shape.depth,
        "window_size": 1,
        "maxout_pieces": 2,
    }
    return {
        "spans_key": FOUND,
        "suggester": {
            "@misc": "spacy.preset_spans_suggester.v1",
            "spans_key": OFFERED,
        },
        "model": {
            "@architectures": "spacy.SpanCategorizer.v1",
            "scorer": {"@layers": "Softmax.v2"},
            "reducer": {
                "@layers": "spacy.mean_max_reducer.v1",
                "hidden_size": shape.hidden,
            },
            "tok2vec": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": embed,
                "encode": encode,
            },
        },
    }


def numbers_of(nlp: Language) -> dict[str, NDArray[np.float32]]:
    """Every trained array of the pipeline, by its place in the network."""
    return {
        f"{at}.{name}": np.asarray(node.get_param(name), np.float32)
        for at, node in enumerate(_spancat(nlp).model.walk())
        for name in node.param_names
    }


def put_numbers(nlp: Language, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Set every array; raises ValueError if some are missing, extra or misshapen."""
    held = numbers_of(nlp)
    if {k: v.shape for k, v in held.items()} != {k: v.shape for k, v in arrays.items()}:
        raise ValueError("the arrays are not those of this network")
    pipe = _spancat(nlp)
    for at, node in enumerate(pipe.model.walk()):
        for name in node.param_names:
            node.set_param(name, cast("FloatsXd", arrays[f"{at}.{name}"].copy()))


def load_roles(folder: Path) -> RoleModel:
    """The model of models/roles, one a process; raises ModelTampered unless intact.

    The pipeline is built here and only its numbers are read: nothing of the folder can
    name code to run.
    """
    with _loading:  # who asks meanwhile waits for the same one
        return _loaded(folder)


@functools.lru_cache(maxsize=2)
def _loaded(folder: Path) -> RoleModel:
    found = artefact.read(folder)
    try:
        return _build(found)
    except (KeyError, TypeError, ValueError) as odd:
        raise ModelTampered(
            f"{folder}: the manifest does not fit the model; run `chartfiler train`"
        ) from odd


def _build(found: artefact.Artefact) -> RoleModel:
    said = found.manifest["shape"]
    shape = Shape(said["width"], said["depth"], said["hidden"], tuple(said["rows"]))
    if tuple(found.lists["roles"]) != ROLES:
        raise ValueError("trained for other roles")
    nlp = blank_pipeline(shape)
    put_numbers(nlp, found.arrays)
    return RoleModel(str(found.manifest["name"]), nlp)
