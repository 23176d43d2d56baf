"""The arguments that must be written in place: an engine reads them when it plans, or the engines differ on others."""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from comprova.sql.dialects import AthenaAsWritten
from comprova.sql.patterns import PatternError, duckdb_path, duckdb_replacement, read_pattern

UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
"""Of time, for date_trunc and date_add."""
_EXACT_UNITS = ("millisecond", "second", "minute", "hour", "day", "week")
"""For date_diff: the engines count months differently where days are missing at their ends."""
_FORMATS = {"%Y": "%Y", "%m": "%m", "%d": "%d", "%H": "%H", "%i": "%M", "%s": "%S"}
"""What date_format may write (MySQL's letters), as DuckDB's strftime writes it."""

_KEEP_ELEMENTS = frozenset({"array_distinct", "flatten", "filter", "transform"})
_FORGET_ORDER = frozenset({"array_sort", "cardinality", "contains", "any_match", "all_match", "none_match"})

Rule = Callable[[str, Sequence[exp.Expr], exp.Expr], None]


def shown(node: exp.Expr) -> str:
    """Return a part of a statement as a message shows it."""
    return node.sql(dialect=AthenaAsWritten, normalize_functions=False)


def text_of(node: exp.Expr) -> str | None:
    """Return the text of a literal, or of concat() of literals; None where it is not all written in place."""
    if isinstance(node, exp.Literal) and node.is_string:
        return node.name
    if isinstance(node, exp.Anonymous) and node.name.lower() == "concat":
        parts = [text_of(part) for part in node.expressions]
        return None if None in parts else "".join(part for part in parts if part is not None)
    return None


def number_of(node: exp.Expr) -> int | None:
    """Return a whole number written in place, or None."""
    if isinstance(node, exp.Neg):
        number = number_of(node.this)
        return None if number is None else -number
    if isinstance(node, exp.Cast) and node.args["to"].is_type("bigint"):
        return number_of(node.this)
    return int(node.name) if isinstance(node, exp.Literal) and not node.is_string and node.name.isdecimal() else None


def is_not_zero(node: exp.Expr) -> bool:
    """Tell whether a divisor is a number other than zero, or nullif(…, 0)."""
    if isinstance(node, exp.Paren):
        return is_not_zero(node.this)
    if isinstance(node, exp.Literal):
        return float(node.name) != 0
    if isinstance(node, exp.Cast):
        return is_not_zero(node.this)
    if not (isinstance(node, exp.Anonymous) and node.name.lower() == "nullif"):
        return False
    return [number_of(part) for part in node.expressions[1:]] == [0]


def is_tried(node: exp.Expr) -> bool:
    """Tell whether a node stands in TRY(…)."""
    parent = node.parent
    return isinstance(parent, exp.Anonymous) and parent.name.lower() == "try"


def is_sorted(node: exp.Expr) -> bool:
    """Tell whether what is made of an array does not depend on the order of its elements."""
    parent = node.parent
    while isinstance(parent, exp.Filter) or (
        isinstance(parent, exp.Anonymous) and parent.name.lower() in _KEEP_ELEMENTS
    ):
        parent = parent.parent
    return isinstance(parent, exp.Anonymous) and parent.name.lower() in _FORGET_ORDER


def _is_parameter(node: exp.Expr) -> bool:
    return isinstance(node, exp.Placeholder)


def _text(node: exp.Expr, what: str) -> str:
    text = text_of(node)
    if text is None:
        raise PatternError(shown(node), f"Write {what} in place, as '…'.")
    return text


def _path(_: str, __: Sequence[exp.Expr], node: exp.Expr) -> None:
    duckdb_path(_text(node, "the path"))


def _pattern(function: str, arguments: Sequence[exp.Expr], node: exp.Expr) -> None:
    if _is_parameter(node):
        return
    pattern = read_pattern(_text(node, "the pattern"))
    if pattern.matches_empty and function in ("regexp_replace", "regexp_extract_all"):
        raise PatternError(
            f"{_text(node, '')!r}, which matches no text", "The engines go on differently after an empty match."
        )
    if function in ("regexp_extract", "regexp_extract_all") and len(arguments) > 2:  # noqa: PLR2004 - text, pattern, group
        group = number_of(arguments[2]) or 0
        if group > len(pattern.groups):
            raise PatternError(f"group {group} of {_text(node, '')!r}", f"It has {len(pattern.groups)} groups.")
        if group and not pattern.groups[group - 1]:
            raise PatternError(
                f"group {group} of {_text(node, '')!r}, which takes no part in some matches",
                "There Athena gives NULL and DuckDB ''. Put the repetition or the alternatives inside of the group.",
            )


def _replacement(_: str, arguments: Sequence[exp.Expr], node: exp.Expr) -> None:
    pattern = None if _is_parameter(arguments[1]) else read_pattern(_text(arguments[1], "the pattern"))
    duckdb_replacement(_text(node, "the replacement"), len(pattern.groups) if pattern else 0)


def _group(_: str, __: Sequence[exp.Expr], node: exp.Expr) -> None:
    if number_of(node) is None:
        raise PatternError(shown(node), "Write the number of the group in place.")


def _index(function: str, _: Sequence[exp.Expr], node: exp.Expr) -> None:
    number = number_of(node)
    if number is None or number == 0 or (number < 0 and function == "split_part"):
        raise PatternError(shown(node), "Write a number in place; the first is 1.")


def _nonempty(_: str, __: Sequence[exp.Expr], node: exp.Expr) -> None:
    if not _is_parameter(node) and not _text(node, "the text"):
        raise PatternError("''", "The engines do not look for no text in the same way.")


def _unit(function: str, _: Sequence[exp.Expr], node: exp.Expr) -> None:
    units = _EXACT_UNITS if function == "date_diff" else UNITS
    if _text(node, "the unit") not in units:
        raise PatternError(repr(text_of(node)), f"Write one of {', '.join(units)}.")


def _format(_: str, __: Sequence[exp.Expr], node: exp.Expr) -> None:
    duckdb_format(_text(node, "the format"))


def duckdb_format(text: str) -> str:
    """Return a format of date_format as DuckDB's strftime takes it.

    Raises:
        PatternError: It has other letters than those on which the engines agree.
    """
    parts = text.split("%")
    if any(f"%{part[:1]}" not in _FORMATS for part in parts[1:]):
        raise PatternError(repr(text), f"Write {', '.join(_FORMATS)} and plain text.")
    return parts[0] + "".join(_FORMATS[f"%{part[:1]}"] + part[1:] for part in parts[1:])


def _zone(function: str, _: Sequence[exp.Expr], node: exp.Expr) -> None:
    if function == "with_timezone" and text_of(node) != "UTC":
        raise PatternError(shown(node), "Write 'UTC': the times of events are UTC.")
    if function == "at_timezone" and not _is_parameter(node):
        _text(node, "the zone")


RULES: Mapping[str, Rule] = {
    "path": _path,
    "pattern": _pattern,
    "replacement": _replacement,
    "group": _group,
    "index": _index,
    "text": _nonempty,
    "unit": _unit,
    "format": _format,
    "zone": _zone,
}
"""What is asked of each of `functions.WRITTEN`: by the function's name, all its arguments, and the one in question."""
