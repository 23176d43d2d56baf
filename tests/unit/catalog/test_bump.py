"""A bump keeps the released text, makes the next version, and moves on everything that names it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from comprova.catalog.bump import Note, bumped_files
from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.lock import appended, missing_entries
from comprova.catalog.text import Text
from comprova.content import ContentRoot
from comprova.errors import ContentError
from content_builder import (
    BUILTIN,
    FRAMEWORK,
    KEY_AGE,
    PACK,
    POLICY,
    PROJECT,
    PROJECT_PACK,
    ROOT_USE,
    VISITS,
    changed,
    write_root,
)

NOTE = Note(date(2026, 11, 22), Text(en='It now tells "who"\nand where \\ when.', pt_BR="Agora diz quem."))
SUPERSEDED = "queries/identity/superseded/root_use.v1.sql"


def bump(path: Path, query_id: str, files: Mapping[str, str] = BUILTIN) -> tuple[ContentRoot, dict[str, str]]:
    """Write content, bump a query of it, and return the root and the texts to write, by name."""
    root = write_root(path, files)
    texts = bumped_files(load_catalog([root]), root, query_id, NOTE)
    return root, {root.relative(file): text for file, text in texts.items()}


def after(root: ContentRoot, texts: Mapping[str, str]) -> Catalog:
    """Write the texts and read all content again."""
    return load_catalog([write_root(root.path, texts)])


def test_the_files_that_are_written(tmp_path: Path) -> None:
    """The old text is kept as it was, the new one differs by its version, and nothing else is touched."""
    _, texts = bump(tmp_path, "identity.root_use")
    assert set(texts) == {SUPERSEDED, ROOT_USE, PACK, FRAMEWORK}
    assert texts[SUPERSEDED] == BUILTIN[ROOT_USE]
    assert texts[ROOT_USE] == BUILTIN[ROOT_USE].replace("version = 1", "version = 2")
    assert texts[FRAMEWORK] == BUILTIN[FRAMEWORK].replace('"identity.root_use@1"', '"identity.root_use@2"')


def test_the_content_is_without_fault_afterwards(tmp_path: Path) -> None:
    """Pack and framework name the new version, and the old one can still be read."""
    catalog = after(*bump(tmp_path, "identity.root_use"))
    assert [str(query.ref) for query in catalog.current] == ["identity.root_use@2", "identity.key_age@1"]
    assert catalog.query("identity.root_use@1").path == SUPERSEDED
    assert str(catalog.frameworks["acts-2026"].requirement[0].evidence[0].ref) == "identity.root_use@2"


def test_the_pack_gets_a_major_version_and_a_note(tmp_path: Path) -> None:
    """A question's meaning changes, so the pack's first number does; the note is one line, whatever it holds."""
    pack = after(*bump(tmp_path, "identity.root_use")).packs["identity"]
    assert (pack.version, [change.version for change in pack.changelog]) == ("2.0.0", ["2.0.0", "1.0.0"])
    newest = pack.changelog[0]
    assert (newest.date, *newest.said.values()) == (
        NOTE.day,
        'It now tells "who" and where \\ when.',
        "Agora diz quem.",
    )


def test_a_query_can_be_bumped_again(tmp_path: Path) -> None:
    """Every replaced version stays beside the others."""
    root, texts = bump(tmp_path, "identity.root_use")
    catalog = after(root, texts)
    again = {
        root.relative(file): text for file, text in bumped_files(catalog, root, "identity.root_use@2", NOTE).items()
    }
    assert sorted(str(ref) for ref in after(root, again).queries) == [
        "identity.key_age@1",
        "identity.root_use@1",
        "identity.root_use@2",
        "identity.root_use@3",
    ]


def test_every_edition_that_maps_the_query_moves_on(tmp_path: Path) -> None:
    """Two editions name it, one of them in single quotation marks; a query with a longer name is not touched."""
    later = (
        BUILTIN[FRAMEWORK]
        .replace('edition = "2026"', 'edition = "2027"')
        .replace("effective_from = 2010-01-01", 'effective_from = 2027-01-01\nsupersedes = "2026"')
        .replace('"identity.root_use@1"', "'identity.root_use@1'")
    )
    name = "queries/frameworks/acts-2027.toml"
    _, texts = bump(tmp_path, "identity.root_use", {**BUILTIN, name: later})
    assert "'identity.root_use@2'" in texts[name]
    assert "identity.key_age@1" in texts[name]


def test_a_projects_query_is_bumped_in_the_project(tmp_path: Path) -> None:
    """Comprova's own files are not touched."""
    builtin = write_root(tmp_path / "builtin", BUILTIN)
    project = write_root(tmp_path / "project", PROJECT, builtin=False)
    texts = bumped_files(load_catalog([builtin, project]), project, "acme.visits.visits", NOTE)
    assert {project.relative(file) for file in texts} == {
        "queries/visits/superseded/visits.v1.sql",
        VISITS,
        PROJECT_PACK,
        POLICY,
    }


@pytest.mark.parametrize("query_id", ["identity.root_use@1", "identity.nobody"])
def test_only_a_current_query_can_be_bumped(tmp_path: Path, query_id: str) -> None:
    """A replaced version is history, and an unknown one does not exist."""
    root, texts = bump(tmp_path, "identity.root_use")
    catalog = after(root, texts)
    with pytest.raises(ContentError):
        bumped_files(catalog, root, query_id, NOTE)


def test_a_text_that_was_changed_after_its_release_is_not_kept_as_released(tmp_path: Path) -> None:
    """What goes to superseded/ is what was locked, or nothing."""
    root = write_root(tmp_path, BUILTIN)
    catalog = load_catalog([root])
    lock = appended("", catalog.lock, missing_entries(catalog.lock, catalog.lockable, NOTE.day))
    files = changed({**BUILTIN, "queries/queries.lock": lock}, ROOT_USE, "FROM activity", "FROM activity\nWHERE true")
    with pytest.raises(ContentError, match="Take the change back, bump, then change the new version"):
        bump(tmp_path, "identity.root_use", files)
    assert set(bump(tmp_path, "identity.key_age", files)[1]) >= {KEY_AGE}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (ROOT_USE, "version = 1\n", "version = 0x1\n"),
        (PACK, 'version = "1.0.0"\ntitle', "version = '1.0.0'\ntitle"),
        (PACK, "[[changelog]]", "[[ changelog ]]"),
    ],
)
def test_files_in_an_unusual_form_are_not_half_changed(tmp_path: Path, name: str, old: str, new: str) -> None:
    """Where a version cannot be moved on by its line, nothing is written and the file is named."""
    files = changed(BUILTIN, name, old, new)
    with pytest.raises(ContentError) as raised:
        bump(tmp_path, "identity.root_use", files)
    assert raised.value.problems[0].where.startswith(name)
