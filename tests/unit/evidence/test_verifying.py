"""Whatever is done to sealed evidence is found, by its hash or because its parts no longer agree."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from comprova.catalog.lock import fingerprint
from comprova.errors import ComprovaError
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import seal, sha256_file
from comprova.evidence.model import Assessment
from comprova.evidence.reader import open_evidence
from comprova.evidence.verifying import verify_evidence
from evidence_factory import make_evidence

ROOT_USE, HOSTILE = "trail.root_use", "trail.hostile_names"
FILES = "files are as the manifest says"
DOCUMENTS = "documents are as their manifest says, and made from this evidence"
STATEMENTS = "statements and SQL are those of the assessment"
ROWS = "results have the rows that the assessment counts"
OUTCOMES = "outcomes follow from rows and extent"
FINDINGS = "findings are those of the rows, covered as they say"
TOTALS = "control totals add up"
TREND = "the trend ends with what this evidence says"
REQUIREMENTS = "every requirement of each edition has its row, as its queries say"

ALL = [FILES, STATEMENTS, ROWS, OUTCOMES, FINDINGS, TOTALS, TREND, REQUIREMENTS, DOCUMENTS]
OTHER_FINDINGS = {FINDINGS: (f"{ROOT_USE}: its findings are not those of its rows",)}


@pytest.fixture
def layout(tmp_path: Path) -> EvidenceLayout:
    """Return sealed evidence in which everything agrees, in a run's folder with documents."""
    layout = make_evidence(tmp_path / "evidence")
    catalog = open_evidence(layout.root).catalog
    edit(layout.assessment, lambda said: _with_true_hashes(said, catalog.query))
    seal(layout.root, layout.manifest)
    write_documents(layout, sha256_file(layout.manifest))
    return layout


def _with_true_hashes(said: dict[str, Any], query: Callable[[str], Any]) -> None:
    for result in said["queries"]:
        result["sql_sha256"] = fingerprint(query(result["id"])).sql


def write_documents(layout: EvidenceLayout, evidence_manifest: str) -> Path:
    """Write and seal a folder of documents that says which evidence it was made from."""
    folder = layout.root.parent / "documents"
    write_whole(folder / "2026-10_acts-2026_en.html", b"<html>")
    write_whole(folder / "rendered-from.json", json.dumps({"evidence_manifest_sha256": evidence_manifest}).encode())
    seal(folder, folder / "manifest-sha256.txt")
    return folder


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file of the evidence."""
    said = json.loads(path.read_bytes())
    change(said)
    if path.name == "assessment.json":
        path.write_bytes(canonical_json(Assessment.model_validate_json(json.dumps(said))))
    else:
        path.write_text(json.dumps(said), encoding="utf-8")


def faults(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return what is not as it should be, by check."""
    return {check.name: check.faults for check in verify_evidence(folder) if check.faults}


def resealed(layout: EvidenceLayout) -> dict[str, tuple[str, ...]]:
    """Seal again what was changed, as somebody would who wants to hide it, and return what is found all the same."""
    seal(layout.root, layout.manifest)
    write_documents(layout, sha256_file(layout.manifest))
    return faults(layout.root)


def result_of(said: dict[str, Any], query_id: str) -> dict[str, Any]:
    """Return what an assessment says of a query."""
    found: dict[str, Any] = next(result for result in said["queries"] if result["id"] == query_id)
    return found


def test_sealed_evidence_has_no_fault(layout: EvidenceLayout) -> None:
    """Every check ran, none was empty, and the run's folder may be named as well."""
    checks = verify_evidence(layout.root)
    assert [check.name for check in checks] == [
        FILES,
        STATEMENTS,
        ROWS,
        OUTCOMES,
        FINDINGS,
        TOTALS,
        TREND,
        REQUIREMENTS,
        DOCUMENTS,
    ]
    assert [check.name for check in checks if check.faults or not check.count] == []
    assert verify_evidence(layout.root.parent) == checks


def test_every_single_file_is_covered_by_the_seal(layout: EvidenceLayout) -> None:
    """A byte more in any file is found, and the file is named."""
    missed = []
    for path in sorted(layout.root.rglob("*")):
        if path.is_file() and path != layout.manifest:
            before = path.read_bytes()
            path.write_bytes(before + b" ")
            name = path.relative_to(layout.root).as_posix()
            if not any(fault.startswith(f"{name}: expected") for fault in faults(layout.root).get(FILES, ())):
                missed.append(name)
            path.write_bytes(before)
    assert missed == []
    assert faults(layout.root) == {}


