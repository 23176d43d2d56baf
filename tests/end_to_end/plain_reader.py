"""Answers questions of the packs from raw records, as an auditor would with the log files and no tool of ours.

Each function reads one question, the titles of its columns and its limits, and says which rows must come out. How the
query gets them is not looked at: names are listed where it has patterns, and loops stand where it has windows.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from end_to_end.plain_events import Event, Row, Trail, different, first, gathered, in_order, items_at, text_at

_WHEN = "event_time account_id event_id"
_WHO = "actor_kind actor person mfa source_address"

_IDENTITIES = {
    ("CreateUser", "created"): "user",
    ("UpdateUser", "changed"): "user",
    ("DeleteUser", "deleted"): "user",
    ("AddUserToGroup", "member_added"): "user",
    ("RemoveUserFromGroup", "member_removed"): "user",
    ("CreateGroup", "created"): "group",
    ("UpdateGroup", "changed"): "group",
    ("DeleteGroup", "deleted"): "group",
    ("CreateRole", "created"): "role",
    ("UpdateRole", "changed"): "role",
    ("UpdateRoleDescription", "changed"): "role",
    ("DeleteRole", "deleted"): "role",
    ("CreateServiceLinkedRole", "created"): "role",
    ("DeleteServiceLinkedRole", "deleted"): "role",
}

_STORES = {
    ("rds", "DeleteDBInstance"): "dBInstanceIdentifier",
    ("rds", "DeleteDBCluster"): "dBClusterIdentifier",
    ("dynamodb", "DeleteTable"): "tableName",
    ("s3", "DeleteBucket"): "bucketName",
    ("ec2", "DeleteVolume"): "volumeId",
    ("elasticfilesystem", "DeleteFileSystem"): "fileSystemId",
    ("redshift", "DeleteCluster"): "clusterIdentifier",
    ("kinesis", "DeleteStream"): "streamName",
    ("ecr", "DeleteRepository"): "repositoryName",
    ("secretsmanager", "DeleteSecret"): "secretId",
    ("cloudformation", "DeleteStack"): "stackName",
    ("sqs", "DeleteQueue"): "queueUrl",
}

_SENSITIVE_PORTS = (
    *(20, 21, 22, 23, 135, 139, 445, 1433, 1521, 2049, 2375, 2376, 3306, 3389, 5432, 5601, 5900),
    *(5985, 5986, 6379, 8020, 9042, 9092, 9200, 9300, 11211, 27017),
)
_MASS = 20
_MASS_WINDOW = timedelta(minutes=10)
_KEY_AGE_LIMIT = 90


def root_activity(trail: Trail) -> list[Row]:
    """Everything that root did, in person or in a central session, and every request for such a session."""
    rows = []
    for event in trail.events:
        request = event.is_a("sts", "AssumeRoot")
        if not request and event.facts["actor_kind"] not in {"root", "assumed_root"}:
            continue
        acts = {
            "root_session_requested": request,
            "root_session": event.facts["actor_kind"] == "assumed_root",
            "through_service": event.facts["invoked_by"],
            "signin": event.is_a("signin"),
            "call": True,
        }
        rows.append(
            event.row(
                f"{_WHEN} {_WHO} region event_source event_name call_result error_code credential invoked_by user_agent",
                act=next(act for act, holds in acts.items() if holds),
                root_of_account=event.asked("targetPrincipal") if request else None,
            )
        )
    return in_order(rows, _WHEN)


def identity_lifecycle(trail: Trail) -> list[Row]:
    """Every user, group and role of IAM that came, changed or went."""
    rows = []
    for event in trail.events:
        for (name, change), kind in _IDENTITIES.items():
            if event.is_a("iam", name) and not _refused(event):
                member = {"user": "userName", "group": "groupName", "role": "roleName"}[kind]
                rows.append(
                    event.row(
                        f"{_WHEN} {_WHO} event_source event_name request_state invoked_by",
                        change_made=change,
                        identity_kind=kind,
                        identity_name=event.asked(member) or event.answered(f"role.{member}"),
                        group_name=event.asked("groupName") if kind == "user" else None,
                        new_name=event.asked("newUserName", "newGroupName"),
                    )
                )
    return in_order(rows, _WHEN)


def access_key_events(trail: Trail) -> list[Row]:
    """The life of every long-term key; who names no owner acts on a key of their own."""
    rows = []
    for event in trail.events:
        if event.is_a("iam", "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey") and _succeeded(event):
            status = {"Active": "activated", "Inactive": "deactivated"}.get(event.asked("status") or "", "updated")
            owner = event.asked("userName") or event.answered("accessKey.userName")
            rows.append(
                event.row(
                    f"{_WHEN} {_WHO} request_state credential invoked_by",
                    access_key_id=event.asked("accessKeyId") or event.answered("accessKey.accessKeyId"),
                    change_made={"CreateAccessKey": "created", "DeleteAccessKey": "deleted"}.get(
                        event.facts["event_name"], status
                    ),
                    key_owner=owner or event.facts["person"] or event.facts["actor"],
                )
            )
    return in_order(rows, "account_id access_key_id event_time event_id")


def long_term_key_use(trail: Trail) -> list[Row]:
    """Every long-term key that signed a call, with the age that its creation in the last 90 days gives it."""
    created: dict[str | None, datetime] = {}
    for event in trail.history:
        if event.is_a("iam", "CreateAccessKey") and _succeeded(event):
            created.setdefault(event.answered("accessKey.accessKeyId"), event.time)
    rows = []
    by_key = (event for event in trail.events if event.facts["credential"] == "long_term_key")
    for row, calls in gathered(by_key, "account_id access_key_id actor_kind actor"):
        made, last_use = created.get(row["access_key_id"]), calls[-1].time
        days = (last_use - made).days if made else None
        addresses = different(calls, "source_address")
        row.update(
            calls=len(calls),
            denied_calls=sum(event.facts["call_result"] == "denied" for event in calls),
            first_use=calls[0].time,
            last_use=last_use,
            created_at=made,
            age_days=days,
            age="creation_not_seen" if days is None else ["within_limit", "over_limit"][days > _KEY_AGE_LIMIT],
            source_addresses=len(addresses),
            first_source_addresses=addresses[:20],
            first_services=different(calls, "event_source")[:20],
        )
        rows.append(row)
    return in_order(rows, "account_id access_key_id actor_kind actor")


def denied_calls(trail: Trail) -> list[Row]:
    """What was denied, counted by actor and action."""
    names = "account_id actor_kind actor event_source event_name"
    rows = []
    for row, calls in gathered((event for event in trail.events if event.facts["call_result"] == "denied"), names):
        row.update(
            denials=len(calls),
            denied_days=len({event.time.date() for event in calls}),
            persons=len(different(calls, "person")),
            by_service_alone=sum(event.facts["service_initiated"] for event in calls),
            through_vpc_endpoint=sum(bool(event.facts["vpc_endpoint_id"]) for event in calls),
            source_addresses=len(different(calls, "source_address")),
            error_codes=different(calls, "error_code")[:20],
            first_time=calls[0].time,
            last_time=calls[-1].time,
        )
        rows.append(row)
    return in_order(rows, names)


def iam_changes(trail: Trail) -> list[Row]:
    """Every change in IAM: what it was made to, and what was attached, put in or taken away."""
    rows = []
    for event in trail.events:
        if not event.is_a("iam") or _refused(event) or _reads(event):
            continue
        policy = first(
            (event.asked("policyArn"), event.answered("policy.arn"), event.asked("policyName", "permissionsBoundary"))
        )
        provider = first(
            found
            for member in ("sAMLProviderArn", "openIDConnectProviderArn")
            for found in (event.asked(member), event.answered(member))
        )
        profile, group = event.asked("instanceProfileName"), event.asked("groupName")
        targets = {
            "user": event.asked("userName"),
            "role": event.asked("roleName") or event.answered("role.roleName"),
            "group": group,
            "policy": policy,
            "identity_provider": provider,
            "instance_profile": profile,
        }
        key = event.asked("accessKeyId") or event.answered("accessKey.accessKeyId")
        device = event.asked("serialNumber") or event.answered("virtualMFADevice.serialNumber")
        part = first((key, device, event.asked("versionId")))
        details = {"user": (policy, group, part), "role": (policy, profile), "group": (policy,)}
        kind = next((kind for kind, name in targets.items() if name is not None), "other")
        rows.append(
            event.row(
                f"{_WHEN} {_WHO} event_name request_state service_initiated invoked_by",
                target_kind=kind,
                target=targets.get(kind),
                detail=first(details.get(kind, (part,))),
            )
        )
    return in_order(rows, _WHEN)


def trail_changes(trail: Trail) -> list[Row]:
    """Every change of a trail, its selectors or an event data store, refused ones too."""
    rows = []
    for event in trail.events:
        changes = ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors")
        if event.is_a("cloudtrail", *changes, "PutInsightSelectors"):
            settings = {name: event.answered(name) for name in ("isMultiRegionTrail", "logFileValidationEnabled")}
            multi, validated = (None if said is None else said == "true" for said in settings.values())
            rows.append(
                event.row(
                    f"{_WHEN} {_WHO} region event_name call_result error_code request_state user_agent",
                    target=event.asked("name", "trailName"),
                    bucket_name=event.answered("s3BucketName"),
                    multi_region=multi,
                    file_validation=validated,
                    kms_key=event.answered("kmsKeyId"),
                )
            )
    return in_order(rows, _WHEN)


def logging_stopped(trail: Trail) -> list[Row]:
    """Every trail that was stopped or deleted, until it is started again or the period ends."""
    rows = []
    for event in trail.events:
        if not event.is_a("cloudtrail", "StopLogging", "DeleteTrail") or not _succeeded(event):
            continue
        target = _trail_name(event)
        again = first_time(
            later
            for later in trail.events
            if later.is_a("cloudtrail", "StartLogging")
            and _succeeded(later)
            and (_trail_name(later), later.facts["account_id"], later.facts["region"])
            == (target, event.facts["account_id"], event.facts["region"])
            and later.time > event.time
        )
        rows.append(
            event.row(
                f"{_WHEN} {_WHO} region event_name request_state user_agent",
                target_kind="trail",
                target=target,
                logging_state="started_again" if again else "open_at_period_end",
                started_again_at=again,
                minutes_off=((again or trail.end) - event.time) // timedelta(minutes=1),
            )
        )
    return in_order(rows, _WHEN)


def console_signins(trail: Trail) -> list[Row]:
    """Every sign-in to the console and every step of one."""
    rows = []
    for event in trail.events:
        if event.is_a("signin", "ConsoleLogin", "CheckMfa", "SwitchRole", "UserAuthentication"):
            provider, kind = _signin_said(event, "SamlProviderArn"), event.facts["actor_kind"]
            methods = {
                "root": kind in {"root", "assumed_root"},
                "identity_center": kind == "identity_center" or "AWSReservedSSO_" in (event.facts["actor"] or ""),
                "iam_user": kind == "iam_user",
                "saml": ":saml-provider/" in (provider or ""),
                "role": kind in {"role", "human_role"},
                kind: True,
            }
            factors = ("MFAIdentifier", "MfaType", "CredentialType")
            rows.append(
                event.row(
                    f"{_WHEN} actor person mfa source_address region event_name call_result error_message user_agent",
                    signin_method=next(method for method, holds in methods.items() if holds),
                    factor=first(_signin_said(event, name) for name in factors),
                    identity_provider=provider,
                )
            )
    return in_order(rows, _WHEN)


def signins_without_mfa(trail: Trail) -> list[Row]:
    """Successful sign-ins of users and root for which no second factor is shown."""
    rows = [
        event.row(f"{_WHEN} {_WHO} region event_name user_agent", mfa_logged=_signin_said(event, "MFAUsed"))
        for event in trail.events
        if event.is_a("signin", "ConsoleLogin", "UserAuthentication")
        and event.facts["actor_kind"] in {"root", "iam_user", "identity_center"}
        and _succeeded(event)
        and event.facts["mfa"] in {"no", "unknown", "no_session"}
    ]
    return in_order(rows, _WHEN)


def secret_reads(trail: Trail) -> list[Row]:
    """Reads of secrets and of decrypted parameters, by day, secret and reader."""
    reads: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        for secret in _secrets(event):
            own = (trail.local_day(event), secret, event.named_person)
            row = event.row("account_id region event_source event_name actor actor_kind")
            reads.setdefault((*own, *row.values()), []).append(event)
    names = "local_day secret person account_id region event_source event_name actor actor_kind".split()
    rows = [
        dict(zip(names, key, strict=True))
        | {
            "answered": sum(event.done for event in calls),
            "refused": sum(not event.done for event in calls),
            "source_addresses": len(different(calls, "source_address")),
            "first_time": calls[0].time,
            "last_time": calls[-1].time,
            "first_event_id": calls[0].facts["event_id"],
        }
        for key, calls in reads.items()
    ]
    return in_order(rows, "local_day account_id region event_source event_name secret actor actor_kind person")


def data_stores_deleted(trail: Trail) -> list[Row]:
    """Every call to delete a store of data, and whether a last copy was asked for."""
    rows = []
    copies = ("finalDBSnapshotIdentifier", "finalSnapshotIdentifier", "finalClusterSnapshotIdentifier")
    forgone = ("skipFinalSnapshot", "skipFinalClusterSnapshot", "forceDeleteWithoutRecovery")
    for event in trail.events:
        for (service, name), member in _STORES.items():
            if event.is_a(service, name):
                states = {
                    "refused_by_caller": any(event.asked(switch) == "true" for switch in forgone),
                    "requested": event.asked(*copies) is not None,
                    "recovery_window": service == "secretsmanager",
                    "none_requested": True,
                }
                rows.append(
                    event.row(
                        f"{_WHEN} region event_source event_name actor actor_kind person invoked_by source_address"
                        " call_result request_state",
                        store_id=event.asked(member),
                        final_copy=next(state for state, holds in states.items() if holds),
                        final_copy_id=event.asked(*copies),
                    )
                )
    return in_order(rows, _WHEN)


def mass_deletes(trail: Trail) -> list[Row]:
    """Every run of deletions by one actor in one service in which some ten minutes hold twenty or more."""
    rows = []
    destroyed = (event for event in trail.events if _destroys(event))
    for row, calls in gathered(destroyed, "account_id actor event_source"):
        single = [event for event in calls for _ in range(_instances(event))]
        for burst in _bursts(single):
            row_of_burst = row | {
                "actor_kind": burst[0].facts["actor_kind"],
                "people": sorted({event.named_person for event in burst if event.named_person}),
                "first_time": burst[0].time,
                "last_time": burst[-1].time,
                "deletions": len(burst),
                "batch_calls": sum(event.facts["event_name"] == "DeleteObjects" for event in burst),
                "event_names": different(burst, "event_name"),
                "regions": different(burst, "region"),
                "source_addresses": different(burst, "source_address"),
                "first_event_id": burst[0].facts["event_id"],
            }
            rows.append(row_of_burst)
    return in_order(rows, "first_time account_id actor event_source")


def snapshots_and_images(trail: Trail) -> list[Row]:
    """Snapshots and images given to everyone or to another account, and uses of such gifts."""
    rows = []
    for event in trail.events:
        findings: list[tuple[str, str | None]] = []
        if event.is_a("ec2", "ModifySnapshotAttribute", "ModifyImageAttribute") and event.done:
            request = event.record["requestParameters"]
            added = items_at(request, "createVolumePermission.add.items") + items_at(
                request, "launchPermission.add.items"
            )
            findings = [_shared(event, text_at(item, "group") or text_at(item, "userId")) for item in added]
        elif event.is_a("rds", "ModifyDBSnapshotAttribute", "ModifyDBClusterSnapshotAttribute") and event.done:
            added = items_at(event.record["requestParameters"], "valuesToAdd")
            findings = [_shared(event, str(receiver)) for receiver in added]
        elif event.is_a("ec2", "SharedSnapshotVolumeCreated", "SharedSnapshotCopyInitiated"):
            findings = [("used_by_other_account", None)]
        details = text_at(event.record.get("serviceEventDetails"), "snapshotId")
        rows += [
            event.row(
                f"{_WHEN} region event_source event_name actor actor_kind person source_address",
                resource_id=event.asked(
                    "snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier"
                )
                or details,
                finding=finding,
                shared_with=receiver,
            )
            for finding, receiver in findings
            if receiver != event.facts["account_id"]
        ]
    return in_order(rows, f"{_WHEN} shared_with")


def open_to_world(trail: Trail) -> list[Row]:
    """Rules of security groups, as EC2 answers that it made them, which open sensitive or all ports to the world."""
    rows = []
    for event in trail.events:
        if not (event.is_a("ec2", "AuthorizeSecurityGroupIngress") and event.done):
            continue
        for number, rule in enumerate(items_at(event.record["responseElements"], "securityGroupRuleSet.items"), start=1):
            addresses = text_at(rule, "cidrIpv4") or text_at(rule, "cidrIpv6")
            opened = [port for port in _SENSITIVE_PORTS if rule["fromPort"] <= port <= rule["toPort"]]
            whole = rule["ipProtocol"] == "-1" or (rule["fromPort"], rule["toPort"]) in {(0, 65535), (1, 65535)}
            if addresses in {"0.0.0.0/0", "::/0"} and (whole or opened):
                rows.append(
                    event.row(
                        f"{_WHEN} region event_name actor actor_kind person source_address",
                        filter_id=event.asked("groupId") or rule["groupId"],
                        rule_number=number,
                        rule_id=rule["securityGroupRuleId"],
                        finding="all_ports" if whole else "sensitive_port",
                        protocol=rule["ipProtocol"],
                        from_port=rule["fromPort"],
                        to_port=rule["toPort"],
                        sensitive_ports_opened=None if whole else ", ".join(map(str, opened)),
                        addresses=addresses,
                        reach="all_addresses",
                    )
                )
    return in_order(rows, f"{_WHEN} rule_number")


def coverage_daily(trail: Trail) -> list[Row]:
    """Events per local day, account, region and category."""
    rows = []
    for day in sorted({trail.local_day(event) for event in trail.events}):
        of_day = (event for event in trail.events if trail.local_day(event) == day)
        for row, events in gathered(of_day, "account_id region event_category"):
            marks = [event.facts["read_only"] for event in events]
            row.update(
                local_day=day,
                events=len(events),
                read_events=marks.count(True),
                write_events=marks.count(False),
                unmarked_events=marks.count(None),
                first_time=events[0].time,
                last_time=events[-1].time,
            )
            rows.append(row)
    return in_order(rows, "local_day account_id region event_category")


def duplicates(trail: Trail) -> list[Row]:
    """Per account: events that came more than once, that are shared between accounts, whose ids are not theirs alone."""
    rows = []
    for row, events in gathered(trail.events, "account_id"):
        ids = [event.facts["event_id"] for event in events if event.facts["event_id"]]
        shared = [event.facts["shared_event_id"] for event in events if event.facts["shared_event_id"]]
        row.update(
            events=len(events),
            repeated_events=sum(event.copies > 1 for event in events),
            surplus_copies=sum(event.copies - 1 for event in events),
            shared_events=len(shared),
            shared_within_account=len(shared) - len(set(shared)),
            conflicting_ids=len({id_ for id_ in ids if ids.count(id_) > 1}),
            events_without_id=len(events) - len(ids),
        )
        rows.append(row)
    return in_order(rows, "account_id")


def conflicting_ids(trail: Trail) -> list[Row]:
    """Records that share an id and are not copies of each other."""
    rows = []
    for _, events in gathered((event for event in trail.events if event.facts["event_id"]), "account_id event_id"):
        if len(events) > 1:
            for number, event in enumerate(sorted(events, key=lambda one: (one.time, one.log_file)), start=1):
                rows.append(
                    event.row(
                        f"{_WHEN} event_source event_name actor call_result region",
                        record_number=number,
                        addendum_reason=text_at(event.record.get("addendum"), "reason"),
                        log_file=event.log_file,
                    )
                )
    return in_order(rows, "account_id event_id record_number")


def late_deliveries(trail: Trail) -> list[Row]:
    """Files that are no logs; these data sets hold no late log file and none with an unreadable record."""
    missing = "log_account log_region delivery_date delivered_at first_event_time delay_hours".split()
    counts = {"records": 0, "records_not_read": 0, "undated": 0}
    return [
        {"finding": "not_read", "log_file": name, "file_state": "no_records", **dict.fromkeys(missing), **counts}
        for name in trail.not_logs
    ]


def required_fields(trail: Trail) -> list[Row]:
    """Per kind of record, those that lack the user, the action, the origin, the result or the object."""
    names = "account_id event_type identity_type"
    rows = []
    for row, events in gathered(trail.events, names):
        lacking = [_lacking(event) for event in events]
        row.update(
            {f"without_{field}": sum(fields[field] for fields in lacking) for field in lacking[0]},
            events=len(events),
            complete=sum(not any(fields.values()) for fields in lacking),
        )
        rows.append(row)
    return in_order(rows, names)


def _succeeded(event: Event) -> bool:
    return bool(event.facts["call_result"] == "success")


def _refused(event: Event) -> bool:
    return event.facts["call_result"] not in {"success", "partial", "unknown"}


def _reads(event: Event) -> bool:
    """Tell whether a call only reads; records of 2013 to 2014 leave it to the name."""
    marked = event.facts["read_only"]
    return event.facts["event_name"].startswith(("Get", "List", "Generate", "Simulate")) if marked is None else marked


def _trail_name(event: Event) -> str:
    return (event.asked("name") or "").rsplit("/", maxsplit=1)[-1]


def first_time(events: Any) -> datetime | None:
    """Return the time of the first event; None where there is none."""
    return min((event.time for event in events), default=None)


def _signin_said(event: Event, name: str) -> str | None:
    return text_at(event.record.get("additionalEventData"), name)


def _secrets(event: Event) -> list[str | None]:
    request = event.record.get("requestParameters")
    if event.is_a("secretsmanager", "GetSecretValue"):
        return [event.asked("secretId")]
    if event.is_a("secretsmanager", "BatchGetSecretValue"):
        filters = [text_at(item, "key") or "" for item in items_at(request, "filters")]
        return items_at(request, "secretIdList") or [", ".join(filters) if filters else None]
    parameters = event.is_a("ssm", "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")
    if parameters and event.asked("withDecryption") == "true":
        return items_at(request, "names") or [event.asked("name", "path")]
    return []


def _destroys(event: Event) -> bool:
    name = event.facts["event_name"]
    stops = event.is_a("ec2", "StopInstances") or event.is_a("rds", "StopDBInstance", "StopDBCluster")
    return (
        event.done
        and not event.facts["service_initiated"]
        and not event.facts["read_only"]
        and (event.facts["event_category"] == "Management" or event.is_a("s3"))
        and (name.startswith(("Delete", "Terminate", "Purge", "Deregister")) or stops)
        and name not in {"DeleteTags", "DeleteObjectTagging", "DeleteBucketTagging"}
    )


def _instances(event: Event) -> int:
    """Return how many resources a call destroys: EC2 takes many instances at once."""
    return len(items_at(event.record.get("requestParameters"), "instancesSet.items")) or 1


def _bursts(events: list[Event]) -> list[list[Event]]:
    """Return the unbroken runs of events of which each lies in some ten minutes that hold twenty."""
    bursts: list[list[Event]] = []
    reached = -1
    for start in range(len(events) - _MASS + 1):
        window = events[start : start + _MASS]
        if window[-1].time - window[0].time <= _MASS_WINDOW:
            if start <= reached or (bursts and window[0].time <= bursts[-1][-1].time):
                bursts[-1] += events[reached + 1 : start + _MASS]
            else:
                bursts.append(window)
            reached = start + _MASS - 1
    return bursts


def _shared(event: Event, receiver: str | None) -> tuple[str, str | None]:
    if receiver == "all":
        return "public", receiver
    return "organization" if (receiver or "").startswith("arn:") else "other_account", receiver


def _lacking(event: Event) -> dict[str, bool]:
    facts, record = event.facts, event.record
    states = {facts["request_state"], facts["response_state"]}
    nothing_named = states == {"empty"} and not record.get("resources") and not record.get("serviceEventDetails")
    looks = facts["event_name"].startswith(("Describe", "List", "Get")) if facts["read_only"] is None else False
    return {
        "user": not facts["actor"],
        "action": not facts["event_name"] or not facts["event_source"],
        "origin": not facts["source_address"],
        "result": facts["call_result"] == "unknown",
        "object": nothing_named and not (facts["read_only"] or looks),
    }


ANSWERS: Mapping[str, Callable[[Trail], list[Row]]] = {
    "credentials.access_key_events@1": access_key_events,
    "credentials.long_term_key_use@1": long_term_key_use,
    "data.secret_reads@1": secret_reads,
    "destruction.data_stores_deleted@1": data_stores_deleted,
    "destruction.mass_deletes@1": mass_deletes,
    "identity.identity_lifecycle@1": identity_lifecycle,
    "identity.root_activity@1": root_activity,
    "logging.logging_stopped@1": logging_stopped,
    "logging.trail_changes@1": trail_changes,
    "logs.conflicting_ids@1": conflicting_ids,
    "logs.coverage_daily@1": coverage_daily,
    "logs.duplicates@1": duplicates,
    "logs.late_deliveries@1": late_deliveries,
    "logs.required_fields@1": required_fields,
    "network.open_to_world@1": open_to_world,
    "permissions.denied_calls@1": denied_calls,
    "permissions.iam_changes@1": iam_changes,
    "sharing.snapshots_and_images@1": snapshots_and_images,
    "signin.console_signins@1": console_signins,
    "signin.signins_without_mfa@1": signins_without_mfa,
}
"""How to answer each query, at the version whose meaning was read."""
