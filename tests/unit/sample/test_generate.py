"""The sample: the same for the same seed, laid out as CloudTrail does, and within the period it says."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from comprova.errors import ComprovaError
from comprova.period import Period
from comprova.sample import generate
from unit.sample.generated import Months, Sample

_PERIOD = Period.parse("2026-10", "America/Sao_Paulo")
_KEY = re.compile(
    r"AWSLogs/o-[a-z0-9]{10,32}/(?P<account>\d{12})/CloudTrail/(?P<region>[a-z]{2}-[a-z]+-\d)/"
    r"(?P<day>\d{4}/\d{2}/\d{2})/"
    r"(?P=account)_CloudTrail_(?P=region)_(?P<stamp>\d{8}T\d{4}Z)_[A-Za-z0-9]{16}\.json\.gz"
)


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return whole.hexdigest()


def test_the_same_seed_gives_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    """A second run with the same arguments writes the same names and the same bytes."""
    generate(tmp_path, months=1)

    assert _digest(tmp_path) == _digest(sample.folder)


def test_another_seed_gives_other_records_and_the_same_incidents(sample: Sample, tmp_path: Path) -> None:
    """The seed decides on ids and moments, not on what is planted."""
    facts = generate(tmp_path, seed=8, months=1)

    assert [incident.id for incident in facts.incidents] == [incident.id for incident in sample.facts.incidents]
    shared = {event for incident in facts.incidents for event in incident.events} & {
        record["eventID"] for record in sample.records()
    }
    assert not shared


def test_the_facts_are_those_of_the_files(sample: Sample) -> None:
    """The counts that the generator returns and writes are the counts of what lies in the folder."""
    counts = Counter(record["eventID"] for record in sample.records())

    assert sample.facts.events == len(counts)
    assert sample.facts.copies == counts.total() - len(counts)
    assert sample.facts.files == len(sample.files)
    assert set(sample.facts.accounts) == {record["recipientAccountId"] for record in sample.records()}
    assert set(sample.facts.regions) == {record["awsRegion"] for record in sample.records()}
    assert {name: sample.truth[name] for name in ("events", "copies", "files", "late_files")} == {
        "events": sample.facts.events,
        "copies": sample.facts.copies,
        "files": sample.facts.files,
        "late_files": sample.facts.late_files,
    }


def test_a_month_has_a_sixth_of_a_hundred_and_fifty_thousand_events(sample: Sample) -> None:
    """Six months have about 150 thousand events, of three accounts and four regions."""
    assert 24_000 < sample.facts.events < 26_000
    assert sum(month.events for month in sample.facts.months) == sample.facts.events
    assert len(sample.facts.accounts) == 3
    assert len(sample.facts.regions) == 4
    assert 20 <= sample.facts.copies <= 200
    assert sample.facts.late_files >= 1


def test_keys_are_those_of_an_organisation_trail(sample: Sample) -> None:
    """Every file lies under account, region and day of its delivery, a day after its events but for the planted one."""
    wrong, late = [], []
    for path, records in sample.files.items():
        match = _KEY.fullmatch(path.as_posix())
        if match is None:
            wrong.append(f"{path}: no such key")
            continue
        delivered = datetime.strptime(match["stamp"], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
        places = {(record["recipientAccountId"], record["awsRegion"]) for record in records}
        times = [datetime.fromisoformat(record["eventTime"]) for record in records]
        if match["day"] != f"{delivered:%Y/%m/%d}" or places != {(match["account"], match["region"])}:
            wrong.append(f"{path}: day or place")
        if not timedelta(0) <= delivered - max(times):
            wrong.append(f"{path}: delivered before an event")
        if delivered - min(times) > timedelta(days=1):
            late.append(path.as_posix())

    assert wrong == []
    (planted,) = (incident for incident in sample.facts.incidents if incident.id == "file-after-the-period")
    assert late == [row.anchor for row in planted.rows]


def test_late_files_come_on_another_day(sample: Sample) -> None:
    """Late files hold events of the day before; without them nearly everything comes within the hour."""
    late = [
        path
        for path, records in sample.files.items()
        if path.name.split("_")[3][:8] > max(record["eventTime"] for record in records)[:10].replace("-", "")
    ]

    assert sample.facts.late_files <= len(late) < len(sample.files) / 10


def test_events_fill_the_month_of_the_company(sample: Sample) -> None:
    """Events begin and end with the local month, so in UTC at 03:00, and no place is without events on any day."""
    times = [datetime.fromisoformat(record["eventTime"]) for record in sample.records()]

    assert _PERIOD.start == datetime(2026, 10, 1, 3, tzinfo=UTC)
    assert _PERIOD.start <= min(times) == sample.facts.first_time
    assert sample.facts.last_time == max(times) < _PERIOD.end
    assert min(times).date() == date(2026, 10, 1)
    assert max(times).date() == date(2026, 11, 1)
    cells = {(r["recipientAccountId"], r["awsRegion"], r["eventTime"][:10]) for r in sample.records()}
    quiet = [
        (account, region, day)
        for account in sample.facts.accounts
        for region in sample.facts.regions
        for day in _PERIOD.days
        if (account, region, day.isoformat()) not in cells
    ]
    assert quiet == []


def test_people_work_on_business_days_and_programs_always(sample: Sample) -> None:
    """Routine sign-ins happen on business days only; Sundays and the holiday have fewer events than a Wednesday."""
    planted = {
        event
        for incident in sample.facts.incidents
        for event in (*incident.events, *(event for miss in incident.near_misses for event in miss.events))
    } | {event for explained in sample.facts.explained for event in explained.events}
    local = timedelta(hours=-3)  # Brazil has had no summer time since 2019
    days = Counter((datetime.fromisoformat(r["eventTime"]) + local).date() for r in sample.records())
    sign_ins = {
        (datetime.fromisoformat(record["eventTime"]) + local).date()
        for record in sample.named("ConsoleLogin")
        if record["eventID"] not in planted
    }

    assert date(2026, 10, 12) not in sign_ins
    assert [day for day in sign_ins if day.weekday() >= 5] == []
    assert len(sign_ins) == 21
    assert days[date(2026, 10, 12)] < 0.8 * days[date(2026, 10, 14)]
    assert days[date(2026, 10, 18)] < 0.8 * days[date(2026, 10, 14)]


def test_a_second_trail_delivers_equal_records_in_its_own_folder(earlier: Months) -> None:
    """For three local days a trail of the account writes beside that of the organisation, every record once more."""
    own = [record for _, records in earlier.read("111122223333/*/*") for record in records]
    both = Counter(text_of(record) for _, records in earlier.read("*/111122223333/*/sa-east-1") for record in records)
    days = {local_day(record) for record in own}

    assert {record["awsRegion"] for record in own} == {"sa-east-1"}
    assert [record["eventID"] for record in own if not both[text_of(record)]] == []
    assert len(days) == 3
    assert [month.month for month in earlier.facts.months if month.copies > len(own)] == [f"{min(days):%Y-%m}"]


def test_an_altered_record_keeps_its_id(earlier: Months) -> None:
    """One id stands for two records that differ, and the second says which one it amends."""
    by_id: dict[str, set[str]] = defaultdict(set)
    for _, records in earlier.read("*/444455556666/*/sa-east-1"):
        for record in records:
            by_id[record["eventID"]].add(text_of(record))
    ((event, texts),) = ((event, texts) for event, texts in by_id.items() if len(texts) > 1)
    (addendum,) = (json.loads(text)["addendum"] for text in texts if "addendum" in text)

    assert addendum["originalEventID"] == event


def test_a_day_of_one_account_is_missing(earlier: Months) -> None:
    """No record of the account happened on the day that the truth names, and every other day of the month has some."""
    (gap,) = (gap for incident in earlier.facts.incidents for gap in incident.gaps)
    days = {local_day(record) for _, records in earlier.read(f"*/{gap.account}/*/*") for record in records}
    month = Period.parse(f"{gap.day:%Y-%m}", "America/Sao_Paulo")

    assert set(month.days) - days == {gap.day}


def test_earlier_months_have_fewer_and_other_incidents(earlier: Months) -> None:
    """Months before the last have their own, smaller set, some of it in common, so that months can be compared."""
    planted = {
        month.month: {incident.id for incident in earlier.facts.incidents if incident.month == month.month}
        for month in earlier.facts.months
    }
    last = planted["2026-02"]

    assert [month for month, found in planted.items() if not 3 <= len(found) <= len(last)] == []
    assert planted["2026-01"] & last
    assert planted["2026-01"] - last
    assert sum(len(found) for found in planted.values()) == len(earlier.facts.incidents)


def text_of(record: dict[str, Any]) -> str:
    """Return a record as text, to compare it."""
    return json.dumps(record, sort_keys=True)


def local_day(record: dict[str, Any]) -> date:
    """Return the company's day of a record; Brazil has had no summer time since 2019."""
    return (datetime.fromisoformat(record["eventTime"]) + timedelta(hours=-3)).date()


@pytest.mark.parametrize("month", ["2026-Q3", "2026-13", "october", "2026-10-01..2026-10-02"])
def test_what_is_no_month_is_refused(tmp_path: Path, month: str) -> None:
    """Other periods, and nonsense, are refused before anything is written."""
    with pytest.raises(ComprovaError, match="2026-10"):
        generate(tmp_path, last_month=month)

    assert list(tmp_path.iterdir()) == []


def test_no_month_at_all_is_refused(tmp_path: Path) -> None:
    """There must be one month at least."""
    with pytest.raises(ComprovaError, match="1 or more"):
        generate(tmp_path, months=0)


def test_a_folder_with_logs_is_refused(tmp_path: Path) -> None:
    """Samples never mix with logs that are there already."""
    (tmp_path / "AWSLogs").mkdir()

    with pytest.raises(ComprovaError, match="AWSLogs"):
        generate(tmp_path)
