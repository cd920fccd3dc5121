"""Who sits at this machine: the operating system's user, until accounts exist."""

from __future__ import annotations

import os
import pwd


def clerk_name() -> str:
    """The operating-system user of this process: "clerk ada"."""
    return f"clerk {pwd.getpwuid(os.getuid()).pw_name}"
