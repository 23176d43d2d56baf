"""The database of one revision of a run: tables over what was loaded, under the names that packs use.

```
<store>/databases/<name>.json                      who may define tables in a database
<store>/runs/<job>/<period>/r1/<table>/<attempt>/  what `files`, `activity` and `deliveries` are over
```

A statement of a pack names its tables without a database, so whoever chooses this one can run the statement as it
stands in the evidence. Every definition is a statement of the session, which finds it done after a restart.
"""

import io
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING

from comprova.engines.athena import ddl
from comprova.engines.athena.loads import MOST_TRIES, LoadRecord, folder_is_taken
from comprova.engines.athena.notes import Executes, Notes
from comprova.engines.athena.place import S3Place
from comprova.engines.athena.scans import Scan, scans_of
from comprova.engines.athena.steps import ACTIVITY, DELIVERIES, LOAD, defining
from comprova.engines.athena.store import Store
from comprova.errors import BudgetError, EngineError, Problem
from comprova.sql.event_groups import all_groups
from comprova.sql.pruning import GROUP
from comprova.sql.statement import Statement

if TYPE_CHECKING:
    import pyarrow as pa

_ORDERS = {ACTIVITY: "event_source, event_name, event_time", DELIVERIES: "log_file"}
"""Rows lie clustered by what statements ask for, so that they read few of a file's row groups. UNLOAD keeps an order
within each file; CREATE TABLE AS would not (Amazon Athena User Guide, "Considerations and limitations for CTAS")."""

_FOLDERS = {ACTIVITY: GROUP, DELIVERIES: ""}
"""The column whose values have folders of their own, which a statement that names values reads no others of."""

_TABLES = {ACTIVITY: ddl.activity_table, DELIVERIES: ddl.deliveries_table}


def claim_database(store: Store, notes: Notes, name: str, build: str, new_id: Callable[[], str]) -> str:
    """Return the name of a database in which nobody but this run defines tables.

    It is the name given, or where another folder of runs has claimed that, one with a number. So two machines that run
    the same job at once, or one that has lost its folder, never define each other's tables anew.

    Args:
        store: Where claims lie.
        notes: Whether an earlier attempt of the run has claimed one.
        name: What it should be.
        build: Of what its tables are made; tables of something else are made in another database.
        new_id: Gives an id that nobody else has.
    """
    note = f"database {name} {build}"
    if noted := notes.recall(note):
        return noted
    claim = f'{{"claimed_by":"{new_id()}"}}\n'.encode()
    names = (name if number == 1 else f"{name}_{number}" for number in count(1))
    mine = next(one for one in names if store.publish(claim, "databases", f"{one}.json", instead_of=None))
    notes.note(note, mine)
    return mine


