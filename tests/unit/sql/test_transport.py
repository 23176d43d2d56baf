"""Lists leave Athena as JSON text; nothing else about a statement changes: neither rows, order nor other columns."""

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from case_bench import QUERIES, read_parameters, read_query_file
from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.catalog.parameters import Bindings
from comprova.catalog.query import QueryRef
from comprova.sql.compile import compile_measure, compile_query
from comprova.sql.parse import Source, parse_as_written
from comprova.sql.statement import Dialect, Scope
from comprova.sql.transport import lists_as_json
from comprova.sql.write import write
from unit.sql.written_queries import PERIOD, statement, written_query

WHO, NAMES, COUNT = (
    PlainColumn("who", ColumnType.VARCHAR),
    PlainColumn("names", ColumnType.VARCHAR_ARRAY),
    PlainColumn("count", ColumnType.BIGINT),
)
WHO_LIST, NAMES_TEXT = PlainColumn("who", ColumnType.VARCHAR_ARRAY), PlainColumn("names", ColumnType.VARCHAR)
VALUES = """
VALUES ('b', ARRAY['a', 'b'], 1), ('a', ARRAY['a'], 2), ('A', NULL, 3), ('c', ARRAY['a', 'a'], 4), ('a', ARRAY['a'], 5),
  (NULL, ARRAY['"', 'a, b'], 6)
"""
LOGGED = f"""
CREATE TABLE logged AS SELECT * FROM ({VALUES}) AS t (who, names, n);
CREATE MACRO json_format(value) AS CAST(value AS varchar);
"""  # noqa: S608 - values of this file


def sent(sql: str, *columns: PlainColumn) -> str:
    """Return a statement as it is sent."""
    tree = parse_as_written(Source(sql, "test"))
    assert isinstance(tree, exp.Query), tree
    return write(lists_as_json(tree, columns), Dialect.ATHENA)


def test_a_list_is_written_as_json_and_read_back_by_its_name() -> None:
    """Whatever makes it, in the outermost SELECT only; the embedded engine's text stays as it is."""
    sql = (
        "WITH calls AS (SELECT event_id, array_agg(actor ORDER BY actor) AS actors FROM activity GROUP BY event_id)\n"
        "SELECT event_id, actors, array_sort(filter(actors, x -> x <> '')) AS named FROM calls ORDER BY event_id\n"
    )
    lists = {"event_id": "varchar", "actors": "array(varchar)", "named": "array(varchar)"}
    compiled = statement(written_query(sql, lists))
    text = " ".join(compiled.athena.split())
    assert "json_format(CAST(actors AS JSON)) AS actors, json_format(CAST(array_sort(" in text
    assert "AS named FROM calls ORDER BY event_id" in text
    assert text.count("json_format") == 2
    assert "json" not in compiled.duckdb.lower()


def test_a_statement_without_lists_is_sent_as_it_stands() -> None:
    """An auditor finds in the evidence what the pack says."""
    compiled = statement(written_query("SELECT event_id FROM activity ORDER BY event_id\n"))
    assert "json_format" not in compiled.athena


TEXTS = {
    "SELECT who, names FROM logged UNION ALL SELECT who, NULL FROM logged ORDER BY who": """
        SELECT who, json_format(CAST(names AS JSON)) AS names FROM logged UNION ALL
        SELECT who, json_format(CAST(NULL AS JSON)) FROM logged ORDER BY who""",
    "WITH own AS (SELECT who, names FROM logged) SELECT who, names FROM own ORDER BY names DESC, who": """
        WITH own AS ( SELECT who, names FROM logged )
        SELECT result.who, json_format(CAST(result.names AS JSON)) AS names
        FROM ( SELECT who, names FROM own ) AS result ORDER BY result.names DESC, result.who""",
}


@pytest.mark.parametrize("sql", TEXTS)
def test_the_text_stays_one_that_can_be_read(sql: str) -> None:
    """Where the order needs the list itself, one SELECT stands around the whole."""
    assert sent(sql, WHO, NAMES).split() == TEXTS[sql].split()


