"""Which events a row can be where a part of a query is worked out, told from the comparisons around it.

A condition is read as a union of cases; a case holds the event sources and event names that it allows. What compares
something else allows everything, so the cases are never fewer than the events that truly match.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from comprova.catalog.known_names import base_name
from comprova.sql.row_origin import Hop, branches, called, from_items, query_of, trace

_EVENT_COLUMNS = frozenset({"event_source", "event_name", "event_base_name"})
_MOST_CASES = 1000
_PAIR = 2


@dataclass(frozen=True, slots=True)
class EventCase:
    """Events that a condition allows.

    Attributes:
        sources: Their event sources; None for any.
        names: Their base names; None for any.
    """

    sources: frozenset[str] | None = None
    names: frozenset[str] | None = None


Cases = frozenset[EventCase]
ANYTHING: Cases = frozenset({EventCase()})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One column, or two side by side, compared with literals.

    Attributes:
        columns: The columns.
        rows: What they may be: one text for each column.
        literals: Where each row stands.
    """

    columns: tuple[exp.Column, ...]
    rows: tuple[tuple[str, ...], ...]
    literals: tuple[exp.Expr, ...]


def comparison(node: exp.Expr) -> Comparison | None:
    """Read a comparison with literals.

    Read are `=`, `<>`, IN, contains(ARRAY[…], …) and the WHEN of a CASE over a column; on their other side a column,
    `(event_source, event_name)` or `concat(event_source, ':', event_name)`.
    """
    match node:
        case exp.EQ() | exp.NEQ() | exp.NullSafeEQ() | exp.NullSafeNEQ():
            return _compared(node.left, [node.right]) or _compared(node.right, [node.left])
        case exp.In():
            return _compared(node.this, node.expressions)
        case exp.Anonymous(expressions=[exp.Array() as texts, column]) if called(node) == "contains":
            return _compared(column, texts.expressions)
        case exp.If() if isinstance(node.parent, exp.Case) and node.parent.this is not None:
            return _compared(node.parent.this, [node.this])
        case _:
            return None


class EventCases:
    """Tells of one query which events a row can be at each of its places."""

    def __init__(self, tree: exp.Query) -> None:
        self._readers: dict[int, list[tuple[exp.Select, str]]] = {}
        self._of_readers: dict[tuple[Hop, ...], Cases] = {}
        for select in tree.find_all(exp.Select):
            for item in from_items(select):
                for branch in branches(query_of(item) or item.node):
                    self._readers.setdefault(id(branch), []).append((select, item.alias))

    def at(self, node: exp.Expr, hops: tuple[Hop, ...]) -> Cases:
        """Return the events that a row can be where a part of the query is worked out.

        Args:
            node: The part.
            hops: The row of `activity`, as the SELECT of `node` or one around it sees it.
        """
        cases = _and(_around(node, hops), self._from_readers(hops))
        for position in range(1, len(hops)):
            cases = _and(cases, _of_select(hops[position].select, hops[position:]))
        return cases

    def _from_readers(self, hops: tuple[Hop, ...]) -> Cases:
        """Read the conditions of the SELECTs that read the rows on; where none does, all rows come out."""
        if hops not in self._of_readers:
            cases: set[EventCase] = set()
            for select, alias in self._readers.get(id(hops[0].select), ()):
                onward = (Hop(select, alias), *hops)
                cases |= _and(_of_select(select, onward), self._from_readers(onward))
            self._of_readers[hops] = _limited(frozenset(cases)) if cases else ANYTHING
        return self._of_readers[hops]


def _compared(side: exp.Expr, others: Sequence[exp.Expr]) -> Comparison | None:
    columns, separator = _columns(side)
    rows = [_texts(other, separator) for other in others]
    if not columns or not rows or any(len(row) != len(columns) for row in rows):
        return None
    return Comparison(tuple(columns), tuple(rows), tuple(others))


def _columns(side: exp.Expr) -> tuple[list[exp.Column], str]:
    """Return the columns of a side, and the text between two that are put together."""
    match side:
        case exp.Column():
            return [side], ""
        case exp.Tuple():
            parts, separator = side.expressions, ""
        case exp.Anonymous() if called(side) == "concat":
            parts, separator = _without_separator(side.expressions)
        case exp.DPipe():
            parts, separator = _without_separator(list(side.flatten()))
        case _:
            return [], ""
    columns = [part for part in parts if isinstance(part, exp.Column)]
    return (columns, separator) if len(columns) == len(parts) == _PAIR else ([], "")


def _without_separator(parts: list[exp.Expr]) -> tuple[list[exp.Expr], str]:
    match parts:
        case [first, exp.Literal() as separator, second] if separator.is_string and separator.name:
            return [first, second], separator.name
        case _:
            return [], ""


