"""Finds the four content folders: comprova's own, and those of a user's project."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from comprova.errors import ContentError, Problem

FOLDERS = ("queries", "reports", "templates", "jobs")
_CHECKOUT_LEVELS = 2  # <root>/src/comprova/content.py


@dataclass(frozen=True, slots=True)
class ContentRoot:
    """A folder that holds content.

    Attributes:
        path: The folder that has `queries/`, `reports/`, `templates/` and `jobs/`; a user's project may lack some.
        builtin: Whether it is comprova's own.
    """

    path: Path
    builtin: bool

    def folder(self, name: str) -> Path:
        """Return the path of one of the four folders; it need not exist in a project."""
        return self.path / name

    def relative(self, file: Path) -> str:
        """Return how messages and evidence name a file of this root, with forward slashes."""
        return file.relative_to(self.path).as_posix()


def builtin_root() -> ContentRoot:
    """Return comprova's own content: from the installed package, else from the checkout.

    Raises:
        ContentError: Neither place holds the four folders.
    """
    packaged = Path(str(files("comprova") / "_content"))
    checkout = Path(__file__).resolve().parents[_CHECKOUT_LEVELS]
    for path in (packaged, checkout):
        if all((path / folder).is_dir() for folder in FOLDERS):
            return ContentRoot(path, builtin=True)
    raise ContentError(
        Problem("comprova", "its queries, reports, templates and jobs", "none", "Reinstall the package comprova.")
    )


def project_root(path: Path) -> ContentRoot | None:
    """Return the user's project at `path`, or None where that folder has no content of its own.

    The checkout of comprova is itself such a project; it is the built-in content, so it is not returned again.
    """
    path = path.resolve()
    has_content = any((path / folder).is_dir() for folder in ("queries", "jobs", "reports"))
    if not has_content or path == builtin_root().path.resolve():
        return None
    return ContentRoot(path, builtin=False)


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A content file as it stands.

    Attributes:
        path: Where it is.
        where: How messages name it.
        text: What it holds.
    """

    path: Path
    where: str
    text: str


def find_content(roots: Sequence[ContentRoot], folder: str, name: str) -> ContentFile:
    """Read a definition by the name of its file, without `.toml`.

    Args:
        roots: The built-in root, then projects.
        folder: `jobs` or `reports`.
        name: Of the file, or the path of a TOML file anywhere.

    Raises:
        ContentError: There is none, there are several, or it cannot be read.
    """
    given = Path(name)
    if given.suffix == ".toml":
        return _read(given, str(given))
    found = [(root, path) for root in roots if (path := root.folder(folder) / f"{name}.toml").is_file()]
    if len(found) > 1:
        root, path = found[-1]
        hint = "Rename your file and its id: a project adds to comprova's own content and never replaces it."
        raise ContentError(
            Problem(root.relative(path), "a name that comprova's own content does not have", repr(name), hint)
        )
    for root, path in found:
        return _read(path, root.relative(path))
    known = sorted({path.stem for root in roots for path in root.folder(folder).glob("*.toml")})
    raise ContentError(Problem(folder, f"a TOML file, or one of {', '.join(known)}", repr(name)))


def _read(path: Path, where: str) -> ContentFile:
    try:
        return ContentFile(path, where, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(Problem(where, "a readable UTF-8 file", str(error))) from error
