"""A query as a document shows it: what was asked, what came of it, and where the evidence is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from comprova.catalog.framework import Bearing, Requirement
from comprova.catalog.query import Query, QueryRef
from comprova.documents.display import Shown
from comprova.documents.extract import Extract, extract, rows_shown
from comprova.documents.rendition import Rendition
from comprova.documents.statement_text import folded
from comprova.evidence.model import FrameworkResult, QueryResult
from comprova.evidence.outcomes import Outcome

_SQL_BLOCK = 30
"""Lines of one block of SQL: WeasyPrint's cost of a block grows faster than its length."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file of the evidence folder, and its SHA-256; empty in a document that masks personal data."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BearsOn:
    """A requirement that a query bears on."""

    anchor: str
    id: str
    bearing: Bearing


_ASKS_FOR_ATTENTION = frozenset({Outcome.EXCEPTIONS, Outcome.FAILED, Outcome.NOT_RUN, Outcome.INCONCLUSIVE})


@dataclass(frozen=True, slots=True)
class QueryView:
    """One query.

    Attributes:
        anchor: Where it stands in the document.
        number: By which the document refers to it.
        query: Its block and text.
        pack: The topic's title.
        result: Its outcome, with all that it rests on.
        findings: Of an exception query, those that no acceptance covers; None for other kinds and without a result.
        bears_on: The requirements of this edition.
        extract: Its first rows.
        sql: The statement as sent, in blocks of lines, up to the limit.
        sql_lines: Lines of the whole statement.
        parameters: Name and value of those in force.
        files: Rows (exact and for spreadsheets) and statement.
    """

    anchor: str
    number: int
    query: Query
    pack: Shown
    result: QueryResult
    findings: int | None
    bears_on: tuple[BearsOn, ...]
    extract: Extract
    sql: tuple[str, ...]
    sql_lines: int
    parameters: tuple[tuple[str, Shown], ...]
    files: tuple[EvidenceFile, ...]

    @property
    def in_full(self) -> bool:
        """Whether paper shows its rows and statement: where it proves a part of the edition, or asks for attention.

        Of the others paper says the outcome, the number of rows and the files; the HTML document shows all of them.
        """
        proves = any(there.bearing is Bearing.PROVES for there in self.bears_on)
        return proves or self.result.outcome in _ASKS_FOR_ATTENTION

    @property
    def sql_lines_left(self) -> int:
        """Lines of the statement that stand only in its file."""
        return self.sql_lines - sum(block.count("\n") + 1 for block in self.sql)


def query_views(
    rendition: Rendition, framework: FrameworkResult, anchors: Mapping[str, str], hashes: Mapping[str, str]
) -> tuple[QueryView, ...]:
    """Return the queries that bear on an edition, by pack and in the pack's order.

    Args:
        rendition: The evidence, and how it is shown.
        framework: What the run says of the edition.
        anchors: Of each requirement, by id.
        hashes: SHA-256 by file of the evidence.
    """
    evidence, display = rendition.evidence, rendition.display
    bearing: dict[QueryRef, list[BearsOn]] = {}
    for requirement in framework.requirements:
        for item in requirement.evidence:
            there = BearsOn(anchors[requirement.id], requirement.id, item.bearing)
            bearing.setdefault(QueryRef(item.query, item.version), []).append(there)
    views = []
    asked = [query for query in evidence.catalog.current if query.ref in bearing]
    results = [evidence.results[query.id] for query in asked]
    shown = rows_shown(rendition.definition, results)
    for number, (query, said, most) in enumerate(zip(asked, results, shown, strict=True), start=1):
        sql, lines = _sql(rendition, said)
        result = rendition.masking.result(said)
        views.append(
            QueryView(
                anchor=f"q-{query.id.replace('.', '-')}",
                number=number,
                query=query,
                pack=display.text(evidence.catalog.packs[query.pack].title.of(rendition.language)),
                result=result,
                findings=result.findings,
                bears_on=tuple(bearing[query.ref]),
                extract=extract(rendition, query, result, most),
                sql=sql,
                sql_lines=lines,
                parameters=tuple((name, display.value(value)) for name, value in sorted(result.parameters.items())),
                files=_files(rendition, result, hashes),
            )
        )
    return tuple(views)


def requirement_anchors(requirements: Sequence[Requirement]) -> dict[str, str]:
    """Return where each requirement stands in the document."""
    return {requirement.id: f"r-{number}" for number, requirement in enumerate(requirements, start=1)}


def _sql(rendition: Rendition, result: QueryResult) -> tuple[tuple[str, ...], int]:
    if not result.statement_sha256:
        return (), 0
    sent = rendition.evidence.layout.statement(result.id).read_text(encoding="utf-8")
    text = rendition.masking.statement(sent, result).replace("\t", "    ")
    lines = folded(text.rstrip("\n").split("\n"))
    shown = iter(lines[: rendition.definition.sql_lines])
    blocks = []
    while block := list(islice(shown, _SQL_BLOCK)):
        blocks.append("\n".join(block))
    return tuple(blocks), len(lines)


def _files(rendition: Rendition, result: QueryResult, hashes: Mapping[str, str]) -> tuple[EvidenceFile, ...]:
    layout = rendition.evidence.layout
    paths = (layout.parquet(result.id), layout.csv(result.id), layout.statement(result.id))
    names = [path.relative_to(layout.root).as_posix() for path in paths]
    return tuple(EvidenceFile(name, rendition.masking.hash(hashes[name])) for name in names if name in hashes)
