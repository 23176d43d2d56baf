"""Makes queries of a SELECT, for tests of what becomes of it."""

from collections.abc import Mapping
from datetime import datetime

from comprova.catalog.parameters import Bindings, Parameter, Scalar, Value
from comprova.catalog.query import Query, read_query
from comprova.period import Period
from comprova.sql.compile import check_query, compile_query
from comprova.sql.statement import Scope, Statement
from content_builder import text_of

PERIOD = Period.parse("2026-10", "America/Sao_Paulo")


def written_query(
    sql: str,
    columns: Mapping[str, str] | None = None,
    parameters: tuple[str, ...] = (),
    lookback: str = "",
    grain: str = "event_id",
) -> Query:
    """Return a query of a SELECT whose block declares these columns (by default `event_id varchar`) and parameters."""
    named = ", ".join(f'"{name}"' for name in parameters)
    block = (
        f'/*---\nid = "identity.asked"\nversion = 1\nkind = "population"\nseverity = "info"\n'
        f"{text_of('title')}{text_of('question')}"
        f'needs = ["management:read"]\nparameters = [{named}]\ngrain = ["{grain}"]\n'
        f"limits = {{ en = [], pt_BR = [] }}\n{text_of('remedy')}"
        + (f"lookback_days = {lookback}\n" if lookback else "")
        + "".join(
            f'[[column]]\nname = "{name}"\ntype = "{type_}"\n{text_of("title")}'
            for name, type_ in (columns or {"event_id": "varchar"}).items()
        )
    )
    query = read_query(f"{block}---*/\n{sql}", "queries/identity/asked.sql", builtin=True)
    assert isinstance(query, Query), query
    return query


def declared(types: Mapping[str, str]) -> dict[str, Parameter]:
    """Return required parameters of these types."""
    row: Mapping[str, Scalar] = {"name": "x", "n": 1}
    examples: dict[str, Value] = {
        "varchar": "x",
        "bigint": 1,
        "array(varchar)": ("x",),
        "array(row(name varchar, n bigint))": (row,),
    }
    text = {"en": "A meaning.", "pt_BR": "Um significado."}
    return {
        name: Parameter.model_validate({"type": type_, "required": True, "meaning": text, "example": examples[type_]})
        for name, type_ in types.items()
    }


def refusals(query: Query, types: Mapping[str, str] | None = None) -> list[str]:
    """Return what is refused in a query, as it is shown."""
    return [str(problem) for problem in check_query(query, declared(types or {}))]


def statement(
    query: Query,
    types: Mapping[str, str] | None = None,
    values: Mapping[str, Value] | None = None,
    accounts: tuple[str, ...] | None = None,
    regions: tuple[str, ...] | None = None,
) -> Statement:
    """Compile a query over October 2026 in São Paulo."""
    bindings = Bindings(values or {}, frozenset())
    return compile_query(query, declared(types or {}), bindings, Scope(PERIOD, accounts, regions))


def utc(text: str) -> datetime:
    """Return a moment of ISO text in UTC."""
    return datetime.fromisoformat(text + "+00:00")
