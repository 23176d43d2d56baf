"""The evidence that a PDF carries with it."""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from comprova.catalog.text import Language
from comprova.documents.attachments import choose_attachments
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.render import Rendered, render
from comprova.documents.wording import Wording
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import read_manifest, sha256_file
from comprova.evidence.reader import Evidence
from evidence_factory import FRAMEWORK
from languages import LANGUAGES, PORTUGUESE
from pdf_checks.content import text_of
from pdf_checks.file import attached


@pytest.mark.parametrize("language", LANGUAGES)
def test_attached_files_are_those_of_the_evidence(
    rendered: Mapping[Language, Rendered], evidence: Evidence, language: Language
) -> None:
    """Manifest, assessment, every statement, and the rows of every result twice: each byte as it was sealed."""
    hashes = {name.rpartition("/")[2]: digest for name, digest in read_manifest(evidence.layout.manifest).items()}
    hashes[evidence.layout.manifest.name] = sha256_file(evidence.layout.manifest)
    with pikepdf.open(BytesIO(rendered[language].pdf or b"")) as pdf:
        found = {name: hashlib.sha256(data).hexdigest() for name, data in attached(pdf).items()}
    queries = [query.id for query in evidence.assessment.queries if query.rows is not None]
    expected = {f"{query}.{suffix}" for query in queries for suffix in ("parquet", "csv")}
    expected |= {
        path.name for query in evidence.assessment.queries if (path := evidence.layout.statement(query.id)).exists()
    }
    assert found.keys() == expected | {"assessment.json", "manifest-sha256.txt"}
    assert {name: hashes[name] for name in found} == found


def test_each_has_type_relationship_description_and_dates(rendered: Mapping[Language, Rendered]) -> None:
    """A viewer shows what a file is, in the document's language; dates are those of the document."""
    with pikepdf.open(BytesIO(rendered[PORTUGUESE].pdf or b"")) as pdf:
        said = {
            name: (file.get_file().mime_type, str(file.obj.AFRelationship), file.description)
            for name, file in pdf.attachments.items()
        }
        dates = {str(file.get_file().obj.Params.ModDate) for file in pdf.attachments.values()}
        assert dates == {"D:20261101030000Z"}
    assert said["manifest-sha256.txt"][:2] == ("text/plain", "/Supplement")
    assert said["assessment.json"][:2] == ("application/json", "/Data")
    assert said["trail.root_use.csv"][:2] == ("text/csv", "/Data")
    assert said["trail.root_use.sql"] == (
        "application/sql",
        "/Data",
        "Uma consulta como foi enviada: sql/trail.root_use.sql",
    )
    assert said["trail.root_use.parquet"] == (
        "application/vnd.apache.parquet",
        "/Data",
        "Linhas exatas: results/trail.root_use.parquet",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_attached_is_named(
    evidence: Evidence,
    monthly: ReportDefinition,
    templates: Path,
    wordings: Mapping[Language, Wording],
    language: Language,
) -> None:
    """Beyond the cap nothing is attached, and the annex says how many files, which, and how large they are."""
    parts = (monthly.section[0], monthly.section[-1])
    definition = monthly.model_copy(update={"attached_megabytes": 0, "formats": (Format.PDF,), "section": parts})
    made = render(evidence, FRAMEWORK, language, definition, templates, None)
    with pikepdf.open(BytesIO(made.pdf or b"")) as pdf:
        assert attached(pdf) == {}
        text = "".join(text_of(page) for page in list(pdf.pages)[-4:])
    files = [path for path in evidence.layout.root.glob("results/*") if path.suffix in (".parquet", ".csv")]
    statements = (evidence.layout.statement(query.id) for query in evidence.assessment.queries)
    files += [path for path in statements if path.exists()]
    number = str(len(files) + 2)
    said = wordings[language].messages.counted(
        "annex.not-attached", 16, n=number, most=wordings[language].localized.size(0)
    )
    assert "".join(said.split()) in "".join(text.split())
    assert not [path for path in files if f"{path.name}" not in text]


def test_the_cap_holds_and_small_files_still_fit(tmp_path: Path) -> None:
    """Files are taken in order while they fit; a large one makes way for smaller ones behind it."""
    layout = EvidenceLayout(tmp_path)
    layout.parquet("a").parent.mkdir()
    for path, size in (
        (layout.manifest, 1_000),
        (layout.assessment, 1_000),
        (layout.parquet("a.b"), 600_000),
        (layout.csv("a.b"), 600_000),
        (layout.parquet("a.c"), 300_000),
    ):
        path.write_bytes(bytes(size))
    chosen = choose_attachments(layout, ["a.b", "a.c", "a.without_result"], 1)
    assert [file.short_name for file in chosen.attached] == [
        "a.b.parquet", "a.c.parquet", "assessment.json", "manifest-sha256.txt",
    ]  # fmt: skip
    assert [file.name for file in chosen.left_out] == ["results/a.b.csv"]
    assert chosen.size == 902_000


def test_exact_rows_with_secrets_stay_in_the_evidence(tmp_path: Path) -> None:
    """A PDF is passed on, so of a result with secrets it carries the spreadsheet alone, in which they are masked."""
    layout = EvidenceLayout(tmp_path)
    layout.parquet("a").parent.mkdir()
    for query in ("a.b", "a.c"):
        layout.parquet(query).write_bytes(b"rows")
        layout.csv(query).write_bytes(b"rows")
    chosen = choose_attachments(layout, ["a.b", "a.c"], 1, secret={"a.b"})
    assert [file.short_name for file in chosen.attached] == ["a.b.csv", "a.c.csv", "a.c.parquet"]
    assert chosen.left_out == ()
