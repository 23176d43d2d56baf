"""The PDF keeps its shape: one or fifty accounts, one month or thirteen, no finding of a question or five thousand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from comprova.catalog.query import Kind, Severity
from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.definition import Format, ReportDefinition, Section, read_report
from comprova.documents.render import render
from comprova.evidence.model import Cell
from comprova.evidence.outcomes import Outcome
from comprova.evidence.reader import Evidence, open_evidence
from comprova.evidence.trend import Trend
from evidence_factory import ACCOUNTS, FRAMEWORK, QUERIES, Sample, make_evidence
from languages import ENGLISH, LANGUAGES
from layout_checks import kept_layouts, overflows

_LONG = f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/sa-east-1/AWSReservedSSO_{'Administrators' * 6}"
_FINDINGS = {"one": 1, "two_hundred": 200, "five_thousand": 5000}
_MANY = {
    f"trail.{name}": Sample(
        Kind.EXCEPTION,
        Severity.CRITICAL,
        Outcome.EXCEPTIONS,
        (),
        tuple(_LONG if not number else f"event {name} {number}" for number in range(count)),
    )
    for name, count in _FINDINGS.items()
}
_OTHERS = {
    f"trail.other_{number}": Sample(Kind.EXCEPTION, Severity.HIGH, Outcome.EXCEPTIONS, (), ("ConsoleLogin",))
    for number in range(7)
}


@dataclass(frozen=True, slots=True)
class _Paper:
    """The pages of a PDF as text, on which of them each heading stands, counted from 1, and what overflows."""

    texts: tuple[str, ...]
    headings: Mapping[str, int]
    overflowing: tuple[str, ...]

    def part(self, start: str, end: str) -> list[str]:
        """Return the pages from one heading to the one before another."""
        return list(self.texts[self.headings[start] - 1 : self.headings[end] - 1])


@pytest.fixture(scope="module")
def definition() -> ReportDefinition:
    """Give the monthly report as it is shipped, on paper only."""
    path = builtin_root().folder("reports") / "monthly.toml"
    read = read_report(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(read, ReportDefinition), read
    return read.model_copy(update={"formats": (Format.PDF,)})


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give evidence of fifty accounts and thirteen months, with up to five thousand findings of a question."""
    root = tmp_path_factory.mktemp("large") / "evidence"
    evidence = open_evidence(make_evidence(root, queries={**QUERIES, **_MANY, **_OTHERS}).root)
    cells = tuple(_of_account(cell, number) for number in range(50) for cell in _cells_like(evidence, number))
    points = evidence.trend.points
    months = tuple(points[0].model_copy(update={"period": f"2025-{month:02}"}) for month in range(2, 13))
    return replace(
        evidence,
        assurance=evidence.assurance.model_copy(update={"cells": cells}),
        assessment=evidence.assessment.model_copy(
            update={
                "scope": evidence.assessment.scope.model_copy(
                    update={"accounts": tuple(f"{number:012}" for number in range(50))}
                )
            }
        ),
        trend=Trend(points=(*months, *points[1:])),
    )


def _cells_like(evidence: Evidence, number: int) -> Iterable[Cell]:
    return [cell for cell in evidence.assurance.cells if cell.account == ACCOUNTS[number % len(ACCOUNTS)]]


def _of_account(cell: Cell, number: int) -> Cell:
    return cell.model_copy(update={"account": f"{number:012}"})


def _laid_out(evidence: Evidence, language: Language, definition: ReportDefinition, templates: Path) -> _Paper:
    with kept_layouts(pytest.MonkeyPatch()) as layouts:
        made = render(evidence, FRAMEWORK, language, definition, templates, None)
    reader = PdfReader(BytesIO(made.pdf or b""))
    headings = {title: page + 1 for title, page in _headings(reader, reader.outline)}
    return _Paper(tuple(page.extract_text() for page in reader.pages), headings, tuple(overflows(layouts[0])))


def _headings(reader: PdfReader, outline: Iterable[object]) -> Iterator[tuple[str, int]]:
    for item in outline:
        if isinstance(item, list):
            yield from _headings(reader, item)
        else:
            yield str(item["/Title"]), reader.get_destination_page_number(item) or 0  # type: ignore[index,arg-type]


