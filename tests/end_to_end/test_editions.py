"""Two editions of a project's own framework: which one a month uses, and where that is said."""

from pathlib import Path

import pytest

from comprova.catalog.editions import EditionChoice
from comprova.evidence.verifying import verify_evidence
from month_run import Job, Ran, routine

EDITIONS = {"1": "effective_from = 2026-01-01", "2": 'effective_from = 2026-10-15\nsupersedes = "1"'}


def ran(folder: Path, framework: str, editions: dict[str, str] = EDITIONS) -> Ran:
    """Run the month of October for what the job names."""
    job = Job(folder, framework=framework, editions=editions)
    job.deliver(*routine())
    return job.run(documents=True)


def said(run: Ran) -> tuple[str, EditionChoice, str | None]:
    """Return which edition was used, why, and which one was in force."""
    [framework] = run.evidence.assessment.frameworks
    return framework.edition, framework.choice, framework.in_force


@pytest.mark.parametrize(
    ("framework", "expected", "english", "portuguese"),
    [
        (
            "acme.few",
            ("2", EditionChoice.IN_FORCE, "2"),
            "2 was in force on 31 October 2026, the last day of the period.",
            "2 vigorava em 31 de outubro de 2026, o último dia do período.",
        ),
        (
            "acme.few@1",
            ("1", EditionChoice.NAMED, "2"),
            "1 is the one that the job names. On 31 October 2026, the last day of the period, 2 was in force.",
            "1 é a que a tarefa nomeia. Em 31 de outubro de 2026, o último dia do período, vigorava 2.",
        ),
    ],
)
def test_evidence_and_documents_say_which_edition_and_why(
    tmp_path: Path, framework: str, expected: tuple[str, EditionChoice, str], english: str, portuguese: str
) -> None:
    """The edition in force at the end of the month, or the one that the job names; both editions stay to verify it."""
    run = ran(tmp_path, framework)
    assert said(run) == expected
    assert english in run.document("en")
    assert portuguese in run.document("pt_BR")
    assert set(run.evidence.catalog.frameworks) == {"acme.few-1", "acme.few-2"}
    assert not [fault for check in verify_evidence(run.result.layout.root) for fault in check.faults]


def test_a_month_before_an_edition_says_that_none_was_in_force(tmp_path: Path) -> None:
    """Whoever names it gets it, and the document tells."""
    run = ran(tmp_path, "acme.few@1", {"1": "effective_from = 2026-11-01"})
    assert said(run) == ("1", EditionChoice.NAMED, None)
    assert "None that is known here was in force on 31 October 2026" in run.document("en")
