"""A folder of log files as a trail delivers them, and the windows through which they are looked at."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from case_bench import read_view_file
from comprova.period import Period
from comprova.sql.compile import compile_view
from comprova.sql.statement import Statement
from comprova.trail.listing import Listing, list_folder


@dataclass(frozen=True, slots=True)
class TrailFolder:
    """A folder that holds `AWSLogs/`.

    Attributes:
        path: The folder.
        organisation: Id of the organisation whose trail it is; empty for other trails.
    """

    path: Path
    organisation: str = ""

    def listing(self) -> Listing:
        """Return the log files whose keys have a delivery date; the others are in no table on Athena."""
        return Listing(tuple(file for file in list_folder(self.path).files if file.key.delivery_date), ())


def dates_of(listing: Listing) -> tuple[date, date]:
    """Return the first and the last delivery date."""
    days = [file.key.delivery_date for file in listing.files if file.key.delivery_date]
    return min(days), max(days)


def accounts_of(listing: Listing) -> frozenset[str]:
    """Return the accounts whose log files were delivered."""
    return frozenset(str(file.key.log_account) for file in listing.files)


@dataclass(frozen=True, slots=True)
class Window:
    """A period with the look-back before it.

    Attributes:
        period: Its events are in the period.
        history_start: Events before it are left out.
    """

    period: Period
    history_start: datetime

    @property
    def views(self) -> tuple[Statement, Statement]:
        """How `activity` and `deliveries` are made."""
        bounds = {
            "history_start": self.history_start,
            "period_start": self.period.start,
            "period_end": self.period.end,
        }
        activity, deliveries = (compile_view(read_view_file(name), bounds) for name in ("activity", "deliveries"))
        return activity, deliveries
