"""Runs a small job over whole records, from log files to sealed evidence and documents, in this process."""

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from comprova.content import ContentRoot, builtin_root
from comprova.evidence.model import AssuranceReport, Cell, QueryResult, RequirementResult
from comprova.evidence.outcomes import CellState, ReasonCode
from comprova.evidence.reader import Evidence
from comprova.jobs.preparation import Choices, prepare
from comprova.jobs.run import RunResult, run_job
from engines.whole_records import ACCOUNT, KEY_CALL

REGION = "us-east-1"
DAYS = tuple(date(2026, 10, 1) + timedelta(days=number) for number in range(31))
AFTERWARDS = datetime(2026, 11, 20, tzinfo=UTC)
"""A moment at which October is closed."""

ROOT, KMS, DATA, STOPPED = (
    "identity.root_activity",
    "keys.keys_disabled_or_deleted",
    "data.s3_reads_by_people",
    "logging.logging_stopped",
)
"""Exception queries that need management events of both kinds, KMS events, data events, and writes alone."""

_JOB = """\
id = "small"
title.en = "Small"
title.pt_BR = "Pequeno"
organisation = "Acme"
report = "short"
frameworks = ["{framework}"]
languages = ["en", "pt_BR"]
time_zone = "UTC"

[source]
kind = "folder"
name.en = "Logs"
name.pt_BR = "Logs"
logs = "logs"

[scope]
accounts = {accounts}
regions = {regions}

[parameters]
sensitive_buckets = {buckets}
"""


@dataclass(frozen=True)
class Event:
    """A record and where it lies: account, region and delivery date of the key, and what is its file's alone."""

    record: Mapping[str, Any]
    account: str = ACCOUNT
    region: str = REGION
    delivered: date | None = None
    file: str = "a"
    folder: str = ""

    @property
    def key(self) -> str:
        """Return the key of its log file."""
        day = self.delivered or datetime.fromisoformat(self.record["eventTime"]).date()
        name = f"{self.account}_CloudTrail_{self.region}_{day:%Y%m%d}T2355Z_{self.file}.json.gz"
        return f"AWSLogs/{self.folder}{self.account}/CloudTrail/{self.region}/{day:%Y/%m/%d}/{name}"


