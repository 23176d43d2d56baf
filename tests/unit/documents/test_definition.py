"""Reading report definitions."""

import pytest

from comprova.content import builtin_root
from comprova.documents.definition import Format, ReportDefinition, Section, read_report
from comprova.errors import Problem

MONTHLY = (builtin_root().folder("reports") / "monthly.toml").read_text(encoding="utf-8")


def _problems(old: str, new: str) -> list[Problem]:
    assert old in MONTHLY
    result = read_report(MONTHLY.replace(old, new), "reports/monthly.toml")
    assert isinstance(result, list), result
    return result


def test_the_monthly_report_has_every_part_and_both_formats() -> None:
    """The shipped definition leaves nothing out."""
    definition = read_report(MONTHLY, "reports/monthly.toml")
    assert isinstance(definition, ReportDefinition)
    assert definition.section == tuple(Section)
    assert set(definition.formats) == set(Format)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"cover", "contents"', '"cover", "conclusion"', "section"),
        ('"cover", "contents"', '"cover", "cover"', "each of `section` once"),
        ('"cover", "contents"', '"contents"', "`section` to begin with cover"),
        ("finding_rows = 200", "finding_rows = 0", "finding_rows"),
        ("finding_rows = 200", 'finding_rows = "20"', "finding_rows"),
        ('formats = ["pdf", "html"]', "formats = []", "formats"),
        ('formats = ["pdf", "html"]', 'formats = ["pdf", "docx"]', "formats"),
        ('title.en = "Evidence report"', "", "title.en"),
        ('id = "monthly"', 'id = "monthly"\nscore = 1', "score"),
    ],
)
def test_a_fault_is_told_where_it_is(old: str, new: str, said: str) -> None:
    """Every fault names the file, and what should be there or is too much."""
    problems = _problems(old, new)
    assert all(problem.where.startswith("reports/monthly.toml:") for problem in problems)
    assert any(said in f"{problem.expected} {problem.found}" for problem in problems), problems
