"""What the event selectors of a trail choose, read from the request of PutEventSelectors as CloudTrail logs it.

Both forms are read in the same terms. The meaning of their fields is that of the CloudTrail API Reference, pages
EventSelector, DataResource, AdvancedEventSelector and AdvancedFieldSelector. What is not understood chooses nothing:
it is for absence that selectors are asked, and absence is claimed only of what is known to be recorded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comprova.catalog.needs import DATA_PREFIX, KMS, MANAGEMENT_READ, MANAGEMENT_WRITE

MANAGEMENT_KINDS = frozenset({MANAGEMENT_READ, MANAGEMENT_WRITE, KMS})
"""The kinds of management events that queries need."""

_PARTITION = re.compile(r"^arn:aws[a-z-]*:")
_KMS_SOURCE = "kms.amazonaws.com"
_KMS_HALVES = frozenset({"kms:read", "kms:write"})
"""Of KMS, events of both are one kind: a selector for reads and another for writes record it together."""
_UNASKED_SOURCES = frozenset({_KMS_SOURCE, "rdsdata.amazonaws.com"})
"""Sources that a selector may leave out without making reads and writes partial: KMS has a kind of its own, and calls
of the RDS Data API carry statements, not the management of anything."""

_MAIN_TYPES: Mapping[str, str] = {
    "data:s3": "AWS::S3::Object",
    "data:lambda": "AWS::Lambda::Function",
    "data:dynamodb": "AWS::DynamoDB::Table",
    "data:kinesis": "AWS::Kinesis::Stream",
    "data:sns": "AWS::SNS::Topic",
    "data:sqs": "AWS::SQS::Queue",
}
"""The resource type that a selector without ARNs must have to choose all events of a kind."""

_EVERYTHING: Mapping[str, frozenset[str]] = {
    "AWS::S3::Object": frozenset({"arn:aws:s3", "arn:aws:s3:::"}),
    "AWS::Lambda::Function": frozenset({"arn:aws:lambda"}),
    "AWS::DynamoDB::Table": frozenset({"arn:aws:dynamodb"}),
}
"""What a basic selector names in place of ARNs for all resources of a type."""


@dataclass(frozen=True, slots=True)
class DataSelector:
    """The data events of one resource type that a selector chooses.

    Attributes:
        resource_type: `AWS::S3::Object` and so on.
        reads, writes: Which calls.
        arns: ARNs of resources.
        prefixes: Beginnings of ARNs.
        everything: Whether it chooses all resources of the type; then there are neither ARNs nor beginnings.
        not_prefixes: Beginnings of ARNs that it leaves out.
    """

    resource_type: str
    reads: bool
    writes: bool
    arns: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    everything: bool = False
    not_prefixes: frozenset[str] = frozenset()

    def chooses(self, need: str, resource: str | None) -> bool:
        """Tell whether it chooses all events of a resource, or of all resources of a kind where none is named."""
        if resource is None:
            return self.everything and not self.not_prefixes and self.resource_type == _MAIN_TYPES.get(need)
        service = need.removeprefix(DATA_PREFIX)
        if self.resource_type.lower().split("::")[1:2] != [service]:
            return False
        inside = resource_arn(need, resource)
        if any(inside.startswith(left_out) or left_out.startswith(inside) for left_out in self.not_prefixes):
            return False
        if self.everything:
            return self.resource_type == _MAIN_TYPES.get(need)
        return inside.rstrip("/") in self.arns or any(inside.startswith(prefix) for prefix in self.prefixes)


@dataclass(frozen=True, slots=True)
class Selectors:
    """All that a trail is told to record.

    Attributes:
        management: Kinds of management events that it records whole.
        data: What it records of data events.
    """

    management: frozenset[str]
    data: tuple[DataSelector, ...] = ()

    def chooses(self, need: str, resource: str | None) -> bool:
        """Tell whether all data events of a resource are recorded; of all resources of a kind where none is named."""
        choosing = [one for one in self.data if one.chooses(need, resource)]
        return any(one.reads for one in choosing) and any(one.writes for one in choosing)


DEFAULT = Selectors(MANAGEMENT_KINDS)
"""What a trail records that was never given selectors: all management events, and no data events."""

UNKNOWN = Selectors(frozenset())
"""What is known of selectors that cannot be read: nothing."""


def resource_arn(need: str, resource: str) -> str:
    """Return the ARN that stands for a resource in selectors: a bucket's begins those of its objects, with a slash."""
    plain = plain_arn(resource)
    if need != "data:s3":
        return plain
    return (plain if plain.startswith("arn:") else f"arn:aws:s3:::{plain}").rstrip("/") + "/"


def plain_arn(text: str) -> str:
    """Return an ARN with the partition `aws`, whichever it has (`aws-us-gov`, `aws-cn`)."""
    return _PARTITION.sub("arn:aws:", text)


