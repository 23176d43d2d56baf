"""Writes records as log files where CloudTrail would put them in the bucket of an organisation trail."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from comprova.sample.callers import JsonObject
from comprova.sample.company import ORGANIZATION
from comprova.sample.ids import Chance

_WINDOW = timedelta(hours=1)
_LATE_SHARE = 1 / 400
_LATE_BY = timedelta(hours=21)
_COPY_SHARE = 1 / 350


class TrailWriter:
    """Collects records into log files and writes them.

    A file holds the records of one account and region of an hour and is delivered some minutes later. Some files come
    the next day (never the only one of a place and day), and some records come twice, as with CloudTrail itself.

    Attributes:
        files: Log files written.
        late_files: Those of them that were delivered a day late.
        events: Distinct records.
        copies: Records delivered a second time.
        first_time: `eventTime` of the first event; its form sorts as time does.
        last_time: `eventTime` of the last event.
    """

    def __init__(self, folder: Path, chance: Chance) -> None:
        self._folder = folder
        self._chance = chance
        self.files = self.late_files = self.events = self.copies = 0
        self.first_time, self.last_time = "9999", ""

    def write(self, records: Iterable[JsonObject]) -> None:
        """Write the records of a day, in any order; none of their files is written to again."""
        windows: dict[tuple[datetime, str, str], list[JsonObject]] = defaultdict(list)
        for record in sorted(records, key=_order):
            time = str(record["eventTime"])
            self.events += 1
            self.first_time, self.last_time = min(self.first_time, time), max(self.last_time, time)
            moment = datetime.fromisoformat(time)
            window = moment.replace(minute=0, second=0)
            place = str(record["recipientAccountId"]), str(record["awsRegion"])
            windows[window, *place].append(record)
            if self._chance.random() < _COPY_SHARE:
                windows[window + _WINDOW, *place].append(record)
                self.copies += 1
        busy = Counter((account, region) for _, account, region in windows)
        for (window, account, region), members in sorted(windows.items(), key=lambda item: item[0]):
            delivered = window + _WINDOW + timedelta(minutes=self._chance.randrange(2, 8))
            if busy[account, region] > 1 and self._chance.random() < _LATE_SHARE:
                delivered += _LATE_BY
                self.late_files += 1
            self._write_file(account, region, delivered, members)

    def _write_file(self, account: str, region: str, delivered: datetime, records: list[JsonObject]) -> None:
        day = self._folder / f"AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{region}/{delivered:%Y/%m/%d}"
        day.mkdir(parents=True, exist_ok=True)
        name = f"{account}_CloudTrail_{region}_{delivered:%Y%m%dT%H%MZ}_{self._chance.letters(16)}.json.gz"
        text = json.dumps({"Records": records}, ensure_ascii=False, separators=(",", ":"))
        (day / name).write_bytes(gzip.compress(text.encode(), compresslevel=6, mtime=0))
        self.files += 1


def _order(record: JsonObject) -> tuple[str, str]:
    return str(record["eventTime"]), str(record["eventID"])
