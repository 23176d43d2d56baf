"""Compares the columns of an answer with the declared ones."""

from collections.abc import Collection, Mapping, Sequence

from comprova.catalog.column_types import ColumnType, TypedColumn
from comprova.errors import EngineError, Problem


def check_columns(
    where: str,
    found: Sequence[tuple[str, str]],
    declared: Sequence[TypedColumn],
    accepted: Mapping[ColumnType, Collection[str]],
) -> None:
    """Compare names, order and types.

    Args:
        where: Name of the statement, for messages.
        found: Name and type of each column, as the engine names types.
        declared: What they must be.
        accepted: The engine's types of what a declared type may arrive as.

    Raises:
        EngineError: With every column that is not as declared.
    """
    if [name for name, _ in found] != [column.name for column in declared]:
        expected = ", ".join(column.name for column in declared)
        raise EngineError(Problem(where, f"the columns {expected}", ", ".join(name for name, _ in found)))
    problems = [
        Problem(f"{where}: {name}", column.type.value, kind, "Write CAST(... AS the declared type).")
        for (name, kind), column in zip(found, declared, strict=True)
        if kind not in accepted[column.type]
    ]
    if problems:
        raise EngineError(problems)
