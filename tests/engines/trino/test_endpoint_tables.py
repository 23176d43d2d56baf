"""Tables of Parquet: written by UNLOAD and CTAS, found through partitions, dropped without their files."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from athena_endpoint.caller import Caller, Ended
from athena_endpoint.endpoint import Endpoint

pytestmark = pytest.mark.trino

_NUMBERS = (
    "SELECT n, CAST(n AS varchar) AS text, TIMESTAMP '2026-10-01 00:00:00.000' AS moment "
    "FROM UNNEST(sequence(1, 99)) t (n)"
)


def _unload(caller: Caller, query: str, folder: str, options: str = "") -> Ended:
    return caller.run(f"UNLOAD ({query}) TO 's3://{caller.store}/{folder}/' WITH (format = 'PARQUET'{options})")


def _keys(caller: Caller, folder: str) -> list[str]:
    listed = caller.s3.list_objects_v2(Bucket=caller.store, Prefix=f"{folder}/")
    return [item["Key"] for item in listed.get("Contents", ())]


def test_unload_writes_parquet_in_order_and_a_manifest(caller: Caller, tmp_path: Path) -> None:
    """Rows lie in the files in the order of the query; the manifest names the files."""
    ended = _unload(caller, f"{_NUMBERS} ORDER BY n DESC", "numbers", ", compression = 'ZSTD'")

    assert ended.state == "SUCCEEDED", ended.reason
    (key,) = _keys(caller, "numbers")
    file = tmp_path / "file"
    caller.s3.download_file(caller.store, key, str(file))
    parquet = pq.ParquetFile(file)
    location = ended.execution["Statistics"]["DataManifestLocation"]
    manifest = caller.s3.get_object(Bucket=caller.store, Key=location.removeprefix(f"s3://{caller.store}/"))
    assert parquet.read(["n"])["n"].to_pylist() == list(range(99, 0, -1))
    assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"
    assert manifest["Body"].read().decode() == f"s3://{caller.store}/{key}\n"
    assert ended.columns == {"rows": "bigint"}


def test_unload_goes_only_into_an_empty_place(caller: Caller) -> None:
    """A place that holds something is refused, and what it holds stays."""
    _unload(caller, _NUMBERS, "numbers")
    before = _keys(caller, "numbers")

    again = _unload(caller, _NUMBERS, "numbers")

    assert again.reason.startswith("HIVE_PATH_ALREADY_EXISTS")
    assert _keys(caller, "numbers") == before


def test_unload_of_no_rows_writes_no_file(caller: Caller) -> None:
    """There is nothing to write, and nothing is."""
    ended = _unload(caller, f"{_NUMBERS} WHERE n < 0", "nothing")

    assert (ended.state, _keys(caller, "nothing")) == ("SUCCEEDED", [])


def test_unload_of_columns_without_names_fails(caller: Caller) -> None:
    """Files need names of columns."""
    assert "Column name not specified at position 1" in _unload(caller, "SELECT 1", "nothing").reason


def test_table_lies_over_what_its_partitions_name(caller: Caller) -> None:
    """ADD PARTITION gives a date its place; other places below the table's are not read."""
    for folder in ("loads/a", "loads/b", "loads/unpublished"):
        _unload(caller, _NUMBERS, folder)
    caller.run(
        "CREATE EXTERNAL TABLE numbers (n bigint, text string, moment timestamp) PARTITIONED BY (day date) "
        f"STORED AS PARQUET LOCATION 's3://{caller.store}/loads/'"
    )
    ended = caller.run(
        f"ALTER TABLE {caller.database}.numbers ADD IF NOT EXISTS\n"
        f"  PARTITION (day = '2026-10-01') LOCATION 's3://{caller.store}/loads/a/'\n"
        f"  PARTITION (day = '2026-10-02') LOCATION 's3://{caller.store}/loads/b/'"
    )

    assert ended.state == "SUCCEEDED", ended.reason
    assert caller.rows("SELECT day, count(*), max(n), min(moment) FROM numbers GROUP BY day ORDER BY day") == [
        ("2026-10-01", "99", "99", "2026-10-01 00:00:00.000"),
        ("2026-10-02", "99", "99", "2026-10-01 00:00:00.000"),
    ]


