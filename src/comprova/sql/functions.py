"""The functions that a query may use: those whose answer DuckDB gives as Athena does, by itself or through the layer.

A signature names types as Athena does; a capital letter is any type, `O` any type that can be sorted. Beside types it
names what must be written in place: `path` (a JSON path), `pattern` (a regular expression), `replacement`, `group` (a
number), `unit` (of time), `format` (of date_format), `text` (not empty), `index` (a number but 0) and `zone`.
`f(T, U)` is a lambda from T to U, and `T...` is one or more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from comprova.sql.types import Type, parse_type


class Use(Enum):
    """Where a function may stand."""

    SCALAR = "in any expression"
    AGGREGATE = "over a group, or with OVER"
    WINDOW = "with OVER"


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function.

    Attributes:
        parameters: Types, or names of what must be written in place.
        result: The type of the answer.
        repeats: Whether the last parameter may be given any number of times.
    """

    parameters: tuple[Type, ...]
    result: Type
    repeats: bool


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        name: In Athena.
        duckdb: The function or macro of DuckDB that takes the same arguments.
        use: Where it may stand.
        signatures: The ways to call it.
    """

    name: str
    duckdb: str
    use: Use
    signatures: tuple[Signature, ...]


WRITTEN = frozenset({"path", "pattern", "replacement", "group", "unit", "format", "text", "index", "zone"})
"""Parameters that must be written in place; `written.py` has a rule for each."""

# name | signatures | DuckDB's name where it is another
_SCALAR = """
abs                 | (bigint) bigint; (double) double
all_match           | (array(T), f(T, boolean)) boolean
any_match           | (array(T), f(T, boolean)) boolean
array_distinct      | (array(O)) array(O)                          | athena_array_distinct
array_join          | (array(varchar), varchar) varchar; (array(varchar), varchar, varchar) varchar | athena_array_join
array_max           | (array(O)) O                                 | athena_array_max
array_min           | (array(O)) O                                 | athena_array_min
array_position      | (array(O), O) bigint                         | athena_array_position
array_sort          | (array(O)) array(O)                          | list_sort
arrays_overlap      | (array(O), array(O)) boolean                 | athena_arrays_overlap
at_timezone         | (instant, zone) local                        | athena_at_timezone
cardinality         | (array(T)) bigint                            | len
coalesce            | (T...) T
concat              | (varchar...) varchar; (array(T)...) array(T)
contains            | (array(O), O) boolean; (varchar, ipaddress) boolean
date                | (timestamp) date; (local) date
date_add            | (unit, bigint, date) date; (unit, bigint, timestamp) timestamp
date_diff           | (unit, date, date) bigint; (unit, timestamp, timestamp) bigint | date_sub
date_format         | (timestamp, format) varchar; (local, format) varchar
date_trunc          | (unit, date) date; (unit, timestamp) timestamp
day                 | (timestamp) bigint; (date) bigint; (local) bigint
day_of_week         | (timestamp) bigint; (date) bigint; (local) bigint | isodow
element_at          | (array(T), index) T; (map(K, V), K) V
filter              | (array(T), f(T, boolean)) array(T)           | list_filter
flatten             | (array(array(T))) array(T)                   | athena_flatten
from_unixtime       | (bigint) instant                             | athena_from_unixtime
greatest            | (O, O) O                                     | athena_greatest
hour                | (timestamp) bigint; (local) bigint
json_array_contains | (json, varchar) boolean; (varchar, varchar) boolean | athena_json_array_contains
json_array_length   | (json) bigint; (varchar) bigint              | athena_json_array_length
json_extract        | (varchar, path) json; (json, path) json      | athena_json_extract
json_extract_scalar | (varchar, path) varchar; (json, path) varchar | athena_json_extract_scalar
least               | (O, O) O                                     | athena_least
length              | (varchar) bigint
lower               | (varchar) varchar
ltrim               | (varchar) varchar                            | athena_ltrim
map_keys            | (map(K, V)) array(K)
map_values          | (map(K, V)) array(V)
minute              | (timestamp) bigint; (local) bigint
month               | (timestamp) bigint; (date) bigint; (local) bigint
none_match          | (array(T), f(T, boolean)) boolean
nullif              | (O, O) O
regexp_extract      | (varchar, pattern) varchar; (varchar, pattern, group) varchar | athena_regexp_extract
regexp_extract_all  | (varchar, pattern) array(varchar); (varchar, pattern, group) array(varchar)
regexp_like         | (varchar, pattern) boolean                   | regexp_matches
regexp_replace      | (varchar, pattern) varchar; (varchar, pattern, replacement) varchar
replace             | (varchar, text) varchar; (varchar, text, varchar) varchar | athena_replace
round               | (double) double
rtrim               | (varchar) varchar                            | athena_rtrim
second              | (timestamp) bigint; (local) bigint
sequence            | (bigint, bigint) array(bigint); (date, date) array(date)
slice               | (array(T), index, bigint) array(T)           | athena_slice
split               | (varchar, text) array(varchar)               | string_split
split_part          | (varchar, text, index) varchar               | athena_split_part
starts_with         | (varchar, varchar) boolean
strpos              | (varchar, text) bigint
substr              | (varchar, index) varchar; (varchar, index, bigint) varchar | athena_substr
transform           | (array(T), f(T, U)) array(U)                 | list_transform
trim                | (varchar) varchar                            | athena_trim
with_timezone       | (timestamp, zone) instant                    | athena_with_timezone
year                | (timestamp) bigint; (date) bigint; (local) bigint
"""
_AGGREGATE = """
array_agg | (T) array(T)
avg       | (bigint) double
bool_and  | (boolean) boolean
bool_or   | (boolean) boolean
count     | () bigint; (T) bigint
count_if  | (boolean) bigint
grouping  | (T...) integer
max       | (O) O
max_by    | (T, O) T                | arg_max_null
min       | (O) O
min_by    | (T, O) T                | arg_min_null
sum       | (bigint) bigint
"""
_WINDOW = """
dense_rank  | () bigint
first_value | (T) T
lag         | (T) T; (T, index) T; (T, index, T) T
last_value  | (T) T
lead        | (T) T; (T, index) T; (T, index, T) T
rank        | () bigint
row_number  | () bigint
"""


def _functions(table: str, use: Use) -> Mapping[str, Function]:
    functions: dict[str, Function] = {}
    for line in table.strip().splitlines():
        name, signatures, *duckdb = (part.strip() for part in line.split("|"))
        ways = tuple(_signature(text.strip()) for text in signatures.split(";"))
        functions[name] = Function(name, duckdb[0] if duckdb else name, use, ways)
    return functions


def _signature(text: str) -> Signature:
    parameters, _, result = text.rpartition(") ")
    repeats = parameters.endswith("...")
    types = [part for part in (parameters.removeprefix("(").removesuffix("..."), result) if part]
    whole = parse_type(f"f({', '.join(types)})")
    return Signature(whole.of[:-1], whole.of[-1], repeats)


FUNCTIONS: Mapping[str, Function] = {
    **_functions(_SCALAR, Use.SCALAR),
    **_functions(_AGGREGATE, Use.AGGREGATE),
    **_functions(_WINDOW, Use.WINDOW),
}
"""Every function that a query may use, by Athena's name."""
