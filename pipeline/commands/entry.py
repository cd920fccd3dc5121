"""``entry``: what was keyed from filed papers leaves as a proposal."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from rich.console import Console

from pipeline.bundles import bundle_of
from pipeline.commands.private_list import private, write_private
from pipeline.commands.user import clerk_name
from pipeline.entering import COLUMNS
from pipeline.site import Site
from pipeline.wiring import entering_of

EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def export(
    site: Site,
    file: Path,
    since: dt.datetime | None,
    out: Console,
    fhir: Path | None = None,
) -> None:
    """What was settled since that moment; the files are 0600."""
    proposed = list(entering_of(site).proposed(since or EVER, lambda _filed: True))
    write_private(file, COLUMNS, proposed)
    if fhir is not None:
        with private(fhir) as bundle:
            json.dump(bundle_of(proposed, dt.datetime.now(dt.UTC)), bundle, indent=1)
    site.catalogue.audit(clerk_name(), "exported", "data entry")
    differing = sum(row["differs"] != "" for row in proposed)
    out.print(f"{len(proposed)} fields, {differing} differ from the index")
