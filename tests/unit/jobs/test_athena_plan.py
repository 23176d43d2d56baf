"""A run on Athena is priced before it starts, from a listing alone."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import pytest

from athena_jobs import (
    ACCOUNT,
    ORGANISATION,
    OTHER_ACCOUNT,
    REGION,
    SOURCE,
    STORE,
    TRAIL,
    athena_content,
    aws_account,
    make_bucket,
)
from comprova.engines.athena.loads import LoadRecord, fingerprint
from comprova.engines.athena.prices import Requests
from comprova.errors import ComprovaError, ContentError
from comprova.evidence.canonical import canonical_json
from comprova.jobs.athena_files import by_date
from comprova.jobs.athena_plan import ScanPlan, list_trail
from comprova.jobs.delivery import delivery_dates
from comprova.jobs.plan import Plan, plan_of
from comprova.jobs.preparation import Choices, Prepared, prepare
from comprova.jobs.sources import AthenaSource
from content_builder import JOB, write_root

NOW = datetime(2026, 11, 4, tzinfo=UTC)
MB = 10**6
FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)


@pytest.fixture(autouse=True)
def _account(tmp_path: Path) -> Iterator[None]:
    with aws_account(tmp_path):
        make_bucket(TRAIL)
        make_bucket(STORE)
        yield


def run_of(path: Path, source: str = SOURCE, max_scan: int | None = None) -> Prepared:
    """Prepare the job."""
    choices = Choices(period="2026-10", max_scan=max_scan)
    return prepare("monthly", [write_root(path / "content", athena_content(source))], choices, NOW)


def deliver(day: date, size: int, account: str = ACCOUNT, region: str = REGION, number: int = 0) -> None:
    """Put a log file of a size into the trail's bucket."""
    folder = f"audit/AWSLogs/{ORGANISATION}/{account}/CloudTrail/{region}/{day:%Y/%m/%d}"
    key = f"{folder}/{account}_CloudTrail_{region}_{day:%Y%m%d}T0000Z_{number:016}.json.gz"
    boto3.client("s3", region_name=REGION).put_object(Bucket=TRAIL, Key=key, Body=b"x" * size)


def load(run: Prepared, day: date, parquet_bytes: int) -> None:
    """Publish the load of a delivery date, of what is listed now."""
    assert isinstance(run.source, AthenaSource)
    s3 = boto3.client("s3", region_name=REGION)
    files = by_date(list_trail(run.source, s3, delivery_dates(run)))[day]
    record = LoadRecord(
        delivery_date=day,
        load_id="1",
        fingerprint=fingerprint(files),
        files=len(files),
        bytes=sum(file.bytes for file in files),
        excluded=(),
        rows=1,
        parquet_bytes=parquet_bytes,
        execution_id="1",
        bytes_scanned=1,
    )
    s3.put_object(Bucket=STORE, Key=f"comprova/loads/{day}.json", Body=canonical_json(record))


def planned(run: Prepared) -> tuple[Plan, ScanPlan]:
    """Return the plan of a run."""
    plan = plan_of(run, NOW)
    assert plan.scan is not None
    return plan, plan.scan


def test_what_is_not_loaded_will_be(tmp_path: Path) -> None:
    """Its bytes are known to the byte, one statement for each date; all else is foretold from them."""
    for number, (day, account) in enumerate(((FIRST, ACCOUNT), (FIRST, OTHER_ACCOUNT), (SECOND, ACCOUNT))):
        deliver(day, MB, account, number=number)
    plan, scan = planned(run_of(tmp_path))
    assert (plan.files, plan.bytes, plan.accounts) == (3, 3 * MB, (ACCOUNT, OTHER_ACCOUNT))
    assert (scan.dates, scan.dates_to_load, scan.files_to_load, scan.bytes_to_load) == (2, 2, 3, 3 * MB)
    steps = {step.step: step for step in scan.steps}
    assert (steps["load"].statements, steps["load"].bytes_scanned) == (2, 3 * MB)
    assert list(steps) == ["load", "activity", "deliveries", "measures", "identity.key_age", "identity.root_use"]
    assert scan.statements == 2 + 1 + 1 + 8 + 2
    assert scan.amount == pytest.approx(scan.statements * 10 * MB / 10**12 * 5)  # each at the least that is billed
    assert scan.requests == Requests(lists=2 * (1 + 2 * 2 + 2), gets=3)
    assert scan.total == pytest.approx(scan.amount + scan.requests.usd)


