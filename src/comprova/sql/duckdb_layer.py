"""What a DuckDB connection needs so that translated statements answer as Athena does: text and pure functions only.

The engine executes `SETTINGS`, registers `FUNCTIONS`, then executes `MACROS`. Each macro is named after the Athena
function it answers for. Where the two engines are known to differ still, the difference is stated beside the macro.
"""

import functools
import ipaddress
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comprova.sql.athena_values import is_json, read_date, read_double, read_integer, read_timestamp, write_double

LAYER_VERSION = "1"
"""Rises with every change of a translated answer since the first release; results cite it."""

SETTINGS: tuple[str, ...] = (
    "SET TimeZone = 'UTC'",
    "SET default_null_order = 'nulls_last'",
    "SET error_on_division_by_zero = true",
    "SET integer_division = false",
    "SET parquet_metadata_cache = true",
)
"""Athena works in UTC and sorts NULL last whatever the direction. Integers are divided with //: the setting for it
would divide doubles to integers too."""


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """A scalar function to register with the connection. It sees NULL arguments and has no side effects.

    Attributes:
        name: Its name in SQL.
        call: The function.
        parameters: DuckDB types of its arguments.
        result: DuckDB type of its result.
    """

    name: str
    call: Callable[..., object]
    parameters: tuple[str, ...]
    result: str


@functools.lru_cache(maxsize=4096)
def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(cidr, strict=False)


@functools.lru_cache(maxsize=65_536)
def cidr_contains(cidr: str | None, address: str | None) -> bool | None:
    """Tell whether an address lies in a network: Athena's `contains(cidr, TRY_CAST(address AS ipaddress))`.

    Text that is no address gives None, as TRY_CAST does. An IPv4 address mapped into IPv6 is the IPv4 address.

    Raises:
        ValueError: `cidr` is no network.
    """
    if cidr is None or address is None:
        return None
    network = _network(cidr)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None:
            return None
        parsed = parsed.ipv4_mapped or parsed
    return parsed.version == network.version and parsed in network


_PATH_STEP = re.compile(r'\."((?:[^"\\]|\\.)*)"|\.([^."\[]+)|\[(\d+)\]')


def json_number(document: str | None, path: str | None) -> str | None:
    """Return a number of a JSON document as it is written there (`1.50`, `1E3`), which DuckDB would write anew.

    Args:
        document: JSON that DuckDB could read; what it alone takes for JSON, such as `{"a":inf}`, gives None.
        path: A DuckDB JSON path that leads to a number.
    """
    if document is None or path is None:
        return None
    try:
        value: object = json.loads(
            document, parse_float=str, parse_int=str, parse_constant=lambda _: None, object_pairs_hook=_first_of_each
        )
    except (ValueError, RecursionError):
        return None
    for step in _PATH_STEP.finditer(path):
        if isinstance(value, dict):
            value = value.get(step[1] if step[1] is not None else step[2])
        elif isinstance(value, list) and step[3] is not None and int(step[3]) < len(value):
            value = value[int(step[3])]
        else:
            return None
    return value if isinstance(value, str) else None


