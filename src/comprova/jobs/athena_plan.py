"""What a run on Athena would scan, and its price: known from a listing of the bucket, before any statement runs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from comprova.collect.measured import MEASURES
from comprova.engines.athena.foretelling import DateBytes, foretold
from comprova.engines.athena.loads import LoadRecord, RawFile, fingerprint, record_key
from comprova.engines.athena.prices import Requests, ScanPrice
from comprova.engines.athena.store import Store
from comprova.evidence.cost import CostStep
from comprova.jobs.athena_files import by_date
from comprova.jobs.athena_setup import raw_table_of
from comprova.jobs.preparation import Prepared
from comprova.jobs.sources import AthenaSource
from comprova.trail.bucket import TrailPlace, list_bucket
from comprova.trail.listing import Listing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_KEYS_OF_A_PAGE = 1000
_LISTINGS = 2  # before loading and after
_OTHER_MEASURES = 1  # the records of each log file
_USD = "USD"


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """What a run would scan.

    Attributes:
        dates: Delivery dates that have log files.
        dates_to_load: Of these, those that are not loaded yet, or of other log files than are there now.
        files_to_load, bytes_to_load: Of these.
        steps: What each step scans and costs; but for `load` foretold from shares.
        requests: To S3, for log files.
        currency: Of the amounts of the steps.
        max_scan: Bytes that the run may scan; None for no limit.
    """

    dates: int
    dates_to_load: int
    files_to_load: int
    bytes_to_load: int
    steps: tuple[CostStep, ...]
    requests: Requests
    currency: str
    max_scan: int | None

    @property
    def statements(self) -> int:
        """Statements that scan; those that define tables come on top and cost nothing."""
        return sum(step.statements for step in self.steps)

    @property
    def bytes_scanned(self) -> int:
        """Bytes of all steps."""
        return sum(step.bytes_scanned for step in self.steps)

    @property
    def amount(self) -> float:
        """Price of all steps, in the job's currency; without requests."""
        return sum(step.amount for step in self.steps)

    @property
    def total(self) -> float | None:
        """Price with requests; None in a currency in which these have no price."""
        return self.amount + self.requests.usd if self.currency == _USD else None

    @property
    def fits(self) -> bool:
        """Whether the run may scan that much."""
        return self.max_scan is None or self.bytes_scanned <= self.max_scan

    def as_json(self) -> dict[str, Any]:
        """Return the plan in JSON's types."""
        return {
            **{key: value for key, value in asdict(self).items() if key not in {"steps", "requests"}},
            "steps": [step.model_dump() for step in self.steps],
            "requests": {"list": self.requests.lists, "get": self.requests.gets, "usd": self.requests.usd},
            "statements": self.statements,
            "bytes_scanned": self.bytes_scanned,
            "amount": self.amount,
            "total": self.total,
        }


def list_trail(source: AthenaSource, s3: "S3Client", dates: tuple[date, date]) -> Listing:
    """List the log files of delivery dates, first and last included, as the raw table shows them.

    Raises:
        ComprovaError: There is no such bucket, or it may not be listed.
    """
    place, raw = source.trail_place, raw_table_of(source)
    trail = TrailPlace(place.bucket, place.prefix, source.organisation, source.trail_owner)
    return list_bucket(s3, trail, dates, raw.accounts or None, raw.regions)


def scan_plan(prepared: Prepared, source: AthenaSource, s3: "S3Client", listing: Listing) -> ScanPlan:
    """Foretell what a run would scan.

    Args:
        prepared: The run.
        source: What it reads.
        s3: A client of the store's region.
        listing: The log files of its delivery dates.

    Raises:
        ComprovaError: The store may not be read.
    """
    store = Store(s3, source.place())
    files = by_date(listing)
    loaded = {day: _loaded(store, day, of_day) for day, of_day in sorted(files.items())}
    to_load = [day for day, record in loaded.items() if record is None]
    price = ScanPrice(source.price_per_tb, source.currency)
    queries = [query.id for query in prepared.queries]
    return ScanPlan(
        dates=len(files),
        dates_to_load=len(to_load),
        files_to_load=sum(len(files[day]) for day in to_load),
        bytes_to_load=sum(_bytes(files[day]) for day in to_load),
        steps=foretold(_date_bytes(files, loaded), len(MEASURES) + _OTHER_MEASURES, queries, price),
        requests=Requests(_LISTINGS * _pages(listing), sum(len(files[day]) for day in to_load)),
        currency=source.currency,
        max_scan=prepared.max_scan,
    )


def _loaded(store: Store, day: date, files: Sequence[RawFile]) -> LoadRecord | None:
    held = store.read(*record_key(day))
    if held is None:
        return None
    try:
        record = LoadRecord.model_validate_json(held.data)
    except ValidationError:
        return None  # of another format: the date is loaded anew
    return record if record.fingerprint == fingerprint(files) else None


def _date_bytes(files: Mapping[date, Sequence[RawFile]], loaded: Mapping[date, LoadRecord | None]) -> list[DateBytes]:
    return [
        DateBytes(_bytes(files[day]), None if record is None else record.parquet_bytes)
        for day, record in loaded.items()
    ]


def _bytes(files: Sequence[RawFile]) -> int:
    return sum(file.bytes for file in files)


def _pages(listing: Listing) -> int:
    """Return the LIST requests of one listing: each folder of an account and region is listed by itself."""
    folders: dict[tuple[str | None, str | None], int] = {}
    for file in listing.files:
        folder = (file.key.log_account, file.key.log_region)
        folders[folder] = folders.get(folder, 0) + 1
    accounts = len({account for account, _ in folders})
    return 1 + 2 * accounts + sum(-(-count // _KEYS_OF_A_PAGE) for count in folders.values())
