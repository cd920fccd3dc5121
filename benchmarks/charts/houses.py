"""The houses of each split: how they are called, and how their paper looks.

No house stands in two splits, nor does a body face, a hand or an arrangement: what is
tuned on the paper of some hospitals is judged on the paper of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.charts.kinds import Split
from benchmarks.forms.facilities import Facility


@dataclass(frozen=True, slots=True)
class Look:
    """How a house prints; the words are classes of layouts/*.css and of markup.

    ``size`` is the body's in points, ``lead`` its line height as a factor, ``margins``
    top, right, bottom, left in inches. ``worn`` makes the type that of an old
    typewriter; ``colour`` is that of its letterhead, none on black-and-white paper.
    """

    font: str
    size: float
    head: str
    ident: str
    section: str
    table: str
    fields: str
    tick: str
    runner: str
    hands: tuple[str, ...]
    lead: float = 1.25
    columns: int = 1
    margins: tuple[float, float, float, float] = (0.6, 0.7, 0.7, 0.8)
    worn: bool = False
    colour: str = ""
    display: str = ""  # face of letterhead and titles, the body's if empty


@dataclass(frozen=True, slots=True)
class House:
    """One hospital, clinic or laboratory of one split and its paper.

    ``facility.own`` is False for houses whose record numbers are not ours.
    """

    key: str
    split: Split
    facility: Facility
    look: Look


@dataclass(frozen=True, slots=True)
class _Words:
    """Labels of name, number, birth and visit; styles of names, dates, headings."""

    labels: tuple[str, str, str, str]
    names: str
    dates: str
    headings: str
    runner: str


def _house(
    place: tuple[str, Split], name: str, address: tuple[str, ...], words: _Words,
    look: Look, *, own: bool = True,
) -> House:  # fmt: skip
    key, split = place
    facility = Facility(
        key, name, address, look.font, look.head, *words.labels, words.names,
        words.dates, look.ident, words.headings, words.runner, own,
    )  # fmt: skip
    return House(key, split, facility, look)


_TRAIN_HANDS = ("Breip", "Dancing Script")
_TUNE_HANDS = ("Rufscript", "Kristi")
_REPORT_HANDS = ("DkgHandwriting", "Ecolier_court")

_TRAIN = (
    _house(
        ("holloway", "train"), "HOLLOWAY COUNTY HOSPITAL",
        ("311 Mill Street", "Holloway, OH 44290", "Medical Records Department"),
        _Words(("NAME", "HOSPITAL NO.", "BIRTHDATE", "ADM. NO."), "caps", "dashes",
               "colon", "{name}   {number}   page {page}"),
        Look("Courier Prime", 11, "typed", "columns", "colon", "bare", "stack",
             "bracket", "dash", _TRAIN_HANDS, 1.2, worn=True,
             margins=(0.8, 0.7, 0.8, 1.1)),
    ),
    _house(
        ("merrow", "train"), "Merrow Valley Medical Center",
        ("2200 Lakeview Parkway, Merrow, OH 44291", "Telephone 330-555-0171"),
        _Words(("Patient Name", "MRN", "Date of Birth", "Account No."), "comma",
               "slashes", "title",
               "{name}   MRN: {number}   DOB: {born}   Page {page} of {pages}"),
        Look("Nimbus Roman", 11, "crest", "grid", "under", "rows", "pairs",
             "square", "line", _TRAIN_HANDS, 1.28, colour="#1d4f7c"),
    ),
    _house(
        ("tristate", "train"), "TRI-STATE MEMORIAL HOSPITAL",
        ("Form Control: Health Information Services", "88 Beacon Hill, Trask, OH 44292"),
        _Words(("Patient", "MR#", "DOB", "Visit #"), "caps", "slashes", "caps",
               "{name}  MR# {number}  DOB {born}"),
        Look("Liberation Sans", 9, "boxed", "plate", "bar", "grid", "boxes",
             "square", "box", _TRAIN_HANDS, 1.22, margins=(0.45, 0.45, 0.6, 0.5)),
    ),
    _house(
        ("juniper", "train"), "Juniper Ridge Physicians Group",
        ("Internal Medicine and Pediatrics", "14 Juniper Ridge Road, Suite 200",
         "Trask, OH 44292", "Phone 330-555-0133   Fax 330-555-0134"),
        _Words(("Patient", "Chart #", "Birthdate", "Visit"), "natural", "month",
               "title", "{name}, page {page}"),
        Look("Carlito", 10.5, "split", "line", "runin", "zebra", "run",
             "circle", "right", _TRAIN_HANDS, 1.2, columns=2, colour="#356b3b",
             margins=(0.6, 0.6, 0.7, 0.7)),
    ),
    _house(
        ("corelab", "train"), "CoreLab Regional Reference Laboratory",
        ("CLIA 36D0999123   Director: P. Winslow, M.D.",
         "400 Commerce Drive, Merrow, OH 44291"),
        _Words(("PATIENT", "PATIENT ID", "DOB", "REQUISITION"), "caps", "iso", "caps",
               "PATIENT: {name}   PATIENT ID: {number}   PAGE {page} OF {pages}"),
        Look("Liberation Mono", 9, "lab", "table", "caps", "dotted", "leaders",
             "paren", "plain", _TRAIN_HANDS, 1.22, margins=(0.5, 0.5, 0.6, 0.6)),
    ),
    _house(
        ("gracepoint", "train"), "Grace Point Women's & Children's Hospital",
        ("One Grace Point Plaza", "Trask, Ohio 44293"),
        _Words(("Name", "Med. Rec. #", "D.O.B.", "FIN"), "comma", "hyphens", "caps",
               "{name}   Med. Rec. # {number}   {page}/{pages}"),
        Look("C059", 10, "band", "bar", "hang", "heavy", "under", "blank",
             "line", _TRAIN_HANDS, 1.3, colour="#7a2b57",
             margins=(0.5, 0.7, 0.7, 0.7)),
    ),
    _house(
        ("ellery", "train"), "ELLERY GENERAL HOSPITAL",
        ("Archives and Records", "700 Front Street, Ellery, WV 26090"),
        _Words(("Patient", "EGH Unit No.", "Born", "Case"), "caps", "military",
               "caps", "{name}   EGH Unit No. {number}   Page {page}"),
        Look("FreeSans", 10, "centre", "stack", "black", "columns", "table",
             "yesno", "box", _TRAIN_HANDS, 1.22), own=False,
    ),
)  # fmt: skip

_TUNE = (
    _house(
        ("wexcombe", "tune"), "THE WEXCOMBE INFIRMARY",
        ("ELM AND FOURTH STREETS", "WEXCOMBE, PENNSYLVANIA 16880"),
        _Words(("PATIENT", "UNIT NUMBER", "DATE OF BIRTH", "ADMISSION"), "caps_plain",
               "month", "colon", "{name}     {number}     -{page}-"),
        Look("CMU Typewriter Text", 11, "rule", "right", "centre", "ledger", "dots",
             "dash", "typed", _TUNE_HANDS, 1.25, worn=True,
             margins=(0.7, 0.8, 0.9, 0.9)),
    ),
    _house(
        ("northgate", "tune"), "Northgate University Hospitals",
        ("Department of Health Information", "One University Circle, Northgate, PA 16881"),
        _Words(("Patient", "MRN", "DOB", "CSN"), "comma", "slashes", "title",
               "Patient: {name}   MRN: {number}   DOB: {born}   Page {page} of {pages}"),
        Look("Roboto", 9.5, "corner", "strip", "rail", "lines", "columns",
             "round", "bar", _TUNE_HANDS, 1.32, colour="#8a1f2d",
             margins=(0.55, 0.65, 0.7, 0.65)),
    ),
    _house(
        ("sacredway", "tune"), "SACRED WAY HOSPITAL",
        ("a ministry of the Sisters of the Way", "1901 Cathedral Avenue, Lorne, PA 16882"),
        _Words(("NAME", "M.R. NUMBER", "BIRTH DATE", "ACCT"), "caps", "short", "caps",
               "{name}  M.R. NUMBER {number}  BIRTH DATE {born}"),
        Look("Nimbus Sans", 9, "form", "footplate", "frame", "ruled", "cells",
             "check", "foot", _TUNE_HANDS, 1.2, margins=(0.4, 0.4, 0.5, 0.4)),
    ),
    _house(
        ("pinehurst", "tune"), "Pinehurst Specialty Associates, P.C.",
        ("Cardiology  Gastroenterology  Neurology", "5 Pinehurst Court, Lorne, PA 16882",
         "814-555-0150"),
        _Words(("Re", "Account #", "DOB", "Visit"), "natural", "slashes", "title",
               "{name}   DOB {born}"),
        Look("P052", 10.5, "foothead", "under", "small", "thin", "inline",
             "hollow", "italic", _TUNE_HANDS, 1.22, columns=2, colour="#23408e",
             margins=(0.7, 0.7, 0.9, 0.8)),
    ),
    _house(
        ("meridian", "tune"), "MERIDIAN CLINICAL SERVICES",
        ("LABORATORY * RADIOLOGY * CARDIOPULMONARY", "60 ENTERPRISE WAY NORTHGATE PA 16881"),
        _Words(("PT NAME", "PT NO", "BIRTH", "ORDER"), "caps_plain", "hyphens", "caps",
               "PT NAME {name}  PT NO {number}  PAGE {page} OF {pages}"),
        Look("DejaVu Sans Mono", 8.5, "stars", "block", "dashes", "pipes", "colons",
             "brackets", "print", _TUNE_HANDS, 1.25, margins=(0.5, 0.4, 0.6, 0.5)),
    ),
    _house(
        ("bluffs", "tune"), "River Bluffs Community Health Center",
        ("45 Levee Road, Bluffs, PA 16883", "Tel (814) 555-0162"),
        _Words(("Patient's name", "Record no.", "Born", "Encounter"), "natural", "dashes",
               "title", "{name} - Record no. {number} - page {page} of {pages}"),
        Look("Caladea", 10, "side", "lined", "numbered", "shaded", "twin",
             "slot", "centre", _TUNE_HANDS, 1.25, colour="#0c6b66",
             margins=(0.6, 0.6, 0.7, 0.6)),
    ),
    _house(
        ("castleton", "tune"), "CASTLETON DISTRICT HOSPITAL",
        ("Copy Service", "12 Parade Street, Castleton, NY 14799"),
        _Words(("Patient", "CDH Number", "DOB", "Stay"), "caps", "slashes", "caps",
               "CASTLETON DISTRICT HOSPITAL   {name}   CDH Number {number}   {page}"),
        Look("Liberation Serif", 10.5, "double", "pairbox", "flag", "open", "list",
             "mark", "top", _TUNE_HANDS, 1.2), own=False,
    ),
)  # fmt: skip

_REPORT = (
    _house(
        ("oldbury", "report"), "OLDBURY STATE HOSPITAL",
        ("OLDBURY, OHIO 44280",),
        _Words(("PATIENT'S NAME", "REGISTER NO.", "DATE OF BIRTH", "WARD NO."),
               "caps_natural", "short", "colon", "{name}  REGISTER NO. {number}  ({page})"),
        Look("FreeMono", 11.5, "stack", "under2", "spaced", "tabs", "typedline",
             "stroke", "corner", _REPORT_HANDS, 1.18, worn=True,
             margins=(0.9, 0.6, 0.8, 1.0)),
    ),
    _house(
        ("vantage", "report"), "Vantage Health System",
        ("Lakeshore Campus", "3000 Vantage Boulevard, Dorset, OH 44281"),
        _Words(("Name", "MRN", "Date of birth", "Encounter #"), "comma", "slashes",
               "title", "{name} | MRN {number} | Page {page} of {pages}"),
        Look("Lato", 9.5, "tile", "cards", "tint", "soft", "grid2",
             "ball", "pill", _REPORT_HANDS, 1.3, colour="#5a3d8a",
             margins=(0.5, 0.6, 0.7, 0.6)),
    ),
    _house(
        ("stambrose", "report"), "ST. AMBROSE MEDICAL CENTER",
        ("FORM COMMITTEE APPROVED", "215 Ambrose Square, Dorset, OH 44281"),
        _Words(("PATIENT NAME", "MED REC NO", "DOB", "ACCOUNT NO"), "caps", "military",
               "caps", "{name}   MED REC NO {number}   DOB {born}"),
        Look("DejaVu Sans", 8, "ledge", "sideplate", "tab", "cross", "slots",
             "cell", "strip2", _REPORT_HANDS, 1.25, margins=(0.4, 0.5, 0.6, 0.4)),
    ),
    _house(
        ("fairhaven", "report"), "Fairhaven Clinic",
        ("An association of physicians", "Fairhaven Professional Building, 9 Church Street",
         "Dorset, OH 44282"),
        _Words(("Patient", "Clinic No.", "Birth date", "Visit No."), "natural", "month",
               "title", "{name}   Clinic No. {number}   {page}"),
        Look("EB Garamond", 11.5, "monogram", "sentence", "smallbar", "airy", "prose",
             "dot", "mid", _REPORT_HANDS, 1.15, columns=2, colour="#7c4a12",
             margins=(0.8, 0.75, 0.8, 0.75)),
    ),
    _house(
        ("quayside", "report"), "QUAYSIDE DIAGNOSTICS INC",
        ("LAB / IMAGING / ECG", "17 QUAY STREET  HARLOW OH 44283  330-555-0188"),
        _Words(("Patient", "Patient No.", "DOB", "Accession"), "caps_plain", "iso", "caps",
               "{name}  Patient No. {number}  DOB {born}  PAGE {page} OF {pages}"),
        Look("Nimbus Mono PS", 9.5, "listing", "tworow", "plus", "hashes", "eq",
             "ex", "listing2", _REPORT_HANDS, 1.2, margins=(0.5, 0.5, 0.5, 0.7)),
    ),
    _house(
        ("harrow", "report"), "Harrow Hill Rehabilitation & Surgery Center",
        ("80 Harrow Hill Lane", "Harlow, Ohio 44283", "330-555-0119"),
        _Words(("Patient Name", "Record Number", "DOB", "Case No."), "comma", "dashes",
               "title", "{name}   Record Number {number}   Page {page}"),
        Look("URW Bookman", 9.5, "twin", "rightbox", "block2", "banded", "dashed",
             "tickline", "foot2", _REPORT_HANDS, 1.28, colour="#14532d",
             margins=(0.6, 0.7, 0.8, 0.7)),
    ),
    _house(
        ("lindenau", "report"), "LINDENAU MUNICIPAL HOSPITAL",
        ("Record Room", "3 Linden Square, Lindenau, MI 49077"),
        _Words(("Patient", "LMH File", "Born", "Admission"), "caps", "month", "caps",
               "{name}   LMH File {number}   sheet {page} of {pages}"),
        Look("URW Gothic", 9.5, "arch", "dotted2", "edge", "fence", "ladder",
             "ring", "end", _REPORT_HANDS, 1.25), own=False,
    ),
)  # fmt: skip

HOUSES: Mapping[Split, tuple[House, ...]] = {
    "train": _TRAIN,
    "tune": _TUNE,
    "report": _REPORT,
}
BY_KEY: Mapping[str, House] = {
    house.key: house for houses in HOUSES.values() for house in houses
}
