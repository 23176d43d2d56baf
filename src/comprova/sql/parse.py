"""Reads Athena SQL into a tree, as it is written, and says on which line of the file a part of it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.dialects.athena import Athena
from sqlglot.dialects.trino import Trino
from sqlglot.errors import SqlglotError
from sqlglot.generators.athena import AthenaTrinoGenerator
from sqlglot.parsers.athena import AthenaTrinoParser

from comprova.errors import Problem


class AthenaAsWritten(Athena):
    """Athena's SELECT without sqlglot's knowledge of functions: each call stays a name and its arguments.

    sqlglot reads several spellings of other engines into one meaning, and writes that meaning in its own way. Here only what
    is written counts: `functions.py` says what may be called.
    """

    class Tokenizer(Trino.Tokenizer):
        """Trino's: Athena's own one is for statements other than SELECT."""

    class Parser(AthenaTrinoParser):
        """Athena's, with CAST and TRY_CAST as the only functions that it knows."""

        FUNCTIONS = {}
        FUNCTION_PARSERS = {
            name: parser for name, parser in AthenaTrinoParser.FUNCTION_PARSERS.items() if name in ("CAST", "TRY_CAST")
        }

    Generator = AthenaTrinoGenerator


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


def parse(source: Source) -> exp.Query | Problem:
    """Read one SELECT (or WITH … SELECT, or a union of them); anything else is a problem."""
    if "\0" in source.sql:
        return Problem(source.where(), "text", "a NUL character")
    try:
        statements = sqlglot.parse(source.sql, read=AthenaAsWritten)
    except SqlglotError as error:
        return _syntax(source, error)
    whole = [tree for tree in statements if tree is not None]
    if len(whole) != 1 or not isinstance(whole[0], exp.Select | exp.SetOperation):
        return Problem(source.where(), "one SELECT", whole[0].key.upper() if len(whole) == 1 else f"{len(whole)} statements")
    return whole[0]


def _syntax(source: Source, error: SqlglotError) -> Problem:
    details = next(iter(getattr(error, "errors", [])), {})
    line = source.first_line + (details.get("line") or 1) - 1
    found = details.get("description") or str(error).splitlines()[0]
    near = f" near {details['highlight']!r}" if details.get("highlight") else ""
    return Problem(f"{source.path}:{line}", "Athena SQL", found + near)
