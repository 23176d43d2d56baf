"""Sealed evidence is read back as it was written."""

from pathlib import Path

import pytest

from comprova.content import ContentRoot
from comprova.errors import ComprovaError
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import seal
from comprova.evidence.reader import PROJECT, content_roots, open_evidence
from evidence_factory import FRAMEWORK, HOSTILE, QUERIES, make_evidence


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> EvidenceLayout:
    """Return sealed evidence in a run's folder; tests only read it."""
    return make_evidence(tmp_path_factory.mktemp("r1") / "evidence")


def test_evidence_is_found_in_its_folder_and_from_the_run_around_it(layout: EvidenceLayout) -> None:
    """An auditor may name either."""
    inside, around = open_evidence(layout.root), open_evidence(layout.root.parent)
    assert inside.layout == around.layout == layout
    assert inside.assessment == around.assessment


def test_everything_that_was_sealed_is_there(layout: EvidenceLayout) -> None:
    """Outcomes, cells, totals, queries and editions come from the folder alone."""
    evidence = open_evidence(layout.root)
    assert set(evidence.results) == set(QUERIES) == {query.id for query in evidence.catalog.current}
    assert {id_: result.outcome for id_, result in evidence.results.items()} == {
        id_: sample.outcome for id_, sample in QUERIES.items()
    }
    assert list(evidence.catalog.frameworks) == [FRAMEWORK]
    assert evidence.totals.balanced
    assert evidence.assurance.cells


def test_rows_come_in_order_and_up_to_a_limit(layout: EvidenceLayout) -> None:
    """The first rows are those of the file; a limit of none gives all."""
    evidence = open_evidence(layout.root)
    texts = [row["text"] for row in evidence.rows("trail.hostile_names")]
    assert texts == list(HOSTILE)
    assert [row["text"] for row in evidence.rows("trail.hostile_names", limit=2)] == texts[:2]
    assert list(evidence.rows("trail.hostile_names", limit=0)) == []


def test_a_projects_content_is_read_from_a_folder_of_its_own(tmp_path: Path) -> None:
    """What came from a user's project lies apart from comprova's own."""
    layout = EvidenceLayout(tmp_path)
    builtin = ContentRoot(layout.content, builtin=True)
    assert content_roots(layout) == (builtin,)
    (layout.content / PROJECT).mkdir(parents=True)
    assert content_roots(layout) == (builtin, ContentRoot(layout.content / PROJECT, builtin=False))


def test_a_folder_without_a_seal_is_no_evidence(tmp_path: Path) -> None:
    """An interrupted run, an empty folder and none at all are told in the same way."""
    unsealed = make_evidence(tmp_path / "evidence")
    unsealed.manifest.unlink()
    for folder in (tmp_path, unsealed.root, tmp_path / "nowhere"):
        with pytest.raises(ComprovaError, match=r"expected a sealed evidence folder \(with manifest-sha256.txt\)"):
            open_evidence(folder)


@pytest.mark.parametrize("name", ["assessment.json", "assurance.json", "totals.json"])
@pytest.mark.parametrize("data", [None, b"", b"{}", b'{"format": 2}', b"\xff"])
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, name: str, data: bytes | None) -> None:
    """A file that is missing, cut short or of another format is named, though the seal be made anew."""
    layout = make_evidence(tmp_path)
    path = layout.root / name
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    seal(layout.root, layout.manifest)
    with pytest.raises(ComprovaError, match=rf"{name}: expected a readable .*Verify the evidence\."):
        open_evidence(layout.root)


def test_content_with_a_fault_is_named(tmp_path: Path) -> None:
    """An edition that cannot be read makes the evidence unreadable, with the line at fault."""
    layout = make_evidence(tmp_path)
    path = layout.content / "queries" / "frameworks" / f"{FRAMEWORK}.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("edition =", "editions ="), encoding="utf-8")
    with pytest.raises(ComprovaError, match=rf"queries/frameworks/{FRAMEWORK}.toml:\d+: "):
        open_evidence(layout.root)
