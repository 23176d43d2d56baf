"""What a run would do, told before it reads a log."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from comprova.jobs.delivery import delivered_in, delivery_dates
from comprova.jobs.preparation import Prepared
from comprova.trail.listing import list_folder


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
        folder: Where the run would be written.
        documents: Frameworks and languages of the documents.
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
    folder: str
    documents: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the plan in JSON's types."""
        return {**asdict(self), "first_date": self.first_date.isoformat(), "last_date": self.last_date.isoformat()}


def plan_of(prepared: Prepared, now: datetime) -> Plan:
    """List the logs and decide what a run at an aware moment would do."""
    listing = list_folder(prepared.logs)
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
        skipped=dict(sorted(Counter(item.reason.value for item in listing.skipped).items())),
        folder=str(prepared.out / prepared.job.job.id / prepared.period.label),
        documents=tuple(f"{key} {language}" for key in frameworks for language in prepared.languages),
    )
