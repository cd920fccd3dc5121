"""The data folder's lock, and whether the folder is on a disk of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import FolderBusy
from pipeline.store.holder import Holder, file_system, holder_pid, is_local

HOLD = """
import sys, time
from pathlib import Path
from pipeline.store.holder import Holder
print(Holder(Path(sys.argv[1])).acquire(blocking=False), flush=True)
time.sleep(60)
"""


def test_one_holds_and_lets_go(tmp_path):
    mine, yours = Holder(tmp_path), Holder(tmp_path)
    assert holder_pid(tmp_path) is None
    assert mine.acquire(blocking=False)
    assert mine.acquire(blocking=True)
    assert not yours.acquire(blocking=False)
    assert holder_pid(tmp_path) == os.getpid()
    with pytest.raises(FolderBusy, match=str(os.getpid())), yours:
        pass
    mine.release()
    mine.release()
    assert holder_pid(tmp_path) is None
    with yours:
        assert not mine.acquire(blocking=False)
    assert mine.acquire(blocking=True)
    mine.release()


def test_a_killed_holder_lets_go(tmp_path):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout.readline() == "True\n"
        assert holder_pid(tmp_path) == other.pid
        assert not Holder(tmp_path).acquire(blocking=False)
        other.send_signal(signal.SIGKILL)
    holder = Holder(tmp_path)
    assert holder.acquire(blocking=False)
    holder.release()


def test_shares_are_not_local(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "disk / ext4 rw 0 0\n"
        "srv:/x /mnt/nas nfs4 rw 0 0\n"
        "srv /mnt/my\\040scans cifs rw 0 0\n"
        "disk2 /mnt/nas/local xfs rw 0 0\n"
    )
    assert is_local(Path("/srv/data"), mounts)
    assert not is_local(Path("/mnt/nas/data"), mounts)
    assert not is_local(Path("/mnt/my scans/data"), mounts)
    assert is_local(Path("/mnt/nas/local/data"), mounts)
    assert file_system(Path("/mnt/nas2"), mounts) == "ext4"
    assert is_local(tmp_path, tmp_path / "none")


def test_this_machine_says_how_a_mounted_folder_is_held():
    assert file_system(Path("/proc/self")) == "proc"  # also in a chroot
