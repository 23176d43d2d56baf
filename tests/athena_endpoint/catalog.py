"""The data catalog: Athena's Glue, kept twice.

Trino reads its file metastore, whose tables have Glue's own properties (partition projection among them), so that a
definition takes no detour through Trino's SQL. moto's Glue tells the same to whoever asks over HTTP.
"""

import json
import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.glue.models import GlueBackend, glue_backends

from athena_endpoint.hive_ddl import DEFAULT_DATABASE, Column, Partition, Table
from athena_endpoint.mirror import Mirror
from athena_endpoint.refusals import DDL_TASK_FAILED, EndedError, failed
from athena_endpoint.trino_home import VERSION

UNLOADS = "unloads_of_athena"
"""A database that nobody sees: Trino has no UNLOAD, but writes the rows of a query into a table's place."""

_SCHEMA_FILE = ".trinoSchema"
_TASK = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."
_SERDES = {
    True: ("com.amazon.emr.cloudtrail.CloudTrailInputFormat", "org.apache.hive.hcatalog.data.JsonSerDe"),
    False: (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
}


def _refused(message: str) -> EndedError:
    return failed(f"{_TASK} {message}", DDL_TASK_FAILED)


class Catalog:
    """Databases and tables.

    Args:
        root: The folder of the mirror; `metastore` in it is Trino's.
        mirror: Told where tables lie.
        region: Of Glue.
    """

    def __init__(self, root: Path, mirror: Mirror, region: str) -> None:
        self._metastore = root / "metastore"
        self._mirror = mirror
        self._region = region
        self._tables: dict[tuple[str, str], Table] = {}
        self._lock = threading.RLock()
        self._metastore.mkdir(parents=True, exist_ok=True)
        self.create_database(DEFAULT_DATABASE, if_not_exists=True)
        _write(self._database_file(UNLOADS), {"writerVersion": VERSION, "parameters": {}})
        (self._metastore / UNLOADS).mkdir(exist_ok=True)

    @property
    def _glue(self) -> GlueBackend:
        return glue_backends[DEFAULT_ACCOUNT_ID][self._region]

    def create_database(self, name: str, *, if_not_exists: bool) -> None:
        """Make a database."""
        with self._lock:
            if self._database_file(name).exists():
                if if_not_exists:
                    return
                raise _refused(f"AlreadyExistsException(message:Database {name} already exists)")
            (self._metastore / name).mkdir(exist_ok=True)
            _write(self._database_file(name), {"writerVersion": VERSION, "parameters": {}})
            self._glue.databases.pop(name, None)
            self._glue.create_database(name, {"Name": name})

    def drop_database(self, name: str, *, if_exists: bool, cascade: bool) -> None:
        """Drop a database; what its tables are over stays."""
        with self._lock:
            if not self._database_file(name).exists():
                if if_exists:
                    return
                raise _refused(f"NoSuchObjectException(message:Database {name} not found)")
            tables = [table for database, table in self._tables if database == name]
            if tables and not cascade:
                text = f"Database {name} is not empty. One or more tables exist."
                raise _refused(f"InvalidOperationException(message:{text})")
            for table in tables:
                self.drop_table(name, table, if_exists=True)
            self._database_file(name).unlink()
            shutil.rmtree(self._metastore / name, ignore_errors=True)
            self._glue.databases.pop(name, None)

    def create_table(self, table: Table, *, if_not_exists: bool) -> None:
        """Make an external table."""
        with self._lock:
            self._require_database(table.database)
            if (table.database, table.name) in self._tables:
                if if_not_exists:
                    return
                raise _refused("AlreadyExistsException(message:Table already exists.)")
            folder = self._folder(table.database, table.name)
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / _SCHEMA_FILE, _definition(table))
            self._register(table)

    def adopt_table(self, database: str, name: str) -> None:
        """Take note of a table that Trino has made itself."""
        found = json.loads((self._folder(database, name) / _SCHEMA_FILE).read_text(encoding="utf-8"))
        columns, partitions = (
            tuple(Column(column["name"], column["type"]) for column in found[of])
            for of in ("dataColumns", "partitionColumns")
        )
        with self._lock:
            self._register(Table(database, name, columns, partitions, False, found["externalLocation"], {}))

    def forget_unload(self, name: str) -> None:
        """Remove the table through which Trino wrote files; they stay."""
        shutil.rmtree(self._folder(UNLOADS, name), ignore_errors=True)

    def drop_table(self, database: str, name: str, *, if_exists: bool) -> None:
        """Drop a table; what it is over stays."""
        with self._lock:
            if self._tables.pop((database, name), None) is None:
                if if_exists:
                    return
                raise _refused(f"NoSuchObjectException(message:Table not found {database}.{name})")
            shutil.rmtree(self._folder(database, name), ignore_errors=True)
            if database in self._glue.databases:
                self._glue.databases[database].tables.pop(name, None)

    def add_partitions(self, database: str, name: str, partitions: Sequence[Partition]) -> None:
        """Give a table partitions; those that it has stay as they are."""
        with self._lock:
            table = self._tables.get((database, name))
            if table is None:
                raise failed(
                    f"FAILED: SemanticException [Error 10001]: Table not found {database}.{name}", DDL_TASK_FAILED
                )
            definition = {key: value for key, value in _definition(table).items() if key in _OF_PARTITIONS}
            for partition in partitions:
                place = "/".join(f"{column}={value}" for column, value in partition.values.items())
                file = self._folder(database, name) / place / _SCHEMA_FILE
                if not file.exists():
                    self._mirror.watch(partition.location)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    own = {"columns": _fields(table.columns), "parameters": {}, "externalLocation": partition.location}
                    _write(file, {**definition, **own})

    def tables_named_in(self, sql: str) -> list[Table]:
        """Return the tables whose name occurs in a text, wherever they are and whatever it means there."""
        text = sql.lower()
        return [table for (_, name), table in self._tables.items() if name in text]

    def project(self, table: Table, column: str, values: frozenset[str]) -> None:
        """Have an injected column of a table take values."""
        with self._lock:
            file = self._folder(table.database, table.name) / _SCHEMA_FILE
            definition = json.loads(file.read_text(encoding="utf-8"))
            listed = definition["parameters"].get(f"projection.{column}.values", "")
            known = set(listed.split(",")) if listed else set()
            if values <= known:
                return
            definition["parameters"] |= {
                f"projection.{column}.type": "enum",
                f"projection.{column}.values": ",".join(sorted(known | values)),
            }
            _write(file, definition)

    def _register(self, table: Table) -> None:
        self._tables[table.database, table.name] = table
        self._mirror.watch(table.location, wrapped=table.cloudtrail)
        self._glue.databases[table.database].tables.pop(table.name, None)
        self._glue.create_table(table.database, table.name, _glue_table(table))

    def _require_database(self, name: str) -> None:
        if not self._database_file(name).exists():
            raise failed(f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}", DDL_TASK_FAILED)

    def _database_file(self, name: str) -> Path:
        return self._metastore / f".{name}{_SCHEMA_FILE}"

    def _folder(self, database: str, name: str) -> Path:
        return self._metastore / database / name


