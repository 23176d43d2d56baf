"""The workgroup in which statements run: what it has to be, and how one that is there differs.

The settings are those of the Athena API reference, WorkGroupConfiguration. One that enforces them ("Override
client-side settings") leaves no client a say in where results go, how they are encrypted, and how much a statement may
scan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comprova.engines.athena.place import AthenaPlace

ENGINE_VERSION = "Athena engine version 3"
"""The engine in whose SQL queries are written."""

_ENABLED = "ENABLED"
_RESULT = "ResultConfiguration"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be.

    Attributes:
        name: Of the setting, property or column.
        wanted: What it should be.
        found: What it is.
    """

    name: str
    wanted: str
    found: str


def settings(place: AthenaPlace, query_cutoff: int) -> dict[str, Any]:
    """Return the configuration that a workgroup should have, as CreateWorkGroup takes it.

    Args:
        place: Where statements run and write.
        query_cutoff: Bytes that one statement may scan before Athena stops it.
    """
    encryption = (
        {"EncryptionOption": "SSE_KMS", "KmsKey": place.kms_key} if place.kms_key else {"EncryptionOption": "SSE_S3"}
    )
    owner = {"ExpectedBucketOwner": place.store_owner} if place.store_owner else {}
    return {
        _RESULT: {"OutputLocation": f"{place.results.uri}/", "EncryptionConfiguration": encryption, **owner},
        "EnforceWorkGroupConfiguration": True,
        "PublishCloudWatchMetricsEnabled": True,
        "BytesScannedCutoffPerQuery": query_cutoff,
        "RequesterPaysEnabled": False,
        "EngineVersion": {"SelectedEngineVersion": ENGINE_VERSION},
    }


def updates(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same configuration as UpdateWorkGroup takes it."""
    others = {key: value for key, value in wanted.items() if key != _RESULT}
    return {**others, "ResultConfigurationUpdates": wanted[_RESULT]}


def differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return how a workgroup differs from what it should be.

    Args:
        wanted: From `settings`.
        found: The workgroup as GetWorkGroup returns it (its member `WorkGroup`).
    """
    wanted_flat = {"State": _ENABLED, **_flat(wanted)}
    found_flat = {"State": str(found.get("State", _ENABLED)), **_flat(found.get("Configuration", {}))}
    if found_flat.get("EngineVersion.SelectedEngineVersion") == "AUTO":
        # AUTO lets AWS choose; what counts is what it chose.
        found_flat["EngineVersion.SelectedEngineVersion"] = found_flat.get(
            "EngineVersion.EffectiveEngineVersion", "AUTO"
        )
    location = f"{_RESULT}.OutputLocation"
    found_flat[location] = f"{found_flat.get(location, '').rstrip('/')}/"
    return tuple(
        Difference(name, value, found_flat.get(name, "") or "none")
        for name, value in wanted_flat.items()
        if found_flat.get(name, "") != value
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = str(value).lower() if isinstance(value, bool) else str(value)
    return flat
