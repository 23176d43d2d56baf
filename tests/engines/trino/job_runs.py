"""Runs of a job on the endpoint, as a user gives them: the command, in a folder of its own, that may be killed."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from athena_endpoint.endpoint import Endpoint
from comprova.evidence.verifying import verify_evidence
from comprova.sample import generate
from sealed_apart_from_provenance import sealed_apart_from_provenance

PERIOD = "2026-10-02..2026-10-03"
SETUP = ("athena", "setup", "./job.toml")
RUN = ("run", "./job.toml", "--period", PERIOD)
"""The commands."""
DELIVERED = ("2026/10/02", "2026/10/03", "2026/10/04", "2026/10/05", "2026/10/06")
"""The delivery dates of the period; the job's look-back ends where its table begins."""
ACCOUNTS = ("111122223333", "444455556666", "777788889999")
QUERIES = (
    ("identity.root_activity@1", "proves"),
    ("credentials.access_key_events@1", "proves"),
    ("logs.coverage_daily@1", "supports"),
    ("logs.late_deliveries@1", "supports"),
)
"""Of several kinds: an exception query, a population, one of deliveries, one of lists."""
MORE_QUERIES = (
    *QUERIES,
    ("logging.logging_stopped@1", "proves"),
    ("logging.trail_changes@1", "supports"),
    ("logs.duplicates@1", "supports"),
    ("permissions.denied_calls@1", "supports"),
)
"""One for each thing that can befall a query, and some that nothing befalls."""

_ROOT = Path(__file__).resolve().parents[3]
_LIMIT_SECONDS = 900
_JOB = """\
id             = "job"
title.en       = "Report from Athena"
title.pt_BR    = "Relatório a partir do Athena"
organisation   = "Acme"
report         = "./short.toml"
frameworks     = ["{framework}"]
languages      = ["en"]
time_zone      = "America/Sao_Paulo"

[source]
kind = "athena"
name.en      = "The trail"
name.pt_BR   = "A trilha"
region       = "us-east-1"
trail        = "s3://{trail}/audit"
organisation = "{organisation}"
start        = 2026-10-02
database     = "{database}"
workgroup    = "{workgroup}"
store        = "s3://{store}/comprova"
{more}
"""

_KILLED = """
import os, signal, sys
from importlib import import_module
from comprova.cli.app import main

module, _, path = sys.argv.pop(1).partition(":")
*owners, name = path.split(".")
owner = import_module(module)
for attribute in owners:
    owner = getattr(owner, attribute)
setattr(owner, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
main()
"""
"""The command, killed in place of calling a function."""


def generated_logs(folder: Path) -> Path:
    """Return a folder with the log files of the invented company that were delivered on the dates of the period."""
    generate(folder / "month", months=1)
    logs = folder / "logs"
    for path in (folder / "month").rglob("*.json.gz"):
        if any(f"/{day}/" in path.as_posix() for day in DELIVERED):
            (logs / path.relative_to(folder / "month")).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, logs / path.relative_to(folder / "month"))
    return logs


