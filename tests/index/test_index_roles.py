"""The trained role model: intact or refused, quick, and without a name in it."""

import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from printed import RULES, page_of

from benchmarks.forms.grammar import read_lexicon
from pipeline import artefact
from pipeline.errors import ModelTampered
from pipeline.index.layout import rows_of
from pipeline.index.namespans import name_spans
from pipeline.index.roles import (
    ROLES,
    RolesAt,
    Shape,
    blank_pipeline,
    load_roles,
    numbers_of,
    put_numbers,
)

_ROOT = Path(__file__).parents[2]
SHIPPED = _ROOT / "models" / "roles"
LETTER = """
Dear Dr. Harold Finch:
Thank you for referring Wilhelmina Testcase to our clinic. Wilhelmina Testcase is a
61-year-old woman with chest pain. Wilhelmina Testcase was admitted on 03/04/2011.
Follow up with Dr. Harold Finch in two weeks.
Oswald Brinkley, M.D.      03/04/2011
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "roles"))


def _said(text: str) -> dict[str, str]:
    rows = rows_of(page_of(text))
    found = {}
    for bearer in load_roles(SHIPPED).read(rows):
        pieces = rows[bearer.span.row].pieces[bearer.span.start : bearer.span.end]
        role = max(ROLES, key=lambda r: getattr(bearer, r))
        found[" ".join(p.text for p in pieces)] = role
    return found


def test_names_get_their_roles() -> None:
    said = _said(LETTER)
    assert said["Wilhelmina Testcase"] == "subject"
    assert said["Harold Finch"] == said["Oswald Brinkley"] == "clinician"


def test_a_page_without_names_asks_nothing() -> None:
    assert load_roles(SHIPPED).read(rows_of(page_of("no names 12 here"))) == ()


def test_chances_are_chances() -> None:
    for bearer in load_roles(SHIPPED).read(rows_of(page_of(LETTER))):
        assert 0 <= bearer.subject <= bearer.anybody <= 1 + 1e-6


def test_spans_may_overlap_but_names_do_not() -> None:
    rows = rows_of(page_of("Seen: Doe, Jane A. and Mary van Dyke Smith"))
    assert len(name_spans(rows)) > 2
    taken = [
        (b.span.row, at)
        for b in load_roles(SHIPPED).read(rows)
        for at in range(b.span.start, b.span.end)
    ]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("name", [artefact.NUMBERS, artefact.TERMS, artefact.MANIFEST])
def test_a_missing_file_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelTampered):
        load_roles(copied)


@pytest.mark.parametrize("name", [artefact.NUMBERS, artefact.TERMS, artefact.MANIFEST])
def test_a_truncated_file_is_refused(copied: Path, name: str) -> None:
    whole = (copied / name).read_bytes()
    (copied / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelTampered):
        load_roles(copied)


def test_a_changed_bit_is_refused(copied: Path) -> None:
    numbers = bytearray((copied / artefact.NUMBERS).read_bytes())
    numbers[len(numbers) // 2] ^= 1
    (copied / artefact.NUMBERS).write_bytes(numbers)
    with pytest.raises(ModelTampered):
        load_roles(copied)


def test_another_network_is_refused_though_the_hashes_agree(copied: Path) -> None:
    made = artefact.read(copied)
    other = {**made.manifest, "shape": {**made.manifest["shape"], "width": 32}}
    artefact.write(copied, artefact.Artefact(other, made.arrays, made.lists))
    with pytest.raises(ModelTampered):
        load_roles(copied)


def test_other_roles_are_refused_though_the_hashes_agree(copied: Path) -> None:
    made = artefact.read(copied)
    roles = {"roles": ["subject", "clinician", "other"]}
    artefact.write(copied, artefact.Artefact(made.manifest, made.arrays, roles))
    with pytest.raises(ModelTampered):
        load_roles(copied)


def test_numbers_go_out_and_in() -> None:
    small = Shape(8, 1, 8, (40, 20, 20, 20))
    one, two = blank_pipeline(small), blank_pipeline(small)
    arrays = {name: array + 1 for name, array in numbers_of(one).items()}
    put_numbers(two, arrays)
    assert all((numbers_of(two)[n] == a).all() for n, a in arrays.items())
    with pytest.raises(ValueError, match="not those"):
        put_numbers(two, {})


def test_no_name_is_stored() -> None:
    """Only numbers: no string of the artefact is a name that it learned from."""
    with np.load(SHIPPED / artefact.NUMBERS, allow_pickle=False) as stored:
        assert all(stored[name].dtype == np.float32 for name in stored.files)
    lexicon = read_lexicon(_ROOT / "benchmarks" / "roles" / "people.lexicon")
    names = {n for key in ("last", "male", "female") for n in lexicon[key]}
    text = (SHIPPED / artefact.MANIFEST).read_text() + (
        SHIPPED / artefact.TERMS
    ).read_text()
    words = set(json.dumps(text).replace('\\"', " ").replace("\\n", " ").split())
    assert not words & names
    raw = (SHIPPED / artefact.NUMBERS).read_bytes()
    assert not any(name.encode() in raw for name in names if len(name) > 5)


def test_a_page_takes_little_time() -> None:
    model = load_roles(SHIPPED)
    rows = rows_of(page_of(LETTER * 8))
    model.read(rows)
    start = time.process_time()
    for _ in range(5):
        model.read(rows)
    assert (time.process_time() - start) / 5 < 0.1  # 15 ms; a busy machine is slower


def test_rules_keep_one_model_a_process() -> None:
    assert load_roles(SHIPPED) is load_roles(SHIPPED)
    assert "Language" not in repr(load_roles(SHIPPED))
    assert RULES.people is None


def test_a_model_named_by_its_folder_reads_the_same():
    rows = rows_of(page_of(LETTER))
    assert RolesAt(SHIPPED).read(rows) == load_roles(SHIPPED).read(rows)
