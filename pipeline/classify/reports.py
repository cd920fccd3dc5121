"""Transcribed reports as training text: which type of ours each one is.

The public collection (MTSamples, columns medical_specialty, sample_name, transcription)
joins all labels of a text by "|". 13 of its 40 labels name kinds of document, and some
of these overlap, so that name and headings help. The table below is read from the top,
the first row that fits decides; a text without a row, or with "" for its type, is
dropped rather than guessed.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.document import DocumentType
from pipeline.errors import SettingsError

_SCOPE = (
    r"colonoscop|esophagogastro|\begd\b|\bercp\b|flex sig|sigmoidoscop|esophagoscop"
    r"|^endoscopy|bronchoscop|cystoscop|cystourethroscop|laryngoscop"
)
_BEDSIDE = (
    r"catheteriz|(?<!a-)\bcath\b|\bangiogra|ventriculogra|cineangio|aortogram|arteriogra"
    r"|lumbar puncture|spinal fluid|thoracentesis|paracentesis|chest tube|intubation"
    r"|central (?:line|venous)|triple lumen|catheter (?:placement|insertion)"
    r"|cardioversion|peg tube|branch block|rhizotomy|epidur|injection|nerve block"
    r"|spinal manipulation|biopsy - (?:skin|actinic)|external cephalic|arterial line"
    r"|tracheostomy change"
)
_OPEN = (
    r"ectomy|otomy|repair|insertion - port|\bport\b|fusion|transplant|hickman|broviac"
)
_SCOPE_AND_OPEN = rf"(?:{_SCOPE}).*(?:{_OPEN})|(?:{_OPEN}).*(?:{_SCOPE})"
_VISIT = "soap|consult|office|radiology"
_TRACING = r"\bemg\b|nerve conduction|\beeg\b|electroenceph|treadmill|bruce|sleep"
_IMAGE = r"(?i)findings|impression|technique|\bexam"
_OPERATION = (
    r"(?i)operative diagnos|operation|procedures? performed|anesthesia|incision"
)
_PHYSICAL = (
    r"(?i)chief complaint|history of present illness|past medical history"
    r"|past surgical history|family history|social history|review of systems"
    r"|physical exam|allergies|medications"
)
_ASKED = (
    r"(?is)\A.{0,500}(?:reason for (?:the )?consult|consultation|requesting phys"
    r"|asked to (?:see|evaluate)|was consulted|thank you for|referred (?:to|by|for))"
)
_ENOUGH_HEADINGS = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """All three patterns must be found (case does not matter); "" fits anything."""

    label: str
    name: str
    text: str
    type: str
    headings: int = 0  # at least so many headings of a history and physical


RULES: tuple[Rule, ...] = (  # site label, sample name, text -> our type
    Rule("autopsy|ime-qme", "", "", ""),
    Rule("", r"template|^normal\b", "", ""),
    Rule("", r"mammogra", "", "mammogram_report"),
    Rule("surgery", r"echocardiogra", "", ""),
    Rule("", r"echocardiogra", "", "echocardiogram_report"),
    Rule("consult", r"\bekg\b|\becg\b", "", ""),
    Rule("", r"electrocardiogra|\bekg\b|\becg\b|holter", "", "ecg_report"),
    Rule("", r"therapy.*discharge|laryngitis - discharge", "", ""),
    Rule("", r"(?:physical|occupational|speech) therapy", "", "therapy_note"),
    Rule("", r"transfer summary", "", "transfer_summary"),
    Rule("psychiatry", r"mental status changes", "", "consultation"),
    Rule("psychiatry", r"discharge", "", ""),
    Rule("psychiatry", "", "", "psychiatric_note"),
    Rule("emergency.*discharge|discharge.*emergency", "", "", ""),
    Rule("emergency", r"\ber (?:visit|report)|emergency", "", "emergency_note"),
    Rule("emergency", "", r"(?i)\Areason for admission", ""),
    Rule("surgery.*emergency|emergency.*surgery", r"\bcath\b", "", "procedure_note"),
    Rule("consult.*emergency|emergency.*consult", "", _ASKED, "consultation"),
    Rule("emergency", "", "", "emergency_note"),
    Rule("discharge", "", "", "discharge_summary"),
    Rule("letters", "", "", "letter"),
    Rule("lab medicine", "", "", "pathology_report"),
    Rule("", r"delivery note|vaginal delivery", "", "labor_and_delivery"),
    Rule(rf"surgery.*(?:{_VISIT})|(?:{_VISIT}).*surgery", "", "", ""),
    Rule("surgery", _SCOPE_AND_OPEN, "", "operative_note"),
    Rule("surgery", _SCOPE, "", "procedure_note"),
    Rule("surgery", _BEDSIDE, "", "procedure_note"),
    Rule("surgery", "", _OPERATION, "operative_note"),
    Rule("radiology", _TRACING, "", ""),
    Rule("radiology.*(?:consult|soap)|(?:consult|soap).*radiology", "", "", ""),
    Rule("radiology", "", r"(?i)\A\s*cc:", ""),
    Rule("radiology", "", _IMAGE, "imaging_report"),
    Rule("diets", "", "", ""),
    Rule("soap.*consult|consult.*soap", "", "", ""),
    Rule("soap", "", "", "progress_note"),
    Rule("consult", "", r"(?i)\A\s*(?:cc|hx|subjective|s)\s*[:-]", ""),
    Rule("consult", r"h&p|h & p|history and physical", "", "history_and_physical"),
    Rule("consult", "", _ASKED, "consultation"),
    Rule("consult", r"(?<!gen med )cons?ult", "", ""),
    Rule("consult", "", "", "history_and_physical", _ENOUGH_HEADINGS),
    Rule("office", "", r"(?i)\A\s*discharge", ""),
    Rule("office", "", "", "progress_note"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """One transcribed report with our type; ``group`` names its text, not its words."""

    type: DocumentType
    text: str = field(repr=False)
    group: str
    labels: tuple[str, ...] = ()  # the site's own


def type_of(labels: str, name: str, text: str) -> DocumentType | None:
    """Our type for a report, or None where the labels do not tell."""
    headings = len({m.lower() for m in re.findall(_PHYSICAL, text)})
    for rule in RULES:
        fits = (
            re.search(rule.label, labels, re.IGNORECASE)
            and re.search(rule.name, name, re.IGNORECASE)
            and re.search(rule.text, text)
            and headings >= rule.headings
        )
        if fits:
            return DocumentType(rule.type) if rule.type else None
    return None


def read_reports(path: Path) -> Iterator[Report]:
    """Reports of the file that map to a type, each text once."""
    seen: set[str] = set()
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                labels, name = row["medical_specialty"], row["sample_name"]
                text = row["transcription"]
            except KeyError as missing:
                raise SettingsError(
                    f"the reports file has no column {missing}; give the MTSamples CSV"
                ) from None
            group = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
            kind = type_of(labels, name, text)
            if kind is not None and group not in seen:
                yield Report(kind, text, group, tuple(labels.split("|")))
            seen.add(group)
