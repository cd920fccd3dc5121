"""Pages for roles: prose and signature lines of our own, and pages of the forms."""

import datetime as dt
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.forms.facilities import FACILITIES, OUTSIDE, print_date
from benchmarks.forms.facilities import print_name as printed
from benchmarks.forms.grammar import Speaker
from benchmarks.forms.paper import Identity
from benchmarks.forms.people import TOWNS, Person, make_person
from benchmarks.forms.writing import LEXICON, TEMPLATES, Order, make_case, write
from benchmarks.roles.names import KIN, Namer, Split, mark, unmark

_TEXTS = Path(__file__).parent / "texts.txt"
_HOUSES: dict[Split, tuple[str, ...]] = {
    "train": ("eastvale", "hadley", "stbrannoc", "larchhill", "arden", "sandpiper"),
    "tune": ("tamarack", "ridgeway"),
    "report": ("cobbs", "gilead"),
}
_SLIPS = {
    "l": "1", "1": "l", "O": "0", "0": "O", "e": "c", "c": "e", "o": "a", "a": "o",
    "I": "l", "S": "5", "n": "u", "h": "b", "t": "f", ".": ",", ",": ".", "i": "j",
}  # fmt: skip
_STYLES = ("natural", "natural", "natural", "comma", "caps", "caps_natural")


@dataclass(frozen=True, slots=True)
class RolePage:
    """One page's text, columns three blanks apart, and whose names stand where."""

    source: str  # "forms/<house>" or "prose"
    split: Split
    text: str
    names: tuple[tuple[int, int, str], ...]
    subject: str  # FAMILY|GIVEN, as the page's patient is registered


def pages_of(split: Split, count: int, seed: int) -> Iterator[RolePage]:
    """An equal number of prose and forms pages; the same for the same seed."""
    for number in range(count):
        rng = Random(f"roles/{seed}/{split}/{number}")
        yield prose_page(split, rng) if number % 2 else form_page(split, rng)


# --- forms --------------------------------------------------------------------------


def form_page(split: Split, rng: Random) -> RolePage:
    """A page of one paper of the forms, in a house of the split."""
    namer = Namer(split, rng)
    kind = rng.choice(sorted(TEMPLATES))
    house = rng.choice([h for h in (*FACILITIES, *OUTSIDE) if h.key in _HOUSES[split]])
    patient = make_person(rng, 19)
    patient = replace(
        patient,
        last_name=namer.last(),
        first_name=namer.first(patient.sex),
        middle_name=rng.choice(("", namer.first(patient.sex))),
    )
    case = replace(
        make_case(rng, patient, house),
        doctor=mark(namer.full(), "clinician"),
        other_doctor=mark(namer.full(), "clinician"),
    )
    said = {
        "natural": mark(printed(patient, "natural"), "subject"),
        "nurse": mark(namer.full(), "clinician"),
        "witness": mark(namer.full(), "other"),
        "relative": mark(namer.full(rng.choice((patient.last_name, ""))), "other"),
    }
    shows = Identity(
        mark(printed(patient, house.name_style), "subject"), patient.mrn,
        print_date(patient.birth_date, house.date_style), case.visit,
    )  # fmt: skip
    showing = rng.choice(("full", "name", "page", "none", "none"))
    order = Order(kind, case, rng.randrange(3), shows, showing, said=said)  # type: ignore[arg-type]  # one of the four words
    page = rng.choice(write(order, rng).pages)
    text = "\n".join(row.text for row in page if row.text)
    who = f"{patient.last_name}|{patient.first_name}"
    return _finish(text, f"forms/{house.key}", split, who, rng)


# --- prose --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who is named on a page, mostly more than once each."""

    patient: Person
    clinicians: tuple[str, ...]
    others: tuple[str, ...]


def prose_page(split: Split, rng: Random) -> RolePage:
    """A page of running text and signature lines, with no labelled patient."""
    namer = Namer(split, rng)
    sex = rng.choice("MF")
    first, last = namer.first(sex), namer.last()
    patient = replace(
        make_person(rng, 19), first_name=first, last_name=last,
        middle_name=rng.choice(("", namer.first(sex))), sex=sex,
    )  # fmt: skip
    cast = _Cast(
        patient,
        tuple(namer.full() for _ in range(rng.randint(1, 2))),
        tuple(namer.full(rng.choice(("", last))) for _ in range(rng.randint(1, 2))),
    )
    rows = [_say(line, cast, namer) for line in _some("lines", split, rng, 0, 3)]
    for _ in range(rng.randint(1, 3)):
        lines = _some("prose", split, rng, 0, 3)
        lines += [_made(split, rng) for _ in range(rng.randint(2, 5))]
        rng.shuffle(lines)
        rows.append(_paragraph([_say(line, cast, namer) for line in lines], rng))
    rows += [_say(line, cast, namer) for line in _some("lines", split, rng, 1, 4)]
    text = "\n".join(rows).replace(" | ", "\n").replace("\u00a0", " ")
    return _finish(text, "prose", split, f"{last}|{first}", rng)