STATEMENTS: tuple[tuple[str, tuple[PlainColumn, ...]], ...] = (
    ("SELECT who, names FROM logged ORDER BY who, n", (WHO, NAMES)),
    ("SELECT who, names FROM logged ORDER BY names, n DESC", (WHO, NAMES)),
    ("SELECT who, names FROM logged ORDER BY 2, n", (WHO, NAMES)),
    ("SELECT logged.who, logged.names FROM logged ORDER BY logged.names, logged.n", (WHO, NAMES)),
    ("SELECT upper(who) AS who, names FROM logged ORDER BY names, lower(who), n", (WHO, NAMES)),
    ("SELECT who, names, n + 1 AS count FROM logged ORDER BY names, 0 - count", (WHO, NAMES, COUNT)),
    ("SELECT DISTINCT who, names FROM logged ORDER BY names, who", (WHO, NAMES)),
    ("SELECT DISTINCT logged.who, logged.names FROM logged ORDER BY logged.names, logged.who", (WHO, NAMES)),
    ("SELECT DISTINCT who, names FROM logged ORDER BY who NULLS FIRST, cardinality(names), names", (WHO, NAMES)),
    ("SELECT who, names FROM logged UNION SELECT who, names FROM logged ORDER BY who, names", (WHO, NAMES)),
    ("SELECT who, names FROM logged EXCEPT SELECT who, names FROM logged WHERE n < 3 ORDER BY who", (WHO, NAMES)),
    ("(SELECT who, names FROM logged) UNION ALL (SELECT who, NULL AS names FROM logged) ORDER BY 2, 1", (WHO, NAMES)),
    ("SELECT who, names, count(*) AS count FROM logged GROUP BY who, names ORDER BY who, count", (WHO, NAMES, COUNT)),
    ("SELECT who, names, count(*) AS count FROM logged GROUP BY 1, 2 ORDER BY names, count, who", (WHO, NAMES, COUNT)),
    ("SELECT who, array_agg(who) AS names FROM logged GROUP BY who ORDER BY min(n), names", (WHO, NAMES)),
    ('SELECT who, names AS "names" FROM logged ORDER BY "names", n', (WHO, NAMES)),
    ("SELECT names AS who, who AS names FROM logged ORDER BY who, n", (WHO_LIST, NAMES_TEXT)),
)


@pytest.mark.parametrize(("sql", "columns"), STATEMENTS)
def test_rows_and_their_order_stay(sql: str, columns: tuple[PlainColumn, ...]) -> None:
    """The rows that are sent, read back, are the rows that were meant, in the same order."""
    found = answered(sent(sql, *columns))
    assert found == meant_rows(sql, columns)
    assert found != []


def answered(sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement over `logged`."""
    with duckdb.connect() as connection:
        connection.execute(LOGGED)
        return connection.execute(sql).fetchall()


def meant_rows(sql: str, columns: tuple[PlainColumn, ...]) -> list[tuple[object, ...]]:
    """Return the rows of a statement as it is written, its lists as JSON text."""
    return answered(_lists_as_text(sql, columns))


def _lists_as_text(sql: str, columns: tuple[PlainColumn, ...]) -> str:
    """Return a statement around another that keeps its rows, in their order, and writes lists as JSON."""
    names = [
        f'json_format(CAST("{column.name}" AS JSON))' if column.type is ColumnType.VARCHAR_ARRAY else f'"{column.name}"'
        for column in columns
    ]
    return f"SELECT {', '.join(names)} FROM ({sql})"  # noqa: S608 - of this file


def test_every_list_of_every_query_is_sent_as_json() -> None:
    """What a block declares as array(varchar), and nothing else, leaves Athena as JSON text."""
    parameters = read_parameters()
    bindings = Bindings({name: parameter.example for name, parameter in parameters.items()}, frozenset())
    wrong: list[str] = []
    seen = 0
    for path in sorted(QUERIES.glob("*/*.sql")):
        query = read_query_file(QueryRef(f"{path.parent.name}.{path.stem}", 1))
        compiled = compile_query(query, parameters, bindings, Scope(PERIOD))
        tree = sqlglot.parse_one(compiled.athena, read="trino")
        while isinstance(tree, exp.SetOperation | exp.Subquery):
            tree = tree.this
        for column, projection in zip(query.block.column, tree.expressions, strict=True):
            is_json = isinstance(projection, exp.Alias) and isinstance(projection.this, exp.JSONFormat)
            seen += is_json
            if is_json != (column.type is ColumnType.VARCHAR_ARRAY) or projection.alias_or_name != column.name:
                wrong.append(f"{query.id}.{column.name}: {projection.sql('trino')}")
    assert wrong == []
    assert seen > 0


def test_a_measure_may_return_lists_where_it_says_so() -> None:
    """The engine's own statements are sent by the same rule."""
    sql = "SELECT array_agg(event_id ORDER BY event_id) AS names FROM activity"
    plain = compile_measure("ids", sql, Bindings({}, frozenset()), Scope(PERIOD))
    told = compile_measure("ids", sql, Bindings({}, frozenset()), Scope(PERIOD), (NAMES,))
    assert ("json_format" in plain.athena, "json_format" in told.athena) == (False, True)
    assert plain.duckdb == told.duckdb
