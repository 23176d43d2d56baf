"""Writes conditions on lists of constants out, one comparison for each element, as DuckDB answers them fastest.

A job's lists (roles, networks, buckets) are known when a statement is compiled. DuckDB would walk such a list for each
row, and make a pattern from each element anew.
"""

from sqlglot import exp

from comprova.sql.activity_reads import is_plain, is_text
from comprova.sql.copying import copy_of

_MOST_ELEMENTS = 64
_MOST_NODES = 4096
"""What would grow beyond stays a list: a statement must not grow without bound with a job's parameters."""


def is_constant_list(node: exp.Expr) -> bool:
    """Tell whether a node is a list written in place, with at least one element and no NULL."""
    elements = _elements(node)
    return bool(elements) and all(map(_is_constant, elements))


def elements_of(node: exp.Expr) -> list[exp.Expr]:
    """Return copies of the elements of a constant list."""
    return [copy_of(element) for element in _elements(node)]


def conditions_of(array: exp.Expr, condition: exp.Expr) -> list[exp.Expr] | None:
    """Return what a condition says of each element of a constant list, or None where it is better left to a lambda.

    Args:
        array: The list.
        condition: A lambda of one parameter, in DuckDB's terms already.
    """
    if not (isinstance(condition, exp.Lambda) and is_constant_list(array)):
        return None
    elements, name = elements_of(array), condition.expressions[0].name
    nodes = list(condition.this.walk())
    if len(elements) > _MOST_ELEMENTS or len(elements) * len(nodes) > _MOST_NODES:
        return None
    if any(isinstance(node, exp.Lambda) and node.expressions[0].name.lower() == name.lower() for node in nodes):
        return None  # within it the name means something else
    if any(isinstance(node, exp.Identifier) and _is_respelled(node.name, name) for node in nodes):
        return None  # the parser takes a name in other letters for that of a column
    fields = _fields(array)
    return [exp.Paren(this=_said_of(element, fields, name, condition.this)) for element in elements]


def _is_respelled(written: str, name: str) -> bool:
    return written != name and written.lower() == name.lower()


def _elements(node: exp.Expr) -> list[exp.Expr]:
    array = node.this if isinstance(node, exp.Cast) else node
    return list(array.expressions) if isinstance(array, exp.Array) else []


def _fields(node: exp.Expr) -> list[str]:
    """Return the names of the fields of a list's elements, where these are rows."""
    kind = node.args["to"].expressions[0] if isinstance(node, exp.Cast) else None
    return [field.name.lower() for field in kind.expressions] if kind is not None else []


def _is_constant(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous) and node.name == "ROW":
        return all(map(_is_constant, node.expressions))
    while isinstance(node, exp.Cast | exp.Neg):
        node = node.this
    return isinstance(node, exp.Literal | exp.Boolean)


def _said_of(element: exp.Expr, fields: list[str], name: str, condition: exp.Expr) -> exp.Expr:
    """Put an element where a condition names it, and make the text that then is constant."""
    said = exp.Paren(this=copy_of(condition))  # a root, so that the whole condition can be replaced
    for node in reversed(list(said.walk())):
        new: exp.Expr | None = None
        if isinstance(node, exp.Dot) and fields and _is_named(node.this, name):
            new = element.expressions[fields.index(node.expression.name.lower())].copy()
        elif _is_named(node, name) and not (fields and isinstance(node.parent, exp.Dot)):
            new = copy_of(element)
        elif isinstance(node, exp.Anonymous) and node.name == "athena_replace":
            new = _replaced(node)
        elif isinstance(node, exp.Escape | exp.Like) and not isinstance(node.parent, exp.Escape):
            new = _compared(node)
        if new is not None:
            node.replace(new)
    return said.unnest()


def _is_named(node: exp.Expr, name: str) -> bool:
    if not isinstance(node, exp.Identifier) or node.name != name:
        return False
    if isinstance(node.parent, exp.Dot):
        return node.arg_key == "this"
    return not isinstance(node.parent, exp.Column | exp.ColumnDef)  # of which it is a part of the name, or of the type


def _replaced(node: exp.Anonymous) -> exp.Expr | None:
    if not all(is_text(argument) for argument in node.expressions):
        return None
    text, search, *replacement = (argument.name for argument in node.expressions)
    return exp.Literal.string(text.replace(search, *(replacement or [""]))) if search else None


def _compared(node: exp.Escape | exp.Like) -> exp.Expr | None:
    """Write LIKE as what it asks, where its pattern is constant and has no wildcard but % at its ends."""
    like = node.this if isinstance(node, exp.Escape) else node
    escape = node.expression if isinstance(node, exp.Escape) else exp.Literal.string("")
    if not (isinstance(like, exp.Like) and is_plain(like) and is_text(like.expression) and is_text(escape)):
        return None
    match _between_wildcards(like.expression.name, escape.name):
        case [whole]:
            return exp.EQ(this=like.this, expression=exp.Literal.string(whole))
        case [start, ""]:
            return _call("starts_with", like.this, start)
        case ["", end]:
            return _call("ends_with", like.this, end)
        case ["", middle, ""]:
            return _call("contains", like.this, middle)
        case _:
            return None


def _call(name: str, value: exp.Expr, text: str) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[value, exp.Literal.string(text)])


def _between_wildcards(pattern: str, escape: str) -> list[str] | None:
    """Return the texts before, between and after the % of a pattern; None where it has another wildcard."""
    parts, chars = [""], iter(pattern)
    for char in chars:
        if escape and char == escape:
            following = next(chars, None)
            if following is None or following not in ("%", "_", escape):
                return None  # the engine refuses it, and says so
            parts[-1] += following
        elif char == "%":
            parts.append("")
        elif char == "_":
            return None
        else:
            parts[-1] += char
    return parts
