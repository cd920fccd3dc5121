"""Engines that fail: each as a page of a hostile world would make it fail."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.errors import UnreadableFile
from pipeline.page import Box, PageImage, QuarterTurn, Word

GOOD = (Word("Good", Box(1, 1, 30, 9), 0.9, 0), Word("page", Box(40, 1, 70, 9), 0.9, 0))


@dataclass(frozen=True)
class Calm:
    """Reads the same two words everywhere; base of the engines that fail."""

    name: str = "calm 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        return GOOD

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return 0, 1.0


def is_bad(image: PageImage) -> bool:
    """The pages on which the faulty engines fail are taller than wide."""
    return image.pixels.shape[0] > image.pixels.shape[1]


@dataclass(frozen=True)
class Crashing(Calm):
    name: str = "crashing 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        if is_bad(image):
            os.kill(os.getpid(), signal.SIGSEGV)
        return GOOD


@dataclass(frozen=True)
class CrashingOnce(Calm):
    """Dies of something else: the second time all is well."""

    name: str = "crashing once 1"
    memory: str = ""

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        if is_bad(image) and not Path(self.memory).exists():
            Path(self.memory).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return GOOD


@dataclass(frozen=True)
class Hanging(Calm):
    """Hangs in native code, where no Python signal handler gets a turn."""

    name: str = "hanging 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        if is_bad(image):
            ctypes.CDLL(None).sleep(600)
        return GOOD


@dataclass(frozen=True)
class Hungry(Calm):
    name: str = "hungry 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        eaten = []
        while is_bad(image):
            eaten.append(np.ones(50_000_000, np.uint8))
        return GOOD


@dataclass(frozen=True)
class Raising(Calm):
    """Has a bug, and its message quotes the patient."""

    name: str = "raising 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        if is_bad(image):
            raise ValueError("SENTINEL-NAME")
        return GOOD


@dataclass(frozen=True)
class Refusing(Calm):
    name: str = "refusing 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        if is_bad(image):
            raise UnreadableFile("the engine takes no such image")
        return GOOD


@dataclass(frozen=True)
class Babbling(Calm):
    """Garbage: boxes far outside the page, confidences out of range, no text."""

    name: str = "babbling 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        return (
            Word("outside", Box(-500, -20, 90_000, 90_000), 7.0, 5),
            Word("", Box(0, 0, 0, 0), 0.5, 3),
            Word("\x00\ud800", Box(5, 5, 5, 5), float("nan"), -1),
        )


@dataclass(frozen=True)
class Starting(Calm):
    """Starts a program and hangs: the program must not outlive it."""

    name: str = "starting 1"
    note: str = ""

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        child = subprocess.Popen(["sleep", "600"])
        Path(self.note).write_text(str(child.pid))
        time.sleep(600)
        return GOOD
