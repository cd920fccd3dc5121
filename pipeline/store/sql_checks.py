"""How right the machine is: its answers, people's checks, lanes and certificates.

No row is ever changed: a lane's state is its last event, the certificate that may hold
the last one, and a machine's answer is what it said before anybody looked.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from pipeline.checks import (
    Certificate,
    Check,
    LaneEvent,
    MachineAnswer,
    answered_last,
)
from pipeline.document import BatchId, DocumentId
from pipeline.store import check_rows, worklist_rows
from pipeline.store.books import chain, note
from pipeline.store.check_schema import (
    certificate,
    lane_event,
    machine_answer,
    site_key,
    verification,
)
from pipeline.store.database import Database, upsert, utc_now
from pipeline.store.packing import CERTIFICATE, CHECK, LANE, MACHINE
from pipeline.store.page_rows import portions
from pipeline.store.schema import history

UNCERTIFIED = "filed uncertified"  # an event of a document's history
AT_ONCE = 2000  # machine answers held at a time
LATE = 1000  # by how many numbers one transaction may be kept after another
_SECRET = "draws"  # noqa: S105 - the name of the key, not the key


@dataclass(frozen=True, slots=True)
class Newest:
    """The last lane event and certificate: while they are the same, so is all else."""

    lanes: int
    certificates: int


class SqlChecks:
    """Answers, checks, lanes and certificates over the catalogue's database.

    Raises StoreUnavailable.
    """

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock
        self._drawing = threading.Lock()
        # by share: until where the answers were looked at, and which are drawn
        self._draws: dict[float, tuple[int, frozenset[int]]] = {}

    # --- what the machine answered

    def keep_answer(self, answer: MachineAnswer) -> None:
        """Write down what the machine answered; the same again changes nothing.

        A document has one answer, another when something else is done with it (it was
        weighed again and is filed now), and one replay by each other machine.
        """
        with self.database.writing() as rows:
            kept = check_rows.machine_answers(rows, answer.document)
            if answer.replayed:
                if any(one.versions == answer.versions for one in kept):
                    return
            elif (last := answered_last(kept)) is not None and (
                (last.filed, last.blind) == (answer.filed, answer.blind)
            ):
                return
            values = {"document": answer.document, "answer": MACHINE.text(answer)}
            rows.execute(insert(machine_answer).values(**values, at=answer.at))
            if answer.filed and answer.certificate is None and not answer.replayed:
                of = (None, answer.document)
                note(rows, UNCERTIFIED, "rules", self._now(), of)

    def answers(self) -> Iterator[MachineAnswer]:
        """Every answer, oldest first, replays among them."""
        after = 0
        query = select(machine_answer).order_by(machine_answer.c.seq).limit(AT_ONCE)
        while True:
            with self.database.reading() as rows:
                some = rows.execute(query.where(machine_answer.c.seq > after)).all()
            if not some:
                return
            yield from (MACHINE.of_text(row.answer) for row in some)
            after = some[-1].seq

    def drawn(
        self, share: float, is_drawn: Callable[[DocumentId], bool]
    ) -> Iterator[MachineAnswer]:
        """Those of the documents that are drawn at this share 0..1, oldest first.

        Each is asked about once, for a few are drawn of very many.
        """
        for some in portions(self._drawn(share, is_drawn)):
            query = select(machine_answer.c.answer).order_by(machine_answer.c.seq)
            with self.database.reading() as rows:
                found = rows.scalars(query.where(machine_answer.c.seq.in_(some))).all()
            yield from map(MACHINE.of_text, found)

    def _drawn(self, share: float, is_drawn: Callable[[DocumentId], bool]) -> list[int]:
        """The numbers of their answers, after a look at those that came since."""
        named = select(machine_answer.c.seq, machine_answer.c.document)
        with self._drawing, self.database.reading() as rows:
            after, known = self._draws.get(share, (0, frozenset[int]()))
            new = named.where(machine_answer.c.seq > after)
            newest, drawn = after, set(known)
            for row in rows.execute(new.execution_options(yield_per=AT_ONCE)):
                newest = max(newest, row.seq - LATE)
                if is_drawn(DocumentId(row.document)):
                    drawn.add(row.seq)
            self._draws[share] = newest, frozenset(drawn)
            return sorted(drawn)

    def uncertified(self) -> int:
        """How many documents were filed without a certificate that covers them."""
        count = select(func.count()).where(history.c.event == UNCERTIFIED)
        with self.database.reading() as rows:
            return rows.scalar(count) or 0

    def answers_of(self, document: DocumentId) -> tuple[MachineAnswer, ...]:
        """What the machine said of one document, oldest first."""
        with self.database.reading() as rows:
            return check_rows.machine_answers(rows, document)

    # --- what people found

    def keep_check(self, check: Check) -> bool:
        """Keep a person's answer, audited; False if this person gave one before."""
        with self.database.writing() as rows:
            return check_rows.keep_check(rows, check)

    def checks(self) -> dict[DocumentId, list[Check]]:
        """Every check by document, oldest first."""
        found: defaultdict[DocumentId, list[Check]] = defaultdict(list)
        query = select(verification.c.verification).order_by(verification.c.seq)
        with self.database.reading() as rows:
            for text in rows.scalars(query):
                check = CHECK.of_text(text)
                found[check.document].append(check)
        return dict(found)

    def checks_of(self, document: DocumentId) -> list[Check]:
        """The checks of one document, oldest first."""
        query = select(verification.c.verification).order_by(verification.c.seq)
        with self.database.reading() as rows:
            own = rows.scalars(query.where(verification.c.document == document))
            return [CHECK.of_text(text) for text in own]

    # --- lanes and certificates

    def keep_event(self, event: LaneEvent) -> None:
        """Write down a change of a lane, audited by the document's id at most."""
        with self.database.writing() as rows:
            values = {"event": LANE.text(event), "at": event.at}
            rows.execute(insert(lane_event).values(**values))
            what = event.document or "lane"
            chain(rows, (event.by, f"{event.did} lane", what), self._now())

    def events(self) -> tuple[LaneEvent, ...]:
        """Every change of a lane, oldest first."""
        query = select(lane_event.c.event).order_by(lane_event.c.seq)
        with self.database.reading() as rows:
            return tuple(LANE.of_text(text) for text in rows.scalars(query))

    def keep_certificate(self, new: Certificate) -> None:
        """Write down a look at the pages, audited, whatever it showed."""
        with self.database.writing() as rows:
            values = {"certificate": CERTIFICATE.text(new), "at": new.at}
            rows.execute(insert(certificate).values(**values))
            did = "certified" if new.rungs else "looked for a certificate"
            chain(rows, (new.by, did, new.hash), self._now())

    def certificates(self) -> tuple[Certificate, ...]:
        """Every look, oldest first; those that showed nothing have no rungs."""
        query = select(certificate.c.certificate).order_by(certificate.c.seq)
        with self.database.reading() as rows:
            return tuple(CERTIFICATE.of_text(text) for text in rows.scalars(query))

    def newest(self) -> Newest:
        """Numbers that grow with every lane event and certificate."""
        lanes, looks = func.max(lane_event.c.seq), func.max(certificate.c.seq)
        with self.database.reading() as rows:
            return Newest(
                rows.scalar(select(lanes)) or 0, rows.scalar(select(looks)) or 0
            )

    # --- the site

    def secret(self) -> bytes:
        """What draws are keyed with: made once, 32 bytes."""
        query = select(site_key.c.value).where(site_key.c.name == _SECRET)
        with self.database.reading() as rows:
            if known := rows.scalar(query):
                return bytes(known)
        with self.database.writing() as rows:
            values = {"name": _SECRET, "value": secrets.token_bytes(32)}
            made = upsert(rows, site_key).values(**values).on_conflict_do_nothing()
            rows.execute(made)
            return bytes(rows.execute(query).scalar_one())

    def station(self, batch: BatchId) -> str:
        """Where a batch was scanned, as declared; "" for one that is not there."""
        with self.database.reading() as rows:
            return worklist_rows.station(rows, batch)
