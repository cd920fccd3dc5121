"""What the validator has passed is not asked again; all else is, each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdf_pages as made
import pikepdf
import pikepdf.pdfa
import pytest
from pikepdf import Name, Pdf
from pikepdf.pdfa import _fonts
from pikepdf.pdfa._fontprogram import TrueTypeProgram
from pikepdf.pdfa._schemas import SchemaSet

from pipeline.store.pdf import PdfPage, filed_pdf
from pipeline.store.pdf_check import FLAVOUR, Passed, checked, passed


def filed(folder: Path) -> Pdf:
    """A filed document, opened to be changed."""
    image, words = made.upright("L")
    image.save(folder / "page.png")
    page = PdfPage(folder / "page.png", 1, made.read(words, 0))
    return pikepdf.open(io.BytesIO(filed_pdf([page], made.FACTS)))


def font(pdf: Pdf) -> Any:
    fonts = pdf.pages[0].obj.Resources.Font
    return fonts[max(fonts.keys())]


def no_flags(pdf: Pdf) -> None:
    del font(pdf).DescendantFonts[0].FontDescriptor["/Flags"]


def wrong_kind(pdf: Pdf) -> None:
    font(pdf).DescendantFonts[0].FontDescriptor.Type = Name.Font


def broken_program(pdf: Pdf) -> None:
    program = font(pdf).DescendantFonts[0].FontDescriptor.FontFile2
    program.write(program.read_bytes()[:600])


def no_such_glyphs(pdf: Pdf) -> None:
    glyphs = font(pdf).DescendantFonts[0].CIDToGIDMap
    glyphs.write(b"\x7f\xff" * (len(glyphs.read_bytes()) // 2))


def unknown_encoding(pdf: Pdf) -> None:
    font(pdf).Encoding = Name("/Identity-X")


def no_colours(pdf: Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def an_action(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=Name.Launch)


HARMS = (
    no_flags,
    wrong_kind,
    broken_program,
    no_such_glyphs,
    unknown_encoding,
    no_colours,
    an_action,
)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_fault_is_found_after_its_like_has_passed(
    harm: Callable[[Pdf], None], tmp_path: Path
) -> None:
    with filed(tmp_path) as pdf:
        assert not checked(pdf).findings
        harm(pdf)
        for _ in range(2):  # what failed is not remembered either
            found = checked(pdf).findings
            assert found
            plainly = pikepdf.pdfa.check(pdf, FLAVOUR, deterministic_id=True)
            assert found == plainly.findings


def test_a_document_like_one_before_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filed(tmp_path) as pdf:
        first = checked(pdf)

        def asked(*_: object) -> None:
            raise AssertionError

        monkeypatch.setattr(passed(), "_ask", asked)
        monkeypatch.setattr(TrueTypeProgram, "__init__", asked)
        second = checked(pdf)
    assert second.findings == first.findings == []
    assert second.save_kwargs == first.save_kwargs


def test_the_library_is_left_as_it_was(tmp_path: Path) -> None:
    with filed(tmp_path) as pdf:
        checked(pdf)
    assert _fonts.TrueTypeProgram is TrueTypeProgram
    assert "check" not in vars(SchemaSet.for_flavour(pikepdf.pdfa.Flavour(FLAVOUR)))


class Schemas:
    """Passes what has no fault, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    def check(self, role: str, shallow: Any, ctx: Any, where: str) -> bool:
        self.asked += 1
        return "fault" not in shallow


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        ({"/A": "7 0 R", "/B": 1}, 1),  # what it refers to is asked itself
        ({"/A": "4 0 R", "/B": 1.0}, 2),
        ({"/A": "4 0 R", "/B": True}, 2),
        ({"/A": "u:4 0 R", "/B": 1}, 2),
        ({"/A": "4 0 R"}, 2),
        ({"/A": "4 0 R", "/B": 1, "fault": 1}, 2),
    ],
)
def test_all_that_a_verdict_hangs_on_is_compared(
    other: dict[str, object], asked: int
) -> None:
    schemas = Schemas()
    known = Passed(schemas)  # type: ignore[arg-type]
    assert known.check("Font", {"/A": "4 0 R", "/B": 1}, None, "")  # type: ignore[arg-type]
    known.check("Font", other, None, "")  # type: ignore[arg-type]
    assert schemas.asked == asked
    known.check("Page", other, None, "")  # type: ignore[arg-type]
    assert schemas.asked == asked + 1


def test_what_is_long_is_not_remembered() -> None:
    """A received palette may have megabytes, and each page another one."""
    known = Passed(Schemas())  # type: ignore[arg-type]
    assert known.check("ImageXObject", {"/ColorSpace": "u:" + "x" * 5000}, None, "")  # type: ignore[arg-type]
    assert not known.seen
