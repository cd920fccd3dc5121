"""Temporary files with patients' paper lie in the data folder and do not stay."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from pipeline.store import temporary

RUN = """
import sys, tempfile, os
from pathlib import Path
from pipeline.store.temporary import use_own_folder
use_own_folder(Path(sys.argv[1]))
file = tempfile.NamedTemporaryFile(delete=False)
print(file.name, flush=True)
if sys.argv[2] == "die":
    os._exit(1)
"""


def run(data, how):
    command = [sys.executable, "-c", RUN, str(data), how]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def test_temporary_files_lie_in_the_data_folder_and_go_with_the_process(tmp_path):
    name = run(tmp_path, "end")
    assert name.startswith(f"{tmp_path}/tmp/")
    assert stat.S_IMODE((tmp_path / "tmp").stat().st_mode) == 0o700
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_holder_removes_what_a_killed_process_left(tmp_path):
    left = run(tmp_path, "die")
    assert Path(left).exists()
    mine = tmp_path / "tmp" / str(os.getpid())
    mine.mkdir()
    temporary.sweep(tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == [mine]
    temporary.sweep(tmp_path / "none")
