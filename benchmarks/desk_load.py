"""How long a clerk waits for the desk: a long queue, a full record, clerks at work.

    python -m benchmarks.desk_load --data DIR [--waiting 100000] [--filed 1000000]

Fills a catalogue with made-up rows once, serves the desk from it on loopback, and lets
threads work as clerks who have signed in: next item, its screen, an answer, and now and
then the list. Prints what belongs into docs/measures.md. No worker files what they
answer.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.desk_rows import fill
from benchmarks.desk_server import PORT, serve, signed_in

EVERY_LIST = 5  # items between two looks at the list
FORM = urlencode({"action": "reject", "reason": "made up"})
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "text/html",
}
READY = 60.0  # seconds until the desk answers


class Clerk(threading.Thread):
    """One clerk with one connection; ``spent`` are seconds by what was asked."""

    def __init__(
        self, number: int, signed: tuple[str, str], until: float, think: float
    ) -> None:
        super().__init__()
        self.spent: defaultdict[str, list[float]] = defaultdict(list)
        self.refused = 0
        self.got: list[str] = []
        self._cookie, self._csrf = signed
        self._until, self._think = until, think
        self._dice = random.Random(number)
        self._line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def run(self) -> None:
        done = self._dice.randrange(EVERY_LIST)  # not all look at the list at once
        while time.monotonic() < self._until:
            if done % EVERY_LIST == 0:
                self._ask("list", "GET", "/")
            status, place = self._ask("next", "GET", "/next")
            if status != 303:
                return
            status, _ = self._ask("open", "GET", place)
            if status != 200:
                self.refused += 1
                continue
            status, _ = self._ask("answer", "POST", f"{place}/answer", FORM)
            self.refused += status != 303
            self.got.append(place)
            done += 1

    def _ask(self, what: str, how: str, path: str, body: str = "") -> tuple[int, str]:
        if self._think:
            time.sleep(self._dice.uniform(0.5, 1.5) * self._think)
        begun = time.perf_counter()
        headers = HEADERS | {"Cookie": f"desk={self._cookie}"}
        headers["X-CSRF-Token"] = self._csrf
        self._line.request(how, path, body or None, headers)
        answer = self._line.getresponse()
        answer.read()
        self.spent[what].append(time.perf_counter() - begun)
        return answer.status, answer.headers.get("location", "")


@contextmanager
def desk_at(data: Path) -> Iterator[None]:
    """The desk in a process of its own, until left."""
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(data,))
    server.start()
    try:
        wait_for(PORT)
        yield
    finally:
        server.terminate()
        server.join()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + READY
    while True:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=READY)
            line.request("GET", "/")
            line.getresponse().read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def told(clerks: list[Clerk]) -> Iterator[str]:
    """A table of the seconds, and whether anybody got another's item."""
    yield "| asked for | times | p50 | p95 | worst |"
    yield "|---|---|---|---|---|"
    for what in ("list", "next", "open", "answer"):
        spent = sorted(s * 1000 for one in clerks for s in one.spent[what])
        if len(spent) > 1:
            p95 = statistics.quantiles(spent, n=20)[-1]
            p50, worst = statistics.median(spent), spent[-1]
            yield (
                f"| {what} | {len(spent)} | {p50:.0f} ms | {p95:.0f} ms"
                f" | {worst:.0f} ms |"
            )
    got = [place for one in clerks for place in one.got]
    refused = sum(one.refused for one in clerks)
    twice = len(got) - len(set(got))
    yield f"{len(got)} items, {twice} of them twice, {refused} refused"


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--data", type=Path, required=True)
    said.add_argument("--waiting", type=int, default=100_000)
    said.add_argument("--filed", type=int, default=1_000_000, help="pages")
    said.add_argument("--clerks", type=int, default=20)
    said.add_argument("--seconds", type=float, default=60.0)
    said.add_argument(
        "--think", type=float, default=2.0, help="seconds before each request, mean"
    )
    given = said.parse_args()
    begun = time.monotonic()
    if fill(given.data, given.waiting, given.filed):
        print(f"filled in {time.monotonic() - begun:.0f} s")
    with desk_at(given.data):
        until = time.monotonic() + given.seconds
        clerks = [
            Clerk(n, signed, until, given.think)
            for n, signed in enumerate(signed_in(given.data, given.clerks))
        ]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
    print("\n".join(told(clerks)))


if __name__ == "__main__":
    main()
