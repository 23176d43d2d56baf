"""What a statement asked of S3, as Trino's file system has taken it down."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from athena_endpoint.faults import Faults
from athena_endpoint.mirror import Mirror
from athena_endpoint.refusals import bucket_missing, denied, key_denied, other_region
from athena_endpoint.storage import Storage, split_uri

_KEY = "arn:aws:kms:us-east-1:123456789012:key/denied"


class Ask(StrEnum):
    """What was asked."""

    LIST = "list"
    FOOTER = "footer"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Entry:
    """One call.

    Attributes:
        ask: What was asked.
        size: Bytes that were read.
        uri: Of the object, or of the prefix that was listed.
    """

    ask: Ask
    size: int
    uri: str


class Journals:
    """The journals of all statements.

    Args:
        root: The folder of the mirror.
        mirror: Knows the size of files as they lie in S3.
        storage: Knows which buckets there are.
        faults: Know what is denied.
    """

    def __init__(self, root: Path, mirror: Mirror, storage: Storage, faults: Faults) -> None:
        self._folder = root / "journal"
        self._mirror = mirror
        self._storage = storage
        self._faults = faults

    def read(self, query_id: str) -> list[Entry]:
        """Return what a statement of Trino has asked until now."""
        file = self._folder / query_id
        if not file.exists():
            return []
        lines = (line.split("\t", 2) for line in file.read_text(encoding="utf-8").splitlines())
        return [Entry(Ask(ask), int(size), uri) for ask, size, uri in lines]

    def scanned(self, entries: list[Entry]) -> int:
        """Return the bytes that Athena would bill.

        Of Parquet these are the column chunks of the row groups that are read, without footers; of CloudTrail's files
        the objects as they lie in S3.
        """
        return sum(self._size(entry) for entry in entries if entry.ask is Ask.READ) * self._faults.scan_factor

    def check(self, entries: list[Entry]) -> None:
        """Fail where AWS would have refused one of the calls.

        Raises:
            EndedError: It would.
        """
        for entry in entries:
            bucket, _ = split_uri(entry.uri)
            if not self._storage.has_bucket(bucket):
                raise bucket_missing(entry.uri)
            if bucket in self._faults.moved:
                raise other_region(entry.uri)
            if self._faults.place_denied(entry.uri):
                raise denied(entry.uri)
            if entry.ask is not Ask.LIST and self._faults.place_key_denied(entry.uri):
                raise key_denied(entry.uri, _KEY)

    def _size(self, entry: Entry) -> int:
        unwrapped_from = self._mirror.object_bytes(entry.uri)
        return entry.size if unwrapped_from is None else unwrapped_from
