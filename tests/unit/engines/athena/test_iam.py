"""The smallest policies: what is in them, about what, and nothing else."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from botocore.session import Session

from comprova.engines.athena.iam import Grants, Permission, policy, run_permissions, setup_permissions
from comprova.engines.athena.place import S3Place
from comprova.errors import ComprovaError

GRANTS = Grants(
    partition="aws",
    region="sa-east-1",
    account="999988887777",
    workgroup="comprova",
    database="comprova",
    run_databases="comprova_monthly_",
    trail=S3Place("acme-trail", "audit"),
    organisation="o-a1b2c3d4e5",
    trail_owner="111122223333",
    trail_kms_key="arn:aws:kms:us-east-1:111122223333:key/1",
    store=S3Place("acme-store", "comprova"),
    store_owner="999988887777",
    kms_key="arn:aws:kms:sa-east-1:999988887777:key/2",
)
PERMISSIONS = {permission.sid: permission for permission in run_permissions(GRANTS)}
SETUP = {permission.sid: permission for permission in setup_permissions(GRANTS)}
SERVICES = {"athena": "athena", "glue": "glue", "kms": "kms"}
NOT_OPERATIONS = {"s3:ListBucket", "s3:ListMultipartUploadParts", "s3:ListBucketMultipartUploads"}


def resources(permission: Permission) -> list[str]:
    """Return ARNs without what all of them begin with."""
    return [re.sub(r"^arn:aws:(\w+):[^:]*:[^:]*:", r"\1 ", arn) for arn in permission.resources]


def test_log_files_are_read_by_athena_only() -> None:
    """The role cannot fetch one itself, and Athena none of another kind or organisation."""
    reading = PERMISSIONS["ReadLogsThroughAthena"]
    assert reading.actions == ("s3:GetObject",)
    assert resources(reading) == ["s3 acme-trail/audit/AWSLogs/o-a1b2c3d4e5/*/CloudTrail/*"]
    assert reading.conditions == {
        "ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]},
        "StringEquals": {"aws:ResourceAccount": "111122223333"},
    }
    about_trail = [one for one in PERMISSIONS.values() if any("acme-trail" in arn for arn in one.resources)]
    assert {action for one in about_trail for action in one.actions} == {
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
    }


def test_only_databases_of_runs_are_made_and_dropped() -> None:
    """The raw table and its database are read, and nothing else of the catalog is touched."""
    making, dropping = PERMISSIONS["MakeDatabasesOfRuns"], PERMISSIONS["DropProbeDatabase"]
    assert resources(making) == ["glue catalog", "glue database/comprova_monthly_*", "glue table/comprova_monthly_*/*"]
    assert {arn.split("/")[1] for arn in resources(dropping)[1:]} == {"comprova_monthly_doctor"}
    changing = {
        sid: [action for action in one.actions if re.match(r"glue:(Create|Delete|Update|Batch)", action)]
        for sid, one in PERMISSIONS.items()
    }
    assert {sid: actions for sid, actions in changing.items() if actions} == {
        making.sid: ["glue:BatchCreatePartition", "glue:CreateDatabase", "glue:CreateTable"],
        dropping.sid: ["glue:DeleteDatabase", "glue:DeleteTable"],
    }
    assert "athena:UpdateWorkGroup" not in {action for one in PERMISSIONS.values() for action in one.actions}


def test_nothing_but_probes_is_deleted() -> None:
    """What was loaded and written stays."""
    deleting = [one for one in PERMISSIONS.values() if "s3:DeleteObject" in one.actions]
    assert [resources(one) for one in deleting] == [["s3 acme-store/comprova/doctor/*"]]


def test_keys_are_used_by_s3_only() -> None:
    """And the trail's only to decrypt."""
    assert PERMISSIONS["DecryptLogs"].actions == ("kms:Decrypt",)
    assert all("kms:ViaService" in PERMISSIONS[sid].conditions["StringLike"] for sid in ("DecryptLogs", "EncryptStore"))
    without = {one.sid for one in run_permissions(replace(GRANTS, kms_key="", trail_kms_key=""))}
    assert PERMISSIONS.keys() - without == {"DecryptLogs", "EncryptStore"}


def test_a_bucket_of_an_unknown_owner_is_not_tied_to_one() -> None:
    """Then there is no condition; otherwise there is one on every statement about S3."""
    assert not any(
        "aws:ResourceAccount" in str(one.conditions)
        for one in run_permissions(replace(GRANTS, trail_owner="", store_owner=""))
    )
    untied = [sid for sid, one in PERMISSIONS.items() if "s3:" in one.actions[0] and "ResourceAccount" not in str(one)]
    assert untied == []


def test_every_statement_is_told_with_its_reason_once() -> None:
    """Ids are unique, no action is a pattern, and each resource is named."""
    every = (*PERMISSIONS.values(), *SETUP.values())
    assert not [sid for sid, count in Counter(one.sid for one in every).items() if count > 1]
    assert not [one.sid for one in every if not one.reason.endswith(".")]
    assert not [one.sid for one in every if "*" in "".join(one.actions) or "*" in one.resources]


def test_actions_are_those_of_aws() -> None:
    """Every action of Athena, Glue and KMS is an operation of its API."""
    session = Session()
    known = {
        f"{prefix}:{operation}"
        for prefix, service in SERVICES.items()
        for operation in session.get_service_model(service).operation_names
    }
    every = {action for one in (*PERMISSIONS.values(), *SETUP.values()) for action in one.actions}
    assert not {action for action in every if action.split(":")[0] in SERVICES} - known


def test_a_policy_fits_into_a_managed_policy() -> None:
    """With setting up too; one that does not is refused before AWS does."""
    document = policy((*PERMISSIONS.values(), *SETUP.values()))
    assert document["Version"] == "2012-10-17"
    assert document["Statement"][0]["Sid"] == "RunStatements"
    long = replace(PERMISSIONS["FindTrail"], resources=("arn:aws:s3:::x" * 1000,))
    with pytest.raises(ComprovaError, match="at most 6144 characters"):
        policy((long,))
