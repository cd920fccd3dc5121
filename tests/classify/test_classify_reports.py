"""The table that maps a public collection's labels to our types, read from the top."""

import tomllib
from pathlib import Path

import pytest

from pipeline.classify.reports import RULES, read_reports, type_of
from pipeline.errors import SettingsError

_TYPES = Path(__file__).parents[2] / "config" / "document_types.toml"
_FULL = (
    "CHIEF COMPLAINT: pain. HISTORY OF PRESENT ILLNESS: long. PAST MEDICAL HISTORY: no."
    " SOCIAL HISTORY: no. REVIEW OF SYSTEMS: no. PHYSICAL EXAM: well."
)
_CONSULT = "Consult - History and Phy."


@pytest.mark.parametrize(
    ("labels", "name", "text", "expected"),
    [
        ("Surgery", "Appendectomy", "PREOPERATIVE DIAGNOSIS: x", "operative_note"),
        ("Gastroenterology|Surgery", "Colonoscopy - 4", "", "procedure_note"),
        ("Surgery", "Bronchoscopy & Thoracotomy", "", "operative_note"),
        ("Surgery", "Something", "We talked.", None),
        ("Surgery|SOAP / Chart / Progress Notes", "Lap Band Adjustment", "", None),
        ("Radiology", "CT Head", "EXAM: CT head.", "imaging_report"),
        ("Radiology", "MRI Brain", "CC: Falling. HX: long", None),
        ("Radiology", "EMG/Nerve Conduction Study", "FINDINGS", None),
        ("Radiology", "2-D Echocardiogram - 2", "", "echocardiogram_report"),
        ("Radiology", "Bilateral Mammogram", "EXAM:", "mammogram_report"),
        (_CONSULT, "Gen Med Consult - 4", _FULL, "history_and_physical"),
        (_CONSULT, "Gen Med Consult - 4", "CHIEF COMPLAINT: pain", None),
        (_CONSULT, "Consult", "REASON FOR CONSULTATION: fever", "consultation"),
        (_CONSULT, "Gen Med H&P - 1", "", "history_and_physical"),
        (_CONSULT, "Gen Med Consult - 9", "SUBJECTIVE: well", None),
        ("SOAP / Chart / Progress Notes", "Acne", "", "progress_note"),
        ("Emergency Room Reports", "Head Injury", "CHIEF", "emergency_note"),
        ("Discharge Summary|Emergency Room Reports", "ER Report", "", None),
        ("Discharge Summary", "Discharge Summary - 1", "", "discharge_summary"),
        ("Discharge Summary", "Cardiac Transfer Summary", "", "transfer_summary"),
        ("Letters", "Ortho - Letter - 1", "", "letter"),
        ("Autopsy", "Autopsy - 3", "", None),
        ("Office Notes", "Normal ROS Template - 1", "", None),
        ("Neurology", "Some text", "", None),
    ],
)
def test_mapping(labels: str, name: str, text: str, expected: str | None) -> None:
    assert type_of(labels, name, text) == expected


def test_every_type_of_the_table_is_ours() -> None:
    ours = {row["key"] for row in tomllib.loads(_TYPES.read_text())["type"]}
    assert {rule.type for rule in RULES} - {""} <= ours


def test_each_text_once(tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(
        "medical_specialty,sample_name,transcription\n"
        "Letters,A,Dear doctor\nLetters,B,Dear  doctor\nNeurology,C,unknown\n"
    )
    (report,) = read_reports(file)
    assert (report.type, report.text) == ("letter", "Dear doctor")
    assert "Dear" not in repr(report)


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(SettingsError, match="medical_specialty"):
        list(read_reports(file))
