"""What a run would do, told before it reads a log."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from comprova.jobs.delivery import delivered_in, delivery_dates
from comprova.jobs.logs import other_kinds, unread_files
from comprova.jobs.preparation import Prepared
from comprova.jobs.sources import AthenaSource, FolderSource
from comprova.trail.listing import Listing, list_folder

if TYPE_CHECKING:
    from comprova.jobs.athena_plan import ScanPlan


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one run.

    Attributes:
        period: Label.
        closed: Whether all its events can be expected to be delivered.
        frameworks: Keys of editions.
        queries: That would be asked, at their versions.
        unset: By required parameter that is not set, the queries that are inconclusive without it.
        files: Log files that would be read, or were already.
        bytes: Of these, as stored.
        first_date, last_date: Delivery dates that belong to the period and its look-back.
        accounts: Of which there is a log file.
        skipped: Files that are no event logs, by kind.
        unread: Files that may be log files, and folders that may hold some, that would not be read: names by reason.
        folder: Where the run would be written.
        documents: Frameworks and languages of the documents.
        scan: What the run would scan on Athena, and its price; None for a folder, which costs nothing.
    """

    period: str
    closed: bool
    frameworks: tuple[str, ...]
    queries: tuple[str, ...]
    unset: Mapping[str, tuple[str, ...]]
    files: int
    bytes: int
    first_date: date
    last_date: date
    accounts: tuple[str, ...]
    skipped: Mapping[str, int]
    unread: Mapping[str, tuple[str, ...]]
    folder: str
    documents: tuple[str, ...]
    scan: "ScanPlan | None" = None

    def as_json(self) -> dict[str, object]:
        """Return the plan in JSON's types."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        dates = {"first_date": self.first_date.isoformat(), "last_date": self.last_date.isoformat()}
        return {**said, **dates, "scan": self.scan.as_json() if self.scan else None}


def plan_of(prepared: Prepared, now: datetime) -> Plan:
    """List the logs and decide what a run at an aware moment would do.

    Raises:
        ComprovaError: The logs are not where the job says, or may not be listed.
    """
    listing, scan = _listed(prepared)
    dates = delivery_dates(prepared)
    files = [file for file in listing.files if delivered_in(file.key.delivery_date, dates)]
    frameworks = tuple(framework.key for framework in prepared.frameworks)
    return Plan(
        period=prepared.period.label,
        closed=prepared.period.closed_at(now),
        frameworks=frameworks,
        queries=tuple(str(query.ref) for query in prepared.queries),
        unset={
            name: tuple(query.id for query in prepared.queries if name in query.block.parameters)
            for name in sorted(prepared.bindings.unset)
            if any(name in query.block.parameters for query in prepared.queries)
        },
        files=len(files),
        bytes=sum(file.bytes for file in files),
        first_date=dates[0],
        last_date=dates[1],
        accounts=tuple(sorted({file.key.log_account for file in files if file.key.log_account})),
        skipped=other_kinds(listing.skipped),
        unread=_by_reason(listing),
        folder=str(prepared.out / prepared.job.job.id / prepared.period.label),
        documents=tuple(f"{key} {language}" for key in frameworks for language in prepared.languages),
        scan=scan,
    )


def _by_reason(listing: Listing) -> dict[str, tuple[str, ...]]:
    unread = unread_files(listing.skipped)
    return {
        reason: tuple(file.log_file for file in unread if file.state == reason)
        for reason in sorted({file.state for file in unread})
    }


def _listed(prepared: Prepared) -> tuple[Listing, "ScanPlan | None"]:
    match prepared.source:
        case FolderSource() as source:
            return list_folder(source.folder), None
        case AthenaSource() as source:
            from comprova.engines.athena.access import Access
            from comprova.jobs.athena_plan import list_trail, scan_plan

            s3 = Access(source.place()).s3
            listing = list_trail(source, s3, delivery_dates(prepared))
            return listing, scan_plan(prepared, source, s3, listing)
