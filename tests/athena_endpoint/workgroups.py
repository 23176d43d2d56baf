"""Workgroups: where results go, and what a statement may scan."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from athena_endpoint.refusals import invalid

ENGINE_VERSION = "Athena engine version 3"

_SMALLEST_CUTOFF = 10_000_000
_UPDATES = "ResultConfigurationUpdates"


@dataclass
class Workgroup:
    """A workgroup.

    Attributes:
        name: Its name.
        configuration: As CreateWorkGroup takes it.
        description: What it is for.
        state: ENABLED or DISABLED.
        created: Seconds since 1970.
    """

    name: str
    configuration: dict[str, Any]
    description: str = ""
    state: str = "ENABLED"
    created: float = field(default_factory=time.time)

    @property
    def cutoff(self) -> int | None:
        """Bytes that one statement may scan."""
        return self.configuration.get("BytesScannedCutoffPerQuery")

    def result_configuration(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return where results go and how they are encrypted.

        Args:
            asked: What the caller wants; it counts only where the workgroup does not enforce its own.

        Raises:
            RefusedError: Nobody names a place.
        """
        own = self.configuration.get("ResultConfiguration", {})
        enforced = self.configuration.get("EnforceWorkGroupConfiguration", True) and own.get("OutputLocation")
        found = dict(own) if enforced else {**own, **asked}
        if not found.get("OutputLocation"):
            raise invalid(
                "No output location provided. You did not provide an output location for your query results. Either "
                "specify an S3 bucket location or enable Athena managed query results in your workgroup settings."
            )
        if not found["OutputLocation"].startswith("s3://"):
            raise invalid("outputLocation is not a valid S3 path.")
        return found

    def describe(self) -> dict[str, Any]:
        """Return it as GetWorkGroup does."""
        engine = self.configuration.get("EngineVersion", {})
        return {
            "Name": self.name,
            "State": self.state,
            "Description": self.description,
            "CreationTime": self.created,
            "Configuration": {
                "EnforceWorkGroupConfiguration": True,
                "PublishCloudWatchMetricsEnabled": True,
                "RequesterPaysEnabled": False,
                **self.configuration,
                "EngineVersion": {
                    "SelectedEngineVersion": engine.get("SelectedEngineVersion", "AUTO"),
                    "EffectiveEngineVersion": ENGINE_VERSION,
                },
            },
        }


class Workgroups:
    """All workgroups; `primary` is always there."""

    def __init__(self) -> None:
        self._groups = {"primary": Workgroup("primary", {"EnforceWorkGroupConfiguration": False})}

    def find(self, name: str | None) -> Workgroup:
        """Return a workgroup.

        Raises:
            RefusedError: There is none of its name.
        """
        found = self._groups.get(name or "primary")
        if found is None:
            raise invalid("WorkGroup is not found.")
        return found

    def usable(self, name: str | None) -> Workgroup:
        """Return a workgroup in which statements may run.

        Raises:
            RefusedError: There is none of its name, or it is disabled.
        """
        found = self.find(name)
        if found.state == "DISABLED":
            raise invalid(f"WorkGroup {found.name} is disabled.")
        return found

    def create(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """CreateWorkGroup."""
        name = request["Name"]
        if name in self._groups:
            raise invalid("WorkGroup is already created")
        configuration = dict(request.get("Configuration", {}))
        _check(configuration)
        self._groups[name] = Workgroup(name, configuration, request.get("Description", ""))
        return {}

    def get(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetWorkGroup."""
        return {"WorkGroup": self.find(request["WorkGroup"]).describe()}

    def update(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """UpdateWorkGroup."""
        group = self.find(request["WorkGroup"])
        updates = dict(request.get("ConfigurationUpdates", {}))
        _check(updates)
        result = {**group.configuration.get("ResultConfiguration", {}), **updates.pop(_UPDATES, {})}
        for name in [name for name, value in result.items() if name.startswith("Remove") and value]:
            result.pop(name.removeprefix("Remove"), None)
        kept = {name: value for name, value in result.items() if not name.startswith("Remove")}
        if updates.pop("RemoveBytesScannedCutoffPerQuery", False):
            group.configuration.pop("BytesScannedCutoffPerQuery", None)
        group.configuration |= {**updates, "ResultConfiguration": kept}
        group.state = request.get("State", group.state)
        group.description = request.get("Description", group.description)
        return {}

    def delete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """DeleteWorkGroup."""
        self._groups.pop(self.find(request["WorkGroup"]).name)
        return {}

    def list(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """ListWorkGroups."""
        names = ("Name", "State", "Description", "CreationTime")
        return {
            "WorkGroups": [
                {name: group.describe()[name] for name in names} for _, group in sorted(self._groups.items())
            ]
        }


def _check(configuration: Mapping[str, Any]) -> None:
    cutoff = configuration.get("BytesScannedCutoffPerQuery", _SMALLEST_CUTOFF)
    if cutoff < _SMALLEST_CUTOFF:
        raise invalid(
            "1 validation error detected: Value at 'bytesScannedCutoffPerQuery' failed to satisfy constraint: Member "
            f"must have value greater than or equal to {_SMALLEST_CUTOFF}"
        )
