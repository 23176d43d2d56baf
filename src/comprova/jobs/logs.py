"""What a run reads, whatever reads it: the logs, an engine that answers about them, and what that cost."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from comprova.engines.interface import Engine
from comprova.evidence.cost import Cost
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.model import LogFile
from comprova.jobs.revisions import Revision
from comprova.trail.listing import SkippedFile, SkipReason

READ = "read"
"""The state of a log file that was read whole, but for the unreadable records that are counted."""

_OTHER_KINDS = frozenset({SkipReason.DIGEST, SkipReason.INSIGHT, SkipReason.NETWORK_ACTIVITY, SkipReason.OTHER})
"""Files that hold no events of the kind that is read; every other reason leaves out what may be a log file."""


@dataclass(frozen=True, slots=True)
class Logs:
    """What a run reads.

    Attributes:
        files: Every log file of the delivery dates, in a fixed order.
        accounts: Accounts of which there is, or may be, a log file.
        skipped: Number of files that are no event logs, by kind.
        misfits: Members that did not fit their columns, by reason; None where the engine cannot tell.
        lost_values: Of these, how many left a column without what was logged.
        closed: Whether the period was closed when the logs were listed.
        engine: Name and version of the engine, and of the translation layer if it is given translations.
        translated: Whether it is.
    """

    files: tuple[LogFile, ...]
    accounts: frozenset[str]
    skipped: Mapping[str, int]
    misfits: Mapping[str, int] | None
    lost_values: int
    closed: bool
    engine: str
    translated: bool

    @property
    def unreadable_records(self) -> int | None:
        """Records that could not be read; None where the engine cannot tell."""
        counts = [file.unreadable for file in self.files]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


class LogSource(Protocol):
    """Logs that are loaded, and the engine over them."""

    @property
    def logs(self) -> Logs:
        """The logs as they were listed and loaded; on Athena nobody has counted the records of each file yet."""

    def engine(self, revision: Revision, fingerprint: str) -> AbstractContextManager[Engine]:
        """Open an engine in which `records` can be asked about.

        Args:
            revision: That the answers are for.
            fingerprint: Of everything that they depend on.

        Raises:
            EngineError: It refused to.
            RunStoppedError: The run cannot go on.
        """

    def counted(self, engine: Engine) -> Logs:
        """Return the logs with the records of each file, and give the engine the list of files; then it can build.

        Raises:
            BudgetError: The run might scan too much.
            EngineError: What was loaded is not there whole.
            RunStoppedError: The run cannot go on.
        """

    def account(self, evidence: EvidenceLayout) -> Cost | None:
        """Write into the evidence what the engine did and what it cost, and return that; None if it does not bill."""


def may_be_log(item: SkippedFile) -> bool:
    """Tell whether what was skipped may be a log file, or a folder of them."""
    return item.reason not in _OTHER_KINDS


def unread_files(skipped: Iterable[SkippedFile]) -> tuple[LogFile, ...]:
    """Return what was listed and may be a log file, or a folder of them, and was not read."""
    return tuple(
        LogFile(log_file=item.key.log_file, state=item.reason.value, bytes=0, sha256="", records=0, unreadable=0)
        for item in skipped
        if may_be_log(item)
    )


def other_kinds(skipped: Iterable[SkippedFile]) -> Mapping[str, int]:
    """Return the number of files that are no event logs, by kind."""
    counts = Counter(item.reason.value for item in skipped if not may_be_log(item))
    return dict(sorted(counts.items()))
