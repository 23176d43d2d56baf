"""Reads files as they were at a git tag."""

import io
import subprocess
import tarfile
from pathlib import Path

from comprova.errors import ComprovaError, Problem


def last_tag(folder: Path) -> str | None:
    """Return the newest tag that the commit checked out in a folder descends from; None where there is none."""
    done = _git(folder, "describe", "--tags", "--abbrev=0")
    return done.stdout.decode().strip() or None if done and done.returncode == 0 else None


def text_at(folder: Path, tag: str, name: str) -> str | None:
    """Return a file of a folder as it was at a tag; None where it was not there.

    Args:
        folder: In a git repository.
        tag: A tag, or another name of a commit.
        name: Of the file, from the folder on.
    """
    done = _git(folder, "show", "--end-of-options", f"{tag}:./{name}")
    return done.stdout.decode() if done and done.returncode == 0 else None


def write_folder_at(folder: Path, tag: str, name: str, into: Path) -> None:
    """Write a folder's subfolder as it was at a tag.

    Raises:
        ComprovaError: There is no such tag, or no such folder in it.
    """
    done = _git(folder, "archive", "--format=tar", "--end-of-options", tag, f"./{name}")
    if done is None or done.returncode != 0:
        found = done.stderr.decode(errors="replace").strip().partition("\n")[0] if done else "no git"
        raise ComprovaError(Problem(tag, f"a git tag of {folder} that has {name}/", found or "none"))
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(into, filter="data")


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """Run git in a folder; None where there is no git."""
    try:
        return subprocess.run(  # noqa: S603 - git, and options that a name cannot become
            ["git", *arguments],  # noqa: S607 - the one that the user has
            cwd=folder,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return None
