"""Generates the sample: day by day, so that memory stays flat and days can be made side by side."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from comprova.errors import ComprovaError, Problem
from comprova.period import Period
from comprova.processes import obey_parent
from comprova.sample import company
from comprova.sample.callers import JsonObject, Role
from comprova.sample.company import Account, Region
from comprova.sample.facts import MonthFacts, SampleFacts
from comprova.sample.ids import Chance
from comprova.sample.incidents import Planted, PlantedDay, plant
from comprova.sample.programs import AUTHORISER, BACKUP, REGISTER, program_records
from comprova.sample.releases import release_records
from comprova.sample.rhythm import Month
from comprova.sample.services import service_records
from comprova.sample.staff import staff_records
from comprova.sample.writer import Written, write_day

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_TRUTH = "truth.json"
_DAYS = 4
"""That a process makes at a time."""


def generate(folder: Path, *, seed: int = 7, last_month: str = "2026-10", months: int = 6) -> SampleFacts:
    """Write the log files of an invented company, with planted incidents, as an organisation trail lays them out.

    `folder` gets `AWSLogs/` and, when all log files are written, `truth.json`, which names what was planted. The
    records depend on nothing but the arguments; the compressed bytes also on the zlib in use.

    Args:
        folder: Where to write; made if missing. It must not hold an `AWSLogs` folder.
        seed: Another seed gives other records with the same incidents.
        last_month: The month of most incidents, as `2026-10`, cut in the company's time zone.
        months: How many months, this one included; earlier months have fewer incidents.

    Raises:
        ComprovaError: The month or their number is no such thing, or the folder already holds logs.
    """
    calendar = _calendar(last_month, months)
    if (folder / "AWSLogs").exists():
        raise ComprovaError(
            Problem(str(folder), "a folder without AWSLogs", "AWSLogs", "Choose another folder, or remove this one.")
        )
    planted = plant(seed, calendar)
    days = [(month.label, day) for month in calendar for day in month.period.days]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=obey_parent) as pool:
        tasks = [planted.days.get(day, PlantedDay()) for _, day in days]
        each = list(pool.map(partial(_write_day, folder, seed), (day for _, day in days), tasks, chunksize=_DAYS))
    by_month: dict[str, Written] = defaultdict(Written)
    for (label, _), part in zip(days, each, strict=True):
        by_month[label] += part
    written = sum(by_month.values(), start=Written())
    facts = SampleFacts(
        events=written.events,
        copies=written.copies,
        files=written.files,
        late_files=written.late_files,
        months=tuple(MonthFacts(label, part.events, part.copies) for label, part in by_month.items()),
        accounts=tuple(str(account) for account in Account),
        regions=tuple(str(region) for region in Region),
        first_time=datetime.fromisoformat(written.first_time),
        last_time=datetime.fromisoformat(written.last_time),
        incidents=planted.incidents,
        explained=planted.explained,
    )
    truth = json.dumps(_truth(facts, seed), ensure_ascii=False, indent=2)
    (folder / _TRUTH).write_text(truth + "\n", encoding="utf-8")
    return facts


def story(*, seed: int = 7, last_month: str = "2026-10", months: int = 6) -> Planted:
    """Return what `generate` plants, without writing anything; the arguments are the same."""
    return plant(seed, _calendar(last_month, months))


def _write_day(folder: Path, seed: int, day: date, planted: PlantedDay) -> Written:
    routine = (record for record in _routine(seed, day) if record["recipientAccountId"] not in planted.lost)
    chance = Chance(f"{seed}/{day}/delivery")
    return write_day(folder, chance, [*routine, *planted.records], planted.files, planted.doubled)


def _routine(seed: int, day: date) -> Iterator[JsonObject]:
    """Yield a day's records in which nothing is planted."""
    yield from program_records(Chance(f"{seed}/{day}/programs"), day)
    yield from service_records(Chance(f"{seed}/{day}/services"), day)
    yield from staff_records(Chance(f"{seed}/{day}/staff"), day)
    yield from release_records(Chance(f"{seed}/{day}/releases"), day)


def _calendar(last_month: str, months: int) -> tuple[Month, ...]:
    """Return the months, oldest first."""
    if not _MONTH.fullmatch(last_month):
        raise ComprovaError(Problem("last month", "a month such as 2026-10", repr(last_month)))
    if months < 1:
        raise ComprovaError(Problem("number of months", "1 or more", str(months)))
    found = [Period.parse(last_month, company.TIME_ZONE)]
    while len(found) < months:
        found.append(Period.month_before(found[-1].start, company.TIME_ZONE))
    return tuple(Month(period) for period in reversed(found))


def _truth(facts: SampleFacts, seed: int) -> JsonObject:
    return {
        "company": company.COMPANY,
        "seed": seed,
        "time_zone": company.TIME_ZONE,
        "months": [month.as_json() for month in facts.months],
        "organization": company.ORGANIZATION,
        "accounts": {account.name.lower(): str(account) for account in Account},
        "vendor_accounts": [company.VENDOR_ACCOUNT],
        "regions": [str(region) for region in Region],
        "regulated_buckets": [company.CARDS_BUCKET, company.CUSTOMERS_BUCKET],
        "buckets_without_data_events": [company.REPORTS_BUCKET],
        "log_buckets": [company.TRAIL_BUCKET],
        "readers": [role.arn for role in (AUTHORISER, REGISTER, BACKUP)],
        "deployment_roles": [
            Role(account, company.PIPELINE).arn for account in (Account.PRODUCTION, Account.DEVELOPMENT)
        ],
        "emergency_users": [f"arn:aws:iam::{Account.PRODUCTION}:user/{company.EMERGENCY}"],
        "networks": ["203.0.113.0/24", "198.51.100.0/24", "2001:db8:40::/48"],
        "regulated_keys": [company.bucket_key(company.CARDS_BUCKET), company.bucket_key(company.CUSTOMERS_BUCKET)],
        "events": facts.events,
        "copies": facts.copies,
        "files": facts.files,
        "late_files": facts.late_files,
        "incidents": [incident.as_json() for incident in facts.incidents],
        "explained": [explained.as_json() for explained in facts.explained],
    }
