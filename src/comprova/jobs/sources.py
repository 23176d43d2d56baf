"""What a job reads: a local folder, or the bucket of a trail through Amazon Athena."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from comprova.catalog.text import Line, Text
from comprova.catalog.toml_reader import Block, matching
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.jobs.sizes import Size, bytes_of

_LEAST_CUTOFF = "10 MB"  # of a workgroup: Athena API reference, WorkGroupConfiguration, BytesScannedCutoffPerQuery


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        message = "a list that names each once"
        raise ValueError(message)
    return values


Account = Annotated[str, matching(r"[0-9]{12}", "an account id of 12 digits")]
Region = Annotated[str, matching(r"[a-z]{2,4}(-[a-z]+)+-[0-9]", "a region such as sa-east-1")]
_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# Of the characters of a key, those that neither Hive nor a URL reads as something else.
_FOLDERS = r"(/(?!\.{1,2}(/|$))[A-Za-z0-9!_.()=+@-]+)"
_TrailPlace = Annotated[
    str, matching(rf"s3://{_BUCKET}{_FOLDERS}*", "the place that holds AWSLogs/: s3://bucket or s3://bucket/prefix")
]
_StorePlace = Annotated[str, matching(rf"s3://{_BUCKET}{_FOLDERS}+", "a place of its own: s3://bucket/prefix")]
_Organisation = Annotated[str, matching(r"(o-[a-z0-9]{10,32})?", "an organisation's id such as o-a1b2c3d4e5, or ''")]
_Owner = Annotated[str, matching(r"([0-9]{12})?", "an account id of 12 digits, or ''")]
_Key = Annotated[
    str,
    matching(
        r"(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?",
        "the ARN of a KMS key (arn:aws:kms:region:account:key/id), or ''",
    ),
]
_Database = Annotated[
    str, matching(r"[a-z][a-z0-9_]{0,63}", "a name of small letters, digits and _, at most 64 of them")
]
_Workgroup = Annotated[str, matching(r"[A-Za-z0-9._-]{1,128}", "a workgroup's name of letters, digits and . _ -")]
_Currency = Annotated[str, matching(r"[A-Z]{3}", "a currency's ISO 4217 code such as USD")]


class FolderSource(Block):
    """A local folder of CloudTrail files, read with the embedded engine.

    Attributes:
        kind: `folder`.
        name: How evidence and documents name it; never a path.
        logs: The folder; a relative one is relative to where the command runs.
    """

    kind: Literal["folder"]
    name: Text
    logs: Line

    @property
    def folder(self) -> Path:
        """The path of the folder."""
        return Path(self.logs)


class AthenaSource(Block):
    """The bucket of a trail, read with Amazon Athena.

    Attributes:
        kind: `athena`.
        name: How evidence and documents name it; never an address.
        region: Where Athena runs; the store's bucket is there too.
        trail: The place that holds `AWSLogs/`.
        organisation: Id of the organisation whose trail it is; empty for the trail of one account or of several.
        accounts: Whose logs the raw table shows; empty: of any account that a statement names.
        regions: Whose logs the raw table shows; empty: of every region that has CloudTrail.
        start: The first delivery date that the raw table shows; earlier logs are not read.
        database: Of the raw table; each run has a database of its own whose name begins with this.
        workgroup: In which every statement runs.
        store: Where records, tables and results of statements are written; never at the trail's place.
        kms_key: ARN of the key that encrypts what is written; empty for S3's own key (SSE-S3).
        trail_kms_key: ARN of the key that encrypts the trail's log files; empty where S3's own does.
        trail_owner: Account that must own the trail's bucket; empty leaves that unchecked.
        store_owner: The same for the bucket of the store.
        concurrency: Statements under way at once.
        query_minutes: After which a statement is stopped.
        query_cutoff: Bytes that one statement may scan; the workgroup enforces it.
        max_scan: Bytes that a whole run may scan; empty for no limit.
        price_per_tb: Of scanning 10^12 bytes, in `currency`.
        currency: ISO 4217 code.
    """

    kind: Literal["athena"]
    name: Text
    region: Region
    trail: _TrailPlace
    organisation: _Organisation = ""
    accounts: Annotated[tuple[Account, ...], AfterValidator(_each_once)] = ()
    regions: Annotated[tuple[Region, ...], AfterValidator(_each_once)] = ()
    start: date
    database: _Database = "comprova"
    workgroup: _Workgroup = "comprova"
    store: _StorePlace
    kms_key: _Key = ""
    trail_kms_key: _Key = ""
    trail_owner: _Owner = ""
    store_owner: _Owner = ""
    concurrency: Annotated[int, Field(ge=1, le=20)] = 5
    query_minutes: Annotated[int, Field(ge=1, le=240)] = 30
    query_cutoff: Size = "1 TB"
    max_scan: Size | Literal[""] = ""
    price_per_tb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5.0
    currency: _Currency = "USD"

    @property
    def trail_place(self) -> S3Place:
        """The place that holds `AWSLogs/`."""
        return S3Place.parse(self.trail)

    @property
    def query_cutoff_bytes(self) -> int:
        """Bytes that one statement may scan."""
        return bytes_of(self.query_cutoff)

    @property
    def max_scan_bytes(self) -> int | None:
        """Bytes that a whole run may scan; None for no limit."""
        return bytes_of(self.max_scan) if self.max_scan else None

    def place(self, max_scan: int | None = None) -> AthenaPlace:
        """Return where statements run and write.

        Args:
            max_scan: Bytes that the whole run may scan; None for no limit.
        """
        return AthenaPlace(
            region=self.region,
            workgroup=self.workgroup,
            store=S3Place.parse(self.store),
            kms_key=self.kms_key,
            store_owner=self.store_owner,
            concurrency=self.concurrency,
            deadline=timedelta(minutes=self.query_minutes),
            max_scan=max_scan,
        )

    @field_validator("store")
    @classmethod
    def _apart_from_the_trail(cls, store: str, others: ValidationInfo) -> str:
        trail = others.data.get("trail")
        if trail is not None and (f"{store}/".startswith(f"{trail}/") or f"{trail}/".startswith(f"{store}/")):
            message = f"a place apart from the trail's ({trail}), such as a bucket of its own"
            raise ValueError(message)
        return store

    @field_validator("kms_key")
    @classmethod
    def _in_the_region_of_the_store(cls, key: str, others: ValidationInfo) -> str:
        region = others.data.get("region")
        if key and region is not None and key.split(":")[3] != region:
            message = f"a key in {region}, where the store is"
            raise ValueError(message)
        return key

    @field_validator("query_cutoff")
    @classmethod
    def _that_a_workgroup_takes(cls, size: str) -> str:
        if bytes_of(size) < bytes_of(_LEAST_CUTOFF):
            message = f"{_LEAST_CUTOFF} or more, as Athena demands"
            raise ValueError(message)
        return size


Source = Annotated[FolderSource | AthenaSource, Field(discriminator="kind")]
"""What a job reads, told apart by its `kind`."""
