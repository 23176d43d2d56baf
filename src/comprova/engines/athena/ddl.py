"""The statements that define databases and tables on Athena, as text; nothing here calls AWS.

The table over the trail's bucket is the one of the Amazon Athena User Guide, "Create the table for CloudTrail logs in
Athena using partition projection", with accounts and regions projected too, and with every field of
`comprova.sql.schema.RECORDS`. Definitions are in Hive's SQL (strings escape with a backslash), UNLOAD and EXPLAIN in
Trino's (a quote is doubled).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comprova.engines.athena.place import S3Place
from comprova.errors import ContentError, Problem
from comprova.sql.pruning import GROUP
from comprova.sql.schema import ACTIVITY, DELIVERIES, FILES, RECORDS
from comprova.sql.types import Type

RAW_TABLE = "cloudtrail_logs"
"""The table over the trail's bucket."""

RAW_COLUMNS: Mapping[str, Type] = {
    name: type_
    for name, type_ in RECORDS.items()
    if name not in {"log_file", "log_account", "log_region", "delivery_date"}
}
"""The columns of the raw table: those of records, without what only the object's key says."""

RAW_PARTITIONS = ("account", "region", "timestamp")
"""The partition columns of the raw table, all text; `timestamp` is the delivery date as in the key, 2026/10/01."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,254}")
_RESERVED = frozenset({"timestamp"})  # in definitions: Athena User Guide, "Escape reserved keywords in DDL statements"
_HASH_CHARACTERS = 6
_MOST_PARTITIONS = 100  # of one statement, so that its text stays short

_HIVE_TYPES = {
    "varchar": "string",
    "bigint": "bigint",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


@dataclass(frozen=True, slots=True)
class RawTable:
    """What the raw table shows.

    Attributes:
        database: That it is in.
        trail: The place that holds `AWSLogs/`.
        organisation: Id of the organisation whose trail it is; empty for other trails.
        accounts: Whose logs it shows; empty: of those that a statement names, which then has to name some.
        regions: Whose logs it shows; never empty.
        start: The first delivery date that it shows.
    """

    database: str
    trail: S3Place
    organisation: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    start: date

    @property
    def location(self) -> S3Place:
        """The place below which all log files lie."""
        return self.trail.below("AWSLogs", self.organisation)

    @property
    def properties(self) -> Mapping[str, str]:
        """The table's properties: how Athena computes which partitions there are, and where each lies.

        See the Athena User Guide, "Set up partition projection". What is not projected is not there: a statement about
        it gets no rows, and no error.
        """
        accounts = (
            {"projection.account.type": "enum", "projection.account.values": ",".join(self.accounts)}
            if self.accounts
            else {"projection.account.type": "injected"}
        )
        return {
            "projection.enabled": "true",
            **accounts,
            "projection.region.type": "enum",
            "projection.region.values": ",".join(self.regions),
            "projection.timestamp.type": "date",
            "projection.timestamp.format": "yyyy/MM/dd",
            "projection.timestamp.range": f"{self.start:%Y/%m/%d},NOW",
            "projection.timestamp.interval": "1",
            "projection.timestamp.interval.unit": "DAYS",
            "storage.location.template": f"{self.location.uri}/" + "${account}/CloudTrail/${region}/${timestamp}",
        }


def run_databases(database: str, job: str) -> str:
    """Return what the names of the databases of a job's runs begin with.

    Args:
        database: Of the raw table.
        job: The job's id; one with other characters than a name may have is told apart from its likes by a hash.
    """
    name = re.sub(r"[^a-z0-9]", "_", job)
    told_apart = "" if name == job else f"_{hashlib.sha256(job.encode()).hexdigest()[:_HASH_CHARACTERS]}"
    return _name(f"{database}_{name}{told_apart}_")


def run_database(database: str, job: str, period: str, revision: int) -> str:
    """Return the name of the database of one revision of a run: `comprova_monthly_2026_10_r1`."""
    label = re.sub(r"[^a-z0-9]+", "_", period.lower())
    return _name(f"{run_databases(database, job)}{label}_r{revision}")


def create_database(database: str) -> str:
    """Return the statement that makes a database."""
    return f"CREATE DATABASE IF NOT EXISTS {_name(database)}"


def drop_database(database: str) -> str:
    """Return the statement that drops a database with its tables; the files that these are over stay."""
    return f"DROP DATABASE IF EXISTS {_name(database)} CASCADE"


def drop_table(database: str, table: str) -> str:
    """Return the statement that drops a table; the files that it is over stay."""
    return f"DROP TABLE IF EXISTS {_name(database)}.{_name(table)}"


def raw_table(raw: RawTable) -> str:
    """Return the statement that makes the table over the trail's bucket."""
    return "\n".join(
        (
            f"CREATE EXTERNAL TABLE IF NOT EXISTS {_name(raw.database)}.{RAW_TABLE} (",
            *_columns(RAW_COLUMNS),
            ")",
            f"PARTITIONED BY ({', '.join(f'{_column(name)} string' for name in RAW_PARTITIONS)})",
            "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'",
            "STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'",
            "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
            f"LOCATION {_folder(raw.location)}",
            "TBLPROPERTIES (",
            *_properties(raw.properties),
            ")",
        )
    )


