"""What logs hold of the things that a job's parameters name: suggestions for whoever writes the job."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.collect.measured import Row

MEASURE = "scope_values"
"""The measure that finds them."""

SCOPE_VALUES = (
    PlainColumn("topic", ColumnType.VARCHAR),
    PlainColumn("named", ColumnType.VARCHAR),
    PlainColumn("events", ColumnType.BIGINT),
    PlainColumn("last_seen", ColumnType.TIMESTAMP),
    PlainColumn("of_values", ColumnType.BIGINT),
)
"""Its columns."""

LONGEST = 256
"""Characters of a value that is suggested; no name of AWS that a parameter takes is longer in practice."""


class Topic(StrEnum):
    """What a value is; the names are those of `measures/scope_values.sql`."""

    ACCOUNT = "account"
    REGION = "region"
    BUCKET = "bucket"
    LOG_BUCKET = "log_bucket"
    """Into which a service wrote logs, or a trail was told to."""
    TABLE = "table"
    KEY = "key"
    SECRET = "secret"  # noqa: S105 - the word
    SECRET_READER = "secret_reader"  # noqa: S105 - the word
    ADMINISTRATOR = "administrator"
    """An actor whose name says that it administers."""
    BREAK_GLASS = "break_glass"
    """An actor whose name says that it is for emergencies."""
    NETWORK = "network"
    """From which people came."""
    IDENTITY_PROVIDER = "identity_provider"
    OTHER_ACCOUNT = "other_account"
    """That obtained a role here, or gave one to somebody here."""
    MONTH = "month"
    """In local time, in which anything was logged."""
    HOUR = "hour"
    """Of the local day, in which people acted."""
    DAY_OF_WEEK = "day_of_week"
    """In which people acted; Monday is 1."""


@dataclass(frozen=True, slots=True)
class ScopeValue:
    """One value that the logs hold.

    Attributes:
        text: As logged; printable, and at most `LONGEST` characters long.
        events: How many events show it.
        last_seen: The time of the last of them, in UTC, as engines answer it: without a time zone.
    """

    text: str
    events: int
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class ScopeValues:
    """The values of one topic.

    Attributes:
        values: The most frequent first.
        of_values: How many there are in all.
        refused: Of the most frequent, those that are not suggested: too long, or with characters that are not printed.
    """

    values: tuple[ScopeValue, ...] = ()
    of_values: int = 0
    refused: int = 0


def read_scope_values(rows: Sequence[Row]) -> Mapping[Topic, ScopeValues]:
    """Read the rows of the measure: what may stand in a file, and how much may not."""
    by_topic: dict[Topic, list[Row]] = defaultdict(list)
    for row in rows:
        by_topic[Topic(str(row["topic"]))].append(row)
    return {topic: _values(held) for topic, held in by_topic.items()}


def _values(rows: Sequence[Row]) -> ScopeValues:
    values = tuple(_value(row) for row in rows if may_be_written(str(row["named"])))
    of_values = rows[0]["of_values"]
    return ScopeValues(values, of_values if isinstance(of_values, int) else len(rows), len(rows) - len(values))


def may_be_written(text: str) -> bool:
    """Tell whether a value from a log may stand in a file: nothing in it is invisible or turns text round."""
    return text.isprintable() and 0 < len(text) <= LONGEST


def _value(row: Row) -> ScopeValue:
    events, last_seen = row["events"], row["last_seen"]
    if not (isinstance(events, int) and isinstance(last_seen, datetime)):
        message = f"a value of the scope is {row!r}"
        raise TypeError(message)
    return ScopeValue(str(row["named"]), events, last_seen)
