"""`comprova queries` in a project: release, next version, comparison, and the lock at the last git tag."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from comprova.cli import content
from comprova.cli.app import app
from comprova.content import ContentRoot
from comprova.errors import ComprovaError, ContentError
from comprova.jobs.preparation import Choices, prepare
from content_builder import BUILTIN, PACK, POLICY, PROJECT, ROOT_USE, VISITS, changed, write_root

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOTE = ("--note", "en=It tells more.", "--note", "pt-BR=Diz mais.")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ContentRoot:
    """Return a project in the current folder, beside small content of comprova's own."""
    builtin = write_root(tmp_path / "builtin", BUILTIN)
    monkeypatch.setattr(content, "builtin_root", lambda: builtin)
    monkeypatch.setattr("comprova.catalog.states.builtin_root", lambda: builtin)
    root = write_root(tmp_path / "project", PROJECT, builtin=False)
    monkeypatch.chdir(root.path)
    return root


def queries(*arguments: str) -> Result:
    """Run a command of the family; faults are raised."""
    return CliRunner().invoke(app, ["queries", *arguments], catch_exceptions=False)


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as somebody."""
    who = ("-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607 - of the test


def change(root: ContentRoot, name: str, old: str, new: str) -> None:
    """Replace a text in a file of a root, once."""
    files = {name: (root.path / name).read_text(encoding="utf-8")}
    (root.path / name).write_text(changed(files, name, old, new)[name], encoding="utf-8")


def test_a_project_releases_into_a_lock_of_its_own(project: ContentRoot, tmp_path: Path) -> None:
    """Comprova's own lock is not touched, a second release adds nothing, and what was released may not change."""
    assert "acme.visits.visits@1\n1 lines appended to queries/queries.lock" in queries("lock").stdout
    assert "0 lines appended" in queries("lock").stdout
    assert not (tmp_path / "builtin" / "queries" / "queries.lock").exists()
    change(project, VISITS, "FROM activity", "FROM activity WHERE in_period")
    with pytest.raises(ContentError, match=r"queries bump acme\.visits\.visits"):
        queries("lock")


def test_a_replaced_version_is_still_asked(project: ContentRoot, tmp_path: Path) -> None:
    """Release, next version, another edition: the old edition asks what it always asked, the new one the new text."""
    queries("lock")
    later = PROJECT[POLICY].replace('edition = "1"', 'edition = "2"\nsupersedes = "1"').replace("2010-", "2011-")
    write_root(project.path, {"queries/frameworks/acme.policy-2.toml": later})
    queries("bump", "acme.visits.visits", *NOTE, "--keep", "acme.policy-1")
    change(project, VISITS, "FROM activity", "FROM activity WHERE in_period")
    assert "acme.visits.visits@2" in queries("lock").stdout
    asked = {}
    for key in ("acme.policy-1", "acme.policy-2"):
        choices = Choices(period="2026-10", logs=tmp_path / "logs", frameworks=(key,))
        prepared = prepare("monthly", content.roots(), choices, NOW)
        asked[key] = [(str(query.ref), "WHERE" in query.sql) for query in prepared.queries]
        assert prepared.catalog.query("acme.visits.visits") == prepared.queries[0]
    assert asked == {
        "acme.policy-1": [("acme.visits.visits@1", False)],
        "acme.policy-2": [("acme.visits.visits@2", True)],
    }
    with pytest.raises(ContentError, match="editions that name one version of a query"):
        prepare(
            "monthly",
            content.roots(),
            Choices(period="2026-10", logs=tmp_path / "logs", frameworks=tuple(asked)),
            NOW,
        )


@pytest.mark.parametrize("key", ["acts-2026", "acme.policy-3"])
def test_only_an_edition_of_ones_own_is_kept(project: ContentRoot, key: str) -> None:
    """Comprova's own editions name what its packs name."""
    before = (project.path / VISITS).read_text(encoding="utf-8")
    with pytest.raises(ContentError, match=r"editions of your own, acme\.policy-1"):
        queries("bump", "acme.visits.visits", *NOTE, "--keep", key)
    assert (project.path / VISITS).read_text(encoding="utf-8") == before


def test_versions_are_compared_as_an_auditor_asks(project: ContentRoot) -> None:
    """Meaning, words and SQL of what changed, who names it and since when: of the query and of the pack."""
    queries("lock")
    queries("bump", "acme.visits.visits", *NOTE)
    change(project, VISITS, "FROM activity", "FROM activity\nWHERE in_period")
    change(project, VISITS, 'needs = ["management:write"]', 'needs = ["management:read"]')
    change(project, VISITS, 'question.en = "Text"', 'question.en = "Who came?"')
    query = queries("diff", "acme.visits.visits@1", "acme.visits.visits@2").stdout
    for line in (
        "MEANING CHANGED  acme.visits.visits@1 -> acme.visits.visits@2, not released yet",
        "  needs\n    - management:write\n    + management:read",
        "  question\n    - Text\n    + Who came?",
        "  +WHERE in_period",
        "  named by acme.policy-1 1",
    ):
        assert line in query
    assert queries("diff", "acme.visits@1.0.0", "acme.visits@2.0.0").stdout == query
    queries("lock")
    [said] = json.loads(queries("diff", "acme.visits@1.0.0", "acme.visits@2.0.0", "--json").stdout)
    assert (said["before"], said["after"], said["change"]) == (
        "acme.visits.visits@1",
        "acme.visits.visits@2",
        "meaning changed",
    )
    assert said["released"]
    assert "the same questions" in queries("diff", "acme.visits@2.0.0", "acme.visits@2.0.0").stdout


