"""Reads Athena SQL into a tree and says on which line of the file a part of it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from comprova.errors import Problem


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
        """Return `path:line` of a part of the tree: its own line, else that of the nearest part that has one."""
        return f"{self.path}:{self.first_line + self._line(node) - 1}"

    def _line(self, node: exp.Expr | None) -> int:
        while node is not None:
            if lines := list(_lines(node)):
                return min(lines)
            node = node.parent
        return 1

    def written(self, node: exp.Expr) -> str | None:
        """Return the name by which a function is called in the text, where sqlglot kept its place."""
        start, end = node.meta.get("start"), node.meta.get("end")
        return None if start is None or end is None else self.sql[start : end + 1].lower()


def _lines(node: exp.Expr) -> Iterator[int]:
    for part in node.walk():
        if (line := part.meta.get("line")) is not None:
            yield line


def parse(source: Source) -> exp.Query | Problem:
    """Read one SELECT (or WITH … SELECT, or a union of them); anything else is a problem."""
    try:
        statements = [tree for tree in sqlglot.parse(source.sql, read="athena") if tree is not None]
    except SqlglotError as error:
        return _syntax(source, error)
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        found = f"{len(statements)} statements" if len(statements) != 1 else statements[0].key.upper()
        return Problem(source.where(), "one SELECT", found)
    return statements[0]


def _syntax(source: Source, error: SqlglotError) -> Problem:
    details = getattr(error, "errors", None) or [{}]
    line = details[0].get("line") or 1
    found = details[0].get("description") or str(error).splitlines()[0]
    near = details[0].get("highlight")
    return Problem(
        f"{source.path}:{source.first_line + line - 1}", "Athena SQL", f"{found}" + (f" near {near!r}" if near else "")
    )
