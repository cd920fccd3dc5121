"""Faults of the machine, of settings and of ours; and what help tells."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from pipeline import wiring
from pipeline.commands import books
from tests.store.tiny_s3 import BUCKET, TinyS3

COMMANDS = [
    ("status",), ("pages",), ("outcomes",), ("verify",), ("review", "list"), ("retry",),
    ("patients", "find", "x"), ("patients", "import", "x.csv"), ("watch",), ("serve",),
    ("encounters", "import", "x.csv"), ("refile", "d", "--mrn", "1"), ("process", "."),
    ("train",), ("models", "list"), ("models", "promote", "x"), ("models", "rollback"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("file", ["pipeline.toml", "identity.toml"])
def test_an_unknown_key_stops_every_command(bare, command, file):
    section = {"pipeline.toml": "[web]", "identity.toml": "[mrn]"}[file]
    bare.override(f"{section}\nprot = 1\n", file)
    told = bare.run(*command, code=3)
    assert file in told
    assert "'prot'" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nport = 'x'\n", "[web] port must be int"),
        ("[nonsense]\n", "no section [nonsense]"),
        ("[web\n", "pipeline.toml"),
        ("[objects]\nstore = 'tape'\n", "knows no 'tape'"),
        ("[objects]\nstore = 's3'\n", "CHARTFILER_S3_ACCESS"),
    ],
)
def test_wrong_settings_name_file_and_key(bare, text, says):
    bare.override(text)
    assert says in bare.run("status", code=3)


def test_a_type_without_its_facts_names_the_row(bare):
    bare.override("[[type]]\nkey = 'letter'\n", "document_types.toml")
    assert "[[type]] 1 lacks the key 'loinc'" in bare.run("status", code=3)


def test_a_data_folder_that_cannot_be_one(bare):
    bare.data.write_text("a file")
    assert "--data or CHARTFILER_DATA" in bare.run("status", code=3)


def test_doctor_finds_this_machine_fit(bare):
    told = json.loads(bare.run("doctor", "--json"))
    assert all(check["ok"] for check in told), told
    assert not bare.data.exists()
    assert "poppler" in bare.run("doctor")


def failed(bare):
    found = json.loads(bare.run("doctor", "--json", code=3).split("\n")[0])
    return {check["check"]: check["says"] for check in found if not check["ok"]}


def test_doctor_finds_an_unknown_key(bare):
    bare.override("[web]\nprot = 1\n")
    assert "'prot'" in failed(bare)["settings"]


def test_doctor_finds_missing_language_data(bare):
    bare.override(f"[reading]\ntessdata = '{bare.folder}/none'\n")
    assert "eng" in failed(bare)["recognition"]


def test_doctor_tells_what_the_bucket_says_of_itself(bare, monkeypatch):
    monkeypatch.setenv("CHARTFILER_S3_ACCESS", "a")
    monkeypatch.setenv("CHARTFILER_S3_SECRET", "b")
    with TinyS3().running() as tiny:
        where = f"store = 's3'\nendpoint = '{tiny.endpoint}'\nsecure = false\n"
        bare.override(f"[objects]\n{where}bucket = '{BUCKET}'\n")
        assert "keeps versions, object lock" in bare.run("doctor")
        tiny.bare = True
        assert "keeps no versions, no object lock" in bare.run("doctor")
        bare.override(f"[objects]\n{where}bucket = 'other'\n")
        assert "is not there: create it" in failed(bare)["objects"]


def test_doctor_finds_an_open_data_folder(bare):
    bare.data.mkdir(mode=0o755)
    bare.data.chmod(0o755)
    assert "chmod 700" in failed(bare)["data folder"]


def test_doctor_finds_a_tampered_model(bare, monkeypatch):
    types = bare.folder / "models" / "types"
    shutil.copytree(wiring.MODELS, types.parent)
    monkeypatch.setattr(wiring, "MODELS", bare.folder / "models")
    big = max(types.iterdir(), key=lambda path: path.stat().st_size)
    whole = big.read_bytes()
    big.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert big.name in failed(bare)["models"]


def test_doctor_finds_missing_poppler(bare, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert "apt-get install poppler-utils" in failed(bare)["poppler"]


def test_an_unexpected_fault_tells_its_place_and_no_word_of_a_page(
    bare, monkeypatch, capsys
):
    def fails(*_, **__):
        patient = "SENTINEL-NAME"
        raise RuntimeError(patient)

    monkeypatch.setattr(books, "status", fails)
    with pytest.raises(RuntimeError) as caught:
        bare.run("status")
    sys.excepthook(caught.type, caught.value, caught.tb)  # as the interpreter would
    told = capsys.readouterr().err
    assert "RuntimeError at" in told
    assert "test_commands_machine.py:" in told
    assert "SENTINEL" not in told


def test_ctrl_c_ends_with_130(bare, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(books, "status", interrupted)
    told = bare.run("status", code=130)
    assert "Traceback" not in told


HELPED = [
    (), ("process",), ("watch",), ("serve",), ("pages",), ("status",), ("outcomes",),
    ("verify",), ("refile",), ("retry",), ("train",), ("doctor",), ("patients", "find"),
    ("patients", "import"), ("encounters", "import"), ("review", "list"),
    ("models", "list"), ("models", "promote"), ("models", "rollback"),
]  # fmt: skip


@pytest.mark.parametrize("command", HELPED, ids=" ".join)
def test_help_teaches(bare, command):
    told = bare.run(*command, "--help")
    assert len(told.split()) > 15
    assert told == bare.run(*command, "-h")
    assert "[web]" in told or command != ("serve",)


def test_help_comes_at_once():
    """Measured 0.35 s; a room's libraries would cost two seconds and more."""
    command = [sys.executable, "-m", "pipeline", "--help"]
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    spent = after.children_user - before.children_user
    assert spent + after.children_system - before.children_system < 0.8
