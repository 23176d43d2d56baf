"""Findings in documents: their names, the period before, acceptances, dispositions and deadlines."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import pytest

from comprova.catalog.text import Language
from comprova.documents.deadlines import RULES
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.render import Rendered, render
from comprova.documents.wording import Wording
from comprova.evidence.findings import AcceptanceState, Earlier, EarlierState, Finding, Recurrence
from comprova.evidence.reader import Evidence
from comprova.evidence.review import Disposition, Knowledge, Review
from evidence_factory import FRAMEWORK
from languages import ENGLISH, LANGUAGES

_TAGS = re.compile(r"<[^>]+>")


def text_of(html: str) -> str:
    """Return the words of a page, without tags."""
    body = html.partition("<body")[2]
    return " ".join(_TAGS.sub(" ", body).replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").split())


@pytest.fixture(scope="module")
def texts(rendered: Mapping[Language, Rendered]) -> Mapping[Language, str]:
    """Give the words of the documents without a review."""
    return {language: text_of((one.html or b"").decode()) for language, one in rendered.items()}


class Pages(Protocol):
    """Renders a document in a language, of a review and of evidence that may say something else of its findings."""

    def __call__(self, language: Language, review: Review | None = None, earlier: Earlier | None = None) -> str:
        """Return its HTML."""
        ...


@pytest.fixture
def page(evidence: Evidence, monthly: ReportDefinition, templates: Path) -> Pages:
    """Give what renders the document."""
    definition = monthly.model_copy(update={"formats": (Format.HTML,)})

    def rendered_page(language: Language, review: Review | None = None, earlier: Earlier | None = None) -> str:
        findings = evidence.findings.model_copy(update={"earlier": earlier}) if earlier else evidence.findings
        held = replace(evidence, findings=findings)
        return (render(held, FRAMEWORK, language, definition, templates, None, review).html or b"").decode()

    return rendered_page


@pytest.fixture(scope="module")
def of_root_use(evidence: Evidence) -> tuple[Finding, ...]:
    """Give the findings of a query whose first rows stand in the document."""
    return tuple(one for one in evidence.findings.findings if one.query == "trail.root_use")


def test_rows_say_which_finding_they_are(
    texts: Mapping[Language, str],
    of_root_use: tuple[Finding, ...],
    wordings: Mapping[Language, Wording],
    monthly: ReportDefinition,
) -> None:
    """Each row that is shown has its finding's name, and whether it is new or recurs."""
    for language, text in texts.items():
        words = wordings[language]
        for one in of_root_use[: monthly.finding_rows]:
            name = words.messages.text("finding.name", id=one.id)
            assert f"{name} · {words.word(one.recurrence)}" in text


def test_accepted_and_expired_rows_say_so(
    texts: Mapping[Language, str],
    of_root_use: tuple[Finding, ...],
    evidence: Evidence,
    wordings: Mapping[Language, Wording],
) -> None:
    """By id and last day; an expired acceptance is told and accepts nothing."""
    uses = {use.id: use for use in evidence.findings.acceptances}
    expired = [one for one in of_root_use if one.expired]
    assert expired
    for language, text in texts.items():
        words = wordings[language]
        for key, ids in (
            ("finding.accepted", [name for one in of_root_use for name in one.acceptances]),
            ("finding.expired", [name for one in expired for name in one.expired]),
        ):
            for name in ids:
                day = words.localized.day(uses[name].expires_on)
                assert words.messages.text(key, id=name, day=day) in text


def test_every_acceptance_is_listed_with_who_decided(
    texts: Mapping[Language, str], evidence: Evidence, wordings: Mapping[Language, Wording]
) -> None:
    """Those that match nothing too; with approver, preparer, ticket, days, reason and what became of each."""
    assert {use.state for use in evidence.findings.acceptances} == set(AcceptanceState)
    for language, text in texts.items():
        words = wordings[language]
        section = text[text.rindex(str(words.messages.text("acceptances.lede"))) :]
        for use in evidence.findings.acceptances:
            decision = words.messages.text(
                "acceptances.decision",
                approver=use.approver,
                preparer=use.preparer,
                ticket=use.ticket,
                approved=words.localized.day(use.approved_on),
                expires=words.localized.day(use.expires_on),
            )
            assert f"{use.id} {words.word(use.state)}" in section
            assert f"{decision} {words.messages.text('acceptances.reason', reason=use.reason)}" in section
            assert words.meaning(use.state) in section


