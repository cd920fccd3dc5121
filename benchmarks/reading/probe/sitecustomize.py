"""A stopwatch in every process of a measured journey: CPU seconds by part.

Python imports a module of this name at start when its folder is on PYTHONPATH, in
the command as in its pool processes. Where CHARTFILER_PROBE names a folder, the
functions of the rooms are wrapped as their modules are imported; each process appends
a line to FOLDER/<pid>.jsonl when its outermost measured function returns, for pool
processes are killed without notice. Seconds belong to the innermost part; what no
part claims is for the reader of the lines to find out.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FunctionType, ModuleType
from typing import Any

# the longest name that fits decides; a room's module that is not named here is a part
PARTS = {
    "pipeline.ingest": "decode",
    "pipeline.ocr.marks": "marks",
    "pipeline.ocr.barfinder": "marks",
    "pipeline.ocr.barprofile": "marks",
    "pipeline.ocr.patch": "marks",
    "pipeline.ocr.osd": "upright",
    "pipeline.ocr.upright": "upright",
    "pipeline.ocr.snippets": "upright",
    "pipeline.ocr.wayup": "upright",
    "pipeline.ocr.neighbours": "upright",
    "pipeline.ocr.clean": "clean",
    "pipeline.ocr.skew": "clean",
    "pipeline.ocr.evened": "clean",
    "pipeline.ocr.grey": "clean",
    "pipeline.ocr.reverse": "clean",
    "pipeline.ocr.rules": "clean",
    "pipeline.ocr.blank": "quality",
    "pipeline.ocr.quality": "quality",
    "pipeline.ocr.faults": "quality",
    "pipeline.ocr.glance": "quality",
    "pipeline.ocr.handwriting": "quality",
    "pipeline.ocr.readable": "quality",
    "pipeline.ocr.resolution": "quality",
    "pipeline.ocr.traces": "quality",
    "pipeline.ocr.read": "rest of reading",
    "pipeline.ocr.linewise": "recognition",
    "pipeline.ocr.net": "",  # its functions are many and short: they count for who asks
    "pipeline.ocr.tesseract": "recognition",
    "pipeline.ocr.pytess": "recognition",
    "pipeline.ocr.tsv": "recognition",
    "pipeline.store.pdf": "filing",
}
WHOLE = {  # functions of the command's own process, measured with all they call
    "pipeline.flow": {
        "open_batch": "books",
        "read_pages": "books",
        "index_batch": "typing and index",
        "file": "filing",
        "decide": "filing",
    },
    "pipeline.wiring": {"tools_of": "loading models"},
}
ENGINE = {"read": "recognition", "turn": "upright"}  # methods of whatever has both


class Stopwatch:
    """Exclusive CPU seconds by part, for one thread; a line when all is done."""

    def __init__(self, folder: str) -> None:
        self._file = os.path.join(folder, f"{os.getpid()}.jsonl")  # noqa: PTH118 - pathlib costs 10 ms here
        self._own = threading.local()
        self._told = False

    def wrap(
        self, function: Callable[..., Any], part: str, *, tell: bool = False
    ) -> Callable[..., Any]:
        """``tell``: the first call in this process is written down at once."""

        @functools.wraps(function)
        def measured(*args: object, **kwargs: object) -> object:
            self._enter(part)
            if tell and not self._told:
                self._told = True
                self._say({"recognises": time.time()})
            try:
                return function(*args, **kwargs)
            finally:
                self._leave()

        return measured

    def _enter(self, part: str) -> None:
        own, now = self._own, time.thread_time()
        stack: list[str] = own.__dict__.setdefault("stack", [])
        if stack:
            own.spent[stack[-1]] = own.spent.get(stack[-1], 0.0) + now - own.since
        else:
            own.spent, own.at = {}, time.time()
        if part == "recognition" and "upright" in stack:
            part = "upright"
        stack.append(part)
        own.since = now

    def _leave(self) -> None:
        own, now = self._own, time.thread_time()
        part = own.stack.pop()
        own.spent[part] = own.spent.get(part, 0.0) + now - own.since
        own.since = now
        if not own.stack:
            took = time.time() - own.at
            self._say({"task": part, "at": own.at, "wall": took, "cpu": own.spent})

    def _say(self, line: dict[str, object]) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        file = os.open(self._file, flags, 0o600)
        os.write(file, json.dumps(line).encode() + b"\n")
        os.close(file)


def part_of(module: str) -> str | None:
    """The part that all functions of this module count for, None for none."""
    fitting = [name for name in PARTS if (module + ".").startswith(name + ".")]
    fitting += [name for name in PARTS if module.startswith(name + "_")]
    if fitting:
        return PARTS[max(fitting, key=len)] or None
    return module.rpartition(".")[2] if module.startswith("pipeline.ocr.") else None


class Finder(importlib.abc.MetaPathFinder):
    """Wraps the functions of a module as soon as it has been executed."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch
        self._asked: set[str] = set()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname in self._asked or not (part_of(fullname) or fullname in WHOLE):
            return None
        self._asked.add(fullname)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def executed(module: ModuleType) -> None:
            execute(module)
            self._measure(module)

        spec.loader.exec_module = executed  # type: ignore[method-assign]  # this one loader
        return spec

    def _measure(self, module: ModuleType) -> None:
        for name, thing in list(vars(module).items()):
            part = WHOLE.get(module.__name__, {}).get(name) or part_of(module.__name__)
            own = getattr(thing, "__module__", "") == module.__name__
            if part and isinstance(thing, FunctionType) and (own or name == "decide"):
                if not inspect.isgeneratorfunction(thing):
                    setattr(module, name, self._watch.wrap(thing, part))
            elif own and isinstance(thing, type) and _is_engine(thing):
                for name_, meant in ENGINE.items():
                    wrapped = self._watch.wrap(vars(thing)[name_], meant, tell=True)
                    setattr(thing, name_, wrapped)


def _is_engine(kind: type) -> bool:
    """Whether it does both; a record may have a field of the name."""
    protocol = getattr(kind, "_is_protocol", False)
    does = [isinstance(vars(kind).get(name), FunctionType) for name in ENGINE]
    return not protocol and all(does)


if os.environ.get("CHARTFILER_PROBE"):
    sys.meta_path.insert(0, Finder(Stopwatch(os.environ["CHARTFILER_PROBE"])))
