"""sqlglot's dialects as this package reads and writes them."""

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.trino import Trino
from sqlglot.generators.athena import AthenaTrinoGenerator
from sqlglot.generators.duckdb import DuckDBGenerator
from sqlglot.parsers.athena import AthenaTrinoParser

_LINE_BREAK = "\0"
"""Stands for line breaks inside of literals while sqlglot indents; no literal can hold it, unlike sqlglot's own."""
_PARSED = ("CAST", "TRY_CAST", "EXTRACT")


class AthenaAsWritten(Trino):
    """Athena's SELECT without sqlglot's knowledge of functions: each call stays a name and its arguments.

    sqlglot reads several spellings of other engines into one meaning, and writes that meaning in its own way. Here only
    what is written counts: `functions.py` says what may be called. sqlglot's own Athena dialect hands a SELECT to its
    Trino dialect too, but would write it with Hive's escapes in literals when extended.
    """

    class Parser(AthenaTrinoParser):
        """Athena's, with CAST, TRY_CAST and EXTRACT as the only functions that it knows."""

        FUNCTIONS: ClassVar[dict[str, Callable[..., exp.Expr]]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
            name: parser for name, parser in AthenaTrinoParser.FUNCTION_PARSERS.items() if name in _PARSED
        }

    class Generator(AthenaTrinoGenerator):
        """Athena's, with NOT where people write it."""

        SENTINEL_LINE_BREAK = _LINE_BREAK

        def not_sql(self, expression: exp.Not) -> str:
            """Write `x IS NOT NULL`, `x NOT IN (…)`, `x NOT BETWEEN … AND …`; sqlglot writes NOT first."""
            inner = expression.this
            if isinstance(inner, exp.Is):
                return f"{self.sql(inner, 'this')} IS NOT {self.sql(inner, 'expression')}"
            if isinstance(inner, exp.In | exp.Between):
                value = self.sql(inner, "this")
                return f"{value} NOT{self.sql(inner).removeprefix(value)}"
            return super().not_sql(expression)


class DuckDBAsTranslated(DuckDB):
    """DuckDB's SELECT, to write what `to_duckdb.py` made."""

    class Generator(DuckDBGenerator):
        """DuckDB's, for literals that hold anything."""

        SENTINEL_LINE_BREAK = _LINE_BREAK
