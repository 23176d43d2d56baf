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


_DEEPEST = 150


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
    except RecursionError:
        return _deeper(source.where())
    whole = [tree for tree in statements if tree is not None]
    if len(whole) == 1 and isinstance(whole[0], exp.Select | exp.SetOperation):
        return _too_deep(whole[0], source) or _sides_are_queries(whole[0], source)
    found = whole[0].key.upper() if len(whole) == 1 else f"{len(whole)} statements"
    return Problem(source.where(), "one SELECT", found)


def _too_deep(tree: exp.Query, source: Source) -> Problem | None:
    """Refuse what is nested deeper than the checks, which go down by calling themselves, can follow."""
    level: list[exp.Expr] = [tree]
    for _ in range(_DEEPEST):
        if not (level := [child for node in level for child in node.iter_expressions()]):
            return None
    return _deeper(source.where(level[0]))


def _deeper(where: str) -> Problem:
    hint = "Write IN (…) for a chain of OR, or take parts out into table expressions."
    return Problem(where, f"parts at most {_DEEPEST} deep in one another", "more", hint)


def _sides_are_queries(tree: exp.Query, source: Source) -> exp.Query | Problem:
    """Return a statement, unless beside UNION stands what is no query: sqlglot takes `x UNION SELECT 1`."""
    for operation in tree.find_all(exp.SetOperation):
        for side in (operation.this.unnest(), operation.expression.unnest()):
            if not isinstance(side, exp.Select | exp.SetOperation):
                found = side.key.upper()
                return Problem(source.where(operation), f"a SELECT on each side of {operation.key.upper()}", found)
    return tree


def _syntax(source: Source, error: SqlglotError) -> Problem:
    details: dict[str, Any] = next(iter(error.errors), {}) if isinstance(error, ParseError) else {}
    line = source.first_line + (details.get("line") or 1) - 1
    found = details.get("description") or str(error).splitlines()[0]
    near = f" near {details['highlight']!r}" if details.get("highlight") else ""
    return Problem(f"{source.path}:{line}", "Athena SQL", found + near)