def _paragraph(said: list[str], rng: Random) -> str:
    if rng.random() < 0.2:
        return "\n".join(said)
    whole = " ".join(line.replace(" | ", " ") for line in said)
    return "\n".join(textwrap.wrap(whole, rng.randint(64, 98)))


def _some(block: str, split: Split, rng: Random, low: int, high: int) -> list[str]:
    lines = [line for at, line in enumerate(_BLOCKS[block]) if _split_of(at) == split]
    return rng.sample(lines, min(rng.randint(low, high), len(lines)))


_SIGNS = {"subject": "{S}", "clinician": "{C}", "other": "{O}"}
_BEFORE = (
    "Today", "On {date}", "At {time}", "Yesterday", "This morning", "Since {date}",
    "As you know,", "In summary,", "Later,", "In {year}", "Overnight", "Then",
)  # fmt: skip
_AFTER = (" on {date}", " today", " at {time}", "", "", "", " again", ", as planned")


def _made(split: Split, rng: Random) -> str:
    """A sentence put together from what comes before a name and what follows it."""
    role = rng.choice(("subject", "subject", "clinician", "other"))
    name = _SIGNS[role]
    does, to = (
        _some(f"{role} does", split, rng, 1, 1),
        _some(f"to {role}", split, rng, 1, 1),
    )
    match rng.randrange(4):
        case 0:
            return f"{name} {does[0]}{rng.choice(_AFTER)}."
        case 1:
            return f"{rng.choice(_BEFORE)} {name} {does[0]}."
        case 2:
            return f"{to[0][0].upper()}{to[0][1:]} {name}{rng.choice(_AFTER)}."
        case _:
            comma = "," if to[0].endswith(",") else ""
            return f"{to[0][0].upper()}{to[0][1:]} {name}{comma} {does[0]}."


def _split_of(at: int) -> Split:
    match at % 5:
        case 0:
            return "report"
        case 3:
            return "tune"
        case _:
            return "train"


def _say(line: str, cast: _Cast, namer: Namer) -> str:
    rng = namer.rng
    style = rng.choice(_STYLES) if line.startswith("{S}") else "natural"
    subject = printed(cast.patient, style)
    if rng.random() < 0.1:
        subject = subject.upper()
    day = dt.date(1998, 1, 1) + dt.timedelta(days=rng.randrange(5800))
    facts = {
        "S": _whole(mark(subject, "subject"), rng),
        "C": _whole(mark(rng.choice(cast.clinicians), "clinician"), rng),
        "O": _whole(mark(rng.choice(cast.others), "other"), rng),
        "L": namer.last(),
        "age": str(rng.randint(19, 93)),
        "n": str(rng.randint(2, 40)),
        "year": str(rng.randint(1962, 2012)),
        "date": print_date(day, rng.choice(("slashes", "short", "month", "dashes"))),
        "town": rng.choice(TOWNS)[0],
        "kin": rng.choice(KIN),
    }
    return (
        Speaker(LEXICON, facts, rng)
        .say(line.replace("   ", "\ue020"))
        .replace("\ue020", "   ")
    )


def _whole(name: str, rng: Random) -> str:
    """Mostly not broken at the end of a line."""
    return name.replace(" ", "\u00a0") if rng.random() < 0.85 else name


# --- both ---------------------------------------------------------------------------


def _finish(text: str, source: str, split: Split, who: str, rng: Random) -> RolePage:
    plain, names = unmark(text)
    if rng.random() < 0.05:
        plain = plain.upper()
    if rng.random() < 0.4:
        rate = rng.choice((0.004, 0.012, 0.025))
        plain = "".join(
            _SLIPS[c] if c in _SLIPS and rng.random() < rate else c for c in plain
        )
    return RolePage(source, split, plain, tuple(names), who)


def _read_blocks() -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for line in _TEXTS.read_text("utf-8").splitlines():
        if line.startswith("== "):
            blocks[line[3:]] = current = []
        elif line and not line.startswith("#"):
            current.append(line)
    return blocks


_BLOCKS = _read_blocks()
