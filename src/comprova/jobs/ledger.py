"""`run.json`: what a run did and when. It is not sealed; it names the seal."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from comprova.errors import ComprovaError, Problem
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.cost import Cost
from comprova.evidence.model import Fact
from comprova.evidence.outcomes import Outcome


class Status(StrEnum):
    """How far a revision has come."""

    OPEN = "open"
    SEALED = "sealed"
    RENDERED = "rendered"


class Attempt(Fact):
    """One time that the command ran; `ended` is None while it runs, and after it was killed.

    The times are those of the machine's clock. It may be set back between two attempts; within one it never goes back.
    """

    started: datetime
    ended: datetime | None = None


class QueryEntry(Fact):
    """One query that was answered, failed or was not run.

    Attributes:
        outcome: `failed` or `not-run`; None where there is a result.
        message: Why there is no result.
        rows: Of the result.
        secrets: That are masked in its CSV.
        parquet_sha256, csv_sha256: Of the result's files; a restart uses them only if they still have these.
        execution_id: Of the engine; None on the embedded one.
        bytes_read: By the engine, where it tells.
        seconds: From asking for its rows to the last of them; an engine may have begun it before.
    """

    outcome: Outcome | None = None
    message: str = ""
    rows: int | None = None
    secrets: int = 0
    parquet_sha256: str = ""
    csv_sha256: str = ""
    execution_id: str | None = None
    bytes_read: int | None = None
    seconds: float


class Ledger(Fact):
    """The whole file.

    Attributes:
        job, period, revision: Which run this is.
        comprova: Version of the tool.
        fingerprint: SHA-256 of everything that answers depend on; with `earlier`, the evidence depends on nothing else.
        inputs: The parts of it: logs, content, job, parameters, engine.
        earlier: Period, revision and seal of the evidence that findings were compared with.
        engine: Name and version.
        status: How far it has come.
        attempts: Each time that the command ran, in order.
        queries: By query id.
        cost: Of all statements of the run; None of an engine that does not bill.
        sealed_at: When the evidence was sealed.
        seal: SHA-256 of the evidence's manifest; empty until then.
    """

    format: Literal[1] = 1
    job: str
    period: str
    revision: int
    comprova: str
    fingerprint: str
    inputs: Mapping[str, str]
    earlier: str = ""
    engine: str
    status: Status = Status.OPEN
    attempts: tuple[Attempt, ...]
    queries: Mapping[str, QueryEntry] = {}
    cost: Cost | None = None
    sealed_at: datetime | None = None
    seal: str = ""


def read_ledger(path: Path) -> Ledger | None:
    """Return the ledger of a revision, or None where there is none.

    Raises:
        ComprovaError: The file is not a ledger.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return Ledger.model_validate_json(data)
    except ValidationError as error:
        problem = Problem(str(path), "a run ledger", str(error).splitlines()[0], "Move the folder away to start again.")
        raise ComprovaError(problem) from error


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write the ledger, whole."""
    write_whole(path, canonical_json(ledger))