_OF_PARTITIONS = frozenset({"storageFormat", "serdeParameters", "columnStatistics"})


def _definition(table: Table) -> dict[str, Any]:
    return {
        "writerVersion": VERSION,
        "owner": "athena",
        "tableType": "EXTERNAL_TABLE",
        "dataColumns": _fields(table.columns),
        "partitionColumns": _fields(table.partitions),
        "parameters": {**table.properties, "EXTERNAL": "TRUE"},
        "storageFormat": "JSON" if table.cloudtrail else "PARQUET",
        "serdeParameters": {},
        "externalLocation": table.location,
        "columnStatistics": {},
    }


def _fields(columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [{"name": column.name, "type": column.type, "properties": {}} for column in columns]


def _glue_table(table: Table) -> dict[str, Any]:
    input_format, serde = _SERDES[table.cloudtrail]
    columns, partitions = (
        [{"Name": column.name, "Type": column.type} for column in of] for of in (table.columns, table.partitions)
    )
    return {
        "Name": table.name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {**table.properties, "EXTERNAL": "TRUE"},
        "PartitionKeys": partitions,
        "StorageDescriptor": {
            "Columns": columns,
            "Location": table.location,
            "InputFormat": input_format,
            "SerdeInfo": {"SerializationLibrary": serde},
        },
    }


def _write(file: Path, definition: Mapping[str, Any]) -> None:
    """Replace a file of the metastore; Trino reads it anew for every statement."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(json.dumps(definition), encoding="utf-8")
    new.replace(file)
