"""What holds for every test: how many examples, and what a worker may take.

There is a worker for each core, so libraries have one thread each; said before they are
imported, and handed on to the workers.
"""

import gc
import os

import pytest
from hypothesis import settings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
    os.environ.setdefault(name, "1")

from tests.statements import share_statements  # noqa: E402 - after the threads are told

# no deadline: a property that is slow on a busy machine is not wrong
settings.register_profile("house", deadline=None)
settings.register_profile("quick", settings.get_profile("house"), max_examples=25)


def pytest_configure(config: pytest.Config) -> None:
    quick = "not slow" in config.option.markexpr
    settings.load_profile("quick" if quick else "house")
    share_statements()


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay to the end: look at them no more."""
    gc.collect()
    gc.freeze()