def test_what_was_compared_with_is_said(
    texts: Mapping[Language, str], evidence: Evidence, wordings: Mapping[Language, Wording]
) -> None:
    """Period, revision and seal; how many findings are new, recur, are gone; and why that cannot be told."""
    report = evidence.findings
    for language, text in texts.items():
        words = wordings[language]
        compared = words.messages.text("findings.compared", period="2026-09", revision="r2")
        assert f"{compared} {report.earlier.seal}" in text
        told = [one.recurrence for one in report.findings] + [one.recurrence for one in report.absent]
        counts = " ".join(str(told.count(member)) for member in Recurrence)
        assert f"{words.messages.text('findings.all')} {counts}" in text
        for comparison in report.comparisons:
            if comparison.new and comparison.query == "trail.hostile_names":
                said = words.messages.text("findings.not-new", reason=words.word(comparison.new))
                assert text.count(f": {said}") == 1
        for absent in report.absent:
            assert f"{absent.id} {words.word(absent.recurrence)}" in text


@pytest.mark.parametrize(
    ("earlier", "key", "arguments"),
    [
        (Earlier(period="2026-09", state=EarlierState.NONE), "findings.none", {"period": "2026-09"}),
        (
            Earlier(period="2026-09", state=EarlierState.DAMAGED, revision=3, seal="8" * 64, fault="a.csv is missing"),
            "findings.damaged",
            {"period": "2026-09", "revision": "r3"},
        ),
    ],
)
def test_no_earlier_evidence_is_said_once(
    page: Pages, wordings: Mapping[Language, Wording], earlier: Earlier, key: str, arguments: dict[str, str]
) -> None:
    """And not at every question and row."""
    text = text_of(page(ENGLISH, earlier=earlier))
    assert text.count(wordings[ENGLISH].messages.text(key, **arguments)) == 1
    assert earlier.fault in text
    assert "Whether a finding is new cannot be told:" not in text


def review_of(*findings: Finding) -> Review:
    """Return a review of findings, in words that an attacker might have put there."""
    dispositions = tuple(
        Disposition(finding=one.id, text="A <b>drill</b>\u202e", by="Ana <i>", on=date(2026, 11, 5)) for one in findings
    )
    knowledge = Knowledge(
        incident="Files <public>",
        findings=tuple(one.id for one in findings),
        aware_at=datetime.fromisoformat("2026-10-30T14:20:00-03:00"),
        declared_by="Rui",
        declared_on=date(2026, 11, 4),
    )
    return Review(dispositions, (knowledge,), "7" * 64)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_is_rendered(
    page: Pages, wordings: Mapping[Language, Wording], of_root_use: tuple[Finding, ...], language: Language
) -> None:
    """Beside the finding's rows and in a part of its own, with the hash of its file, as inert text."""
    review = review_of(of_root_use[4])
    made = [page(language, review) for _ in range(2)]
    assert made[0] == made[1]
    text, words = text_of(made[0]), wordings[language]
    disposed = words.messages.text("finding.disposition", by="Ana <i>", day=words.localized.day(date(2026, 11, 5)))
    assert f"{disposed} A <b>drill</b>\\u{{202E}}" in text
    assert review.sha256 in text
    assert words.messages.text("review.undecided") in text
    assert "Files <public>" in text
    assert words.messages.text("review.no-rule") in text
    assert words.messages.text("review.none") not in text


def test_without_a_review_that_is_said(texts: Mapping[Language, str], wordings: Mapping[Language, Wording]) -> None:
    """A reader knows that nobody has said anything, and of how many findings."""
    for language, text in texts.items():
        assert wordings[language].messages.text("review.none") in text


@pytest.mark.parametrize("framework", RULES)
def test_deadlines_are_rendered_with_their_source(
    page: Pages,
    wordings: Mapping[Language, Wording],
    of_root_use: tuple[Finding, ...],
    monkeypatch: pytest.MonkeyPatch,
    framework: str,
) -> None:
    """The date of each provision of the law, the provision, and the days off that were not counted."""
    monkeypatch.setattr("comprova.documents.review.RULES", {"acts": RULES[framework]})
    text, words = text_of(page(ENGLISH, review_of(of_root_use[0]))), wordings[ENGLISH]
    ends = {
        "lgpd": ["5 November 2026"],
        "gdpr": ["2 November 2026, 15:00 (America/Sao_Paulo)"],
        "hipaa": ["29 December 2026", "1 March 2027"],
    }
    for rule, end in zip(RULES[framework], ends[framework], strict=True):
        assert f"{words.word(rule)} Until {end}. {words.meaning(rule)}" in text
    assert ("Finados (2 November 2026)" in text) is (framework == "lgpd")
