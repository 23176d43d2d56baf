"""What lies in the trail's bucket, how old the newest logs are, and whether the raw table shows all of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from comprova.engines.athena.access import Access
from comprova.engines.athena.raw_table_check import FoundTable
from comprova.errors import ComprovaError
from comprova.jobs.athena_setup import raw_table_of
from comprova.jobs.diagnosis import Diagnosis, Verdict, tried
from comprova.jobs.preparation import Prepared
from comprova.jobs.sources import AthenaSource
from comprova.trail.bucket import TrailPlace, list_bucket
from comprova.trail.listing import Listing, SkippedFile, SkipReason

_DAYS = 3
"""Delivery dates that are looked at: today's and those before it."""

_MEANING = {
    SkipReason.NOT_IN_TABLE: (
        "log files lie there that the raw table does not show: Athena answers nothing about them, and no error",
        "Name the account or region in the job's source, and run `comprova athena setup JOB --update`.",
    ),
    SkipReason.UNREADABLE: (
        "it may not be listed",
        "Grant s3:ListBucket for it (`comprova athena iam JOB`).",
    ),
    SkipReason.ARCHIVED: (
        "it is in a storage class that Athena passes over",
        "Restore it, or keep log files longer before they are archived.",
    ),
}


def diagnose_trail(
    prepared: Prepared, source: AthenaSource, access: Access, table: FoundTable | None, now: datetime
) -> Iterator[Diagnosis]:
    """Look at the newest delivery dates of the bucket; no log file is opened.

    Args:
        prepared: The run.
        source: What it reads.
        access: AWS.
        table: The raw table; None where there is none, and what the job wants it to show is taken in its place.
        now: An aware moment.
    """
    place = source.trail_place
    name = f"trail {source.trail}"
    yield tried(f"{name}: region", lambda: f"in {access.bucket_region(place.bucket, source.trail_owner)}")
    today = now.astimezone(UTC).date()
    trail = TrailPlace(place.bucket, place.prefix, source.organisation, source.trail_owner)
    raw = raw_table_of(source)
    accounts = table.projects("account") if table else frozenset(raw.accounts) or None
    regions = table.projects("region") if table else frozenset(raw.regions)
    first = today - timedelta(days=_DAYS - 1)
    try:
        listing = list_bucket(access.s3, trail, (first, today), accounts, regions)
    except ComprovaError as error:
        yield Diagnosis(f"{name}: list", Verdict.NOT, error.problems[0].found, error.problems[0].hint)
        return
    yield Diagnosis(f"{name}: list", Verdict.OK, f"{len(listing.files)} log files delivered since {first}")
    yield from _beside(name, source, access)
    wanted = {*prepared.job.job.scope.accounts, *source.accounts}
    yield from _ages(listing, wanted, now)
    for item in _unread(listing):
        found, hint = _MEANING[item.reason]
        yield Diagnosis(f"{name}: {item.key.log_file}", Verdict.NOT, found, hint)
    if source.trail_kms_key:
        found = f"only Athena reads log files, so the first load tries {source.trail_kms_key}"
        yield Diagnosis(f"{name}: decrypt", Verdict.UNKNOWN, found)


def _beside(name: str, source: AthenaSource, access: Access) -> Iterator[Diagnosis]:
    """Tell of organisations, and of accounts outside of them, whose logs lie beside those that the job reads."""
    folders = access.folders(source.trail_place.below("AWSLogs"), source.trail_owner)
    others = [folder for folder in folders if folder.startswith("o-") and folder != source.organisation]
    accounts = [folder for folder in folders if folder.isdigit()] if source.organisation else []
    verdict = Verdict.UNKNOWN if source.organisation else Verdict.NOT
    for other in others:
        hint = f'If they are meant, the source of a job says organisation = "{other}".'
        yield Diagnosis(
            f"{name}: AWSLogs/{other}/", verdict, "logs of an organisation that this job does not read", hint
        )
    if accounts:
        found = f"logs of {len(accounts)} accounts outside of the organisation, which this job does not read"
        yield Diagnosis(f"{name}: AWSLogs/", verdict, found, "If they are meant, make a job without `organisation`.")


def _ages(listing: Listing, wanted: set[str], now: datetime) -> Iterator[Diagnosis]:
    newest: dict[str, int] = {}
    for file in listing.files:
        account = file.key.log_account or ""
        newest[account] = max(file.modified_ns, newest.get(account, 0))
    for account in sorted(wanted | newest.keys()):
        if account in newest:
            age = now - datetime.fromtimestamp(newest[account] / 1e9, UTC)
            yield Diagnosis(f"account {account}", Verdict.OK, f"its newest log file is {_duration(age)} old")
        else:
            hint = "Look at the trail: it may be stopped, deliver elsewhere, or not cover the account."
            yield Diagnosis(f"account {account}", Verdict.NOT, f"no log file in {_DAYS} days", hint)


def _duration(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    hours = minutes // 60
    return f"{minutes} minutes" if hours < 2 else f"{hours} hours"  # noqa: PLR2004 - where minutes stop telling more


def _unread(listing: Listing) -> Iterator[SkippedFile]:
    """Yield what may hold logs and would not be read, the first of each account, region and reason."""
    seen = set()
    for item in listing.skipped:
        about = (item.reason, item.key.log_account, item.key.log_region)
        if item.reason in _MEANING and about not in seen:
            seen.add(about)
            yield item
