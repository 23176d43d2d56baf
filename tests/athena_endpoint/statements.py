"""What a statement is, and its parts, before anything is done about it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from athena_endpoint.tokens import NotUnderstoodError, Tokens


class Kind(StrEnum):
    """What is done about a statement; the value is Athena's SubstatementType."""

    SELECT = "SELECT"
    EXPLAIN = "EXPLAIN"
    UNLOAD = "UNLOAD"
    CREATE_TABLE_AS_SELECT = "CREATE_TABLE_AS_SELECT"
    CREATE_DATABASE = "CREATE_DATABASE"
    DROP_DATABASE = "DROP_DATABASE"
    CREATE_TABLE = "CREATE_TABLE"
    DROP_TABLE = "DROP_TABLE"
    ADD_PARTITIONS = "ALTER_TABLE_ADD_PARTITION"

    @property
    def statement_type(self) -> str:
        """Athena's StatementType."""
        return "DML" if self in {Kind.SELECT, Kind.EXPLAIN, Kind.UNLOAD} else "DDL"

    @property
    def reads(self) -> bool:
        """Whether rows are asked for."""
        return self in {Kind.SELECT, Kind.EXPLAIN, Kind.UNLOAD, Kind.CREATE_TABLE_AS_SELECT}

    @property
    def writes(self) -> bool:
        """Whether rows go into files of their own."""
        return self in {Kind.UNLOAD, Kind.CREATE_TABLE_AS_SELECT}


_KINDS = (
    (re.compile(r"(SELECT|WITH|VALUES|\()"), Kind.SELECT),
    (re.compile(r"EXPLAIN"), Kind.EXPLAIN),
    (re.compile(r"UNLOAD"), Kind.UNLOAD),
    (re.compile(r"CREATE (DATABASE|SCHEMA)"), Kind.CREATE_DATABASE),
    (re.compile(r"DROP (DATABASE|SCHEMA)"), Kind.DROP_DATABASE),
    (re.compile(r"CREATE EXTERNAL TABLE"), Kind.CREATE_TABLE),
    (re.compile(r"CREATE TABLE"), Kind.CREATE_TABLE_AS_SELECT),
    (re.compile(r"DROP TABLE"), Kind.DROP_TABLE),
    (re.compile(r"ALTER TABLE"), Kind.ADD_PARTITIONS),
)
_FIRST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Writing:
    """A statement that writes the rows of a query into files.

    Attributes:
        query: Its text, after as many line ends as stand before it, so that positions in messages stay true.
        properties: Of WITH (…): text, or for ARRAY['a', 'b'] the texts joined by commas; names in small letters.
        table: That CREATE TABLE names, with its database if it does; empty for UNLOAD.
        location: That UNLOAD names.
    """

    query: str
    properties: Mapping[str, str]
    table: tuple[str, ...] = ()
    location: str = ""


def kind_of(sql: str) -> Kind:
    """Tell what a statement is.

    Raises:
        NotUnderstoodError: This endpoint does not know it.
    """
    # CREATE EXTERNAL TABLE may hold backquotes and escapes that are no tokens of Trino's: only the first words count.
    words = re.findall(r"[A-Za-z]+|\S", re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL))[:_FIRST_WORDS]
    start = " ".join(words).upper()
    for pattern, kind in _KINDS:
        if pattern.match(start):
            return kind
    raise NotUnderstoodError(start)


def read_writing(sql: str) -> Writing:
    """Take UNLOAD (…) TO '…' WITH (…), or CREATE TABLE … WITH (…) AS …, apart.

    Raises:
        NotUnderstoodError: It is neither.
    """
    tokens = Tokens(sql, "trino")
    if tokens.take("UNLOAD"):
        query = tokens.bracketed()
        tokens.expect("TO")
        location = tokens.text()
        return Writing(query, _properties(tokens) if tokens.take("WITH") else {}, location=location)
    tokens.expect("CREATE", "TABLE")
    names = tokens.name()
    properties = _properties(tokens) if tokens.take("WITH") else {}
    tokens.expect("AS")
    return Writing(tokens.rest(), properties, table=tuple(names[-2:]))


def _properties(tokens: Tokens) -> dict[str, str]:
    """Read (name = 'text', name = ARRAY['text', …], …)."""
    tokens.expect("(")
    found: dict[str, str] = {}
    while not tokens.take(")"):
        tokens.take(",")
        name = tokens.text().lower()
        tokens.expect("=")
        found[name] = ",".join(_listed(tokens)) if tokens.take("ARRAY") else tokens.text()
    return found


def _listed(tokens: Tokens) -> Iterator[str]:
    tokens.expect("[")
    while not tokens.take("]"):
        tokens.take(",")
        yield tokens.text()
