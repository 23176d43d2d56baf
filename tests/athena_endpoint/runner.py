"""Runs statements: rows through Trino, definitions in the catalog."""

import re
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from athena_endpoint.catalog import UNLOADS, Catalog
from athena_endpoint.faults import Faults
from athena_endpoint.hive_ddl import name_of, parse, read_partitions, read_table
from athena_endpoint.journal import Journals
from athena_endpoint.mirror import Mirror
from athena_endpoint.projection import injected_columns, named_values
from athena_endpoint.refusals import (
    NOT_SUPPORTED,
    EndedError,
    bucket_missing,
    denied,
    failed,
    invalid,
    other_region,
    path_not_empty,
    trino_ending,
)
from athena_endpoint.statements import Kind, Writing, kind_of, read_writing
from athena_endpoint.storage import Storage, split_uri
from athena_endpoint.tokens import NotUnderstoodError, with_double_literals
from athena_endpoint.trino_client import CATALOG, Session, Statement, TrinoClient, TrinoError
from athena_endpoint.values import Row, column_info, shown_rows

_MALFORMED = re.compile(
    r"line \d+:\d+: (mismatched|extraneous|no viable|missing|token recognition|identifiers must|backquoted|Incomplete)"
)
_ROWS = {"name": "rows", "typeSignature": {"rawType": "bigint", "arguments": []}}
_DEFAULT_CODEC = "GZIP"
_IN_ORDER = {
    # One writer, and no exchange after the last sort: rows lie in each file in the order that UNLOAD's query gives.
    "skip_redundant_sort": "false",
    "scale_writers": "false",
    "task_scale_writers_enabled": "false",
    "task_min_writer_count": "1",
    "task_max_writer_count": "1",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as it was sent.

    Attributes:
        sql: Its text.
        database: Of names without one.
        parameters: What stands in for each `?`.
        tables: `s3://bucket/prefix/`, where CREATE TABLE AS puts files that it names no place for.
        kms_key: That encrypts what is written; None for none.
    """

    sql: str
    database: str
    parameters: tuple[str, ...]
    tables: str
    kms_key: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement gave.

    Attributes:
        columns: As GetQueryResults describes them.
        rows: As it shows them.
        update_count: Rows written; None for statements that write none.
        written: URIs of the files written; None for statements that write none.
    """

    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    update_count: int | None = None
    written: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A statement that was found well-formed.

    Attributes:
        asked: As it was sent.
        kind: What it is.
        statement: Trino's; None for definitions.
        target: Where it writes rows; empty where it writes none.
        table: Through which Trino writes them: database and name.
    """

    asked: Asked
    kind: Kind
    statement: Statement | None = None
    target: str = ""
    table: tuple[str, str] = ("", "")


class Runner:
    """Runs statements.

    Args:
        trino: Runs queries.
        catalog: Holds definitions.
        mirror: Of what tables lie over.
        storage: The objects.
        journals: What statements have asked of S3.
        faults: What goes wrong.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of the endpoint
        self,
        trino: TrinoClient,
        catalog: Catalog,
        mirror: Mirror,
        storage: Storage,
        journals: Journals,
        faults: Faults,
    ) -> None:
        self._trino = trino
        self._catalog = catalog
        self._mirror = mirror
        self._storage = storage
        self._journals = journals
        self._faults = faults
        self._defining = threading.Lock()

    def take(self, asked: Asked) -> Taken:
        """Take a statement on; rows that it asks for are being read from then on.

        Raises:
            RefusedError: It is malformed; AWS does not even start it.
            EndedError: It fails.
        """
        try:
            kind = kind_of(asked.sql)
            writing = read_writing(asked.sql) if kind.writes else None
        except NotUnderstoodError as error:
            raise invalid(f"Queries of this type are not supported ({error})", "MALFORMED_QUERY") from error
        if not kind.reads:
            return Taken(asked, kind)
        self._mirror.pull()
        if writing:
            return self._take_writing(asked, kind, writing)
        self._project(asked.sql, asked.database)
        return Taken(asked, kind, self._start(asked.sql, asked))

    def finish(self, taken: Taken) -> Outcome:
        """Run a statement to its end.

        Raises:
            EndedError: It fails, or was cancelled.
        """
        if taken.statement is None:
            try:
                with self._defining:
                    self._define(taken)
            except NotUnderstoodError as error:
                reason = f"NOT_SUPPORTED: this endpoint does not know the statement: {error}"
                raise failed(reason, NOT_SUPPORTED) from error
            return Outcome()
        try:
            answer = taken.statement.answer()
        except TrinoError as error:
            self._journals.check(self._journals.read(taken.statement.query_id))
            raise EndedError(trino_ending(error)) from error
        finally:
            if taken.kind is Kind.UNLOAD:
                self._catalog.forget_unload(taken.table[1])
        self._journals.check(self._journals.read(taken.statement.query_id))
        if not taken.target:
            return Outcome(column_info(answer.columns), shown_rows(answer.columns, answer.rows))
        written = self._mirror.push(taken.target, taken.asked.kms_key)
        if taken.kind is Kind.CREATE_TABLE_AS_SELECT:
            self._catalog.adopt_table(*taken.table)
        return Outcome(column_info([_ROWS]), [], answer.update_count or 0, written)

    def scanned(self, taken: Taken) -> int:
        """Return the bytes that a statement has scanned until now."""
        if taken.statement is None:
            return 0
        return self._journals.scanned(self._journals.read(taken.statement.query_id))

    def _take_writing(self, asked: Asked, kind: Kind, writing: Writing) -> Taken:
        """Have Trino write rows into a table's place; UNLOAD's table is nobody's."""
        properties = writing.properties
        target = writing.location or properties.get("external_location", asked.tables)
        self._check_target(target)
        table = (asked.database, *writing.table)[-2:] if writing.table else (UNLOADS, f"u_{uuid.uuid4().hex}")
        by = "".join(f", '{name}'" for name in properties.get("partitioned_by", "").split(",") if name)[2:]
        partitioned = f", partitioned_by = ARRAY[{by}]" if by else ""
        head = (
            f'CREATE TABLE "{table[0]}"."{table[1]}" WITH (format = \'{properties.get("format", "PARQUET").upper()}\', '
            f"external_location = '{target}'{partitioned}) AS "
        )
        codec = properties.get("write_compression", properties.get("compression", _DEFAULT_CODEC)).upper()
        session = {f"{CATALOG}.compression_codec": codec, **(_IN_ORDER if kind is Kind.UNLOAD else {})}
        self._project(writing.query, asked.database)
        statement = self._start(head + writing.query, asked, session)
        return Taken(asked, kind, statement, target, (table[0], table[1]))

    def _start(self, sql: str, asked: Asked, session: dict[str, str] | None = None) -> Statement:
        sql = with_double_literals(sql)
        if asked.parameters:
            escaped = sql.replace("'", "''")
            sql = f"EXECUTE IMMEDIATE '{escaped}' USING {', '.join(asked.parameters)}"
        try:
            return self._trino.start(sql, Session(asked.database, session or {}))
        except TrinoError as error:
            if error.name == "SYNTAX_ERROR" and _MALFORMED.match(error.message):
                raise invalid(error.message, "MALFORMED_QUERY") from error
            raise EndedError(trino_ending(error)) from error

    def _check_target(self, target: str) -> None:
        bucket, prefix = split_uri(target)
        if not self._storage.has_bucket(bucket):
            raise bucket_missing(target)
        if bucket in self._faults.moved:
            raise other_region(target)
        if self._faults.place_denied(target):
            raise denied(target)
        if next(self._storage.keys(bucket, f"{prefix.rstrip('/')}/"), None) is not None:
            raise path_not_empty(target)

    def _project(self, sql: str, database: str) -> None:
        for table in self._catalog.tables_named_in(sql):
            for column in injected_columns(table):
                self._catalog.project(table, column, named_values(sql, database, table, column))

    def _define(self, taken: Taken) -> None:
        sql, database = taken.asked.sql, taken.asked.database
        if taken.kind is Kind.ADD_PARTITIONS:
            self._catalog.add_partitions(*read_partitions(sql, database))
            return
        statement = parse(sql)
        exists = bool(statement.args.get("exists"))
        if isinstance(statement, exp.Create) and taken.kind is Kind.CREATE_TABLE:
            self._catalog.create_table(read_table(statement, database), if_not_exists=exists)
        elif isinstance(statement, exp.Create):
            self._catalog.create_database(name_of(statement.this, "")[1], if_not_exists=exists)
        elif isinstance(statement, exp.Drop) and taken.kind is Kind.DROP_TABLE:
            self._catalog.drop_table(*name_of(statement, database), if_exists=exists)
        elif isinstance(statement, exp.Drop):
            cascade = bool(statement.args.get("cascade"))
            self._catalog.drop_database(name_of(statement, "")[1], if_exists=exists, cascade=cascade)
        else:
            raise NotUnderstoodError(sql[:80])
