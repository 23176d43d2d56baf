"""Builds a small sealed evidence folder: every outcome, standing and reason, gaps, and what attackers would write.

The catalogue in it is invented. `QUERIES` says what each query is there for.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pyarrow as pa

from comprova.catalog.editions import Chosen, EditionChoice
from comprova.catalog.framework import Bearing, Coverage, Elsewhere, Framework
from comprova.catalog.query import Kind, Severity, read_query
from comprova.catalog.text import Text
from comprova.catalog.toml_reader import read_toml
from comprova.collect.assess import TrailState
from comprova.collect.conditions import Conditions
from comprova.collect.data_logging import DataLogging
from comprova.collect.requirements import judge_framework
from comprova.collect.trend import point_of
from comprova.evidence.calendar import BusinessCalendar, DayOff
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.changes import (
    BeforeState,
    Change,
    ChangeReason,
    FileChange,
    FileChanges,
    QueryChanges,
    QuerySide,
    RevisionChanges,
)
from comprova.evidence.cost import Cost
from comprova.evidence.findings import (
    AcceptanceState,
    AcceptanceUse,
    Comparison,
    Earlier,
    EarlierFinding,
    EarlierState,
    Finding,
    FindingsReport,
    Obstacle,
    Recurrence,
)
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import seal, sha256_file
from comprova.evidence.model import (
    Assessment,
    AssuranceReport,
    Cell,
    LogFile,
    QueryResult,
    Reason,
    Scope,
    Totals,
    TrailInterruption,
)
from comprova.evidence.outcomes import Assurance, CellState, Extent, InterruptionCause, Outcome, ReasonCode
from comprova.evidence.results import arrow_schema, write_result
from comprova.evidence.secrets import Secrets
from comprova.evidence.subject import finding_id
from comprova.evidence.trend import Trend
from comprova.period import Period

FRAMEWORK = "acts-2026"
ACCOUNTS = ("111122223333", "444455556666", "777788889999")
REGIONS = ("sa-east-1", "us-east-1")
DAYS = tuple(date(2026, 10, 1) + timedelta(days=number) for number in range(31))
START, END = datetime(2026, 10, 1, 3, tzinfo=UTC), datetime(2026, 11, 1, 3, tzinfo=UTC)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td><svg onload=alert(1)>",
    "</style><style>*{display:none}",
    "javascript:alert(1)",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<iframe srcdoc='x'>",
    "<plaintext>",
    "<!--",
    "{{7*7}}",
    "{% include 'paper.css' %}",
    "<link rel=attachment href=file:///etc/passwd>",
    "url(http://192.0.2.1/x)",
    "%n %s {0} {framework}",
    "nul \x00 escape \x1b[31m bell \x07",
    "right-to-left \u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "line\u2028separator\nfeed\ttab",
    "combining e\u0301\u0301\u0301",
    "漢字 العربية 😀 \ue000",
    "literal \\u{202E} text",
    "x" * 5000,
    "' onmouseover='alert(1)",
    "</script><script>alert(1)</script>",
    "</template><img src=x onerror=alert(1)>",
    "<textarea>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<object data=http://192.0.2.1/x>",
    "<svg><image href=http://192.0.2.1/x>",
)
"""Values that must reach a document as visible, inert text."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A query of the factory: its kind and severity, what came of it, and the time and text of each of its rows."""

    kind: Kind
    severity: Severity
    outcome: Outcome
    reasons: tuple[Reason, ...]
    texts: tuple[str, ...] | None
    accepted: int = 0


def _reason(code: ReasonCode, **facts: str | int | tuple[str, ...]) -> Reason:
    return Reason(code=code, facts=facts)


CONDITIONS = ("management:read", "management:write", "digest", "inventory", "parameter:approved_roles")
"""What requirement A.22 takes to be judged. Of these, the run has the accounts that must be there, and nothing else."""

