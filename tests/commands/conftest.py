"""The commands in this process: everything real but pixels, models and the engine."""

import functools
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer
from sqlalchemy import inspect

from pipeline import cli, flow, jobs, process, work
from pipeline.index.candidates import KeyedIndex
from pipeline.site import Site, open_site
from pipeline.store import database
from pipeline.wiring import filing_rules, keying_of, oversight_of
from tests.builders import migrated
from tests.flow.papers import HEAD, TAIL, FakePool, FakeTypes
from tests.flow.rules import IDENTITY

PATIENTS = """mrn,last_name,first_name,birth_date,sex
10000012,SENTINEL,ANNA,1961-03-04,F
20000024,BAKER,BERTA,1950-07-08,F
"""
ANNA, BERTA = "10000012", "20000024"
FACTS = {
    ANNA: ("SENTINEL, ANNA", "03/04/1961"),
    BERTA: ("BAKER, BERTA", "07/08/1950"),
}


def paper(mrn: str, title: str = "DISCHARGE SUMMARY", more: str = "") -> str:
    """The text of a page of Anna's or Berta's that files."""
    name, born = FACTS[mrn]
    return (
        f"{title}\nPatient Name: {name}\nMRN: {mrn}\nDOB: {born}\n"
        "Date of Service: 05/06/2013\n"
        f"The patient was seen and examined today and is doing well. {more}"
    )


NOBODY = (
    "LETTER\nPatient Name: NEWMAN, PAUL\nMRN: 90000099\nDOB: 01/02/1990\n"
    "Thank you for seeing this pleasant man in your clinic."
)


def copied(made: database.Database) -> None:
    """A new catalogue is a copy of a migrated one; migrating each costs 0.1 s."""
    with made.reading() as rows:
        new = not inspect(rows).get_table_names()
    if new:
        made.close()
        Path(str(made.engine.url.database)).write_bytes(migrated())
    MIGRATE(made)


class Pool(FakePool):
    """A pool of no processes."""

    def prepare(self) -> None:
        """Nothing to start."""

    def close(self) -> None:
        """Nothing to end."""

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Jobs(flow.RunNow):
    """The engine that runs at once, under the name of the durable one."""

    def __init__(self, tools: flow.Tools, _database: Path) -> None:
        super().__init__(tools)

    def use(self, tools: flow.Tools) -> None:
        self.tools = tools

    def close(self) -> None:
        """Nothing to end."""


def tools_of(site: Site, pool: FakePool) -> flow.Tools:
    return flow.Tools(
        reader=pool,
        types=FakeTypes(),
        type_facts=site.type_facts,
        patients=KeyedIndex(site.people, IDENTITY.clues.mrn),
        identity=IDENTITY,
        objects=site.objects,
        catalogue=site.catalogue,
        rules=filing_rules(site.settings.filing, site.type_facts),
        oversight=oversight_of(site),
        mrn_of=site.mrn_of,
        keyed=keying_of(site),
    )


MIGRATE = database._migrate
command_of = functools.cache(typer.main.get_command)


@dataclass
class House:
    """A data folder, and ``chartfiler`` over it."""

    folder: Path
    call: Callable[..., tuple[int, str, str]]
    told: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def site(self) -> Site:
        return open_site(self.data)

    def run(self, *arguments: object, code: int = 0) -> str:
        """What the command prints on stdout; on stderr if it fails."""
        came, out, err = self.call("--data", str(self.data), *map(str, arguments))
        self.told.append(err)
        assert came == code, out + err
        return out if code in (0, 1) else out + err

    def scan(self, name: str, *pages: str) -> Path:
        path = self.folder / "scans" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(HEAD + "\f".join(pages) + TAIL)
        return path

    def override(self, text: str, name: str = "pipeline.toml") -> None:
        own = self.data / "config" / name
        own.parent.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)
        own.write_text(text)


@pytest.fixture
def bare(tmp_path, monkeypatch, capsys) -> House:
    """An empty data folder."""
    monkeypatch.setattr(work, "reader_of", lambda *_, **__: Pool())
    monkeypatch.setattr(work, "tools_of", tools_of)
    monkeypatch.setattr(work, "roles_of", lambda _settings: None)
    monkeypatch.setattr(jobs, "DurableJobs", Jobs)  # loaded at the launch
    migrated()  # what is copied from here on
    monkeypatch.setattr(database, "_migrate", copied)
    monkeypatch.setattr(process, "Cradle", nullcontext)  # loads all for a fake pool
    monkeypatch.setattr(typer.main, "get_command", command_of)  # each costs 20 ms
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["chartfiler", *arguments])
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return House(tmp_path, call)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory) -> Path:
    """Where the first house's data are kept, for the next ones to be copied from."""
    return tmp_path_factory.mktemp("furnished") / "data"


@pytest.fixture
def house(bare, furnished) -> House:
    """A data folder that knows Anna and Berta."""
    people = bare.folder / "patients.csv"
    people.write_text(PATIENTS)
    if furnished.exists():
        shutil.copytree(furnished, bare.data)
    else:
        bare.run("patients", "import", people)
        shutil.copytree(bare.data, furnished)
    return bare
