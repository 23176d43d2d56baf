"""What a statement may be made of, as data; all else is refused, with what to write instead where there is a way."""

from collections.abc import Mapping

from sqlglot import exp

_BINARY = frozenset({"this", "expression"})

NODES: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {"with_", "distinct", "expressions", "from_", "joins", "where", "group", "having", "windows", "order"}
    ),
    exp.Union: frozenset({"with_", "this", "expression", "distinct", "order"}),
    exp.Except: frozenset({"with_", "this", "expression", "distinct", "order"}),
    exp.Intersect: frozenset({"with_", "this", "expression", "distinct", "order"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias"}),
    exp.Distinct: frozenset({"expressions"}),
    exp.From: frozenset({"this"}),
    exp.Table: frozenset({"this", "alias"}),
    exp.TableAlias: frozenset({"this", "columns"}),
    exp.Subquery: frozenset({"this", "alias"}),
    exp.Join: frozenset({"this", "kind", "side", "on"}),
    exp.Unnest: frozenset({"expressions", "alias", "offset"}),
    exp.Values: frozenset({"expressions", "alias"}),
    exp.Where: frozenset({"this"}),
    exp.Group: frozenset({"expressions"}),
    exp.GroupingSets: frozenset({"expressions"}),
    exp.Rollup: frozenset({"expressions"}),
    exp.Cube: frozenset({"expressions"}),
    exp.Having: frozenset({"this"}),
    exp.Order: frozenset({"this", "expressions"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Alias: frozenset({"this", "alias"}),
    exp.Column: frozenset({"this", "table", "db", "catalog"}),
    exp.Dot: _BINARY,
    exp.Star: frozenset(),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Boolean: frozenset({"this"}),
    exp.Null: frozenset(),
    exp.Placeholder: frozenset({"this"}),
    exp.Interval: frozenset({"this", "unit"}),
    exp.Var: frozenset({"this"}),
    exp.Paren: frozenset({"this"}),
    exp.Tuple: frozenset({"expressions"}),
    exp.Array: frozenset({"expressions"}),
    exp.And: _BINARY,
    exp.Or: _BINARY,
    exp.Not: frozenset({"this"}),
    exp.Neg: frozenset({"this"}),
    exp.Add: _BINARY,
    exp.Sub: _BINARY,
    exp.Mul: _BINARY,
    exp.Div: _BINARY | {"typed", "safe"},
    exp.Mod: _BINARY,
    exp.DPipe: _BINARY | {"safe"},
    exp.EQ: _BINARY,
    exp.NEQ: _BINARY,
    exp.LT: _BINARY,
    exp.LTE: _BINARY,
    exp.GT: _BINARY,
    exp.GTE: _BINARY,
    exp.NullSafeEQ: _BINARY,
    exp.NullSafeNEQ: _BINARY,
    exp.Is: _BINARY,
    exp.In: frozenset({"this", "expressions", "query"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Like: _BINARY | {"negate"},
    exp.Escape: _BINARY,
    exp.Exists: frozenset({"this"}),
    exp.Case: frozenset({"this", "ifs", "default"}),
    exp.If: frozenset({"this", "true", "false"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.TryCast: frozenset({"this", "to", "safe"}),
    exp.DataType: frozenset({"this", "expressions", "nested"}),
    exp.DataTypeParam: frozenset({"this"}),
    exp.ColumnDef: frozenset({"this", "kind"}),
    exp.Anonymous: frozenset({"this", "expressions"}),
    exp.Lambda: frozenset({"this", "expressions"}),
    exp.Filter: _BINARY,
    exp.Window: frozenset({"this", "partition_by", "order", "spec", "alias", "over"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side"}),
}
"""The parts of a statement, each with what sqlglot may have found in it."""

PARTS: Mapping[type[exp.Expr], tuple[str, str]] = {
    exp.AtTimeZone: (
        "AT TIME ZONE",
        "Write at_timezone(with_timezone(event_time, 'UTC'), :time_zone): of a time without zone the engines differ.",
    ),
    exp.Bracket: ("a subscript", "Write element_at(…): where there is no such element, [ ] fails on Athena alone."),
    exp.ILike: ("ILIKE", "Athena has none; write lower(…) LIKE '…'."),
    exp.SimilarTo: ("SIMILAR TO", "Athena has none; write regexp_like(…)."),
    exp.Extract: ("EXTRACT", "Write hour(…), day_of_week(…), year(…)."),
    exp.CurrentDate: ("current_date", "Write :period_start or :period_end: a report must not change with the clock."),
    exp.CurrentTimestamp: ("the clock", "Write :period_start or :period_end: a report must not change with the clock."),
    exp.Localtimestamp: ("the clock", "Write :period_start or :period_end: a report must not change with the clock."),
    exp.IgnoreNulls: ("IGNORE NULLS", "Filter the NULLs in a table expression of their own."),
    exp.WithinGroup: ("WITHIN GROUP", "Write array_join(array_agg(… ORDER BY …), ',')."),
    exp.Limit: ("LIMIT", "Evidence is whole. For the first n of each group, filter on row_number()."),
    exp.Fetch: ("FETCH FIRST", "Evidence is whole. For the first n of each group, filter on row_number()."),
    exp.Offset: ("OFFSET", "Evidence is whole. For the first n of each group, filter on row_number()."),
    exp.TableSample: ("TABLESAMPLE", "Evidence is whole, and a sample differs from run to run."),
    exp.MatchRecognize: ("MATCH_RECOGNIZE", "DuckDB has none; write lag(), lead() or a join."),
    exp.Lateral: ("LATERAL", "Write a join, or UNNEST."),
    exp.Any: ("ANY", "Write EXISTS (…) or IN (SELECT …)."),
    exp.All: ("ALL", "Write NOT EXISTS (…)."),
    exp.Parameter: ("@name", "Write parameters as :name."),
    exp.ParseJSON: ("a JSON literal", "Write the values as parameters or SQL literals."),
    exp.JSONExtract: ("->", "Write json_extract(…)."),
    exp.JSONExtractScalar: ("->>", "Write json_extract_scalar(…)."),
}
"""What one may look for among the parts: what it is, and what to write instead."""

ARGUMENTS: Mapping[tuple[type[exp.Expr], str], tuple[str, str]] = {
    (exp.With, "recursive"): ("WITH RECURSIVE", "Athena stops at ten steps; write lag(), lead() or a join."),
    (exp.Join, "using"): ("USING", "Write ON with both columns."),
    (exp.Join, "method"): ("NATURAL", "Write ON with both columns."),
    (exp.Table, "db"): ("a schema's name", "The run knows where its tables are; write the table alone."),
    (exp.Table, "joins"): ("joins in parentheses", "Write them as a table expression in WITH."),
    (exp.Distinct, "on"): ("DISTINCT ON", "Filter on row_number()."),
    (exp.In, "unnest"): ("IN UNNEST", "Write contains(list, value)."),
    (exp.In, "field"): ("IN without parentheses", "Write contains(list, value)."),
    (exp.Star, "except_"): ("* EXCEPT", "Name the columns."),
    (exp.CTE, "materialized"): ("MATERIALIZED", "Athena decides on that."),
}
"""What is refused in a part that is allowed otherwise."""

_TEXT_OF_NUMBERS = "Give the number as a column of its own; the document writes it as the reader expects."
_URL = "Write regexp_extract(…) with the part you want."
_BYTES = "Evidence holds text; compare the text itself."
_APPROXIMATE = "It differs from run to run; count exactly."
_UNORDERED = "Its answer depends on the order of rows; write min(…), max(…), max_by(…) or array_agg(… ORDER BY …)."
_LISTS = "Write filter(list, x -> …) with contains(other, x)."
_CLOCK = "Write :period_start or :period_end: a report must not change with the clock."

FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "approx_distinct": ("approximate", _APPROXIMATE),
    "approx_percentile": ("approximate", _APPROXIMATE),
    "arbitrary": ("any value", _UNORDERED),
    "any_value": ("any value", _UNORDERED),
    "array_except": ("differs on NULL and order", _LISTS),
    "array_intersect": ("differs on NULL and order", _LISTS),
    "array_remove": ("differs on NULL", "Write filter(list, x -> x <> …)."),
    "array_union": ("differs on NULL and order", "Write array_distinct(concat(a, b))."),
    "bitwise_and": ("not on the list: no question has needed it", ""),
    "checksum": ("not in DuckDB", "Evidence is hashed by comprova."),
    "chr": ("not on the list: no question has needed it", "Write the character."),
    "concat_ws": ("differs on NULL", "Write array_join(ARRAY[…], ',')."),
    "date_parse": (
        "fails on text of another form",
        "Write TRY_CAST(… AS timestamp(3)) of text that a pattern has checked.",
    ),
    "day_of_year": ("not on the list: no question has needed it", "Write date_diff('day', …)."),
    "dow": ("another name", "Write day_of_week(…)."),
    "every": ("another name", "Write bool_and(…)."),
    "format": ("Java's rules", "Write concat(…) and CAST(… AS varchar)."),
    "format_datetime": ("Joda's rules", "Write date_format(…)."),
    "format_number": ("Java's rules", _TEXT_OF_NUMBERS),
    "from_base64": ("bytes", _BYTES),
    "from_iso8601_date": ("fails on text of another form", "Write TRY_CAST(… AS date)."),
    "from_iso8601_timestamp": (
        "fails on text of another form, and keeps the zone that the text names",
        "Check the text by a pattern and write TRY_CAST(replace(replace(…, 'T', ' '), 'Z', '') AS timestamp(3)).",
    ),
    "from_utf8": ("bytes", _BYTES),
    "histogram": ("a map in no order", "Group, and count."),
    "ifnull": ("not in Athena", "Write coalesce(…)."),
    "is_json_scalar": ("differs on text that is not JSON", "Write json_extract_scalar(…) IS NOT NULL."),
    "json_array_get": ("does not unquote", "Write element_at(TRY(CAST(… AS array(json))), n)."),
    "json_exists": ("SQL/JSON paths differ", "Write json_extract(…) IS NOT NULL."),
    "json_format": (
        "the engines order members and write numbers differently",
        "Read what you need with json_extract_scalar(…), or give the column request or response as logged.",
    ),
    "json_parse": (
        "fails on text that is not JSON",
        "Write json_extract(…, '$') for what it holds, TRY(json_parse(…)) IS NULL to ask whether it is JSON.",
    ),
    "json_query": ("SQL/JSON paths differ", "Write json_extract(…)."),
    "json_size": ("differs on scalars", "Write json_array_length(…) or cardinality(map_keys(…))."),
    "json_value": ("SQL/JSON paths differ", "Write json_extract_scalar(…)."),
    "last_day_of_month": (
        "not on the list: no question has needed it",
        "Write date_add('day', -1, date_add('month', 1, date_trunc('month', …))).",
    ),
    "len": ("not in Athena", "Write length(…) or cardinality(…)."),
    "levenshtein_distance": ("not on the list: no question has needed it", ""),
    "listagg": ("fails on long text", "Write array_join(array_agg(… ORDER BY …), ',')."),
    "lpad": ("differs on long text", _TEXT_OF_NUMBERS),
    "map": ("a map in no order", "Write VALUES, or CASE."),
    "map_agg": ("a map in no order", "Group, and select key and value."),
    "now": ("the clock", _CLOCK),
    "ntile": ("not on the list: no question has needed it", "Write row_number()."),
    "nvl": ("not in Athena", "Write coalesce(…)."),
    "parse_datetime": ("Joda's rules", "Write TRY_CAST(… AS timestamp(3)) of text that a pattern has checked."),
    "percent_rank": ("not on the list: no question has needed it", "Write rank() and count(*) OVER ()."),
    "position": ("another name", "Write strpos(…)."),
    "rand": ("another answer each run", ""),
    "random": ("another answer each run", ""),
    "reduce": ("not alike in DuckDB", "Write any_match(…), filter(…) or UNNEST and sum(…)."),
    "regexp_count": ("differs on empty matches", "Write cardinality(regexp_extract_all(…))."),
    "regexp_split": ("not in DuckDB alike", "Write split(…) or regexp_extract_all(…)."),
    "reverse": ("not on the list: no question has needed it", ""),
    "row": ("a row without names", "Write CAST(ROW(…) AS row(name type, …))."),
    "sha256": ("bytes", _BYTES),
    "substring": ("another name", "Write substr(…)."),
    "to_hex": ("bytes", _BYTES),
    "to_iso8601": ("text of a time", "Give the time as a column of its own."),
    "to_unixtime": ("a fraction", "Write date_diff('second', …)."),
    "to_utf8": ("bytes", _BYTES),
    "typeof": ("the engines name types differently", ""),
    "upper": ("differs on ß", "Write lower(…)."),
    "url_decode": ("differs on malformed text", _URL),
    "url_encode": ("differs on spaces", _URL),
    "url_extract_host": ("not in DuckDB", _URL),
    "url_extract_parameter": ("not in DuckDB", _URL),
    "url_extract_path": ("not in DuckDB", _URL),
    "uuid": ("another answer each run", ""),
    "week": ("weeks across years", "Write date_trunc('week', …)."),
    "width_bucket": ("not in DuckDB", "Write CASE."),
    "year_of_week": ("weeks across years", "Write date_trunc('week', …)."),
}
"""Functions that one may look for: why they are refused, and what to write instead."""

_RESERVED = (
    "alter and as between by case cast constraint create cross cube current_catalog current_date "
    "current_path current_role current_schema current_time current_timestamp current_user deallocate "
    "delete describe distinct drop else end escape except execute exists extract false first for "
    "from full group grouping having in inner insert intersect into is join last left like listagg "
    "localtime localtimestamp natural normalize not null on or order outer prepare recursive right "
    "rollup select skip table then trim true uescape union unnest using values when where with"
)
RESERVED = frozenset(_RESERVED.split())
"""Words that Athena takes for no name without quotes (Athena User Guide, reserved keywords in SELECT statements)."""
