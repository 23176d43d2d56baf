"""Seals a folder: a manifest in the syntax of `sha256sum`, written last."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from comprova.errors import ComprovaError, Problem
from comprova.evidence.canonical import write_whole

_CHUNK = 1 << 20
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<name>.+)")
_STRANGE = re.compile(r"[\r\n\\]")


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def files_below(folder: Path, manifest: Path) -> Iterator[Path]:
    """Yield every file of a folder but the manifest, in the order of their names with forward slashes."""
    found = (path for path in folder.rglob("*") if path.is_file() and path != manifest)
    yield from sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def seal(folder: Path, manifest: Path) -> str:
    """Write the manifest of a folder and return the manifest's own SHA-256: the seal.

    `sha256sum -c manifest-sha256.txt`, run in the folder, checks every file.

    Raises:
        ComprovaError: A file's name holds a line break or a backslash, which `sha256sum` writes in another way.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in files_below(folder, manifest)}
    if strange := sorted(name for name in paths if _STRANGE.search(name)):
        raise ComprovaError(
            Problem(str(folder), "a file name without line breaks and backslashes", repr(name)) for name in strange
        )
    text = "".join(f"{sha256_file(path)}  {name}\n" for name, path in paths.items()).encode()
    write_whole(manifest, text)
    return hashlib.sha256(text).hexdigest()


def folder_faults(folder: Path, manifest: Path) -> list[str]:
    """Return in words what in a folder is not as its manifest says, and what the manifest does not name."""
    if not manifest.is_file():
        return [f"{manifest.name} is missing: the folder was never sealed"]
    try:
        expected = read_manifest(manifest)
    except ValueError as error:
        return [f"{manifest.name}: {error}"]
    present = {path.relative_to(folder).as_posix(): path for path in files_below(folder, manifest)}
    faults = [f"{file} is missing" for file in sorted(expected.keys() - present.keys())]
    faults += [f"{file} is not in the manifest" for file in sorted(present.keys() - expected.keys())]
    for file in sorted(expected.keys() & present.keys()):
        found = sha256_file(present[file])
        if found != expected[file]:
            faults.append(f"{file}: expected {expected[file][:12]}…, found {found[:12]}…")
    return faults


def read_manifest(manifest: Path) -> dict[str, str]:
    """Return the SHA-256 by file name of a manifest.

    Raises:
        ValueError: A line is not of the form that `sha256sum` writes, or names a file again.
    """
    hashes: dict[str, str] = {}
    for number, line in enumerate(manifest.read_bytes().decode().removesuffix("\n").split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            message = f"line {number} is not `<sha256>  <file>`"
            raise ValueError(message)
        if match["name"] in hashes:
            message = f"line {number} names {match['name']} again"
            raise ValueError(message)
        hashes[match["name"]] = match["digest"]
    return hashes