def _texts(other: exp.Expr, separator: str) -> tuple[str, ...]:
    literals = other.expressions if isinstance(other, exp.Tuple) else [other]
    texts = tuple(literal.name for literal in literals if isinstance(literal, exp.Literal) and literal.is_string)
    return tuple(texts[0].split(separator)) if separator and len(texts) == 1 else texts


def _around(node: exp.Expr, hops: tuple[Hop, ...]) -> Cases:
    """Read the conditions around a node, up to and with those of the SELECT that reads its row."""
    cases = ANYTHING
    child, parent = node, node.parent
    while parent is not None:
        match parent:
            case exp.And():
                cases = _and(cases, _of(parent.right if child is parent.left else parent.left, hops))
            case exp.If() if child is parent.args["true"]:
                simple = isinstance(parent.parent, exp.Case) and parent.parent.this is not None
                cases = _and(cases, _of(parent if simple else parent.this, hops))
            case exp.Filter() if child is parent.this:
                cases = _and(cases, _of(parent.expression.this, hops))
            case exp.Select():
                # Of its own WHERE, the parts beside the node were read on the way; an OR's other side does not bind it.
                inside_where = child is parent.args.get("where")
                cases = _and(cases, _of_joins(parent, hops) if inside_where else _of_select(parent, hops))
                if parent is hops[0].select:
                    return cases
        child, parent = parent, parent.parent
    return cases


def _of_select(select: exp.Select, hops: tuple[Hop, ...]) -> Cases:
    where = select.args.get("where")
    joins = _of_joins(select, hops)
    return _and(joins, _of(where.this, hops)) if where is not None else joins


def _of_joins(select: exp.Select, hops: tuple[Hop, ...]) -> Cases:
    """Read the conditions of joins that hold for the row: of inner joins, and of a LEFT JOIN for its right side."""
    cases = ANYTHING
    for item in from_items(select):
        condition = item.join.args.get("on") if item.join is not None else None
        side = item.join.side if item.join is not None else ""
        if condition is not None and (side == "" or (side == "LEFT" and hops[0] == Hop(select, item.alias))):
            cases = _and(cases, _of(condition, hops))
    return cases


def _of(condition: exp.Expr, hops: tuple[Hop, ...]) -> Cases:
    """Read a condition as cases of one row."""
    match condition:
        case exp.Paren():
            return _of(condition.this, hops)
        case exp.And():
            return _and(_of(condition.left, hops), _of(condition.right, hops))
        case exp.Or():
            return _limited(_of(condition.left, hops) | _of(condition.right, hops))
        case exp.NEQ() | exp.NullSafeNEQ():
            return ANYTHING
    compared = comparison(condition)
    return _of_comparison(compared, hops) if compared is not None else ANYTHING


def _of_comparison(compared: Comparison, hops: tuple[Hop, ...]) -> Cases:
    columns = [_event_column(column, hops) for column in compared.columns]
    match columns:
        case ["event_source"]:
            return frozenset({EventCase(sources=frozenset(row[0] for row in compared.rows))})
        case ["event_name" | "event_base_name"]:
            return frozenset({EventCase(names=frozenset(base_name(row[0]) for row in compared.rows))})
        case ["event_source", "event_name" | "event_base_name"]:
            return _limited(frozenset(_pair(source, name) for source, name in compared.rows))
        case ["event_name" | "event_base_name", "event_source"]:
            return _limited(frozenset(_pair(source, name) for name, source in compared.rows))
        case _:
            return ANYTHING


def _pair(source: str, name: str) -> EventCase:
    return EventCase(frozenset({source}), frozenset({base_name(name)}))


def _event_column(column: exp.Column, hops: tuple[Hop, ...]) -> str:
    """Return which column of the row it is that names the event; empty where it is none, or of another row."""
    for origin in trace(column):
        if origin.hops == hops and origin.is_whole and origin.column in _EVENT_COLUMNS:
            return origin.column
    return ""


def _and(left: Cases, right: Cases) -> Cases:
    both = (_both(one, other) for one in left for other in right)
    return _limited(frozenset(case for case in both if case is not None))


def _limited(cases: Cases) -> Cases:
    """Allow everything rather than work through very many cases."""
    return cases if len(cases) <= _MOST_CASES else ANYTHING


def _both(left: EventCase, right: EventCase) -> EventCase | None:
    sources, names = _common(left.sources, right.sources), _common(left.names, right.names)
    return None if sources == frozenset() or names == frozenset() else EventCase(sources, names)


def _common(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right
