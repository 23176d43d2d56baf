"""No value of a parameter, however hostile, changes a statement's shape: it is one literal of that very value."""

import re
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comprova.catalog.parameters import Scalar, Value
from comprova.errors import ContentError
from comprova.sql.bind import literal
from comprova.sql.dialects import AthenaAsWritten
from comprova.sql.statement import Dialect, Statement
from comprova.sql.write import write
from unit.sql.written_queries import statement, written_query

QUERY = written_query(
    "SELECT event_id FROM activity WHERE event_name = :name OR contains(:names, event_name) "
    "OR any_match(:limits, given -> given.name = event_name) ORDER BY event_id\n",
    parameters=("name", "names", "limits"),
)
TYPES = {"name": "varchar", "names": "array(varchar)", "limits": "array(row(name varchar, n bigint))"}

TRAPS = (
    *("'", "''", '"', "\\", "\\'", "--", "/*", "*/", ";", "$$", ":name", "?", "{", "}", "%", "x", ")", "(", " ", "\n"),
    *("\r", "\t", "\u2028", "\u0085", "\ufeff", "\x1a", "' OR '1'='1", "__SQLGLOT__LB__", "'||chr(0)||'"),
)
hostile = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.lists(st.sampled_from(TRAPS)).map("".join),
)


def literals(sql: str) -> tuple[str, list[str]]:
    """Split a text as the SQL standard does: what stands outside of quotes, without white space, and what within."""
    parts = re.split(r"'((?:[^']|'')*)'", sql)
    return re.sub(r"\s+", "", "?".join(parts[::2])), [part.replace("''", "'") for part in parts[1::2]]


def compiled(name: str, names: tuple[str, ...], limit: str) -> Statement:
    """Compile the query with these values."""
    row: dict[str, Scalar] = {"name": limit, "n": 1}
    values: dict[str, Value] = {"name": name, "names": names, "limits": (row,)}
    return statement(QUERY, TYPES, values)


SHAPES = {dialect: literals(compiled("a", ("b", "c"), "d").text(dialect))[0] for dialect in Dialect}


def read_by_duckdb(value: Value, type_: str) -> object:
    """Return what DuckDB makes of a value written as a literal."""
    sql = write(literal(value, type_, "p"), Dialect.DUCKDB)
    row = duckdb.execute(f"SELECT {sql}").fetchone()
    assert row is not None
    return row[0]


@settings(deadline=None)
@given(hostile, hostile, hostile, hostile)
@example("__SQLGLOT__LB__", "\n", "a\n  b", "' --")
@example("\\", "\\'", "';", "/*")
def test_text_is_one_literal_of_that_very_text(name: str, first: str, second: str, third: str) -> None:
    """Read by the rules of SQL alone, both texts hold the values exactly, and nothing else differs."""
    made = compiled(name, (first, second), third)
    for dialect in Dialect:
        shape, held = literals(made.text(dialect))
        assert shape == SHAPES[dialect]
        assert held == [name, first, second, third]


@settings(deadline=None)
@given(hostile)
def test_duckdb_reads_the_value_that_was_given(value: str) -> None:
    """DuckDB, asked for the literal, gives back the value."""
    assert read_by_duckdb(value, "varchar") == value


moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
SCALARS = {
    "bigint": st.integers(-(2**63) + 1, 2**63 - 1),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "date": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "varchar": hostile,
}


@pytest.mark.parametrize("type_", SCALARS)
def test_scalars_and_lists_arrive_with_their_types(type_: str) -> None:
    """Values of each type come back from DuckDB as they were given, alone and in a list."""

    @settings(deadline=None)
    @given(st.lists(SCALARS[type_], max_size=4))
    def arrive(values: list[int]) -> None:
        assert read_by_duckdb(tuple(values), f"array({type_})") == values

    arrive()


@settings(deadline=None)
@given(moments, st.timezones())
def test_moments_arrive_in_utc(moment: datetime, zone: object) -> None:
    """A moment is written in UTC to the millisecond, whatever zone it was given in."""
    local = moment.astimezone(zone)  # type: ignore[arg-type] # a ZoneInfo
    assert read_by_duckdb(local, "timestamp") == moment.replace(tzinfo=None)


BAD_VALUES = [
    ("a\0b", "varchar"),
    ("\ud800", "varchar"),
    (2**63, "bigint"),
    (-(2**63), "bigint"),  # Athena reads the minus after the number, which is too large for it then
    (float("nan"), "double"),
    (float("inf"), "double"),
    (datetime(2026, 10, 1, tzinfo=UTC) + timedelta(microseconds=1), "timestamp"),
    (datetime(2026, 10, 1), "timestamp"),  # noqa: DTZ001
    (True, "bigint"),
    (datetime(2026, 10, 1, tzinfo=UTC), "date"),
]


@pytest.mark.parametrize(("value", "type_"), BAD_VALUES)
def test_what_athena_cannot_hold_is_refused(value: object, type_: str) -> None:
    """A value without a literal of its type is told, with the parameter's name; nothing is cut or rounded."""
    with pytest.raises(ContentError, match="parameter :p"):
        literal(value, type_, "parameter :p")  # type: ignore[arg-type] # what a careless caller would give


@pytest.mark.parametrize(
    ("type_", "sql"),
    [
        ("array(varchar)", "CAST(ARRAY[] AS ARRAY(VARCHAR))"),
        ("array(row(name varchar, n bigint))", "CAST(ARRAY[] AS ARRAY(ROW(name VARCHAR, n BIGINT)))"),
    ],
)
def test_an_empty_list_is_a_value(type_: str, sql: str) -> None:
    """An empty list keeps its type."""
    assert " ".join(literal((), type_, "p").sql(AthenaAsWritten).split()) == sql
