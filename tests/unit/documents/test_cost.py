"""A document says what its run cost, where the engine bills."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.render import Rendered, render
from comprova.evidence.cost import Cost, CostStep
from comprova.evidence.reader import Evidence, open_evidence
from evidence_factory import FRAMEWORK, make_evidence
from languages import ENGLISH, LANGUAGES, PORTUGUESE

COST = Cost(
    engine="Athena engine version 3",
    price_per_tb=5.0,
    currency="USD",
    steps=(
        CostStep(step="load", statements=33, bytes_scanned=3 * 2**40, billed_bytes=3_298_535_000_000, amount=16.4927),
        CostStep(step="identity.root_use", statements=1, bytes_scanned=0, billed_bytes=10_000_000, amount=0.00005),
    ),
)
SAID = {
    ENGLISH: "34 statements scanned 3 TiB (Athena engine version 3): USD 16.4928 at USD 5.00 per TB",
    PORTUGUESE: "34 comandos varreram 3 TiB (Athena engine version 3): USD 16,4928, a USD 5,00 por TB",
}
NOT_COUNTED = {ENGLISH: "not counted", PORTUGUESE: "não contado"}


def _page(document: Rendered) -> str:
    assert document.html is not None
    return document.html.decode()


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give evidence of an engine that bills."""
    return open_evidence(make_evidence(tmp_path_factory.mktemp("run") / "evidence", COST).root)


def test_a_cost_is_the_sum_of_its_steps(billed: Evidence) -> None:
    """What was written is read again, and adds up."""
    assert billed.cost == COST
    assert (COST.statements, COST.bytes_scanned, COST.billed_bytes) == (34, 3 * 2**40, 3_298_545_000_000)
    assert COST.amount == pytest.approx(16.49275)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cost_stands_in_the_scope(
    billed: Evidence, monthly: ReportDefinition, templates: Path, language: Language
) -> None:
    """Engine, statements, bytes, amount and price are said in words; and what that engine cannot count is not zero."""
    on_screen = monthly.model_copy(update={"formats": (Format.HTML,)})
    page = _page(render(billed, FRAMEWORK, language, on_screen, templates, None))
    assert SAID[language] in page
    assert page.count(NOT_COUNTED[language]) == 2
    assert "cost.json" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_embedded_engine_costs_nothing_to_say(rendered: Mapping[Language, Rendered], language: Language) -> None:
    """Without a bill there is no word of one."""
    page = _page(rendered[language])
    assert "USD" not in page
    assert "cost.json" not in page