REASONS = (
    _reason(ReasonCode.GAP, cells=2, examples=("444455556666 us-east-1 2026-10-12",)),
    _reason(ReasonCode.NOT_LOGGED, need="kms", accounts=("777788889999",)),
    _reason(ReasonCode.RESOURCE_NOT_LOGGED, need="data:s3", resources=("arn:aws:s3:::reports<b>",)),
    _reason(
        ReasonCode.INTERRUPTED,
        interruptions=1,
        examples=("111122223333 sa-east-1 org<b> 2026-10-05T10:00:00Z..2026-10-05T11:30:00Z",),
    ),
    _reason(ReasonCode.UNREADABLE_FILES, files=1),
    _reason(ReasonCode.UNREADABLE_RECORDS, records=2),
    _reason(ReasonCode.MISFITS, fields=3),
    _reason(ReasonCode.NOT_COUNTED, figures=("misfits", "unreadable-records")),
    _reason(ReasonCode.UNDATED_RECORDS, records=1),
    _reason(ReasonCode.UNREADABLE_PAYLOADS, records=4),
    _reason(ReasonCode.PERIOD_OPEN, closes="2026-11-03T03:00:00+00:00"),
    _reason(ReasonCode.LOOK_BACK, wanted="2026-07-03", reaches="2026-09-01"),
    _reason(ReasonCode.PARAMETER_NOT_SET, parameters=("approved_roles",)),
    _reason(ReasonCode.ENGINE, message="TABLE_NOT_FOUND: <b>records</b>"),
    _reason(ReasonCode.OVER_BUDGET, limit=10 * 2**30),
    _reason(ReasonCode.CANCELLED),
    _reason(ReasonCode.NO_LOGS),
    _reason(ReasonCode.QUIET_CELLS, cells=7),
    _reason(ReasonCode.NO_INVENTORY),
    _reason(ReasonCode.NO_DIGEST),
)
"""One reason of every code, with the facts that its docstring names."""

INTERRUPTIONS = (
    TrailInterruption(
        account=ACCOUNTS[0],
        region=REGIONS[0],
        trail="org<b>",
        cause=InterruptionCause.STOPPED,
        start=datetime(2026, 10, 5, 10, tzinfo=UTC),
        end=datetime(2026, 10, 5, 11, 30, tzinfo=UTC),
        minutes=90,
        kinds=("kms", "management:read", "management:write", "data"),
        cells={"kms": 2},
    ),
    TrailInterruption(
        account=ACCOUNTS[1],
        region=REGIONS[1],
        trail="",
        cause=InterruptionCause.NOT_STARTED,
        start=None,
        end=None,
        minutes=44_640,
        kinds=("kms",),
        cells={},
    ),
)
"""One with a name and both ends, which left cells open, and one without."""

_SIDE = QuerySide(version=1, outcome=Outcome.INCONCLUSIVE, extent=Extent.LOWER_BOUND, rows=0, accepted_rows=0)

CHANGES = RevisionChanges(
    revision=1,
    seal="5" * 64,
    state=BeforeState.COMPARED,
    inputs=("logs",),
    files=FileChanges(
        counts={Change.CAME: 21, Change.WENT: 0, Change.CHANGED: 0},
        first=(FileChange(log_file="AWSLogs/<script>alert(1)</script>.json.gz", change=Change.CAME),),
    ),
    queries=(
        QueryChanges(
            id="trail.root_use",
            before=_SIDE,
            after=_SIDE.model_copy(update={"outcome": Outcome.EXCEPTIONS, "rows": 60}),
            counts={Change.CAME: 60, Change.WENT: 0, Change.CHANGED: 0},
            columns=(),
            reasons=tuple(ChangeReason),
        ),
        QueryChanges(id="trail.gone", before=_SIDE, after=None, counts=None, columns=(), reasons=()),
    ),
    unchanged=7,
)
"""What a revision says of the one before it, with every reason and none."""

_BY_CODE = {reason.code: reason for reason in REASONS}

