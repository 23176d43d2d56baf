"""What Athena did for a run, and what it cost: from the executions that the run remembers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from comprova.engines.athena.journal import Finished, State
from comprova.engines.athena.loads import LoadRecord
from comprova.engines.athena.prices import ScanPrice
from comprova.engines.athena.steps import ACTIVITY, DELIVERIES, LOAD, is_definition, step_of
from comprova.evidence.cost import Cost
from comprova.evidence.provenance import LoadUsed, Provenance, StatementRun
from comprova.jobs.sources import AthenaSource

_MEASURES = "measures"
_STEPS = (LOAD, ACTIVITY, DELIVERIES, _MEASURES)
_ENGINE = "Athena"


def cost_of(executions: Sequence[Finished], source: AthenaSource, measures: Collection[str]) -> Cost:
    """Return what executions cost, step by step.

    Args:
        executions: All of a run.
        source: Says the price.
        measures: Names of the engine's own measures.
    """
    by_step: dict[str, list[Finished]] = defaultdict(list)
    for execution in executions:
        step = step_of(execution.name)
        by_step[_MEASURES if step in measures else step].append(execution)
    price = ScanPrice(source.price_per_tb, source.currency)
    order = [step for step in _STEPS if step in by_step] + sorted(by_step.keys() - set(_STEPS))
    versions = [execution.engine_version for execution in executions if execution.engine_version]
    return Cost(
        engine=versions[-1] if versions else _ENGINE,
        price_per_tb=source.price_per_tb,
        currency=source.currency,
        steps=tuple(
            price.step(
                step,
                [execution.bytes_scanned for execution in by_step[step] if _is_billed(execution)],
                unbilled=sum(1 for execution in by_step[step] if not _is_billed(execution)),
            )
            for step in order
        ),
    )


def _is_billed(execution: Finished) -> bool:
    """Tell whether it is paid for: no definition, and none that failed; one that was stopped is."""
    return execution.state is not State.FAILED and not is_definition(execution.name)


def provenance_of(
    executions: Iterable[Finished], loads: Iterable[LoadRecord], source: AthenaSource, database: str
) -> Provenance:
    """Return where the answers of a run come from."""
    return Provenance(
        region=source.region,
        workgroup=source.workgroup,
        database=database,
        loads=tuple(
            LoadUsed(
                delivery_date=load.delivery_date,
                load_id=load.load_id,
                execution_id=load.execution_id,
                fingerprint=load.fingerprint,
                left_out={item.log_file: item.reason for item in load.excluded},
            )
            for load in loads
        ),
        statements=tuple(
            StatementRun(
                name=execution.name,
                execution_id=execution.execution_id,
                state=execution.state.value,
                bytes_scanned=execution.bytes_scanned,
                milliseconds=execution.milliseconds,
                engine_version=execution.engine_version,
            )
            for execution in executions
        ),
    )
