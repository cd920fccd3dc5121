"""What a clerk would look at in a gap, each thing by itself."""

import numpy as np
import pytest

from pipeline.classify.features import Line, spread
from pipeline.classify.starts import (
    FEATURES,
    affinity,
    look_at,
    opening,
    weigh_gap,
    without_bundles,
)


def gap(before: list[str], after: list[str]) -> dict[str, float]:
    sides = [look_at(spread([(t, 1.0) for t in rows])) for rows in (before, after)]
    return dict(zip(FEATURES, weigh_gap(*sides, {}, 0.5), strict=True))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Page 2 of 3", (2, 3)),
        ("page: 2 / 3", (2, 3)),
        ("Pg 2 0f 3", (2, 3)),
        ("CAS-534 (Rev. 92) Page 40f 5", (4, 5)),
        ("CAS-534 (Rev. 92) Page Sof 5", (5, 5)),
        ("SAC-622 (Rev. 91) Paye 2 of 3", (2, 3)),
        ("Page l of 1", (1, 1)),
        ("2 of 3 pages", (2, 3)),
        ("Page 4", (4, 0)),
        ("- 2 -", (2, 0)),
        ("Page 5 of 3", (5, 0)),
        ("Page 37 of 200", (0, 0)),
        ("FAX 419 555 0147 PAGE 3/9", (0, 0)),
        ("FAX 419 555 0147 PAGE 1/9", (1, 0)),
        ("took 2 of 3 tablets", (0, 0)),
        ("nothing", (0, 0)),
    ],
)
def test_counts_are_read(text: str, count: tuple[int, int]) -> None:
    assert look_at([Line(text)]).count == count


def test_a_count_that_goes_on() -> None:
    found = gap(["text", "Page 1 of 2"], ["more", "Page 2 of 2"])
    assert found["continues the count"] == found["count was open"] == 1
    assert found["says a later page"] == 1
    assert found["says page 1"] == found["count was complete"] == 0


def test_a_count_that_begins_anew() -> None:
    found = gap(["text", "Page 2 of 2"], ["more", "Page 1 of 4"])
    assert found["count was complete"] == found["says page 1"] == 1
    assert found["continues the count"] == 0


def test_another_total_is_no_continuation() -> None:
    assert gap(["Page 1 of 2"], ["Page 2 of 5"])["continues the count"] == 0


def test_a_page_s_own_count_outweighs_the_fax() -> None:
    lines = [
        Line("03/04/2011 10:15 FROM-CLINIC +814 555 0100 P.7/9"),
        Line("Page 1 of 2"),
    ]
    assert look_at(lines).count == (1, 2)


def stamped(kinds: list[int], total: int = 50) -> list[tuple[int, int]]:
    sides = [
        look_at([Line(f"Page {i} of {total}")]) for i in range(11, 11 + len(kinds))
    ]
    types = [np.log([0.97, 0.02, 0.01])[[k, k - 1, k - 2]] for k in kinds]
    return [side.count for side in without_bundles(sides, types)]


def test_a_count_over_papers_of_many_types_is_a_bundle_s() -> None:
    assert set(stamped([0, 0, 1, 1, 2, 2, 0])) == {(0, 0)}
    assert stamped([0] * 8)[0] == (11, 50)  # one long paper
    assert stamped([0, 1, 2])[0] == (11, 50)  # too few pages to tell


def test_a_page_fed_twice_goes_on() -> None:
    found = gap(["Page 2 of 3"], ["Page 2 of 3"])
    assert found["same page again"] == 1
    assert found["count out of turn"] == 0


def test_a_later_page_of_another_paper_is_out_of_turn() -> None:
    assert gap(["Page 1 of 2"], ["Page 2 of 5"])["count out of turn"] == 1
    assert gap(["no count"], ["Page 2 of 5"])["count out of turn"] == 0


def test_a_folio_that_goes_on() -> None:
    assert gap(["MANNING, MARIA 3"], ["MANNING, MARIA 4"])["folio goes on"] == 1
    assert gap(["MANNING, MARIA 3"], ["MANNING, MARIA 3"])["folio goes on"] == 0


@pytest.mark.parametrize(
    ("before", "after", "same", "other"),
    [
        ("MER-740 (Rev. 98)", "MER-740 (Rev. 98) Page 2", 1, 0),
        ("MER-740 (Rev. 98)", "MER-741 (Rev. 98)", 0, 0),  # a figure may be misread
        ("MER-740 (Rev. 98)", "MER-120 (Rev. 92)", 0, 1),
        ("MER-740 (Rev. 98)", "none", 0, 0),
        ("Form No. 1500", "FORM 1500", 1, 0),
        ("MER-74O (Rev. 98)", "MER-740 (Rev 98)", 1, 0),
        ("HOL-410 (Rev. 94)", "HOL-41@ (Rev. 94)", 1, 0),
    ],
)
def test_forms_stay_or_change(before: str, after: str, same: int, other: int) -> None:
    found = gap(["text", before], ["more", after])
    assert (found["same form"], found["other form"]) == (same, other)


def test_titles_and_bodies_alike() -> None:
    found = gap(["CONSENT FORM", "for surgery"], ["CONSENT FORM", "for anesthesia"])
    assert found["titles like before"] == 1
    assert 0 < found["body like before"] < 1


def test_signatures_continuations_and_sentences() -> None:
    found = gap(["the wound", "Signed by the surgeon"], ["Operation (cont'd)"])
    assert found["signed off before"] == found["says continued"] == 1
    assert gap(["and the wound was"], ["closed in layers"])["sentence runs on"] == 1
    assert gap(["and that was all."], ["closed in layers"])["sentence runs on"] == 0


def test_heads_alike() -> None:
    same = ["River Hospital", "Ward 4"]
    assert gap(same, same)["head like before"] == 1
    assert gap(same, ["Other Clinic"])["head like before"] == 0


def test_openings_add_up_within_bounds() -> None:
    side = look_at([Line("consent for surgery consent")])
    assert opening(side, {"consent": 1.5, "surgery": -0.5}) == 1.0
    assert opening(side, {"consent": 99}) == 6
    assert opening(side, {"consent": -99}) == -6


def test_affinity_of_types() -> None:
    sure, other = np.log([0.98, 0.01, 0.01]), np.log([0.01, 0.98, 0.01])
    assert affinity(sure, sure) == pytest.approx(1)
    assert affinity(sure, other) < 0.3
