"""The peer: OCRmyPDF over the same pages, its text by page, and what it took."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
import venv
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import img2pdf  # type: ignore[import-untyped]  # it ships no types
import pikepdf
from rich.console import Console
from rich.progress import Progress, track

from benchmarks.reading.choose import Run
from benchmarks.reading.meter import metered

PINNED = "ocrmypdf==17.13.0"
OPTIONS: tuple[str, ...] = (
    "--rotate-pages",
    "--deskew",
    "--output-type",
    "pdfa",
    "--jobs",
    "2",
)
ANEW = ("--mode", "force")
PageKey = tuple[str, int]  # source and page


@dataclass(frozen=True, slots=True)
class Peered:
    """The texts by page, in seconds what they took; how many pages it refused."""

    texts: Mapping[PageKey, str] = field(repr=False)
    wall: float
    cpu: float
    refused: int
    version: str

    @property
    def a_second(self) -> float:
        return len(self.texts) / self.wall if self.wall else 0.0


@dataclass(frozen=True, slots=True)
class Stack:
    """One PDF for the peer; ``keys`` says which page is whose."""

    pdf: Path
    keys: tuple[PageKey, ...] = field(repr=False)


def installed(folder: Path) -> Path:
    """The peer's program in an environment of its own, made if it is not there."""
    if shutil.which("gs") is None:
        raise SystemExit("OCRmyPDF needs Ghostscript: scripts/setup run peer")
    program = folder / "bin" / "ocrmypdf"
    if not program.exists():
        print(f"installing {PINNED} in {folder} ...", file=sys.stderr)
        venv.create(folder, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", PINNED]
        subprocess.run(pip, check=True)
    return program


def peered(program: Path, stacks: Sequence[Stack], work: Path) -> Peered:
    """One stack after the other, each on two cores.

    A page that it refuses is tried alone, then drawn anew (--mode force), as its
    message advises for one that has text already.
    """
    texts: dict[PageKey, str] = {}
    wall = cpu = 0.0
    refused = 0
    filed = work / "theirs.pdf"
    left = deque((stack, OPTIONS) for stack in stacks)
    with _bar("ocrmypdf", sum(len(stack.keys) for stack in stacks)) as done:
        while left:
            stack, options = left.popleft()
            filed.unlink(missing_ok=True)
            command = [str(program), *options, str(stack.pdf), str(filed)]
            took = metered(command, work / "peer.log", {"OMP_THREAD_LIMIT": "1"})
            if took.code and len(stack.keys) > 1:  # one page must not cost the others
                left.extend((one, OPTIONS) for one in _apart(stack))
                continue
            if took.code and options == OPTIONS:
                left.append((stack, (*OPTIONS, *ANEW)))
                continue
            wall, cpu = wall + took.wall, cpu + took.cpu
            refused += bool(took.code)
            told = page_texts(filed) if not took.code else [""]
            texts.update(zip(stack.keys, told, strict=True))
            done(len(stack.keys))
    return Peered(texts, wall, cpu, refused, version(program))


@contextlib.contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)
        yield lambda pages: progress.update(task, advance=pages)


def _apart(stack: Stack) -> list[Stack]:
    """Each page of the stack for itself."""
    made = []
    with pikepdf.open(stack.pdf) as whole:
        for number, key in enumerate(stack.keys):
            pdf = stack.pdf.with_name(f"{stack.pdf.stem}-{number:04}.pdf")
            with pikepdf.new() as one:
                one.pages.append(whole.pages[number])
                one.save(pdf)
            made.append(Stack(pdf, (key,)))
    return made


def version(program: Path) -> str:
    done = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True
    )
    return f"OCRmyPDF {done.stdout.strip()}"


def page_texts(pdf: Path) -> list[str]:
    """What poppler finds on each page."""
    done = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").split("\f")[:-1]


# --- the same pages as PDF files ---------------------------------------------------


def stacked(inbox: Path, runs: Sequence[Run], folder: Path) -> list[Stack]:
    """Each file a PDF of its own; single pages of one folder or of the inbox together.

    A start a sheet would count against the peer, which is made for whole files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    together: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        parent = str(PurePosixPath(run.source).parent)
        single = len(run.pages) == 1
        together[f"single {parent}" if single else run.source].append(run)
    stacks = []
    named = track(
        sorted(together.items()), "pages for the peer", console=Console(stderr=True)
    )
    for number, (_, some) in enumerate(named):
        pdf = folder / f"{number:05}.pdf"
        keys = [(run.source, page) for run in some for page in run.pages]
        with pikepdf.new() as whole:
            for run in some:
                _append(whole, inbox / run.source, run.pages)
            whole.save(pdf)
        stacks.append(Stack(pdf, tuple(keys)))
    return stacks


def _append(whole: pikepdf.Pdf, source: Path, pages: Sequence[int]) -> None:
    with _opened(source) as pdf:
        for page in pages:
            whole.pages.append(pdf.pages[page - 1])


def _opened(source: Path) -> pikepdf.Pdf:
    """The file; an image becomes a PDF without being coded anew."""
    if source.suffix.lower() == ".pdf":
        return pikepdf.open(source)
    made = img2pdf.convert(source.read_bytes(), rotation=img2pdf.Rotation.ifvalid)
    return pikepdf.open(io.BytesIO(made or b""))
