"""Reading log files: strict gzip, bounded sizes."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.trail import reading
from comprova.trail.reading import FileContent, inflate, read_file
from comprova.trail.states import FileState

_TEXT = b'{"Records":[{"eventID":"1"}]}' * 50
_GZIP = gzip.compress(_TEXT, mtime=0)
_LARGER = b"\xff\xff\xff\x7f"

_DAMAGE = {
    "whole": (_GZIP, FileState.READ),
    "with a file name": (_GZIP[:3] + b"\x08" + _GZIP[4:10] + b"name\x00" + _GZIP[10:], FileState.READ),
    "cut in the data": (_GZIP[:40], FileState.GZIP_CUT),
    "cut before the trailer by one": (_GZIP[:-9], FileState.GZIP_CUT),
    "only a header": (_GZIP[:10], FileState.GZIP_CUT),
    "only the magic": (_GZIP[:2], FileState.GZIP_CUT),
    "no trailer": (_GZIP[:-8], FileState.GZIP_NO_TRAILER),
    "no length": (_GZIP[:-4], FileState.GZIP_NO_TRAILER),
    "last byte missing": (_GZIP[:-1], FileState.GZIP_NO_TRAILER),
    "wrong checksum": (_GZIP[:-8] + b"\x00\x00\x00\x00" + _GZIP[-4:], FileState.GZIP_DAMAGED),
    "length too small": (_GZIP[:-4] + b"\x01\x00\x00\x00", FileState.GZIP_DAMAGED),
    "length too large": (_GZIP[:-4] + _LARGER, FileState.GZIP_DAMAGED),
    "second member": (_GZIP + gzip.compress(b"{}"), FileState.GZIP_FOLLOWED),
    "the same member twice": (_GZIP + _GZIP, FileState.GZIP_FOLLOWED),
    "followed by its own trailer": (_GZIP + b"junk" + _GZIP[-8:], FileState.GZIP_FOLLOWED),
    "an empty member": (_GZIP + gzip.compress(b""), FileState.GZIP_FOLLOWED),
    "padded with zeros": (_GZIP + bytes(512), FileState.GZIP_FOLLOWED),
    "one byte more": (_GZIP + b"\n", FileState.GZIP_FOLLOWED),
    "a lie about the length in a second trailer": (_GZIP + _GZIP[-8:-4] + _LARGER, FileState.GZIP_FOLLOWED),
}


def test_damage_is_named() -> None:
    """Each way in which a gzip file can be less or more than one member has its own state, and no text."""
    found = {name: inflate(data) for name, (data, _) in _DAMAGE.items()}
    assert {name: state for name, (state, _) in found.items()} == {name: state for name, (_, state) in _DAMAGE.items()}
    assert {text for state, text in found.values() if state is FileState.READ} == {_TEXT}
    assert {text for state, text in found.values() if state is not FileState.READ} == {b""}


@settings(deadline=None)  # machines that build are busy
@given(st.binary(max_size=300), st.binary(min_size=1, max_size=40))
def test_nothing_may_follow(text: bytes, more: bytes) -> None:
    """Whatever the text and whatever follows, a file with something after its member is not read."""
    assert inflate(gzip.compress(text)) == (FileState.READ, text)
    assert inflate(gzip.compress(text) + more)[0] is FileState.GZIP_FOLLOWED


@settings(deadline=None)  # machines that build are busy
@given(st.data())
def test_a_changed_byte_never_gives_other_text(data: st.DataObject) -> None:
    """Of a file with one byte changed, either the same text is read or none."""
    at = data.draw(st.integers(2, len(_GZIP) - 1))
    changed = bytearray(_GZIP)
    changed[at] ^= data.draw(st.integers(1, 255))
    state, text = inflate(bytes(changed))
    assert (state is FileState.READ) == (text == _TEXT)


@settings(deadline=None)  # machines that build are busy
@given(st.binary(max_size=100))
def test_any_bytes_are_answered(tail: bytes) -> None:
    """Bytes that merely begin like gzip get a state; they inflate only if Python's own gzip agrees."""
    data = b"\x1f\x8b\x08" + tail
    state, text = inflate(data)
    if state is FileState.READ:
        assert text == gzip.decompress(data)


def test_a_bomb_is_not_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text over the limit is too large, whatever length the trailer claims."""
    monkeypatch.setattr(reading, "MAX_TEXT_BYTES", 1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(bytes(8 << 20)) + packer.flush()
    claims = {claim: inflate(bomb[:-4] + claim)[0] for claim in (bomb[-4:], b"\x10\x00\x00\x00", b"\xff" * 4)}
    assert set(claims.values()) == {FileState.TOO_LARGE}


def read_as_listed(path: Path) -> FileContent:
    """Read a file that is as it was listed."""
    status = path.lstat()
    return read_file(str(path), status.st_size, status.st_mtime_ns)


def test_files_are_read_by_their_content(tmp_path: Path) -> None:
    """Gzip without its suffix and plain JSON with it are both read; the hash is that of the bytes on disk."""
    contents = {"a.json": _GZIP, "b.json.gz": _TEXT, "c.json": b"\xef\xbb\xbf" + _TEXT}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    read = {name: read_as_listed(tmp_path / name) for name in contents}
    assert {name: (content.state, content.text) for name, content in read.items()} == dict.fromkeys(
        contents, (FileState.READ, _TEXT)
    )
    assert read["b.json.gz"].sha256 == hashlib.sha256(_TEXT).hexdigest()


def test_files_that_cannot_be_read_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link or a pipe in place of a file, and a file over the limit have states, not exceptions."""
    (tmp_path / "large.json").write_bytes(bytes(200))
    (tmp_path / "link.json").symlink_to("large.json")
    os.mkfifo(tmp_path / "pipe.json")
    monkeypatch.setattr(reading, "MAX_TEXT_BYTES", 100)
    states = {name: read_as_listed(tmp_path / name).state for name in ("link.json", "pipe.json", "large.json")}
    assert states == {
        "link.json": FileState.UNREADABLE,
        "pipe.json": FileState.UNREADABLE,
        "large.json": FileState.TOO_LARGE,
    }


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" ")


def _cut(path: Path) -> None:
    os.truncate(path, 5)


def _write_over(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b" ")


@pytest.mark.parametrize("change", [_grow, _cut, _write_over, Path.unlink])
def test_a_file_that_changed_since_it_was_listed_is_not_read(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """What it holds now may be half of what it will hold: it is told as changed, with no text and no hash."""
    path = tmp_path / "a.json"
    path.write_bytes(_TEXT)
    os.utime(path, ns=(0, 0))
    change(path)
    assert read_file(str(path), len(_TEXT), 0) == FileContent(FileState.CHANGED)


@pytest.mark.parametrize("change", [_grow, _cut, _write_over])
@pytest.mark.parametrize("before", [True, False])
def test_a_file_that_changes_under_the_reader_is_not_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    before: bool,  # noqa: FBT001 - the read
) -> None:
    """A change after it was opened is seen, before its bytes were read and after."""
    path, read = tmp_path / "a.json", os.read
    path.write_bytes(_TEXT)
    os.utime(path, ns=(0, 0))

    def _read(descriptor: int, size: int) -> bytes:
        monkeypatch.undo()
        if before:
            change(path)
            return read(descriptor, size)
        data = read(descriptor, size)
        change(path)
        return data

    monkeypatch.setattr(os, "read", _read)
    assert read_file(str(path), len(_TEXT), 0) == FileContent(FileState.CHANGED)
