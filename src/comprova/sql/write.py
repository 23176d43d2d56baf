"""Writes a tree as text."""

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from comprova.errors import ContentError, Problem
from comprova.sql.dialects import AthenaAsWritten, DuckDBAsTranslated
from comprova.sql.statement import MAX_STATEMENT_BYTES, Dialect


def write(tree: exp.Expr, dialect: Dialect) -> str:
    """Return a tree as formatted text; what sqlglot cannot write in the dialect is an error, never left out.

    The tree is used up: sqlglot rewrites it for the dialect.

    Raises:
        sqlglot.errors.UnsupportedError: The dialect has no words for a part of the tree.
    """
    writer = AthenaAsWritten() if dialect is Dialect.ATHENA else DuckDBAsTranslated()
    generator = writer.generator(
        pretty=True,
        normalize_functions=False,
        comments=False,
        identify=dialect is Dialect.DUCKDB,  # what is a plain name to one engine may be a keyword to the other
        unsupported_level=ErrorLevel.RAISE,
    )
    return generator.generate(tree, copy=False) + "\n"


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
