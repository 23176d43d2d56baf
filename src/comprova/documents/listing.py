"""A listing: all rows of one query as a PDF of their own, one row after the other, in volumes of bounded size.

It is never part of a report. Rows stand in blocks of text: a table of as many rows would take five times the time and
ten times the memory.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from comprova.catalog.query import Query
from comprova.documents.display import Shown
from comprova.documents.rendition import Rendition
from comprova.errors import ContentError, Problem
from comprova.evidence.manifest import read_manifest
from comprova.evidence.model import Scope
from comprova.evidence.reader import Evidence

ROWS_OF_A_VOLUME = 5_000
"""Some hundred pages, made in less than 400 MB of memory."""

_SEPARATOR = " | "
_ROWS_OF_A_PART = 1_000
_ROWS_OF_A_BLOCK, _CHARACTERS_OF_A_BLOCK = 40, 6_000  # the cost of a block grows faster than its length
_NUMBER_WIDTH = 7
_REPORT_ID_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Part:
    """Up to a thousand rows, under a heading of their own.

    Attributes:
        first, last: Numbers of its rows in the whole result, from 1.
        blocks: The rows, each on a line of its own, in blocks.
    """

    first: int
    last: int
    blocks: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ListingView:
    """One volume of a listing.

    Attributes:
        query: Its block and text.
        scope: What the run was to look at.
        report_id: The beginning of the seal, as in the reports of the same evidence.
        rows: Of the whole result.
        volume, volumes: Which of how many files this is.
        parts: The rows of this volume.
        columns: Titles of the columns shown, in the order of the values.
        empty: Titles of the columns that have no value in this volume.
        name, sha256: Of the file that holds the exact rows; no hash where names of people are masked.
    """

    query: Query
    scope: Scope
    report_id: str
    rows: int
    volume: int
    volumes: int
    parts: tuple[Part, ...]
    columns: tuple[str, ...]
    empty: tuple[str, ...]
    name: str
    sha256: str

    @property
    def first(self) -> int:
        """Number of its first row; 0 where the result has none."""
        return self.parts[0].first if self.parts else 0

    @property
    def last(self) -> int:
        """Number of its last row; 0 where the result has none."""
        return self.parts[-1].last if self.parts else 0


def volumes_of(evidence: Evidence, query_id: str) -> int:
    """Return how many files the listing of a query takes.

    Raises:
        ContentError: The evidence has no rows of such a query.
    """
    result = evidence.results.get(query_id)
    if result is None or result.rows is None:
        expected = f"a question with a result: {', '.join(sorted(_with_result(evidence)))}"
        raise ContentError(Problem("--listings", expected, repr(query_id)))
    return max(1, ceil(result.rows / ROWS_OF_A_VOLUME))


def build_listing(rendition: Rendition, query_id: str, volume: int) -> ListingView:
    """Read the rows of one volume.

    Args:
        rendition: The evidence, and how it is shown.
        query_id: The query; it has a result.
        volume: Which, from 1.

    Raises:
        ContentError: The evidence has no rows of such a query.
    """
    evidence, language = rendition.evidence, rendition.language
    volumes = volumes_of(evidence, query_id)
    query = evidence.catalog.query(query_id)
    start = (volume - 1) * ROWS_OF_A_VOLUME
    columns, masking = query.block.column, rendition.masking
    rows = [
        {column.name: masking.cell(column, row[column.name]) for column in columns}
        for row in islice(evidence.rows(query_id), start, start + ROWS_OF_A_VOLUME)
    ]
    held = [column for column in columns if any(row[column.name] is not None for row in rows)]
    lines = (
        _SEPARATOR.join((f"{number:>{_NUMBER_WIDTH}}", *(rendition.display.value(row[one.name]) for one in held)))
        for number, row in enumerate(rows, start=start + 1)
    )
    path = evidence.layout.parquet(query_id)
    name = path.relative_to(evidence.layout.root).as_posix()
    return ListingView(
        query=query,
        scope=evidence.assessment.scope,
        report_id=hashlib.sha256(evidence.layout.manifest.read_bytes()).hexdigest()[:_REPORT_ID_LENGTH],
        rows=evidence.results[query_id].rows or 0,
        volume=volume,
        volumes=volumes,
        parts=tuple(_parts(lines, start)),
        columns=tuple(column.title.of(language) for column in held),
        empty=tuple(column.title.of(language) for column in columns if column not in held),
        name=name,
        sha256=masking.hash(read_manifest(evidence.layout.manifest)[name]),
    )


def _with_result(evidence: Evidence) -> Iterator[str]:
    return (id_ for id_, result in evidence.results.items() if result.rows is not None)


def _parts(lines: Iterator[str], start: int) -> Iterator[Part]:
    first = start + 1
    while part := list(islice(lines, _ROWS_OF_A_PART)):
        yield Part(first, first + len(part) - 1, tuple(_blocks(part)))
        first += len(part)


def _blocks(lines: Iterable[str]) -> Iterator[Shown]:
    block: list[str] = []
    for line in lines:
        if len(block) == _ROWS_OF_A_BLOCK or _length(block) + len(line) > _CHARACTERS_OF_A_BLOCK:
            yield Shown("\n".join(block))
            block = []
        block.append(line)
    yield Shown("\n".join(block))


def _length(lines: Sequence[str]) -> int:
    return sum(map(len, lines))
