"""Collects the names for which masked documents show pseudonyms: of personal columns, parameters and findings."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from comprova.catalog.catalog import Catalog
from comprova.catalog.query import Query
from comprova.evidence.findings import FindingsReport
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.pseudonyms import names_in

_BATCH_ROWS = 10_000


def names_of(
    catalog: Catalog,
    queries: Sequence[Query],
    parameters: Mapping[str, object],
    findings: FindingsReport,
    evidence: EvidenceLayout,
) -> set[str]:
    """Return every name in personal columns of the results, in personal parameters in force, and among findings.

    Args:
        catalog: All content about questions.
        queries: Those that were asked.
        parameters: All values in force.
        findings: What is said of findings. Their own names are hashes of subjects, hence masked; those of the period
            before, and acceptances, name people too.
        evidence: Where the rows are.
    """
    names: set[str] = set()
    columns = {query.id: {column.name for column in query.block.column if column.personal} for query in queries}
    names.update(one.id for one in findings.findings)
    names.update(one.id for one in findings.absent)
    names.update(one.finding for one in findings.acceptances)
    named = [(one.query, one.subject) for one in findings.absent]
    named += [(one.query, one.subject) for one in findings.acceptances]
    for query_id, subject in named:
        for column in columns.get(query_id, subject.keys()):  # of a query that is not asked now, nothing is known
            names.update(names_in(subject.get(column)))
    for acceptance in findings.acceptances:
        names.update((acceptance.id, *names_in((acceptance.approver, acceptance.preparer))))
    for name, value in parameters.items():
        if catalog.parameters[name].personal:
            names.update(names_in(value))
    for query in queries:
        personal = [column.name for column in query.block.column if column.personal]
        path = evidence.parquet(query.id)
        if personal and path.is_file():
            for value in _distinct(path, personal):
                names.update(names_in(value))
    return names


def _distinct(path: Path, columns: list[str]) -> Iterator[object]:
    """Yield the values of some columns, most of them once: a name stands in many rows."""
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns):
            for array in batch.columns:
                flat = array.flatten() if pa.types.is_list(array.type) else array
                yield from flat.unique().to_pylist()
