"""Reads a log file from disk: its bytes whole, its gzip strictly, its size bounded.

RFC 1952: a gzip file is one or more members; a member is a header, deflate data, CRC-32 and length. `zcat` and most
libraries read all members and some ignore what follows. CloudTrail writes exactly one, so anything else was put there
by somebody.
"""

import errno
import hashlib
import os
import stat
import zlib
from dataclasses import dataclass

import deflate

from comprova.trail.states import FileState

MAX_FILE_BYTES = 64 << 20
"""The largest file that is read, as it lies on disk if compressed. CloudTrail's own are a few megabytes at most."""
MAX_TEXT_BYTES = 256 << 20
"""The largest JSON text of one file, inflated or as it lies on disk."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31
"""zlib's window bits for: gzip, largest window."""
_MIN_GZIP_BYTES = 18
_TRAILER_BYTES = 8
_MAX_RATIO = 1032
"""What deflate can reach at most (zlib technical details): a length in a trailer beyond it is a lie."""
_STEP = 1 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FileContent:
    """What was read from a file.

    Attributes:
        state: `READ`, or why the content is empty.
        text: The JSON text, inflated, without a byte order mark.
        sha256: Of the file's bytes as they lie on disk, as digests sign them; empty when they could not be read or were
            too many.
    """

    state: FileState
    text: bytes = b""
    sha256: str = ""


class _ChangedError(Exception):
    """The file is not the one that was listed, or it was changed under the reader."""


def read_file(path: str, size: int, modified_ns: int) -> FileContent:
    """Read a log file; gzip is recognised by its content, because copies are often named differently.

    Args:
        path: Where it is.
        size: In bytes, as it was listed.
        modified_ns: Its time of last modification, as it was listed. A file that is another by now is not read: part of
            what it holds could be taken for the whole.
    """
    try:
        data = _read_whole(path, size, modified_ns)
    except (_ChangedError, FileNotFoundError):
        return FileContent(FileState.CHANGED)
    except OSError:
        return FileContent(FileState.UNREADABLE)
    if data is None:
        return FileContent(FileState.TOO_LARGE)
    sha256 = hashlib.sha256(data).hexdigest()
    state, text = inflate(data) if data.startswith(_GZIP_MAGIC) else (FileState.READ, data)
    return FileContent(state, text.removeprefix(_BOM), sha256)


def _read_whole(path: str, size: int, modified_ns: int) -> bytes | None:
    """Return the file's bytes, None if they are too many; the path was checked when listed and may be a trap since."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        if (status.st_size, status.st_mtime_ns) != (size, modified_ns):
            raise _ChangedError
        if size > MAX_TEXT_BYTES:
            return None
        data = os.read(descriptor, size + 1)
        while len(data) < size and (more := os.read(descriptor, size + 1 - len(data))):
            data += more
        status = os.fstat(descriptor)
        if len(data) != size or (status.st_size, status.st_mtime_ns) != (size, modified_ns):
            raise _ChangedError
    finally:
        os.close(descriptor)
    if len(data) > (MAX_FILE_BYTES if data.startswith(_GZIP_MAGIC) else MAX_TEXT_BYTES):
        return None
    return data


def inflate(data: bytes) -> tuple[FileState, bytes]:
    """Inflate exactly one gzip member with a right checksum and length and nothing after it.

    libdeflate is fast, checks the trailer where the deflate data end, and does not say where that was. But if the
    file's last eight bytes, checksum and length, occur nowhere else in the file, then the trailer that was checked is
    the last eight bytes. Everything else takes zlib, which is exact and says what is wrong.
    """
    size = int.from_bytes(data[-4:], "little")
    if len(data) >= _MIN_GZIP_BYTES and 0 < size <= min(MAX_TEXT_BYTES, _MAX_RATIO * len(data)):
        try:
            text = bytes(deflate.gzip_decompress(data, size))
        except deflate.DeflateError:
            text = b""
        if len(text) == size and data.find(data[-_TRAILER_BYTES:]) == len(data) - _TRAILER_BYTES:
            return FileState.READ, text
    return _inflate_exactly(data)


def _inflate_exactly(data: bytes) -> tuple[FileState, bytes]:
    stream = zlib.decompressobj(_GZIP_WINDOW)
    pieces: list[bytes] = []
    length = checksum = 0
    pending = data
    try:
        while pending and not stream.eof:
            piece = stream.decompress(pending, _STEP)
            pending = stream.unconsumed_tail
            length += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if length > MAX_TEXT_BYTES:
                return FileState.TOO_LARGE, b""
            pieces.append(piece)
    except zlib.error:
        return FileState.GZIP_DAMAGED, b""
    if not stream.eof:
        trailer = checksum.to_bytes(4, "little") + length.to_bytes(4, "little")
        return (FileState.GZIP_NO_TRAILER if _lacks_only(stream, trailer) else FileState.GZIP_CUT), b""
    if stream.unused_data or pending:
        return FileState.GZIP_FOLLOWED, b""
    return FileState.READ, b"".join(pieces)


def _lacks_only(stream: "zlib._Decompress", trailer: bytes) -> bool:
    """Tell whether the stream would be whole with the last bytes of its trailer."""
    for missing in range(1, _TRAILER_BYTES + 1):
        attempt = stream.copy()
        try:
            if attempt.decompress(trailer[-missing:]) == b"" and attempt.eof and not attempt.unused_data:
                return True
        except zlib.error:
            continue
    return False
