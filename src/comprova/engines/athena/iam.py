"""The smallest IAM policies for a job: one for the role that runs it, and what setting up needs besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comprova.engines.athena.ddl import RAW_TABLE
from comprova.engines.athena.place import S3Place
from comprova.errors import ComprovaError, Problem

MOST_CHARACTERS = 6_144
"""Of a managed policy without its white space (IAM User Guide, "IAM and AWS STS quotas")."""

PROBE_DATABASE = "doctor"
"""What the name of the database that `comprova doctor` makes and drops ends with."""

_VERSION = "2012-10-17"


@dataclass(frozen=True, slots=True)
class Permission:
    """One statement of a policy.

    Attributes:
        sid: Its id in the policy.
        reason: Why the job cannot do without it.
        actions: Allowed.
        resources: ARNs.
        conditions: As in the policy's JSON.
    """

    sid: str
    reason: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, str | list[str]]]

    def as_json(self) -> dict[str, Any]:
        """Return the statement in the policy's JSON."""
        conditions = {"Condition": self.conditions} if self.conditions else {}
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
            **conditions,
        }


@dataclass(frozen=True, slots=True)
class Grants:
    """What a job touches; each permission is about nothing else.

    Attributes:
        partition: Of the ARNs: `aws`, `aws-cn`, `aws-us-gov`.
        region: In which Athena runs.
        account: That runs Athena and holds the data catalog.
        workgroup: In which statements run.
        database: Of the raw table.
        run_databases: What the names of the databases of the job's runs begin with.
        trail: The place that holds `AWSLogs/`.
        organisation: Id of the organisation whose trail it is; empty for other trails.
        trail_owner: Account of the trail's bucket; empty where it is not known.
        trail_kms_key: ARN of the key of the trail's log files; empty where S3's own encrypts them.
        store: Where the job writes.
        store_owner: Account of the store's bucket; empty where it is not known.
        kms_key: ARN of the key of what the job writes; empty where S3's own encrypts it.
    """

    partition: str
    region: str
    account: str
    workgroup: str
    database: str
    run_databases: str
    trail: S3Place
    organisation: str
    trail_owner: str
    trail_kms_key: str
    store: S3Place
    store_owner: str
    kms_key: str

    def s3(self, place: S3Place, keys: str = "") -> str:
        """Return the ARN of a bucket, or of the objects below a place whose keys are of a pattern."""
        path = f"/{place.key(keys)}" if keys else ""
        return f"arn:{self.partition}:s3:::{place.bucket}{path}"

    def glue(self, *names: str) -> tuple[str, ...]:
        """Return ARNs of the data catalog: itself, and `database/…` or `table/…` in it."""
        return tuple(f"arn:{self.partition}:glue:{self.region}:{self.account}:{name}" for name in ("catalog", *names))


def run_permissions(grants: Grants) -> tuple[Permission, ...]:
    """Return what the role that runs, plans and diagnoses the job needs."""
    return tuple(_running(grants))


def setup_permissions(grants: Grants) -> tuple[Permission, ...]:
    """Return what `comprova athena setup` needs besides."""
    return tuple(_setting_up(grants))


def policy(permissions: tuple[Permission, ...]) -> dict[str, Any]:
    """Return a policy document.

    Raises:
        ComprovaError: It is longer than a managed policy may be.
    """
    document = {"Version": _VERSION, "Statement": [permission.as_json() for permission in permissions]}
    length = sum(not character.isspace() for character in str(document))
    if length > MOST_CHARACTERS:
        raise ComprovaError(Problem("IAM policy", f"at most {MOST_CHARACTERS} characters", str(length)))
    return document


