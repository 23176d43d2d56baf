"""The engine of a run on Athena: statements as an auditor can paste them, over the run's own database."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from comprova.catalog.column_types import TypedColumn
from comprova.engines.athena.journal import Finished
from comprova.engines.athena.session import AthenaSession
from comprova.engines.interface import Answer, Execution
from comprova.sql.statement import Statement


class RunTables(Protocol):
    """The tables of a run's own database."""

    def make(self, activity: Statement, deliveries: Statement) -> None:
        """Make `records`, `files`, `activity` and `deliveries`, or find them made.

        Raises:
            EngineError: Athena refused one of them.
            RunStoppedError: The run cannot go on.
        """

    def at_most(self, statement: Statement) -> int | None:
        """Return the bytes that a statement over these tables may scan; None where that is not known."""


class AthenaEngine:
    """Answers statements with Athena.

    Args:
        session: Of the run; whoever made it closes it.
        database: The run's own; statements name their tables without it.
        tables: Makes what stands in it.
    """

    def __init__(self, session: AthenaSession, database: str, tables: RunTables) -> None:
        self._session = session
        self._database = database
        self._tables = tables
        self._ahead: dict[tuple[str, str], Future[Finished]] = {}

    def build(self, activity: Statement, deliveries: Statement) -> None:
        """Make the tables of the run's database.

        Raises:
            EngineError: Athena refused one of them.
            RunStoppedError: The run cannot go on.
        """
        self._tables.make(activity, deliveries)

    def announce(self, statements: Sequence[Statement]) -> None:
        """Begin statements ahead, in this order, as many at once as the session's place says."""
        for statement in statements:
            if _key(statement) not in self._ahead:
                self._ahead[_key(statement)] = self._started(statement)

    def run(self, statement: Statement, columns: Sequence[TypedColumn]) -> Answer:
        """Answer a statement, begun ahead or now; its rows are read page by page as they are taken.

        Raises:
            BudgetError: It was not started: the run might scan more than it may.
            EngineError: Athena refused it, or its columns are not the declared ones.
            RunStoppedError: The run cannot go on.
        """
        ahead = self._ahead.pop(_key(statement), None)
        finished = (ahead if ahead is not None else self._started(statement)).result()
        execution = Execution(
            engine="athena",
            engine_version=finished.engine_version,
            execution_id=finished.execution_id,
            bytes_read=finished.bytes_scanned,
            milliseconds=finished.milliseconds,
        )
        return Answer(execution, self._session.batches(finished, columns))

    def close(self) -> None:
        """Take back what was announced and has not begun; the session stops what has."""
        for ahead in self._ahead.values():
            ahead.cancel()
        self._ahead.clear()

    def _started(self, statement: Statement) -> Future[Finished]:
        return self._session.start(
            statement.athena, self._database, name=str(statement.ref), at_most=self._tables.at_most(statement)
        )


def _key(statement: Statement) -> tuple[str, str]:
    return str(statement.ref), statement.athena
