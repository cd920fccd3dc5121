"""Durable runs of the journey: the only module that knows DBOS.

One workflow a batch, in steps of some pages or some documents; a step's result is
remembered, so that a restart goes on where a kill fell. Arguments and results are ids
and numbers, kept as JSON: no patient's text, and nothing that could run as code.
Steps may run twice; what they do is safe to repeat (see flow.py).

One process a data folder at a time may launch this (store/holder.py keeps the lock):
DBOS on SQLite recovers what its executor id left behind, so the id is fixed, and the
application version is pinned, or a new build would not see the work of the old one.
It tells the shape of the steps: what began in another shape is begun anew, for its
remembered steps are not those of this build.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, Serializer, SetWorkflowID, StepOptions

from pipeline import flow
from pipeline.document import BatchId, DocumentId
from pipeline.errors import PipelineError, ServiceError

APPLICATION = "chartfiler"
SHAPE = "2"  # of the workflow below: a new number only when its steps change
QUEUE = "batches"
DOCUMENTS_A_STEP = 16
SETTLED_AT_ONCE = 4
RECOVERIES = 3  # a batch that kills its process so often is parked, not tried for ever
BATCHES_AT_ONCE = 4  # while one is cut or filed, or ends, others feed the pool
ENDED = ["SUCCESS", "CANCELLED"]  # nothing goes on by itself; new work starts anew
ACTIVE = ["ENQUEUED", "PENDING"]
PARKED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
AT_FIRST, LATER = 0.1, 0.5  # seconds between two looks at the queue, which cost 2 ms
STARTED = 5.0  # seconds from the launch to the later ones
LOOK_AGAIN = 10.0  # seconds until a batch that still has work left is looked up anew


class DurableJobs:
    """A JobEngine on DBOS; the work survives a kill and goes on at the next launch."""

    def __init__(self, tools: flow.Tools, database: Path) -> None:
        """Launch the engine on ``database``; what was left undone starts again."""
        self._tools = tools
        self._database = database
        self._taken: dict[BatchId, float] = {}  # spares the engine's tables: when
        self._idle = True  # nothing was started since the launch
        _make_concurrent(database)
        self._words = _wordless()
        _make_queue(database)
        DBOS(config=_config(database))
        self._workflow = _workflow(lambda: self._tools)
        DBOS.launch()
        self._launched: float | None = time.monotonic()

    def submit(self, batch: BatchId) -> None:
        """Take this batch on; once, however often it is said.

        One that was done with and has work again (a rejected file is tried anew) is
        started again.
        """
        now = time.monotonic()
        self._look_later(now)
        if now - self._taken.get(batch, -LOOK_AGAIN) < LOOK_AGAIN:
            return
        last = self._last(batch)
        if last and last.status in ACTIVE and last.app_version != _shape():
            DBOS.cancel_workflow(last.workflow_id)
            last = None
        if last is None or last.status in ENDED:
            self._start(batch, self._attempts(batch) + 1)
        self._taken[batch] = now

    def use(self, tools: flow.Tools) -> None:
        """Work the batches that begin from now on with these."""
        self._tools = tools

    def parked(self) -> tuple[BatchId, ...]:
        """Batches whose last attempt failed, by id."""
        return parked_in(self._database, self._tools.catalogue.unfinished())

    def retry(self) -> int:
        """Start every parked batch again; what it had done before is not done again."""
        parked = self.parked()
        for batch in parked:
            self._start(batch, self._attempts(batch) + 1)
        return len(parked)

    def close(self) -> None:
        """Stop working; the next launch starts what is left as a new attempt.

        For the engine counts each launch that takes up a batch as a recovery, and an
        orderly stop is no sign that the batch kills its process.
        """
        self._words.silent = True  # steps that are cut off here are no fault
        for batch in self._tools.catalogue.unfinished():
            if (last := self._last(batch)) and last.status in ACTIVE:
                DBOS.cancel_workflow(last.workflow_id)
        DBOS.destroy(workflow_completion_timeout_sec=0)

    def _start(self, batch: BatchId, attempt: int) -> None:
        """By way of the queue, but for the first, which need not wait for its look."""
        with SetWorkflowID(f"{batch}~{attempt}"):
            if self._idle:
                DBOS.start_workflow(self._workflow, batch)
            else:
                DBOS.enqueue_workflow(QUEUE, self._workflow, batch)
        self._idle = False

    def _look_later(self, now: float) -> None:
        """The first batch shall start at once; later four at a time keep all busy."""
        if self._launched is None or now - self._launched < STARTED:
            return
        self._launched = None
        if (queue := DBOS.retrieve_queue(QUEUE)) is not None:
            queue.set_polling_interval_sec(LATER)

    def _attempts(self, batch: BatchId) -> int:
        return len(
            DBOS.list_workflows(
                workflow_id_prefix=f"{batch}~", load_input=False, load_output=False
            )
        )

    def _last(self, batch: BatchId) -> Any:  # noqa: ANN401 - DBOS names no public type
        found = DBOS.list_workflows(
            workflow_id_prefix=f"{batch}~",
            load_input=False,
            load_output=False,
            sort_desc=True,
            limit=1,
        )
        return found[0] if found else None


def parked_in(database: Path, batches: Sequence[BatchId]) -> tuple[BatchId, ...]:
    """Which of these batches are parked; any process may ask, the holder or not."""
    if not batches or not database.exists():
        return ()
    query = "SELECT workflow_uuid, status FROM workflow_status ORDER BY created_at"
    with closing(
        sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    ) as books:
        try:
            last = {
                id_.rpartition("~")[0]: status for id_, status in books.execute(query)
            }
        except sqlite3.Error:  # it is being made, or busy: the next look will tell
            return ()
    return tuple(batch for batch in batches if last.get(batch) in PARKED)


def _workflow(tools_now: Callable[[], flow.Tools]) -> Callable[[str], None]:
    """The journey as DBOS runs it: every step's result is remembered.

    A batch keeps the tools with which it began, unless a kill falls between.
    """

    @DBOS.workflow(name="file a batch", max_recovery_attempts=RECOVERIES)
    def file_batch(batch: str) -> None:
        tools = tools_now()
        portions = DBOS.run_step(_again("open"), _open, batch, tools)
        for numbers in portions:
            DBOS.run_step(
                _again("read"), flow.read_pages, BatchId(batch), numbers, tools
            )
        documents = DBOS.run_step(_again("index"), _index, batch, tools)
        for start in range(0, len(documents), DOCUMENTS_A_STEP):
            some = documents[start : start + DOCUMENTS_A_STEP]
            DBOS.run_step(_again("settle"), _settle, some, tools)
        DBOS.run_step(_again("finish"), _finish, batch, tools)

    return file_batch


def _open(batch: str, tools: flow.Tools) -> list[list[int]]:
    flow.open_batch(BatchId(batch), tools)
    return [list(numbers) for numbers in flow.portions(BatchId(batch), tools)]


def _index(batch: str, tools: flow.Tools) -> list[str]:
    return [r.document.id for r in flow.cut_of(BatchId(batch), tools).readings]


def _finish(batch: str, tools: flow.Tools) -> None:
    """Settle what no step before has, whatever their sizes; then say it is done."""
    settled = tools.catalogue.settled
    left = [d for d in _index(batch, tools) if not settled(DocumentId(d))]
    _settle(left, tools)
    tools.catalogue.finish(BatchId(batch))


def _settle(documents: Sequence[str], tools: flow.Tools) -> None:
    """Some side by side, for a pool process makes one PDF at a time.

    When all have been tried the first fault is raised; a service's before any other,
    for then the step is tried again, and settles the rest.
    """
    with ThreadPoolExecutor(SETTLED_AT_ONCE, "settling") as threads:
        done = [threads.submit(_settle_one, DocumentId(d), tools) for d in documents]
    faults = [fault for one in done if (fault := one.exception())]
    for fault in sorted(faults, key=lambda fault: not isinstance(fault, ServiceError)):
        raise fault


def _settle_one(document: DocumentId, tools: flow.Tools) -> None:
    if not tools.catalogue.settled(document):
        flow.settle(tools.catalogue.reading(document), tools)


def _again(name: str) -> StepOptions:
    """A step that is tried again while a service is down: after 1, 2, 4, 8 s."""
    return {
        "name": name,
        "retries_allowed": True,
        "interval_seconds": 1.0,
        "max_attempts": 5,
        "backoff_rate": 2.0,
        "should_retry": lambda error: isinstance(error, ServiceError),
    }


class PlainJson(Serializer):
    """Ids and numbers as JSON. An error becomes its class's name and its sentence.

    Sentences of PipelineError carry no patient's text; what any other exception says
    is not known, so only its class is kept.
    """

    def name(self) -> str:
        return "chartfiler_json"

    def serialize(self, data: Any) -> str:  # noqa: ANN401 - DBOS hands over anything
        return json.dumps(data, default=_plain)

    def deserialize(self, serialized_data: str) -> Any:  # noqa: ANN401 - as above
        return json.loads(serialized_data, object_hook=_rebuilt)


class Wordless(logging.Filter):
    """Lets an engine's log line through as the error's class and place, no words.

    The engine logs tracebacks, and what an unknown exception says may be patient text.
    """

    silent = False

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            last = traceback.extract_tb(error.__traceback__)[-1:]
            place = "".join(f"{Path(f.filename).name}:{f.lineno}" for f in last)
            record.msg, record.args = "%s at %s", (type(error).__name__, place)
        else:
            record.msg, record.args = "the job engine reports a fault", ()
        record.exc_info = record.exc_text = None
        return not self.silent


def _wordless() -> Wordless:
    """The filter of the engine's log, in place of the one of an earlier launch."""
    engine = logging.getLogger("dbos")
    for old in [one for one in engine.filters if isinstance(one, Wordless)]:
        engine.removeFilter(old)
    words = Wordless()
    engine.addFilter(words)
    return words


