"""Follows what a query returns back to what it is read from, and tells columns that would disclose too much.

A column that can show what names a person must be marked, so that reports can mask it. None may return a secret bare:
without its member's name nothing could tell that it is one. What a value only depends on (the condition of a CASE, a
comparison, a count) is not shown by it.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from comprova.catalog.column_types import ColumnType
from comprova.catalog.query import Query, ViewBlock
from comprova.catalog.secret_members import SecretMembers, plain_name
from comprova.errors import Problem
from comprova.sql.parse import Source, parse_as_written
from comprova.sql.row_origin import FromItem, branches, called, from_items, json_steps, query_of, reads_json

_TEXTUAL = frozenset({ColumnType.VARCHAR, ColumnType.VARCHAR_ARRAY})
_CONDITIONS = (exp.Predicate, exp.Connector, exp.Not, exp.Is)
_FIRST_ARGUMENT = frozenset({"filter", "nullif", "regexp_extract", "regexp_extract_all", "regexp_replace", "replace"})
_NUMBERS_AND_TRUTHS = frozenset(
    {
        "all_match", "any_match", "cardinality", "contains", "count", "count_if", "length", "none_match", "regexp_like",
        "row_number", "strpos",
    }
)  # fmt: skip


def disclosing_columns(query: Query, activity: ViewBlock, secrets: SecretMembers) -> list[Problem]:
    """Return the columns of a query that name people without `personal = true`, and those that are secrets.

    Args:
        query: The query; SQL that cannot be parsed is told elsewhere.
        activity: The block of the view, which says what names people.
        secrets: Which members hold secrets.
    """
    tree = parse_as_written(Source(query.sql, query.path, query.sql_line))
    if isinstance(tree, Problem):
        return []
    naming = {*activity.personal, *activity.personal_members}
    problems = []
    for column in query.block.column:
        if column.type not in _TEXTUAL:
            continue
        read = set(_outputs(column.name, list(branches(tree)), ()))
        if (found := sorted(read & naming)) and not column.personal:
            expected = f"`personal = true` at the column {column.name}, which can show {', '.join(found)}"
            problems.append(Problem(query.path, expected, "a column that no report would mask"))
        if bare := sorted(name for name in read if plain_name(name) in secrets.names):
            expected = f"no secret in the column {column.name}; whether there is one can be asked with IS NOT NULL"
            problems.append(Problem(query.path, expected, f"the member {', '.join(bare)}"))
    return problems


def _values(node: exp.Expr | None) -> Iterator[str]:
    """Yield the columns of `activity`, and the members of its JSON, whose text an expression can return."""
    match node:
        case None:
            return
        case exp.Column():
            yield from _resolve(node)
        case exp.Anonymous():
            yield from _called(node)
        case _:
            for part in _value_parts(node):
                yield from _values(part)


def _value_parts(node: exp.Expr) -> Iterable[exp.Expr | None]:
    """Return the parts of an expression that its value is made of, without those that only decide."""
    match node:
        case exp.Case():
            return [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
        case exp.If():
            return [node.args["true"], node.args.get("false")]
        case exp.Window() | exp.Filter() | exp.Order():
            return [node.this]
        case exp.Subquery():
            return [projection.unalias() for select in branches(node) for projection in select.expressions]
        case _ if isinstance(node, _CONDITIONS):
            return []
        case _:
            return node.iter_expressions()


def _called(node: exp.Anonymous) -> Iterator[str]:
    name, arguments = called(node), node.expressions
    if name in _NUMBERS_AND_TRUTHS:
        return
    if reads_json(node) and len(arguments) > 1:
        steps = json_steps(arguments[1]) or ()
        yield from steps[-1:]
        return
    for argument in arguments[:1] if name in _FIRST_ARGUMENT else arguments:
        yield from _values(argument)


def _resolve(column: exp.Column) -> Iterator[str]:
    """Follow a column of a SELECT, or of the one around it where it is not one of its own."""
    select = column.find_ancestor(exp.Select)
    while select is not None:
        items = [item for item in from_items(select) if column.table in ("", item.alias)]
        if found := [name for item in items for name in _from_item(column.name, item)]:
            yield from found
            return
        # A subquery in an expression may use the columns around it; one in WITH or FROM may not.
        around = select.find_ancestor(exp.Select, exp.CTE, exp.From, exp.Join)
        select = around if isinstance(around, exp.Select) else None


def _from_item(name: str, item: FromItem) -> Iterator[str]:
    query = query_of(item)
    if query is not None:
        yield from _outputs(name, list(branches(query)), _alias_columns(query) or _alias_columns(item.node))
    elif isinstance(item.node, exp.Unnest):
        if name in _alias_columns(item.node):
            for array in item.node.expressions:
                yield from _values(array)
    else:
        yield name


def _outputs(name: str, selects: Sequence[exp.Select], columns: Sequence[str]) -> Iterator[str]:
    """Follow an output column in each branch of a query: by position, or by name where a branch has a star."""
    if not selects:
        return
    names = columns or [projection.alias_or_name for projection in selects[0].expressions]
    position = names.index(name) if name in names else None
    for select in selects:
        own = [projection for projection in select.expressions if projection.alias_or_name == name]
        stars = [projection for projection in select.expressions if projection.is_star]
        if own:
            yield from _values(own[0].unalias())
        elif not stars and position is not None and position < len(select.expressions):
            yield from _values(select.expressions[position].unalias())
        for star in stars if not own else ():
            for item in from_items(select):
                if not isinstance(star, exp.Column) or star.table == item.alias:
                    yield from _from_item(name, item)


def _alias_columns(node: exp.Expr) -> list[str]:
    alias = node.args.get("alias")
    return [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
