"""The filed PDF: the scan itself, upright, its words laid invisibly over it.

PDF/A-2b. Each page carries the scan's own image streams where the standard holds them,
else the same pixels without loss; a page of a received PDF that is more than a scan is
filed as its rendering, and the XMP names it. What is written is opened again, and each
carried stream compared with the received one by its hash. The bytes are a pure function
of pages and facts, so that making it again makes the same object.

Runs in a pool process: it opens received files. It loads no database.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pikepdf.pdfa
from pdf2image import exceptions as poppler
from pikepdf import AccessMode, Dictionary, Matrix, Pdf, Rectangle

from pipeline.document import BatchId, DocumentId, DocumentType
from pipeline.errors import OverLimit, UnreadableFile
from pipeline.page import Page, QuarterTurn
from pipeline.store.pdf_archive import Told, make_archive
from pipeline.store.pdf_check import checked
from pipeline.store.pdf_images import Images, save
from pipeline.store.pdf_scan import (
    How,
    ImageFile,
    Piece,
    Pose,
    Scan,
    digest,
    open_image,
    scan_of_image,
)
from pipeline.store.pdf_source import scan_of_page
from pipeline.store.pdf_text import BlankFonts, lettering, text_layer
from pipeline.store.pdf_ways import add_ways
from pipeline.store.temporary import temporary_file

_POINTS = 72  # an inch
_LONGEST = 14_400  # points: the longest side PDF/A-2 allows
_SHORTEST = 3  # points, likewise
_BELIEVED_DPI = 300  # where a page could not be measured
_PDF_HEAD = 1024  # bytes in which a PDF says that it is one
_UNIT = Rectangle(0, 0, 1, 1)
_FUZZ = 0.015  # points that are rounding, not a crop
_DAMAGE = (
    pikepdf.PikepdfError,
    poppler.PDFPageCountError,
    poppler.PDFSyntaxError,
    OSError,
    ValueError,
    SyntaxError,  # Pillow, over broken PNG chunks
    IndexError,
    KeyError,
    TypeError,  # a number of a content stream that is none
    EOFError,
    RuntimeError,  # Pillow's, over tags that libtiff will not have
)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One side: where its pixels lie, and what was read on it.

    ``path`` is the stored original, ``page`` counts from 1 in that file. ``turn`` is a
    clerk's, clockwise, of the page as the machine holds it upright.
    """

    path: Path
    page: int
    read: Page
    turn: QuarterTurn = 0


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What the XMP tells of the document; ``pages`` are numbers in the source batch."""

    document: DocumentId
    type_key: DocumentType
    loinc: str
    title: str  # of the type: never a person's name
    patient: str = field(repr=False)
    service_date: dt.date | None = field(repr=False)
    received: dt.datetime  # UTC
    batch: BatchId
    pages: tuple[int, ...]
    version: int = 1


def filed_pdf(pages: Sequence[PdfPage], facts: PdfFacts) -> bytes:
    """The PDF of one document, as write_pdf writes it."""
    with temporary_file() as held:
        write_pdf(pages, facts, held)
        return held.read_bytes()


def write_pdf(pages: Sequence[PdfPage], facts: PdfFacts, to: Path) -> None:
    """Writes a document's PDF, valid PDF/A-2b; the same bytes for the same arguments.

    To a file, because a stack of colour pages is large, and bytes would be held three
    times over on their way. A scan's stream that the validator will not have, or that
    was not written as it was received, is replaced by the same pixels, and the XMP says
    so. Raises UnreadableFile if a page's image cannot be opened, OverLimit if drawing
    one takes too long, StoreUnavailable if the file cannot be written.
    """
    try:
        done = any(_built(pages, facts, to, plain=plain) for plain in (False, True))
    except poppler.PDFPopplerTimeoutError:
        raise OverLimit(
            f"drawing a page of document {facts.document} took too long:"
            " print and scan it"
        ) from None
    except _DAMAGE as error:
        raise UnreadableFile(
            f"a page of document {facts.document} cannot be put into a PDF"
            f" ({type(error).__name__}): scan the sheets again"
        ) from None
    if not done:
        raise UnreadableFile(
            f"document {facts.document} cannot be made a PDF/A: scan the sheets again"
        )


def _built(pages: Sequence[PdfPage], facts: PdfFacts, to: Path, *, plain: bool) -> bool:
    """Saves it; False if it is no PDF/A or its scans are not as received."""
    with ExitStack() as sources, closing(Images()) as images:
        _carry(images, pages, sources, plain=plain)
        pdf, scans = images.pdf, images.scans
        fonts = BlankFonts(pdf, lettering(page.read for page in pages))
        for page, scan in zip(pages, scans, strict=True):
            _add(pdf, page.read, scan, fonts)
            if page.turn:  # the words stay on what they were read from
                pdf.pages[-1].rotate(page.turn, relative=False)
        hows = [scan.how for scan in scans]
        told = _told(facts, hows)
        make_archive(pdf, told)
        add_ways(pdf, facts.title, told.date, facts.batch, facts.pages)
        report = checked(pdf)
        if not all(_known_gap(finding) for finding in report.findings):
            return False
        save(pdf, to, **report.save_kwargs)
    return _as_received(to, scans)


def _as_received(saved: Path, scans: Sequence[Scan]) -> bool:
    """Whether each stream that was carried lies in the file as its source held it."""
    with pikepdf.open(saved, access_mode=AccessMode.stream) as pdf:  # not in memory
        return all(
            digest(page.obj.Resources.XObject[name].read_raw_bytes()) == piece.source
            for page, scan in zip(pdf.pages, scans, strict=True)
            for name, piece in _named(scan)
            if piece.source
        )


def _named(scan: Scan) -> Iterator[tuple[str, Piece]]:
    """The pieces under the names by which a page draws them."""
    return ((f"/I{number}", piece) for number, piece in enumerate(scan.pieces))


def _known_gap(finding: pikepdf.pdfa.Finding) -> bool:
    """What the validator cannot judge: it never looks into JPEG 2000.

    pdf_jp2.py lets only such streams through as the standard allows (6.2.8.3).
    """
    return finding.kind == "unsupported" and "JPEG 2000" in finding.message


def _carry(
    images: Images, pages: Sequence[PdfPage], sources: ExitStack, *, plain: bool
) -> None:
    """Add what is to be seen of each page; no more than one image file is open."""
    opened: dict[Path, Pdf] = {}
    for path, some in itertools.groupby(pages, lambda page: page.path):
        with ExitStack() as stack:
            source = opened.get(path) or _opened(path, stack)
            if isinstance(source, Pdf):  # its streams are read until all is saved
                opened[path] = source
                sources.enter_context(stack.pop_all())
            for page in some:
                images.add(_scan(images.pdf, source, page, plain=plain))


def _scan(pdf: Pdf, source: Pdf | ImageFile, page: PdfPage, *, plain: bool) -> Scan:
    if isinstance(source, ImageFile):
        return scan_of_image(pdf, source, page.page, plain=plain)
    return scan_of_page(pdf, source, page.page, _seen_size(page.read), plain=plain)


def _opened(path: Path, stack: ExitStack) -> Pdf | ImageFile:
    """The file as what it is; it stays open as long as the stack."""
    with path.open("rb") as file:
        if b"%PDF-" in file.read(_PDF_HEAD):
            mode = AccessMode.stream  # what is mapped counts as memory
            return stack.enter_context(pikepdf.open(path, access_mode=mode))
    return open_image(path, stack)


def _seen_size(page: Page) -> tuple[int, int]:
    """Width and height as a viewer shows the source: before the page was turned."""
    across, down = page.size
    return (down, across) if page.rotation in (90, 270) else (across, down)


# --- one page -------------------------------------------------------------------


def _add(pdf: Pdf, page: Page, scan: Scan, fonts: BlankFonts) -> None:
    """Draw the scan upright by its matrices, and the words where they stand."""
    pose = scan.pose.turned(page.rotation)
    paper = _paper(page, scan, pose)
    whole, sheet = Matrix(*_placed(pose, paper)), Rectangle(0, 0, *paper)
    content = b""
    media = sheet
    for name, piece in _named(scan):
        left, top, width, height = piece.place
        matrix = Matrix(width, 0, 0, height, left, 1 - top - height) @ whole
        numbers = " ".join(f"{number:.3f}" for number in matrix.shorthand)
        content += f"q {numbers} cm {name} Do Q\n".encode("ascii")
        media = _around(media, matrix.transform(_UNIT))
    words = text_layer(page, fonts, paper) if min(page.size) > 0 else b""
    added = pdf.add_blank_page(page_size=paper)
    if media != sheet:  # the scan goes on where the source's page was cropped
        added.mediabox, added.cropbox = media.as_array(), sheet.as_array()
    images = {name: piece.image for name, piece in _named(scan)}
    added.obj.Resources = Dictionary(
        XObject=Dictionary(images), Font=fonts.used_in(words)
    )
    added.obj.Contents = pdf.make_stream(content + words)


def _around(one: Rectangle, other: Rectangle) -> Rectangle:
    """``one``, grown where ``other`` goes farther; a hundredth of a point is none."""
    left, bottom, right, top = (round(v, 2) for v in _sides(other))
    return Rectangle(
        left if left < one.llx - _FUZZ else one.llx,
        bottom if bottom < one.lly - _FUZZ else one.lly,
        right if right > one.urx + _FUZZ else one.urx,
        top if top > one.ury + _FUZZ else one.ury,
    )


def _sides(box: Rectangle) -> tuple[float, float, float, float]:
    return float(box.llx), float(box.lly), float(box.urx), float(box.ury)


def _paper(page: Page, scan: Scan, pose: Pose) -> tuple[float, float]:
    """Width and height of the upright sheet in points, from its pixels and dpi."""
    across, down = page.size
    if min(across, down) <= 0:
        across, down = scan.size
        if pose.turn in (90, 270):
            across, down = down, across
    scale = _POINTS / (page.dpi if page.dpi > 0 else _BELIEVED_DPI)
    scale = min(scale, _LONGEST / max(across, down))
    width, height = (max(_SHORTEST, side * scale) for side in (across, down))
    return round(width, 3), round(height, 3)


def _placed(
    pose: Pose, paper: tuple[float, float]
) -> tuple[float, float, float, float, float, float]:
    """The matrix that lays an image's unit square onto the sheet, turned clockwise."""
    w, h = paper
    match pose.turn:
        case 0:
            a, b, c, d, e, f = w, 0.0, 0.0, h, 0.0, 0.0
        case 90:
            a, b, c, d, e, f = 0.0, -h, w, 0.0, 0.0, h
        case 180:
            a, b, c, d, e, f = -w, 0.0, 0.0, -h, w, h
        case 270:
            a, b, c, d, e, f = 0.0, h, -w, 0.0, w, 0.0
    return (-a, -b, c, d, e + a, f + b) if pose.mirrored else (a, b, c, d, e, f)


# --- what the file says of itself -----------------------------------------------


def _told(facts: PdfFacts, hows: Sequence[How]) -> Told:
    pages = " ".join(str(page) for page in facts.pages)
    return Told(
        title=facts.title,
        document=facts.document,
        version=facts.version,
        types=(facts.type_key, f"LOINC {facts.loinc}" if facts.loinc else ""),
        subjects=(f"patient {facts.patient}",),
        date=facts.service_date.isoformat() if facts.service_date else "",
        made=facts.received,
        source=f"batch {facts.batch} pages {pages}",
        remark=" ".join(_remark(hows)),
    )


def _remark(hows: Sequence[How]) -> Iterator[str]:
    """Which pages, counted in this document, are not the scan's own bytes."""
    for how, sentence in _REMARKS:
        numbers = [str(n) for n, each in enumerate(hows, start=1) if each == how]
        if numbers:
            yield f"{sentence}: {' '.join(numbers)}."


_REMARKS: tuple[tuple[How, str], ...] = (
    ("same pixels", "Held in another encoding, pixel for pixel, pages"),
    ("rendered", "Renderings of a source that is more than a scan, pages"),
)
