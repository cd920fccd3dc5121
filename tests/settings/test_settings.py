"""Settings fail loudly: each test spoils one key and reads what it is told."""

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import SHIPPED, document_types, entry_forms
from pipeline.site import objects_of, open_site, settings_of
from pipeline.wiring import engine_of, entering_of, index_rules


@pytest.fixture
def data(tmp_path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


def own(data: Path, name: str, text: str) -> None:
    (data / "config" / name).write_text(text)


def test_the_shipped_settings_are_whole():
    settings = settings_of()
    assert settings.filing.patient_at_least > 0.999
    assert settings.objects.store == "folder"
    assert index_rules().clues.mrn.lengths == (8,)


def test_a_site_overrides_single_keys(data):
    own(data, "pipeline.toml", "[intake]\nsettle_seconds = 10\n")
    own(data, "identity.toml", '[mrn]\nlengths = [7, 9]\n[labels]\nmrn = ["GVG No"]\n')
    assert settings_of(data).intake.settle_seconds == 10.0
    assert settings_of(data).intake.scan_seconds == settings_of().intake.scan_seconds
    rules = index_rules(data)
    assert rules.clues.mrn.lengths == (7, 9)
    assert rules.clues.labels == {"mrn": ("GVG No",)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[intake]\nsettle_secs = 1.0\n", "has no key 'settle_secs'"),
        ("[intook]\nx = 1\n", r"no section \[intook\]"),
        ('[web]\nport = "8417"\n', r"\[web\] port must be int"),
        ("[web]\nport = true\n", r"\[web\] port must be int"),
        ("[web]\nidle_minutes = 0\n", r"\[web\] idle_minutes lies above 0"),
        ("[web]\nidle_minutes = 61\n", r"\[web\] idle_minutes .* at most 60"),
        ("[web]\nsession_hours = 25\n", r"\[web\] session_hours .* at most 24"),
        ("[web]\nglass_minutes = -1\n", r"\[web\] glass_minutes lies above 0"),
        ('[web]\nsecond_step = "no"\n', r"\[web\] second_step is one of"),
        ('[web]\ntls_cert = "a"\n', r"\[web\] tls_cert and tls_key go together"),
        ('[web]\ntrusted_proxies = ["*"]\n', r"\[web\] trusted_proxies names"),
        ("[facilities]\nscan-3 = 3\n", r"\[facilities\] scan-3 must be str"),
        ("[objects]\nsecure = 1\n", "secure must be bool"),
        ("[filing]\ntype_at_least = 'much'\n", "type_at_least must be float"),
        ("[web\n", "pipeline.toml"),
    ],
)
def test_a_wrong_key_is_named(data, text, says):
    own(data, "pipeline.toml", text)
    with pytest.raises(SettingsError, match=says):
        settings_of(data)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[mrn]\ncheck_digit = "sum"\n', "check_digit is one of none"),
        ('[dates]\norder = "ymd"\n', "order is one of mdy, dmy"),
        ('[dates]\ntimezone = "Mars/Olympus"\n', "timezone is a name like"),
        ("[mrn]\nlengths = 8\n", "lengths must be a list"),
        ('[mrn]\nlengths = ["8"]\n', "lengths must be int"),
        ("[nicknames]\nx = 1\n", r"no section \[nicknames\]"),
    ],
)
def test_a_wrong_identity_key_is_named(data, text, says):
    own(data, "identity.toml", text)
    with pytest.raises(SettingsError, match=says):
        index_rules(data)


def test_seams_know_only_what_there_is(data, monkeypatch):
    own(data, "pipeline.toml", '[reading]\nengine = "tea leaves"\n')
    with pytest.raises(SettingsError, match="knows no 'tea leaves'"):
        engine_of(settings_of(data).reading)
    own(data, "pipeline.toml", '[objects]\nstore = "tape"\n')
    with pytest.raises(SettingsError, match="knows no 'tape'"):
        objects_of(settings_of(data).objects, data)
    monkeypatch.delenv("CHARTFILER_S3_ACCESS", raising=False)
    own(data, "pipeline.toml", '[objects]\nstore = "s3"\nendpoint = "127.0.0.1:1"\n')
    with pytest.raises(SettingsError, match="CHARTFILER_S3_ACCESS"):
        objects_of(settings_of(data).objects, data)


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("pipeline.settings.SHIPPED", tmp_path)
    with pytest.raises(SettingsError, match=r"pipeline\.toml: cannot be read"):
        settings_of()