QUERIES: Mapping[str, Sample] = {
    "trail.hostile_names": Sample(Kind.EXCEPTION, Severity.CRITICAL, Outcome.EXCEPTIONS, (), HOSTILE),
    "trail.root_use": Sample(
        Kind.EXCEPTION,
        Severity.HIGH,
        Outcome.EXCEPTIONS,
        (_BY_CODE[ReasonCode.GAP], _BY_CODE[ReasonCode.UNREADABLE_FILES], _BY_CODE[ReasonCode.PERIOD_OPEN]),
        tuple(f"ConsoleLogin {number}" for number in range(60)),
        accepted=4,
    ),
    "trail.no_use": Sample(
        Kind.EXCEPTION, Severity.LOW, Outcome.NO_EXCEPTIONS, (_BY_CODE[ReasonCode.QUIET_CELLS],), ()
    ),
    "trail.tolerated": Sample(Kind.EXCEPTION, Severity.MEDIUM, Outcome.ACCEPTED, (), ("StopLogging",), accepted=1),
    "trail.population": Sample(Kind.POPULATION, Severity.INFO, Outcome.RECORDED, (), tuple("abcdefghij")),
    "trail.empty_population": Sample(Kind.METRIC, Severity.INFO, Outcome.NOTHING_RECORDED, (), ()),
    "trail.key_use": Sample(
        Kind.EXCEPTION, Severity.HIGH, Outcome.INCONCLUSIVE, tuple(_BY_CODE[code] for code in ReasonCode), ()
    ),
    "trail.broken": Sample(Kind.EXCEPTION, Severity.HIGH, Outcome.FAILED, (_BY_CODE[ReasonCode.ENGINE],), None),
    "trail.dear": Sample(Kind.EXCEPTION, Severity.HIGH, Outcome.NOT_RUN, (_BY_CODE[ReasonCode.OVER_BUDGET],), None),
}
"""A query of every outcome."""

_VIEW = """/*---
id = "{id}"
version = 1
title.en = "The view {id}"
title.pt_BR = "A visão {id}"
reads = ["records"]
---*/

SELECT 1 AS one
"""

_QUERY = """/*---
id = "{id}"
version = 1
kind = "{kind}"
severity = "{severity}"
title.en = "Title of {name}"
title.pt_BR = "Título de {name}"
question.en = "What happened in {name} in the period?"
question.pt_BR = "O que aconteceu em {name} no período?"
needs = ["management:read", "management:write"]
parameters = ["approved_roles"]
grain = ["event_time", "text"]
subject = {subject}
limits.en = ["It does not show what <was> not logged → ever."]
limits.pt_BR = ["Não mostra o que não foi registrado → nunca."]
remedy.en = "Ask the actor for the ticket."
remedy.pt_BR = "Peça o chamado a quem agiu."

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

[[column]]
name = "text"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome como registrado"
personal = true

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "regions"
type = "array(varchar)"
title.en = "Regions"
title.pt_BR = "Regiões"

[[column]]
name = "denied"
type = "boolean"
title.en = "Denied"
title.pt_BR = "Negado"

[[column]]
name = "nothing"
type = "varchar"
title.en = "Never set"
title.pt_BR = "Nunca definido"
---*/

SELECT event_time, text, calls, actor, regions, denied, nothing
FROM activity
ORDER BY event_time, text
"""

_PARAMETERS = """[approved_roles]
type = "array(varchar)"
required = true
personal = true
meaning.en = "Roles that may act."
meaning.pt_BR = "Funções que podem agir."
example = ["arn:aws:iam::111122223333:role/Admin"]
"""

_REQUIREMENT = """
[[requirement]]
id = "{id}"
parent = "{parent}"
title.en = "Title of {id}"
title.pt_BR = "Título de {id}"
summary.en = "What {id} asks."
summary.pt_BR = "O que {id} pede."
coverage = "{coverage}"
why.en = "Why of {id}."
why.pt_BR = "Por quê de {id}."
{rest}
"""


