"""What a workgroup has to be, and how one that is there differs."""

from dataclasses import replace
from typing import Any

import pytest

from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.workgroup import Difference, differences, settings, updates

PLACE = AthenaPlace(region="sa-east-1", workgroup="comprova", store=S3Place("acme-store", "comprova"))
CUTOFF = 500 * 10**9
WANTED = settings(PLACE, CUTOFF)


def as_told(configuration: dict[str, Any], state: str = "ENABLED") -> dict[str, Any]:
    """Return a workgroup as GetWorkGroup tells of it."""
    engine = {**configuration["EngineVersion"], "EffectiveEngineVersion": "Athena engine version 3"}
    return {"Name": "comprova", "State": state, "Configuration": {**configuration, "EngineVersion": engine}}


def test_a_workgroup_leaves_clients_no_say() -> None:
    """It enforces place, encryption and scan limit of every statement."""
    assert WANTED == {
        "ResultConfiguration": {
            "OutputLocation": "s3://acme-store/comprova/results/",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
        },
        "EnforceWorkGroupConfiguration": True,
        "PublishCloudWatchMetricsEnabled": True,
        "BytesScannedCutoffPerQuery": CUTOFF,
        "RequesterPaysEnabled": False,
        "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
    }


def test_a_key_and_an_owner_are_asked_for_where_the_job_names_them() -> None:
    """Results are encrypted with that key, and go to no bucket of someone else's."""
    result = settings(replace(PLACE, kms_key="arn:key", store_owner="111122223333"), CUTOFF)["ResultConfiguration"]
    assert result["EncryptionConfiguration"] == {"EncryptionOption": "SSE_KMS", "KmsKey": "arn:key"}
    assert result["ExpectedBucketOwner"] == "111122223333"


def test_a_workgroup_as_it_should_be_has_no_differences() -> None:
    """Also where AWS chose the engine itself, or tells of more than was asked for."""
    assert differences(WANTED, as_told(WANTED)) == ()
    assert differences(WANTED, as_told({**WANTED, "EngineVersion": {"SelectedEngineVersion": "AUTO"}})) == ()
    result = {**WANTED["ResultConfiguration"], "OutputLocation": "s3://acme-store/comprova/results"}
    assert differences(WANTED, as_told({**WANTED, "ResultConfiguration": result, "Other": 1})) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"BytesScannedCutoffPerQuery": 10}, Difference("BytesScannedCutoffPerQuery", str(CUTOFF), "10")),
        ({"EnforceWorkGroupConfiguration": False}, Difference("EnforceWorkGroupConfiguration", "true", "false")),
        (
            {"EngineVersion": {"SelectedEngineVersion": "Athena engine version 2"}},
            Difference("EngineVersion.SelectedEngineVersion", "Athena engine version 3", "Athena engine version 2"),
        ),
        (
            {"ResultConfiguration": {**WANTED["ResultConfiguration"], "OutputLocation": "s3://other/"}},
            Difference("ResultConfiguration.OutputLocation", "s3://acme-store/comprova/results/", "s3://other/"),
        ),
        (
            {"ResultConfiguration": {"OutputLocation": "s3://acme-store/comprova/results/"}},
            Difference("ResultConfiguration.EncryptionConfiguration.EncryptionOption", "SSE_S3", "none"),
        ),
    ],
)
def test_each_difference_is_named(changed: dict[str, Any], expected: Difference) -> None:
    """With what it should be and what it is."""
    assert differences(WANTED, as_told({**WANTED, **changed})) == (expected,)


def test_a_disabled_workgroup_differs() -> None:
    """Nothing can be run in it."""
    assert differences(WANTED, as_told(WANTED, "DISABLED")) == (Difference("State", "ENABLED", "DISABLED"),)


def test_an_update_has_the_same_settings() -> None:
    """In the words of UpdateWorkGroup."""
    updated = updates(WANTED)
    assert updated.pop("ResultConfigurationUpdates") == WANTED["ResultConfiguration"]
    assert updated == {key: value for key, value in WANTED.items() if key != "ResultConfiguration"}
