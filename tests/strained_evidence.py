"""Evidence that strains a layout: fifty accounts, long names of everything, words that no line can hold."""

import re
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from comprova.catalog.query import read_query
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import seal
from comprova.evidence.model import Assessment, AssuranceReport, Cell
from comprova.evidence.results import arrow_schema, write_result
from comprova.evidence.secrets import Secrets
from evidence_factory import DAYS, make_evidence

LONG_WORD = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"
LONG_ARN = (
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/"
    "maria-fernanda.albuquerque-cavalcanti@pagamentos-ipe.example.com.br"
)
LONG_TITLE = (
    "Access to system components and data is appropriately defined, assigned, reviewed at least once every six months, "
    f"and revoked as {LONG_WORD} has it"
)
LONG_NAME = (
    "Grants of administrative rights in Landesdatenschutzbeauftragtenstelle, by people and roles, without a ticket"
)
BIG = "A" * 65_536
ACCOUNTS = tuple(str(100_000_000_000 + number) for number in range(50))
ROWS = (LONG_ARN, LONG_WORD, BIG, "/".join(["a-folder-with-a-name"] * 60), "0123456789" * 12, " ".join([LONG_WORD] * 9))


def make_strained_evidence(root: Path) -> EvidenceLayout:
    """Build and seal the evidence in a folder that need not exist yet, and return its layout."""
    layout = make_evidence(root)
    for path in sorted(layout.content.rglob("*")):
        if path.is_file():
            path.write_text(_strained(path.read_text(encoding="utf-8")), encoding="utf-8")
    _write_rows(layout, "trail.population")
    assurance = AssuranceReport.model_validate_json(layout.assurance.read_bytes())
    cells = tuple(
        Cell(**{**cell.model_dump(), "account": account})
        for account in ACCOUNTS
        for cell in assurance.cells[: 2 * len(DAYS)]
    )
    write_whole(layout.assurance, canonical_json(assurance.model_copy(update={"cells": cells})))
    assessment = Assessment.model_validate_json(layout.assessment.read_bytes())
    scope = assessment.scope.model_copy(update={"organisation": f"{LONG_WORD} GmbH", "accounts": ACCOUNTS})
    queries = tuple(
        query.model_copy(update={"parameters": {"approved_roles": [LONG_ARN, LONG_WORD, BIG]}})
        for query in assessment.queries
    )
    said = assessment.model_copy(update={"scope": scope, "queries": queries})
    write_whole(layout.assessment, canonical_json(said))
    seal(layout.root, layout.manifest)
    return layout


def _strained(text: str) -> str:
    for subject, more in ((r"[AB]\.\d+", LONG_TITLE), (r"[a-z_]+", LONG_NAME)):
        pattern = rf'^(title\.\w+ = "(?:Title|Título) (?:of|de) {subject})"$'
        text = re.sub(pattern, rf'\1 {more}"', text, flags=re.MULTILINE)
    text = re.sub(r'^(title\.\w+ = "(?:Name|Nome|Never|Nunca)[^"]*)"$', rf'\1 {LONG_WORD}"', text, flags=re.MULTILINE)
    return re.sub(r'^((?:question|why|summary)\.\w+ = "[^"]*)"$', rf'\1 {LONG_TITLE}"', text, flags=re.MULTILINE)


def _write_rows(layout: EvidenceLayout, query_id: str) -> None:
    name = f"queries/trail/{query_id.partition('.')[2]}.sql"
    query = read_query((layout.content / name).read_text(encoding="utf-8"), name, builtin=True)
    assert not isinstance(query, list), query
    columns = query.block.column
    rows = [
        {
            "event_time": datetime(2026, 10, 1, 4),  # noqa: DTZ001 - results are naive UTC
            "text": text,
            "calls": 10**15,
            "actor": LONG_ARN,
            "regions": ["sa-east-1"] * 30,
            "denied": True,
            "nothing": LONG_WORD,
        }
        for text in ROWS
    ]
    batch = pa.RecordBatch.from_pylist(rows, schema=arrow_schema(columns))
    write_result([batch], columns, Secrets((), ()), layout.parquet(query_id), layout.csv(query_id))
