"""What a run remembers of its executions, so that a restart finds them and pays for none twice."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from comprova.errors import ComprovaError, Problem


class State(StrEnum):
    """How an execution ended (Athena API Reference, QueryExecutionStatus)."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Finished:
    """One execution that has ended.

    Attributes:
        name: What the run calls the statement, such as `identity.root_activity@1`.
        execution_id: Athena's id of it.
        state: How it ended.
        bytes_scanned: What it read; 0 where Athena tells none, as of DDL.
        milliseconds: From its submission to its end, by Athena's clock.
        output_rows: Rows that it returned or wrote; None where Athena did not tell.
        engine_version: Such as `Athena engine version 3`.
    """

    name: str
    execution_id: str
    state: State
    bytes_scanned: int
    milliseconds: int
    output_rows: int | None
    engine_version: str


class Journal(Protocol):
    """Remembers executions from one attempt of a run to the next. One call comes at a time."""

    def known(self, token: str) -> str | None:
        """Return the id of the execution that was started with a token; None if there is none."""

    def started(self, token: str, execution_id: str) -> None:
        """Remember an execution, before its rows are waited for."""

    def finished(self, finished: Finished) -> None:
        """Remember how an execution ended; one that was found again is told again."""

    def scanned(self) -> Mapping[str, int]:
        """Return the bytes that each ended execution of all attempts scanned, by its id."""


class FileJournal:
    """A journal in a file of its own: one line of JSON for each thing to remember, on disk before the call returns.

    Args:
        path: The file; its folder is there. A last line that was cut by a kill is cut off.

    Raises:
        ComprovaError: The file holds something else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ids: dict[str, str] = {}
        self._finished: dict[str, Finished] = {}
        self._load()

    @property
    def executions(self) -> tuple[Finished, ...]:
        """All executions that have ended, each once, in the order in which their end was first told."""
        return tuple(self._finished.values())

    def known(self, token: str) -> str | None:
        """Return the id of the execution that was started with a token."""
        return self._ids.get(token)

    def started(self, token: str, execution_id: str) -> None:
        """Remember an execution."""
        self._write({"started": {"token": token, "execution_id": execution_id}})
        self._ids[token] = execution_id

    def finished(self, finished: Finished) -> None:
        """Remember how an execution ended."""
        if self._finished.get(finished.execution_id) != finished:
            self._write({"finished": asdict(finished)})
            self._finished[finished.execution_id] = finished

    def scanned(self) -> Mapping[str, int]:
        """Return the bytes that each ended execution scanned, by its id."""
        return {execution_id: finished.bytes_scanned for execution_id, finished in self._finished.items()}

    def _write(self, entry: Mapping[str, object]) -> None:
        with self._path.open("ab") as file:
            file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _load(self) -> None:
        if not self._path.exists():
            return
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            # Its execution, if there is one, is found by its token: Athena keeps these too.
            os.truncate(self._path, len(whole))
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                hint = "Move it away: statements are then run, and paid, again."
                problem = Problem(f"{self._path}:{number}", "an entry of the journal of executions", repr(error), hint)
                raise ComprovaError(problem) from error

    def _take(self, entry: Mapping[str, dict[str, str]]) -> None:
        match entry:
            case {"started": {"token": token, "execution_id": execution_id}}:
                self._ids[token] = execution_id
            case {"finished": values}:
                finished = Finished(**{**values, "state": State(values["state"])})  # type: ignore[arg-type] # as written
                self._finished[finished.execution_id] = finished
            case _:
                raise ValueError(entry)
