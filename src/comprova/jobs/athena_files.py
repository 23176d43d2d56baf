"""The log files of a trail's bucket as a run on Athena tells them: listed, loaded, left out, or without rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from comprova.engines.athena.loading import FilesByDate, Loaded
from comprova.engines.athena.loads import RawFile
from comprova.evidence.model import LogFile
from comprova.jobs.definition import JobScope
from comprova.jobs.logs import READ
from comprova.trail.listing import ListedFile, Listing, SkippedFile, SkipReason

if TYPE_CHECKING:
    import pyarrow as pa


class AthenaFileState(StrEnum):
    """Why a log file that was listed was not read."""

    DAMAGED = "damaged"
    """Athena fails on it; it was left out."""
    NO_ROWS = "no_rows"
    """Athena returned no record of it, and no error: it is empty, or the raw table does not show it."""
    NOT_LOADED = "not_loaded"
    """Its delivery date could not be loaded."""
    OVER_BUDGET = "over_budget"
    """The run might have scanned too much."""


def by_date(listing: Listing) -> FilesByDate:
    """Return the log files by delivery date; one whose key has no date is in no partition of the raw table."""
    files: dict[date, list[RawFile]] = {}
    for file in listing.files:
        key = file.key
        if key.delivery_date is not None:
            raw = RawFile(
                uri=file.path,
                log_file=key.log_file,
                account=key.log_account or "",
                region=key.log_region or "",
                etag=file.etag,
                bytes=file.bytes,
            )
            files.setdefault(key.delivery_date, []).append(raw)
    return files


def hidden(listing: Listing) -> frozenset[tuple[str, str]]:
    """Return the accounts and regions whose folder must not be listed: what it holds cannot be accounted for."""
    return frozenset(
        (item.key.log_account, item.key.log_region)
        for item in listing.skipped
        if item.reason is SkipReason.UNREADABLE and item.key.log_account and item.key.log_region
    )


def in_scope(skipped: Iterable[SkippedFile], scope: JobScope) -> Iterator[SkippedFile]:
    """Yield what was skipped, without the folders of accounts and regions that the job does not ask about."""
    for item in skipped:
        account, region = item.key.log_account, item.key.log_region
        is_folder = item.key.log_file.endswith("/")
        if not is_folder or (_asked(account, scope.accounts) and _asked(region, scope.regions)):
            yield item


def _asked(name: str | None, names: Collection[str]) -> bool:
    return name is None or not names or name in names


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """The log files of a listing, and what became of each.

    Attributes:
        listed: In the order of delivery dates and names.
        states: Of each of them.
        records: Of each of them; empty as long as nobody has counted.
    """

    listed: tuple[ListedFile, ...]
    states: tuple[str, ...]
    records: tuple[int, ...] = ()

    @classmethod
    def of(cls, listing: Listing, loaded: Loaded) -> "StoredFiles":
        """Return what became of each file while its date was loaded."""
        listed = tuple(sorted(listing.files, key=lambda file: (file.key.delivery_date or date.max, file.key.log_file)))
        left_out = {item.log_file for record in loaded.records.values() for item in record.excluded}
        return cls(listed, tuple(_state(file, loaded, left_out) for file in listed))

    def counted(self, counts: Mapping[date, Mapping[str, int]]) -> "StoredFiles":
        """Return the same with their records; of a file without any nothing was examined."""
        records = tuple(
            counts.get(file.key.delivery_date or date.max, {}).get(file.key.log_file, 0) for file in self.listed
        )
        states = tuple(
            AthenaFileState.NO_ROWS if state == READ and not count else state
            for state, count in zip(self.states, records, strict=True)
        )
        return replace(self, states=states, records=records)

    def log_files(self) -> Iterator[LogFile]:
        """Yield them as evidence names them."""
        records = self.records or (0,) * len(self.listed)
        for file, state, count in zip(self.listed, self.states, records, strict=True):
            yield LogFile(
                log_file=file.key.log_file,
                state=state,
                bytes=file.bytes,
                sha256="",
                records=count,
                unreadable=None,
                etag=file.etag,
            )

    def table(self) -> "pa.Table":
        """Return the rows of `files`."""
        import pyarrow as pa

        keys = [file.key for file in self.listed]
        return pa.table(
            {
                "log_file": pa.array([key.log_file for key in keys], pa.string()),
                "log_account": pa.array([key.log_account for key in keys], pa.string()),
                "log_region": pa.array([key.log_region for key in keys], pa.string()),
                "delivery_date": pa.array([key.delivery_date for key in keys], pa.date32()),
                "delivered_at": pa.array([key.delivered_at for key in keys], pa.timestamp("ms")),
                "bytes": pa.array([file.bytes for file in self.listed], pa.int64()),
                "state": pa.array(list(self.states), pa.string()),
                "unreadable": pa.nulls(len(keys), pa.int64()),
            }
        )


def _state(file: ListedFile, loaded: Loaded, left_out: Collection[str]) -> str:
    day = file.key.delivery_date
    if day in loaded.over_budget:
        return AthenaFileState.OVER_BUDGET
    if day not in loaded.records:
        return AthenaFileState.NOT_LOADED
    return AthenaFileState.DAMAGED if file.key.log_file in left_out else READ
