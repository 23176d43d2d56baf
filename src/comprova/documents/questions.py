"""A query as a document shows it: what was asked, what came of it, and where the evidence is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from comprova.catalog.framework import Bearing, Requirement
from comprova.catalog.query import Query, QueryRef
from comprova.documents.display import Shown
from comprova.documents.extract import Extract, extract, rows_on_paper, rows_on_screen
from comprova.documents.rendition import Rendition
from comprova.documents.statement_text import folded
from comprova.evidence.model import FrameworkResult, QueryResult
from comprova.evidence.outcomes import Outcome

_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9]+")
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
        extract: Its first rows, for paper.
        screen: Its first rows, for the screen, which has room for more.
        sql: The statement as sent, for paper, in blocks of lines, up to the limit.
        sql_lines: Lines of the whole statement, set in this way.
        statement_lines: Lines of its file.
        screen_sql: The statement as sent, for the screen, up to the limit.
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
    screen: Extract
    sql: tuple[str, ...]
    sql_lines: int
    statement_lines: int
    screen_sql: str
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
        """Lines of the statement that paper leaves to its file."""
        return self.sql_lines - sum(block.count("\n") + 1 for block in self.sql)

    @property
    def screen_sql_lines_left(self) -> int:
        """Lines of the statement that the screen leaves to its file."""
        return self.sql_lines - (self.screen_sql.count("\n") + 1) if self.screen_sql else 0


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
    paper, screen = rows_on_paper(rendition.definition, results), rows_on_screen(rendition.definition, results)
    for number, (query, said, most, more) in enumerate(zip(asked, results, paper, screen, strict=True), start=1):
        statement = _statement(rendition, said)
        sql = folded(statement)
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
                extract=extract(rendition, query, result, most, paper=True),
                screen=extract(rendition, query, result, more, paper=False),
                sql=_blocks(sql[: rendition.definition.sql_lines]),
                sql_lines=len(sql),
                statement_lines=len(statement),
                screen_sql="\n".join(sql[: rendition.definition.screen_sql_lines]),
                parameters=tuple((name, display.value(value)) for name, value in sorted(result.parameters.items())),
                files=_files(rendition, result, hashes),
            )
        )
    return tuple(views)


def requirement_anchors(requirements: Sequence[Requirement]) -> dict[str, str]:
    """Return where each requirement stands in the document: by its id, so that a link leads to it in every report."""
    anchors: dict[str, str] = {}
    for requirement in requirements:
        anchor = f"r-{_NOT_IN_ANCHOR.sub('-', requirement.id.lower()).strip('-')}"
        same = sum(1 for other in anchors.values() if other.partition("~")[0] == anchor)
        anchors[requirement.id] = f"{anchor}~{same + 1}" if same else anchor
    return anchors


def _statement(rendition: Rendition, result: QueryResult) -> list[str]:
    if not result.statement_sha256:
        return []
    sent = rendition.evidence.layout.statement(result.id).read_text(encoding="utf-8")
    text = rendition.masking.statement(sent, result).replace("\t", "    ")
    return text.rstrip("\n").split("\n")


def _blocks(lines: Sequence[str]) -> tuple[str, ...]:
    left = iter(lines)
    blocks = []
    while block := list(islice(left, _SQL_BLOCK)):
        blocks.append("\n".join(block))
    return tuple(blocks)


def _files(rendition: Rendition, result: QueryResult, hashes: Mapping[str, str]) -> tuple[EvidenceFile, ...]:
    layout = rendition.evidence.layout
    paths = (layout.parquet(result.id), layout.csv(result.id), layout.statement(result.id))
    names = [path.relative_to(layout.root).as_posix() for path in paths]
    return tuple(EvidenceFile(name, rendition.masking.hash(hashes[name])) for name in names if name in hashes)
