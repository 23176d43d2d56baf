"""What is sent to define databases and tables."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from athena_jobs import RAW
from comprova.engines.athena import ddl
from comprova.engines.athena.place import S3Place
from comprova.errors import ContentError
from comprova.sql.schema import ACTIVITY, DELIVERIES, FILES, RECORDS
from comprova.sql.types import parse_type

STORE = S3Place("acme-store", "comprova")
QUOTED = S3Place("acme-store", "o'brien\\x")
_WORDS = """
all alter and array as between bigint binary boolean by case cast char column create cross cube current cursor database
date decimal delete describe distinct div double drop else end exists external extract false fetch float for from full
function grant group grouping having if import in inner insert int integer interval into is join lateral left like local
map none not null numeric of on only or order out outer over partition precision primary range reads references revoke
right rlike rollup row rows select set smallint start table tablesample then time timestamp to trigger true truncate
union unique update user using utc_timestamp values varchar views when where window with
"""
RESERVED = frozenset(_WORDS.split())
"""Words that a definition takes for a column's name only in backticks (Athena User Guide, reserved keywords)."""

PROPERTIES = """\
PARTITIONED BY (account string, region string, `timestamp` string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://acme-trail/audit/AWSLogs/o-a1b2c3d4e5/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.account.type' = 'enum',
  'projection.account.values' = '111122223333,444455556666',
  'projection.region.type' = 'enum',
  'projection.region.values' = 'sa-east-1,us-east-1',
  'projection.timestamp.type' = 'date',
  'projection.timestamp.format' = 'yyyy/MM/dd',
  'projection.timestamp.range' = '2026/01/01,NOW',
  'projection.timestamp.interval' = '1',
  'projection.timestamp.interval.unit' = 'DAYS',
  'storage.location.template' = \
's3://acme-trail/audit/AWSLogs/o-a1b2c3d4e5/${account}/CloudTrail/${region}/${timestamp}'
)"""


def columns(statement: str) -> list[str]:
    """Return the lines that define columns."""
    return [line.strip().rstrip(",") for line in statement.split("(\n", 1)[1].split("\n)", 1)[0].splitlines()]


def test_the_raw_table_is_that_of_the_athena_user_guide() -> None:
    """AWS's SerDe and input format, and projections of account, region and delivery date."""
    statement = ddl.raw_table(RAW)
    assert statement.startswith(
        "CREATE EXTERNAL TABLE IF NOT EXISTS comprova.cloudtrail_logs (\n  eventversion string,"
    )
    assert statement[statement.index("PARTITIONED") :] == PROPERTIES


def test_the_raw_table_has_the_columns_of_records() -> None:
    """All but those that only the object's key tells; nested fields are structs, arrays and maps."""
    found = dict(line.split(" ", 1) for line in columns(ddl.raw_table(RAW)))
    assert list(found) == [name for name in RECORDS if not name.startswith("log_") and name != "delivery_date"]
    assert found["resources"] == "array<struct<arn:string,arnprefix:string,accountid:string,type:string>>"
    assert found["useridentity"].endswith(
        "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>"
    )


def test_a_trail_of_accounts_that_nobody_lists_is_asked_by_account() -> None:
    """Without a list of accounts a statement must name them: forgetting to is an error and not zero rows."""
    raw = replace(RAW, accounts=(), organisation="", trail=S3Place("acme-trail", ""))
    assert raw.properties["projection.account.type"] == "injected"
    assert "projection.account.values" not in raw.properties
    assert raw.location.uri == "s3://acme-trail/AWSLogs"
    assert raw.properties["storage.location.template"] == (
        "s3://acme-trail/AWSLogs/${account}/CloudTrail/${region}/${timestamp}"
    )


def test_tables_of_a_run_have_the_declared_columns() -> None:
    """External Parquet; types as Hive writes them; records are partitioned by date, and activity by group."""
    made = {
        "records": (ddl.records_table("run", STORE), {**RECORDS}),
        "files": (ddl.files_table("run", STORE), FILES),
        "activity": (ddl.activity_table("run", STORE), ACTIVITY),
        "deliveries": (ddl.deliveries_table("run", STORE), DELIVERIES),
    }
    wrong = [
        name
        for name, (statement, declared) in made.items()
        if [line.split(" ")[0] for line in columns(statement)]
        != [one for one in declared if one not in _partition(name)]
        or not statement.startswith(f"CREATE EXTERNAL TABLE IF NOT EXISTS run.{name} (")
        or "STORED AS PARQUET\nLOCATION 's3://acme-store/comprova/'" not in statement
        or ("PARTITIONED BY" in statement) != bool(_partition(name))
    ]
    assert wrong == []
    assert "PARTITIONED BY (delivery_date date)" in made["records"][0]
    assert "PARTITIONED BY (event_group string)" in made["activity"][0]
    assert [*ACTIVITY][-1] == "event_group", "UNLOAD wants the partition column last"
    assert "event_time timestamp" in columns(made["activity"][0])


