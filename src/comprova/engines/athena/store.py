"""The store of a job: the objects that comprova itself writes beside those that Athena writes."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from comprova.engines.athena.faults import AWS_ERRORS, aws_error
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.errors import EngineError, Problem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOST = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
"""Of a conditional write: someone else was faster (Amazon S3 User Guide, "Conditional writes")."""

_TAIL = 1 << 16  # bytes of a Parquet file's end in which most footers are
_AROUND_FOOTER = 8 + 4  # its length and the magic number after it, and another before


@dataclass(frozen=True, slots=True)
class Held:
    """An object as it was read.

    Attributes:
        data: Its bytes.
        etag: What a conditional write names to replace exactly this.
    """

    data: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a folder of Parquet files holds."""

    rows: int
    bytes: int


class Store:
    """Reads and writes whole objects of the store.

    Args:
        s3: A client of the store's region.
        place: Where the store is, whose it is, and with which key it is encrypted.
    """

    def __init__(self, s3: "S3Client", place: AthenaPlace) -> None:
        self._s3 = s3
        self._place = place.store
        self._owner: dict[str, Any] = {"ExpectedBucketOwner": place.store_owner} if place.store_owner else {}
        self._encryption: dict[str, Any] = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": place.kms_key}
            if place.kms_key
            else {"ServerSideEncryption": "AES256"}
        )

    def place(self, *parts: str) -> S3Place:
        """Return a place in the store."""
        return self._place.below(*parts)

    def read(self, *parts: str) -> Held | None:
        """Return an object; None where there is none.

        Raises:
            ComprovaError: S3 does not give it.
        """
        place = self._place.below(*parts)
        try:
            answer = self._s3.get_object(Bucket=place.bucket, Key=place.prefix, **self._owner)
            return Held(answer["Body"].read(), answer["ETag"])
        except ClientError as error:
            if _code(error) == "NoSuchKey":
                return None
            raise aws_error(error, place.uri) from error
        except AWS_ERRORS as error:
            raise aws_error(error, place.uri) from error

    def write(self, data: bytes, *parts: str) -> None:
        """Write an object that nobody else writes.

        Raises:
            ComprovaError: S3 does not take it.
        """
        self._put(data, self._place.below(*parts), {})

    def publish(self, data: bytes, *parts: str, instead_of: Held | None) -> bool:
        """Write an object unless someone else was faster; tell whether it was written.

        Args:
            data: Its bytes.
            parts: Of its key.
            instead_of: What is there, as far as the caller knows; None for nothing.

        Raises:
            ComprovaError: S3 does not take it.
        """
        condition = {"IfNoneMatch": "*"} if instead_of is None else {"IfMatch": instead_of.etag}
        return self._put(data, self._place.below(*parts), condition)

    def parquet(self, *parts: str) -> Written:
        """Return what a folder of Parquet files holds, by their footers.

        Athena's own statistics are no such count: "in some cases, may not be returned" (Athena API Reference,
        GetQueryRuntimeStatistics), and of an UNLOAD they do not say whether rows written are rows returned.

        Raises:
            ComprovaError: S3 does not list or give the files, or they are no Parquet files.
        """
        place = self._place.below(*parts)
        try:
            files = [*self._listed(place)]
            return Written(
                rows=sum(self._rows(place.bucket, key, size) for key, size in files),
                bytes=sum(size for _, size in files),
            )
        except AWS_ERRORS as error:
            raise aws_error(error, place.uri) from error

    def folders(self, *parts: str) -> dict[str, int]:
        """Return the bytes of the files below each folder of a folder, by name; those in none are the empty name's.

        Empty files do not count.

        Raises:
            ComprovaError: S3 does not list them.
        """
        place = self._place.below(*parts)
        sizes: dict[str, int] = {}
        try:
            for key, size in self._listed(place):
                if not size:
                    continue  # what a console makes to show a folder
                folder, inside, _ = key.removeprefix(f"{place.prefix}/").partition("/")
                name = folder if inside else ""
                sizes[name] = sizes.get(name, 0) + size
        except AWS_ERRORS as error:
            raise aws_error(error, place.uri) from error
        return sizes

    def _listed(self, place: S3Place) -> Iterator[tuple[str, int]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=place.bucket, Prefix=f"{place.prefix}/", **self._owner
        )
        for page in pages:
            for item in page.get("Contents", ()):
                yield item["Key"], item["Size"]

    def _rows(self, bucket: str, key: str, size: int) -> int:
        import pyarrow as pa
        import pyarrow.parquet as pq

        tail = self._tail(bucket, key, min(size, _TAIL))
        needed = int.from_bytes(tail[-8:-4], "little") + _AROUND_FOOTER
        if len(tail) < needed <= size:
            tail = self._tail(bucket, key, needed)
        try:
            return int(pq.read_metadata(io.BytesIO(tail)).num_rows)
        except pa.ArrowException as error:
            raise EngineError(Problem(f"s3://{bucket}/{key}", "a Parquet file", str(error))) from error

    def _tail(self, bucket: str, key: str, length: int) -> bytes:
        answer = self._s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=-{length}", **self._owner)
        return answer["Body"].read()

    def _put(self, data: bytes, place: S3Place, condition: dict[str, Any]) -> bool:
        try:
            self._s3.put_object(
                Bucket=place.bucket, Key=place.prefix, Body=data, **self._encryption, **self._owner, **condition
            )
        except ClientError as error:
            if condition and _code(error) in _LOST:
                return False
            raise aws_error(error, place.uri) from error
        except AWS_ERRORS as error:
            raise aws_error(error, place.uri) from error
        return True


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
