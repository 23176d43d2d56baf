"""Listing a folder of CloudTrail files."""

import os
from pathlib import Path

import pytest

from comprova.errors import ComprovaError
from comprova.trail.listing import SkipReason, list_folder
from unit.trail.log_files import key_of, put, record

_LOG = key_of("2026-10-01", "a")
_DIGEST = (
    "AWSLogs/1/CloudTrail-Digest/us-east-1/2026/10/01/"
    "1_CloudTrail-Digest_us-east-1_t_us-east-1_20261001T000000Z.json.gz"
)
_INSIGHT = _LOG.replace("CloudTrail", "CloudTrail-Insight")


def test_logs_are_listed_and_everything_else_is_named(tmp_path: Path) -> None:
    """All files of a folder are either logs, in the order of their keys, or skipped with a reason."""
    for key in ("z.json", _LOG, "sub/loose.json.gz", _DIGEST, _INSIGHT):
        put(tmp_path, key, record(1))
    (tmp_path / "README.md").write_text("-")
    (tmp_path / "empty").mkdir()
    listing = list_folder(tmp_path)
    assert [file.key.log_file for file in listing.files] == [_LOG, "sub/loose.json.gz", "z.json"]
    assert [(file.key.log_file, file.reason) for file in listing.skipped] == [
        (_DIGEST, SkipReason.DIGEST),
        (_INSIGHT, SkipReason.INSIGHT),
        ("README.md", SkipReason.OTHER),
    ]
    size = (tmp_path / _LOG).stat()
    assert (listing.files[0].bytes, listing.files[0].modified_ns) == (size.st_size, size.st_mtime_ns)


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A link to a file inside is read; one to a file outside, to a folder or to nothing is skipped."""
    outside = put(tmp_path / "outside", "secret.json", record(1))
    inside = put(tmp_path / "logs", "real.json", record(2))
    for name, target in {"in": inside, "out": outside, "folder": tmp_path / "logs", "nothing": tmp_path / "no"}.items():
        (tmp_path / "logs" / f"{name}.json").symlink_to(target)
    listing = list_folder(tmp_path / "logs")
    assert {file.key.log_file: file.path for file in listing.files} == dict.fromkeys(
        ("in.json", "real.json"), str(inside)
    )
    assert {file.key.log_file: file.reason for file in listing.skipped} == dict.fromkeys(
        ("out.json", "folder.json", "nothing.json"), SkipReason.LINK
    )


def test_a_folder_of_links_to_itself_ends(tmp_path: Path) -> None:
    """Linked folders are not entered, and the folder given may itself be a link."""
    put(tmp_path / "logs", "a.json", record(1))
    (tmp_path / "logs" / "again").symlink_to(tmp_path / "logs", target_is_directory=True)
    (tmp_path / "link").symlink_to(tmp_path / "logs", target_is_directory=True)
    assert [file.key.log_file for file in list_folder(tmp_path / "link").files] == ["a.json"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe with the name of a log is skipped; opening it would wait for ever."""
    os.mkfifo(tmp_path / "pipe.json")
    assert [file.reason for file in list_folder(tmp_path).skipped] == [SkipReason.NOT_A_FILE]


def test_two_copies_of_an_object_are_told_apart(tmp_path: Path) -> None:
    """The same key under two folders is listed twice, under relative paths, and never once for both."""
    for bucket in ("a", "b"):
        put(tmp_path, f"{bucket}/{_LOG}", record(1))
    put(tmp_path, f"b/{key_of('2026-10-01', 'c')}", record(2))
    assert [file.key.log_file for file in list_folder(tmp_path).files] == [
        key_of("2026-10-01", "c"),
        f"a/{_LOG}",
        f"b/{_LOG}",
    ]


def test_names_that_are_not_unicode_are_made_printable(tmp_path: Path) -> None:
    """A name of other bytes is listed, and two that would be printed alike are both skipped by name."""
    for name in (b"\xff.json", rb"\xff.json", b"\xfe.json"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"{}")
    listing = list_folder(tmp_path)
    assert [file.key.log_file for file in listing.files] == [r"\xfe.json"]
    assert [(file.key.log_file, file.reason) for file in listing.skipped] == [(r"\xff.json", SkipReason.SAME_KEY)] * 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folders_without_permission_are_named(tmp_path: Path) -> None:
    """A sub-folder that may not be entered is skipped as unreadable."""
    (tmp_path / "closed").mkdir(mode=0)
    assert [(file.key.log_file, file.reason) for file in list_folder(tmp_path).skipped] == [
        ("closed", SkipReason.UNREADABLE)
    ]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A missing folder, and a file in its place, are said to be such."""
    (tmp_path / "file").write_text("")
    for name in ("missing", "file"):
        with pytest.raises(ComprovaError, match="a folder of CloudTrail files"):
            list_folder(tmp_path / name)
