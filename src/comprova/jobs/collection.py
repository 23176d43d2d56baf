"""Asks every question of a run, and judges what came of it."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from types import MappingProxyType

from comprova.catalog.column_types import PlainColumn
from comprova.catalog.parameters import Bindings
from comprova.collect.asking import Question, ask, compose
from comprova.collect.measured import Row, measure, measure_sql
from comprova.engines.duckdb import DuckDBEngine
from comprova.engines.interface import Engine
from comprova.errors import ContentError, Problem
from comprova.evidence.layout import RunLayout
from comprova.evidence.manifest import files_below, sha256_file
from comprova.evidence.outcomes import Outcome
from comprova.jobs.judging import Judge
from comprova.jobs.ledger import Ledger, QueryEntry, write_ledger
from comprova.jobs.logs import Logs
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.sql.compile import compile_measure, compile_view
from comprova.sql.statement import Scope as SqlScope

_MEMORY = "1GB"


def compose_questions(prepared: Prepared) -> tuple[Question, ...]:
    """Compile every query of a run: needs no logs, so that a query that is refused is told at once.

    Raises:
        ContentError: With every problem of all queries.
    """
    named = prepared.job.job.scope
    scope = SqlScope(prepared.period, named.accounts or None, named.regions or None)
    questions: list[Question] = []
    problems: list[Problem] = []
    for query in prepared.queries:
        try:
            questions.append(compose(query, prepared.catalog.parameters, prepared.bindings, scope))
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return tuple(questions)


class Collection:
    """The collection of one revision's evidence.

    Args:
        prepared: What is asked.
        logs: Of which logs.
        layout: Where the evidence goes.
        clock: Gives the aware moment, for the ledger.
        progress: Told of every step.
    """

    def __init__(
        self, prepared: Prepared, logs: Logs, layout: RunLayout, clock: Callable[[], datetime], progress: Progress
    ) -> None:
        self._prepared = prepared
        self._logs = logs
        self._layout = layout
        self._clock = clock
        self._progress = progress

    def collect(self, questions: Sequence[Question], ledger: Ledger) -> Ledger:
        """Ask what was not asked yet, then judge; return the ledger with every query in it."""
        work = self._layout.work
        work.mkdir(parents=True, exist_ok=True)
        files = work / "files.parquet"
        self._logs.report.write_files(files)
        engine = DuckDBEngine(self._logs.parquet, files, work, _MEMORY, os.cpu_count() or 1)
        with closing(engine):
            self._build(engine)
            measured = measure(lambda name, columns: self._measure(engine, name, columns))
            self._progress.end("activity", read=measured.read, in_period=measured.in_period)
            ledger = self._ask_all(engine, questions, self._only_finished(ledger))
        Judge(self._prepared, self._logs, measured, ledger.queries, self._layout.evidence).write(questions)
        return ledger

    def _build(self, engine: Engine) -> None:
        self._progress.begin("activity")
        period, views = self._prepared.period, self._prepared.catalog.views
        bounds = {
            "history_start": self._prepared.history_start,
            "period_start": period.start,
            "period_end": period.end,
        }
        engine.build(*(compile_view(views[name], bounds) for name in ("activity", "deliveries")))

    def _measure(self, engine: Engine, name: str, columns: Sequence[PlainColumn]) -> list[Row]:
        # Measures count everything that was read: what lies outside the job's scope is a fact worth knowing.
        bindings = Bindings(MappingProxyType({"history_start": self._prepared.history_start}), frozenset())
        statement = compile_measure(name, measure_sql(name), bindings, SqlScope(self._prepared.period))
        return [row for batch in engine.run(statement, columns).batches for row in batch.to_pylist()]

    def _ask_all(self, engine: Engine, questions: Sequence[Question], ledger: Ledger) -> Ledger:
        sent = [question for question in questions if question.statement is not None]
        self._progress.begin("queries", len(sent))
        for question in sent:
            query_id = question.query.id
            if query_id not in ledger.queries:
                entry = self._ask(engine, question)
                ledger = ledger.model_copy(update={"queries": {**ledger.queries, query_id: entry}})
                write_ledger(ledger, self._layout.ledger)
            self._progress.advance(query_id)
        rows = sum(entry.rows or 0 for entry in ledger.queries.values())
        failed = sum(1 for entry in ledger.queries.values() if entry.outcome is Outcome.FAILED)
        self._progress.end("queries", asked=len(sent), rows=rows, failed=failed)
        return ledger

    def _only_finished(self, ledger: Ledger) -> Ledger:
        """Keep the whole results of an earlier attempt; remove whatever else it left, which would be sealed."""
        evidence = self._layout.evidence
        finished = {query_id: entry for query_id, entry in ledger.queries.items() if self._is_whole(query_id, entry)}
        results = {path for query_id in finished for path in (evidence.parquet(query_id), evidence.csv(query_id))}
        for path in files_below(evidence.root, evidence.manifest):
            if path not in results:
                path.unlink()
        return ledger.model_copy(update={"queries": finished})

    def _is_whole(self, query_id: str, entry: QueryEntry) -> bool:
        evidence = self._layout.evidence
        hashes = {evidence.parquet(query_id): entry.parquet_sha256, evidence.csv(query_id): entry.csv_sha256}
        return all(path.is_file() and sha256_file(path) == expected for path, expected in hashes.items())

    def _ask(self, engine: Engine, question: Question) -> QueryEntry:
        started = self._clock()
        asked = ask(engine, question, self._layout.evidence)
        return QueryEntry(
            outcome=Outcome.FAILED if asked.rows is None else None,
            message=asked.message,
            rows=asked.rows,
            parquet_sha256=asked.parquet_sha256,
            csv_sha256=asked.csv_sha256,
            execution_id=asked.execution_id,
            bytes_read=asked.bytes_read,
            seconds=round((self._clock() - started).total_seconds(), 3),
        )
