"""The faces of lent.tsv into the user's fonts: python -m benchmarks.charts.lent.

They come from the npm registry, at the versions and with the hashes that are listed;
what is there already is left. Needed for ``python -m benchmarks.charts --borrow`` only.
"""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import tarfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.progress import track

_REGISTRY: Final = "https://registry.npmjs.org/@expo-google-fonts"
_FOLDER: Final = Path.home() / ".local" / "share" / "fonts" / "chartfiler-lent"
_TIMEOUT: Final = 60  # s


@dataclass(frozen=True, slots=True)
class Lent:
    """A face in a package; ``family`` as fontconfig calls it."""

    kind: str  # hand, print or typed
    package: str
    version: str
    integrity: str  # sha512-BASE64, of the archive
    file: str
    family: str

    @property
    def installed(self) -> Path:
        return _FOLDER / Path(self.file).name


def _listed() -> Iterator[Lent]:
    for row in Path(__file__).with_name("lent.tsv").read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            yield Lent(*row.split("\t"))


LENT: Final = tuple(_listed())


def families(kind: str) -> tuple[str, ...]:
    """Of the faces of one kind, in the list's order."""
    return tuple(one.family for one in LENT if one.kind == kind)


def fetch() -> None:
    """Installs what is missing.

    Raises:
        ValueError: an archive is not the one that was listed.
        OSError: the registry does not answer.
    """
    lacking = [one for one in LENT if not one.installed.exists()]
    lacking.sort(key=lambda one: one.package)
    packages = [list(some) for _, some in groupby(lacking, lambda one: one.package)]
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for faces in track(packages, "faces", disable=not packages):
        _install(faces)
    subprocess.run(["fc-cache", str(_FOLDER)], check=True)
    print(f"{len(LENT)} faces to lend in {_FOLDER}, {len(lacking)} of them new")


def _install(faces: list[Lent]) -> None:
    first = faces[0]
    address = f"{_REGISTRY}/{first.package}/-/{first.package}-{first.version}.tgz"
    with urllib.request.urlopen(address, timeout=_TIMEOUT) as answer:  # noqa: S310 - https, as it says above
        archive = answer.read()
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if first.integrity != f"sha512-{digest}":
        raise ValueError(f"{address} is not what lent.tsv lists: install nothing of it")
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        for one in faces:
            if (file := packed.extractfile(f"package/{one.file}")) is None:
                raise ValueError(f"{address} has no file {one.file}")
            one.installed.write_bytes(file.read())


if __name__ == "__main__":
    fetch()
