"""Runs of a job on the endpoint, as a user gives them: the command, in a folder of its own, that may be killed."""

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
from comprova.sample import generate

PERIOD = "2026-10-02..2026-10-03"
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
    """

    endpoint: Endpoint
    folder: Path
    trail: str
    store: str

    @classmethod
    def over(
        cls, endpoint: Endpoint, folder: Path, logs: Path, *, framework: str = "acme.few-1", more: str = ""
    ) -> "JobRuns":
        """Make the buckets, put log files into the trail's, and write the job.

        Args:
            endpoint: That answers as AWS.
            folder: Empty.
            logs: A folder with `AWSLogs/`.
            framework: Key of an edition; that of the project asks four questions.
            more: Further lines of the source.
        """
        trail, store = endpoint.fresh("trail"), endpoint.fresh("store")
        s3 = endpoint.client("s3")
        for bucket in (trail, store):
            s3.create_bucket(Bucket=bucket)
        endpoint.put_folder(logs, f"s3://{trail}/audit")
        (organisation,) = (path.name for path in (logs / "AWSLogs").iterdir())
        job = _JOB.format(
            framework=framework,
            trail=trail,
            organisation=organisation,
            database=endpoint.fresh("database"),
            workgroup=endpoint.fresh("workgroup"),
            store=store,
            more=more,
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "job.toml").write_text(job, encoding="utf-8")
        report = (_ROOT / "reports" / "monthly.toml").read_text(encoding="utf-8").replace('"monthly"', '"short"')
        (folder / "short.toml").write_text(re.sub(r"formats\s*=.*", 'formats = ["html"]', report), encoding="utf-8")
        _write_framework(folder / "queries" / "frameworks" / "acme.few-1.toml")
        return cls(endpoint, folder, trail, store)

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
        said = self.command("run", "./job.toml", "--period", PERIOD, "--json", *arguments, code=code)
        return dict(json.loads(said.stdout))

    @contextmanager
    def started(self, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
        """Give a command, and let it run while the block lasts."""
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "comprova", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **self.endpoint.environment},
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
        arguments = ("run", "./job.toml", "--period", PERIOD)
        with self.endpoint.faults.held(statement), self.started(*arguments) as process:
            self._wait_for(statement, process)
            process.send_signal(how)
            return process.communicate(timeout=60)[1]

    def _wait_for(self, statement: str, process: "subprocess.Popen[str]") -> None:
        pattern = re.compile(statement, re.IGNORECASE | re.DOTALL)
        end = time.monotonic() + _LIMIT_SECONDS
        while not any(pattern.search(sql) for sql in self.sent()):
            assert time.monotonic() < end, f"nobody sent {statement}"
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
                raise AssertionError(process.communicate()[1])

    def sent(self) -> Sequence[str]:
        """Return the text of each statement that was sent since faults were reset, once for each time."""
        return [str(request["QueryString"]) for request in list(self.endpoint.faults.started)]


def _write_framework(path: Path) -> None:
    evidence = "".join(f'  {{ query = "{query}", bearing = "{bearing}" }},\n' for query, bearing in QUERIES)
    text = (
        'id = "acme.few"\nedition = "1"\ntitle.en = "Few questions"\ntitle.pt_BR = "Poucas perguntas"\n'
        'authority = "Acme"\nsource = "https://example.org"\neffective_from = 2026-01-01\n'
        'note.en = "-"\nnote.pt_BR = "-"\n\n'
        '[[requirement]]\nid = "1"\nparent = "A"\ntitle.en = "One"\ntitle.pt_BR = "Um"\n'
        'summary.en = "-"\nsummary.pt_BR = "-"\ncoverage = "full"\n'
        f"evidence = [\n{evidence}]\n"
    )
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