@pytest.mark.usefixtures("project")
def test_folders_are_compared(tmp_path: Path) -> None:
    """A question that came, one that went, and one of which only the words were mended."""
    more = {
        **changed(BUILTIN, ROOT_USE, 'title.en = "Text"', 'title.en = "Root"'),
        PACK: BUILTIN[PACK].replace("identity.key_age@1", "identity.leavers@1"),
    }
    moved = {name.replace("key_age", "leavers"): text.replace("key_age", "leavers") for name, text in more.items()}
    write_root(tmp_path / "later", moved)
    said = json.loads(queries("diff", str(tmp_path / "builtin"), str(tmp_path / "later"), "--json").stdout)
    assert [(item["id"], item["change"]) for item in said] == [
        ("identity.key_age", "removed"),
        ("identity.leavers", "added"),
        ("identity.root_use", "reworded"),
    ]
    assert said[2]["prose"] == [{"key": "title", "before": "Text", "after": "Root"}]
    assert said[2]["sql"] == []


def test_tags_are_compared(project: ContentRoot) -> None:
    """The content as it was tagged, beside the content there is."""
    git(project.path, "init")
    git(project.path, "add", ".")
    git(project.path, "commit", "--message", "First")
    git(project.path, "tag", "v1")
    change(project, VISITS, "FROM activity", "FROM activity\nWHERE in_period")
    assert "+WHERE in_period" in queries("diff", "v1", ".").stdout
    for name in ("v2", "v1:queries", ""):
        with pytest.raises(ComprovaError, match="a git tag of"):
            queries("diff", "v1", name)
    with pytest.raises(ComprovaError, match="a git tag of"):
        queries("diff", "--", "v1", "--output=x")
    assert not (project.path / "x").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acme.visits@3.0.0", "one of its versions, 1.0.0"),
        ("acme.nobody@1.0.0", "one of acme.visits, identity"),
        ("acme.visits.visits@9", "the id of a query"),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_was_never_there_cannot_be_compared(name: str, said: str) -> None:
    """The message says what there is."""
    with pytest.raises(ContentError, match=said):
        queries("diff", name, "acme.visits@1.0.0")


def test_a_released_line_never_changes(project: ContentRoot) -> None:
    """Beside the lock at the last tag: nothing tagged passes, growth passes, a changed or lost line says what to do."""
    assert "nothing is tagged yet" in queries("released").stdout
    git(project.path, "init")
    git(project.path, "add", ".")
    git(project.path, "commit", "--message", "First")
    git(project.path, "tag", "v0")
    assert "v0 has none" in queries("released").stdout
    queries("lock")
    git(project.path, "add", ".")
    git(project.path, "commit", "--message", "Release")
    git(project.path, "tag", "v1")
    queries("bump", "acme.visits.visits", *NOTE)
    queries("lock")
    assert "holds every line that v1 released" in queries("released").stdout
    lock = project.path / "queries" / "queries.lock"
    whole = lock.read_text(encoding="utf-8")
    lock.write_text(whole.replace("visits 1", "visits 3", 1), encoding="utf-8")
    changed_line = (
        "expected the line of acme.visits.visits@1 as it was released, found the line of acme.visits.visits@3"
    )
    with pytest.raises(ContentError, match=f"{changed_line}. Restore the file from the release"):
        queries("released")
    lock.write_text(whole.splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(ContentError, match="found the end of the file"):
        queries("released")


@pytest.mark.usefixtures("project")
def test_a_question_is_shown_whole() -> None:
    """What it asks, what its rows mean, limits, remedy, parameters, requirements, versions and SQL, in a language."""
    said = queries("show", "identity.key_age", "--language", "pt_BR").stdout
    for part in (
        "**Text (pt).** Text (pt)",
        "Tipo: exceção",
        "Uma linha para cada: `event_id`",
        "- Mostra o que foi registrado.",
        "`person` (varchar, pode identificar uma pessoa): Text (pt)",
        "`max_age_days` (bigint, padrão `90`): Text (pt)",
        "`approved` (array(varchar), obrigatório): Text (pt)",
        "acts-2026 2 (apoia): Text (pt)",
        "identity.key_age@1, não liberada, atual",
        "SELECT event_id, person",
    ):
        assert part in said


def test_content_of_others_moves_no_cursor(project: ContentRoot) -> None:
    """Titles and SQL are printed as text, whatever command shows them: codes stand for what a terminal would obey."""
    change(project, VISITS, 'title.en = "Text"', 'title.en = "Te\\u001b]0;x\\u0007xt"')
    change(project, VISITS, "FROM activity", "/* \u202e\x9b2K */ FROM activity")
    shown = [
        CliRunner().invoke(app, command, catch_exceptions=False).stdout
        for command in (
            ("queries", "list"),
            ("queries", "show", "acme.visits.visits"),
            ("queries", "diff", "identity.root_use@1", "acme.visits.visits@1"),
            ("frameworks", "show", "acme.policy"),
        )
    ]
    assert [char for said in shown for char in said if not char.isprintable() and char not in "\n\t"] == []
    assert "Te\\u{1B}]0;x\\u{7}xt" in shown[0]
    assert "/* \\u{202E}\\u{9B}2K */" in shown[1]


@pytest.mark.usefixtures("project")
def test_coverage_counts_the_requirements_of_each_query() -> None:
    """Each query has a line with one count for each edition; a dash is none."""
    said = CliRunner().invoke(app, ["frameworks", "coverage"], catch_exceptions=False).stdout
    lines = {words[0]: words[1:] for line in said.splitlines() if (words := line.split())}
    assert lines["acme.visits.visits@1"] == ["1", "-"]
    assert lines["identity.root_use@1"][0] == "-"
    assert int(lines["identity.root_use@1"][1]) > 0
