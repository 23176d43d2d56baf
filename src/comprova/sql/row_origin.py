"""Follows a value back to the row of `activity` or `records`, and through JSON to the member that it was read from.

It reads trees of `parse_as_written`: a call is a name and its arguments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from comprova.catalog.logged_members import ELEMENT

_JSON_COLUMNS = {
    "requestparameters": "request",
    "responseelements": "response",
    "additionaleventdata": "additional",
    "serviceeventdetails": "service_details",
}
_FOLLOWED = {
    "activity": {name: name for name in ("event_source", "event_name", "event_base_name", *_JSON_COLUMNS.values())},
    "records": {"eventsource": "event_source", "eventname": "event_name", **_JSON_COLUMNS},
}
"""What is followed of a table, by column: what names an event and what holds JSON, each as `activity` calls it."""

_SAME_VALUE = frozenset({"array_distinct", "array_sort", "filter", "json_format", "json_parse", "nullif", "try"})
_ON_ELEMENTS = frozenset({"all_match", "any_match", "filter", "none_match", "transform"})
_JSON_READERS = frozenset({"json_extract", "json_extract_scalar", "json_size"})
_STEP = re.compile(r'\.(?P<key>[^.\[\]"]+)|\[(?P<index>\d+)\]|\["(?P<quoted>[^"\\]+)"\]')
_LISTED = "ARRAY"
"""Stands in a path for a list that the query itself makes of a value; `[]` takes it away again."""


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """A SELECT and its alias of what it reads from. Two SELECTs of the same text are not the same SELECT."""

    select: exp.Select
    alias: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hop) and self.select is other.select and self.alias == other.alias

    def __hash__(self) -> int:
        return hash((id(self.select), self.alias))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    Attributes:
        hops: The row, as the SELECT sees it that reads the value: its alias, that one's alias, and so on.
        column: The row's column, as `activity` calls it.
        path: The steps into the column's JSON: keys, and `[]` for an element of a list.
        is_whole: False where the value can also be a text that the query gives instead, as in coalesce(…, 'none').
    """

    hops: tuple[Hop, ...]
    column: str
    path: tuple[str, ...] = ()
    is_whole: bool = True

    def then(self, *steps: str) -> "Origin":
        """Return a value inside this one."""
        path = self.path
        for step in steps:
            path = path[:-1] if step == ELEMENT and path[-1:] == (_LISTED,) else (*path, step)
        return replace(self, path=path)

    @property
    def is_member(self) -> bool:
        """Whether it is a member of the event's JSON, and no list that the query itself has made."""
        return bool(self.path) and _LISTED not in self.path


@dataclass(frozen=True, slots=True)
class FromItem:
    """One thing that a SELECT reads from.

    Attributes:
        alias: By which the SELECT's columns name it.
        node: A table, table expression, subquery or UNNEST, as FROM names it.
        join: How it is joined, or None for the one after FROM.
    """

    alias: str
    node: exp.Expr
    join: exp.Join | None


def called(node: exp.Expr) -> str:
    """Return the name of the function that a node calls; empty where it is no call."""
    return node.name.lower() if isinstance(node, exp.Anonymous) else ""


def reads_json(node: exp.Expr) -> bool:
    """Tell whether a node reads a path from JSON."""
    return called(node) in _JSON_READERS