def records_table(database: str, location: S3Place) -> str:
    """Return the statement that makes the table of records; each delivery date gets its place from `add_partitions`.

    Args:
        database: Of a run.
        location: The place below which loads lie.
    """
    columns = {name: type_ for name, type_ in RECORDS.items() if name != "delivery_date"}
    return _parquet_table(database, "records", columns, location, {"delivery_date": RECORDS["delivery_date"]})


def files_table(database: str, location: S3Place) -> str:
    """Return the statement that makes the table of the list of log files, over the folder that holds it."""
    return _parquet_table(database, "files", FILES, location)


def activity_table(database: str, location: S3Place) -> str:
    """Return the statement that makes the table of activity, over the folder that UNLOAD wrote it to.

    Each group of events gets its place from `add_partitions`. UNLOAD takes the column of groups last, and so it is the
    last of `ACTIVITY`.
    """
    columns = {name: type_ for name, type_ in ACTIVITY.items() if name != GROUP}
    return _parquet_table(database, "activity", columns, location, {GROUP: ACTIVITY[GROUP]})


def deliveries_table(database: str, location: S3Place) -> str:
    """Return the statement that makes the table of deliveries, over the folder that UNLOAD wrote it to."""
    return _parquet_table(database, "deliveries", DELIVERIES, location)


def add_partitions(database: str, table: str, column: str, places: Sequence[tuple[str, S3Place]]) -> tuple[str, ...]:
    """Return the statements that give values of a table's partition column their places.

    Args:
        database: Of a run.
        table: The table.
        column: By which it is partitioned.
        places: Each value, and the place of its rows.
    """
    head = f"ALTER TABLE {_name(database)}.{_name(table)} ADD IF NOT EXISTS"
    parts = [f"PARTITION ({_name(column)} = {_hive_text(value)}) LOCATION {_folder(place)}" for value, place in places]
    return tuple(
        "\n  ".join((head, *parts[start : start + _MOST_PARTITIONS]))
        for start in range(0, len(parts), _MOST_PARTITIONS)
    )


def unload(select: str, location: S3Place, partitioned_by: str = "") -> str:
    """Return the statement that writes the rows of a SELECT as Parquet into a folder that must be empty.

    Args:
        select: The SELECT.
        location: The folder.
        partitioned_by: The last column of the SELECT, whose values get folders of their own; empty for one folder.
    """
    place = location.uri.replace("'", "''")
    folders = f", partitioned_by = ARRAY['{_name(partitioned_by)}']" if partitioned_by else ""
    return f"UNLOAD (\n{select}\n)\nTO '{place}/'\nWITH (format = 'PARQUET', compression = 'ZSTD'{folders})"


def explain(select: str) -> str:
    """Return the statement that has a SELECT checked against the catalog; it reads nothing and is not billed."""
    return f"EXPLAIN (TYPE VALIDATE) {select}"


def hive_type(type_: Type) -> str:
    """Return a type as a definition writes it: `array(row(arn varchar))` is `array<struct<arn:string>>`."""
    inner = tuple(map(hive_type, type_.of))
    match type_.name:
        case "row":
            fields = ",".join(f"{name}:{kind}" for name, kind in zip(type_.fields, inner, strict=True))
            return f"struct<{fields}>"
        case "array" | "map" as name:
            return f"{name}<{','.join(inner)}>"
        case name:
            return _HIVE_TYPES[name]


def _parquet_table(
    database: str,
    table: str,
    columns: Mapping[str, Type],
    location: S3Place,
    partitions: Mapping[str, Type] | None = None,
) -> str:
    by = ", ".join(f"{_column(name)} {hive_type(type_)}" for name, type_ in (partitions or {}).items())
    return "\n".join(
        (
            f"CREATE EXTERNAL TABLE IF NOT EXISTS {_name(database)}.{_name(table)} (",
            *_columns(columns),
            ")",
            *([f"PARTITIONED BY ({by})"] if by else []),
            "STORED AS PARQUET",
            f"LOCATION {_folder(location)}",
            "TBLPROPERTIES ('parquet.compression' = 'ZSTD')",
        )
    )


def _columns(columns: Mapping[str, Type]) -> Iterator[str]:
    for number, (name, type_) in enumerate(columns.items(), start=1):
        yield f"  {_column(name)} {hive_type(type_)}{',' if number < len(columns) else ''}"


def _properties(properties: Mapping[str, str]) -> Iterator[str]:
    for number, (name, value) in enumerate(properties.items(), start=1):
        yield f"  {_hive_text(name)} = {_hive_text(value)}{',' if number < len(properties) else ''}"


def _column(name: str) -> str:
    return f"`{name}`" if name in _RESERVED else _name(name)


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        expected = "a name of small letters, digits and _, at most 255 of them"
        raise ContentError(Problem("a name in the data catalog", expected, repr(name)))
    return name


def _folder(place: S3Place) -> str:
    return _hive_text(f"{place.uri}/")


def _hive_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
