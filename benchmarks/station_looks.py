"""How soon the station says green or red after a batch has come in.

    python -m benchmarks.station_looks FILE... [--workers 2]

Each file is one batch of a new data folder, looked at as ``chartfiler serve`` does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import tempfile
import time
from pathlib import Path

from pipeline.document import Batch, BatchId, SourceFile
from pipeline.ingest.stack import state_of
from pipeline.site import Site, open_site
from pipeline.station import FirstLooks
from pipeline.wiring import index_rules, reader_of


def receive(site: Site, file: Path) -> BatchId:
    """As intake does: the original stored, then the batch in the books."""
    data = file.read_bytes()
    key = site.objects.put(data, {})
    id_ = BatchId(hashlib.sha256(data).hexdigest()[:16])
    source = SourceFile(file.name, key, len(data))
    now = dt.datetime.now(dt.UTC)
    return site.catalogue.receive(Batch(id_, now, "station", (source,)))


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("files", type=Path, nargs="+")
    said.add_argument("--workers", type=int, default=2)
    given = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = open_site(Path(folder) / "data")
        with reader_of(site.settings, workers=given.workers) as pool:
            pool.prepare()
            looks = FirstLooks(site, pool, index_rules(site.data, site.people).clues)
            for file in given.files:
                batch = receive(site, file)
                begun = time.perf_counter()
                looks.turn()
                spent = time.perf_counter() - begun
                found = site.arrivals.of(batch)
                if found is None or found.look is None:
                    print("looked at before: a copy")
                    continue
                sides = found.look.sides
                state = state_of(found.look.faults, sides, sides)
                print(f"{sides} sides, {state}: {spent:.1f} s")


if __name__ == "__main__":
    main()
