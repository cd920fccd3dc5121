"""The local types of the benchmark: distinct, shared, and written the same again."""

import numpy as np

from benchmarks.local_numbers import numbers_seen, with_numbers
from benchmarks.local_papers import local_types, pages_of, papers
from benchmarks.local_types import figures, likes, written
from benchmarks.type_samples import SHIPPED
from pipeline.classify.site_fit import SitePages, fit_site
from pipeline.classify.text_model import load_model


def test_three_hundred_types_share_the_shipped_ones():
    found = local_types(1)
    assert len({local.key for local in found}) == 300
    assert len({local.like for local in found}) < 60
    assert sum(bool(local.service) for local in found) == 100
    assert found == local_types(1) != local_types(2)


def test_a_service_is_printed_on_top_of_the_first_page_only():
    local = next(one for one in local_types(1) if one.service)
    for paper in papers(local, 0, 3, 1):
        first, *others = pages_of(paper, local, "d")
        assert local.service in first.lines[0].text
        assert not any(f"Department of {local.service}" in line.text
                       for page in others for line in page.lines)  # fmt: skip


def test_papers_after_the_first_are_other_papers():
    local = local_types(1)[0]
    once, again = [*papers(local, 0, 3, 1)], [*papers(local, 1, 2, 1)]
    assert once[1:] == again
    assert once[0] != once[1]


def test_the_table_counts_documents():
    base = load_model(SHIPPED)
    some = local_types(1, 3)
    learned, tested = (written(some, first, 6, 1, base) for first in (0, 6))
    site = fit_site(SitePages(learned.pages, learned.base, base.types, likes(some)))
    first, five, shipped = map(float, figures(site, tested, likes(some)).split("|"))
    assert 0.8 <= first <= five <= 1
    assert shipped == 1


def test_form_numbers_part_types_that_words_do_not():
    base = load_model(SHIPPED)
    some = local_types(1, 3)
    pages = [written(some, first, 6, 1, base, numbered=True) for first in (0, 6)]
    table = numbers_seen(pages[0].pages)
    assert all(len(types) == 1 for types in table.values())
    assert len(table) >= len(some)
    flat = np.zeros((len(pages[1].pages), len(some)))
    keys = tuple(local.key for local in some)
    told = with_numbers(keys, flat - np.log(len(some)), pages[1].pages, table)
    best = [keys[i] for i in told.argmax(axis=1)]
    right = [a == b.type for a, b in zip(best, pages[1].pages, strict=True)]
    assert np.mean(right) > 0.7
