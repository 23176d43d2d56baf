"""The log files that were not read whole, from the list in the evidence."""

import csv
from dataclasses import dataclass

from comprova.evidence.reader import Evidence

READ = "read"
"""The state of a file that was read whole, but for the unreadable records that are counted."""


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A log file that was not read, or that holds records that could not be read: how many, where that is known."""

    log_file: str
    state: str
    unreadable: int | None


@dataclass(frozen=True, slots=True)
class UnreadFiles:
    """Those files, a few of them by name."""

    shown: tuple[UnreadFile, ...]
    count: int


def unread_files(evidence: Evidence, most: int) -> UnreadFiles:
    """Return the first files that were not read whole, and how many there are."""
    shown: list[UnreadFile] = []
    count = 0
    with evidence.layout.files.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            unreadable = int(row["unreadable"]) if row["unreadable"] else None
            if row["state"] == READ and not unreadable:
                continue
            count += 1
            if len(shown) < most:
                shown.append(UnreadFile(row["log_file"], row["state"], unreadable))
    return UnreadFiles(tuple(shown), count)
