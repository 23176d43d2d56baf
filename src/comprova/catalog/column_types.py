"""The types that a result column or a parameter may have: Athena's own, a closed list."""

import re
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol

from pydantic import AfterValidator


class ColumnType(StrEnum):
    """The type of a result column. Timestamps are UTC, to the millisecond."""

    VARCHAR = "varchar"
    BIGINT = "bigint"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    VARCHAR_ARRAY = "array(varchar)"


class TypedColumn(Protocol):
    """Anything that is a result column: its name and type."""

    @property
    def name(self) -> str:
        """The SQL alias."""
        ...

    @property
    def type(self) -> ColumnType:
        """Athena's type."""
        ...


class PlainColumn(NamedTuple):
    """A column that no reader sees: of what the engine measures for itself."""

    name: str
    type: ColumnType


_SCALARS = ("varchar", "bigint", "double", "boolean", "date", "timestamp")
_FIELD = rf"[a-z][a-z0-9_]* (?:{'|'.join(_SCALARS)})"
_PARAMETER_TYPE = re.compile(
    rf"(?:{'|'.join(_SCALARS)})|array\((?:{'|'.join(_SCALARS)})\)|array\(row\({_FIELD}(?:, {_FIELD})*\)\)"
)


def row_fields(parameter_type: str) -> tuple[tuple[str, str], ...]:
    """Return the (name, type) of each field of an `array(row(…))`, and none for any other parameter type."""
    if not parameter_type.startswith("array(row("):
        return ()
    fields = parameter_type.removeprefix("array(row(").removesuffix("))").split(", ")
    return tuple((name, kind) for name, kind in (field.split(" ") for field in fields))


def _parameter_type(text: str) -> str:
    if not _PARAMETER_TYPE.fullmatch(text):
        message = f"{', '.join(_SCALARS)}, array(<one of these>) or array(row(<name> <one of these>, …))"
        raise ValueError(message)
    return text


ParameterType = Annotated[str, AfterValidator(_parameter_type)]
