"""The public holidays of a job's country, in the days of its period."""

from datetime import date

import pytest

from comprova.errors import ContentError
from comprova.jobs.calendar import holidays_of
from comprova.jobs.definition import Calendar, Holiday
from comprova.period import Period

SAO_PAULO = Calendar(country="BR", subdivision="SP")


def named(calendar: Calendar, label: str) -> list[tuple[object, object]]:
    """Return the days and names of a period's holidays."""
    period = Period.parse(label, "America/Sao_Paulo")
    return [(row["day"], row["name"]) for row in holidays_of(calendar, period, "job.toml")]


def test_holidays_of_sao_paulo() -> None:
    """Nossa Senhora Aparecida is in October 2026, Finados in November, each in its own period only."""
    assert named(SAO_PAULO, "2026-10") == [(date(2026, 10, 12), "Nossa Senhora Aparecida")]
    assert (date(2026, 11, 2), "Finados") in named(SAO_PAULO, "2026-11")
    assert named(SAO_PAULO, "2026-10-13..2026-11-02") == [(date(2026, 11, 2), "Finados")]


def test_holidays_of_the_subdivision() -> None:
    """The ninth of July is a holiday of São Paulo, and of nobody else in Brazil."""
    assert [day for day, _ in named(SAO_PAULO, "2026-07")] == [date(2026, 7, 9)]
    assert named(Calendar(country="BR"), "2026-07") == []


@pytest.mark.parametrize("language", ["en_US.UTF-8", "pt_BR.UTF-8", "uk_UA.UTF-8", "C"])
def test_names_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """The names go into the evidence, so they are the country's own whatever the environment speaks."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(variable, language)
    assert named(SAO_PAULO, "2026-10") == [(date(2026, 10, 12), "Nossa Senhora Aparecida")]


def test_a_period_over_new_year() -> None:
    """Both years of a period are looked up."""
    days = [day for day, _ in named(SAO_PAULO, "2026-12-20..2027-01-05")]
    assert days == [date(2026, 12, 25), date(2027, 1, 1)]


def test_extra_days() -> None:
    """Municipal holidays stand among the others, in order; on a public holiday the job's own name counts."""
    extra = (
        Holiday(day=date(2026, 10, 28), name="Servidor público"),
        Holiday(day=date(2026, 10, 12), name="Aparecida"),
        Holiday(day=date(2026, 10, 1), name="Aniversário"),
        Holiday(day=date(2026, 11, 25), name="Outro mês"),
    )
    assert named(SAO_PAULO.model_copy(update={"extra": extra}), "2026-10") == [
        (date(2026, 10, 1), "Aniversário"),
        (date(2026, 10, 12), "Aparecida"),
        (date(2026, 10, 28), "Servidor público"),
    ]


def test_a_job_without_a_country_has_its_extra_days_only() -> None:
    """No country, no public holidays."""
    extra = (Holiday(day=date(2026, 10, 28), name="x"),)
    assert named(Calendar(), "2026-10") == []
    assert named(Calendar(extra=extra), "2026-10") == [(date(2026, 10, 28), "x")]


@pytest.mark.parametrize(("country", "subdivision"), [("XX", ""), ("br", ""), ("BR", "ZZ")])
def test_an_unknown_country_or_subdivision(country: str, subdivision: str) -> None:
    """The file and key are named, with what was found."""
    with pytest.raises(ContentError) as raised:
        named(Calendar(country=country, subdivision=subdivision), "2026-10")
    [problem] = raised.value.problems
    assert (problem.where, problem.found) == ("job.toml: calendar", f"{country} {subdivision}".strip())