class RunDatabase:
    """The tables of a run, made one after another: `open`, `list_files`, `make`.

    Args:
        name: Claimed.
        session: Runs the statements.
        store: Where rows are written.
        folder: Where in the store what this run writes lies, such as ("runs", "monthly", "2026-10", "r1").
        notes: What an earlier attempt of the run noted.
        new_id: Gives an id that nobody else has.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it is, and its four tools
        self,
        name: str,
        session: Executes,
        store: Store,
        folder: tuple[str, ...],
        notes: Notes,
        new_id: Callable[[], str],
    ) -> None:
        self.name = name
        self._session = session
        self._store = store
        self._folder = folder
        self._notes = notes
        self._new_id = new_id
        self._sizes: dict[str, int] = {}
        self._groups: dict[str, int] = {}

    def open(self, base: str, loads: Sequence[LoadRecord]) -> None:
        """Make the database, and `records` over the loads: one partition for each delivery date that has one.

        Args:
            base: A database that is there, in which the statement is run.
            loads: By delivery date.

        Raises:
            EngineError: Athena refused a definition.
            RunStoppedError: The run cannot go on.
        """
        self._session.execute(ddl.create_database(self.name), base, name=defining(LOAD, self.name))
        self._define(LOAD, "records", ddl.records_table(self.name, self._store.place("records")))
        places = [(load.delivery_date.isoformat(), self._store.place(*load.folder)) for load in loads]
        self._place_partitions(LOAD, "records", "delivery_date", places)
        self._sizes["records"] = sum(load.parquet_bytes for load in loads)

    def list_files(self, files: "pa.Table") -> None:
        """Make `files` of its rows; their columns are `comprova.sql.schema.FILES`.

        Raises:
            EngineError: Athena refused the definition.
            RunStoppedError: The run cannot go on.
        """
        import pyarrow.parquet as pq

        place = self._attempt("files")
        data = io.BytesIO()
        pq.write_table(files, data, compression="zstd")
        self._store.write(data.getvalue(), *self._below("files", place), "files.parquet")
        self._define(DELIVERIES, "files", ddl.files_table(self.name, self._place("files", place)))
        self._sizes["files"] = data.tell()

    def make(self, activity: Statement, deliveries: Statement) -> None:
        """Make `activity` and, from it, `deliveries`; or find them made.

        Raises:
            BudgetError: The run might scan too much.
            EngineError: Athena refused one of them.
            RunStoppedError: The run cannot go on.
        """
        self._make(ACTIVITY, activity)
        self._make(DELIVERIES, deliveries)

    def at_most(self, statement: Statement) -> int:
        """Return the bytes that a statement over these tables scans, if each scan reads all columns there."""
        return sum(times * self._bytes_of(scan) for scan, times in scans_of(statement.athena).items())

    def _bytes_of(self, scan: Scan) -> int:
        if scan.table == ACTIVITY and scan.groups is not None:
            return sum(self._groups.get(group, 0) for group in scan.groups)
        return self._sizes.get(scan.table, 0)

    def _make(self, table: str, statement: Statement) -> None:
        select = f"{statement.athena.rstrip()}\nORDER BY {_ORDERS[table]}"
        attempt = self._written(table, select, self.at_most(statement))
        self._define(table, table, _TABLES[table](self.name, self._place(table, attempt)))
        sizes = self._store.folders(*self._below(table, attempt))
        self._sizes[table] = sum(sizes.values())
        self._check_whole(table, attempt)
        if column := _FOLDERS[table]:
            place = self._place(table, attempt)
            groups = {f"{column}={group}": group for group in all_groups()}
            if strange := sizes.keys() - groups.keys():
                hint = "Something else writes below the store: find out what, and run again with --revise."
                raise EngineError(Problem(place.uri, f"folders {column}=… of groups alone", repr(min(strange)), hint))
            self._groups = {groups[folder]: size for folder, size in sizes.items()}
            places = [(groups[folder], place.below(folder)) for folder in sizes]
            self._place_partitions(table, table, column, places)

    def _check_whole(self, table: str, attempt: str) -> None:
        """Compare what lies there with what lay there when it was written; answers of both may be under way.

        Raises:
            EngineError: Some of it has gone, as when a lifecycle rule removes the store's objects.
        """
        note, found = f"bytes of {table} {attempt}", str(self._sizes[table])
        written = self._notes.recall(note)
        if written is None:
            self._notes.note(note, found)
        elif written != found:
            hint = "Move the folder athena/ of this run away, and give the same command again: it is then made anew."
            where = self._place(table, attempt).uri
            raise EngineError(Problem(where, f"the {written} bytes that were written", found, hint))

    def _place_partitions(self, step: str, table: str, column: str, places: Sequence[tuple[str, S3Place]]) -> None:
        for number, statement in enumerate(ddl.add_partitions(self.name, table, column, places), start=1):
            self._define(step, f"partitions {number} of {table}", statement)

    def _written(self, table: str, select: str, at_most: int) -> str:
        """Write the rows of a table, and return the id of the attempt that succeeded."""
        for tries in count(1):
            attempt = self._attempt(table)
            sql = ddl.unload(select, self._place(table, attempt), _FOLDERS[table])
            try:
                self._session.execute(sql, self.name, name=table, at_most=at_most, writes=True)
            except BudgetError:
                raise
            except EngineError as error:
                # Its folder may hold something now: the next attempt, also after a restart, writes elsewhere.
                self._notes.forget(self._note(table))
                if not folder_is_taken(error) or tries == MOST_TRIES:
                    raise
            else:
                return attempt
        raise AssertionError  # pragma: no cover - count() has no end

    def _define(self, step: str, what: str, statement: str) -> None:
        self._session.execute(statement, self.name, name=defining(step, what))

    def _attempt(self, table: str) -> str:
        """Return the id of the attempt at a table that this run is at; noted before anything is written."""
        note = self._note(table)
        if not (attempt := self._notes.recall(note)):
            attempt = self._new_id()
            self._notes.note(note, attempt)
        return attempt

    def _note(self, table: str) -> str:
        return f"{table} of {self.name}"

    def _below(self, table: str, attempt: str) -> tuple[str, ...]:
        return *self._folder, table, attempt

    def _place(self, table: str, attempt: str) -> S3Place:
        return self._store.place(*self._below(table, attempt))