def _plain(data: object) -> object:
    if isinstance(data, PipelineError):
        return {"error": type(data).__name__, "says": str(data)}
    if isinstance(data, BaseException):
        return {"error": type(data).__name__, "says": ""}
    raise TypeError(f"{type(data).__name__} may not cross a durable step")


def _rebuilt(data: dict[str, Any]) -> object:
    if set(data) == {"error", "says"}:
        return PipelineError(f"{data['error']}: {data['says']}")
    return data


def _config(database: Path) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": _url(database),
        "executor_id": "holder",
        "application_version": _shape(),
        "serializer": PlainJson(),
        "log_level": "ERROR",
        "enable_otlp": False,
    }


def _shape() -> str:
    return f"{SHAPE} {flow.PAGES_A_STEP} {DOCUMENTS_A_STEP}"


def _make_queue(database: Path) -> None:
    """Before the launch, which looks at once for queues, then a second later.

    So the first batch of a new folder starts when it is submitted.
    """
    DBOS.migrate(_url(database))
    client = DBOSClient(
        system_database_url=_url(database),
        serializer=PlainJson(),
        application_name=APPLICATION,
    )
    client.register_queue(
        QUEUE,
        worker_concurrency=BATCHES_AT_ONCE,
        polling_interval_sec=AT_FIRST,
        on_conflict="always_update",
    )
    client.destroy()


def _url(database: Path) -> str:
    return f"sqlite:///{database}"


def _make_concurrent(database: Path) -> None:
    """WAL is a lasting mark on the file; DBOS does not set it (measured 2.5 x)."""
    database.touch(mode=0o600, exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
