"""Calls that change whether and what a trail records, as CloudTrail logs them."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comprova.collect.selectors import Selectors, read_selectors


class CallKind(StrEnum):
    """The calls, in the order in which those of one moment are taken: the one that records least comes last."""

    CREATED = "CreateTrail"
    STARTED = "StartLogging"
    SELECTED = "PutEventSelectors"
    STOPPED = "StopLogging"
    DELETED = "DeleteTrail"


@dataclass(frozen=True, slots=True, order=True)
class TrailName:
    """A trail: its account, its home region, in which alone it can be changed, and its name without that of the ARN."""

    account: str
    region: str
    name: str


@dataclass(frozen=True, slots=True)
class TrailCall:
    """One successful call.

    Attributes:
        moment: When, UTC.
        trail: Of which trail.
        kind: Which call.
        selectors: What the trail was told to record; None but for PutEventSelectors.
    """

    moment: datetime
    trail: TrailName
    kind: CallKind
    selectors: Selectors | None = None


def read_call(moment: datetime, account: str, region: str, event_name: str, request: str) -> TrailCall:
    """Read a call from its event; what its request does not tell is empty, and chooses nothing."""
    members, kind = _members(request), CallKind(event_name)
    name = members.get("trailName" if kind is CallKind.SELECTED else "name")
    short = name.rpartition("/")[2] if isinstance(name, str) else ""
    selectors = read_selectors(members) if kind is CallKind.SELECTED else None
    return TrailCall(moment, TrailName(account, region, short), kind, selectors)


def _members(request: str) -> dict[str, Any]:
    try:
        members = json.loads(request)
    except (ValueError, RecursionError):  # omitted by AWS, or no JSON: nothing is known of what was ordered
        return {}
    return members if isinstance(members, dict) else {}
