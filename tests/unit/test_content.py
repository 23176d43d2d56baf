"""Content is found by one rule: the installed package's, else the checkout's, else an error."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comprova import content
from comprova.content import FOLDERS, ContentRoot, builtin_root, find_content, project_root
from comprova.errors import ContentError, ExitCode
from content_builder import BUILTIN, JOB, PROJECT, write_root

Place = Callable[[bool, bool], tuple[Path, Path]]


def make_folders(path: Path, names: tuple[str, ...] = FOLDERS) -> None:
    """Make content folders without files."""
    for name in names:
        (path / name).mkdir(parents=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Put comprova where it has packaged content, a checkout around it, both or neither."""

    def make(packaged: bool, checkout: bool) -> tuple[Path, Path]:  # noqa: FBT001 - the two places
        root = tmp_path / "root"
        package = root / "src" / "comprova"
        package.mkdir(parents=True)
        monkeypatch.setattr(content, "__file__", str(package / "content.py"))
        monkeypatch.setattr(content, "files", lambda _name: package)
        if packaged:
            make_folders(package / "_content")
        if checkout:
            make_folders(root)
        return package / "_content", root

    return make


def test_the_packaged_content_comes_first(place: Place) -> None:
    """An installed comprova uses what it was shipped with, whatever lies around it."""
    packaged, _ = place(True, True)
    assert builtin_root() == ContentRoot(packaged, builtin=True)


def test_a_checkout_is_its_own_content(place: Place) -> None:
    """Without packaged content, the checkout's four folders are used."""
    _, checkout = place(False, True)
    assert builtin_root() == ContentRoot(checkout, builtin=True)


@pytest.mark.parametrize("missing", FOLDERS)
def test_a_place_without_all_four_folders_does_not_count(place: Place, missing: str) -> None:
    """Half a content is none: the checkout is used, and without one the user is told to reinstall."""
    packaged, checkout = place(False, False)
    make_folders(packaged, tuple(name for name in FOLDERS if name != missing))
    with pytest.raises(ContentError, match=r"Reinstall the package comprova\.") as raised:
        builtin_root()
    assert raised.value.exit_code is ExitCode.USAGE
    make_folders(checkout)
    assert builtin_root().path == checkout


def test_the_repository_holds_the_built_in_content() -> None:
    """The rule finds this checkout, or what is installed, as it stands."""
    root = builtin_root()
    assert (root.folder("queries") / "activity.sql").is_file()
    assert root.relative(root.folder("queries") / "activity.sql") == "queries/activity.sql"


@pytest.mark.parametrize("name", ["queries", "jobs", "reports"])
def test_a_folder_with_content_of_its_own_is_a_project(place: Place, tmp_path: Path, name: str) -> None:
    """One of the folders is enough."""
    place(True, False)
    make_folders(tmp_path / "mine", (name,))
    assert project_root(tmp_path / "mine") == ContentRoot(tmp_path / "mine", builtin=False)


def test_other_folders_are_no_project(place: Place, tmp_path: Path) -> None:
    """A folder without content is none, and the built-in content is not a project beside itself."""
    _, checkout = place(False, True)
    (tmp_path / "empty").mkdir()
    assert project_root(tmp_path / "empty") is None
    assert project_root(checkout) is None


def test_a_definition_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    """A name is looked for in every root; a path leads anywhere."""
    roots = (write_root(tmp_path / "a", BUILTIN), write_root(tmp_path / "b", {"jobs/acme.toml": "x"}, builtin=False))
    assert find_content(roots, "jobs", "monthly").text == BUILTIN[JOB]
    assert find_content(roots, "jobs", "acme").where == "jobs/acme.toml"
    path = tmp_path / "elsewhere.toml"
    path.write_text("y", encoding="utf-8")
    assert find_content(roots, "jobs", str(path)).text == "y"


def test_a_project_never_shadows_a_built_in_definition(tmp_path: Path) -> None:
    """A job of a built-in name is refused, so that `run monthly` means the same everywhere."""
    roots = (write_root(tmp_path / "a", BUILTIN), write_root(tmp_path / "b", {JOB: BUILTIN[JOB]}, builtin=False))
    with pytest.raises(ContentError, match="a project adds to comprova's own content and never replaces it"):
        find_content(roots, "jobs", "monthly")


def test_an_unknown_definition_names_those_there_are(tmp_path: Path) -> None:
    """The names of all roots are offered."""
    roots = (write_root(tmp_path / "a", BUILTIN), write_root(tmp_path / "b", {**PROJECT, "jobs/acme.toml": "x"}))
    with pytest.raises(ContentError, match=r"expected a TOML file, or one of acme, monthly, found 'weekly'"):
        find_content(roots, "jobs", "weekly")


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, data: bytes | None) -> None:
    """A path that leads nowhere, or to something that is no text, is an error with that path."""
    path = tmp_path / "job.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ContentError, match="expected a readable UTF-8 file"):
        find_content((), "jobs", str(path))
