"""Where a run on Athena works: region, workgroup, and the place in S3 that it writes to."""

from dataclasses import dataclass
from datetime import timedelta

from comprova.errors import ComprovaError, Problem

_SCHEME = "s3://"
_RESULTS = "results"


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket, or everything below a prefix of its keys.

    Attributes:
        bucket: Its name.
        prefix: Without a slash at either end; empty for the whole bucket.
    """

    bucket: str
    prefix: str

    @classmethod
    def parse(cls, uri: str) -> "S3Place":
        """Read `s3://bucket` or `s3://bucket/prefix`, with or without a slash at the end.

        Raises:
            ComprovaError: It is neither.
        """
        bucket, _, prefix = uri.removeprefix(_SCHEME).partition("/")
        if not uri.startswith(_SCHEME) or not bucket:
            raise ComprovaError(Problem("place in S3", "s3://bucket/prefix", repr(uri)))
        return cls(bucket, prefix.strip("/"))

    @property
    def uri(self) -> str:
        """The place as a URI, without a slash at the end."""
        return f"{_SCHEME}{self.bucket}/{self.prefix}".rstrip("/")

    def key(self, *parts: str) -> str:
        """Return the key of an object below this place."""
        return "/".join(part for part in (self.prefix, *parts) if part)

    def below(self, *parts: str) -> "S3Place":
        """Return a place below this one."""
        return S3Place(self.bucket, self.key(*parts))


@dataclass(frozen=True, slots=True)
class AthenaPlace:
    """Where statements run, and what they may take.

    Attributes:
        region: AWS region of Athena and of the store's bucket.
        workgroup: In which every statement runs.
        store: Where tables and results are written.
        kms_key: ARN of the key that encrypts what is written; empty for S3's own key.
        store_owner: Account that must own the store's bucket; empty leaves that unchecked.
        concurrency: Statements under way at once, at least 1.
        deadline: For one statement, from its first request to its last state; and for one call that AWS keeps refusing.
        max_scan: Bytes that the whole run may scan; None for no limit.
    """

    region: str
    workgroup: str
    store: S3Place
    kms_key: str = ""
    store_owner: str = ""
    concurrency: int = 5
    deadline: timedelta = timedelta(minutes=30)
    max_scan: int | None = None

    @property
    def results(self) -> S3Place:
        """Where Athena writes the rows of statements; a workgroup that enforces its settings names the same place."""
        return self.store.below(_RESULTS)
