"""Everything that can go wrong, named by who can mend it.

PipelineError                  exit
  InputError                    2   this file is set aside, the rest goes on
    EncryptedFile
    UnreadableFile
    UnsupportedFile
    OverLimit
  SettingsError                 3   an operator must change config/ or the machine
    ModelTampered
    NotLocal
  ServiceError                  4   something is down: retried, then parked, shown
    StoreUnavailable
    FolderBusy

Messages carry ids, keys and the next move; never a word of a patient's paper, and
no file name from outside. Each heading stands in docs/errors.md with its next move.
"""

from __future__ import annotations


class PipelineError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code = 1


class InputError(PipelineError):
    """The file itself cannot be processed as it is; no retry will help."""

    exit_code = 2


class EncryptedFile(InputError):
    """Password-protected; waiting cannot produce the password."""


class UnreadableFile(InputError):
    """Empty, truncated or corrupt, or its bytes are not what its name says."""


class UnsupportedFile(InputError):
    """A format we do not take, a link, or not a regular file."""


class OverLimit(InputError):
    """More pages, pixels, bytes or seconds than config/pipeline.toml allows."""


class SettingsError(PipelineError):
    """config/, models/ or the machine is wrong; the message names file and key."""

    exit_code = 3


class ModelTampered(SettingsError):
    """A model file is not the one that its manifest names (sha256)."""


class NotLocal(SettingsError):
    """Beyond 127.0.0.1 the desk is served to users who sign in, by TLS, or not."""


class ServiceError(PipelineError):
    """A service we depend on did not answer; the same work may succeed later."""

    exit_code = 4


class StoreUnavailable(ServiceError):
    """The object store or the catalogue did not answer."""


class FolderBusy(ServiceError):
    """Another process holds this data folder and has not let go in time."""
