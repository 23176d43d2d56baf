"""Reads Athena SQL into a tree, as it is written, and says on which line of the file a part of it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from comprova.errors import Problem
from comprova.sql.dialects import AthenaAsWritten


@dataclass(frozen=True, slots=True)
class Source:
    """A text and where it stands.

    Attributes:
        sql: Athena SQL.
        path: The file's name in messages.
        first_line: The line of the file on which `sql` begins.
    """

    sql: str
    path: str
    first_line: int = 1

    def where(self, node: exp.Expr | None = None) -> str:
        """Return `path:line` of a part of the tree: its first line, or that of the nearest part around that has one."""
        return f"{self.path}:{self.first_line + _line(node) - 1}"


def _line(node: exp.Expr | None) -> int:
    while node is not None:
        if lines := list(_lines(node)):
            return min(lines)
        node = node.parent
    return 1


def _lines(node: exp.Expr) -> Iterator[int]:
    for part in node.walk():
        if (line := part.meta.get("line")) is not None:
            yield line


@lru_cache(maxsize=1)
def parse_as_written(source: Source) -> exp.Query | Problem:
    """Read one SELECT (or WITH … SELECT, or a union of them), each call as a name; anything else is a problem.

    Whoever changes the tree copies it first: the last one read is kept, because the same text is asked for again.
    """
    if "\0" in source.sql:
        return Problem(source.where(), "text", "a NUL character")
    try:
        statements = sqlglot.parse(source.sql, read=AthenaAsWritten)
    except SqlglotError as error:
        return _syntax(source, error)
    whole = [tree for tree in statements if tree is not None]
    if len(whole) == 1 and isinstance(whole[0], exp.Select | exp.SetOperation):
        return whole[0]
    found = whole[0].key.upper() if len(whole) == 1 else f"{len(whole)} statements"
    return Problem(source.where(), "one SELECT", found)


def _syntax(source: Source, error: SqlglotError) -> Problem:
    details: dict[str, Any] = next(iter(error.errors), {}) if isinstance(error, ParseError) else {}
    line = source.first_line + (details.get("line") or 1) - 1
    found = details.get("description") or str(error).splitlines()[0]
    near = f" near {details['highlight']!r}" if details.get("highlight") else ""
    return Problem(f"{source.path}:{line}", "Athena SQL", found + near)
