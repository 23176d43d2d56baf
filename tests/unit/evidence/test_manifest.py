"""The manifest is what sha256sum checks."""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from comprova.errors import ComprovaError
from comprova.evidence.manifest import files_below, read_manifest, seal, sha256_file

SHA256SUM = shutil.which("sha256sum")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with files whose names want care, sealed."""
    for name, data in {
        "a.json": b"{}",
        "results/identity.root_use.csv": "é;=1\n".encode() * 100_000,
        "sql/name with spaces é.sql": b"SELECT 1",
        "sql/-c": b"",
        "z\u2028.txt": b"line separator in a name",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    seal(tmp_path, tmp_path / "manifest-sha256.txt")
    return tmp_path


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run sha256sum over the manifest, as an auditor does."""
    if SHA256SUM is None:
        pytest.skip("sha256sum is not installed")
    return subprocess.run(  # noqa: S603 - a fixed command
        [SHA256SUM, "--strict", "-c", "manifest-sha256.txt"],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_sha256sum_agrees(folder: Path) -> None:
    """Every file is listed, none is wrong, and the manifest itself is not in it."""
    result = checked(folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count(": OK\n") == len(read_manifest(folder / "manifest-sha256.txt")) == 5


def test_sha256sum_finds_one_flipped_bit(folder: Path) -> None:
    """A single bit of a large file is noticed."""
    path = folder / "results/identity.root_use.csv"
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    result = checked(folder)
    assert result.returncode == 1
    assert "results/identity.root_use.csv: FAILED" in result.stdout


def test_what_is_read_is_what_was_sealed(folder: Path) -> None:
    """The reader of manifests gets every name and hash back, in the order of names."""
    manifest = folder / "manifest-sha256.txt"
    expected = {path.relative_to(folder).as_posix(): sha256_file(path) for path in files_below(folder, manifest)}
    assert read_manifest(manifest) == expected
    assert list(expected) == sorted(expected)


def test_the_seal_is_the_manifests_hash_and_comes_again(folder: Path) -> None:
    """Sealing again changes nothing: the manifest is not part of what it lists."""
    manifest = folder / "manifest-sha256.txt"
    before = manifest.read_bytes()
    assert seal(folder, manifest) == sha256(before).hexdigest() == sha256_file(manifest)
    assert manifest.read_bytes() == before


@pytest.mark.parametrize("name", ["line\nbreak", "back\\slash", "return\r"])
def test_names_that_sha256sum_writes_in_another_way_are_refused(tmp_path: Path, name: str) -> None:
    """Such a file would be listed under a name that is not its own."""
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(ComprovaError, match="a file name without line breaks and backslashes"):
        seal(tmp_path, tmp_path / "manifest-sha256.txt")
    assert not (tmp_path / "manifest-sha256.txt").exists()


LINE = f"{'0' * 64}  a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1 is not"),
        ("abc  a\n", "line 1 is not"),
        (f"{LINE}\n{'0' * 64} *b\n", "line 2 is not"),
        (f"{LINE}\n\n", "line 2 is not"),
        (f"{'0' * 64}  \n", "line 1 is not"),
        (f"{'G' * 64}  a\n", "line 1 is not"),
        (f"{LINE}\n{LINE}\n", "line 2 names a again"),
    ],
)
def test_what_is_no_manifest(tmp_path: Path, text: str, message: str) -> None:
    """A line of another form, or one that names a file again, is told by its number."""
    path = tmp_path / "manifest-sha256.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_manifest(path)
