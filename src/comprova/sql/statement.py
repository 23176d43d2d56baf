"""What is compiled, over what, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from comprova.catalog.parameters import Value
from comprova.catalog.query import QueryRef
from comprova.period import Period

MAX_STATEMENT_BYTES = 262_144
"""Athena's limit on the text of a statement; it cannot be raised (Amazon Athena, Service Quotas)."""


class Dialect(StrEnum):
    """The SQL in which a statement is written; the value is sqlglot's name of it."""

    ATHENA = "athena"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of the trail a statement looks at.

    Attributes:
        period: Only events of this period, and look-back where the query asks for it.
        accounts: Only these accounts; None for all.
        regions: Only these AWS regions; None for all.
    """

    period: Period
    accounts: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, ready to run on either engine; both texts are made of the same tree.

    Attributes:
        ref: The query or view it was made of.
        athena: As it is sent to Athena, and as an auditor can paste it there.
        duckdb: Its translation, for a connection prepared with `comprova.sql.duckdb_layer`.
        parameters: The effective values of the parameters that it uses.
        layer: The version of the translation layer.
    """

    ref: QueryRef
    athena: str
    duckdb: str
    parameters: Mapping[str, Value]
    layer: str

    def text(self, dialect: Dialect) -> str:
        """Return the statement in a dialect."""
        match dialect:
            case Dialect.ATHENA:
                return self.athena
            case Dialect.DUCKDB:
                return self.duckdb