def test_scanned_bytes_are_those_of_the_columns_read(caller: Caller) -> None:
    """A count reads no column; a column is read by itself; another date is not read."""
    _unload(caller, _NUMBERS, "numbers/a")
    caller.run(
        "CREATE EXTERNAL TABLE numbers (n bigint, text string, moment timestamp) PARTITIONED BY (day date) "
        f"STORED AS PARQUET LOCATION 's3://{caller.store}/numbers/'"
    )
    caller.run(
        f"ALTER TABLE numbers ADD IF NOT EXISTS PARTITION (day = '2026-10-01') "
        f"LOCATION 's3://{caller.store}/numbers/a/'"
    )

    one, both, none, elsewhere = (
        caller.run(f"SELECT {select}").scanned
        for select in (
            "max(n) FROM numbers",
            "max(n), max(text) FROM numbers",
            "count(*) FROM numbers",
            "max(n) FROM numbers WHERE day = DATE '2026-10-02'",
        )
    )

    assert (none, elsewhere) == (0, 0)
    assert 0 < one < both


def test_create_table_as_makes_a_table_of_rows(caller: Caller) -> None:
    """The table is there for statements and in Glue; dropping it leaves its files."""
    location = f"s3://{caller.store}/made/"
    ended = caller.run(
        f"CREATE TABLE made WITH (external_location = '{location}', format = 'PARQUET', write_compression = 'ZSTD') "
        f"AS {_NUMBERS}"
    )
    rows = caller.rows("SELECT count(*), sum(n) FROM made")
    caller.run("DROP TABLE made")

    assert (ended.execution["StatementType"], ended.execution["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    assert rows == [("99", "4950")]
    assert caller.run("SELECT * FROM made").reason.startswith("TABLE_NOT_FOUND")
    assert len(_keys(caller, "made")) == 1


def test_glue_tells_of_databases_and_tables(athena: Endpoint, caller: Caller) -> None:
    """What statements define is in the data catalog, and gone from it when they drop it."""
    glue = athena.client("glue")
    caller.run(
        "CREATE EXTERNAL TABLE a (n bigint, r struct<a:string>) PARTITIONED BY (day date) STORED AS PARQUET "
        f"LOCATION 's3://{caller.store}/a/' TBLPROPERTIES ('made.by' = 'o\\'neil')"
    )
    table = glue.get_table(DatabaseName=caller.database, Name="a")["Table"]
    caller.run("DROP TABLE a")

    storage = table["StorageDescriptor"]
    assert {column["Name"]: column["Type"] for column in storage["Columns"]} == {"n": "bigint", "r": "struct<a:string>"}
    assert [column["Name"] for column in table["PartitionKeys"]] == ["day"]
    assert (storage["Location"], table["Parameters"]["made.by"]) == (f"s3://{caller.store}/a/", "o'neil")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table(DatabaseName=caller.database, Name="a")


def test_dropping_a_database_drops_its_tables(caller: Caller) -> None:
    """CASCADE drops tables; without it a database that has some stays."""
    caller.run(f"CREATE EXTERNAL TABLE a (n bigint) STORED AS PARQUET LOCATION 's3://{caller.store}/a/'")

    refused = caller.run(f"DROP DATABASE {caller.database}")
    dropped = caller.run(f"DROP DATABASE {caller.database} CASCADE")
    again = caller.run(f"DROP DATABASE IF EXISTS {caller.database} CASCADE")

    assert (refused.state, dropped.state, again.state) == ("FAILED", "SUCCEEDED", "SUCCEEDED")
    assert "is not empty" in refused.reason
    assert caller.run("SELECT * FROM a").reason.startswith("SCHEMA_NOT_FOUND")
