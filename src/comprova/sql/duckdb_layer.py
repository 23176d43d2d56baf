"""What a DuckDB connection needs so that translated statements answer as Athena does: text and pure functions only.

The engine executes `SETTINGS`, registers `FUNCTIONS`, then executes `MACROS`. Each macro is named after the Athena function
it answers for. Where the two engines are known to differ still, the difference is stated beside the macro.
"""

import functools
import ipaddress
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LAYER_VERSION = "1"
"""Rises with every change of a translated answer; results cite it."""

SETTINGS: tuple[str, ...] = (
    "SET TimeZone = 'UTC'",
    "SET integer_division = true",
    "SET ieee_floating_point_ops = false",
    "SET default_null_order = 'nulls_last'",
)
"""Athena works in UTC, divides integers to integers, and sorts NULL last whatever the direction."""


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
        document: JSON that DuckDB could read.
        path: A DuckDB JSON path that leads to a number.
    """
    if document is None or path is None:
        return None
    value: object = json.loads(
        document, parse_float=str, parse_int=str, parse_constant=lambda _: None, object_pairs_hook=_first_of_each
    )
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
)

# The characters that Java's Character.isWhitespace knows, which is what Athena's trim() takes away.
_WHITE_SPACE = "".join(
    map(chr, (*range(0x09, 0x0E), *range(0x1C, 0x21), 0x1680, *range(0x2000, 0x2007), *range(0x2008, 0x200B)))
) + "".join(map(chr, (0x2028, 0x2029, 0x205F, 0x3000)))

MACROS: tuple[str, ...] = (
    # JSON. Objects, arrays and JSON null give NULL; numbers keep their text. Differs from Athena only on text that is not
    # JSON: Athena reads as far as the value it wants, DuckDB reads the whole text first and gives NULL.
    """
    CREATE OR REPLACE MACRO athena_json_extract_scalar(j, p) AS list_transform([TRY(json_value(j, p))], lambda v:
      CASE WHEN v IS NULL THEN NULL
           WHEN starts_with(v, '"') THEN json_extract_string(v, '$')
           WHEN regexp_full_match(v, '-?[0-9]+|true|false') THEN v
           ELSE athena_json_number(CAST(j AS VARCHAR), p) END)[1]
    """,
    "CREATE OR REPLACE MACRO athena_json_extract(j, p) AS TRY(json_extract(j, p))",
    "CREATE OR REPLACE MACRO athena_json_parse(j) AS TRY(json(j))",
    "CREATE OR REPLACE MACRO athena_json_array_length(j) AS CASE WHEN json_type(j) = 'ARRAY' THEN json_array_length(j)::BIGINT END",
    """
    CREATE OR REPLACE MACRO athena_json_to_array(j) AS
      CASE WHEN json_type(j) = 'ARRAY' THEN CAST(j AS JSON[]) END
    """,
    # A whole that holds an object or an array cannot become text: TRY(CAST(... AS array(varchar))) gives NULL.
    """
    CREATE OR REPLACE MACRO athena_json_to_varchar_array(j) AS
      CASE WHEN json_type(j) <> 'ARRAY' THEN NULL
           WHEN len(list_filter(CAST(j AS JSON[]), lambda e: json_type(e) IN ('OBJECT', 'ARRAY'))) > 0 THEN NULL
           ELSE list_transform(CAST(j AS JSON[]), lambda e: json_extract_string(e, '$')) END
    """,
    # Text. No match, and a part past the end, are NULL; DuckDB gives ''.
    "CREATE OR REPLACE MACRO athena_regexp_extract(s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END",
    "CREATE OR REPLACE MACRO athena_split_part(s, d, n) AS string_split(s, d)[n]",
    f"CREATE OR REPLACE MACRO athena_trim(s) AS trim(s, '{_WHITE_SPACE}')",
    f"CREATE OR REPLACE MACRO athena_ltrim(s) AS ltrim(s, '{_WHITE_SPACE}')",
    f"CREATE OR REPLACE MACRO athena_rtrim(s) AS rtrim(s, '{_WHITE_SPACE}')",
    # Text to other types: only what both engines read in the same way; the rest is NULL.
    "CREATE OR REPLACE MACRO athena_to_bigint(s) AS CASE WHEN regexp_full_match(s, '[+-]?[0-9]+') THEN TRY_CAST(s AS BIGINT) END",
    "CREATE OR REPLACE MACRO athena_to_integer(s) AS CASE WHEN regexp_full_match(s, '[+-]?[0-9]+') THEN TRY_CAST(s AS INTEGER) END",
    """
    CREATE OR REPLACE MACRO athena_to_double(s) AS
      CASE WHEN regexp_full_match(s, '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?') THEN TRY_CAST(s AS DOUBLE) END
    """,
    """
    CREATE OR REPLACE MACRO athena_to_date(s) AS
      CASE WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(s AS DATE) END
    """,
    """
    CREATE OR REPLACE MACRO athena_to_timestamp(s) AS
      CASE WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?)?')
           THEN TRY_CAST(s AS TIMESTAMP) END
    """,
    # Arrays. Three-valued as in Athena: an array that holds NULL may hold anything.
    """
    CREATE OR REPLACE MACRO athena_contains(a, x) AS
      CASE WHEN a IS NULL OR x IS NULL THEN NULL WHEN list_contains(a, x) THEN true
           WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END
    """,
    "CREATE OR REPLACE MACRO athena_any(m) AS CASE WHEN m IS NULL THEN NULL WHEN list_contains(m, true) THEN true"
    " WHEN len(list_filter(m, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END",
    "CREATE OR REPLACE MACRO athena_all(m) AS CASE WHEN m IS NULL THEN NULL WHEN list_contains(m, false) THEN false"
    " WHEN len(list_filter(m, lambda e: e IS NULL)) > 0 THEN NULL ELSE true END",
    "CREATE OR REPLACE MACRO athena_greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE greatest(a, b) END",
    "CREATE OR REPLACE MACRO athena_least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE least(a, b) END",
)
