"""Seals a folder: a manifest in the syntax of `sha256sum`, written last."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from comprova.evidence.canonical import write_whole

_CHUNK = 1 << 20


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
    """
    lines = [f"{sha256_file(path)}  {path.relative_to(folder).as_posix()}\n" for path in files_below(folder, manifest)]
    text = "".join(lines).encode()
    write_whole(manifest, text)
    return hashlib.sha256(text).hexdigest()


def read_manifest(manifest: Path) -> dict[str, str]:
    """Return the SHA-256 by file name of a manifest.

    Raises:
        ValueError: A line is not of the form that `sha256sum` writes.
    """
    hashes = {}
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), start=1):
        digest, separator, name = line.partition("  ")
        if not separator or len(digest) != hashlib.sha256().digest_size * 2:
            message = f"line {number} is not `<sha256>  <file>`"
            raise ValueError(message)
        hashes[name] = digest
    return hashes
