"""A run finds the evidence of the month before by itself, and verifies it before it is used."""

import shutil
from pathlib import Path

import pytest

from comprova.catalog.lock import fingerprint
from comprova.evidence.canonical import canonical_json
from comprova.evidence.findings import EarlierState
from comprova.evidence.manifest import seal, sha256_file
from comprova.evidence.reader import open_evidence
from comprova.jobs.earlier import find_earlier, name_of, read_earlier
from comprova.period import Period
from evidence_factory import make_evidence

NOVEMBER = Period.parse("2026-11", "America/Sao_Paulo")


@pytest.fixture
def october(tmp_path: Path) -> Path:
    """Return the sealed evidence of October's first revision, in the folder of a job, with true hashes."""
    layout = make_evidence(tmp_path / "monthly" / "2026-10" / "r1" / "evidence")
    said = open_evidence(layout.root)
    queries = tuple(
        one.model_copy(update={"sql_sha256": fingerprint(said.catalog.query(one.id)).sql})
        for one in said.assessment.queries
    )
    layout.assessment.write_bytes(canonical_json(said.assessment.model_copy(update={"queries": queries})))
    seal(layout.root, layout.manifest)
    return layout.root


def test_there_is_none(tmp_path: Path) -> None:
    """No folder of the month before, or no sealed revision in it."""
    assert find_earlier(tmp_path, NOVEMBER).name == "2026-10 none"
    (tmp_path / "2026-10" / "r1" / "evidence").mkdir(parents=True)
    found = read_earlier(find_earlier(tmp_path, NOVEMBER))
    assert (found.about.state, found.side, found.findings) == (EarlierState.NONE, None, ())


def test_the_newest_sealed_revision_is_used(october: Path) -> None:
    """An unsealed one beside it is passed over; which was used is said by period, revision and seal."""
    folder = october.parents[2]
    for number in (2, 10):
        shutil.copytree(october.parent, october.parents[1] / f"r{number}")
    (october.parents[1] / "r10" / "evidence" / "manifest-sha256.txt").unlink()
    run = find_earlier(folder, NOVEMBER)
    about = read_earlier(run).about
    digest = sha256_file(october / "manifest-sha256.txt")
    assert (about.period, about.state, about.revision, about.seal) == ("2026-10", EarlierState.COMPARED, 2, digest)
    assert run.name == name_of(about) == f"2026-10 r2 {digest}"


def test_its_findings_are_read(october: Path) -> None:
    """With the scope, the answers and the queries that they belong to."""
    found = read_earlier(find_earlier(october.parents[2], NOVEMBER))
    assert found.side is not None
    assert len(found.findings) == sum(one.rows or 0 for one in found.side.results.values() if one.findings is not None)
    assert found.side.catalog.query("trail.root_use").block.subject == ("text",)


def test_evidence_that_does_not_verify_is_not_used(october: Path) -> None:
    """Its fault is told; a run that was compared with nothing can be compared again once it is mended."""
    path = next((october / "results").glob("*.parquet"))
    path.write_bytes(path.read_bytes() + b" ")
    run = find_earlier(october.parents[2], NOVEMBER)
    found = read_earlier(run)
    assert (found.about.state, found.side, found.findings) == (EarlierState.DAMAGED, None, ())
    assert found.about.fault.startswith(f"results/{path.name}: expected")
    assert name_of(found.about) == f"{run.name} damaged"


def test_evidence_that_its_run_did_not_seal_is_not_used(october: Path) -> None:
    """Somebody put other evidence in its place, whole and sealed: the ledger names another seal."""
    (october.parent / "run.json").write_text(f'{{"seal": "{"0" * 64}"}}', encoding="utf-8")
    about = read_earlier(find_earlier(october.parents[2], NOVEMBER)).about
    assert (about.state, "run.json does not name it" in about.fault) == (EarlierState.DAMAGED, True)


def test_evidence_that_cannot_be_read_is_not_used(october: Path) -> None:
    """Whatever is wrong with it, this month is reported on."""
    (october / "findings.json").write_text("{}", encoding="utf-8")
    seal(october, october / "manifest-sha256.txt")
    about = read_earlier(find_earlier(october.parents[2], NOVEMBER)).about
    assert about.state is EarlierState.DAMAGED
    assert "findings.json" in about.fault