def _partition(table: str) -> tuple[str, ...]:
    return {"records": ("delivery_date",), "activity": ("event_group",)}.get(table, ())


def test_no_column_has_a_reserved_name() -> None:
    """Only `timestamp` has, and is quoted."""
    names = {*RECORDS, *FILES, *ACTIVITY, *DELIVERIES}
    assert names & RESERVED == set()


def test_partitions_are_added_a_hundred_at_a_time() -> None:
    """Each date has the place of its own load."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(201)]
    places = [(day.isoformat(), STORE.below(f"load{number}")) for number, day in enumerate(days)]
    statements = ddl.add_partitions("run", "records", "delivery_date", places)
    assert [statement.count("PARTITION (") for statement in statements] == [100, 100, 1]
    assert statements[2] == (
        "ALTER TABLE run.records ADD IF NOT EXISTS\n"
        "  PARTITION (delivery_date = '2026-07-20') LOCATION 's3://acme-store/comprova/load200/'"
    )
    assert ddl.add_partitions("run", "activity", "event_group", []) == ()


def test_texts_are_quoted_as_each_grammar_wants() -> None:
    """Hive escapes with a backslash, Trino doubles the quote."""
    assert "LOCATION 's3://acme-store/o\\'brien\\\\x/'" in ddl.files_table("run", QUOTED)
    assert ddl.unload("SELECT 1 AS one", QUOTED) == (
        "UNLOAD (\nSELECT 1 AS one\n)\nTO 's3://acme-store/o''brien\\x/'\n"
        "WITH (format = 'PARQUET', compression = 'ZSTD')"
    )
    assert ddl.unload("SELECT 1 AS one", STORE, "one").endswith(
        "WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['one'])"
    )
    assert ddl.explain("SELECT 1 AS one") == "EXPLAIN (TYPE VALIDATE) SELECT 1 AS one"


@pytest.mark.parametrize("name", ["", "Comprova", "1st", "a-b", "a.b", "a b", "a`; DROP TABLE x", "a" * 256, "é"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    """Whatever stands in a statement as a name is one."""
    for make in (ddl.create_database, ddl.drop_database, lambda bad: ddl.drop_table("run", bad)):
        with pytest.raises(ContentError, match="a name of small letters, digits and _"):
            make(name)


def test_databases_and_tables_are_dropped_by_name() -> None:
    """Also a database that holds tables."""
    assert ddl.create_database("run") == "CREATE DATABASE IF NOT EXISTS run"
    assert ddl.drop_database("run") == "DROP DATABASE IF EXISTS run CASCADE"
    assert ddl.drop_table("comprova", ddl.RAW_TABLE) == "DROP TABLE IF EXISTS comprova.cloudtrail_logs"


def test_each_revision_of_each_job_has_a_database_of_its_own() -> None:
    """The name tells what it is; jobs whose ids differ only where a name cannot are told apart."""
    assert ddl.run_database("comprova", "monthly", "2026-10", 1) == "comprova_monthly_2026_10_r1"
    assert ddl.run_database("comprova", "monthly", "2026-Q3", 2) == "comprova_monthly_2026_q3_r2"
    assert ddl.run_database("c", "m", "2026-10-01..2026-10-15", 1) == "c_m_2026_10_01_2026_10_15_r1"
    names = {ddl.run_database("comprova", job, "2026-10", 1) for job in ("a.b", "a-b", "a_b")}
    assert len(names) == 3
    assert all(
        ddl.run_database("comprova", job, "2026-10", 1).startswith(ddl.run_databases("comprova", job))
        for job in ("a.b", "a_b")
    )


def test_every_type_has_its_name_in_a_definition() -> None:
    """Nested ones too."""
    type_ = parse_type("row(a varchar, b map(varchar, bigint), c array(row(d date, e timestamp(3), f boolean)))")
    assert ddl.hive_type(type_) == (
        "struct<a:string,b:map<string,bigint>,c:array<struct<d:date,e:timestamp,f:boolean>>>"
    )