@dataclass(frozen=True)
class JobRuns:
    """A job over a trail of its own, in a folder of its own.

    Attributes:
        endpoint: That answers as AWS.
        folder: Where commands are run.
        trail: The bucket of the trail; its log files lie below `audit/`.
        store: The bucket that the job writes to.
        workgroup: In which its statements run.
        database: Of the raw table.
        access_key: Of the credentials with which commands are run.
    """

    endpoint: Endpoint
    folder: Path
    trail: str
    store: str
    workgroup: str
    database: str
    access_key: str = "testing"

    @classmethod
    def over(
        cls, endpoint: Endpoint, folder: Path, logs: Path, *, framework: str = "acme.few-1", more: str = ""
    ) -> "JobRuns":
        """Make the buckets, put log files into the trail's, and write the job.

        Args:
            endpoint: That answers as AWS.
            folder: Empty.
            logs: A folder with `AWSLogs/`.
            framework: Key of an edition; the project has acme.few-1, of four questions, and acme.more-1, of eight.
            more: Further lines of the source.
        """
        trail, store = endpoint.fresh("trail"), endpoint.fresh("store")
        s3 = endpoint.client("s3")
        for bucket in (trail, store):
            s3.create_bucket(Bucket=bucket)
        endpoint.put_folder(logs, f"s3://{trail}/audit")
        database, workgroup = endpoint.fresh("database"), endpoint.fresh("workgroup")
        job = _JOB.format(
            framework=framework,
            trail=trail,
            organisation=organisation_of(logs),
            database=database,
            workgroup=workgroup,
            store=store,
            more=more,
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "job.toml").write_text(job, encoding="utf-8")
        report = (_ROOT / "reports" / "monthly.toml").read_text(encoding="utf-8").replace('"monthly"', '"short"')
        (folder / "short.toml").write_text(re.sub(r"formats\s*=.*", 'formats = ["html"]', report), encoding="utf-8")
        for name, queries in (("acme.few", QUERIES), ("acme.more", MORE_QUERIES)):
            _write_framework(folder / "queries" / "frameworks" / f"{name}-1.toml", name, queries)
        return cls(endpoint, folder, trail, store, workgroup, database)

    @property
    def period(self) -> Path:
        """The folder of the period's runs."""
        return self.folder / "out" / "job" / PERIOD

    def evidence(self, revision: int = 1) -> Path:
        """Return the evidence folder of a revision."""
        return self.period / f"r{revision}" / "evidence"

    def command(self, *arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        """Give a command, and require its exit code."""
        with self.started(*arguments) as process:
            out, err = process.communicate(timeout=_LIMIT_SECONDS)
        assert process.returncode == code, f"exit code {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def run(self, *arguments: str, code: int = 0) -> Mapping[str, Any]:
        """Run the job, require its exit code, and return what it says of itself."""
        return dict(json.loads(self.command(*RUN, "--json", *arguments, code=code).stdout))

    def stopped(self, code: int = 11) -> str:
        """Run the job, require that it cannot go on, and that nothing is sealed; return what it said of why."""
        said = self.command(*RUN, code=code).stderr
        assert not self.evidence().joinpath("manifest-sha256.txt").exists()
        return "\n".join(line for line in said.splitlines() if line.startswith("comprova: "))

    def killed_at(self, function: str, command: Sequence[str] = RUN) -> None:
        """Run the job until it calls a function, and kill it there.

        Args:
            function: `module:name`; the name may be of a class and its method.
            command: That runs it.
        """
        with self._process("-c", _KILLED, function, *command) as process:
            out, err = process.communicate(timeout=_LIMIT_SECONDS)
        assert process.returncode == -signal.SIGKILL, f"{function} was not called\n{out}\n{err}"

    @contextmanager
    def started(self, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
        """Give a command, and let it run while the block lasts."""
        with self._process("-m", "comprova", *arguments) as process:
            yield process

    @contextmanager
    def _process(self, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
        environment = {**self.endpoint.environment, "AWS_ACCESS_KEY_ID": self.access_key}
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def interrupted(self, statement: str, how: signal.Signals) -> str:
        """Run the job until it waits for a statement, stop it, and return what it said.

        Args:
            statement: A pattern that the statement's text has.
            how: The signal.
        """
        with self.endpoint.faults.held(statement), self.started(*RUN) as process:
            self.wait_for(statement, process)
            process.send_signal(how)
            return process.communicate(timeout=_LIMIT_SECONDS)[1]

    def wait_for(self, statement: str, process: "subprocess.Popen[str]") -> None:
        """Return when a command has sent a statement whose text has a pattern."""
        pattern = re.compile(statement, re.IGNORECASE | re.DOTALL)
        end = time.monotonic() + _LIMIT_SECONDS
        while not any(pattern.search(sql) for sql in self.sent()):
            assert time.monotonic() < end, f"nobody sent {statement}"
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
                raise AssertionError(process.communicate()[1])

    def files(self, revision: int = 1) -> dict[str, dict[str, str]]:
        """Return the rows of the list of log files, by name."""
        with (self.evidence(revision) / "files.csv").open(encoding="utf-8", newline="") as file:
            return {row["log_file"]: row for row in csv.DictReader(file)}

    def sound(self, revision: int = 1) -> None:
        """Require that the evidence is what was sealed, and agrees with itself."""
        faults = [fault for check in verify_evidence(self.evidence(revision)) for fault in check.faults]
        assert faults == []

    def differing(self, other: "JobRuns") -> list[str]:
        """Return the names of what two runs of the same questions over the same logs did not seal alike."""
        one, two = (sealed_apart_from_provenance(run.evidence()) for run in (self, other))
        buckets = "content/jobs/job.toml"  # each run has buckets of its own
        return [name for name in sorted(one.keys() | two.keys()) if name != buckets and one.get(name) != two.get(name)]

    def tokens_by_statement(self) -> dict[str, set[str]]:
        """Return by text the tokens with which each statement was sent: with the same one it is the same execution."""
        tokens: dict[str, set[str]] = {}
        for request in self.endpoint.faults.started:
            tokens.setdefault(request["QueryString"], set()).add(request["ClientRequestToken"])
        return tokens

    def sent(self) -> Sequence[str]:
        """Return the text of each statement that was sent since faults were reset, once for each time."""
        return [str(request["QueryString"]) for request in list(self.endpoint.faults.started)]


def organisation_of(logs: Path) -> str:
    """Return the id of the organisation whose log files lie in a folder."""
    (organisation,) = (path.name for path in (logs / "AWSLogs").iterdir())
    return organisation


def _write_framework(path: Path, name: str, queries: Sequence[tuple[str, str]]) -> None:
    evidence = "".join(f'  {{ query = "{query}", bearing = "{bearing}" }},\n' for query, bearing in queries)
    text = (
        f'id = "{name}"\nedition = "1"\ntitle.en = "Few questions"\ntitle.pt_BR = "Poucas perguntas"\n'
        'authority = "Acme"\nsource = "https://example.org"\neffective_from = 2026-01-01\n'
        'note.en = "-"\nnote.pt_BR = "-"\n\n'
        '[[requirement]]\nid = "1"\nparent = "A"\ntitle.en = "One"\ntitle.pt_BR = "Um"\n'
        'summary.en = "-"\nsummary.pt_BR = "-"\ncoverage = "full"\n'
        f"evidence = [\n{evidence}]\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