def make_evidence(root: Path, cost: Cost | None = None, queries: Mapping[str, Sample] = QUERIES) -> EvidenceLayout:
    """Build and seal the evidence in a folder that need not exist yet, and return its layout.

    Args:
        root: The folder.
        cost: As of an engine that bills, which counts no misfits and no unreadable records; None for the embedded one.
        queries: What is asked, and what comes of it.
    """
    layout = EvidenceLayout(root)
    _write_content(layout.content, queries)
    results = tuple(_result(layout, id_, sample) for id_, sample in queries.items())
    framework = _read_framework(layout)
    chosen = Chosen(framework, EditionChoice.IN_FORCE, DAYS[-1], framework.edition)
    judged = judge_framework(chosen, {result.id: result for result in results}, _conditions())
    assessment = Assessment(scope=_scope(), queries=results, frameworks=(judged,))
    for path, fact in (
        (layout.assessment, assessment),
        (layout.findings, make_findings(queries)),
        (layout.trend, make_trend(assessment, _assurance().cells, _totals(counted=cost is None))),
        (layout.calendar, CALENDAR),
        (layout.assurance, _assurance()),
        (layout.totals, _totals(counted=cost is None)),
    ):
        write_whole(path, canonical_json(fact))
    write_whole(layout.changes, canonical_json(CHANGES))
    if cost is not None:
        write_whole(layout.cost, canonical_json(cost))
    _write_files(layout.files, counted=cost is None)
    seal(layout.root, layout.manifest)
    return layout


def _conditions() -> Conditions:
    trail = TrailState(_assurance().cells, (), None, 1, INTERRUPTIONS)
    data = DataLogging(Period.parse("2026-10", "America/Sao_Paulo"), ACCOUNTS, {}, {}, frozenset())
    return Conditions(trail, data, {}, accounts_named=True, parameters=frozenset())


def _write_content(content: Path, queries: Mapping[str, Sample]) -> None:
    files = {
        "queries/activity.sql": _VIEW.format(id="activity"),
        "queries/deliveries.sql": _VIEW.format(id="deliveries"),
        "queries/parameters.toml": _PARAMETERS,
        "queries/trail/pack.toml": _pack(queries),
        f"queries/frameworks/{FRAMEWORK}.toml": _framework(queries),
    }
    for id_, sample in queries.items():
        name = id_.partition(".")[2]
        subject = '["text"]' if sample.kind is Kind.EXCEPTION else "[]"
        files[f"queries/trail/{name}.sql"] = _QUERY.format(
            id=id_, name=name, kind=sample.kind.value, severity=sample.severity.value, subject=subject
        )
    for name, text in files.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _pack(queries: Mapping[str, Sample]) -> str:
    names = ", ".join(f'"{id_}@1"' for id_ in queries)
    return (
        f'id = "trail"\nversion = "1.0.0"\ntitle.en = "The trail"\ntitle.pt_BR = "A trilha"\nqueries = [{names}]\n'
        '[[changelog]]\nversion = "1.0.0"\ndate = 2026-10-01\nen = "First."\npt_BR = "Primeira."\n'
    )


def _framework(queries: Mapping[str, Sample]) -> str:
    def mapped(
        id_: str, coverage: Coverage, bearing: Bearing, queries: Sequence[str], conditions: Sequence[str] = ()
    ) -> str:
        reason = (
            ', because.en = "Rows <of> it.", because.pt_BR = "Linhas <dele>."' if bearing is Bearing.SUPPORTS else ""
        )
        evidence = ", ".join(f'{{ query = "{query}@1", bearing = "{bearing.value}"{reason} }}' for query in queries)
        rest = f"evaluable_if = {json.dumps(conditions)}\nevidence = [{evidence}]"
        return _REQUIREMENT.format(id=id_, parent="Part A", coverage=coverage.value, rest=rest)

    def unmapped(id_: str, elsewhere: Elsewhere) -> str:
        rest = f'elsewhere = "{elsewhere.value}"'
        return _REQUIREMENT.format(id=id_, parent="Part B", coverage=Coverage.NONE.value, rest=rest)

    return "".join(
        (
            (
                'id = "acts"\nedition = "2026"\ntitle.en = "Act of 2026"\ntitle.pt_BR = "Ato de 2026"\n'
                'authority = "An invented authority"\nsource = "https://example.org"\neffective_from = 2026-01-01\n'
                'note.en = "Invented for tests."\nnote.pt_BR = "Inventado para testes."\n'
            ),
            *(
                mapped(f"A.{number}", Coverage.FULL, Bearing.PROVES, (id_,))
                for number, id_ in enumerate(queries, start=1)
            ),
            mapped("A.20", Coverage.PARTIAL, Bearing.PROVES, tuple(queries)),
            mapped("A.21", Coverage.SUPPORTING, Bearing.SUPPORTS, ("trail.root_use", "trail.population"), ("digest",)),
            mapped("A.22", Coverage.FULL, Bearing.PROVES, ("trail.population",), CONDITIONS),
            unmapped("B.1", Elsewhere.MANUAL),
            unmapped("B.2", Elsewhere.OUT_OF_REACH),
        )
    )


