"""Finds the four content folders: comprova's own, and those of a user's project."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from comprova.errors import ContentError, Problem

FOLDERS = ("queries", "reports", "templates", "jobs")
README = "README.md"
"""What `comprova init` writes into a folder to say what it is for; no content."""
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


@contextmanager
def templates_of(roots: Sequence[ContentRoot]) -> Iterator[Path]:
    """Give the folder of templates: comprova's own, with what a project adds or replaces by the same name.

    A project may so add `templates/locale/es`, or replace `templates/paper.css`, and nothing else. It is a folder of
    links, which is gone afterwards.
    """
    own, *others = [root.folder("templates") for root in roots]
    layers = [folder for folder in others if folder.is_dir()]
    if not layers:
        yield own
        return
    with TemporaryDirectory(prefix="comprova-templates-") as merged:
        for layer in (own, *layers):
            for path in sorted(layer.rglob("*")):
                link = Path(merged) / path.relative_to(layer)
                if path.is_dir():
                    link.mkdir(parents=True, exist_ok=True)
                elif path.name != README:
                    link.unlink(missing_ok=True)
                    link.symlink_to(path.resolve())
        yield Path(merged)


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
