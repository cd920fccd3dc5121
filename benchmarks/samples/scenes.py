"""The piles that come to the scanner: chart, day's papers, old volume, strays."""

import datetime as dt
from dataclasses import replace
from random import Random

from benchmarks.forms.facilities import print_date
from benchmarks.forms.paper import Identity, Showing
from benchmarks.samples.cast import MAIDEN_NAME, Cast
from benchmarks.samples.covers import cover, patch_sheet, separator, type_cover
from benchmarks.samples.desk import Desk, Leaf, Wish, faxed, laid, received
from benchmarks.samples.furniture import creases, shimmer, stick_label
from benchmarks.samples.scanner import Look

_DAY = dt.timedelta(days=1)


def legacy_chart(cast: Cast, seed: int, dpi: int) -> list[Leaf]:
    """One patient's mixed papers without separators, with what goes wrong in them."""
    look = Look(noise=2.2, blur=0.55)
    desk = Desk("chart", cast, Random(f"chart/{seed}"), dpi, base=look)
    one, (first, second) = cast.roles["chart"], cast.stays_of("chart")
    start = desk.papers(
        Wish("face_sheet", "eastvale", one, first.admit, first, length=1),
        Wish("history_and_physical", "eastvale", one, first.admit, first, variant=1,
             length=2, doctor=cast.roles["doctor"].full_name),
        Wish("physician_orders", "stbrannoc", one, first.admit, first),
        Wish("progress_note", "stbrannoc", one, first.admit + _DAY, first, length=2,
             continuation="name"),
        Wish("laboratory_report", "tamarack", one, first.admit + _DAY, first),
    )  # fmt: skip
    strange = desk.papers(_foreign_page(cast))
    middle = desk.papers(
        Wish("imaging_report", "tamarack", one, first.admit + 2 * _DAY, variant=2),
        Wish("consultation", "hadley", one, first.admit + 2 * _DAY, first),
        Wish(
            "consent_procedure",
            "eastvale",
            one,
            first.admit + 3 * _DAY,
            first,
            continuation="name",
        ),
    )
    sideways, upside = _turned_pages(desk, cast)
    operation = desk.papers(
        Wish("operative_note", "arden", one, first.admit + 3 * _DAY, first, variant=1),
        Wish("nursing_note", "stbrannoc", one, first.admit + 3 * _DAY, first),
    )
    end = desk.papers(
        Wish("discharge_summary", "eastvale", one, first.discharge, first, length=3,
             continuation="page"),
    )  # fmt: skip
    post = _post(desk, cast)
    later = desk.papers(
        Wish("emergency_note", "cobbs", one, second.admit, second, variant=2)
    )
    holed = [*start, *strange, *middle, *sideways, *upside, *operation]
    back = desk.blank_back(holed[-1])
    return [*_holed(_through(holed), 3), back, *end, *post, *later]


def _foreign_page(cast: Cast) -> Wish:
    stay = cast.stays_of("foreign")[0]
    return Wish(
        "laboratory_report", "tamarack", cast.roles["foreign"], stay.admit + _DAY,
        stay, variant=2, trap="foreign page",
    )  # fmt: skip


def _turned_pages(desk: Desk, cast: Cast) -> tuple[list[Leaf], list[Leaf]]:
    one, stay = cast.roles["chart"], cast.stays_of("chart")[0]
    day = stay.admit + 3 * _DAY
    signs = desk.paper(Wish("vital_signs", "eastvale", one, day, stay, variant=2))
    doses = desk.paper(
        Wish("medication_administration", "eastvale", one, day, stay, variant=1)
    )
    return (
        [laid(leaf, 90) for leaf in signs[:1]] + signs[1:],
        [laid(leaf, 180) for leaf in doses[:1]] + doses[1:],
    )


def _post(desk: Desk, cast: Cast) -> list[Leaf]:
    """A letter with the mail room's stamp and a tracing that came by fax."""
    one, second = cast.roles["chart"], cast.stays_of("chart")[1]
    written = second.admit - 40 * _DAY
    letter = desk.paper(Wish("letter", "hadley", one, written))
    creases(letter[0].image, desk.rng)
    stamped = received(letter[0], written + 9 * _DAY, desk.rng, desk.dpi)
    traced = second.admit - 12 * _DAY
    tracing = desk.paper(
        Wish("ecg_report", "larchhill", one, traced, variant=1, numbered=False)
    )
    moment = dt.datetime.combine(second.admit, dt.time(9, 14), dt.UTC)
    copied = replace(tracing[0].look, copied=True, noise=4)
    fax = faxed(replace(tracing[0], look=copied), moment, "01/01", desk.dpi)
    return [stamped, *letter[1:], fax, *tracing[1:]]


