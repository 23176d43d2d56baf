"""Reads Hive's definitions, as the Athena User Guide writes them, into values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp

from athena_endpoint.tokens import NotUnderstoodError, Tokens

DEFAULT_DATABASE = "default"

_CLOUDTRAIL_INPUT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
_JSON_SERDE = "org.apache.hive.hcatalog.data.JsonSerDe"
_PARQUET = "PARQUET"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a definition.

    Attributes:
        name: In small letters.
        type: As Hive writes it: `array<string>`.
    """

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """An external table.

    Attributes:
        database, name: In small letters.
        columns: Without those that partition it.
        partitions: The columns that partition it.
        cloudtrail: Whether it reads CloudTrail's files; else it reads Parquet.
        location: `s3://bucket/prefix/`.
        properties: TBLPROPERTIES.
    """

    database: str
    name: str
    columns: tuple[Column, ...]
    partitions: tuple[Column, ...]
    cloudtrail: bool
    location: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition that ALTER TABLE adds.

    Attributes:
        values: By partition column.
        location: `s3://bucket/prefix/`.
    """

    values: Mapping[str, str]
    location: str


def parse(sql: str) -> exp.Expr:
    """Parse one definition.

    Raises:
        NotUnderstoodError: It is none.
    """
    try:
        return sqlglot.parse_one(sql, read="athena")
    except sqlglot.ParseError as error:
        raise NotUnderstoodError(str(error)) from error


def name_of(table: exp.Expr, database: str) -> tuple[str, str]:
    """Return the database and the name of a table; that of the statement's context where it names none."""
    found = table if isinstance(table, exp.Table) else table.find(exp.Table)
    if found is None:
        raise NotUnderstoodError(table.sql())
    return (found.db or database).lower(), found.name.lower()


def read_table(statement: exp.Create, database: str) -> Table:
    """Read CREATE EXTERNAL TABLE.

    Raises:
        NotUnderstoodError: Its files are neither CloudTrail's nor Parquet.
    """
    schema = statement.this
    owner, name = name_of(schema, database)
    by_kind = {type(each): each for each in _properties(statement)}
    location, partitioned = by_kind.get(exp.LocationProperty), by_kind.get(exp.PartitionedByProperty)
    if not isinstance(schema, exp.Schema) or location is None:
        raise NotUnderstoodError("CREATE EXTERNAL TABLE without columns or LOCATION")
    return Table(
        database=owner,
        name=name,
        columns=tuple(_columns(schema)),
        partitions=tuple(_columns(partitioned.this)) if partitioned else (),
        cloudtrail=_reads_cloudtrail(by_kind),
        location=_folder(location.this.name),
        properties=dict(_table_properties(statement)),
    )


def _properties(statement: exp.Create) -> list[exp.Expr]:
    properties = statement.args.get("properties")
    return list(properties.expressions) if properties else []


def _table_properties(statement: exp.Create) -> Iterator[tuple[str, str]]:
    for each in _properties(statement):
        if type(each) is exp.Property:
            yield each.this.name, each.args["value"].name


def _columns(schema: exp.Expr) -> Iterator[Column]:
    for column in schema.expressions:
        yield Column(column.name.lower(), column.args["kind"].sql("hive").lower().replace(" ", ""))


def _reads_cloudtrail(by_kind: Mapping[Any, exp.Expr]) -> bool:
    serde, kind = by_kind.get(exp.RowFormatSerdeProperty), by_kind.get(exp.FileFormatProperty)
    stored = kind.this if kind else None
    if isinstance(stored, exp.InputOutputFormat):
        formats = stored.args["input_format"].name, serde.this.name if serde else ""
        if formats == (_CLOUDTRAIL_INPUT, _JSON_SERDE):
            return True
    elif stored is not None and stored.name.upper() == _PARQUET:
        return False
    raise NotUnderstoodError("only CloudTrailInputFormat with hcatalog's JsonSerDe, and STORED AS PARQUET")


def read_partitions(sql: str, database: str) -> tuple[str, str, tuple[Partition, ...]]:
    """Read what ALTER TABLE … ADD IF NOT EXISTS PARTITION (…) LOCATION '…' adds.

    Returns:
        The database and the name of the table, and the partitions.

    Raises:
        NotUnderstoodError: It alters something else.
    """
    tokens = Tokens(sql, "hive")
    tokens.expect("ALTER", "TABLE")
    names = tokens.name()
    tokens.expect("ADD", "IF", "NOT", "EXISTS")
    partitions = []
    while not tokens.at_end:
        tokens.expect("PARTITION", "(")
        values = {}
        while not tokens.take(")"):
            tokens.take(",")
            column = tokens.text()
            tokens.expect("=")
            values[column] = tokens.text()
        tokens.expect("LOCATION")
        partitions.append(Partition(values, _folder(tokens.text())))
    owner, name = [database, *names][-2:]
    return owner, name, tuple(partitions)


def _folder(location: str) -> str:
    return f"{location.rstrip('/')}/"
