"""Copies trees for those who change them.

sqlglot's own `copy` makes a deep copy of each node's `meta` and takes most of a compile. What `meta` holds here, places
in the text and types, never changes: it is shared.
"""

from typing import TypeVar

from sqlglot import exp

TreeT = TypeVar("TreeT", bound=exp.Expr)


def copy_of(tree: TreeT) -> TreeT:
    """Return a tree whose nodes can be changed without changing those of another."""
    root = type(tree)()
    pairs: list[tuple[exp.Expr, exp.Expr]] = [(tree, root)]
    while pairs:
        node, copy = pairs.pop()
        copy.meta.update(node.meta)
        for key, value in node.args.items():
            if isinstance(value, list):
                copy.args[key] = [_child(item, copy, key, place, pairs) for place, item in enumerate(value)]
            else:
                copy.args[key] = _child(value, copy, key, None, pairs)
    return root


def _child(
    value: object, parent: exp.Expr, key: str, place: int | None, pairs: list[tuple[exp.Expr, exp.Expr]]
) -> object:
    if not isinstance(value, exp.Expr):
        return value
    copy = type(value)()
    copy.parent, copy.arg_key, copy.index = parent, key, place
    pairs.append((value, copy))
    return copy
