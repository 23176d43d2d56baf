"""What an auditor reads from raw records about the organisation itself: tags, contacts, regions."""

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, items_at
from end_to_end.plain.parameters import CLASSIFICATION_TAG_KEYS, SENSITIVE_BUCKETS

_TAGGED = ("ec2", "rds", "dynamodb", "kms", "secretsmanager", "lambda", "tagging")
_CONTACTS = (
    *("PutAlternateContact", "DeleteAlternateContact", "PutContactInformation", "StartPrimaryEmailUpdate"),
    *("AcceptPrimaryEmailUpdate", "PutAccountName"),
)


@answers("organisation.classification_tags@1")
def classification_tags(trail: Trail) -> list[Row]:
    """Tags of a classification that were written or taken away, and buckets whose new tags hold none."""
    rows = []
    for event in trail.events:
        effect, keys = _tags(event) if event.done else (None, None)
        if effect:
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_source event_name request_state user_agent log_file",
                    effect=effect,
                    tag_keys=keys,
                    resource_arns=_resources(event),
                )
            )
    return in_order(rows, WHEN)


@answers("organisation.contact_changes@1")
def contact_changes(trail: Trail) -> list[Row]:
    """Contacts, names and addresses of accounts that changed."""
    rows = [
        event.row(
            f"{WHEN} {WHO} region event_source event_name request_state user_agent log_file",
            target_account=event.asked("accountId", "AccountId") or event.facts["account_id"],
            contact_kind=event.asked("alternateContactType", "AlternateContactType"),
        )
        for event in trail.events
        if event.is_a("account", *_CONTACTS) and event.done
    ]
    return in_order(rows, WHEN)


@answers("organisation.region_changes@1")
def region_changes(trail: Trail) -> list[Row]:
    """Regions that were switched on or off."""
    rows = [
        event.row(
            f"{WHEN} {WHO} region event_name request_state user_agent log_file",
            target_account=event.asked("accountId", "AccountId") or event.facts["account_id"],
            region_changed=event.asked("regionName", "RegionName"),
        )
        for event in trail.events
        if event.is_a("account", "EnableRegion", "DisableRegion") and event.done
    ]
    return in_order(rows, WHEN)


def _tags(event: Event) -> tuple[str | None, list[str] | None]:
    """Return what a call does to the tags of a classification, and to which."""
    request = event.record.get("requestParameters") or {}
    if event.is_a("s3", "PutBucketTagging", "PutObjectTagging"):
        listed = ((request.get("Tagging") or {}).get("TagSet") or {}).get("Tag", [])
        found = _classifying([tag["Key"] for tag in ([listed] if isinstance(listed, dict) else listed)])
        without = event.facts["bucket_name"] in SENSITIVE_BUCKETS and event.is_a("s3", "PutBucketTagging")
        return ("replaced", found) if found else ("replaced_without" if without else None, found)
    if event.is_a("s3", "DeleteBucketTagging", "DeleteObjectTagging"):
        return "all_removed", None
    if not any(event.is_a(service) for service in _TAGGED):
        return None, None
    written = [
        tag.get("key") or tag.get("Key") for tag in items_at(request, "tagSet.items") + items_at(request, "tags")
    ]
    found = _classifying([*written, *items_at(request, "tagKeys")])
    if found and event.facts["event_name"].startswith(("DeleteTags", "Untag", "RemoveTags")):
        return "removed", found
    if found and event.facts["event_name"].startswith(("CreateTags", "Tag", "AddTags")):
        return "written", found
    return None, None


def _resources(event: Event) -> list[str]:
    """Return what is tagged, as the request names it."""
    if event.is_a("s3"):
        return ["arn:aws:s3:::" + "/".join(filter(None, (event.facts["bucket_name"], event.facts["object_key"])))]
    if event.is_a("ec2"):
        items = items_at(event.record.get("requestParameters"), "resourcesSet.items")
        return [item["resourceId"] for item in items]
    if event.is_a("tagging"):
        return items_at(event.record.get("requestParameters"), "resourceARNList")
    named = event.asked("resourceArn", "resourceName", "keyId", "secretId", "resource")
    return [named] if named else []


def _classifying(keys: list[str]) -> list[str]:
    return sorted({key for key in keys if key in CLASSIFICATION_TAG_KEYS})