def _read_framework(layout: EvidenceLayout) -> Framework:
    text = (layout.content / "queries" / "frameworks" / f"{FRAMEWORK}.toml").read_text(encoding="utf-8")
    framework = read_toml(text, Framework, "framework")
    assert not isinstance(framework, list), framework
    return framework


def _result(layout: EvidenceLayout, id_: str, sample: Sample) -> QueryResult:
    statement = layout.statement(id_)
    write_whole(
        statement,
        f"-- {id_}\nSELECT event_time\nFROM activity\nWHERE text = '</pre><b>' OR actor = 'admin'\n".encode() * 40,
    )
    parquet = ""
    if sample.texts is not None:
        _write_rows(layout, id_, sample.texts)
        parquet = sha256_file(layout.parquet(id_))
    blocked = sample.outcome in (Outcome.FAILED, Outcome.NOT_RUN)
    return QueryResult(
        id=id_,
        version=1,
        kind=sample.kind,
        severity=sample.severity,
        outcome=sample.outcome,
        extent=Extent.WHOLE if sample.outcome is Outcome.NO_EXCEPTIONS or not sample.reasons else Extent.LOWER_BOUND,
        reasons=sample.reasons,
        rows=None if sample.texts is None else len(sample.texts),
        accepted_rows=sample.accepted,
        findings=_uncovered(sample),
        secrets=0,
        cells_examined=0 if blocked else 184,
        cells_expected=186,
        assurance=Assurance.NOT_PROVEN if blocked else Assurance.PARTLY,
        parameters={"approved_roles": ["<i>role</i>", "admin"]},
        unset=(),
        activity="activity@1",
        deliveries="deliveries@1",
        layer="layer@1",
        sql_sha256="0" * 64,
        statement_sha256=sha256_file(statement),
        parquet_sha256=parquet,
    )


def _uncovered(sample: Sample) -> int | None:
    if sample.kind is not Kind.EXCEPTION or sample.texts is None:
        return None
    return len(sample.texts) - sample.accepted


def make_findings(queries: Mapping[str, Sample] = QUERIES) -> FindingsReport:
    """Return what the evidence says of its findings: every recurrence, and every state of an acceptance."""
    findings = [
        _finding(id_, number, text, accepted=number < sample.accepted)
        for id_, sample in queries.items()
        if sample.kind is Kind.EXCEPTION
        for number, text in enumerate(sample.texts or ())
    ]
    covered = [(one, AcceptanceState.VALID) for one in findings if one.acceptances]
    covered += [(one, AcceptanceState.EXPIRED) for one in findings if one.expired]
    elsewhere = _finding("trail.root_use", 900, "nobody did this", accepted=False)
    unasked = _finding("trail.broken", 901, "nobody looked for this", accepted=False)
    uses = [*covered, (elsewhere, AcceptanceState.UNMATCHED), (unasked, AcceptanceState.NOT_EXAMINED)]
    why = {"trail.hostile_names": Obstacle.OTHER_VERSION, "trail.key_use": Obstacle.NOT_WHOLE}
    return FindingsReport(
        earlier=Earlier(period="2026-09", state=EarlierState.COMPARED, revision=2, seal="9" * 64),
        findings=tuple(findings),
        absent=(
            _absent("trail.root_use", "DeleteTrail", Recurrence.GONE),
            _absent("trail.key_use", "Decrypt <b>", Recurrence.NOT_SEEN),
        ),
        comparisons=tuple(
            Comparison(query=id_, new=why.get(id_), gone=why.get(id_))
            for id_, sample in sorted(queries.items())
            if sample.kind is Kind.EXCEPTION
        ),
        acceptances=tuple(_use(number, one, state) for number, (one, state) in enumerate(uses)),
    )