def test_a_missing_key_is_named(monkeypatch, tmp_path):
    for file in SHIPPED.iterdir():
        text = file.read_text().replace("port = 8417", "")
        (tmp_path / file.name).write_text(text)
    monkeypatch.setattr("pipeline.settings.SHIPPED", tmp_path)
    with pytest.raises(SettingsError, match=r"\[web\] lacks the key 'port'"):
        settings_of()


def test_all_document_types_have_their_facts():
    types = document_types()
    assert len(types) == 42
    assert types["discharge_summary"].loinc == "18842-5"
    assert len({facts.loinc for facts in types.values()}) == 42
    assert {key for key, facts in types.items() if facts.priority == "stat"} == {
        "advance_directive",
        "portable_medical_order",
        "power_of_attorney",
    }


TYPE = """[[type]]
key = "letter"
loinc = "51852-2"
title = "Letter"
retention = "clinical"
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('flag = ["PSY"]', "has no key 'flag'"),
        ("local = true", "has no key 'local'"),
        ('flags = "PSY"', "flags must be a list"),
        ('priority = "urgent"', "priority is stat or routine"),
        ("original_required = 1", "original_required must be bool"),
        ("synonyms = [1]", "synonyms must be str"),
        ('encounter = "perhaps"', "encounter is none, allowed or required"),
    ],
)
def test_a_wrong_key_of_a_type_is_named(data, line, says):
    own(data, "document_types.toml", TYPE)
    assert list(document_types(data)) == ["letter"]
    own(data, "document_types.toml", TYPE + line)
    with pytest.raises(SettingsError, match=says):
        document_types(data)


FORM = """
[[form]]
types = ["letter"]
field = [{ key = "plan", title = "Plan", labels = ["Plan"] }]
"""


def test_the_shipped_forms_are_whole_and_of_known_types(tmp_path):
    forms = entry_forms()
    kinds = [kind for form in forms.forms for kind in form.types]
    assert set(kinds) <= set(document_types())
    assert {"face_sheet", "insurance_card", "immunization_record"} <= set(kinds)
    assert forms.of("ours", "face_sheet") is forms.of("face_sheet")
    assert forms.of("letter") is None


def test_a_site_may_set_the_threshold_alone_or_its_own_forms(data):
    own(data, "entry_fields.toml", "[entry]\nprefill_at_least = 1\n")
    assert entry_forms(data).prefill_at_least == 1.0
    assert entry_forms(data).forms == entry_forms().forms
    own(data, "entry_fields.toml", FORM)
    [form] = entry_forms(data).forms
    assert form.field("plan").labels == ("Plan",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[entry]\nprefill_at_least = 2\n", "lies between 0 and 1"),
        ("[entry]\nprefil = 1\n", "has no key 'prefil'"),
        (FORM + FORM, "letter has two forms"),
        (FORM.replace("types", "type"), "has no key 'type'"),
        (FORM.replace('["letter"]', '"letter"'), "types must be a list"),
        (FORM.replace('["letter"]', "[]"), "needs types"),
        (FORM.replace("title", "titel"), "has no key 'titel'"),
        (FORM.replace('title = "Plan", ', ""), "lacks the key 'title'"),
        (FORM.replace('["Plan"]', '"Plan"'), "labels must be a list"),
        (FORM.replace(', labels = ["Plan"]', ""), "nothing leads to it"),
        (FORM.replace("key =", 'shape = "date", key ='), "shape is one of"),
        (FORM + 'table = "x"\n', "table is a list of tables"),
        (FORM + '[[form.table]]\nkey = "t"\n', "needs key, title and column"),
    ],
)
def test_a_form_that_cannot_be_is_told(data, text, says):
    own(data, "entry_fields.toml", text)
    with pytest.raises(SettingsError, match=says):
        entry_forms(data)


def test_a_form_of_no_type_is_told(data):
    own(data, "entry_fields.toml", FORM.replace("letter", "lettre"))
    site = open_site(data)
    with pytest.raises(SettingsError, match="no type 'lettre'"):
        entering_of(site)
    site.catalogue.close()
