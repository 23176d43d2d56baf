"""Writes records as log files where CloudTrail would put them in the bucket of an organisation trail."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
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
_COPY_SHARE = 1 / 350


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


def write_day(folder: Path, chance: Chance, records: Iterable[JsonObject]) -> Written:
    """Write the records of a day, in any order, into log files of their own.

    A file holds the records of one account and region of an hour and is delivered some minutes later. Some files come
    the next day (never the only one of a place and day), and some records come twice, as with CloudTrail itself.

    Args:
        folder: Gets `AWSLogs/`.
        chance: Decides what comes late or twice, and the ends of file names.
        records: At least one.
    """
    windows: dict[tuple[datetime, str, str], list[JsonObject]] = defaultdict(list)
    ordered = sorted(records, key=_order)
    copies = late_files = 0
    for record in ordered:
        moment = datetime.fromisoformat(str(record["eventTime"]))
        window = moment.replace(minute=0, second=0)
        place = str(record["recipientAccountId"]), str(record["awsRegion"])
        windows[window, *place].append(record)
        if chance.random() < _COPY_SHARE:
            windows[window + _WINDOW, *place].append(record)
            copies += 1
    busy = Counter((account, region) for _, account, region in windows)
    for (window, account, region), members in sorted(windows.items(), key=lambda item: item[0]):
        delivered = window + _WINDOW + timedelta(minutes=chance.randrange(2, 8))
        if busy[account, region] > 1 and chance.random() < _LATE_SHARE:
            delivered += _LATE_BY
            late_files += 1
        _write_file(folder, (account, region), delivered, chance.letters(16), members)
    return Written(
        events=len(ordered),
        copies=copies,
        files=len(windows),
        late_files=late_files,
        first_time=str(ordered[0]["eventTime"]),
        last_time=str(ordered[-1]["eventTime"]),
    )


def _write_file(
    folder: Path, place: tuple[str, str], delivered: datetime, unique: str, records: list[JsonObject]
) -> None:
    account, region = place
    day = folder / f"AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{region}/{delivered:%Y/%m/%d}"
    day.mkdir(parents=True, exist_ok=True)
    name = f"{account}_CloudTrail_{region}_{delivered:%Y%m%dT%H%MZ}_{unique}.json.gz"
    text = json.dumps({"Records": records}, ensure_ascii=False, separators=(",", ":"))
    (day / name).write_bytes(gzip.compress(text.encode(), compresslevel=6, mtime=0))


def _order(record: JsonObject) -> tuple[str, str]:
    return str(record["eventTime"]), str(record["eventID"])
