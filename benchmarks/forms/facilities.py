"""The houses whose paper lies in a chart: letterheads, label words, dates, names."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.forms.people import Person


@dataclass(frozen=True, slots=True)
class Facility:
    """One house and its way of printing; fonts are names of the samples' type cases."""

    key: str
    name: str
    address: tuple[str, ...]
    font: str
    letterhead: str
    name_label: str
    number_label: str
    birth_label: str
    visit_label: str
    name_style: str
    date_style: str
    identity: str
    headings: str
    runner: str
    own: bool = True


def _short(day: dt.date, pattern: str) -> str:
    return f"{day.day}-{day:{pattern}}"


_DATES: dict[str, Callable[[dt.date], str]] = {
    "slashes": lambda day: f"{day:%m/%d/%Y}",
    "short": lambda day: f"{day:%m/%d/%y}",
    "dashes": lambda day: _short(day, "%b-%y"),
    "month": lambda day: f"{day:%B} {day.day}, {day.year}",
    "iso": lambda day: f"{day:%Y-%m-%d}",
    "military": lambda day: f"{day:%d %b %Y}".upper(),
    "hyphens": lambda day: f"{day:%m-%d-%Y}",
}


def print_date(day: dt.date, style: str) -> str:
    """The date as a house of that style prints it."""
    return _DATES[style](day)


def print_name(person: Person, style: str) -> str:
    """The patient's name as a house of that style prints it."""
    initial = person.middle_name[:1]
    suffix = f" {person.suffix}" if person.suffix else ""
    last = person.last_name + suffix
    match style:
        case "caps":
            return f"{last}, {person.first_name} {initial}".upper().strip()
        case "comma":
            dot = f" {initial}." if initial else ""
            return f"{last}, {person.first_name}{dot}"
        case "caps_plain":
            return " ".join(f"{last} {person.first_name} {initial}".upper().split())
        case "caps_natural":
            natural = f"{person.first_name} {initial} {last}".upper()
            return " ".join(natural.split())
        case _:
            dot = f" {initial}." if initial else ""
            return f"{person.first_name}{dot} {last}"


FACILITIES = (
    Facility(
        "eastvale", "EASTVALE REGIONAL HOSPITAL",
        ("1400 Foundry Road, Eastvale Falls, OH 44299", "Tel 330-555-0140"),
        "sans", "centre", "Patient", "MRN", "DOB", "Acct #", "caps", "slashes",
        "table", "caps", "{name}   MRN: {number}   Page {page} of {pages}",
    ),
    Facility(
        "hadley", "Port Hadley Medical Center",
        ("22 Harbor Avenue", "Port Hadley, Ohio 44298", "Telephone (330) 555-0122"),
        "serif", "left", "Patient Name", "Med Rec No.", "Date of Birth", "Visit No.",
        "natural", "month", "fields", "title", "{name}   Page {page}",
    ),
    Facility(
        "stbrannoc", "ST. BRANNOC HOSPITAL",
        ("MEDICAL RECORDS DEPARTMENT", "P.O. BOX 88, MILLBROOK JUNCTION, OH 44297"),
        "typewriter", "centre", "NAME", "HOSP. NO.", "BIRTHDATE", "ADM. NO.",
        "caps", "dashes", "line", "colon", "{name} - continued    {page}/{pages}",
    ),
    Facility(
        "larchhill", "Larch Hill Family Practice",
        ("Suite 4, 310 Orchard Lane, Larch Hill, PA 16899",
         "814-555-0177  Fax 814-555-0178"),
        "dejavu", "left", "Name", "Chart #", "Birthdate", "Visit",
        "comma", "short", "fields", "title", "{name}    DOB {born}",
    ),
    Facility(
        "arden", "New Arden Surgical & Specialty Clinics",
        ("A member of Eastvale Regional Health",
         "77 Quarry Drive, New Arden, OH 44296"),
        "narrow", "banner", "Pt Name", "MR#", "D.O.B.", "Encounter",
        "caps_natural", "hyphens", "table", "caps", "Page {page} of {pages}",
    ),
    Facility(
        "cobbs", "COBBS LANDING COMMUNITY HOSPITAL",
        ("9 Depot Street, Cobbs Landing, PA 16898",),
        "dejavuserif", "centre", "PATIENT", "MEDICAL RECORD #", "DATE OF BIRTH", "FIN",
        "caps_plain", "military", "line", "caps",
        "{name}  {number}  DATE OF BIRTH {born}",
    ),
    Facility(
        "tamarack", "Tamarack Diagnostic Services",
        ("Laboratory - Imaging - Cardiology",
         "500 Clearwater Road, Eastvale Falls, OH 44299"),
        "mono", "left", "Patient", "Patient ID", "DOB", "Order No.",
        "caps", "iso", "fields", "colon",
        "Patient: {name}  DOB: {born}  Page {page} of {pages}",
    ),
    Facility(
        "ridgeway", "Ridgeway Health Network",
        ("Caring for the valley", "2100 Ridgeway Drive, Port Hadley, OH 44298"),
        "sans", "banner", "Patient's name", "Record number", "Born", "Account",
        "natural", "slashes", "table", "title", "{name}  Record number {number}",
    ),
)  # fmt: skip

OUTSIDE = (
    Facility(
        "gilead", "GILEAD VALLEY GENERAL HOSPITAL",
        ("60 Chestnut Court, Three Mills, WV 26099", "Health Information Management"),
        "serif", "centre", "Patient", "GVG No.", "DOB", "Case No.", "caps", "slashes",
        "table", "caps", "{name}  GVG No. {number}  Page {page} of {pages}", own=False,
    ),
    Facility(
        "sandpiper", "Sandpiper Clinic, P.C.",
        ("18 Kestrel Lane, Dunmore Bay, MI 49099", "Phone 906-555-0119"),
        "typewriter", "left", "Patient", "Our file", "Born", "Ref.",
        "natural", "month", "fields", "title", "{name}, page {page}", own=False,
    ),
)  # fmt: skip
