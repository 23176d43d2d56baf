"""What is there in an AWS account for a job: workgroup, tables, buckets; and what the credentials in use may do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from comprova.engines.athena.faults import Fault, aws_error, fault_of
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.raw_table_check import FoundTable

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

_DEFAULT_REGION = "us-east-1"  # S3 tells no location of a bucket that is there
_EUROPE = "EU"  # nor the region's name of a bucket of eu-west-1 from the days of one region in Europe


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom AWS knows the credentials in use.

    Attributes:
        account: Its id.
        arn: Of the user or role.
    """

    account: str
    arn: str


class Access:
    """AWS as setting up and diagnosing a job see it; every method raises a ComprovaError that says what AWS said.

    Args:
        place: Where the job works.
    """

    def __init__(self, place: AthenaPlace) -> None:
        self.place = place

    def identity(self) -> Identity:
        """Return as whom AWS knows the credentials; this needs no permission."""
        with _told("AWS credentials"):
            said = self._sts.get_caller_identity()
        return Identity(said["Account"], said["Arn"])

    def workgroup(self) -> Mapping[str, Any] | None:
        """Return the workgroup as GetWorkGroup tells it, or None where there is none of its name."""
        with _told(f"workgroup {self.place.workgroup}"):
            try:
                return dict(self._athena.get_work_group(WorkGroup=self.place.workgroup)["WorkGroup"])
            except Exception as error:
                if fault_of(error) is Fault.WORKGROUP:
                    return None
                raise

    def create_workgroup(self, settings: Mapping[str, Any]) -> None:
        """Make the workgroup."""
        description = "Statements of comprova; made by `comprova athena setup`."
        with _told(f"workgroup {self.place.workgroup}"):
            self._athena.create_work_group(
                Name=self.place.workgroup,
                Configuration=settings,  # type: ignore[arg-type] # checked against AWS's own model by botocore
                Description=description,
            )

    def update_workgroup(self, updates: Mapping[str, Any]) -> None:
        """Change the workgroup, and enable it."""
        with _told(f"workgroup {self.place.workgroup}"):
            self._athena.update_work_group(
                WorkGroup=self.place.workgroup,
                ConfigurationUpdates=updates,  # type: ignore[arg-type] # as above
                State="ENABLED",
            )

    def has_database(self, database: str) -> bool:
        """Tell whether the data catalog has a database."""
        with _told(f"database {database}"):
            try:
                self._glue.get_database(Name=database)
            except self._glue.exceptions.EntityNotFoundException:
                return False
        return True

    def table(self, database: str, table: str) -> FoundTable | None:
        """Return a table of the data catalog, or None where it, or its database, is not there."""
        with _told(f"table {database}.{table}"):
            try:
                return FoundTable.read(self._glue.get_table(DatabaseName=database, Name=table)["Table"])
            except self._glue.exceptions.EntityNotFoundException:
                return None

    def bucket_region(self, bucket: str, owner: str) -> str:
        """Return the region of a bucket.

        Args:
            bucket: Its name.
            owner: The account that must own it; empty leaves that unchecked.
        """
        with _told(f"s3://{bucket}"):
            location = self.s3.get_bucket_location(Bucket=bucket, **_owned_by(owner)).get("LocationConstraint")
        named = str(location or _DEFAULT_REGION)
        return "eu-west-1" if named == _EUROPE else named

    def folders(self, place: S3Place, owner: str) -> tuple[str, ...]:
        """Return the names of the first thousand folders at a place.

        Args:
            place: Where.
            owner: The account that must own the bucket; empty leaves that unchecked.
        """
        prefix = f"{place.prefix}/"
        with _told(place.uri):
            page = self.s3.list_objects_v2(Bucket=place.bucket, Prefix=prefix, Delimiter="/", **_owned_by(owner))
        return tuple(common["Prefix"][len(prefix) : -1] for common in page.get("CommonPrefixes", ()))

    def put(self, place: S3Place, data: bytes, *, only_new: bool = False) -> bool:
        """Write an object into the store, encrypted as the job's objects are.

        Returns:
            Whether it was written; False only with `only_new`, where an object is there already.
        """
        encryption: dict[str, Any] = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.place.kms_key} if self.place.kms_key else {}
        )
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if only_new else {}
        with _told(place.uri):
            try:
                self.s3.put_object(
                    Bucket=place.bucket, Key=place.prefix, Body=data, **encryption, **condition, **self._store_owner
                )
            except self.s3.exceptions.ClientError as error:
                if error.response.get("Error", {}).get("Code") == "PreconditionFailed":
                    return False
                raise
        return True

    def get(self, place: S3Place) -> bytes:
        """Read an object of the store."""
        with _told(place.uri):
            return self.s3.get_object(Bucket=place.bucket, Key=place.prefix, **self._store_owner)["Body"].read()

    def holds(self, place: S3Place) -> bool:
        """Tell whether any key of the store begins with a place's, as a listing says."""
        with _told(place.uri):
            return (
                self.s3.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix, **self._store_owner)["KeyCount"] > 0
            )

    def delete(self, place: S3Place) -> None:
        """Delete an object of the store."""
        with _told(place.uri):
            self.s3.delete_object(Bucket=place.bucket, Key=place.prefix, **self._store_owner)

    @property
    def _store_owner(self) -> dict[str, Any]:
        return _owned_by(self.place.store_owner)

    @cached_property
    def s3(self) -> "S3Client":
        """A client of S3 in the job's region."""
        return self._client("s3")  # type: ignore[no-any-return]

    @cached_property
    def _athena(self) -> "AthenaClient":
        return self._client("athena")  # type: ignore[no-any-return]

    @cached_property
    def _glue(self) -> "GlueClient":
        return self._client("glue")  # type: ignore[no-any-return]

    @cached_property
    def _sts(self) -> "STSClient":
        return self._client("sts")  # type: ignore[no-any-return]

    @cached_property
    def _session(self) -> "Session":
        import boto3

        return boto3.session.Session(region_name=self.place.region)

    def _client(self, service: str) -> Any:
        from botocore.config import Config

        with _told("AWS credentials"):
            return self._session.client(
                service,  # type: ignore[call-overload] # a name of those above
                config=Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10, read_timeout=60),
            )


def _owned_by(owner: str) -> dict[str, Any]:
    return {"ExpectedBucketOwner": owner} if owner else {}


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Say as a ComprovaError what AWS says is wrong."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise aws_error(error, where) from error
