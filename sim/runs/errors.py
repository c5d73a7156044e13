"""What can go wrong with a run on disk, each with the exit status a command ends with."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG}


class RunError(Exception):
    """A run cannot go on; ``exit_status`` is 1 where the machine failed and 2 where the user's input did."""

    exit_status = 1


class DiskFullError(RunError):
    """No space left; what has been written stays and the run goes on from there."""


class LockedError(RunError):
    """Another process works on the same run."""


class DamagedError(RunError):
    """A finished table cannot be trusted."""


class UnlikeWorkerError(RunError):
    """A worker cannot take part: it has another version of casim, or does not see the results folder."""


class LostWorkerError(RunError):
    """A task ended its worker every time it was tried."""


class SchedulerError(RunError):
    """There is no scheduler at the address that the user named, or it went away."""

    exit_status = 2


class OutputError(RunError):
    """The place the user named cannot hold a run."""

    exit_status = 2


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system says about writing at ``path`` into an error in words."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or "No space left" in str(error):
            raise DiskFullError(
                f"{path}: the disk is full.  What is finished is kept; free some space and give the "
                "same command to go on from there."
            ) from error
        if error.errno in _REFUSED:
            reason = {
                errno.ENOTDIR: "a file stands where a folder is needed",
                errno.EEXIST: "a file is in the way",
                errno.EROFS: "the disk is read-only",
                errno.ENAMETOOLONG: "the name is too long",
            }
            because = reason.get(error.errno, "no permission to write there")
            raise OutputError(f"{path}: {because}.  Choose another folder with --out.") from error
        raise RunError(f"{path}: {error.strerror or error}") from error