def trace(node: exp.Expr) -> tuple[Origin, ...]:  # noqa: PLR0911 - one return for each form
    """Return where a value comes from: one origin for each way in which it can come about.

    What cannot be followed (rows cast from JSON, maps, values put together of others) has no origin.
    """
    match node:
        case exp.Column():
            return _resolve(node.name, node.table, node.find_ancestor(exp.Select))
        case exp.Identifier():
            return _lambda_variable(node)
        case exp.Anonymous():
            return _call(called(node), node.expressions)
        case exp.Cast() | exp.Paren():
            return trace(node.this)
        case exp.Case():
            return _any_of([*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")])
        case exp.If():
            return _any_of([node.args["true"], node.args.get("false")])
        case exp.Array():
            return tuple(origin.then(_LISTED) for origin in _any_of(node.expressions))
        case exp.Bracket() if len(node.expressions) == 1:
            return _subscript(node.this, node.expressions[0])
        case _:
            return ()


def from_items(select: exp.Select) -> Iterator[FromItem]:
    """Yield what a SELECT reads from, in its order."""
    from_ = select.args.get("from_")
    if from_ is not None:
        yield FromItem(from_.this.alias_or_name, from_.this, None)
    for join in select.args.get("joins") or ():
        yield FromItem(join.this.alias_or_name, join.this, join)


def query_of(item: FromItem) -> exp.Expr | None:
    """Return the subquery or table expression that an item stands for, or None where it is a table or an UNNEST."""
    if isinstance(item.node, exp.Subquery):
        return item.node
    if not isinstance(item.node, exp.Table):
        return None
    around: list[exp.Expr] = []
    node: exp.Expr | None = item.node
    while node is not None:
        around.append(node)
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            if cte.alias == item.node.name and not any(cte is part for part in around):
                found: exp.Expr = cte
                return found
        node = node.parent
    return None


def branches(query: exp.Expr) -> Iterator[exp.Select]:
    """Yield the SELECTs of which a query consists: itself, or all branches of a union."""
    match query:
        case exp.Select():
            yield query
        case exp.SetOperation():
            yield from branches(query.left)
            yield from branches(query.right)
        case exp.Subquery() | exp.CTE():
            yield from branches(query.this)


def json_steps(path: exp.Expr) -> tuple[str, ...] | None:
    """Return the steps of a JSON path, or None where it is not written in place or not made of keys and positions."""
    if not isinstance(path, exp.Literal) or not path.name.startswith("$"):
        return None
    steps: list[str] = []
    position = 1
    while position < len(path.name):
        step = _STEP.match(path.name, position)
        if step is None:
            return None
        steps.append(step["key"] or step["quoted"] or ELEMENT)
        position = step.end()
    return tuple(steps)


def _call(name: str, arguments: Sequence[exp.Expr]) -> tuple[Origin, ...]:
    match name, arguments:
        case _, [value, path] if name in _JSON_READERS:
            steps = json_steps(path)
            return () if steps is None else tuple(origin.then(*steps) for origin in trace(value))
        case _, [value, *_] if name in _SAME_VALUE:
            return trace(value)
        case "coalesce", _:
            return _any_of(arguments)
        case "element_at", [value, key]:
            return _subscript(value, key)
        case "flatten", [lists]:
            return _elements(lists)
        case _:
            return ()


def _subscript(value: exp.Expr, key: exp.Expr) -> tuple[Origin, ...]:
    if not isinstance(key, exp.Literal):
        return ()
    return tuple(origin.then(key.name if key.is_string else ELEMENT) for origin in trace(value))


def _any_of(nodes: Sequence[exp.Expr | None]) -> tuple[Origin, ...]:
    """Return the origins of all alternatives, and none at all where one of them cannot be followed."""
    origins: list[Origin] = []
    for node in nodes:
        if node is None or _is_written_in_place(node):
            continue
        found = trace(node)
        if not found:
            return ()
        origins += found
    if any(isinstance(node, exp.Literal) for node in nodes):
        return tuple(replace(origin, is_whole=False) for origin in origins)
    return tuple(origins)


def _is_written_in_place(node: exp.Expr) -> bool:
    if isinstance(node, exp.Array):
        return all(_is_written_in_place(item) for item in node.expressions)
    return isinstance(node, exp.Null | exp.Literal | exp.Boolean)


def _lambda_variable(node: exp.Identifier) -> tuple[Origin, ...]:
    """Follow `x` of `any_match(list, x -> …)` to the elements of the list."""
    function = node.find_ancestor(exp.Lambda)
    while function is not None:
        if node.name in [variable.name for variable in function.expressions]:
            call = function.parent
            on_elements = call is not None and called(call) in _ON_ELEMENTS
            return _elements(call.expressions[0]) if call is not None and on_elements else ()
        function = function.find_ancestor(exp.Lambda)
    return ()


def _elements(array: exp.Expr) -> tuple[Origin, ...]:
    if isinstance(array, exp.Cast):
        element = array.to.expressions[0] if array.to.is_type(exp.DType.ARRAY) and array.to.expressions else None
        if element is None or element.is_type(exp.DType.STRUCT, exp.DType.MAP):
            return ()
    return tuple(origin.then(ELEMENT) for origin in trace(array))


def _resolve(name: str, table: str, inside: exp.Select | None) -> tuple[Origin, ...]:
    """Follow a column of a SELECT, or of the one around it where it is not one of its own."""
    select = inside
    while select is not None:
        for item in from_items(select):
            if table in ("", item.alias):
                found = tuple(_from_item(name, item, select))
                if found:
                    return found
        # A subquery in a condition or an expression may use the columns around it; one in WITH or FROM may not.
        around = select.find_ancestor(exp.Select, exp.CTE, exp.From, exp.Join)
        select = around if isinstance(around, exp.Select) else None
    return ()


def _from_item(name: str, item: FromItem, select: exp.Select) -> Iterator[Origin]:
    hop = Hop(select, item.alias)
    query = query_of(item)
    if query is not None:
        for origin in _outputs(name, list(branches(query)), _alias_columns(query) or _alias_columns(item.node)):
            yield replace(origin, hops=(hop, *origin.hops))
    elif isinstance(item.node, exp.Unnest):
        if _alias_columns(item.node) == [name]:
            yield from _elements(item.node.expressions[0])
    elif name in (followed := _FOLLOWED.get(item.node.name, {})):
        yield Origin((hop,), followed[name])


def _outputs(name: str, selects: Sequence[exp.Select], columns: Sequence[str]) -> Iterator[Origin]:
    """Follow an output column in each branch of a query: by position, or by name where a branch has a star."""
    if not selects:
        return
    names = columns or [projection.alias_or_name for projection in selects[0].expressions]
    position = names.index(name) if name in names else None
    for select in selects:
        stars = [projection for projection in select.expressions if projection.is_star]
        if not stars:
            if position is not None and position < len(select.expressions):
                yield from trace(select.expressions[position].unalias())
            continue
        own = [projection for projection in select.expressions if projection.alias_or_name == name]
        if own:
            yield from trace(own[0].unalias())
            continue
        for star in stars:
            yield from _resolve(name, star.table if isinstance(star, exp.Column) else "", select)


def _alias_columns(node: exp.Expr) -> list[str]:
    alias = node.args.get("alias")
    return [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
