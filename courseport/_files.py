"""The one way to write a file of results, and the one check of where it goes.

A reader sees the old file or the new one, never half of one. Links are followed, only regular files are replaced, and a
file keeps its mode. Unfinished files carry our mark and a lock of their writer: what killed runs have left can be told
from what living ones are writing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from courseport import _checks

if sys.platform != "win32":  # where there are no such locks: unfinished files of killed runs stay
    import fcntl

StrPath = str | os.PathLike[str]

MARK = "written by courseport"  # stands in the first or last bytes of every file of results
_MARKS = (MARK.encode(), b"courseport checkpoint", b"predicted_label")
_SEARCHED = 65536  # bytes at either end
_UNFINISHED = re.compile(r"\.courseport-\d+-[0-9a-f]{16}(\..*)?")


@contextmanager
def atomic_path(target: StrPath) -> Iterator[Path]:
    """Give a temporary path beside `target` to write to; on success it takes the target's place in one step.

    The temporary file keeps the target's suffix, because several writers choose the format by it. It is flushed to
    the disk before it takes its place, and removed when the body raises.
    """
    target = Path(os.path.realpath(target))
    before = _regular_or_none(target)
    temporary, handle = _create_locked(target)
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        if before is not None:
            with contextlib.suppress(OSError, AttributeError):  # only root may, and Windows has none
                os.chown(temporary, before.st_uid, before.st_gid)
            temporary.chmod(stat.S_IMODE(before.st_mode))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
        os.close(handle)


def remove_abandoned(folder: StrPath) -> None:
    """Remove the unfinished files in `folder` whose writers were killed; those of living ones are locked, and stay."""
    if sys.platform == "win32" or not Path(folder).is_dir():
        return
    for path in Path(folder).iterdir():
        if _UNFINISHED.fullmatch(path.name) is None:
            continue
        with contextlib.suppress(OSError), path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


@contextmanager
def sole_writer(target: StrPath, *, wait: bool = False) -> Iterator[None]:
    """Keep other runs from writing `target` meanwhile; BlockingIOError where one does, unless we are to wait for it.

    The lock is a file beside `target` that carries our mark and goes at the end. What a killed run left locks nothing.
    """
    if sys.platform == "win32":
        yield
        return
    target = Path(os.path.realpath(target))
    path = target.with_name(f".courseport-0-{hashlib.sha256(target.name.encode()).hexdigest()[:16]}.lock")
    tries = 4
    while True:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(handle)
            tries -= 1
            if not tries:
                raise
            time.sleep(0.05)  # it may be remove_abandoned, which holds it for a moment
            continue
        except OSError:  # some network disks have no locks
            break
        if os.fstat(handle).st_nlink:
            break
        os.close(handle)  # the one before us has just removed it
    try:
        yield
    finally:
        if os.fstat(handle).st_nlink:  # not where its whole folder was removed
            with contextlib.suppress(OSError):
                path.unlink()
        os.close(handle)


def is_ours(path: StrPath) -> bool:
    """Tell whether a file was written by courseport, by the mark in it; in an empty one there is nothing to lose."""
    with Path(path).open("rb") as stream:
        ends = stream.read(_SEARCHED)
        stream.seek(-min(_SEARCHED, os.fstat(stream.fileno()).st_size), os.SEEK_END)
        ends += stream.read()
    return not ends or any(mark in ends for mark in _MARKS)


def output_file(name: str, path: StrPath, *, inputs: Iterable[StrPath] = (), force: bool = False) -> Path:
    """Return the path of an output file, after checking before any work that writing it takes nothing from the user.

    `name` is the option, for messages. None of the `inputs`, which the command reads, is overwritten, and a file that
    courseport did not write only with `force`.
    """
    path = Path(path)
    if not path.parent.is_dir():
        _checks.fail(name, "be in a folder that exists", str(path))
    for source in inputs:
        same = os.path.realpath(source) == os.path.realpath(path)
        with contextlib.suppress(OSError):  # one of them is not there
            same |= Path(source).samefile(path)  # a hard link, or another spelling on a Mac's disk
        if same:
            _checks.fail(name, "be another file than those that are read", str(path))
    try:
        there = _regular_or_none(path) is not None
    except OSError as error:
        _checks.fail(name, "be a regular file that can be written to", f"{path}: {error.strerror}")
    if there and not force and not is_ours(path):
        _checks.fail(name, "be a new file, or one written by courseport (--force replaces any)", str(path))
    return path


def output_folder(
    name: str, folder: StrPath, files: Iterable[str], *, inputs: Iterable[StrPath] = (), force: bool = False
) -> Path:
    """Return the path of an output folder for `files`, made where it is missing, after the checks of `output_file`."""
    folder, inputs = Path(folder), tuple(inputs)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        _checks.fail(name, "be a folder that can be written to", f"{folder}: {error.strerror or error}")
    for file in files:
        output_file(name, folder / file, inputs=inputs, force=force)
    return folder


def _regular_or_none(path: Path) -> os.stat_result | None:
    """Return what the system says of a file that may be replaced; None of one that is not there."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "write-protected", str(path))
    return status


def _create_locked(target: Path) -> tuple[Path, int]:
    """Make an unfinished file beside `target`, with the mode that open() gives a new file, and lock it."""
    while True:
        path = target.with_name(f".courseport-{os.getpid()}-{secrets.token_hex(8)}{target.suffix}")
        # The kernel applies the umask; it cannot be read without setting it, which other threads would notice.
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600 if target.exists() else 0o666)
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # some network disks have no locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        # Between the two lines above remove_abandoned may have found it without a lock.
        if os.fstat(handle).st_nlink:
            return path, handle
        os.close(handle)