def test_what_is_loaded_is_not_loaded_again(tmp_path: Path) -> None:
    """Its records are as large as the load record says."""
    deliver(FIRST, MB)
    deliver(SECOND, 2 * MB)
    run = run_of(tmp_path)
    load(run, FIRST, 123)
    _, scan = planned(run)
    assert (scan.dates, scan.dates_to_load, scan.bytes_to_load) == (2, 1, 2 * MB)
    load(run, SECOND, 456)
    _, scan = planned(run)
    assert (scan.dates_to_load, scan.files_to_load, scan.requests.gets) == (0, 0, 0)
    [activity] = [step for step in scan.steps if step.step == "activity"]
    assert 123 + 456 < activity.bytes_scanned < 10 * (123 + 456)  # all columns at least once


def test_a_date_that_has_changed_is_loaded_again(tmp_path: Path) -> None:
    """A file that came late, and a load record of another format."""
    deliver(FIRST, MB)
    deliver(SECOND, MB)
    run = run_of(tmp_path)
    load(run, FIRST, 123)
    deliver(FIRST, MB, number=7)
    boto3.client("s3", region_name=REGION).put_object(Bucket=STORE, Key=f"comprova/loads/{SECOND}.json", Body=b"{}")
    _, scan = planned(run)
    assert (scan.dates_to_load, scan.files_to_load) == (2, 3)


def test_a_limit_that_the_run_would_pass_is_told(tmp_path: Path) -> None:
    """The command line's comes before the job's."""
    deliver(FIRST, MB)
    source = f'{SOURCE}max_scan = "1 GB"\n'
    _, fits = planned(run_of(tmp_path / "job", source))
    _, passes = planned(run_of(tmp_path / "line", source, max_scan=MB))
    assert (fits.max_scan, fits.fits) == (10**9, True)
    assert (passes.max_scan, passes.fits) == (MB, False)


def test_another_currency_has_no_price_of_requests(tmp_path: Path) -> None:
    """S3's are known in dollars; amounts of two currencies are not added."""
    deliver(FIRST, MB)
    _, scan = planned(run_of(tmp_path, f'{SOURCE}price_per_tb = 27.5\ncurrency = "BRL"\n'))
    assert (scan.currency, scan.total) == ("BRL", None)
    assert scan.amount == pytest.approx(13 * 10 * MB / 10**12 * 27.5)


def test_what_may_hold_logs_and_would_not_be_read_is_told(tmp_path: Path) -> None:
    """An account that the job does not name, and a digest, which is no log."""
    deliver(FIRST, MB)
    deliver(FIRST, MB, "777788889999")
    digest = f"audit/AWSLogs/{ORGANISATION}/{ACCOUNT}/CloudTrail-Digest/{REGION}/2026/10/01/x.json.gz"
    boto3.client("s3", region_name=REGION).put_object(Bucket=TRAIL, Key=digest, Body=b"x")
    plan, _ = planned(run_of(tmp_path))
    folder = f"AWSLogs/{ORGANISATION}/777788889999/CloudTrail/{REGION}/"
    assert (plan.files, plan.unread, plan.skipped) == (1, {"not_in_table": (folder,)}, {"digest": 1})


def test_an_empty_trail_costs_nothing(tmp_path: Path) -> None:
    """Nothing would be asked of what is not there."""
    _, scan = planned(run_of(tmp_path))
    assert (scan.steps, scan.amount, scan.dates) == ((), 0, 0)


def test_a_plan_is_json(tmp_path: Path) -> None:
    """A machine may read it."""
    deliver(FIRST, MB)
    plan, scan = planned(run_of(tmp_path))
    said = json.loads(json.dumps(plan.as_json()))["scan"]
    assert (said["bytes_scanned"], said["total"]) == (scan.bytes_scanned, scan.total)
    assert said["steps"][0]["step"] == "load"
    assert said["requests"]["get"] == 1


def test_a_bucket_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nothing is planned over logs that nobody has."""
    with pytest.raises(ComprovaError, match="NoSuchBucket"):
        plan_of(run_of(tmp_path, SOURCE.replace("acme-trail", "no-such-trail")), NOW)


def test_a_period_before_the_table_begins_is_refused(tmp_path: Path) -> None:
    """Athena would answer zero rows, and no error, about days that the table does not show."""
    with pytest.raises(ContentError, match=rf"{JOB}: source\.start: expected 2026-10-01 or earlier.*found 2026-10-02"):
        run_of(tmp_path, SOURCE.replace("start = 2026-01-01", "start = 2026-10-02"))


def test_look_back_begins_where_the_table_does(tmp_path: Path) -> None:
    """What lies before it is not read, and so not listed."""
    run = run_of(tmp_path, SOURCE.replace("start = 2026-01-01", "start = 2026-10-01"))
    assert delivery_dates(run) == (date(2026, 10, 1), date(2026, 11, 3))
