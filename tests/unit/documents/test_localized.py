"""Dates, times and numbers in both languages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.catalog.text import Language, Text
from comprova.content import builtin_root
from comprova.documents.display import Display
from comprova.documents.localized import autonym
from comprova.documents.wording import wording_of
from comprova.evidence.model import Scope
from comprova.evidence.secrets import Secrets
from comprova.period import Period
from languages import LANGUAGES

_DISPLAY = Display(range(32, 0x3000), 100, Secrets((), ()))
EN, PT = (wording_of(builtin_root().folder("templates"), language, _DISPLAY).localized for language in LANGUAGES)


def _scope(label: str) -> Scope:
    period = Period.parse(label, "America/Sao_Paulo")
    return Scope(
        job="j",
        organisation="o",
        source=Text(en="s", pt_BR="s"),
        period=label,
        start=period.start,
        end=period.end,
        time_zone=period.time_zone,
        history_start=period.start,
        accounts=(),
        regions=(),
    )


@pytest.mark.parametrize(
    ("label", "english", "portuguese"),
    [
        ("2026-10", "1\N{EN DASH}31 October 2026", "1º a 31 de outubro de 2026"),
        ("2026-Q3", "1 July \N{EN DASH} 30 September 2026", "1º de julho a 30 de setembro de 2026"),
        (
            "2026-12-30..2027-01-11",
            "30 December 2026 \N{EN DASH} 11 January 2027",
            "30 de dezembro de 2026 a 11 de janeiro de 2027",
        ),
        ("2026-10-05..2026-10-05", "5 October 2026", "5 de outubro de 2026"),
    ],
)
def test_a_period_names_its_first_and_last_day(label: str, english: str, portuguese: str) -> None:
    """Both days are those of the job's time zone, and nothing is said twice."""
    assert EN.days(_scope(label)) == english
    assert PT.days(_scope(label)) == portuguese


def test_days_and_moments() -> None:
    """The first of a month is 1º in Portuguese, and a moment names its zone."""
    assert (EN.day(date(2026, 7, 1)), PT.day(date(2026, 7, 1))) == ("1 July 2026", "1º de julho de 2026")
    assert PT.day(date(2026, 7, 11)) == "11 de julho de 2026"
    moment = datetime(2026, 10, 2, 3, 0, tzinfo=timezone(timedelta(hours=-3)))
    assert EN.instant(moment) == EN.instant(moment.astimezone(UTC)) == "2 October 2026, 06:00 UTC"
    assert PT.instant(moment) == "2 de outubro de 2026, 06:00 UTC"


def test_numbers_and_sizes() -> None:
    """Thousands and decimals are those of the language."""
    assert (EN.number(1234567), PT.number(1234567)) == ("1,234,567", "1.234.567")
    assert (EN.size(1536), PT.size(1536)) == ("1.5 KiB", "1,5 KiB")
    assert EN.size(999) == "999 B"


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_all_is_said_of_all_only(part: int, whole: int) -> None:
    """No rounding makes 100 % of a part."""
    part = min(part, whole)
    assert (EN.percent(part, whole) == "100%") == (part == whole)


def test_a_language_that_cldr_does_not_know_goes_by_its_tag() -> None:
    """Folders of documents that others made may name any language."""
    assert [autonym(Language(name)) for name in ("pt_BR", "xx", "xx_YY")] == ["português (Brasil)", "xx", "xx-YY"]
