"""Types and values as Athena names and shows them.

From the Athena API reference (ColumnInfo), and from what others measured on AWS: see the README beside this file.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Sequence[str | None]
"""One row as Athena shows it: text, or None for NULL."""

_NAMES = {"real": "float"}
_PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "float": 17,
    "double": 17,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "varbinary": 1_073_741_824,
}
_OF_LENGTH = frozenset({"varchar", "char"})
_LONGEST = 2_147_483_647


def column_info(columns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Describe columns as GetQueryResults does.

    Args:
        columns: As Trino's protocol describes them.
    """
    return [_column_info(column["name"], column["typeSignature"]) for column in columns]


def _column_info(name: str, signature: Mapping[str, Any]) -> dict[str, Any]:
    kind = _NAMES.get(signature["rawType"], signature["rawType"])
    numbers = [int(argument["value"]) for argument in signature["arguments"] if argument["kind"] == "LONG"]
    precision, scale = _PRECISIONS.get(kind, 0), 0
    if kind == "decimal":
        precision, scale = numbers
    elif kind in _OF_LENGTH:
        precision = min(numbers[0], _LONGEST) if numbers else _LONGEST
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind in _OF_LENGTH,
    }


def shown_rows(columns: Sequence[Mapping[str, Any]], rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Return rows as Athena shows them.

    Args:
        columns: As Trino's protocol describes them.
        rows: Values of the protocol; numbers as their text.
    """
    signatures = [column["typeSignature"] for column in columns]
    return [
        [None if value is None else shown(value, signature) for value, signature in zip(row, signatures, strict=True)]
        for row in rows
    ]


def shown(value: Any, signature: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one for each kind of type
    """Return a value as text: arrays as `[a, b]`, rows as `{x=1, y=2}`, without quotes, NULL inside them as `null`."""
    if value is None:
        return "null"
    match signature["rawType"]:
        case "boolean":
            return "true" if value else "false"
        case "varbinary":
            return base64.b64decode(value).hex(" ")
        case "array":
            inner = signature["arguments"][0]["value"]
            return f"[{', '.join(shown(item, inner) for item in value)}]"
        case "map":
            key, item = (argument["value"] for argument in signature["arguments"])
            pairs = sorted((shown(name, key), shown(of_name, item)) for name, of_name in value.items())
            return "{" + ", ".join(f"{name}={text}" for name, text in pairs) + "}"
        case "row":
            return "{" + ", ".join(map(_field, value, signature["arguments"])) + "}"
        case _:
            return str(value)


def _field(value: Any, argument: Mapping[str, Any]) -> str:
    named = argument["value"]
    text = shown(value, named["typeSignature"])
    name = (named.get("fieldName") or {}).get("name")
    return f"{name}={text}" if name else text


def result_csv(header: Row, rows: Iterable[Row]) -> bytes:
    """Return the object that a SELECT leaves in the output location: all but NULL in quotes, NULL as nothing."""
    lines = (",".join("" if value is None else _quoted(value) for value in row) for row in (header, *rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(value: str) -> str:
    escaped = value.replace('"', '""')
    return f'"{escaped}"'
