"""What event selectors choose, in both forms; what is not understood chooses nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.catalog.needs import KMS, MANAGEMENT_READ, MANAGEMENT_WRITE
from comprova.collect.selectors import MANAGEMENT_KINDS, UNKNOWN, Selectors, read_selectors
from comprova.collect.trail_calls import CallKind, read_call

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:pay"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/cards"


def basic(*selectors: dict[str, Any]) -> Selectors:
    """Return what basic selectors choose."""
    return read_selectors({"trailName": "org", "eventSelectors": list(selectors)})


def data(type_: str, *values: str, **more: Any) -> Selectors:
    """Return what a basic selector of data events alone chooses."""
    resources = [{"type": type_, "values": list(values)}]
    return basic({"includeManagementEvents": False, "dataResources": resources, **more})


def advanced(category: str, **fields: dict[str, list[str]]) -> Selectors:
    """Return what one advanced selector chooses; of a field's name, `_` stands for a dot."""
    conditions: list[dict[str, Any]] = [{"field": "eventCategory", "equals": [category]}]
    conditions += [{"field": name.replace("_", "."), **condition} for name, condition in fields.items()]
    return read_selectors({"advancedEventSelectors": [{"fieldSelectors": conditions}]})


def objects(**arn: list[str]) -> Selectors:
    """Return what an advanced selector of S3 objects with a condition on ARNs chooses."""
    return advanced("Data", resources_type={"equals": ["AWS::S3::Object"]}, **({"resources_ARN": arn} if arn else {}))


@pytest.mark.parametrize(
    ("selectors", "kinds"),
    [
        (basic({}), MANAGEMENT_KINDS),
        (basic({"readWriteType": "All", "includeManagementEvents": True}), MANAGEMENT_KINDS),
        (basic({"readWriteType": "ReadOnly"}), {MANAGEMENT_READ}),
        (basic({"readWriteType": "ReadOnly"}, {"readWriteType": "WriteOnly"}), MANAGEMENT_KINDS),
        (basic({"excludeManagementEventSources": ["kms.amazonaws.com"]}), {MANAGEMENT_READ, MANAGEMENT_WRITE}),
        (basic({"excludeManagementEventSources": ["rdsdata.amazonaws.com"]}), MANAGEMENT_KINDS),
        (basic({"includeManagementEvents": False}), set()),
        (advanced("Management"), MANAGEMENT_KINDS),
        (advanced("Management", readOnly={"equals": ["false"]}), {MANAGEMENT_WRITE}),
        (advanced("Management", eventSource={"notEquals": ["kms.amazonaws.com"]}), MANAGEMENT_KINDS - {KMS}),
        (advanced("Management", eventSource={"equals": ["iam.amazonaws.com"]}), set()),
        (advanced("Management", eventName={"notEquals": ["AssumeRole"]}), set()),
        (advanced("Data"), set()),
    ],
)
def test_which_management_events_are_chosen_whole(selectors: Selectors, kinds: set[str]) -> None:
    """A kind counts only where all of it is chosen: what a further field leaves out is not known."""
    assert selectors.management == kinds


@pytest.mark.parametrize(
    ("selectors", "need", "resource", "chosen"),
    [
        (data("AWS::S3::Object", "arn:aws:s3:::cards/"), "data:s3", "cards", True),
        (data("AWS::S3::Object", "arn:aws:s3:::cards/"), "data:s3", "arn:aws:s3:::cards", True),
        (data("AWS::S3::Object", "arn:aws-us-gov:s3:::cards/"), "data:s3", "cards", True),
        (data("AWS::S3::Object", "arn:aws:s3:::cards/"), "data:s3", "cards-2", False),
        (data("AWS::S3::Object", "arn:aws:s3:::cards/2026"), "data:s3", "cards", False),
        (data("AWS::S3::Object", "arn:aws:s3"), "data:s3", "cards", True),
        (data("AWS::S3::Object", "arn:aws:s3"), "data:s3", None, True),
        (data("AWS::S3::Object", "arn:aws:s3:::cards/"), "data:s3", None, False),
        (data("AWS::S3::Object", "arn:aws:s3", readWriteType="ReadOnly"), "data:s3", "cards", False),
        (data("AWS::S3::Object", "arn:aws:s3"), "data:lambda", FUNCTION, False),
        (data("AWS::Lambda::Function", FUNCTION), "data:lambda", FUNCTION, True),
        (data("AWS::Lambda::Function", FUNCTION), "data:lambda", f"{FUNCTION}-2", False),
        (data("AWS::Lambda::Function", "arn:aws:lambda"), "data:lambda", None, True),
        (data("AWS::DynamoDB::Table", TABLE), "data:dynamodb", TABLE, True),
        (objects(), "data:s3", None, True),
        (objects(startsWith=["arn:aws:s3:::cards/"]), "data:s3", "cards", True),
        (objects(startsWith=["arn:aws:s3:::ca"]), "data:s3", "cards", True),
        (objects(notStartsWith=["arn:aws:s3:::cards/"]), "data:s3", "cards", False),
        (objects(notStartsWith=["arn:aws:s3:::cards/tmp/"]), "data:s3", "cards", False),
        (objects(notStartsWith=["arn:aws:s3:::logs/"]), "data:s3", "cards", True),
        (objects(notStartsWith=["arn:aws:s3:::logs/"]), "data:s3", None, False),
        (objects(endsWith=[".csv"]), "data:s3", "cards", False),
        (advanced("Data", resources_type={"equals": ["AWS::DynamoDB::Stream"]}), "data:dynamodb", None, False),
    ],
)
def test_which_data_events_are_chosen_whole(
    selectors: Selectors,
    need: str,
    resource: str | None,
    chosen: bool,  # noqa: FBT001 - what is expected
) -> None:
    """A resource is chosen where reads and writes on all of it are; none named stands for all of the kind."""
    assert selectors.chooses(need, resource) is chosen


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["Management", "Data", "equals"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["fieldSelectors", "field", "equals", "dataResources", "type", "values", "readWriteType"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["eventSelectors", "advancedEventSelectors"]), st.lists(values, max_size=3))
def test_any_request_is_read(form: str, selectors: list[Any]) -> None:
    """Whatever stands where selectors should be: it is read, and what it chooses is among what there is."""
    call = read_call(NOON, "1", "r", "PutEventSelectors", json.dumps({"trailName": "org", form: selectors}))
    assert call.selectors is not None
    assert call.selectors.management <= MANAGEMENT_KINDS


@pytest.mark.parametrize("request_text", ["", "null", "[]", '{"omitted": true}', "[" * 100_000, '"text"'])
def test_a_request_that_cannot_be_read_chooses_nothing(request_text: str) -> None:
    """Nobody knows what was ordered, of which trail."""
    call = read_call(NOON, "1", "r", "PutEventSelectors", request_text)
    assert (call.kind, call.trail.name, call.selectors) == (CallKind.SELECTED, "", UNKNOWN)