def make_trend(assessment: Assessment, cells: tuple[Cell, ...], totals: Totals) -> Trend:
    """Return a trend of three periods: two before, the first of which asked half of the queries, and this one."""
    own = point_of(assessment, cells, totals)
    found = {id_: answer for id_, answer in own.answers.items() if answer.findings}
    first = own.model_copy(update={"period": "2026-08", "revision": 1, "seal": "8" * 64, "answers": found})
    second = own.model_copy(update={"period": "2026-09", "revision": 2, "seal": "9" * 64})
    return Trend(points=(first, second, own))


def _finding(query: str, number: int, text: str, *, accepted: bool) -> Finding:
    subject = {"text": text.encode("utf-8", "replace").decode()}
    return Finding(
        id=finding_id(query, subject),
        query=query,
        version=1,
        subject=subject,
        rows=1,
        recurrence=_recurrence(query, number),
        acceptances=(_acceptance_id(query, text),) if accepted else (),
        expired=(_acceptance_id(query, text),) if (query, number) == EXPIRED else (),
    )


def _recurrence(query: str, number: int) -> Literal[Recurrence.NEW, Recurrence.RECURRING, Recurrence.UNTOLD]:
    if query == "trail.hostile_names":
        return Recurrence.UNTOLD
    return Recurrence.NEW if number % 2 else Recurrence.RECURRING


CALENDAR = BusinessCalendar(
    country="BR",
    subdivision="SP",
    first=date(2026, 10, 1),
    last=date(2027, 11, 1),
    days_off=(
        DayOff(day=date(2026, 10, 12), name="Nossa Senhora Aparecida"),
        DayOff(day=date(2026, 11, 2), name="Finados"),
        DayOff(day=date(2026, 11, 20), name="Dia Nacional de Zumbi e da Consciência Negra"),
    ),
)
"""Days off of São Paulo, until a year after the period."""

EXPIRED = ("trail.root_use", 5)
"""The query and row whose acceptance has expired."""


def _acceptance_id(query: str, text: str) -> str:
    return f"ACC-{finding_id(query, {'text': text})}"


def _absent(query: str, text: str, recurrence: Literal[Recurrence.GONE, Recurrence.NOT_SEEN]) -> EarlierFinding:
    subject = {"text": text}
    return EarlierFinding(
        id=finding_id(query, subject), query=query, version=1, subject=subject, rows=3, recurrence=recurrence
    )


def _use(number: int, finding: Finding, state: AcceptanceState) -> AcceptanceUse:
    matched = state in (AcceptanceState.VALID, AcceptanceState.EXPIRED)
    return AcceptanceUse(
        id=_acceptance_id(finding.query, str(finding.subject["text"])),
        query=finding.query,
        subject=finding.subject,
        reason=f"Break-glass drill {number} <script>",
        approver="Ana Lima <b>",
        preparer="Rui Melo",
        ticket=f"GRC-{number}",
        approved_on=date(2026, 8, 3),
        expires_on=date(2026, 10, 30) if state is AcceptanceState.EXPIRED else date(2026, 12, 31),
        finding=finding.id,
        state=state,
        rows=finding.rows if matched else 0,
    )