def _running(grants: Grants) -> Iterator[Permission]:
    store, trail = grants.store, grants.trail
    yield Permission(
        "RunStatements",
        "Statements run in one workgroup only, whose settings the role cannot change.",
        (
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:GetQueryRuntimeStatistics",
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
        ),
        (f"arn:{grants.partition}:athena:{grants.region}:{grants.account}:workgroup/{grants.workgroup}",),
        {},
    )
    yield Permission(
        "ReadRawTable",
        "Athena reads the definition of the table over the trail with the role's permissions. It also looks for the "
        "database `default` before any statement (Athena User Guide, fine-grained access).",
        ("glue:GetDatabase", "glue:GetPartitions", "glue:GetTable"),
        grants.glue("database/default", f"database/{grants.database}", f"table/{grants.database}/{RAW_TABLE}"),
        {},
    )
    runs = grants.run_databases
    yield Permission(
        "MakeDatabasesOfRuns",
        "Each run has a database of its own, whose tables name the places that were loaded and written for it.",
        (
            "glue:BatchCreatePartition",
            "glue:CreateDatabase",
            "glue:CreateTable",
            "glue:GetDatabase",
            "glue:GetPartition",
            "glue:GetPartitions",
            "glue:GetTable",
        ),
        grants.glue(f"database/{runs}*", f"table/{runs}*/*"),
        {},
    )
    probe = f"{runs}{PROBE_DATABASE}"
    yield Permission(
        "DropProbeDatabase",
        "`comprova doctor` drops the database that it made to check queries against; runs drop nothing. To drop one, "
        "Glue asks for its tables and functions too.",
        ("glue:DeleteDatabase", "glue:DeleteTable", "glue:GetTables"),
        grants.glue(f"database/{probe}", f"table/{probe}/*", f"userDefinedFunction/{probe}/*"),
        {},
    )
    owner = _owned_by(grants.trail_owner)
    yield Permission(
        "FindTrail",
        "Athena, and the job before it asks for more, find out in which region the trail's bucket is.",
        ("s3:GetBucketLocation",),
        (grants.s3(trail),),
        owner,
    )
    logs = trail.key("AWSLogs/")
    yield Permission(
        "ListLogs",
        "Which log files there are is listed, so that one that was not read is noticed; nothing else of the bucket is.",
        ("s3:ListBucket",),
        (grants.s3(trail),),
        {"StringLike": {"s3:prefix": [f"{logs}*"]}, **owner},
    )
    yield Permission(
        "ReadLogsThroughAthena",
        "The log files are read by Athena on the role's behalf; the role cannot fetch one itself.",
        ("s3:GetObject",),
        (grants.s3(trail, "/".join(filter(None, ("AWSLogs", grants.organisation, "*", "CloudTrail", "*")))),),
        {"ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]}, **owner},
    )
    if grants.trail_kms_key:
        yield Permission(
            "DecryptLogs",
            "The trail's log files are encrypted with this key.",
            ("kms:Decrypt",),
            (grants.trail_kms_key,),
            {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com*"}},
        )
    yield from _storing(grants, store)


def _storing(grants: Grants, store: S3Place) -> Iterator[Permission]:
    owner = _owned_by(grants.store_owner)
    yield Permission(
        "WriteStore",
        "Records, tables, load records and results of statements are written and read below the store's prefix.",
        ("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
        (grants.s3(store, "*"),),
        owner,
    )
    yield Permission(
        "ListStore",
        "Athena checks that the place it writes to is empty; the job looks for what was loaded before.",
        ("s3:ListBucket",),
        (grants.s3(store),),
        {"StringLike": {"s3:prefix": [f"{store.prefix}/*"]}, **owner},
    )
    yield Permission(
        "FindStore",
        "Athena finds out in which region the bucket is, and looks for uploads that were not completed.",
        ("s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
        (grants.s3(store),),
        owner,
    )
    yield Permission(
        "RemoveProbes",
        "`comprova doctor` removes the object that it wrote to try whether it may. Nothing else is ever deleted.",
        ("s3:DeleteObject",),
        (grants.s3(store, "doctor/*"),),
        owner,
    )
    if grants.kms_key:
        yield Permission(
            "EncryptStore",
            "What the job writes is encrypted with this key, by S3 only.",
            ("kms:Decrypt", "kms:GenerateDataKey"),
            (grants.kms_key,),
            {"StringLike": {"kms:ViaService": f"s3.{grants.region}.amazonaws.com*"}},
        )


def _setting_up(grants: Grants) -> Iterator[Permission]:
    yield Permission(
        "MakeWorkgroup",
        "The workgroup holds the limits that the job's own role must not be able to lift.",
        ("athena:CreateWorkGroup", "athena:GetWorkGroup", "athena:UpdateWorkGroup"),
        (f"arn:{grants.partition}:athena:{grants.region}:{grants.account}:workgroup/{grants.workgroup}",),
        {},
    )
    yield Permission(
        "MakeRawTable",
        "Database and table over the trail's bucket are made once; `--update` drops the table and makes it anew.",
        ("glue:CreateDatabase", "glue:CreateTable", "glue:DeleteTable", "glue:GetDatabase", "glue:GetTable"),
        grants.glue(f"database/{grants.database}", f"table/{grants.database}/{RAW_TABLE}"),
        {},
    )


def _owned_by(account: str) -> dict[str, dict[str, str | list[str]]]:
    # A bucket of the same name in other hands is not the one that was meant.
    return {"StringEquals": {"aws:ResourceAccount": account}} if account else {}