def read_selectors(request: Mapping[str, Any]) -> Selectors:
    """Read the request of PutEventSelectors; a call replaces all selectors of the trail, in whichever form."""
    advanced, basic = request.get("advancedEventSelectors"), request.get("eventSelectors")
    if isinstance(advanced, list) and advanced:
        return _joined(_advanced(one) for one in advanced)
    if isinstance(basic, list) and basic:
        return _joined(_basic(one) for one in basic)
    return UNKNOWN


def _joined(parts: Iterable[Selectors]) -> Selectors:
    """Return what several selectors choose together."""
    found = tuple(parts)
    chosen = frozenset(kind for part in found for kind in part.management)
    kms = {KMS} if chosen >= _KMS_HALVES else set()
    return Selectors(chosen - _KMS_HALVES | kms, tuple(one for part in found for one in part.data))


def _basic(selector: object) -> Selectors:
    if not isinstance(selector, dict):
        return UNKNOWN
    reads, writes = selector.get("readWriteType") != "WriteOnly", selector.get("readWriteType") != "ReadOnly"
    left_out = frozenset(_texts(selector.get("excludeManagementEventSources")))
    data = tuple(_basic_data(selector.get("dataResources"), reads=reads, writes=writes))
    if selector.get("includeManagementEvents") in (False, "false"):
        return Selectors(frozenset(), data)
    return Selectors(_management(left_out, reads=reads, writes=writes), data)


def _basic_data(resources: object, *, reads: bool, writes: bool) -> Iterator[DataSelector]:
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, dict) and isinstance(resource.get("type"), str):
            type_, values = resource["type"], frozenset(_texts(resource.get("values")))
            if values & _EVERYTHING.get(type_, frozenset()):
                yield DataSelector(type_, reads, writes, everything=True)
            # A function or table is named whole; of a bucket, the beginning of its objects' ARNs.
            elif type_ == "AWS::S3::Object":
                yield DataSelector(type_, reads, writes, prefixes=values)
            else:
                yield DataSelector(type_, reads, writes, arns=values)


def _advanced(selector: object) -> Selectors:
    fields = _fields(selector)
    category = fields.pop("eventCategory", {}).get("equals")
    if category == frozenset({"Management"}):
        return Selectors(_advanced_management(fields))
    if category == frozenset({"Data"}):
        return Selectors(frozenset(), tuple(_advanced_data(fields)))
    return UNKNOWN


def _fields(selector: object) -> dict[str, dict[str, frozenset[str]]]:
    """Return the conditions of an advanced selector by field and operator; one that cannot be read narrows it."""
    fields: dict[str, dict[str, frozenset[str]]] = {}
    listed = selector.get("fieldSelectors") if isinstance(selector, dict) else None
    for one in listed if isinstance(listed, list) else ():
        name = one.get("field") if isinstance(one, dict) else None
        if not isinstance(name, str) or name in fields:
            return {}
        fields[name] = {key: frozenset(_texts(value)) for key, value in one.items() if key != "field" and value}
    return fields


def _read_write(fields: dict[str, dict[str, frozenset[str]]]) -> tuple[bool, bool]:
    """Return whether reads and whether writes are chosen; the condition is taken from the fields."""
    condition = fields.pop("readOnly", {"equals": frozenset({"true", "false"})})
    values = condition["equals"] if condition.keys() == {"equals"} else frozenset()
    return "true" in values, "false" in values


def _advanced_management(fields: dict[str, dict[str, frozenset[str]]]) -> frozenset[str]:
    reads, writes = _read_write(fields)
    source = fields.pop("eventSource", {})
    if fields or source.keys() - {"notEquals"}:
        return frozenset()  # any further field makes the selector smaller
    return _management(source.get("notEquals", frozenset()), reads=reads, writes=writes)


def _management(left_out: frozenset[str], *, reads: bool, writes: bool) -> frozenset[str]:
    if left_out - _UNASKED_SOURCES:
        return frozenset()
    chosen = {*({MANAGEMENT_READ, "kms:read"} if reads else ()), *({MANAGEMENT_WRITE, "kms:write"} if writes else ())}
    return frozenset(chosen - (_KMS_HALVES if _KMS_SOURCE in left_out else frozenset()))


def _advanced_data(fields: dict[str, dict[str, frozenset[str]]]) -> Iterator[DataSelector]:
    reads, writes = _read_write(fields)
    types, arns = fields.pop("resources.type", {}), fields.pop("resources.ARN", {})
    if fields or types.keys() != {"equals"} or arns.keys() - {"equals", "startsWith", "notEquals", "notStartsWith"}:
        return
    chosen = {"arns": arns.get("equals", frozenset()), "prefixes": arns.get("startsWith", frozenset())}
    left_out = arns.get("notEquals", frozenset()) | arns.get("notStartsWith", frozenset())
    for type_ in types["equals"]:
        everything = not any(chosen.values())
        yield DataSelector(type_, reads, writes, **chosen, everything=everything, not_prefixes=left_out)


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a list: booleans as CloudTrail writes them, ARNs without their partition."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, bool):
            yield str(one).lower()
        elif isinstance(one, str):
            yield plain_arn(one)
