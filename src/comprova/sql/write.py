"""Writes a tree as text."""

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as SqlglotDialect
from sqlglot.errors import ErrorLevel

from comprova.errors import ContentError, Problem
from comprova.sql.statement import MAX_STATEMENT_BYTES, Dialect

_LINE_BREAK = "\0"
"""Stands for line breaks inside of literals while sqlglot indents; no literal can hold it, unlike sqlglot's own."""


def write(tree: exp.Expr, dialect: Dialect) -> str:
    """Return a tree as formatted text; what sqlglot cannot write in the dialect is an error, never left out.

    Raises:
        sqlglot.errors.UnsupportedError: The dialect has no words for a part of the tree.
    """
    generator = SqlglotDialect.get_or_raise(_WRITERS[dialect]).generator(
        pretty=True, normalize_functions="lower", comments=False, unsupported_level=ErrorLevel.RAISE
    )
    generator.SENTINEL_LINE_BREAK = _LINE_BREAK
    return generator.generate(tree) + "\n"


_WRITERS = {Dialect.ATHENA: "trino", Dialect.DUCKDB: "duckdb"}
"""sqlglot's Athena writer hands every SELECT to its Trino writer, without the settings above."""


def within_limit(text: str, where: str) -> str:
    """Return a statement that Athena will take.

    Raises:
        ContentError: It is longer than Athena's limit.
    """
    size = len(text.encode())
    if size > MAX_STATEMENT_BYTES:
        raise ContentError(
            Problem(
                where,
                f"a statement of at most {MAX_STATEMENT_BYTES:,} bytes",
                f"{size:,} bytes",
                "Shorten the lists among its parameters, or narrow the accounts of the job.",
            )
        )
    return text
