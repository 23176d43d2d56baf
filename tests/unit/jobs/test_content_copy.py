"""All content that a run used goes into the evidence, and can be read from there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comprova.catalog.catalog import load_catalog
from comprova.content import ContentRoot
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.reader import content_roots
from comprova.jobs.content_copy import content_of, copied_job, copied_report, copy_content
from comprova.jobs.preparation import Choices, prepare
from content_builder import BUILTIN, FRAMEWORK, JOB, POLICY, PROJECT, REPORT, write_root

NOW = datetime(2026, 11, 4, tzinfo=UTC)
LATER = "queries/frameworks/laws-2026.toml"


@pytest.fixture
def roots(tmp_path: Path) -> tuple[ContentRoot, ...]:
    """Return the built-in content with two editions, and a project."""
    laws = BUILTIN[FRAMEWORK].replace('id = "acts"', 'id = "laws"')
    builtin = write_root(tmp_path / "builtin", {**BUILTIN, LATER: laws, "queries/notes.md": "x"})
    return builtin, write_root(tmp_path / "project", PROJECT, builtin=False)


def copied(tmp_path: Path, roots: tuple[ContentRoot, ...], *frameworks: str) -> EvidenceLayout:
    """Copy the content of a run over these editions."""
    layout = EvidenceLayout(tmp_path / "evidence")
    copy_content(content_of(prepare("monthly", roots, Choices(frameworks=frameworks), NOW)), layout)
    return layout


def test_what_is_copied(tmp_path: Path, roots: tuple[ContentRoot, ...]) -> None:
    """Queries, packs, parameters, the job and the report; not the looks, other editions or other files."""
    layout = copied(tmp_path, roots, "acts")
    files = {path.relative_to(layout.content).as_posix() for path in layout.content.rglob("*") if path.is_file()}
    project = {f"project/{name}" for name in PROJECT if name != POLICY}
    assert files == {name for name in BUILTIN if not name.startswith("templates/")} | project


def test_the_evidence_holds_its_own_catalog(tmp_path: Path, roots: tuple[ContentRoot, ...]) -> None:
    """What was copied reads without fault, and is the same as what was used."""
    layout = copied(tmp_path, roots, "acts", "acme.policy")
    inside, outside = load_catalog(content_roots(layout)), load_catalog(roots)
    assert inside.queries == outside.queries
    assert inside.parameters == outside.parameters
    assert set(inside.frameworks) == {"acts-2026", "acme.policy-1"}
    assert copied_report(layout, copied_job(layout, "monthly")).definition.id == "monthly"


def test_a_report_of_any_place_is_copied(tmp_path: Path, roots: tuple[ContentRoot, ...]) -> None:
    """A job may name its report by path; rendering years later finds it in the evidence."""
    report = tmp_path / "elsewhere" / "brief.toml"
    report.parent.mkdir()
    report.write_text(BUILTIN[REPORT].replace('id = "monthly"', 'id = "brief"'), encoding="utf-8")
    named = BUILTIN[JOB].replace('report = "monthly"', f'report = "{report}"')
    job = named.replace('id = "monthly"', 'id = "acme.brief"')
    write_root(roots[1].path, {"jobs/acme.brief.toml": job}, builtin=False)
    layout = EvidenceLayout(tmp_path / "evidence")
    copy_content(content_of(prepare("acme.brief", roots, Choices(), NOW)), layout)
    report.unlink()
    assert copied_report(layout, copied_job(layout, "acme.brief")).definition.id == "brief"


def test_files_are_copied_byte_by_byte(tmp_path: Path, roots: tuple[ContentRoot, ...]) -> None:
    """Hashes of content stay what they are in version control."""
    layout = copied(tmp_path, roots, "acts")
    assert (layout.content / JOB).read_bytes() == BUILTIN[JOB].encode()
    assert (layout.content / FRAMEWORK).read_bytes() == BUILTIN[FRAMEWORK].encode()
