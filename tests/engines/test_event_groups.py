"""The group that `activity.sql` gives an event is the one by which statements are narrowed."""

from collections.abc import Mapping, Sequence
from typing import Any

from comprova.sql.event_groups import FREQUENT, SERVICES, group_of, kind_of, service_of
from engines.conftest import Build
from engines.whole_records import KEY_CALL, ROLE_CALL, log_file

_SOURCES = (
    *(f"{service}.amazonaws.com" for service in SERVICES),
    *("", "iam", "IAM.amazonaws.com", "iam.amazonaws.com.", "x.iam.amazonaws.com", "iam_amazonaws.com", "new.aws"),
)
_NAMES = (
    *FREQUENT,
    *(f"{beginning}Thing" for beginning in FREQUENT),
    *(beginning[:-1] for beginning in FREQUENT),
    *(beginning.lower() for beginning in FREQUENT),
    *(f"\n{beginning}" for beginning in FREQUENT),
    *("", "Delete", "CreateUser", "UpdateFunctionCode20150331v2", "É"),
)


def strangely_grouped(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows in another group than that by which statements are narrowed."""
    return [
        row
        for row in rows
        for kind in [kind_of(row["event_name"], row["actor_kind"])]
        if row["event_group"] != group_of(service_of(row["event_source"]), kind)
    ]


def _of_role(issuer: str) -> dict[str, Any]:
    return {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": issuer}}}


def test_the_view_and_the_compiler_agree_on_groups(build: Build) -> None:
    """For every service and beginning that there is, those nearly like them, and none."""
    calls = [(who, source, name) for who in (KEY_CALL, ROLE_CALL) for source in _SOURCES for name in _NAMES]
    records = [
        {**who, "eventID": f"id-{number}", "eventSource": source, "eventName": name}
        for number, (who, source, name) in enumerate(calls)
    ]
    rows = build([(log_file(), one) for one in records]).activity
    assert len(rows) == len(calls)
    assert strangely_grouped(rows) == []


def test_the_view_and_the_compiler_agree_on_people(build: Build) -> None:
    """For every kind of actor that the view tells apart."""
    whos: dict[str, dict[str, Any]] = {
        "service_event": {"eventType": "AwsServiceEvent"},
        "assumed_root": {"userIdentity": {"type": "Root", "sessionContext": {"assumedRoot": "true"}}},
        "root": {"userIdentity": {"type": "Root"}},
        "anonymous": {"userIdentity": {"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}},
        "aws_service": {"userIdentity": {"type": "AWSService", "invokedBy": "config.amazonaws.com"}},
        "service_linked_role": {"userIdentity": _of_role("arn:aws:iam::111122223333:role/aws-service-role/x/y")},
        "human_role": {"userIdentity": _of_role("arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/z")},
        "role": {"userIdentity": _of_role("arn:aws:iam::111122223333:role/z")},
        "iam_user": {},
        "federated": {"userIdentity": {"type": "SAMLUser"}},
        "identity_center": {"userIdentity": {"type": "IdentityCenterUser"}},
        "other_account": {"userIdentity": {"type": "AWSAccount", "accountId": "444455556666"}},
        "unknown": {"userIdentity": {"type": "Unknown"}},
    }
    records = [
        {**KEY_CALL, "eventName": "DescribeInstances", "eventID": f"id-{number}", **who}
        for number, who in enumerate(whos.values())
    ]
    rows = build([(log_file(), one) for one in records]).activity
    assert {row["actor_kind"] for row in rows} == {*whos}
    assert strangely_grouped(rows) == []
