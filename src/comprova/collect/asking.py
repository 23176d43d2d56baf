"""Asks one query: compiles it, runs it, and writes its statement and rows into the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass

from comprova.catalog.parameters import Bindings, Parameter
from comprova.catalog.query import Query
from comprova.engines.interface import Engine
from comprova.errors import BudgetError, EngineError
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import sha256_file
from comprova.evidence.outcomes import Outcome
from comprova.evidence.results import write_result
from comprova.evidence.secrets import Secrets
from comprova.sql.compile import columns_read, compile_query
from comprova.sql.statement import Scope, Statement


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of sending one statement.

    Attributes:
        outcome: `failed` where the engine said no, `not-run` where the run may not scan so much; None with a result.
        rows: Of the result; None where there is none.
        secrets: That are masked in the copy of the exact rows.
        parquet_sha256, csv_sha256: Of the exact rows and their copy; empty where there is no result.
        message: Why there is no result.
        execution_id: Of the engine, where it gives one.
        bytes_read: By the engine, where it tells.
    """

    outcome: Outcome | None
    rows: int | None
    secrets: int
    parquet_sha256: str
    csv_sha256: str
    message: str
    execution_id: str | None
    bytes_read: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a run, compiled.

    Attributes:
        query: The query.
        statement: None where a required parameter is not set.
        unset: The required parameters that are not.
        columns: Names of the columns that its SQL reads.
    """

    query: Query
    statement: Statement | None
    unset: tuple[str, ...]
    columns: frozenset[str]


def compose(query: Query, parameters: Mapping[str, Parameter], bindings: Bindings, scope: Scope) -> Question:
    """Compile a query for a run, unless a parameter that it must have is not set.

    Raises:
        ContentError: The query is refused.
    """
    unset = tuple(name for name in query.block.parameters if name in bindings.unset)
    statement = None if unset else compile_query(query, parameters, bindings, scope)
    return Question(query, statement, unset, columns_read(query))


def write_statement(statement: Statement, layout: EvidenceLayout, *, translated: bool) -> str:
    """Write the statement as an auditor can paste it; return its SHA-256.

    Args:
        statement: As compiled.
        layout: Where it goes.
        translated: Whether the engine was given the translation, which is written beside it then.
    """
    path = layout.statement(statement.ref.id)
    write_whole(path, statement.athena.rstrip().encode() + b"\n")
    if translated:
        head = f"-- {statement.ref} as the embedded engine was given it; translation layer {statement.layer}\n"
        write_whole(layout.translation(statement.ref.id), f"{head}{statement.duckdb.rstrip()}\n".encode())
    return sha256_file(path)


def ask(engine: Engine, question: Question, secrets: Secrets, layout: EvidenceLayout) -> Asked:
    """Run a compiled question and write its rows; a refusal of the engine is an answer too.

    Args:
        engine: Holds the views that the question reads.
        question: With its statement.
        secrets: What is masked in the copy of the rows, and in what the engine says: it may quote a cell.
        layout: Where the rows go.

    Raises:
        RunStoppedError: The run cannot go on; nothing came of the question.
    """
    query, statement = question.query, question.statement
    if statement is None:
        message = f"{query.ref} has no statement"
        raise ValueError(message)
    parquet, csv = layout.parquet(query.id), layout.csv(query.id)
    try:
        answer = engine.run(statement, query.block.column)
        written = write_result(answer.batches, query.block.column, secrets, parquet, csv)
    except EngineError as error:
        outcome = Outcome.NOT_RUN if isinstance(error, BudgetError) else Outcome.FAILED
        message, _ = secrets.masked(str(error))
        return Asked(outcome, None, 0, "", "", message, None, None)
    execution = answer.execution
    return Asked(
        outcome=None,
        rows=written.rows,
        secrets=written.secrets,
        parquet_sha256=sha256_file(parquet),
        csv_sha256=sha256_file(csv),
        message="",
        execution_id=execution.execution_id,
        bytes_read=execution.bytes_read,
    )
