"""Where this run of a command stands: its data folder, and where it prints."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from pipeline.site import Site

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
Csv = Annotated[Path, typer.Argument(help="CSV in UTF-8, with a header.")]
WIDE = 130  # columns where nobody looks on: a pipe, a log
out = Console(width=None if sys.stdout.isatty() else WIDE)


@contextmanager
def loading() -> Iterator[None]:
    """No garbage is looked for while libraries load, nor in them ever after.

    They leave none, and to look through them took a tenth of the start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class Here:
    """The data folder of this run; opened when a command first needs it."""

    data = Path("data")

    @classmethod
    def site(cls) -> Site:
        from pipeline.site import open_site
        from pipeline.store.temporary import use_own_folder

        site = open_site(cls.data.resolve())
        use_own_folder(site.data)
        return site
