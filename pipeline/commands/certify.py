"""``certify``: the report of the wrong-patient rate of this site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from pipeline.certifying import Shown, certify, in_use, replay
from pipeline.commands.user import clerk_name
from pipeline.errors import InputError
from pipeline.review.certificate import Checked, upper_bound
from pipeline.review.ladder import AUTOMATIC, SUPERVISED
from pipeline.review.proof import types_certified
from pipeline.site import Site
from pipeline.wiring import reader_of, tools_of

WORDS = {AUTOMATIC: "1 in 10,000", SUPERVISED: "1 in 1,000", 1.0: "nothing"}
VOID = (
    "A new rule set, model or OCR engine voids it whole; a scanning station or a form"
    " that is not among those above is not covered; a clerk's report pauses a lane, a"
    " confirmed misfile or a sample that breaks the bound closes it. A ladder that is"
    " changed begins anew."
)


def run(site: Site, to: Path | None, out: Console, *, again: bool) -> None:
    """Count, keep and print; the report also into a file, with its JSON beside it."""
    if again:
        with reader_of(site.settings, workers=1) as reader:
            done = replay(site, tools_of(site, reader))
        out.print(f"{done} certificate documents answered anew by today's machine")
    shown = certify(site, clerk_name(), dt.datetime.now(dt.UTC))
    text = "\n".join(report(site, shown)) + "\n"
    if to is not None:
        try:
            to.write_text(text, "utf-8")
            to.with_suffix(".json").write_text(shown.certificate.report + "\n", "utf-8")
        except OSError as error:
            raise InputError(
                f"--out cannot be written: {error.strerror}; choose another file"
            ) from None
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def report(site: Site, shown: Shown) -> Iterator[str]:
    """The certificate in Markdown: n, errors, bound, coverage, and what voids it."""
    certificate, facts = shown.certificate, shown.facts
    yield "# Wrong-patient rate of this site"
    yield ""
    yield (
        f"By {certificate.by}, {certificate.at:%Y-%m-%d %H:%M} UTC. Certificate"
        f" {certificate.hash[:16]}, plan {certificate.plan}, pages"
        f" {str(facts['pages_sha256'])[:16]} (SHA-256)."
    )
    yield (
        f"Machine: {certificate.versions.rules}; {certificate.versions.models};"
        f" {certificate.versions.engine}."
    )
    yield (
        f"Answered by the machine from {facts['from']} until {facts['until']}, each"
        f" before its checks; {facts['replayed']} of {facts['documents']} documents are"
        " replays, of batches that never taught or compared a model."
    )
    yield ""
    yield from _rungs(site, shown)
    yield ""
    yield from _kinds(shown)
    yield from _types(site, shown)
    yield ""
    yield (
        f"{shown.proof.open} documents are in dispute and count as wrong until another"
        f" person decides; {shown.proof.unseen} that would have been filed were not"
        " checked and do not count. Earlier looks at pages of this plan:"
        f" {facts['looks_before']}; 95 % is meant for one look, the e-value holds for"
        " any number of them."
    )
    yield ""
    yield f"Stations: {', '.join(certificate.stations) or 'none'}."
    yield f"Forms: {', '.join(certificate.forms) or 'none'}."
    yield VOID


def _rungs(site: Site, shown: Shown) -> Iterator[str]:
    used = in_use(site)
    yield (
        "| patient_at_least | margin, bits | n | errors | at most (95 %) | coverage |"
        " e-value at 1 in 1,000 | certified |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for one, rate in zip(shown.proof.rungs, shown.proof.rates, strict=True):
        rung = one.rung
        yield (
            f"| {rung.patient_at_least}{' (in use)' if rung == used else ''} |"
            f" {rung.patient_margin} | {one.counts.documents:,} | {one.counts.wrong} |"
            f" {one.bound:.4%} | {one.coverage:.1%} | {one.evidence:.3g} |"
            f" {WORDS[rate]} |"
        )
    yield ""
    some = shown.proof.rungs[-1]
    how = (
        "one page of each batch, drawn by chance"
        if site.settings.certificate.page_a_batch
        else f"all pages, divided by the design effect ({some.effect:.1f} on the last)"
    )
    yield (
        f"n is {how}; the risk is of pages that are filed, not of pages scanned. The"
        " ladder was fixed beforehand and is gone down while it holds (fixed-sequence"
        " Learn-then-Test, exact binomial)."
    )


def _kinds(shown: Shown) -> Iterator[str]:
    last = shown.proof.rungs[-1]
    yield "| of the loosest rung | n | errors | at most (95 %) |"
    yield "|---|---|---|---|"
    yield from _rows(last.grounds)
    yield from _rows({f"station {k}": found for k, found in last.stations.items()})


def _types(site: Site, shown: Shown) -> Iterator[str]:
    at_most = site.settings.filing.type_error_at_most
    yield from _rows({f"type {k}": found for k, found in shown.proof.types.items()})
    sure = types_certified(shown.proof, at_most)
    yield ""
    yield (
        f"Types certified to be another type at most {at_most:.1%} of the time:"
        f" {', '.join(sure) or 'none yet'}."
    )


def _rows(found: Mapping[str, Checked]) -> Iterator[str]:
    for kind, counts in found.items():
        bound = f"{upper_bound(counts):.4%}"
        yield f"| {kind} | {counts.documents:,} | {counts.wrong} | {bound} |"
