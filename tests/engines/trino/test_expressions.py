"""Every expression that the table allows gives on Trino, as Athena, the answer that the table documents."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import pytest

from athena_endpoint.endpoint import Endpoint
from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.engines.athena import ddl
from comprova.engines.athena.session import AthenaSession
from comprova.errors import EngineError
from engines.translation_table import ENTRIES, RECORDS, Entry, compiled, same
from engines.trino.on_athena import opened_session

pytestmark = pytest.mark.trino

_DATABASE = "expressions"
_AT_ONCE = 60
_COLUMNS = (
    PlainColumn("number", ColumnType.BIGINT),
    PlainColumn("kind", ColumnType.VARCHAR),
    PlainColumn("answer", ColumnType.VARCHAR),
)


@pytest.fixture(scope="module")
def session(running_athena: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AthenaSession]:
    """Give a session in whose database the table's records are."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in running_athena.environment.items():
            patch.setenv(variable, value)
        with opened_session(running_athena, _DATABASE, tmp_path_factory.mktemp(_DATABASE)) as (session, place):
            session.execute(ddl.create_database(_DATABASE), "default", name="database")
            records = place.store.below("records").uri
            head = f"CREATE TABLE records WITH (format = 'PARQUET', external_location = '{records}/') AS"
            session.execute(f"{head}\n{RECORDS.athena}", _DATABASE, name="records")
            yield session


def answers(session: AthenaSession, entries: Sequence[Entry]) -> dict[str, object]:
    """Return, by name, the answers of entries; one that fails is asked alone, and its answer is the error."""
    sql = "\nUNION ALL\n".join(
        f"SELECT {number} AS number, typeof(answer) AS kind, json_format(CAST(answer AS json)) AS answer\n"
        f"FROM (\n{compiled(entry.asked).athena}\n) AS asked (answer)"
        for number, entry in enumerate(entries)
    )
    try:
        finished = session.execute(sql, _DATABASE, name=f"{entries[0].name} and more")
    except EngineError as error:
        if len(entries) == 1:
            return {entries[0].name: error}
        half = len(entries) // 2
        return answers(session, entries[:half]) | answers(session, entries[half:])
    rows = (row for batch in session.batches(finished, _COLUMNS) for row in batch.to_pylist())
    return {entries[row["number"]].name: _value(row["kind"], row["answer"]) for row in rows}


def _value(kind: str, text: str | None) -> object:
    value = None if text is None else json.loads(text)
    match kind.partition("(")[0]:
        case "date" if value is not None:
            return date.fromisoformat(value)
        case "timestamp" if value is not None:
            return datetime.fromisoformat(value)
        case _:
            return value


def sorts(entry: Entry) -> bool:
    """Tell whether an entry is about the order of rows; in a part of a statement rows have none."""
    return bool(entry.asked) and "\nORDER BY" in compiled(entry.asked).athena


def test_expressions_give_what_the_table_says(session: AthenaSession) -> None:
    """Each expression that is allowed, or may be written instead of a refused one, gives the documented answer."""
    asked = [entry for entry in ENTRIES if entry.asked and not sorts(entry)]
    got: dict[str, object] = {}
    for start in range(0, len(asked), _AT_ONCE):
        got |= answers(session, asked[start : start + _AT_ONCE])
    wrong = [
        f"{entry.name}: expected {entry.answer!r}, found {got.get(entry.name)!r}"
        for entry in asked
        if not same(got.get(entry.name), entry.answer)
    ]
    assert not wrong, "\n".join(wrong)


def test_rows_come_in_the_documented_order(session: AthenaSession) -> None:
    """What a statement that sorts gives first is what the table says."""
    column = (PlainColumn("answer", ColumnType.BIGINT),)
    first: dict[str, object] = {}
    for entry in filter(sorts, ENTRIES):
        finished = session.execute(compiled(entry.asked).athena, _DATABASE, name=entry.name)
        rows = [row["answer"] for batch in session.batches(finished, column) for row in batch.to_pylist()]
        first[entry.name] = rows[0]
    assert first == {entry.name: entry.answer for entry in filter(sorts, ENTRIES)}