def _through(leaves: list[Leaf]) -> list[Leaf]:
    """Every third sheet is thin: the print of the next shows through its paper."""
    return [
        replace(leaf, image=shimmer(leaf.image, after.image, 0.05))
        if i % 3 == 1
        else leaf
        for i, (leaf, after) in enumerate(
            zip(leaves, [*leaves[1:], leaves[0]], strict=True)
        )
    ]


def _holed(leaves: list[Leaf], holes: int) -> list[Leaf]:
    return [
        replace(leaf, look=replace(leaf.look, holes=holes if i % 5 else 0))
        for i, leaf in enumerate(leaves)
    ]


def day_forward(cast: Cast, seed: int, dpi: int) -> list[Leaf]:
    """A day's papers of three patients behind barcode covers."""
    desk = Desk("day", cast, Random(f"day/{seed}"), dpi, base=Look(noise=4, blur=0.5))
    morning, noon, evening = (
        cast.roles[name] for name in ("morning", "noon", "evening")
    )
    stay, late = cast.stays_of("morning")[0], cast.stays_of("evening")[0]
    noon_day = dt.date(2012, 10, 3)
    page: Showing = "page"
    leaves = [cover(desk, morning.mrn), type_cover(desk, "consent_treatment")]
    leaves += desk.papers(
        Wish("consent_treatment", "eastvale", morning, stay.admit, stay)
    )
    leaves += [separator(desk)]
    leaves += desk.papers(
        Wish("progress_note", "ridgeway", morning, stay.admit + _DAY, stay)
    )
    leaves += [patch_sheet(desk)]
    leaves += desk.papers(
        Wish(
            "laboratory_report", "tamarack", morning, stay.admit + _DAY, stay, variant=1
        )
    )
    leaves += [cover(desk, noon.mrn, square=True)]
    leaves += desk.papers(
        Wish("prescription", "larchhill", noon, noon_day, numbered=False),
        Wish("telephone_encounter", "larchhill", noon, noon_day, variant=1),
    )
    leaves += [cover(desk, evening.mrn)]
    leaves += desk.papers(
        Wish("patient_instructions", "cobbs", evening, late.discharge, late,
             length=2, continuation=page),
    )  # fmt: skip
    return leaves


_VOLUME = (
    ("face_sheet", "stbrannoc"), ("history_and_physical", "stbrannoc"),
    ("consultation", "hadley"), ("laboratory_report", "tamarack"),
    ("pathology_report", "tamarack"), ("operative_note", "stbrannoc"),
    ("anesthesia_record", "eastvale"), ("progress_note", "stbrannoc"),
    ("nursing_note", "cobbs"), ("medication_list", "ridgeway"),
    ("outside_records", "gilead"), ("echocardiogram_report", "tamarack"),
    ("discharge_summary", "stbrannoc"), ("release_authorization", "eastvale"),
    ("privacy_acknowledgement", "ridgeway"), ("insurance_card", "eastvale"),
    ("advance_directive", "cobbs"), ("referral", "larchhill"),
    ("imaging_report", "tamarack"), ("telephone_encounter", "larchhill"),
    ("procedure_note", "arden"), ("transfer_summary", "cobbs"),
    ("administrative", "ridgeway"), ("therapy_note", "arden"),
    ("triage_note", "eastvale"), ("immunization_record", "larchhill"),
    ("progress_note", "ridgeway"), ("letter", "hadley"),
)  # fmt: skip