@dataclass(frozen=True)
class Ran:
    """A run that ended."""

    result: RunResult

    @property
    def evidence(self) -> Evidence:
        """Return what it sealed."""
        return self.result.evidence

    @property
    def assurance(self) -> AssuranceReport:
        """Return what is known of the trail."""
        return self.evidence.assurance

    def query(self, query_id: str) -> QueryResult:
        """Return what is said of a query."""
        return self.evidence.results[query_id]

    @property
    def requirement(self) -> RequirementResult:
        """Return what is said of the one requirement."""
        return self.evidence.assessment.frameworks[0].requirements[0]

    def facts(self, query_id: str, code: ReasonCode) -> Mapping[str, str | int | tuple[str, ...]] | None:
        """Return the facts of the reason of a code that is said of a query; None where it is not said."""
        return next((reason.facts for reason in self.query(query_id).reasons if reason.code is code), None)

    def cells(self, need: str, account: str = ACCOUNT, region: str = REGION) -> dict[date, CellState]:
        """Return the states of a kind of event in the cells of an account and region, by day."""
        own = (cell for cell in self.assurance.cells if (cell.account, cell.region) == (account, region))
        return {cell.day: cell.states[need] for cell in own}

    def cell(self, day: date, account: str = ACCOUNT, region: str = REGION) -> Cell:
        """Return one cell."""
        [found] = [one for one in self.assurance.cells if (one.account, one.region, one.day) == (account, region, day)]
        return found

    def document(self, language: str = "en") -> str:
        """Return the HTML document of a language."""
        [name] = [name for name in self.result.documents if name.endswith(f"_{language}.html")]
        return (self.result.layout.documents / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Job:
    """The small job.

    Attributes:
        folder: Where it, its logs and its runs lie.
        accounts, regions: That it names.
        buckets: That hold regulated data.
        queries: Its questions, which all prove its one requirement.
        conditions: What must hold before that can be judged.
        framework: What the job names.
        editions: The lines, by edition, that say when it is in force.
        sections: Of its documents.
    """

    folder: Path
    accounts: Sequence[str] = ()
    regions: Sequence[str] = ()
    buckets: Sequence[str] = ("cards",)
    queries: Sequence[str] = (ROOT, KMS, DATA, STOPPED)
    conditions: Sequence[str] = ()
    framework: str = "acme.few"
    editions: Mapping[str, str] = field(default_factory=lambda: {"1": "effective_from = 2026-01-01"})
    sections: Sequence[str] = ("cover", "scope")
    written: list[Event] = field(default_factory=list)

    def deliver(self, *events: Event) -> None:
        """Add events to the logs; those of one file are written into it together."""
        self.written.extend(events)
        files: dict[str, list[Mapping[str, Any]]] = {}
        for event in self.written:
            files.setdefault(event.key, []).append(event.record)
        for key, records in files.items():
            path = self.folder / "logs" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(gzip.compress(json.dumps({"Records": records}).encode(), mtime=0))

    def run(self, now: datetime = AFTERWARDS, *, revise: bool = False, documents: bool = False) -> Ran:
        """Run the job for October 2026; its documents take most of the time, and are made where a test reads them."""
        project = self.folder / "project"
        (project / "reports").mkdir(parents=True, exist_ok=True)
        job = _JOB.format(
            framework=self.framework,
            accounts=json.dumps(self.accounts),
            regions=json.dumps(self.regions),
            buckets=json.dumps(self.buckets),
        )
        (project / "small.toml").write_text(job, encoding="utf-8")
        (project / "reports" / "short.toml").write_text(self._report(), encoding="utf-8")
        for edition, dates in self.editions.items():
            self._write_framework(project / "queries" / "frameworks" / f"acme.few-{edition}.toml", edition, dates)
        choices = Choices(period="2026-10", logs=self.folder / "logs", out=self.folder / "out")
        roots = [builtin_root(), ContentRoot(project, builtin=False)]
        prepared = prepare(str(project / "small.toml"), roots, choices, now)
        return Ran(run_job(prepared, lambda: now, Unseen(), revise=revise, documents=documents))

    def _report(self) -> str:
        """Return the shipped definition of the monthly report, for the screen alone and with fewer parts."""
        text = (builtin_root().folder("reports") / "monthly.toml").read_text(encoding="utf-8")
        text = re.sub(r"section = \[.*?\]", f"section = {json.dumps(self.sections)}", text, count=1, flags=re.DOTALL)
        return re.sub(r"formats\s*=.*", 'formats = ["html"]', text.replace('"monthly"', '"short"'))

    def _write_framework(self, path: Path, edition: str, dates: str) -> None:
        mapped = "".join(f'  {{ query = "{query}@1", bearing = "proves" }},\n' for query in self.queries)
        text = (
            f'id = "acme.few"\nedition = "{edition}"\ntitle.en = "Few"\ntitle.pt_BR = "Poucas"\nauthority = "Acme"\n'
            f'source = "https://example.org"\n{dates}\nnote.en = "-"\nnote.pt_BR = "-"\n\n'
            '[[requirement]]\nid = "1"\nparent = "A"\ntitle.en = "One"\ntitle.pt_BR = "Um"\nsummary.en = "-"\n'
            f'summary.pt_BR = "-"\ncoverage = "full"\n'
            f"evaluable_if = {json.dumps(self.conditions)}\nevidence = [\n{mapped}]\n"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Unseen:
    """Shows no progress."""

    def begin(self, step: str, total: int | None = None) -> None:
        """Show nothing."""

    def advance(self, part: str) -> None:
        """Show nothing."""

    def end(self, step: str, **facts: str | float) -> None:
        """Show nothing."""


def call(moment: str, event_id: str = "", **members: Any) -> dict[str, Any]:
    """Return the record of a call that writes, at a moment such as `2026-10-05T10:00:00Z`, with members replaced."""
    return {**KEY_CALL, "eventTime": moment, "eventID": event_id or f"e-{moment}", **members}


def of_account(account: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it is logged in another account."""
    identity = {**record["userIdentity"], "accountId": account, "arn": f"arn:aws:iam::{account}:user/ana"}
    return {
        **record,
        "recipientAccountId": account,
        "userIdentity": identity,
        "eventID": f"{record['eventID']}-{account}",
    }


def trail_call(moment: str, name: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call to CloudTrail."""
    return call(
        moment,
        f"t-{moment}-{name}",
        eventSource="cloudtrail.amazonaws.com",
        eventName=name,
        requestParameters=request,
        responseElements=None,
    )


def kms_call(moment: str) -> dict[str, Any]:
    """Return a call to KMS that changes nothing."""
    return call(
        moment,
        f"k-{moment}",
        eventSource="kms.amazonaws.com",
        eventName="Encrypt",
        readOnly=True,
        requestParameters={"keyId": "alias/cards"},
        responseElements=None,
    )


def object_read(moment: str, bucket: str) -> dict[str, Any]:
    """Return a workload's read of an object."""
    return call(
        moment,
        f"s-{moment}-{bucket}",
        eventSource="s3.amazonaws.com",
        eventName="GetObject",
        readOnly=True,
        managementEvent=False,
        eventCategory="Data",
        requestParameters={"bucketName": bucket, "key": "a.csv"},
        responseElements=None,
        userIdentity={
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLEEXAMPLEEX:i-0abc",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/i-0abc",
            "accountId": ACCOUNT,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLEEXAMPLEEX",
                    "arn": f"arn:aws:iam::{ACCOUNT}:role/deploy",
                    "accountId": ACCOUNT,
                    "userName": "deploy",
                }
            },
        },
    )


def routine(days: Iterable[date] = DAYS, *, account: str = ACCOUNT, region: str = REGION) -> list[Event]:
    """Return a read, a write and a KMS call at noon and at eleven at night of each day."""
    records = []
    for day in days:
        for hour in ("12:00:00", "23:00:00"):
            moment = f"{day}T{hour}Z"
            read = call(moment, f"r-{moment}-{region}", eventName="DescribeInstances", readOnly=True)
            records += [
                call(moment, f"w-{moment}-{region}"),
                read,
                {**kms_call(moment), "eventID": f"k-{moment}-{region}"},
            ]
    placed = ({**record, "awsRegion": region} for record in records)
    return [Event(record if account == ACCOUNT else of_account(account, record), account, region) for record in placed]
