"""Judges the answers of a run, and writes what is said of queries, requirements, cells and logs."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from comprova.catalog.lock import fingerprint
from comprova.catalog.needs import DATA_PREFIX
from comprova.catalog.query import Query
from comprova.collect.asking import Question, write_statement
from comprova.collect.assess import Answered, TrailState, defects, interrupted, judge
from comprova.collect.cells import Expected, Grid, held_from
from comprova.collect.conditions import Conditions
from comprova.collect.data_logging import DataLogging, Unproven
from comprova.collect.logged import Logged, what_was_logged
from comprova.collect.measured import Measured
from comprova.collect.naming import names_of
from comprova.collect.organizations import organizations_of
from comprova.collect.recurrence import EarlierSide
from comprova.collect.requirements import judge_framework
from comprova.collect.trend import continued, point_of
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.csv_guard import guarded
from comprova.evidence.findings import FindingsReport
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.model import Assessment, AssuranceReport, QueryResult, Reason, Scope, Totals
from comprova.evidence.outcomes import Assurance, CellState, Outcome, ReasonCode
from comprova.evidence.pseudonyms import pseudonym_table, pseudonyms_of
from comprova.evidence.secrets import secrets_of
from comprova.jobs.findings import Findings
from comprova.jobs.ledger import QueryEntry
from comprova.jobs.logs import READ, Logs
from comprova.jobs.preparation import Prepared
from comprova.period import CLOSING_DELAY
from comprova.sql.statement import Statement


class Judge:
    """The judgement of one revision.

    Args:
        prepared: What was asked.
        logs: Of which logs.
        measured: What the engine counted.
        entries: What came of each query that was sent.
        evidence: Where it is written.
    """

    def __init__(
        self,
        prepared: Prepared,
        logs: Logs,
        measured: Measured,
        entries: Mapping[str, QueryEntry],
        evidence: EvidenceLayout,
    ) -> None:
        self._prepared = prepared
        self._logs = logs
        self._measured = measured
        self._entries = entries
        self._evidence = evidence
        self._findings = Findings(prepared, entries, evidence)

    def write(self, questions: Sequence[Question], earlier: EarlierSide) -> None:
        """Write assessment, findings, trend, assurance, totals, statements, log files and pseudonyms.

        Args:
            questions: All that were to be asked.
            earlier: The evidence of the period before, which findings are compared with.
        """
        evidence = self._evidence
        logged = self._logged()
        trail = self._trail(logged)
        results = {question.query.id: self._result(question, trail, logged.data) for question in questions}
        conditions = self._conditions([question.query for question in questions], trail, logged.data)
        assessment = Assessment(
            scope=self._said_scope(),
            queries=tuple(result for _, result in sorted(results.items())),
            frameworks=tuple(judge_framework(chosen, results, conditions) for chosen in self._prepared.editions),
        )
        findings = self._findings.report(assessment.scope, logged.grid.cells, results, earlier)
        write_whole(evidence.assessment, canonical_json(assessment))
        write_whole(evidence.findings, canonical_json(findings))
        write_whole(evidence.assurance, canonical_json(self._assurance(logged.grid, trail)))
        totals = self._totals()
        trend = continued(earlier.trend, earlier.about, point_of(assessment, logged.grid.cells, totals))
        write_whole(evidence.trend, canonical_json(trend))
        write_whole(evidence.totals, canonical_json(totals))
        write_whole(evidence.files, self._files_csv())
        write_whole(evidence.pseudonyms, self._pseudonym_table(questions, findings))

    def _unproven(self, query: Query, data: DataLogging) -> dict[str, Unproven]:
        """Return, by data need of a query, where its events are not proven: of the resources that parameters list."""
        return {need: data.unproven(need, listed) for need, listed in self._resources(query).items()}

    def _conditions(self, queries: Sequence[Query], trail: TrailState, data: DataLogging) -> Conditions:
        return Conditions(
            trail,
            data,
            {query.id: self._resources(query) for query in queries},
            accounts_named=bool(self._prepared.job.job.scope.accounts),
            parameters=self._prepared.set_parameters,
        )

    def _resources(self, query: Query) -> dict[str, frozenset[str]]:
        """Return, by data need of a query, the resources that its parameters list."""
        listed: dict[str, set[str]] = {need: set() for need in query.block.needs if need.startswith(DATA_PREFIX)}
        for name in query.block.parameters:
            need = self._prepared.catalog.parameters[name].resources_of
            value = self._prepared.bindings.values.get(name)
            if need in listed and isinstance(value, tuple):
                listed[need] |= {item for item in value if isinstance(item, str)}
        return {need: frozenset(resources) for need, resources in listed.items()}

    def _unreadable_payloads(self, question: Question) -> int:
        """Count the payloads that a query could not read; one that reads their state deals with them itself."""
        unread = {"request": self._measured.unreadable_requests, "response": self._measured.unreadable_responses}
        read = question.columns
        return sum(count for name, count in unread.items() if name in read and f"{name}_state" not in read)

    def _logged(self) -> Logged:
        scope = self._prepared.job.job.scope
        expected = Expected(
            days=tuple(self._prepared.period.days),
            accounts=scope.accounts,
            regions=scope.regions,
            needs=self._prepared.needs,
            logged_accounts=self._logs.accounts,
        )
        organizations = organizations_of(file.log_file for file in self._logs.files)
        return what_was_logged(self._measured, expected, self._prepared.period, organizations)

    def _trail(self, logged: Logged) -> TrailState:
        measured, grid = self._measured, logged.grid
        unread = sum(1 for file in self._logs.files if file.state != READ)
        return TrailState(
            cells=grid.cells,
            defects=defects(
                unread_files=unread,
                unreadable_records=self._logs.unreadable_records or 0,
                undated=measured.undated,
                misfits=self._logs.lost_values,
                closes=None if self._logs.closed else self._prepared.period.end + CLOSING_DELAY,
            ),
            first_held=held_from(
                measured.history, {cell.account for cell in grid.cells}, self._prepared.period.start.date()
            ),
            log_files=len(self._logs.files) - unread,
            interruptions=logged.interruptions,
        )

    def _result(self, question: Question, trail: TrailState, data: DataLogging) -> QueryResult:
        query, statement = question.query, question.statement
        entry = self._entries.get(query.id)
        stopped = None if entry is None or entry.outcome is None else (entry.outcome, self._why_stopped(entry))
        rows = entry.rows if entry else None
        wanted = self._prepared.look_back_to(query)
        payloads = self._unreadable_payloads(question)
        accepted = self._findings.accepted_rows(query.id)
        answered = Answered(rows, stopped, question.unset, wanted, self._unproven(query, data), payloads, accepted)
        judgement = judge(query.block, answered, trail)
        views = self._prepared.catalog.views
        return QueryResult(
            id=query.id,
            version=query.ref.version,
            kind=query.block.kind,
            severity=query.block.severity,
            outcome=judgement.outcome,
            extent=judgement.extent,
            reasons=judgement.reasons,
            rows=rows,
            accepted_rows=accepted,
            findings=self._findings.uncovered(query.id),
            secrets=entry.secrets if entry else 0,
            cells_examined=judgement.cells_examined,
            cells_expected=judgement.cells_expected,
            assurance=judgement.assurance,
            parameters=dict(statement.parameters) if statement else {},
            unset=question.unset,
            activity=str(views["activity"].ref),
            deliveries=str(views["deliveries"].ref),
            layer=statement.layer if statement and self._logs.translated else "",
            sql_sha256=fingerprint(query).sql,
            statement_sha256=self._statement_hash(statement),
            parquet_sha256=entry.parquet_sha256 if entry else "",
        )

    def _why_stopped(self, entry: QueryEntry) -> Reason:
        if entry.outcome is Outcome.NOT_RUN and self._prepared.max_scan is not None:
            return Reason(code=ReasonCode.OVER_BUDGET, facts={"limit": self._prepared.max_scan})
        return Reason(code=ReasonCode.ENGINE, facts={"message": entry.message})

    def _statement_hash(self, statement: Statement | None) -> str:
        return write_statement(statement, self._evidence, translated=self._logs.translated) if statement else ""

    def _said_scope(self) -> Scope:
        prepared, job = self._prepared, self._prepared.job.job
        return Scope(
            job=job.id,
            organisation=job.organisation,
            source=job.source.name,
            period=prepared.period.label,
            start=prepared.period.start,
            end=prepared.period.end,
            time_zone=prepared.period.time_zone,
            history_start=prepared.history_start,
            accounts=job.scope.accounts,
            regions=job.scope.regions,
        )

    def _assurance(self, grid: Grid, trail: TrailState) -> AssuranceReport:
        levels = [cell.assurance for cell in grid.cells] or [Assurance.NOT_PROVEN]
        reasons = [*trail.defects, *self._not_counted(), Reason(code=ReasonCode.NO_DIGEST)]
        if not trail.log_files:
            reasons.append(Reason(code=ReasonCode.NO_LOGS))
        elif gaps := sum(1 for cell in grid.cells if CellState.GAP in cell.states.values()):
            reasons.append(Reason(code=ReasonCode.GAP, facts={"cells": gaps, "examples": ()}))
        reasons += interrupted(trail.interruptions, self._prepared.needs)
        return AssuranceReport(
            assurance=max(levels, key=tuple(Assurance).index),
            reasons=tuple(reasons),
            closed=self._logs.closed,
            needs=self._prepared.needs,
            cells=grid.cells,
            interruptions=trail.interruptions,
            unexpected_accounts=grid.unexpected_accounts,
            silent_accounts=grid.silent_accounts,
            skipped=self._logs.skipped,
        )

    def _not_counted(self) -> Iterator[Reason]:
        figures = {"misfits": self._logs.misfits, "unreadable-records": self._logs.unreadable_records}
        if unknown := tuple(name for name, count in figures.items() if count is None):
            yield Reason(code=ReasonCode.NOT_COUNTED, facts={"figures": unknown})

    def _totals(self) -> Totals:
        measured = self._measured
        return Totals(
            read=measured.read,
            in_period=measured.in_period,
            look_back=measured.look_back,
            duplicates=measured.duplicates,
            outside=measured.outside,
            undated=measured.undated,
            unreadable_records=self._logs.unreadable_records,
            conflicting_ids=measured.conflicting_ids,
            without_id=measured.without_id,
            files=Counter(file.state for file in self._logs.files),
            bytes=sum(file.bytes for file in self._logs.files if file.state == READ),
            misfits=self._logs.misfits,
        )

    def _pseudonym_table(self, questions: Sequence[Question], findings: FindingsReport) -> bytes:
        catalog = self._prepared.catalog
        queries = [question.query for question in questions]
        names = names_of(catalog, queries, self._prepared.bindings.values, findings, self._evidence)
        return pseudonym_table(pseudonyms_of(self._evidence.files), names, secrets_of(catalog.secrets))

    def _files_csv(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(("log_file", "state", "bytes", "sha256", "records", "unreadable", "etag"))
        for file in self._logs.files:
            known = (guarded(file.log_file), file.state, file.bytes, file.sha256, file.records)
            writer.writerow((*known, file.unreadable, file.etag))  # what is not known is an empty cell
        return text.getvalue().encode()
