"""Writes records as log files where CloudTrail would put them in the bucket of an organisation trail."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from comprova.sample.callers import JsonObject
from comprova.sample.company import ORGANIZATION
from comprova.sample.ids import Chance

_WINDOW = timedelta(hours=1)
_LATE_SHARE = 1 / 400
_LATE_BY = timedelta(hours=21)
_LATE_FROM = timedelta(hours=20)
_COPY_SHARE = 1 / 350


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file of its own, apart from those of each hour.

    Attributes:
        account: The account that its records are of.
        region: Their region.
        delivered: When CloudTrail delivered it, in UTC.
        unique: The letters at the end of its name.
        records: What it holds.
        again: Whether they are delivered with the others of their hour too.
        altered: Whether they differ from what is delivered there.
    """

    account: str
    region: str
    delivered: datetime
    unique: str
    records: tuple[JsonObject, ...]
    again: bool = False
    altered: bool = False

    @property
    def key(self) -> str:
        """Where an organisation trail puts it."""
        return _key(ORGANIZATION, (self.account, self.region), self.delivered, self.unique)

    @property
    def copies(self) -> int:
        """How many of its records are the same in another file."""
        return len(self.records) if self.again and not self.altered else 0

    @property
    def late(self) -> bool:
        """Whether it came a day late or more."""
        return self.delivered - min(moment_of(record) for record in self.records) > _LATE_FROM


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, of one day or several.

    Attributes:
        events: Distinct records.
        copies: Records delivered a second time.
        files: Log files.
        late_files: Those of them that were delivered a day late.
        first_time: `eventTime` of the first event; its form sorts as time does.
        last_time: `eventTime` of the last event.
    """

    events: int = 0
    copies: int = 0
    files: int = 0
    late_files: int = 0
    first_time: str = "9999"
    last_time: str = ""

    def __add__(self, other: Self) -> Self:
        return replace(
            self,
            events=self.events + other.events,
            copies=self.copies + other.copies,
            files=self.files + other.files,
            late_files=self.late_files + other.late_files,
            first_time=min(self.first_time, other.first_time),
            last_time=max(self.last_time, other.last_time),
        )


def write_day(
    folder: Path,
    chance: Chance,
    records: Iterable[JsonObject],
    files: Sequence[LogFile] = (),
    doubled: Collection[tuple[str, str]] = (),
) -> Written:
    """Write the records of a day, in any order, into log files of their own.

    A file holds the records of one account and region of an hour and is delivered some minutes later. Some files come
    the next day (never the only one of a place and day), and some records come twice, as with CloudTrail itself.

    Args:
        folder: Gets `AWSLogs/`.
        chance: Decides what comes late or twice, and the ends of file names.
        records: At least one.
        files: Log files besides.
        doubled: Accounts and regions of which a trail of the account itself delivers everything too.
    """
    windows: dict[tuple[datetime, str, str], list[JsonObject]] = defaultdict(list)
    ordered = sorted(records, key=_order)
    copies = late_files = 0
    for record in ordered:
        window = moment_of(record).replace(minute=0, second=0)
        place = str(record["recipientAccountId"]), str(record["awsRegion"])
        windows[window, *place].append(record)
        if chance.random() < _COPY_SHARE:
            windows[window + _WINDOW, *place].append(record)
            copies += 1
    busy = Counter((account, region) for _, account, region in windows)
    twice = 0
    for (window, account, region), members in sorted(windows.items(), key=lambda item: item[0]):
        place = account, region
        delivered = window + _WINDOW + timedelta(minutes=chance.randrange(2, 8))
        if place in doubled:
            _write_file(folder / _key("", place, delivered, chance.letters(16)), members)
            copies += len(members)
            twice += 1
        if busy[place] > 1 and chance.random() < _LATE_SHARE:
            delivered += _LATE_BY
            late_files += 1
        _write_file(folder / _key(ORGANIZATION, place, delivered, chance.letters(16)), members)
    for file in files:
        _write_file(folder / file.key, file.records)
    return Written(
        events=len(ordered) + sum(len(file.records) - file.copies for file in files),
        copies=copies + sum(file.copies for file in files),
        files=len(windows) + twice + len(files),
        late_files=late_files + sum(file.late for file in files),
        first_time=str(ordered[0]["eventTime"]),
        last_time=str(ordered[-1]["eventTime"]),
    )


def _key(organization: str, place: tuple[str, str], delivered: datetime, unique: str) -> str:
    """Return where a trail puts a file: that of an organisation under its id, that of an account without one."""
    account, region = place
    above = f"AWSLogs/{organization}/{account}" if organization else f"AWSLogs/{account}"
    name = f"{account}_CloudTrail_{region}_{delivered:%Y%m%dT%H%MZ}_{unique}.json.gz"
    return f"{above}/CloudTrail/{region}/{delivered:%Y/%m/%d}/{name}"


def _write_file(path: Path, records: Sequence[JsonObject]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"Records": records}, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), compresslevel=6, mtime=0))


def moment_of(record: JsonObject) -> datetime:
    """Return when a record says that its event was, in UTC."""
    return datetime.fromisoformat(str(record["eventTime"]))


def _order(record: JsonObject) -> tuple[str, str]:
    return str(record["eventTime"]), str(record["eventID"])
