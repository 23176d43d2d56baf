"""What the key of a CloudTrail object says: kind of file, account, region, and when it was delivered.

The layout is that of the CloudTrail User Guide, "Finding your CloudTrail log files" and "CloudTrail log file examples":
`[prefix/]AWSLogs/[o-organisation/]account/CloudTrail/region/yyyy/mm/dd/account_CloudTrail_region_yyyymmddThhmmZ_unique.json.gz`.
Digests, Insights and network activity lie in sibling folders: `CloudTrail-Digest`, `CloudTrail-Insight`,
`CloudTrail-NetworkActivity`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LOG_SUFFIXES = (".json", ".json.gz")


class LogKind(StrEnum):
    """What lies under a key."""

    LOG = "log"
    """Management and data events: what `records` holds."""
    DIGEST = "digest"
    """Hashes and signatures of delivered log files."""
    INSIGHT = "insight"
    """Insights events; the Athena table over the `CloudTrail` folder does not hold them, nor does `records`."""
    NETWORK_ACTIVITY = "network_activity"
    """Network activity events of VPC endpoints; not in `records` either."""
    OTHER = "other"
    """Not a CloudTrail file by its key."""


class DeliveredAtSource(StrEnum):
    """Where the time of delivery was taken from."""

    FILE_NAME = "file name"
    """The minute in the file's name, CloudTrail's own."""
    MODIFIED = "modified"
    """The object's time of last modification, as S3 lists it."""


@dataclass(frozen=True, slots=True)
class LogKey:
    """The facts that an object key holds.

    Attributes:
        log_file: The key from `AWSLogs/` on, or the path relative to the folder given; never a local path.
        kind: What lies under the key.
        log_account: The account whose events the file holds; None where the key does not say.
        log_region: The region whose events the file holds; None where the key does not say.
        delivery_date: The UTC date in the key's folders, else in the file's name; None where there is neither.
        delivered_at: When CloudTrail delivered the file: naive, UTC, to the minute when taken from the name.
        delivered_at_source: Where `delivered_at` was taken from; None where it is not known.
    """

    log_file: str
    kind: LogKind
    log_account: str | None = None
    log_region: str | None = None
    delivery_date: date | None = None
    delivered_at: datetime | None = None
    delivered_at_source: DeliveredAtSource | None = None


_KINDS = {
    "CloudTrail": LogKind.LOG,
    "CloudTrail-Digest": LogKind.DIGEST,
    "CloudTrail-Insight": LogKind.INSIGHT,
    "CloudTrail-NetworkActivity": LogKind.NETWORK_ACTIVITY,
}
_ROOT = re.compile(r"(?:^|/)(?=AWSLogs/)")
_FOLDERS = re.compile(
    r"AWSLogs/(?:o-[^/]+/)?(?P<account>[^/]+)/(?P<folder>CloudTrail[^/]*)/"
    r"(?:(?P<region>[^/]+)/(?P<date>[0-9]{4}/[0-9]{2}/[0-9]{2})/)?(?:[^/]+/)*[^/]+"
)
_NAME = re.compile(
    r"(?P<account>[^_/]+)_(?P<folder>CloudTrail[^_/]*)_(?P<region>[^_/]+)_(?:[^/]*_)?"
    r"(?P<time>[0-9]{8}T[0-9]{4})(?:[0-9]{2})?Z(?:_[^_/]*)?\.json(?:\.gz)?"
)


def parse_key(key: str, modified: datetime | None = None) -> LogKey:
    """Read an object key, or a path relative to the folder given, with `/` between its parts.

    Args:
        key: The key; anything is accepted, and what is not CloudTrail's is `LogKind.OTHER`.
        modified: The object's last modification (naive UTC) where S3 itself told it. The time stamp of a local copy is
            no delivery and must not be given.
    """
    root = _ROOT.search(key)
    log_file = key[root.end() :] if root else key
    name = log_file.rpartition("/")[2]
    if not name.endswith(LOG_SUFFIXES) or name.startswith("."):
        return LogKey(log_file, LogKind.OTHER)
    folders = _FOLDERS.fullmatch(log_file)
    if root and not folders:
        return LogKey(log_file, LogKind.OTHER)
    named = _NAME.fullmatch(name)
    source = folders or named
    delivered_at = _moment(named["time"]) if named else None
    delivered_at_source = DeliveredAtSource.FILE_NAME if delivered_at else None
    if delivered_at is None and modified is not None:
        delivered_at, delivered_at_source = modified, DeliveredAtSource.MODIFIED
    delivery_date = _day(folders["date"]) if folders and folders["date"] else None
    if delivery_date is None and named and delivered_at:
        delivery_date = delivered_at.date()
    return LogKey(
        log_file,
        _KINDS.get(source["folder"], LogKind.OTHER) if source else LogKind.LOG,
        source["account"] if source else None,
        (source["region"] or (named and named["region"])) if source else None,
        delivery_date,
        delivered_at,
        delivered_at_source,
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M")  # noqa: DTZ007  naive UTC, as in every table of comprova
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
