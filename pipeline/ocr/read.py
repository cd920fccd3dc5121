"""One page, from pixels to words: the order of the steps."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.ocr.blank import is_blank, is_empty
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.escalate import as_scanned, unreadable
from pipeline.ocr.glance import Glance, glance_at
from pipeline.ocr.grey import Grey, reduced
from pipeline.ocr.looks import Print, Told, print_on, words_on
from pipeline.ocr.marks import barcodes
from pipeline.ocr.osd import legible
from pipeline.ocr.patch import patch, patch_any_way
from pipeline.ocr.quality import legibility_of, quality
from pipeline.ocr.readable import believed
from pipeline.ocr.resolution import believed_dpi
from pipeline.ocr.skew import DPI, skew_of
from pipeline.ocr.together import together
from pipeline.ocr.upright import turned, turned_box
from pipeline.ocr.wayup import shipped
from pipeline.page import Mark, Page, PageImage, Quality, QuarterTurn, Word

_WHOLE_DPI = 225  # of the page as one picture
_FEW = 30  # words below which some may not have been seen at all
_PROOF = 40.0  # letters surely read: nobody reads as many upside down
_CLEAR = 0.8  # legibility below which a page may still lie the wrong way up
_WORDS = 12.0  # letters surely read: two or three words, no chance
SURE = 25.0  # bits of the shapes of words from which they are believed


@dataclasses.dataclass(frozen=True, slots=True)
class _Attempt:
    """The words of a page, read as if ``turn`` made it upright; boxes after the turn.

    ``known`` says that something on the page tells which way up it is; ``harder``
    names the second engine, if it was asked; ``small`` is the page as skew and patch
    are sought on it, ``print_`` where the lines of print are, ``told`` what each says.
    """

    words: tuple[Word, ...]
    turn: QuarterTurn = 0
    skew: float = 0.0
    known: bool = False
    harder: str = ""
    small: Grey | None = None
    print_: Print | None = None
    told: tuple[Told, ...] = ()


def read_page(
    image: PageImage,
    number: int,
    engine: OcrEngine,
    neighbours: QuarterTurn | None = None,
    second: OcrEngine | None = None,
    known: str = "",
) -> Page:
    """Page ``number`` of its batch, with all that its pixels tell.

    ``neighbours`` is the turn of the pages around it, for one that tells none by
    itself; ``second`` is the engine for a page that stays unreadable; ``known``
    is its fingerprint, where that was taken before. Raises InputError where the engine
    refuses the image.
    """
    image = dataclasses.replace(image, dpi=believed_dpi(image))
    codes, glance = barcodes(image), glance_at(image)
    if is_empty(glance.ink, glance.traces, codes):
        attempt = _Attempt(())
    elif neighbours is not None:
        attempt = _recognised(image, neighbours, engine)
    else:
        attempt = _upright(image, glance, engine)
    attempt = _escalated(image, _read_again(attempt, engine), second)
    marks, turn = _marks(image, codes, attempt)
    page, words = turned(image, turn), tuple(_print(attempt.words, marks))
    blank = is_blank(glance.ink, glance.traces, marks, words)
    return Page(
        number=number,
        size=(page.pixels.shape[1], page.pixels.shape[0]),
        words=believed(words, legibility_of(words)) if turn == attempt.turn else (),
        marks=marks,
        dpi=image.dpi,
        rotation=turn,
        quality=dataclasses.replace(
            quality(page, words, glance, blank=blank, skew=attempt.skew, turn=turn),
            oriented=attempt.known or any(mark.kind == "patch" for mark in marks),
        ),
        engine=" and ".join(filter(None, (engine.name, attempt.harder))),
        fingerprint=known or fingerprint(image),
    )


def _print(words: Sequence[Word], marks: Sequence[Mark]) -> Iterator[Word]:
    """Words that are no bars of a code; an engine makes letters of them."""
    codes = [mark.box for mark in marks if mark.kind != "patch"]
    for word in words:
        x, y = (
            (word.box.left + word.box.right) / 2,
            (word.box.top + word.box.bottom) / 2,
        )
        if not any(b.left < x < b.right and b.top < y < b.bottom for b in codes):
            yield word


def unread_page(number: int, image: PageImage | None = None) -> Page:
    """A page of which nothing is read; 1 x 1 px where even its image is unknown."""
    height, width = (1, 1) if image is None else image.pixels.shape
    dpi = 300 if image is None else believed_dpi(image)
    return Page(
        number=number,
        size=(width, height),
        words=(),
        marks=(),
        dpi=dpi,
        rotation=0,
        quality=Quality(0.0, False, dpi, 0.0, 0.0, 0.0, 0.0),  # noqa: FBT003 - not blank
        engine="",
        fingerprint="" if image is None else fingerprint(image),
    )


def fingerprint(image: PageImage) -> str:
    """SHA-256 of the pixels and their shape, hex."""
    told = hashlib.sha256(f"{image.pixels.shape} ".encode())
    told.update(np.ascontiguousarray(image.pixels).data)
    return told.hexdigest()


def _upright(image: PageImage, glance: Glance, engine: OcrEngine) -> _Attempt:
    """Read as the shapes of its words say; the engine is asked where they hesitate.

    Whatever was said, a page that reads better another way lies that way.
    """
    lie = shipped().lie(glance.small)
    first = _recognised(image, lie.turn, engine)
    well = legible(first.words) >= _PROOF and legibility_of(first.words) >= _CLEAR
    if well or lie.bits >= SURE:
        return dataclasses.replace(first, known=True)
    turn, sure = engine.turn(image)
    if turn == lie.turn:
        return dataclasses.replace(first, known=sure > 0 and lie.bits > 0)
    second = _recognised(image, turn, engine)
    better = max(first, second, key=lambda attempt: legible(attempt.words))
    return dataclasses.replace(better, known=legible(better.words) >= _WORDS)


def _recognised(image: PageImage, turn: QuarterTurn, engine: OcrEngine) -> _Attempt:
    """Read line by line, each once; whole, where there are no lines."""
    page = turned(image, turn)
    small = reduced(page.pixels, page.dpi, DPI)
    skew = skew_of(PageImage(small, min(DPI, page.dpi)))
    there = print_on(page, skew)
    told = there.first(engine)
    words = tuple(itertools.chain.from_iterable(told))  # their order comes at the end
    first = _Attempt(words, turn, skew, small=small, print_=there, told=told)
    return first if words else _read_whole(first, engine)


def _read_again(first: _Attempt, engine: OcrEngine) -> _Attempt:
    """Doubtful lines are looked at again; a page of few words is read whole, too.

    One with neither words nor a way up is left alone: a picture or an empty side.
    """
    if first.print_ is None or not first.told or not (first.words or first.known):
        return first
    words = first.print_.in_order(first.print_.again(engine, first.told))
    second = dataclasses.replace(first, words=words)
    return second if len(words) >= _FEW else _read_whole(second, engine)


def _read_whole(before: _Attempt, engine: OcrEngine) -> _Attempt:
    """The page read as one picture as well."""
    if before.print_ is None:
        return before
    page, picture = before.print_.page, before.print_.sharp.at(_WHOLE_DPI)
    words = together(before.words, words_on(page, picture, engine.read(picture.image)))
    return dataclasses.replace(before, words=words)


def _escalated(
    image: PageImage, attempt: _Attempt, second: OcrEngine | None
) -> _Attempt:
    """A page that stays unreadable is read by the second engine as well."""
    if second is None or not unreadable(attempt.words):
        return attempt
    page = turned(image, attempt.turn)
    photo = as_scanned(page)
    found = words_on(page, photo, second.read(photo.image))
    words = together(attempt.words, found)
    return dataclasses.replace(attempt, words=words, harder=second.name)


def _marks(
    image: PageImage, codes: tuple[Mark, ...], attempt: _Attempt
) -> tuple[tuple[Mark, ...], QuarterTurn]:
    """Barcodes and patch on the upright page, and the turn that makes it so.

    Only a page that says nothing else about it is turned for its patch.
    """
    turn = attempt.turn
    if attempt.known:
        sheet = patch(turned(image, turn), attempt.small)
    else:
        sheet, on_top = patch_any_way(image)
        turn = turn if sheet is None else on_top
    size = (image.pixels.shape[1], image.pixels.shape[0])
    found = [
        dataclasses.replace(code, box=turned_box(code.box, turn, size))
        for code in codes
    ]
    return (*([sheet] if sheet else []), *found), turn
