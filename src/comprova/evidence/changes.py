"""`changes.json`: what a revision says that the one before it did not, and why. Only a revised run has one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from comprova.evidence.model import FORMAT, Fact
from comprova.evidence.outcomes import Extent, Outcome


class BeforeState(StrEnum):
    """What came of opening the revision before."""

    COMPARED = "compared"
    DAMAGED = "damaged"
    """It does not verify: what it holds may be what somebody wanted this revision to be compared with."""


class Change(StrEnum):
    """What became of a row or a log file."""

    CAME = "came"
    WENT = "went"
    CHANGED = "changed"


class ChangeReason(StrEnum):
    """What a query's answer depends on, and what of it was another when the revision before was made."""

    LOG_FILES = "log-files"
    """Log files came, went or hold something else."""
    STATEMENT = "statement"
    """The query's SQL, or one of the views that it reads."""
    PARAMETERS = "parameters"
    """Values of parameters that it uses."""
    TOOL = "tool"
    """comprova, the engine or the translation layer."""
    ASKED_AGAIN = "asked-again"
    """One of the two has no result: the query had failed, or was not run."""
    PERIOD_CLOSED = "period-closed"
    """One of the two was made before all events could be expected to be delivered."""
    ACCEPTANCES = "acceptances"
    """The recorded acceptances."""
    ASKED_ABOUT = "asked-about"
    """Only one of the two asked it."""


class FileChange(Fact):
    """One log file that is not as it was."""

    log_file: str
    change: Change


class FileChanges(Fact):
    """The log files of both revisions, compared by their `files.csv`.

    Attributes:
        counts: How many, by what became of them.
        first: Up to twenty, by name; `files.csv` of both hold all.
    """

    counts: Mapping[Change, int]
    first: tuple[FileChange, ...]


class QuerySide(Fact):
    """What one revision says of a query."""

    version: int
    outcome: Outcome
    extent: Extent
    rows: int | None
    accepted_rows: int


class QueryChanges(Fact):
    """A query of which the two revisions do not say the same.

    Attributes:
        id: `pack.name`.
        before, after: What each says; None of the one that did not ask it.
        counts: Rows by what became of them, told apart by the query's grain; None where the rows cannot be compared:
            one has no result, or its columns lack the grain.
        columns: Columns whose values changed, sorted.
        reasons: What of all that the answer depends on differs; empty where nothing that is known does.
    """

    id: str
    before: QuerySide | None
    after: QuerySide | None
    counts: Mapping[Change, int] | None
    columns: tuple[str, ...]
    reasons: tuple[ChangeReason, ...]


class RevisionChanges(Fact):
    """`changes.json`. The rows themselves stand in `changes/<query>.csv`, by grain.

    Attributes:
        revision: The number of the revision before.
        seal: SHA-256 of its manifest.
        state: What came of opening it; where it is damaged, nothing is compared.
        fault: What does not verify.
        inputs: Parts of the fingerprint that differ, by name, as both ledgers tell them; the ledgers are not sealed.
        files: The log files.
        queries: Those of which the two do not say the same, by id.
        unchanged: How many say the same, row for row.
    """

    format: Literal[1] = FORMAT
    revision: int
    seal: str
    state: BeforeState
    fault: str = ""
    inputs: tuple[str, ...] = ()
    files: FileChanges = FileChanges(counts={}, first=())
    queries: tuple[QueryChanges, ...] = ()
    unchanged: int = 0