def test_a_removed_file_is_missing(layout: EvidenceLayout) -> None:
    """The manifest knows what was there."""
    layout.csv(ROOT_USE).unlink()
    assert faults(layout.root) == {FILES: (f"results/{ROOT_USE}.csv is missing",)}


@pytest.mark.parametrize("name", ["results/trail.extra.csv", ".hidden", "content/queries/trail/superseded/x.v1.txt"])
def test_an_added_file_is_not_in_the_manifest(layout: EvidenceLayout, name: str) -> None:
    """Nothing can be put beside what was sealed, hidden or not."""
    write_whole(layout.root / name, b"")
    assert faults(layout.root) == {FILES: (f"{name} is not in the manifest",)}


def test_a_changed_row_is_found_also_under_a_new_seal(layout: EvidenceLayout) -> None:
    """The assessment holds the hash of the rows that it judged."""
    path = layout.parquet(ROOT_USE)
    table = parquet.read_table(path)
    texts = pa.array(["ConsoleLogin 99", *table.column("text").to_pylist()[1:]])
    parquet.write_table(table.set_column(table.schema.get_field_index("text"), "text", texts), path)
    assert FILES in faults(layout.root)
    assert resealed(layout) == {ROWS: (f"{ROOT_USE}: the rows differ from those that were assessed",), **OTHER_FINDINGS}


def test_removed_rows_are_found_though_the_assessment_names_their_new_hash(layout: EvidenceLayout) -> None:
    """The number of rows must be that of the file."""
    path = layout.parquet(ROOT_USE)
    parquet.write_table(parquet.read_table(path).slice(1), path)
    edit(layout.assessment, lambda said: result_of(said, ROOT_USE).update(parquet_sha256=sha256_file(path)))
    assert resealed(layout) == {ROWS: (f"{ROOT_USE}: expected 60 rows, found 59",), **OTHER_FINDINGS}


def test_rows_of_a_query_without_a_result_are_found(layout: EvidenceLayout) -> None:
    """A query that failed has no rows."""
    layout.parquet("trail.broken").write_bytes(layout.parquet(ROOT_USE).read_bytes())
    assert resealed(layout) == {ROWS: ("trail.broken: there are rows, though it has no result",)}


def test_swapped_statements_are_found_also_under_a_new_seal(layout: EvidenceLayout) -> None:
    """Each result cites the statement that was sent for it."""
    one, other = layout.statement(ROOT_USE), layout.statement(HOSTILE)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert len(faults(layout.root)[FILES]) == 2
    assert resealed(layout) == {
        STATEMENTS: (
            f"{HOSTILE}: the statement differs from the one that was sent",
            f"{ROOT_USE}: the statement differs from the one that was sent",
        )
    }


def test_a_changed_question_is_found_also_under_a_new_seal(layout: EvidenceLayout) -> None:
    """Each result cites the pack's SQL."""
    path = layout.content / "queries" / "trail" / "root_use.sql"
    path.write_text(path.read_text(encoding="utf-8").replace("FROM activity", "FROM activity\nWHERE false"), "utf-8")
    assert resealed(layout) == {STATEMENTS: (f"{ROOT_USE}: the pack's SQL differs from the one that was asked",)}


def test_another_version_of_a_question_is_found(layout: EvidenceLayout) -> None:
    """A result of a version that is not among the content cannot be read."""
    edit(layout.assessment, lambda said: result_of(said, ROOT_USE).update(version=2))
    assert f"{ROOT_USE}@2 is not among the content" in resealed(layout)[STATEMENTS]


@pytest.mark.parametrize(
    ("query_id", "change"),
    [
        (ROOT_USE, {"outcome": "no-exceptions"}),
        (ROOT_USE, {"outcome": "accepted"}),
        (ROOT_USE, {"accepted_rows": 60}),
        ("trail.tolerated", {"outcome": "no-exceptions"}),
        ("trail.population", {"outcome": "nothing-recorded"}),
        ("trail.key_use", {"outcome": "no-exceptions"}),
        ("trail.no_use", {"extent": "lower-bound"}),
        ("trail.broken", {"outcome": "no-exceptions"}),
        ("trail.dear", {"outcome": "nothing-recorded"}),
    ],
)
def test_an_edited_outcome_is_found_also_under_a_new_seal(
    layout: EvidenceLayout, query_id: str, change: dict[str, object]
) -> None:
    """An outcome follows from the rows and the extent, and a requirement's from its queries."""
    edit(layout.assessment, lambda said: result_of(said, query_id).update(change))
    assert FILES in faults(layout.root)
    assert [fault.split(":")[0] for fault in resealed(layout)[OUTCOMES]] == [query_id]