def _write_rows(layout: EvidenceLayout, id_: str, texts: Sequence[str]) -> None:
    name = f"queries/trail/{id_.partition('.')[2]}.sql"
    query = read_query((layout.content / name).read_text(encoding="utf-8"), name, builtin=True)
    assert not isinstance(query, list), query
    columns = query.block.column
    rows = [
        {
            "event_time": datetime(2026, 10, 1, 4) + timedelta(hours=11 * number),  # noqa: DTZ001 - results are naive UTC
            "text": text.encode("utf-8", "replace").decode(),
            "calls": 1000 + number,
            "actor": f"arn:aws:sts::111122223333:assumed-role/Administrator/{text[:20]}" if number % 3 else None,
            "regions": ["sa-east-1", ""],
            "denied": number % 2 == 0,
            "nothing": None,
        }
        for number, text in enumerate(texts)
    ]
    batches = [pa.RecordBatch.from_pylist(rows, schema=arrow_schema(columns))]
    write_result(batches, columns, Secrets((), ()), layout.parquet(id_), layout.csv(id_))


def _scope() -> Scope:
    return Scope(
        job="monthly",
        organisation="Ipê <b>S.A.</b>",
        source=Text(en="Organisation trail", pt_BR="Trilha da organização"),
        period="2026-10",
        start=START,
        end=END,
        time_zone="America/Sao_Paulo",
        history_start=START - timedelta(days=90),
        accounts=ACCOUNTS,
        regions=(),
    )


def _assurance() -> AssuranceReport:
    return AssuranceReport(
        assurance=Assurance.NOT_PROVEN,
        reasons=(_BY_CODE[ReasonCode.GAP], _BY_CODE[ReasonCode.NO_DIGEST]),
        closed=False,
        needs=("management:read", "management:write", "kms"),
        cells=tuple(_cell(account, region, day) for account in ACCOUNTS for region in REGIONS for day in DAYS),
        interruptions=INTERRUPTIONS,
        unexpected_accounts=("999900001111",),
        silent_accounts=("222233334444",),
        skipped={"digest": 31, "insight": 2},
    )


def _cell(account: str, region: str, day: date) -> Cell:
    if account == ACCOUNTS[1] and day in (date(2026, 10, 12), date(2026, 10, 13)):
        state, events = CellState.GAP, 0
    elif account == ACCOUNTS[2] and region == REGIONS[1]:
        state, events = CellState.QUIET, 0
    else:
        state, events = CellState.RECORDED, 900 + 37 * day.day % 400
    states = {"management:read": state, "management:write": state, "kms": CellState.UNKNOWN if not events else state}
    if state is CellState.GAP:
        states["kms"] = CellState.GAP
    assurance = Assurance.NOT_PROVEN if state is CellState.GAP else Assurance.PARTLY
    return Cell(account=account, region=region, day=day, events=events, states=states, assurance=assurance)


def _totals(*, counted: bool) -> Totals:
    return Totals(
        read=210_000,
        in_period=150_000,
        look_back=52_000,
        duplicates=6_000,
        outside=1_999,
        undated=1,
        unreadable_records=2 if counted else None,
        conflicting_ids=1,
        without_id=2,
        files={"read": 900, "gzip_cut": 1},
        bytes=123_456_789,
        misfits={"not_object": 3} if counted else None,
    )


def _write_files(path: Path, *, counted: bool) -> None:
    files = [
        LogFile(
            log_file="AWSLogs/111122223333/a.json.gz", state="read", bytes=9, sha256="1" * 64, records=5, unreadable=0
        ),
        LogFile(
            log_file="AWSLogs/111122223333/b.json.gz", state="read", bytes=9, sha256="2" * 64, records=5, unreadable=2
        ),
        LogFile(log_file="AWSLogs/<b>/c.json.gz", state="gzip_cut", bytes=9, sha256="3" * 64, records=0, unreadable=0),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(LogFile.model_fields))
        writer.writeheader()
        unknown = {} if counted else {"unreadable": None}
        writer.writerows({**one.model_dump(), **unknown} for one in files)
