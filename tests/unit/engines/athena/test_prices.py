"""What is billed, and what is foretold of it."""

import pytest

from comprova.engines.athena.foretelling import RECORDS_OF_RAW, STEPS, DateBytes, foretold
from comprova.engines.athena.prices import Requests, ScanPrice, billed_bytes

PRICE = ScanPrice(5.0, "USD")
GB = 10**9


@pytest.mark.parametrize(
    ("scanned", "billed"),
    [(0, 10_000_000), (1, 10_000_000), (10_000_000, 10_000_000), (10_000_001, 11_000_000), (GB, GB)],
)
def test_a_statement_is_billed_by_the_megabyte(scanned: int, billed: int) -> None:
    """Rounded up, and ten of them at least."""
    assert billed_bytes(scanned) == billed


def test_a_step_costs_what_its_statements_do() -> None:
    """Each by itself; definitions and failed ones are counted and cost nothing."""
    step = PRICE.step("load", [1, 10**12], unbilled=3)
    assert (step.statements, step.bytes_scanned, step.billed_bytes) == (5, 10**12 + 1, 10**12 + 10**7)
    assert step.amount == pytest.approx(5.00005)
    assert PRICE.step("load", []).amount == 0


def test_requests_have_a_price() -> None:
    """A million of each."""
    assert Requests(1_000_000, 1_000_000).usd == pytest.approx(5.4)


def test_loading_is_foretold_exactly() -> None:
    """Every byte of the log files that are not loaded is read once, and of those that are none."""
    load, *others = foretold([DateBytes(GB, None), DateBytes(2 * GB, GB)], 7, ["a.b", "a.c"], PRICE)
    assert (load.step, load.statements, load.bytes_scanned) == ("load", 1, GB)
    assert [step.step for step in others] == [*STEPS[1:], "a.b", "a.c"]
    assert [step.statements for step in others] == [1, 1, 7, 1, 1]


def test_what_is_loaded_is_known() -> None:
    """Records that are there count as large as they are, others as large as they will be."""
    loaded, unloaded = DateBytes(GB, 123), DateBytes(GB, None)
    assert (loaded.records, unloaded.records) == (123, round(GB * RECORDS_OF_RAW))
    more, less = (sum(step.bytes_scanned for step in foretold([one], 7, ["a.b"], PRICE)) for one in (unloaded, loaded))
    assert more > GB > less


def test_no_logs_cost_nothing() -> None:
    """There is nothing to ask."""
    assert foretold([], 7, ["a.b"], PRICE) == ()
