"""In what two answers to one statement differ: every value, told so that a person can read many of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

import pyarrow as pa

Row = Mapping[str, object]

_MOST = 12
_WIDTH = 160
_BEFORE = 24


def differences(embedded: pa.Table, athena: pa.Table) -> list[str]:
    """Return every difference in types, rows, values, NULL and order; of very many the first, and how many there are.

    Args:
        embedded: What DuckDB answers.
        athena: What Athena answers.
    """
    if embedded.equals(athena):
        return []
    if embedded.schema != athena.schema:
        return [_told(f"column {name}", *types) for name, *types in _types(embedded.schema, athena.schema)]
    one, other = embedded.to_pylist(), athena.to_pylist()
    alone = [*_first(_alone(one, other, "only DuckDB has")), *_first(_alone(other, one, "only Athena has"))]
    if len(one) != len(other):
        return [f"DuckDB has {len(one)} rows, Athena {len(other)}", *alone]
    values = list(_values(one, other))
    if values and not alone:
        place = values[0].partition(",")[0]
        first = (line for line in values if line.startswith(f"{place},"))
        return [f"the same rows in another order, from {place} on", *first]
    return _first(values)


def _values(one: Sequence[Row], other: Sequence[Row]) -> Iterator[str]:
    for number, (left, right) in enumerate(zip(one, other, strict=True), start=1):
        for name in left:
            if repr(left[name]) != repr(right[name]):
                yield _told(f"row {number}, {name}", left[name], right[name])


def _types(one: pa.Schema, other: pa.Schema) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((*one.names, *other.names)):
        kinds = [str(schema.field(name).type) if name in schema.names else "none" for schema in (one, other)]
        if kinds[0] != kinds[1]:
            yield name, kinds[0], kinds[1]
    if one.names != other.names:
        yield "names", ", ".join(one.names), ", ".join(other.names)


def _alone(rows: Sequence[Row], others: Sequence[Row], said: str) -> list[str]:
    more = Counter(map(repr, rows)) - Counter(map(repr, others))
    return [f"{said} {_cut(row)}" for row in more.elements()]


def _first(found: Sequence[str]) -> list[str]:
    rest = len(found) - _MOST
    return [*found[:_MOST], *([f"and {rest} more"] if rest > 0 else [])]


def _told(where: str, embedded: object, athena: object) -> str:
    texts = (repr(embedded), repr(athena))
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(0, alike - _BEFORE) if max(map(len, texts)) > _WIDTH else 0
    return f"{where}: DuckDB {_cut(texts[0], start)}, Athena {_cut(texts[1], start)}"


def _cut(text: str, start: int = 0) -> str:
    end = start + _WIDTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