def old_volume(cast: Cast, seed: int, dpi: int, count: int = 30) -> list[Leaf]:
    """Exactly `count` pages of one patient's old volume, one of them a blank back."""
    look = Look(noise=5, blur=0.7)
    desk = Desk("volume", cast, Random(f"volume/{seed}"), dpi, base=look)
    one, stay = cast.roles["volume"], cast.stays_of("volume")[0]
    leaves: list[Leaf] = []
    for i, (kind, house) in enumerate(_VOLUME):
        inside = i < 13 and house != "gilead"
        day = stay.admit + min(i // 2, (stay.discharge - stay.admit).days) * _DAY
        service = day if inside else stay.discharge + 37 * i * _DAY
        if kind == "discharge_summary":
            service = stay.discharge
        showing: Showing = ("full", "name", "page")[i % 3]
        made = desk.paper(
            Wish(kind, house, one, service, stay if inside else None,
                 continuation=showing, variant=i % 3)
        )  # fmt: skip
        if len(leaves) + len(made) <= count - 1:
            leaves += _worn(made) if i % 7 == 3 else made
    leaves.insert(17, desk.blank_back(leaves[16]))
    return leaves


def _worn(leaves: list[Leaf]) -> list[Leaf]:
    """Copies of copies: dark edge, pepper, thick dust."""
    return [
        replace(leaf, look=replace(leaf.look, copied=True, dust=160, noise=9))
        for leaf in leaves
    ]


def strays(cast: Cast, seed: int, dpi: int) -> dict[str, list[Leaf]]:
    """Loose single pages by file name, each with its own difficulty."""
    look = Look(noise=2.0, blur=0.6)
    desk = Desk("loose", cast, Random(f"loose/{seed}"), dpi, base=look)
    roles = cast.roles
    twin, married, merged = roles["twin"], roles["married"], roles["merged"]
    initial = Identity(
        f"{twin.last_name}, {twin.first_name[0]}".upper(), None,
        print_date(twin.birth_date, "slashes"), None,
    )  # fmt: skip
    maiden = replace(married, last_name=MAIDEN_NAME)
    day = dt.date(2011, 3, 9)
    wishes = {
        "SCAN_0412.jpg": Wish("emergency_note", "gilead", cast.stranger,
                              dt.date(2010, 7, 21), trap="not in index"),
        "SCAN_0413.jpg": Wish("laboratory_report", "eastvale", twin, day, shows=initial,
                              variant=2, trap="twins"),
        "SCAN_0414.jpg": Wish("imaging_report", "ridgeway", roles["label"],
                              dt.date(2012, 5, 30), trap="label"),
        "SCAN_0415.jpg": Wish("referral", "larchhill", married, dt.date(1999, 11, 16),
                              printed=maiden, numbered=False, trap="former name"),
        "SCAN_0416.jpg": Wish("consultation", "hadley", roles["junior"],
                              dt.date(2008, 2, 4), trap="junior and senior"),
        "SCAN_0417.jpg": Wish("pathology_report", "tamarack", merged,
                              dt.date(2006, 9, 12), trap="merged number"),
    }  # fmt: skip
    leaves = {name: desk.paper(wish)[:1] for name, wish in wishes.items()}
    came = dt.date(2010, 8, 2)
    leaves["SCAN_0412.jpg"] = [
        received(leaves["SCAN_0412.jpg"][0], came, desk.rng, dpi)
    ]
    leaves["SCAN_0414.jpg"] = [_labelled(desk, leaves["SCAN_0414.jpg"][0], cast)]
    return leaves


def _labelled(desk: Desk, leaf: Leaf, cast: Cast) -> Leaf:
    person = cast.roles["label"]
    lines = (
        f"{person.last_name}, {person.first_name} {person.middle_name[:1]}".upper(),
        f"DOB {person.birth_date:%m/%d/%Y}  {person.sex}",
        f"MRN {person.mrn}",
    )
    stick_label(leaf.image, lines, person.mrn, desk.dpi, desk.rng)
    text = "\n".join((*lines, leaf.truth.text))
    return replace(leaf, truth=replace(leaf.truth, text=text))


def outside_letter(cast: Cast, seed: int, dpi: int) -> list[Leaf]:
    """A letter of two pages; the second names nobody but its page number."""
    writer = cast.roles["writer"]
    for attempt in range(12):
        rng = Random(f"letter/{seed}/{attempt}")
        desk = Desk("letter", cast, rng, dpi, base=Look(noise=2.0))
        leaves = desk.paper(
            Wish("letter", "sandpiper", writer, dt.date(2013, 4, 3), length=3,
                 continuation="page", variant=attempt % 3)
        )  # fmt: skip
        if len(leaves) == 2 and leaves[1].truth.text.count("\n") > 7:
            break
    for leaf in leaves:
        creases(leaf.image, desk.rng)
    return leaves