def _first_of_each(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    return dict(reversed(pairs))


FUNCTIONS: tuple[PythonFunction, ...] = (
    PythonFunction("athena_cidr_contains", cidr_contains, ("VARCHAR", "VARCHAR"), "BOOLEAN"),
    PythonFunction("athena_json_number", json_number, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    PythonFunction("athena_is_json", is_json, ("VARCHAR",), "BOOLEAN"),
    PythonFunction("athena_read_integer", read_integer, ("VARCHAR",), "VARCHAR"),
    PythonFunction("athena_read_double", read_double, ("VARCHAR",), "VARCHAR"),
    PythonFunction("athena_read_date", read_date, ("VARCHAR",), "VARCHAR"),
    PythonFunction("athena_read_timestamp", read_timestamp, ("VARCHAR",), "VARCHAR"),
    PythonFunction("athena_write_double", write_double, ("DOUBLE",), "VARCHAR"),
)

# The characters that Java's Character.isWhitespace knows, which is what Athena's trim() takes away.
_WHITE_SPACE = "".join(
    map(chr, (*range(0x09, 0x0E), *range(0x1C, 0x21), 0x1680, *range(0x2000, 0x2007), *range(0x2008, 0x200B)))
) + "".join(map(chr, (0x2028, 0x2029, 0x205F, 0x3000)))

_MACROS: tuple[str, ...] = (
    # JSON. Objects, arrays and JSON null give NULL, numbers keep their text. It differs from Athena only on text that
    # is not JSON (Athena reads as far as the value it wants, DuckDB the whole text; DuckDB takes a last comma, and NaN
    # for a number), on half of a surrogate pair (DuckDB then reads nothing), on numbers beyond a double's, and where a
    # path asks for an element of a list and finds an object with that number for a key.
    """
    athena_json_extract_scalar(j, p) AS list_transform([TRY(json_value(j, p))], lambda v:
      CASE WHEN v IS NULL THEN NULL
           WHEN starts_with(v, '"') THEN json_extract_string(v, '$')
           WHEN regexp_full_match(v, '-?[0-9]+|true|false') THEN v
           ELSE athena_json_number(CAST(j AS VARCHAR), p) END)[1]
    """,
    "athena_json_extract(j, p) AS TRY(json_extract(j, p))",
    """
    athena_json_array_length(j) AS
      CASE WHEN TRY(json_type(j)) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END
    """,
    """
    athena_json_array_contains(j, v) AS CASE WHEN TRY(json_type(j)) = 'ARRAY' THEN
      list_contains(list_transform(json_extract(j, '$[*]'), lambda e:
        json_type(e) = 'VARCHAR' AND json_extract_string(e, '$') = v), true) END
    """,
    # Whether text is JSON; nothing else may be asked of what json_parse gives. An object that DuckDB would write as it
    # stands is JSON, unless it takes `nan` or `inf` in it for numbers.
    r"""
    athena_json_parse(s) AS
      CASE WHEN TRY(json(s)) IS NULL THEN NULL
           WHEN starts_with(s, '{') AND TRY(json(s)) = s AND NOT regexp_matches(s, '(?i)[:,\[][+-]?(nan|inf)')
             THEN true
           WHEN athena_is_json(s) THEN true END
    """,
    # JSON to other types, where what does not fit gives NULL as a whole. Elements that are JSON null stay JSON.
    "athena_json_to_array(j) AS CASE WHEN json_type(j) = 'ARRAY' THEN json_extract(j, '$[*]') END",
    """
    athena_json_to_varchar_array(j) AS
      CASE WHEN json_type(j) <> 'ARRAY' THEN NULL
           WHEN list_has_any(list_transform(json_extract(j, '$[*]'), lambda e: json_type(e)), ['OBJECT', 'ARRAY'])
             THEN NULL
           ELSE list_transform(json_extract(j, '$[*]'), lambda e:
             CASE WHEN json_type(e) = 'DOUBLE' AND NOT regexp_full_match(CAST(e AS VARCHAR), '-?[0-9]+')
                  THEN athena_write_double(CAST(e AS DOUBLE))
                  ELSE json_extract_string(e, '$') END) END
    """,
    """
    athena_json_to_map(j) AS
      CASE WHEN json_type(j) = 'OBJECT' THEN TRY(map(json_keys(j), json_extract(j, '$.*'))) END
    """,
    """
    athena_json_to_map_of_maps(j) AS
      CASE WHEN json_type(j) <> 'OBJECT' THEN NULL
           WHEN list_contains(
             list_transform(json_extract(j, '$.*'), lambda e: json_type(e) IN ('OBJECT', 'NULL')), false) THEN NULL
           ELSE TRY(map(json_keys(j), list_transform(json_extract(j, '$.*'), lambda e:
             CASE WHEN json_type(e) = 'OBJECT' THEN map(json_keys(e), json_extract(e, '$.*')) END))) END
    """,
    # Text. No match, and a part past the end, are NULL, where DuckDB gives ''.
    """
    athena_regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
      (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END
    """,
    "athena_split_part(s, d, n) AS string_split(s, d)[n]",
    """
    athena_substr(s, f) AS CASE WHEN abs(f) > length(s) THEN '' ELSE substr(s, f) END,
      (s, f, n) AS CASE WHEN abs(f) > length(s) OR n <= 0 THEN '' ELSE substr(s, f, n) END
    """,
    f"athena_trim(s) AS trim(s, '{_WHITE_SPACE}')",
    f"athena_ltrim(s) AS ltrim(s, '{_WHITE_SPACE}')",
    f"athena_rtrim(s) AS rtrim(s, '{_WHITE_SPACE}')",
    "athena_replace(s, a) AS replace(s, a, ''), (s, a, b) AS replace(s, a, b)",
    # Text to other types: first the forms that both engines read alike, then those that only Athena reads. Dates with a
    # year before 1 or after 9999 are NULL, unlike on Athena, and so is NaN, which DuckDB compares otherwise.
    r"""
    athena_to_bigint(s) AS
      CASE WHEN regexp_full_match(s, '[+-]?[0-9]+') THEN TRY_CAST(s AS BIGINT)
           WHEN regexp_full_match(s, '[+-]?\p{Nd}+') THEN TRY_CAST(athena_read_integer(s) AS BIGINT) END
    """,
    r"""
    athena_to_integer(s) AS
      CASE WHEN regexp_full_match(s, '[+-]?[0-9]+') THEN TRY_CAST(s AS INTEGER)
           WHEN regexp_full_match(s, '[+-]?\p{Nd}+') THEN TRY_CAST(athena_read_integer(s) AS INTEGER) END
    """,
    r"""
    athena_to_double(s) AS
      CASE WHEN regexp_full_match(s, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?')
           THEN TRY_CAST(s AS DOUBLE)
           WHEN s IS NOT NULL THEN TRY_CAST(athena_read_double(s) AS DOUBLE) END
    """,
    """
    athena_to_date(s) AS
      CASE WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND s >= '0001' THEN TRY_CAST(s AS DATE)
           WHEN s IS NOT NULL THEN TRY_CAST(athena_read_date(athena_trim(s)) AS DATE) END
    """,
    r"""
    athena_to_timestamp(s) AS
      CASE WHEN regexp_full_match(s,
             '[0-9]{4}-[0-9]{2}-[0-9]{2}( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?)?') AND s >= '0001'
           THEN TRY_CAST(s AS TIMESTAMP)
           WHEN s IS NOT NULL THEN TRY_CAST(athena_read_timestamp(athena_trim(s)) AS TIMESTAMP) END
    """,
    # Halves go away from zero.
    "athena_double_to_bigint(x) AS CAST(round(x) AS BIGINT)",
    # Times.
    "athena_with_timezone(t, z) AS timezone(z, t)",
    "athena_at_timezone(t, z) AS timezone(z, t)",
    "athena_from_unixtime(n) AS to_timestamp(n)",
    # Arrays. An array that holds NULL may hold anything.
    """
    athena_contains(a, x) AS
      CASE WHEN a IS NULL OR x IS NULL THEN NULL WHEN list_contains(a, x) THEN true
           WHEN len(a) > list_count(a) THEN NULL ELSE false END
    """,
    """
    athena_any(m) AS
      CASE WHEN m IS NULL THEN NULL WHEN list_contains(m, true) THEN true
           WHEN len(m) > list_count(m) THEN NULL ELSE false END
    """,
    """
    athena_all(m) AS
      CASE WHEN m IS NULL THEN NULL WHEN list_contains(m, false) THEN false
           WHEN len(m) > list_count(m) THEN NULL ELSE true END
    """,
    """
    athena_arrays_overlap(a, b) AS
      CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_has_any(a, b) THEN true
           WHEN len(a) = 0 OR len(b) = 0 THEN false
           WHEN len(a) > list_count(a) OR len(b) > list_count(b) THEN NULL ELSE false END
    """,
    "athena_array_distinct(a) AS list_filter(a, lambda e, i: list_position(a, e) = i)",
    """
    athena_array_join(a, d) AS CASE WHEN a IS NOT NULL AND d IS NOT NULL THEN coalesce(array_to_string(a, d), '') END,
      (a, d, n) AS CASE WHEN a IS NOT NULL AND d IS NOT NULL
        THEN coalesce(array_to_string(list_transform(a, lambda e: coalesce(e, n)), d), '') END
    """,
    "athena_array_max(a) AS CASE WHEN len(a) = list_count(a) THEN list_max(a) END",
    "athena_array_min(a) AS CASE WHEN len(a) = list_count(a) THEN list_min(a) END",
    """
    athena_array_position(a, x) AS
      CASE WHEN a IS NOT NULL AND x IS NOT NULL THEN coalesce(CAST(list_position(a, x) AS BIGINT), 0) END
    """,
    "athena_flatten(a) AS flatten(a)",
    """
    athena_slice(a, f, n) AS
      CASE WHEN f > 0 THEN list_slice(a, f, f + n - 1)
           WHEN -f > len(a) THEN [] ELSE list_slice(a, len(a) + f + 1, len(a) + f + n) END
    """,
    "athena_sequence(a, b) AS CASE WHEN a <= b THEN generate_series(a, b) ELSE generate_series(a, b, -1) END",
    """
    athena_sequence_of_dates(a, b) AS list_transform(
      CASE WHEN a <= b THEN generate_series(0, b - a) ELSE generate_series(0, b - a, -1) END,
      lambda n: a + CAST(n AS INTEGER))
    """,
    "athena_greatest(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN greatest(a, b) END",
    "athena_least(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN least(a, b) END",
)

MACROS: tuple[str, ...] = tuple(f"CREATE OR REPLACE MACRO {macro.strip()}" for macro in _MACROS)
"""Statements that define what DuckDB lacks, or answers otherwise, under the names that the translation calls."""
