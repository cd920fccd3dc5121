"""How much of one received file we are willing to open."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import OverLimit


@dataclass(frozen=True, slots=True)
class Limits:
    """Section [limits] of config/pipeline.toml.

    ``pages`` of one file, ``pixels`` of one page, ``bytes`` of one file, and the
    ``seconds`` that drawing one PDF page may take.
    """

    pages: int = 5_000
    pixels: int = 150_000_000  # A0 at 300 dpi
    bytes: int = 2_000_000_000
    seconds: int = 60

    def check_bytes(self, size: int) -> None:
        if size > self.bytes:
            raise OverLimit(
                f"{size} bytes, more than limits.bytes: split the file or raise it"
            )

    def check_pages(self, count: int) -> None:
        if count > self.pages:
            raise OverLimit(
                f"more than {self.pages} pages (limits.pages): split the file or raise"
                " it"
            )

    def check_size(self, width: float, height: float) -> None:
        """Of one page, in px."""
        if width * height > self.pixels:
            raise OverLimit(
                f"a page of {width:.0f} x {height:.0f} px, more than limits.pixels:"
                " scan it at a lower resolution or raise it"
            )
