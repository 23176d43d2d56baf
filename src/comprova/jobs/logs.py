"""The logs of a run: listed, read once into records, and what became of each file."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comprova.errors import ComprovaError, Problem
from comprova.evidence.model import LogFile
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.period import CLOSING_DELAY


@dataclass(frozen=True, slots=True)
class Logs:
    """What a run reads.

    Attributes:
        parquet: Files of records, at least one; it may hold no row.
        files_parquet: The file list that `deliveries` reads.
        files: Every log file of the delivery dates, in the order of their names.
        accounts: Accounts of which there is a log file.
        skipped: Number of files that are no event logs, by kind.
        misfits: Values that did not fit their column, by reason.
        closed: Whether the period was closed when the logs were listed.
        engine: Name and version of the engine and of the translation layer.
    """

    parquet: tuple[Path, ...]
    files_parquet: Path
    files: tuple[LogFile, ...]
    accounts: frozenset[str]
    skipped: Mapping[str, int]
    misfits: Mapping[str, int]
    closed: bool
    engine: str
