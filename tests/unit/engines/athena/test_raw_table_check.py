"""Whether the raw table that is there shows what a job needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from athena_jobs import RAW, glue_table
from comprova.engines.athena.place import S3Place
from comprova.engines.athena.raw_table_check import FoundTable, differences
from comprova.engines.athena.workgroup import Difference

ENUM = {"projection.account.type": "enum", "projection.account.values": "111122223333"}


def found(properties: Mapping[str, str] | None = None, **storage: Any) -> FoundTable:
    """Return the table as it should be, with other properties and storage."""
    table = glue_table()
    table["Parameters"] |= properties or {}
    table["StorageDescriptor"] |= storage
    return FoundTable.read(table)


def changed_type(column: str, old: str, new: str) -> list[dict[str, str]]:
    """Return the columns with a text in the type of one replaced."""
    columns: list[dict[str, str]] = glue_table()["StorageDescriptor"]["Columns"]
    return [{**one, "Type": one["Type"].replace(old, new)} if one["Name"] == column else one for one in columns]


def test_a_table_as_it_should_be_has_no_differences() -> None:
    """Nothing is found where nothing is wrong."""
    assert differences(RAW, found()) == ()


def test_a_table_that_shows_more_is_as_good() -> None:
    """More accounts, regions and dates, and further columns."""
    more = {
        "projection.account.values": "000000000000,444455556666,111122223333",
        "projection.region.values": "us-east-1,sa-east-1,eu-west-1",
        "projection.timestamp.range": "2020/01/01,NOW",
    }
    columns = [*glue_table()["StorageDescriptor"]["Columns"], {"Name": "more", "Type": "int"}]
    assert differences(RAW, found(more, Columns=columns)) == ()
    assert differences(RAW, found({"projection.account.type": "injected"})) == ()


def test_other_spellings_are_the_same() -> None:
    """Glue may tell types in capitals and with spaces, and a place without its slash."""
    columns = [
        {"Name": one["Name"].upper(), "Type": one["Type"].upper().replace(",", ", ")}
        for one in glue_table()["StorageDescriptor"]["Columns"]
    ]
    assert differences(RAW, found(Columns=columns, Location=RAW.location.uri)) == ()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            found({"projection.account.values": "111122223333"}),
            Difference("projection.account.values", "also 444455556666", "a list without them"),
        ),
        (
            # White space is part of a value: ` us-east-1` is no region.
            found({"projection.region.values": "sa-east-1, us-east-1"}),
            Difference("projection.region.values", "also us-east-1", "a list without them"),
        ),
        (
            found({"projection.timestamp.range": "2026/01/02,NOW"}),
            Difference("projection.timestamp.range", "2026/01/01,NOW", "2026/01/02,NOW"),
        ),
        (
            found({"projection.timestamp.range": "2020/01/01,2026/12/31"}),
            Difference("projection.timestamp.range", "2026/01/01,NOW", "2020/01/01,2026/12/31"),
        ),
        (
            found({"storage.location.template": "s3://other/${account}"}),
            Difference(
                "storage.location.template", RAW.properties["storage.location.template"], "s3://other/${account}"
            ),
        ),
        (found({"projection.enabled": "false"}), Difference("projection.enabled", "true", "false")),
        (found(Location="s3://other/"), Difference("location", RAW.location.uri, "s3://other")),
        (
            found(SerdeInfo={"SerializationLibrary": "com.amazon.emr.hive.serde.CloudTrailSerde"}),
            Difference("SerDe", "org.apache.hive.hcatalog.data.JsonSerDe", "com.amazon.emr.hive.serde.CloudTrailSerde"),
        ),
        (
            found(
                Columns=[one for one in glue_table()["StorageDescriptor"]["Columns"] if one["Name"] != "eventcontext"]
            ),
            Difference("column eventcontext", "there", "none"),
        ),
        (
            found(Columns=changed_type("useridentity", "sourceidentity:string,", "")),
            Difference("column useridentity.sessioncontext.sourceidentity", "string", "none"),
        ),
        (
            found(Columns=changed_type("resources", "arnprefix:string,", "")),
            Difference("column resources[].arnprefix", "string", "none"),
        ),
        (
            found(Columns=changed_type("readonly", "string", "boolean")),
            Difference("column readonly", "string", "boolean"),
        ),
    ],
)
def test_each_difference_is_named(table: FoundTable, expected: Difference) -> None:
    """What Athena would answer with zero rows, or with an error."""
    assert differences(RAW, table) == (expected,)


def test_a_table_of_one_account_is_no_table_of_any() -> None:
    """A job that takes every account it finds needs a table that shows whichever a statement names."""
    assert differences(replace(RAW, accounts=()), found()) == (
        Difference("projection.account.type", "injected", "enum"),
    )


def test_everything_is_told_at_once() -> None:
    """Of a table that AWS's console made for one account."""
    raw = replace(RAW, organisation="", trail=S3Place("acme-trail", ""), start=date(2020, 1, 1))
    table = {**glue_table(), "PartitionKeys": [], "Parameters": {}}
    names = [one.name for one in differences(raw, FoundTable.read(table))]
    assert names == ["location", "partitions", *raw.properties]


def test_what_a_table_shows_is_read() -> None:
    """None where each statement names it."""
    assert found(ENUM).projects("account") == frozenset({"111122223333"})
    assert found({"projection.account.type": "injected"}).projects("account") is None
    assert found().projects("region") == frozenset({"sa-east-1", "us-east-1"})
