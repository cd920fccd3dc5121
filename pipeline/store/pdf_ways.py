"""How a reader finds the way in a filed PDF: bookmarks, and labels of its pages.

The bookmarks name type and date and lead to each page; the labels say where in the
received batch a page lay, in place of a plain count (PDF 32000-1 §12.3.3, §12.4.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

_BATCH = 8  # characters of a batch's id that a label has room for


def add_ways(pdf: Pdf, title: str, date: str, batch: str, pages: Sequence[int]) -> None:
    """``date`` may be empty; ``pages`` are where each page of ``pdf`` lay in the batch.

    A page without such a number keeps its plain count.
    """
    _add_bookmarks(pdf, " ".join(filter(None, (title, date))))
    labels = [String(f"{batch[:_BATCH]} p. {number}") for number in pages]
    numbers: list[int | Dictionary] = []
    for index, _ in enumerate(pdf.pages):
        if index < len(labels):
            numbers += [index, Dictionary(P=labels[index])]
        else:
            numbers += [index, Dictionary(S=Name.D, St=index + 1)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(numbers))
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _add_bookmarks(pdf: Pdf, title: str) -> None:
    with pdf.open_outline() as outline:
        whole = OutlineItem(title, 0)
        whole.children.extend(
            OutlineItem(f"Page {number}", number - 1)
            for number in range(1, len(pdf.pages) + 1)
        )
        outline.root.append(whole)
