"""What the statements of a run will scan, told before any of them runs.

Loading reads every byte of the log files that are not loaded yet: that part is known. The others are shares, measured
as their comments say; `comprova run` states what was scanned in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comprova.engines.athena.prices import ScanPrice
from comprova.engines.athena.steps import ACTIVITY, DELIVERIES, LOAD
from comprova.evidence.cost import CostStep

MEASURES = "measures"
STEPS = (LOAD, ACTIVITY, DELIVERIES, MEASURES)
"""The steps before the queries."""

# Measured by benchmarks/athena_bytes.py, 300 thousand events of a busy trail and the sample's.
RECORDS_OF_RAW = 0.75
"""Bytes of records (Parquet, ZSTD) of the bytes of their log files."""

# Bytes scanned, of the bytes of records. Athena reads a table anew for each place in which a statement names it.
_ACTIVITY = 2.2  # activity.sql: all columns twice, eventid once
_DELIVERIES = 0.05  # deliveries.sql: the columns that tell file and time, and activity's log_file
_MEASURES = 0.12  # all measures together: few columns each
_QUERY = 0.02  # one query of activity: three in four read a few groups of events, and next to nothing


@dataclass(frozen=True, slots=True)
class DateBytes:
    """The log files of one delivery date.

    Attributes:
        raw: Their bytes.
        parquet: Of their records; None where they are still to be loaded.
    """

    raw: int
    parquet: int | None

    @property
    def records(self) -> int:
        """The bytes of their records, known or foretold."""
        return round(self.raw * RECORDS_OF_RAW) if self.parquet is None else self.parquet


def foretold(
    dates: Sequence[DateBytes], measures: int, queries: Sequence[str], price: ScanPrice
) -> tuple[CostStep, ...]:
    """Return what each step of a run will scan and cost; empty where there is no log file.

    Args:
        dates: Delivery dates that have log files.
        measures: How many statements measure the logs.
        queries: Ids of the queries that will be asked.
        price: Of scanning.
    """
    if not dates:
        return ()
    records = sum(date.records for date in dates)
    return (
        price.step(LOAD, [date.raw for date in dates if date.parquet is None]),
        price.step(ACTIVITY, [round(records * _ACTIVITY)]),
        price.step(DELIVERIES, [round(records * _DELIVERIES)]),
        price.step(MEASURES, [round(records * _MEASURES / measures)] * measures),
        *(price.step(query, [round(records * _QUERY)]) for query in queries),
    )
