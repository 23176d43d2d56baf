"""Which values may be made into which type, and by which function of DuckDB."""

from collections.abc import Mapping

from comprova.sql.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    INTEGER,
    IPADDRESS,
    JSON,
    LOCAL,
    NULL,
    TIMESTAMP,
    VARCHAR,
    Type,
    array_of,
    converts,
)

PLAIN = ""
"""DuckDB's own CAST answers alike."""

_SAFE: Mapping[tuple[Type, Type], str] = {
    (INTEGER, VARCHAR): PLAIN,
    (BIGINT, VARCHAR): PLAIN,
    (BOOLEAN, VARCHAR): PLAIN,
    (DATE, VARCHAR): PLAIN,
    (BOOLEAN, BIGINT): PLAIN,
    (BIGINT, INTEGER): PLAIN,
    (DECIMAL, DOUBLE): PLAIN,
    (DOUBLE, BIGINT): "athena_double_to_bigint",
    (TIMESTAMP, DATE): PLAIN,
    (LOCAL, DATE): PLAIN,
    (LOCAL, TIMESTAMP): PLAIN,
}
_OF_TEXT: Mapping[Type, str] = {
    BIGINT: "athena_to_bigint",
    INTEGER: "athena_to_integer",
    DOUBLE: "athena_to_double",
    DATE: "athena_to_date",
    TIMESTAMP: "athena_to_timestamp",
    IPADDRESS: PLAIN,
}
_OF_JSON: Mapping[Type, str] = {
    array_of(VARCHAR): "athena_json_to_varchar_array",
    array_of(JSON): "athena_json_to_array",
    Type("map", (VARCHAR, JSON)): "athena_json_to_map",
    Type("map", (VARCHAR, Type("map", (VARCHAR, JSON)))): "athena_json_to_map_of_maps",
}
_HINTS: Mapping[tuple[Type, Type], str] = {
    (DOUBLE, VARCHAR): "Give the number as a column of its own: the engines write it differently.",
    (TIMESTAMP, VARCHAR): "Write date_format(…, '%Y-%m-%d %H:%i:%s'): the engines write it differently.",
    (JSON, VARCHAR): "Write json_extract_scalar(…).",
    (VARCHAR, BOOLEAN): "Write lower(…) = 'true'.",
    (VARCHAR, JSON): "Write json_extract(…, '$').",
}


def cast_function(from_: Type, to: Type, *, guarded: bool) -> str | None:
    """Return by which function of DuckDB a value becomes of a type, or None where it may not.

    Args:
        from_: The value's type.
        to: The type to make of it.
        guarded: Whether what does not fit gives NULL (TRY_CAST, or CAST within TRY) and does not fail the statement.
    """
    if ANY in (from_, to) or from_ == NULL or converts(from_, to) or _as_row(from_, to):
        return PLAIN
    if guarded and from_ == VARCHAR:
        return _OF_TEXT.get(to)
    if guarded and from_ == JSON:
        return _OF_JSON.get(to)
    return _SAFE.get((from_, to))


def _as_row(from_: Type, to: Type) -> bool:
    return (
        from_.name == to.name == "row"
        and len(from_.of) == len(to.of)
        and all(converts(left, right) for left, right in zip(from_.of, to.of, strict=True))
    )


def cast_hint(from_: Type, to: Type) -> str:
    """Return what to write where a value may not be made into a type."""
    if from_ == VARCHAR and to in _OF_TEXT:
        return f"Write TRY_CAST(… AS {to}): one value that does not fit would fail the whole query."
    if from_ == JSON and to in _OF_JSON:
        return f"Write TRY_CAST(… AS {to}): one value that does not fit would fail the whole query."
    if from_ == JSON:
        return "JSON becomes array(varchar), array(json) or map(varchar, json); read rows with json_extract_scalar(…)."
    return _HINTS.get((from_, to), "")
