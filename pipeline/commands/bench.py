"""``bench``: the measures of docs/measures.md, taken by the checkout's benchmarks/."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from typer import Exit

from pipeline.errors import SettingsError

CHECKOUT = Path(__file__).parents[2]


def reading(words: Sequence[str], checkout: Path = CHECKOUT) -> None:
    """Runs benchmarks.reading with these words; exits as it does.

    Raises SettingsError where the program was installed without its checkout.
    """
    _bench("reading", words, checkout)


def documents(words: Sequence[str], checkout: Path = CHECKOUT) -> None:
    """As ``reading``, of benchmarks.documents."""
    _bench("documents", words, checkout)


def patients(words: Sequence[str], checkout: Path = CHECKOUT) -> None:
    """As ``reading``, of benchmarks.traps."""
    _bench("patients", words, checkout, package="traps")


def _bench(name: str, words: Sequence[str], checkout: Path, package: str = "") -> None:
    package = package or name
    if not (checkout / "benchmarks" / package / "__main__.py").is_file():
        raise SettingsError(
            "the benchmarks are not part of the installed program: get Chartfiler's "
            f"source, run make setup there, and its .venv/bin/chartfiler bench {name}"
        )
    paths = [str(checkout), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{package}", *words],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    if done.returncode:
        raise Exit(done.returncode)
