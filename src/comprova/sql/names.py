"""The names that stand for something at one place of a statement."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comprova.sql.types import ANY, Type


@dataclass(frozen=True, slots=True)
class Relation:
    """One table, table expression, subquery or UNNEST in a FROM.

    Attributes:
        columns: Type by name, in order.
        named_here: Whether its columns are named in the statement itself, so that `alias.*` hides nothing.
        known: False where it is refused itself, so that nothing is said about its columns.
    """

    columns: Mapping[str, Type]
    named_here: bool = True
    known: bool = True


@dataclass(frozen=True, slots=True)
class Names:
    """What names mean in one SELECT, or in a lambda within it.

    Attributes:
        relations: Relation by alias.
        variables: Type by name of the parameters of the lambdas around.
        outer: The names of the SELECT around, where they may be used (in EXISTS).
        results: Type by alias of the SELECT's own columns; only ORDER BY sees them.
    """

    relations: Mapping[str, Relation] = field(default_factory=dict)
    variables: Mapping[str, Type] = field(default_factory=dict)
    outer: "Names | None" = None
    results: Mapping[str, Type] = field(default_factory=dict)

    def with_variables(self, variables: Mapping[str, Type]) -> "Names":
        """Return the names in the body of a lambda."""
        return Names(self.relations, {**self.variables, **variables}, self.outer, self.results)

    def has(self, name: str) -> bool:
        """Tell whether a table or a column in reach bears a name."""
        here = name in self.relations or any(name in relation.columns for relation in self.relations.values())
        return here or (self.outer is not None and self.outer.has(name))

    def find(self, parts: tuple[str, ...]) -> list[tuple[Type, str]]:
        """Return what `a`, `a.b` or `a.b.c` can mean: the type, and the alias of the relation (or '')."""
        parts = tuple(part.lower() for part in parts)
        if parts[0] in self.variables:
            return _fields(self.variables[parts[0]], parts[1:], "")
        found: list[tuple[Type, str]] = []
        if len(parts) > 1 and parts[0] in self.relations:
            column = self.relations[parts[0]].columns.get(parts[1])
            found += [] if column is None else _fields(column, parts[2:], parts[0])
        for alias, relation in self.relations.items():
            if parts[0] in relation.columns:
                found += _fields(relation.columns[parts[0]], parts[1:], alias)
        if len(parts) == 1 and parts[0] in self.results:
            return [(self.results[parts[0]], "")]
        if not found and not all(relation.known for relation in self.relations.values()):
            return [(ANY, "")]
        return found or (self.outer.find(parts) if self.outer else [])

    def similar(self, parts: tuple[str, ...]) -> str:
        """Return the name that was probably meant, or ''."""
        known = [name for relation in self.relations.values() for name in relation.columns]
        if len(parts) > 1 and parts[0].lower() in self.relations:
            known = list(self.relations[parts[0].lower()].columns)
        return nearest(parts[-1], [*known, *self.variables])


def _fields(type_: Type, path: tuple[str, ...], alias: str) -> list[tuple[Type, str]]:
    current: Type | None = type_
    for name in path:
        current = current.field(name) if current is not None else None
    return [] if current is None else [(current, alias)]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "Did you mean x?" for the known name that is most like another, or ''."""
    best = difflib.get_close_matches(name.lower(), sorted(set(known)), n=1, cutoff=0.6)
    return f"Did you mean {best[0]}?" if best else ""
