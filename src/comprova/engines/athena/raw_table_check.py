"""How the raw table that is there differs from what a job needs.

Athena answers about an account, a region or a date that the projection leaves out with no rows and no error, and about
a column that the table leaves out with an error. A table that shows more than the job needs is as good.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comprova.engines.athena.ddl import RAW_COLUMNS, RAW_PARTITIONS, RawTable
from comprova.engines.athena.workgroup import Difference
from comprova.sql.types import Type

_INPUT_FORMAT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
_SERDE = "org.apache.hive.hcatalog.data.JsonSerDe"
_NONE = "none"
_LISTED = {"projection.account.values": "projection.account.type", "projection.region.values": "projection.region.type"}
_RANGE = "projection.timestamp.range"
_TEMPLATE = "storage.location.template"
_ANY_VALUE = "injected"
"""A projection type that has no list: each statement names the values."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table as Glue's GetTable returns it (its member `Table`).

    Attributes:
        columns: Names and types, small letters.
        partitions: Names of the partition columns, in order.
        properties: Of the table.
        location, input_format, serde: Of its storage.
    """

    columns: Mapping[str, str]
    partitions: tuple[str, ...]
    properties: Mapping[str, str]
    location: str
    input_format: str
    serde: str

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "FoundTable":
        """Read Glue's answer."""
        storage = table.get("StorageDescriptor", {})
        return cls(
            columns={column["Name"].lower(): _plain(column.get("Type", "")) for column in storage.get("Columns", ())},
            partitions=tuple(column["Name"].lower() for column in table.get("PartitionKeys", ())),
            properties=dict(table.get("Parameters", {})),
            location=storage.get("Location", ""),
            input_format=storage.get("InputFormat", ""),
            serde=storage.get("SerdeInfo", {}).get("SerializationLibrary", ""),
        )

    def projects(self, partition: str) -> frozenset[str] | None:
        """Return the values of `account` or `region` that the table shows; None where a statement names them."""
        if self.properties.get(f"projection.{partition}.type") == _ANY_VALUE:
            return None
        return frozenset(_values(self.properties.get(f"projection.{partition}.values", "")))


def lacking_columns(found: FoundTable) -> tuple[Difference, ...]:
    """Return the columns of today's records, and the fields in them, that a table does not have as they should be."""
    return tuple(_columns(found))


def differences(wanted: RawTable, found: FoundTable) -> tuple[Difference, ...]:
    """Return what a table lacks of what it should be."""
    return (*_storage(wanted, found), *_columns(found), *_projection(wanted.properties, found.properties))


def _storage(wanted: RawTable, found: FoundTable) -> Iterator[Difference]:
    for name, expected, there in (
        ("location", wanted.location.uri, found.location.rstrip("/")),
        ("input format", _INPUT_FORMAT, found.input_format),
        ("SerDe", _SERDE, found.serde),
        ("partitions", ", ".join(RAW_PARTITIONS), ", ".join(found.partitions)),
    ):
        if expected != there:
            yield Difference(name, expected, there or _NONE)


def _columns(found: FoundTable) -> Iterator[Difference]:
    for name, type_ in RAW_COLUMNS.items():
        if name not in found.columns:
            yield Difference(f"column {name}", "there", _NONE)
            continue
        fields = _fields_of_text(found.columns[name])
        for path, kind in _fields(type_):
            if fields.get(path) != kind:
                yield Difference(f"column {name}{path}", kind, fields.get(path, _NONE))


def _projection(wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Difference]:
    for name, value in wanted.items():
        there = found.get(name, "")
        if name in _LISTED:
            if found.get(_LISTED[name]) != _ANY_VALUE and (lacking := _lacking(value, there)):
                yield Difference(name, f"also {', '.join(lacking)}", "a list without them")
        elif not _serves(name, value, there):
            yield Difference(name, value, there or _NONE)


def _serves(name: str, wanted: str, found: str) -> bool:
    if name in _LISTED.values():
        return found in {wanted, _ANY_VALUE}
    if name == _RANGE:
        first, _, last = found.partition(",")
        return first <= wanted.partition(",")[0] and last == "NOW"  # yyyy/MM/dd sorts as its dates do
    if name == _TEMPLATE:
        return found.rstrip("/") == wanted
    return found.lower() == wanted.lower()


def _lacking(wanted: str, found: str) -> list[str]:
    there = set(_values(found))
    return [value for value in _values(wanted) if value not in there]


def _values(text: str) -> list[str]:
    # White space inside a list is part of its values (Athena User Guide, "Supported types for partition projection").
    return text.split(",") if text else []


def _plain(type_: str) -> str:
    return "".join(type_.split()).lower()


def _fields(type_: Type, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every field inside a type, by its path, and its own type: `.sessioncontext.assumedroot`, string."""
    match type_.name:
        case "row":
            for name, kind in zip(type_.fields, type_.of, strict=True):
                yield from _fields(kind, f"{path}.{name}")
        case "array":
            yield from _fields(type_.of[0], f"{path}[]")
        case "map":
            yield path, "map<string,string>"
        case _:
            yield path, "string"


def _fields_of_text(type_: str, path: str = "") -> dict[str, str]:
    """Do the same for a type as Glue writes it, in small letters and without spaces."""
    if type_.startswith("struct<"):
        fields: dict[str, str] = {}
        for member in _parts(type_.removeprefix("struct<").removesuffix(">")):
            name, _, kind = member.partition(":")
            fields |= _fields_of_text(kind, f"{path}.{name}")
        return fields
    if type_.startswith("array<"):
        return _fields_of_text(type_.removeprefix("array<").removesuffix(">"), f"{path}[]")
    return {path: type_}


def _parts(text: str) -> Iterator[str]:
    """Split at the commas that are inside no further brackets."""
    depth, start = 0, 0
    for position, character in enumerate(text):
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield text[start:position]
            start = position + 1
    yield text[start:]
