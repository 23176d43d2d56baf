"""Runs of a small job, each disturbed where a test says so, and what must hold of the folder that they leave."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import comprova
from comprova.content import builtin_root
from comprova.evidence.manifest import sha256_file
from comprova.jobs.ledger import Ledger
from comprova.sql.schema import ACTIVITY as ACTIVITY_COLUMNS
from content_builder import ACTIVITY, BUILTIN, JOB, KEY_AGE, query_file, text_of, without, write_root
from disturbance import Request
from unit.trail.log_files import key_of, put, record

ARGUMENTS = ("run", "monthly", "--period", "2026-10", "--languages", "en")
PERIOD = Path("out/monthly/2026-10")
DAYS = ("2026-10-01", "2026-10-02")
_PACKAGE = Path(comprova.__file__).parent
_TIME = "TRY_CAST(replace(replace(eventtime, 'T', ' '), 'Z', '') AS timestamp(3))"
_LOGGED = {
    "event_id": "eventid",
    "event_time": _TIME,
    "in_period": f"{_TIME} >= :period_start",
    "event_source": "eventsource",
    "event_name": "eventname",
    "event_category": "eventcategory",
    "management_event": "TRUE",
    "read_only": "readonly = 'true'",
    "account_id": "recipientaccountid",
    "region": "awsregion",
    "log_account": "log_account",
    "log_region": "log_region",
    "log_file": "log_file",
    "copies": "1",
    "repeated_id": "''",
    "person": "useridentity.arn",
    "request": "requestparameters",
    "request_state": "'read'",
    "response_state": "'read'",
}
_MEASURED = "".join(path.read_text(encoding="utf-8") for path in (_PACKAGE / "collect" / "measures").glob("*.sql"))
_COLUMNS = (
    f"{_LOGGED.get(name, f'CAST(NULL AS {kind})')} AS {name}"
    for name, kind in ACTIVITY_COLUMNS.items()
    if name in _LOGGED or name in _MEASURED
)
_VIEWS = {
    ACTIVITY: ("records", ",\n".join(_COLUMNS)),
    "queries/deliveries.sql": ("files", "log_file, state"),
}
"""What the questions and the engine's own measures read, made without the work that the shipped views take."""
_CONTENT = {
    **{
        path: f'/*---\nid = "{Path(path).stem}"\nversion = 1\n{text_of("title")}reads = ["{table}"]\n---*/\n\n'
        f"SELECT {columns} FROM {table}\n"
        for path, (table, columns) in _VIEWS.items()
    },
    KEY_AGE: query_file("identity.key_age", kind="population"),
    JOB: BUILTIN[JOB].replace("sa-east-1", "us-east-1").replace("gap_percent = 1", "gap_percent = 100"),
}
"""Two questions about all events, and a job whose logs may have gaps."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a run said.

    Attributes:
        code: With which it exited; minus the number of the signal that ended it.
        error: What it wrote to standard error, without its steps.
    """

    code: int
    error: str


class Runs:
    """Runs the command; every run is a process of its own.

    Args:
        server: A process of `disturbance`.
    """

    def __init__(self, server: "subprocess.Popen[str]") -> None:
        self._server = server

    def __call__(self, request: Request) -> Said:
        """Run the command as requested, and check that no traceback reached the user."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(asdict(request)) + "\n")
        self._server.stdin.flush()
        code = int(json.loads(self._server.stdout.readline()))
        lines = (Path(request.folder) / "stderr.txt").read_text(encoding="utf-8").splitlines()
        error = "\n".join(line for line in lines if not line.startswith('{"time"'))
        assert "Traceback" not in error
        assert "internal error" not in error, error
        return Said(code, error)


@contextmanager
def small_runs(site: Path, files: Mapping[str, str]) -> Iterator[Runs]:
    """Run a comprova that is installed at `site` with content of its own: two questions, one page in HTML.

    Args:
        site: An empty folder.
        files: Other content, by name.
    """
    package = site / "comprova"
    package.mkdir(parents=True)
    for entry in _PACKAGE.iterdir():
        if entry.name != "_content":
            (package / entry.name).symlink_to(entry)
    templates = [name for name in BUILTIN if name.startswith("templates/")]
    root = write_root(package / "_content", {**without(BUILTIN, *templates), **_CONTENT, **files})
    root.folder("templates").symlink_to(builtin_root().folder("templates"))
    tests = Path(__file__).parent
    paths = os.pathsep.join([str(site), str(tests)])
    environment = {"PATH": os.environ["PATH"], "HOME": str(site), "LC_ALL": "C.UTF-8", "PYTHONPATH": paths}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # Python keeps half of a module that may not grow
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "disturbance"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=site,
        text=True,
    ) as server:
        yield Runs(server)
        assert server.stdin is not None
        server.stdin.close()


def write_logs(folder: Path, events: int = 10) -> Path:
    """Write two log files a day with some events each, and return the folder that the command is run in."""
    for number, (day, name) in enumerate(product(DAYS, "ab")):
        numbers = range(number * events, (number + 1) * events)
        put(folder / "logs", key_of(day, name), *(_event(event, day) for event in numbers))
    return folder


def _event(number: int, day: str) -> dict[str, Any]:
    event_id = sha256(str(number).encode()).hexdigest()  # takes the room that it says
    return record(number, eventID=event_id, eventTime=f"{day}T12:00:00Z")


def evidence_of(folder: Path, revision: str = "r1") -> dict[str, str]:
    """Return the SHA-256 of every file of the evidence under its final name."""
    evidence = folder / PERIOD / revision / "evidence"
    return {path.relative_to(evidence).as_posix(): sha256_file(path) for path in final_files(evidence)}


def final_files(folder: Path) -> list[Path]:
    """Return the files that have their final name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _is_temporary(path))


def ledger_of(folder: Path, revision: str = "r1") -> Ledger | None:
    """Return the ledger of a revision, if it was written."""
    path = folder / PERIOD / revision / "run.json"
    return Ledger.model_validate_json(path.read_bytes()) if path.exists() else None


def answered(folder: Path, revision: str = "r1") -> set[str]:
    """Return the queries that the ledger of a revision holds an answer of."""
    ledger = ledger_of(folder, revision)
    return set() if ledger is None else {name for name, entry in ledger.queries.items() if entry.outcome is None}


def half_files(folder: Path, sealed: Mapping[str, str]) -> list[str]:
    """Return the files below `out` that have their final name and are not whole.

    Args:
        folder: In which the command was run.
        sealed: SHA-256 of the files of the evidence of an undisturbed run.
    """
    faults = [name for name, found in evidence_of(folder).items() if sealed.get(name) != found]
    for path in final_files(folder / "out"):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".parquet" and not _is_parquet(path):
            faults.append(name)
        elif path.suffix == ".json":
            json.loads(path.read_bytes())
        elif path.suffix == ".html" and not path.read_bytes().rstrip().endswith(b"</html>"):
            faults.append(name)
    return faults


def _is_parquet(path: Path) -> bool:
    try:
        pq.read_table(path)
    except (OSError, ValueError):
        return False
    return True


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".")
