"""What a listing of CloudTrail files says, and the listing of a local folder."""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from comprova.errors import ComprovaError, Problem
from comprova.trail.keys import LogKey, LogKind, parse_key


class SkipReason(StrEnum):
    """Why something that was listed is not a log file to be read."""

    DIGEST = "digest"
    INSIGHT = "insight"
    NETWORK_ACTIVITY = "network_activity"
    OTHER = "other"
    """Not a CloudTrail log file by its key or suffix."""
    LINK = "link"
    """A symbolic link that leads out of the folder, to another folder, or nowhere."""
    NOT_A_FILE = "not_a_file"
    """A pipe, a socket or a device."""
    UNREADABLE = "unreadable"
    """A folder or file that this user may not look into."""
    NOT_IN_TABLE = "not_in_table"
    """A folder of a bucket, of an account or region that the raw table does not show; it holds log files."""
    ARCHIVED = "archived"
    """In a storage class of S3 that must be restored first; Athena passes it over without a word."""
    SAME_KEY = "same_key"
    """Its name, made printable, is that of another file."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A log file as the listing found it.

    Attributes:
        key: What its key says.
        path: Where it is on this machine, or its `s3://` address; never part of evidence.
        bytes: Its size.
        modified_ns: Its time of last modification, nanoseconds since 1970; tells whether a file was changed.
        etag: What S3 says of its content, without quotes: another content has another. Empty on this machine.
    """

    key: LogKey
    path: str
    bytes: int
    modified_ns: int
    etag: str = ""


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """Something that is not read as a log file."""

    key: LogKey
    path: str
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder or bucket holds.

    Attributes:
        files: The log files, by `log_file`; each `log_file` occurs once.
        skipped: All else, by `log_file`.
    """

    files: tuple[ListedFile, ...]
    skipped: tuple[SkippedFile, ...]


SKIPPED_KINDS = {
    LogKind.DIGEST: SkipReason.DIGEST,
    LogKind.INSIGHT: SkipReason.INSIGHT,
    LogKind.NETWORK_ACTIVITY: SkipReason.NETWORK_ACTIVITY,
    LogKind.OTHER: SkipReason.OTHER,
}
"""What is never read as a log file, by its key."""


def list_folder(folder: Path) -> Listing:
    """List the log files below a folder: the layout of S3, with or without an organisation, or loose files.

    Links are followed only to files inside the folder. Two copies of one object (the same key from `AWSLogs/` on, in
    two sub-folders) are both listed, under their paths relative to the folder.

    Raises:
        ComprovaError: The folder itself is not there or cannot be read.
    """
    try:
        root = folder.resolve(strict=True)
        os.scandir(root).close()
    except OSError as error:
        raise ComprovaError(
            Problem(str(folder), "a folder of CloudTrail files that this user may read", error.strerror or str(error))
        ) from error
    files: list[ListedFile] = []
    skipped: list[SkippedFile] = []
    for found in _walk(os.fspath(root), os.fspath(root)):
        (files if isinstance(found, ListedFile) else skipped).append(found)  # type: ignore[arg-type]
    files, ambiguous = _told_apart(files, os.fspath(root))
    by_key = attrgetter("key.log_file", "path")
    return Listing(tuple(sorted(files, key=by_key)), tuple(sorted(skipped + ambiguous, key=by_key)))


def _walk(folder: str, root: str) -> Iterator[ListedFile | SkippedFile]:
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            entries = list(os.scandir(current))
        except OSError:
            yield SkippedFile(LogKey(_relative(current, root), LogKind.OTHER), current, SkipReason.UNREADABLE)
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            else:
                yield _look(entry, root)


def _look(entry: "os.DirEntry[str]", root: str) -> ListedFile | SkippedFile:
    key = parse_key(_relative(entry.path, root))
    if key.kind is not LogKind.LOG:
        return SkippedFile(key, entry.path, SKIPPED_KINDS[key.kind])
    path = entry.path
    if entry.is_symlink():
        path = os.path.realpath(path)
        if not path.startswith(root + os.sep) or not os.path.isfile(path):  # noqa: PTH113  a Path per file is half a kilobyte
            return SkippedFile(key, entry.path, SkipReason.LINK)
    try:
        status = os.stat(path, follow_symlinks=False)  # noqa: PTH116
    except OSError:
        return SkippedFile(key, entry.path, SkipReason.UNREADABLE)
    if not stat.S_ISREG(status.st_mode):
        return SkippedFile(key, entry.path, SkipReason.NOT_A_FILE)
    return ListedFile(key, path, status.st_size, status.st_mtime_ns)


def _relative(path: str, root: str) -> str:
    relative = path[len(root) :].lstrip(os.sep)
    return os.fsencode(relative).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def _told_apart(files: list[ListedFile], root: str) -> tuple[list[ListedFile], list[SkippedFile]]:
    """Give files that share a key the names that tell them apart: their paths relative to the folder."""
    times = Counter(file.key.log_file for file in files)
    named = [
        replace(file, key=replace(file.key, log_file=_relative(file.path, root)))
        if times[file.key.log_file] > 1
        else file
        for file in files
    ]
    times = Counter(file.key.log_file for file in named)
    return (
        [file for file in named if times[file.key.log_file] == 1],
        [SkippedFile(file.key, file.path, SkipReason.SAME_KEY) for file in named if times[file.key.log_file] > 1],
    )
