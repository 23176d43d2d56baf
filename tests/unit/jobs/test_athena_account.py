"""What a run on Athena cost, and where its answers come from."""

from datetime import date

from comprova.catalog.text import Text
from comprova.engines.athena.journal import Finished, State
from comprova.engines.athena.loads import Excluded, LoadRecord
from comprova.engines.athena.steps import defining, of_step
from comprova.jobs.athena_account import cost_of, provenance_of
from comprova.jobs.sources import AthenaSource

SOURCE = AthenaSource(
    kind="athena",
    name=Text(en="The trail", pt_BR="A trilha"),
    region="us-east-1",
    trail="s3://trail",
    start=date(2026, 1, 1),
    store="s3://store/comprova",
)
TB, MB = 10**12, 10**6


def ran(name: str, scanned: int = 0, state: State = State.SUCCEEDED) -> Finished:
    """Return an execution."""
    return Finished(name, f"id of {name}", state, scanned, 1, 1, "Athena engine version 3")


EXECUTIONS = (
    ran(of_step("load", "2026-10-01"), TB),
    ran(of_step("load", "2026-10-02"), 1),
    ran(of_step("load", "2026-10-03"), 5, State.FAILED),
    ran(defining("load", "records")),
    ran("activity", 20 * MB),
    ran(defining("activity", "activity")),
    ran("deliveries", 20 * MB),
    ran("file_records@1", MB),
    ran("cells@1", 11 * MB),
    ran("logs.b@2", 30 * MB),
    ran("identity.a@1", 30 * MB, State.CANCELLED),
    ran("identity.a@1: count", 10 * MB),
)


def test_the_cost_is_told_by_step() -> None:
    """Each statement at its least price; definitions and failures are counted and cost nothing."""
    cost = cost_of(EXECUTIONS, SOURCE, {"cells", "file_records"})
    assert [(step.step, step.statements, step.billed_bytes) for step in cost.steps] == [
        ("load", 4, TB + 10 * MB),
        ("activity", 2, 20 * MB),
        ("deliveries", 1, 20 * MB),
        ("measures", 2, 21 * MB),
        ("identity.a", 2, 40 * MB),
        ("logs.b", 1, 30 * MB),
    ]
    assert cost.engine == "Athena engine version 3"
    assert round(cost.amount, 2) == 5.0


def test_a_run_without_statements_costs_nothing() -> None:
    """All dates were loaded, and nothing was asked."""
    cost = cost_of((), SOURCE, ())
    assert (cost.engine, cost.steps, cost.amount) == ("Athena", (), 0)


def test_every_answer_can_be_found_in_the_account() -> None:
    """By the id of its execution, and the load that its records were read from; what was left out says why."""
    load = LoadRecord(
        delivery_date=date(2026, 10, 1),
        load_id="l",
        fingerprint="f",
        files=1,
        bytes=1,
        excluded=(Excluded(log_file="a.json.gz", reason="cut"),),
        rows=1,
        parquet_bytes=1,
        execution_id="e",
        bytes_scanned=1,
    )
    provenance = provenance_of(EXECUTIONS, [load], SOURCE, "base_monthly_2026_10_r1")
    assert (provenance.region, provenance.workgroup) == ("us-east-1", "comprova")
    assert provenance.database == "base_monthly_2026_10_r1"
    assert (provenance.loads[0].execution_id, provenance.loads[0].left_out) == ("e", {"a.json.gz": "cut"})
    assert [item.execution_id for item in provenance.statements] == [item.execution_id for item in EXECUTIONS]
