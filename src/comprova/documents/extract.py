"""The rows of a result that stand in a document: a few, with the columns that fit across a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from comprova.catalog.column_types import ColumnType
from comprova.catalog.query import Column, Kind, Query
from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.display import Shown
from comprova.documents.finding_marks import FindingMark, FindingMarks
from comprova.documents.limits import shares
from comprova.documents.rendition import Rendition
from comprova.evidence.model import QueryResult

_LINE_CHARACTERS = 104
_NARROWEST, _WIDEST = 8, 30
_MOST_COLUMNS = 7
_MOST_IN_CELL = 2 * _WIDEST
"""Characters that a cell on paper holds in two lines."""

_NUMERIC = frozenset({ColumnType.BIGINT, ColumnType.DOUBLE})


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of an extract.

    Attributes:
        title: Its heading.
        width: Of the page's width, in percent.
        numeric: Whether its values are figures.
        machine: Whether its values are times, which read better in a fixed pitch.
    """

    title: str
    width: int
    numeric: bool
    machine: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of an extract.

    Attributes:
        cells: One value per column.
        details: Title and value of the columns that do not fit across the page; those without a value are left out.
        mark: What is said of the finding that it belongs to; None for populations and metrics.
    """

    cells: tuple[Shown, ...]
    details: tuple[tuple[str, Shown], ...]
    mark: FindingMark | None


@dataclass(frozen=True, slots=True)
class Extract:
    """The first rows of a result, in its order."""

    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]


def rows_on_screen(definition: ReportDefinition, results: Sequence[QueryResult]) -> list[int]:
    """Return how many rows the screen shows of each result; none in a document that is on paper only."""
    if Format.HTML not in definition.formats:
        return [0] * len(results)
    most = [min(result.rows or 0, definition.screen_rows) for result in results]
    return shares(most, definition.screen_document_rows)


def rows_on_paper(definition: ReportDefinition, results: Sequence[QueryResult]) -> list[int]:
    """Return how many rows paper shows of each result."""
    most = [
        min(result.rows or 0, definition.finding_rows if result.kind is Kind.EXCEPTION else definition.extract_rows)
        for result in results
    ]
    findings = [number for number, result in enumerate(results) if result.kind is Kind.EXCEPTION]
    for number, share in zip(findings, shares([most[it] for it in findings], definition.document_rows), strict=True):
        most[number] = share
    return most


def extract(rendition: Rendition, query: Query, result: QueryResult, most: int, *, paper: bool) -> Extract:
    """Return the first rows of a result; none where there is no result.

    Args:
        rendition: The evidence, and how it is shown.
        query: Whose result it is.
        result: The result.
        most: How many rows the document shows of it.
        paper: Whether a column of long values stands under its rows, where they take a line in place of a tall cell.
            On the screen it stays a column, by which rows can be sorted.
    """
    language, display = rendition.language, rendition.display
    if not result.rows or not most:
        return Extract((), ())
    exact = list(rendition.evidence.rows(result.id, most))
    marks = FindingMarks(rendition, query)
    rows = [
        {column.name: rendition.masking.cell(column, row[column.name]) for column in query.block.column}
        for row in exact
    ]
    texts = {
        column.name: [display.value(row[column.name]) for row in rows]
        for column in query.block.column
        if any(row[column.name] is not None for row in rows)
    }
    lengths = {column.name: _characters(column, language, texts.get(column.name, [])) for column in query.block.column}
    across = _across(
        [column for column in query.block.column if not (paper and _tall(texts.get(column.name, [])))], lengths
    )
    across = across or query.block.column[:1]
    beside = [column for column in query.block.column if column not in across and column.name in texts]
    widths = _percentages([lengths[column.name] for column in across])
    return Extract(
        tuple(
            ShownColumn(
                column.title.of(language),
                width,
                column.type in _NUMERIC,
                column.type in (ColumnType.TIMESTAMP, ColumnType.DATE),
            )
            for column, width in zip(across, widths, strict=True)
        ),
        tuple(
            ShownRow(
                tuple(display.value(row[column.name]) for column in across),
                tuple(
                    (column.title.of(language), texts[column.name][number])
                    for column in beside
                    if row[column.name] is not None
                ),
                marks.of(exact[number]),
            )
            for number, row in enumerate(rows)
        ),
    )


def _characters(column: Column, language: Language, values: Sequence[str]) -> int:
    longest = max((len(value) for value in values), default=0)
    title = min(len(column.title.of(language)) + 1, _WIDEST)  # a heading is heavier than a value
    if column.type is ColumnType.TIMESTAMP:
        return max(longest + 3, title)  # a fixed pitch is wider, and a time must not break
    return min(max(title, longest, _NARROWEST), _WIDEST)


def _tall(values: Sequence[str]) -> bool:
    """Return whether most values of a column take more than two lines of a cell."""
    return bool(values) and median(len(value) for value in values) > _MOST_IN_CELL


def _percentages(parts: Sequence[int]) -> list[int]:
    """Share a hundred among parts; what rounding leaves over goes to the last."""
    shares = [100 * part // sum(parts) for part in parts]
    return [*shares[:-1], shares[-1] + 100 - sum(shares)]


def _across(columns: Iterable[Column], lengths: dict[str, int]) -> tuple[Column, ...]:
    chosen: list[Column] = []
    room = _LINE_CHARACTERS
    for column in columns:
        if lengths[column.name] <= room and len(chosen) < _MOST_COLUMNS:
            chosen.append(column)
            room -= lengths[column.name] + 1
    return tuple(chosen)
