"""What an engine does, whichever it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from comprova.catalog.column_types import TypedColumn
from comprova.sql.statement import Statement

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Execution:
    """How a statement was run; part of a result's provenance.

    Attributes:
        engine: `duckdb` or `athena`.
        engine_version: As the engine names it.
        execution_id: Athena's query execution id; None where the engine gives none.
        bytes_read: What the engine scanned: on Athena the figure that the bill is made of; None where it does not tell.
        milliseconds: That it took, by the engine's own clock; None where it does not tell.
    """

    engine: str
    engine_version: str
    execution_id: str | None
    bytes_read: int | None
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one statement, not yet read.

    Attributes:
        execution: How they were made.
        batches: The rows in order, with the types of `comprova.evidence.results.arrow_schema`; NULL apart from ''.
            Read to the end, or closed, before the engine runs its next statement; raises EngineError while being read.
    """

    execution: Execution
    batches: Iterator["pa.RecordBatch"]


class Engine(Protocol):
    """Runs statements over one run's records."""

    def build(self, activity: Statement, deliveries: Statement) -> None:
        """Make the tables `activity` and `deliveries`, once, for all statements to come.

        Raises:
            EngineError: The engine refused one of them.
            RunStoppedError: The run cannot go on.
        """

    def announce(self, statements: Sequence[Statement]) -> None:
        """Tell which statements will be run, and in which order; the engine may begin them ahead."""

    def run(self, statement: Statement, columns: Sequence[TypedColumn]) -> Answer:
        """Answer a statement.

        Args:
            statement: What to run.
            columns: The names and types that its rows must have.

        Raises:
            BudgetError: It was not started: the run might scan more than it may.
            EngineError: The engine refused it, or its columns are not the declared ones.
            RunStoppedError: The run cannot go on; nothing is known of the statement.
        """

    def close(self) -> None:
        """Let go of everything that the engine holds."""
