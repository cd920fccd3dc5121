"""What a PDF says of the bytes of one of its images."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import pikepdf


def filters_of(image: pikepdf.Object) -> tuple[str, ...]:
    """Names of its filters, in the order in which a reader undoes them."""
    filters = image.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return tuple(map(str, cast("Iterable[object]", filters)))
    return () if filters is None else (str(filters),)