def set_of(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return a change of the second requirement, which rests on one proving query with exceptions."""
    return lambda said: said["frameworks"][0]["requirements"][1].update({name: value})


def of_conditions(said: dict[str, Any]) -> dict[str, Any]:
    """Return what an assessment says of the requirement of which conditions did not hold."""
    found: dict[str, Any] = next(one for one in said["frameworks"][0]["requirements"] if one["id"] == "A.22")
    return found


def without_conditions(said: dict[str, Any]) -> None:
    """Say of that requirement what its one query alone would make of it."""
    alone = result_of(said, "trail.population")
    of_conditions(said).update(unmet=[], outcome=alone["outcome"], extent=alone["extent"])


@pytest.mark.parametrize(
    "change",
    [
        set_of("outcome", "no-exceptions"),
        set_of("outcome", None),
        set_of("counts", {"no-exceptions": 1}),
        set_of("findings", 0),
        set_of("coverage", "partial"),
        set_of("evidence", []),
        set_of("unmet", [{"condition": "digest", "reasons": [{"code": "no-digest", "facts": {}}]}]),
        lambda said: of_conditions(said).update(unmet=[]),
        lambda said: of_conditions(said)["unmet"].reverse(),
        lambda said: of_conditions(said)["unmet"][0].update(reasons=[]),
        without_conditions,
        lambda said: of_conditions(said)["unmet"].pop(0),
        lambda said: of_conditions(said).update(outcome="recorded"),
        lambda said: of_conditions(said).update(extent="whole"),
        lambda said: said["frameworks"][0].update(day="2026-11-01"),
        lambda said: said["frameworks"][0].update(in_force=None),
        lambda said: said["frameworks"][0].update(in_force="2025"),
        lambda said: said["frameworks"][0]["requirements"].pop(),
        lambda said: said["frameworks"][0]["requirements"].reverse(),
        lambda said: said["frameworks"][0].update(edition="2025"),
    ],
)
def test_an_edited_or_missing_requirement_is_found_also_under_a_new_seal(
    layout: EvidenceLayout, change: Callable[[dict[str, Any]], None]
) -> None:
    """Every requirement of the edition has its row, and says what its queries say."""
    edit(layout.assessment, change)
    assert FILES in faults(layout.root)
    assert list(resealed(layout)) == [REQUIREMENTS]


def test_a_wrong_total_is_found_also_under_a_new_seal(layout: EvidenceLayout) -> None:
    """What was read is what was counted, part by part."""
    edit(layout.totals, lambda said: said.update(duplicates=said["duplicates"] - 1))
    assert resealed(layout) == {TOTALS: ("210000 records were read, and the parts do not add up to it",)}


def _of_last_point(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda said: said["points"][-1].update(values)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_of_last_point(answers={}), "its last point has other answers than the assessment"),
        (_of_last_point(gaps=0), "its last point has other figures than the evidence"),
        (lambda said: said.update(points=said["points"][-1:]), "it has earlier periods, and findings were compared"),
        (lambda said: said["points"][1].update(seal="0" * 64), "it goes on from other evidence"),
        (lambda said: said.update(points=[]), "it has no points"),
    ],
)
def test_a_trend_of_something_else_is_found(
    layout: EvidenceLayout, change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    """The trend ends with what the evidence says, and goes on from what findings were compared with."""
    edit(layout.trend, change)
    found = resealed(layout)
    assert list(found) == [TREND]
    assert found[TREND][0].startswith(fault)


def test_a_changed_manifest_is_found_by_the_documents(layout: EvidenceLayout) -> None:
    """The documents name the seal of the evidence they were made from."""
    edit(layout.totals, lambda said: said.update(bytes=1))
    seal(layout.root, layout.manifest)
    assert faults(layout.root) == {DOCUMENTS: ("rendered-from.json does not name this evidence",)}


def test_documents_of_other_evidence_are_found(layout: EvidenceLayout) -> None:
    """Documents that are whole in themselves may belong to another run."""
    write_documents(layout, "0" * 64)
    assert faults(layout.root) == {DOCUMENTS: ("rendered-from.json does not name this evidence",)}


def test_changed_and_added_documents_are_found(layout: EvidenceLayout) -> None:
    """What a reader holds is what was rendered."""
    folder = layout.root.parent / "documents"
    (folder / "2026-10_acts-2026_en.html").write_bytes(b"<html>no exceptions")
    (folder / "2026-10_acts-2026_en.pdf").write_bytes(b"%PDF")
    [added, altered] = faults(layout.root)[DOCUMENTS]
    assert added == "2026-10_acts-2026_en.pdf is not in the manifest"
    assert altered.startswith("2026-10_acts-2026_en.html: expected ")


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "rendered-from.json"])
def test_documents_that_no_longer_say_where_they_are_from(layout: EvidenceLayout, name: str) -> None:
    """Without their manifest or their origin documents prove nothing."""
    (layout.root.parent / "documents" / name).unlink()
    assert DOCUMENTS in faults(layout.root)


def test_evidence_without_documents_is_complete(layout: EvidenceLayout) -> None:
    """Documents can be rendered at any time."""
    for path in (layout.root.parent / "documents").iterdir():
        path.unlink()
    assert DOCUMENTS not in [check.name for check in verify_evidence(layout.root)]
    assert faults(layout.root) == {}


@pytest.mark.parametrize("name", ["assessment.json", "totals.json", "content/queries/parameters.toml"])
def test_evidence_that_cannot_be_read_any_more_is_a_fault(layout: EvidenceLayout, name: str) -> None:
    """A file that is gone is told by the manifest and by the reader, and nothing is raised."""
    (layout.root / name).unlink()
    found = faults(layout.root)
    assert found[FILES] == (f"{name} is missing",)
    assert "the evidence can be read" in found


def test_a_manifest_in_another_form_is_a_fault(layout: EvidenceLayout) -> None:
    """A manifest that is none lists nothing."""
    layout.manifest.write_text("nothing\n", encoding="utf-8")
    assert faults(layout.root)[FILES] == ("manifest-sha256.txt: line 1 is not `<sha256>  <file>`",)


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_a_folder_that_was_never_sealed_is_no_evidence(tmp_path: Path, folder: str) -> None:
    """There is nothing to verify, and that is said."""
    with pytest.raises(ComprovaError, match="expected a sealed evidence folder"):
        verify_evidence(tmp_path / folder)


def test_rows_that_are_no_parquet_are_a_fault(layout: EvidenceLayout) -> None:
    """Whoever forges a result and its hashes too is told, and nothing is raised."""
    layout.parquet(ROOT_USE).write_bytes(b"no Parquet")
    forged = sha256_file(layout.parquet(ROOT_USE))
    edit(layout.assessment, lambda said: result_of(said, ROOT_USE).update(parquet_sha256=forged))
    [fault] = resealed(layout)[ROWS]
    assert fault.startswith("trail.root_use: the rows cannot be read: ")


def test_a_seal_that_the_ledger_does_not_name_is_a_fault(layout: EvidenceLayout) -> None:
    """The ledger names the seal; a manifest written anew has another one."""
    ledger = layout.root.parent / "run.json"
    ledger.write_text(json.dumps({"seal": sha256_file(layout.manifest)}), encoding="utf-8")
    assert faults(layout.root) == {}
    edit(layout.totals, lambda said: said.update(bytes=1))
    fault = "run.json does not name it, as after a run that was killed"
    assert resealed(layout) == {"run.json names the seal of this evidence": (fault,)}


def _first(said: dict[str, Any], **values: object) -> None:
    of_root_use = next(one for one in said["findings"] if one["query"] == ROOT_USE)
    of_root_use.update(values)


def _drop(said: dict[str, Any]) -> None:
    said["findings"] = [one for one in said["findings"] if one["query"] != ROOT_USE]


def _unexpired(said: dict[str, Any]) -> None:
    expired = next(one for one in said["findings"] if one["expired"])
    expired["acceptances"], expired["expired"] = expired["expired"], []


def _undecided(said: dict[str, Any]) -> None:
    said["acceptances"] = []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda said: _first(said, id="00000-00000"), "00000-00000 is not the name of its subject"),
        (lambda said: _first(said, rows=2), "its findings are not those of its rows"),
        (lambda said: _first(said, acceptances=[]), "expected 3 accepted rows, found 4"),
        (lambda said: _first(said, acceptances=["ACC-none"]), "is not covered by the acceptance ACC-none as it says"),
        (_drop, "its findings are not those of its rows"),
        (_unexpired, "expected 5 accepted rows, found 4"),
        (_undecided, "is not covered by the acceptance"),
    ],
)
def test_findings_that_are_not_those_of_the_rows_are_found(
    layout: EvidenceLayout, change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    """Names, rows and acceptances of findings follow from the rows and from what acceptances say."""
    edit(layout.findings, change)
    found = resealed(layout)
    assert list(found) == [FINDINGS]
    assert any(fault in one for one in found[FINDINGS]), found
