"""What makes a PDF an archive copy (PDF/A-2b): its colours, its facts, no clock.

ISO 19005-2, level B. The facts stand in XMP under the standard's own properties, so
that any reader shows them and any validator knows them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from pipeline.store.pdf_resources import SRGB

_NAMESPACES = (
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("pdf", "http://ns.adobe.com/pdf/1.3/"),
    ("pdfaid", "http://www.aiim.org/pdfa/ns/id/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("xmpMM", "http://ns.adobe.com/xap/1.0/mm/"),
)
_DATES = ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate")


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says of itself; a value that is empty is left out."""

    title: str
    document: str  # dc:identifier, xmpMM:DocumentID
    version: int  # xmpMM:VersionID
    types: tuple[str, ...]  # dc:type
    subjects: tuple[str, ...] = field(repr=False)  # dc:subject
    date: str = field(repr=False)  # dc:date, ISO
    made: dt.datetime  # every date of the file itself
    source: str  # dc:source
    remark: str = ""  # dc:description


def make_archive(pdf: Pdf, told: Told) -> None:
    """Add the colour intent and the facts."""
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=pdf.make_stream(SRGB, N=3),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    metadata = pdf.make_stream(_xmp(told))
    metadata.Type = Name.Metadata
    metadata.Subtype = Name.XML
    pdf.Root.Metadata = metadata


def _xmp(told: Told) -> bytes:
    moment = told.made.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    spaces = "".join(f' xmlns:{name}="{uri}"' for name, uri in _NAMESPACES)
    lines = [
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
        f"<rdf:RDF{spaces}>",
        '<rdf:Description rdf:about="">',
        *_text("pdfaid:part", "2"),
        *_text("pdfaid:conformance", "B"),
        *_text("pdf:Producer", "Chartfiler"),
        *_text("xmp:CreatorTool", "Chartfiler"),
        *(line for name in _DATES for line in _text(name, moment)),
        *_text("xmpMM:DocumentID", told.document),
        *_text("xmpMM:VersionID", str(told.version)),
        *_text("dc:format", "application/pdf"),
        *_text("dc:identifier", told.document),
        *_list("dc:title", "Alt", [told.title]),
        *_list("dc:type", "Bag", told.types),
        *_list("dc:subject", "Bag", told.subjects),
        *_list("dc:date", "Seq", [told.date]),
        *_text("dc:source", told.source),
        *_list("dc:description", "Alt", [told.remark]),
        "</rdf:Description>",
        "</rdf:RDF>",
        "</x:xmpmeta>",
        '<?xpacket end="w"?>',
    ]
    return "\n".join(lines).encode("utf-8")


def _text(name: str, value: str) -> list[str]:
    return [f"<{name}>{escape(value)}</{name}>"] if value else []


def _list(name: str, kind: str, values: Sequence[str]) -> list[str]:
    """A Bag in any order, a Seq in this one, or an Alt of languages (one: default)."""
    language = ' xml:lang="x-default"' if kind == "Alt" else ""
    items = "".join(f"<rdf:li{language}>{escape(v)}</rdf:li>" for v in values if v)
    return [f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"] if items else []
