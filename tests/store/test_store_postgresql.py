"""The patient index over Debian's PostgreSQL, started and stopped here, on loopback."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from pipeline.index.keys import patient_keys
from pipeline.index.namewords import patient_words
from pipeline.index.nearness import nearness, slip_keys
from pipeline.store.alert_rows import SqlAlerts
from pipeline.store.database import Database
from pipeline.store.near_rows import near_pairs, together
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from tests.contracts.test_patient_index import PEOPLE

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SERVERS or os.geteuid() != 0 or shutil.which("runuser") is None,
        reason="needs Debian's postgresql, and root to become its user",
    ),
]


def _run(*command):
    subprocess.run(
        ["runuser", "-u", "postgres", "--", *map(str, command)],
        check=True,
        timeout=120,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def database():
    programs = SERVERS[-1].parent
    with tempfile.TemporaryDirectory() as folder:
        shutil.chown(folder, "postgres")
        port, data = _free_port(), Path(folder) / "data"
        _run(programs / "initdb", "-D", data, "-A", "trust")
        told = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = Path(folder) / "log"
        _run(programs / "pg_ctl", "-D", data, "-o", told, "-l", log, "-w", "start")
        try:
            url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
            opened = Database(url)
            yield opened
            opened.close()
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def registered(person):
    return Registered(person, patient_keys(person), words=patient_words(person))


def test_the_index_is_kept_changed_and_asked_as_in_sqlite(database, tmp_path):
    there, here = SqlPatients(database), SqlPatients(tmp_path / "index.sqlite")
    for index in (there, here):
        index.keep(map(registered, PEOPLE))
        index.keep(map(registered, PEOPLE))  # says nothing new
    keys = patient_keys(PEOPLE[0])
    words = [word.word for word in patient_words(PEOPLE[0])]
    for ask in (
        lambda index: index.count(),
        lambda index: index.with_keys(keys),
        lambda index: {one.id for one in index.with_keys(keys, 5)},
        lambda index: index.bearers(keys),
        lambda index: set(index.words_among(words)),
        lambda index: set(index.words_that_begin(words[0][:2], 5)),
        lambda index: index.mrn_owner(PEOPLE[0].mrn),
        lambda index: index.mrn_begins(PEOPLE[0].mrn[:2], 5),
    ):
        assert ask(there) == ask(here)


def test_name_alerts_are_replaced_and_read(database):
    SqlPatients(database).keep(map(registered, PEOPLE))
    alerts, (one, other) = SqlAlerts(database), (PEOPLE[0].id, PEOPLE[1].id)
    alerts.replace_all([(one, other, "twin"), (other, one, "twin")])
    alerts.replace_all([(one, other, "twin")])
    alerts.replace([other], [(one, other, "Jr or Sr")])
    assert alerts.of(one) == (("Jr or Sr", PEOPLE[1].mrn),)
    assert alerts.counts().alerted == 1
    found = near_pairs(database, nearness, slip_keys, together)
    assert all(first.id != second.id for first, second in found)
