"""Asks every question of a run, and judges what came of it."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from comprova.collect.asking import Question, ask, compose
from comprova.collect.measured import MEASURES, Measured, measure, nothing_measured
from comprova.collect.recurrence import EarlierSide
from comprova.engines.interface import Engine
from comprova.errors import BudgetError, ContentError, EngineError, Problem
from comprova.evidence.canonical import whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import files_below, folder_faults, sha256_file
from comprova.evidence.outcomes import Outcome
from comprova.evidence.secrets import secrets_of
from comprova.jobs.judging import Judge
from comprova.jobs.ledger import Ledger, QueryEntry, write_ledger
from comprova.jobs.logs import READ, Logs, LogSource
from comprova.jobs.measuring import asked_of, compiled_measures
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.jobs.revisions import Revision, sealed_before
from comprova.sql.compile import compile_view
from comprova.sql.statement import Scope as SqlScope

_OVER_BUDGET = "over_budget"


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
        source: Of which logs.
        revision: Where the evidence goes.
        earlier: The evidence of the period before.
        clock: Gives the aware moment, for the ledger.
        progress: Told of every step.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is asked, of what, beside what, and who is told
        self,
        prepared: Prepared,
        source: LogSource,
        revision: Revision,
        earlier: EarlierSide,
        clock: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._prepared = prepared
        self._source = source
        self._revision = revision
        self._earlier = earlier
        self._layout = revision.layout
        self._secrets = secrets_of(prepared.catalog.secrets)
        self._clock = clock
        self._progress = progress

    def collect(self, questions: Sequence[Question], ledger: Ledger) -> Ledger:
        """Ask what was not asked yet, then judge; return the ledger with every query in it.

        Raises:
            EngineError: What questions are asked of could not be made, or is not whole.
            RunStoppedError: The run cannot go on; the ledger holds what was answered until then.
        """
        ledger = self._with_answers_before(self._only_finished(ledger))
        with self._source.engine(self._revision, ledger.fingerprint) as engine:
            try:
                logs, measured = self._build(engine, questions, ledger)
            except BudgetError as error:
                logs, measured = _unexamined(self._source.logs), nothing_measured()
                ledger = self._not_run(questions, ledger, str(error))
                self._progress.end("activity", over_budget=str(error))
            else:
                ledger = self._ask_all(engine, questions, ledger)
        judge = Judge(self._prepared, logs, measured, ledger.queries, self._layout.evidence)
        judge.write(questions, self._earlier)
        return ledger

    def _build(self, engine: Engine, questions: Sequence[Question], ledger: Ledger) -> tuple[Logs, Measured]:
        self._progress.begin("activity")
        logs = self._source.counted(engine)
        period, views = self._prepared.period, self._prepared.catalog.views
        bounds = {
            "history_start": self._prepared.history_start,
            "period_start": period.start,
            "period_end": period.end,
        }
        engine.build(*(compile_view(views[name], bounds) for name in ("activity", "deliveries")))
        measures = compiled_measures(self._prepared, MEASURES)
        left = [item.statement for item in questions if item.statement and item.query.id not in ledger.queries]
        engine.announce([*measures.values(), *left])
        measured = measure(asked_of(engine, measures))
        self._check(measured, sum(file.records for file in logs.files))
        self._progress.end("activity", read=measured.read, in_period=measured.in_period)
        return logs, measured

    def _check(self, measured: Measured, records: int) -> None:
        """Compare activity, the records that it is made of, and those of each log file, each counted on its own.

        Raises:
            EngineError: Rows have gone, as when a lifecycle rule removes the store's objects.
        """
        if not measured.found_again == measured.read == records:
            expected = f"the {records:,} records of all log files, as rows, copies, of other times or undated"
            found = f"{measured.found_again:,}, made of {measured.read:,} records"
            begun = self._layout.root.parent / "athena"
            hint = (
                f"If rows were removed from the store of a job on Athena, move {begun} away and give the same command "
                "again; else report it."
            )
            raise EngineError(Problem("activity", expected, found, hint))

    def _ask_all(self, engine: Engine, questions: Sequence[Question], ledger: Ledger) -> Ledger:
        sent = [question for question in questions if question.statement is not None]
        self._progress.begin("queries", len(sent))
        for question in sent:
            query_id = question.query.id
            if query_id not in ledger.queries:
                ledger = self._entered(ledger, query_id, self._ask(engine, question))
            self._progress.advance(query_id)
        rows = sum(entry.rows or 0 for entry in ledger.queries.values())
        outcomes = [entry.outcome for entry in ledger.queries.values()]
        failed, not_run = outcomes.count(Outcome.FAILED), outcomes.count(Outcome.NOT_RUN)
        self._progress.end("queries", asked=len(sent), rows=rows, failed=failed, not_run=not_run)
        return ledger

    def _not_run(self, questions: Sequence[Question], ledger: Ledger, message: str) -> Ledger:
        for question in questions:
            if question.statement is not None and question.query.id not in ledger.queries:
                entry = QueryEntry(outcome=Outcome.NOT_RUN, message=message, seconds=0)
                ledger = self._entered(ledger, question.query.id, entry)
        return ledger

    def _entered(self, ledger: Ledger, query_id: str, entry: QueryEntry) -> Ledger:
        ledger = ledger.model_copy(update={"queries": {**ledger.queries, query_id: entry}})
        write_ledger(ledger, self._layout.ledger)
        return ledger

    def _only_finished(self, ledger: Ledger) -> Ledger:
        """Keep the whole results of an earlier attempt; remove whatever else it left, which would be sealed."""
        evidence = self._layout.evidence
        finished = {
            query_id: entry for query_id, entry in ledger.queries.items() if _is_whole(evidence, query_id, entry)
        }
        results = {path for query_id in finished for path in (evidence.parquet(query_id), evidence.csv(query_id))}
        for path in files_below(evidence.root, evidence.manifest):
            if path not in results:
                path.unlink()
        return ledger.model_copy(update={"queries": finished})

    def _with_answers_before(self, ledger: Ledger) -> Ledger:
        """Take over the results of the same questions to the same logs, if there is a revision in which others failed.

        It must be as it was sealed. An engine that names its executions remembers itself which of them this revision's
        answers come from.
        """
        before = sealed_before(self._layout.root.parent, self._revision)
        if before is None or before.ledger is None or before.ledger.fingerprint != ledger.fingerprint:
            return ledger
        held, evidence = before.layout.evidence, self._layout.evidence
        if sha256_file(held.manifest) != before.ledger.seal or folder_faults(held.root, held.manifest):
            return ledger
        for query_id, entry in before.ledger.queries.items():
            taken = query_id not in ledger.queries and entry.execution_id is None
            if taken and _is_whole(held, query_id, entry):
                for name in (EvidenceLayout.parquet, EvidenceLayout.csv):
                    with whole(name(evidence, query_id)) as part:
                        shutil.copyfile(name(held, query_id), part)
                ledger = self._entered(ledger, query_id, entry)
        return ledger

    def _ask(self, engine: Engine, question: Question) -> QueryEntry:
        started = self._clock()
        asked = ask(engine, question, self._secrets, self._layout.evidence)
        return QueryEntry(
            outcome=asked.outcome,
            message=asked.message,
            rows=asked.rows,
            secrets=asked.secrets,
            parquet_sha256=asked.parquet_sha256,
            csv_sha256=asked.csv_sha256,
            execution_id=asked.execution_id,
            bytes_read=asked.bytes_read,
            seconds=round((self._clock() - started).total_seconds(), 3),
        )


def _is_whole(evidence: EvidenceLayout, query_id: str, entry: QueryEntry) -> bool:
    hashes = {evidence.parquet(query_id): entry.parquet_sha256, evidence.csv(query_id): entry.csv_sha256}
    return all(path.is_file() and sha256_file(path) == expected for path, expected in hashes.items())


def _unexamined(logs: Logs) -> Logs:
    """Return logs of which nothing could be asked, because the run might have scanned too much."""
    files = (file.model_copy(update={"state": _OVER_BUDGET}) if file.state == READ else file for file in logs.files)
    return replace(logs, files=tuple(files))
