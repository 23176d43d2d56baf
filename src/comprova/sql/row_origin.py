"""Follows a column of a query back to the row of `activity`, and through JSON to the member that it was read from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from comprova.catalog.logged_members import ELEMENT

FOLLOWED = frozenset(
    {"event_source", "event_name", "event_base_name", "request", "response", "additional", "service_details"}
)
"""The columns of `activity` that are followed: those that name an event, and those that hold JSON."""

_LISTED = "ARRAY"
"""Stands in a path for a list that the query itself makes of a value; `[]` takes it away again."""

_SAME_VALUE = exp.Cast | exp.Paren | exp.ParseJSON | exp.JSONFormat | exp.Nullif | exp.Try | exp.ArrayFilter
_ELEMENT_CALLS = exp.ArrayFilter | exp.Transform
_ELEMENT_FUNCTIONS = frozenset({"any_match", "all_match", "none_match"})
_JSON_PATH_FUNCTIONS = frozenset({"json_size"})


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing that a SELECT reads from.

    Attributes:
        alias: By which the SELECT's columns name it.
        node: A table, common table expression, subquery or UNNEST, as the SELECT names it.
        join: How it is joined, or None for the one after FROM.
    """

    alias: str
    node: exp.Expr
    join: exp.Join | None


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
        hops: The row of `activity`, as the SELECT sees it that reads the value: its alias, that one's alias, and so on.
        column: The column of `activity`.
        path: The steps into the column's JSON: keys, and `[]` for an element of a list.
    """

    hops: tuple[Hop, ...]
    column: str
    path: tuple[str, ...] = ()

    def then(self, *steps: str) -> "Origin":
        """Return a value inside this one."""
        path = self.path
        for step in steps:
            path = path[:-1] if step == ELEMENT and path[-1:] == (_LISTED,) else (*path, step)
        return Origin(self.hops, self.column, path)

    @property
    def readable(self) -> bool:
        """Whether the path leads to a member, and not to a list that the query itself has made."""
        return _LISTED not in self.path


def trace(node: exp.Expr) -> tuple[Origin, ...]:
    """Return where a value comes from: one origin for each way in which it can come about.

    What cannot be followed (rows cast from JSON, maps, values put together of others) has no origin.
    """
    match node:
        case exp.Column():
            return _resolve(node.name, node.table, enclosing_select(node))
        case exp.Identifier():
            return _lambda_variable(node)
        case exp.JSONExtract() | exp.JSONExtractScalar():
            return _beneath(node.this, json_steps(node.expression))
        case exp.Anonymous() if node.name.lower() in _JSON_PATH_FUNCTIONS and len(node.expressions) > 1:
            return _beneath(node.expressions[0], json_steps(node.expressions[1]))
        case exp.Coalesce():
            return _any_of([node.this, *node.expressions])
        case exp.Case():
            return _any_of([*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")])
        case exp.If():
            return _any_of([node.args["true"], node.args.get("false")])
        case exp.Array():
            return tuple(origin.then(_LISTED) for origin in _any_of(node.expressions))
        case exp.Flatten():
            return _elements(node.this)
        case exp.Bracket() if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Literal):
            key = node.expressions[0]
            return _beneath(node.this, (key.name if key.is_string else ELEMENT,))
        case _ if isinstance(node, _SAME_VALUE):
            return trace(node.this)
        case _:
            return ()


def json_steps(path: exp.Expr) -> tuple[str, ...] | None:
    """Return the steps of a JSON path, or None where it is no literal or has steps other than keys and positions."""
    if not isinstance(path, exp.JSONPath):
        return None
    steps: list[str] = []
    for part in path.expressions:
        match part:
            case exp.JSONPathRoot():
                continue
            case exp.JSONPathKey() if isinstance(part.this, str):
                steps.append(part.this)
            case exp.JSONPathSubscript() if isinstance(part.this, str | int):
                steps.append(part.this if isinstance(part.this, str) else ELEMENT)
            case _:
                return None
    return tuple(steps)


def enclosing_select(node: exp.Expr) -> exp.Select | None:
    """Return the SELECT that a part of a query stands in."""
    return node.find_ancestor(exp.Select)


def relations(select: exp.Select) -> Iterator[Relation]:
    """Yield what a SELECT reads from, in its order."""
    from_ = select.args.get("from_")
    if from_ is not None:
        yield Relation(from_.this.alias_or_name, from_.this, None)
    for join in select.args.get("joins") or ():
        yield Relation(join.this.alias_or_name, join.this, join)


def read_query(relation: Relation) -> exp.Expr | None:
    """Return the query that a relation stands for, or None where it is a table or an UNNEST."""
    if isinstance(relation.node, exp.Subquery):
        return relation.node.this
    if not isinstance(relation.node, exp.Table):
        return None
    node: exp.Expr | None = relation.node.parent
    inside: list[exp.Expr] = []
    while node is not None:
        inside.append(node)
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            if cte.alias == relation.node.name and not any(cte is part for part in inside):
                query: exp.Expr = cte
                return query
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


def _beneath(value: exp.Expr, steps: Sequence[str] | None) -> tuple[Origin, ...]:
    return () if steps is None else tuple(origin.then(*steps) for origin in trace(value))


def _any_of(nodes: Sequence[exp.Expr | None]) -> tuple[Origin, ...]:
    """Return the origins of all alternatives, and none at all where one of them cannot be followed."""
    origins: list[Origin] = []
    for node in nodes:
        if node is None or isinstance(node, exp.Null | exp.Literal | exp.Boolean) or _is_empty_list(node):
            continue
        found = trace(node)
        if not found:
            return ()
        origins += found
    return tuple(origins)


def _is_empty_list(node: exp.Expr) -> bool:
    return isinstance(node, exp.Array) and all(_is_empty_list(item) for item in node.expressions)


def _lambda_variable(node: exp.Identifier) -> tuple[Origin, ...]:
    """Follow `x` of `any_match(list, x -> …)` to the elements of the list."""
    parent = node.find_ancestor(exp.Lambda)
    while parent is not None:
        if node.name in [variable.name for variable in parent.expressions]:
            call = parent.parent
            if isinstance(call, _ELEMENT_CALLS):
                return _elements(call.this)
            if isinstance(call, exp.Anonymous) and call.name.lower() in _ELEMENT_FUNCTIONS:
                return _elements(call.expressions[0])
            return ()
        parent = parent.find_ancestor(exp.Lambda)
    return ()


def _elements(array: exp.Expr) -> tuple[Origin, ...]:
    if isinstance(array, exp.Cast):
        element = array.to.expressions[0] if array.to.is_type(exp.DType.ARRAY) and array.to.expressions else None
        if element is None or element.is_type(exp.DType.STRUCT, exp.DType.MAP):
            return ()
    return tuple(origin.then(ELEMENT) for origin in trace(array))


def _resolve(name: str, table: str, inside: exp.Select | None) -> tuple[Origin, ...]:
    """Follow a column of a SELECT, or of one around it where it is not one of its own."""
    select = inside
    while select is not None:
        for relation in relations(select):
            if table in ("", relation.alias):
                found = tuple(_from_relation(name, relation, select))
                if found:
                    return found
        select = _correlated_with(select)
    return ()


def _correlated_with(select: exp.Select) -> exp.Select | None:
    """Return the SELECT whose columns a subquery of a condition or an expression may use; one in WITH or FROM has none."""
    node = select.find_ancestor(exp.Select, exp.CTE, exp.From, exp.Join)
    return node if isinstance(node, exp.Select) else None


def _from_relation(name: str, relation: Relation, select: exp.Select) -> Iterator[Origin]:
    hop = Hop(select, relation.alias)
    query = read_query(relation)
    if query is not None:
        columns = _alias_columns(query) or _alias_columns(relation.node)
        for origin in _outputs(name, list(branches(query)), columns):
            yield Origin((hop, *origin.hops), origin.column, origin.path)
    elif isinstance(relation.node, exp.Unnest):
        if _alias_columns(relation.node) == [name]:
            yield from _elements(relation.node.expressions[0])
    elif isinstance(relation.node, exp.Table) and relation.node.name == "activity" and name in FOLLOWED:
        yield Origin((hop,), name)


def _outputs(name: str, selects: Sequence[exp.Select], columns: Sequence[str]) -> Iterator[Origin]:
    """Follow an output column of a query in each of its branches: by position, or by name where a branch has a star."""
    names = columns or [projection.alias_or_name for projection in selects[0].expressions]
    position = names.index(name) if name in names else None
    for select in selects:
        starred = [projection for projection in select.expressions if projection.is_star]
        if position is not None and position < len(select.expressions) and not starred:
            yield from trace(select.expressions[position].unalias())
            continue
        own = [projection for projection in select.expressions if projection.alias_or_name == name]
        if own:
            yield from trace(own[0].unalias())
            continue
        for projection in starred:
            table = projection.table if isinstance(projection, exp.Column) else ""
            yield from _resolve(name, table, select)


def _alias_columns(node: exp.Expr) -> list[str]:
    alias = node.args.get("alias")
    return [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
