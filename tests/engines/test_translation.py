"""Every construct that queries may use gives Athena's answer on DuckDB; every other one is refused."""

import re
from collections.abc import Iterator, Sequence

import duckdb
import pytest

from comprova.errors import ContentError
from comprova.sql.allow import FUNCTIONS as REFUSED_FUNCTIONS
from comprova.sql.duckdb_layer import FUNCTIONS, MACROS, SETTINGS
from comprova.sql.functions import FUNCTIONS as ALLOWED_FUNCTIONS
from engines.translation_table import ENTRIES, RECORDS, Entry, compiled, same

ALLOWED = [entry for entry in ENTRIES if not entry.refused]
REFUSED = [entry for entry in ENTRIES if entry.refused]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the layer, and the records of the table."""
    with duckdb.connect() as prepared:
        for setting in SETTINGS:
            prepared.execute(setting)
        for function in FUNCTIONS:
            prepared.create_function(  # type: ignore[call-overload] # the stub asks for types where names will do
                function.name, function.call, list(function.parameters), function.result, null_handling="special"
            )
        for macro in MACROS:
            prepared.execute(macro)
        prepared.execute(f"CREATE TABLE records AS {RECORDS.duckdb}")
        yield prepared


def answer_of(athena: str, connection: duckdb.DuckDBPyConnection) -> object:
    """Return the first column of the first row, as DuckDB gives it."""
    row = connection.execute(compiled(athena).duckdb).fetchone()
    assert row is not None
    return row[0]


def refusal_of(athena: str) -> str:
    """Return all that is said against an expression."""
    try:
        compiled(athena)
    except ContentError as error:
        return str(error)
    return ""


def wrong_answers(entries: Sequence[Entry], connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[object, object]]:
    """Return, by name, the answers that are not the documented ones, beside those."""
    wrong: dict[str, tuple[object, object]] = {}
    for entry in entries:
        try:
            got = answer_of(entry.asked, connection)
        except (duckdb.Error, ContentError) as error:
            wrong[entry.name] = (error, entry.answer)
            continue
        if not same(got, entry.answer):
            wrong[entry.name] = (got, entry.answer)
    return wrong


def test_what_is_allowed_gives_the_answer_that_athena_documents(connection: duckdb.DuckDBPyConnection) -> None:
    """Each allowed expression, executed on DuckDB through the layer, gives Athena's answer."""
    assert wrong_answers(ALLOWED, connection) == {}


def test_what_is_refused_says_why() -> None:
    """Each refused expression is refused, for the reason that the table states."""
    messages = {entry.name: refusal_of(entry.athena) for entry in REFUSED}
    assert {entry.name: messages[entry.name] for entry in REFUSED if entry.refused not in messages[entry.name]} == {}


def test_what_to_write_instead_gives_the_answer(connection: duckdb.DuckDBPyConnection) -> None:
    """What the table names instead of a refused expression is allowed, and gives the answer."""
    assert wrong_answers([entry for entry in REFUSED if entry.instead], connection) == {}


def test_names_are_unique() -> None:
    """No two expressions share a name, so that no failure hides another."""
    names = [entry.name for entry in ENTRIES]
    assert len(set(names)) == len(names)


def test_every_function_that_may_be_used_is_in_the_table() -> None:
    """A function without an answer here would be allowed without proof."""
    shown = " ".join(entry.asked for entry in ENTRIES)
    called = {name.lower() for name in re.findall(r"(\w+)\(", shown)}
    assert set(ALLOWED_FUNCTIONS) - called == set()


def test_no_function_is_both_allowed_and_refused() -> None:
    """The list of what to write instead names only functions that are refused."""
    assert set(ALLOWED_FUNCTIONS) & set(REFUSED_FUNCTIONS) == set()