@pytest.fixture(scope="module")
def paper(large: Evidence, definition: ReportDefinition, templates: Path) -> _Paper:
    """Give the large report in English."""
    return _laid_out(large, ENGLISH, definition, templates)


def test_every_cap_is_told_with_its_number(paper: _Paper) -> None:
    """Of five thousand rows two hundred are shown, of two hundred all; of none it is said that there are none."""
    text = " ".join(" ".join(paper.texts).split())
    assert "The first 200 of 5,000 rows" in text
    assert "All 200 rows of the result" in text
    assert "event two_hundred 199" in text
    assert "event five_thousand 199" in text
    assert "event five_thousand 200" not in text
    assert "5,000 findings" in text
    titles = [title for title in paper.headings if title.endswith("Title of no_use")]
    page = paper.texts[paper.headings[titles[-1]] - 1]
    assert "No exceptions" in page


def test_the_summary_is_one_page_and_names_real_pages(paper: _Paper) -> None:
    """What has no room on the one page follows on the next, and the pages named are those where the questions stand."""
    [page] = paper.part("Summary", "What needs attention")
    rows = re.findall(r"(Q\d+) (Title of \w+)\s+[\d,—]+\s+\w+\s+(\d+)", page)
    assert len(rows) >= 8
    assert all(paper.headings[f"{number} {title}"] == int(seen) for number, title, seen in rows)
    beyond = re.search(r"and (\d+) more, page (\d+)", page)
    assert beyond is not None
    assert int(beyond[2]) == paper.headings["What needs attention"]
    everything = "".join(paper.part("What needs attention", "What changed since revision r1"))
    assert everything.count("Title of ") == len(rows) + int(beyond[1])


def test_fifty_accounts_and_thirteen_months_stand_on_it_too(paper: _Paper) -> None:
    """Places with the same days share a strip; months have bars; the cover lists some accounts and counts all."""
    [page] = paper.part("Summary", "What needs attention")
    assert "17 accounts, 34 regions" in page
    assert "2025-02" in page or "2025-03" in page
    assert "2026-10" in page
    assert "50 accounts" in paper.texts[0]
    assert "38 more" in paper.texts[0]


def test_the_scope_is_one_page(paper: _Paper) -> None:
    """Fifty accounts, some of them silent or not expected, and files that were not read leave no line for a second."""
    assert len(paper.part("Scope, method, limits and assurance", "Summary")) == 1


def test_nothing_overflows(paper: _Paper) -> None:
    """Labels of many accounts and months keep to their charts, and lie over no bar and no other label."""
    assert not paper.overflowing


def test_a_page_names_the_part_that_begins_on_it(paper: _Paper) -> None:
    """The page to sign says so in its head, though its part begins a page only where the one before leaves no room."""
    page = paper.texts[paper.headings["Sign-off"] - 1]
    assert "Acceptances" not in page
    assert page.count("Sign-off") == 2


def test_no_page_is_empty(paper: _Paper) -> None:
    """Every page has more on it than its head and foot."""
    bare = [number for number, text in enumerate(paper.texts, start=1) if len(text) < 150]
    assert not bare


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_account_and_a_first_month_are_short(
    evidence: Evidence, definition: ReportDefinition, templates: Path, language: Language
) -> None:
    """Without an earlier month nothing is called new, and what a reader begins with stands on five pages."""
    cells = tuple(cell for cell in evidence.assurance.cells if cell.account == ACCOUNTS[0])
    small = replace(
        evidence,
        assurance=evidence.assurance.model_copy(update={"cells": cells, "interruptions": ()}),
        trend=Trend(points=evidence.trend.points[-1:]),
    )
    parts = (Section.COVER, Section.CONTENTS, Section.SUMMARY, Section.LOGGED, Section.SIGN_OFF)
    paper = _laid_out(small, language, definition.model_copy(update={"section": parts}), templates)
    first = "There is no evidence of an earlier period" if language is ENGLISH else "Não há evidência de período"
    assert first in " ".join(paper.texts[2].split())
    assert len(paper.texts) <= 5
