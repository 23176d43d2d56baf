"""The engine's own measures of the logs of a run, compiled and asked."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from comprova.catalog.column_types import PlainColumn
from comprova.catalog.parameters import Bindings
from comprova.collect.measured import Ask, Row, measure_sql
from comprova.engines.interface import Engine
from comprova.jobs.preparation import Prepared
from comprova.sql.compile import compile_measure
from comprova.sql.statement import Scope, Statement


def compiled_measures(prepared: Prepared, names: Iterable[str]) -> dict[str, Statement]:
    """Compile measures, by name."""
    # Measures count everything that was read: what lies outside the job's scope is a fact worth knowing.
    scope = Scope(prepared.period)
    bindings = Bindings(MappingProxyType({"history_start": prepared.history_start}), frozenset())
    return {name: compile_measure(name, measure_sql(name), bindings, scope) for name in names}


def asked_of(engine: Engine, statements: dict[str, Statement]) -> Ask:
    """Return what asks an engine one of these measures by name."""

    def ask(name: str, columns: Sequence[PlainColumn]) -> list[Row]:
        answer = engine.run(statements[name], columns)
        return [row for batch in answer.batches for row in batch.to_pylist()]

    return ask
