"""What a run decides before it reads a log."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from comprova.catalog.editions import EditionChoice
from comprova.content import ContentRoot
from comprova.errors import ContentError
from comprova.jobs.preparation import Choices, Prepared, find_report, prepare
from comprova.jobs.sources import FolderSource
from content_builder import BUILTIN, FRAMEWORK, JOB, PROJECT, REPORT, changed, write_root
from languages import ENGLISH, PORTUGUESE

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
"""Still October in São Paulo."""


def roots_of(path: Path, files: Mapping[str, str] = BUILTIN) -> tuple[ContentRoot, ...]:
    """Write a built-in root and a project."""
    return write_root(path / "builtin", files), write_root(path / "project", PROJECT, builtin=False)


def prepared(path: Path, files: Mapping[str, str] = BUILTIN, **choices: object) -> Prepared:
    """Prepare the job of a built-in root."""
    return prepare("monthly", roots_of(path, files), Choices(**choices), NOW)  # type: ignore[arg-type]


def refused(path: Path, files: Mapping[str, str] = BUILTIN, **choices: object) -> str:
    """Return the message with which a job is refused."""
    with pytest.raises(ContentError) as raised:
        prepared(path, files, **choices)
    return str(raised.value)


def folder_of(run: Prepared) -> Path:
    """Return the folder of logs that a run reads."""
    assert isinstance(run.source, FolderSource)
    return run.source.folder


def test_the_job_decides_what_nobody_chooses(tmp_path: Path) -> None:
    """Without options: the month before, in the job's zone, with its editions, languages and folders."""
    run = prepared(tmp_path)
    assert run.period.label == "2026-09"
    assert [framework.key for framework in run.frameworks] == ["acts-2026"]
    assert (run.languages, folder_of(run), run.out) == ((ENGLISH, PORTUGUESE), Path("logs"), Path("out"))


def test_options_take_the_place_of_the_job(tmp_path: Path) -> None:
    """Period, folders, languages and editions of the command line win."""
    logs, out = tmp_path / "other", tmp_path / "runs"
    run = prepared(tmp_path, frameworks=("acme.policy",), period="2026-Q3", logs=logs, languages=(ENGLISH,), out=out)
    assert (run.period.label, run.languages, folder_of(run), run.out) == ("2026-Q3", (ENGLISH,), logs, out)
    assert [query.id for query in run.queries] == ["acme.visits.visits"]
    assert run.needs == ("management:write",)


def test_the_order_of_editions_changes_nothing(tmp_path: Path) -> None:
    """Evidence of the same editions is the same evidence."""
    one, other = (
        prepared(tmp_path, frameworks=names) for names in (("acts", "acme.policy"), ("acme.policy-1", "acts"))
    )
    assert one.frameworks == other.frameworks


def test_an_edition_named_twice_is_refused(tmp_path: Path) -> None:
    """By its id and by its key it is the same one."""
    assert "expected each framework once, found acts-2026, acts-2026" in refused(
        tmp_path, frameworks=("acts", "acts-2026")
    )


def test_a_look_back_reaches_before_the_period(tmp_path: Path) -> None:
    """A query looks back as many days as its parameter says, and the run reads as far as the longest."""
    run = prepared(tmp_path, changed(BUILTIN, JOB, "approved =", "max_age_days = 30\napproved ="), period="2026-10")
    days = {query.id: (run.lookback_days(query), run.look_back_to(query)) for query in run.queries}
    assert days == {"identity.key_age": (30, date(2026, 9, 1)), "identity.root_use": (None, None)}
    assert run.history_start == datetime(2026, 9, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize("days", ["-5", "0", "3661", "1000000000000"])
def test_a_look_back_of_no_days_would_hide_events(tmp_path: Path, days: str) -> None:
    """A negative look-back would begin after the period's first events, and find none of them."""
    files = changed(BUILTIN, JOB, "approved =", f"max_age_days = {days}\napproved =")
    assert refused(tmp_path, files) == f"{JOB}: parameters.max_age_days: expected 1 to 3660 days, found {days}"


def test_runs_are_not_written_among_the_logs(tmp_path: Path) -> None:
    """What a run writes would be read as logs by the next one."""
    assert "expected a folder that is not inside that of the logs" in refused(
        tmp_path, logs=tmp_path, out=tmp_path / "a" / "out"
    )
    assert prepared(tmp_path, logs=tmp_path / "out" / "logs", out=tmp_path / "out").out == tmp_path / "out"


def test_only_the_run_gives_what_the_run_knows(tmp_path: Path) -> None:
    """No query waits for the time zone, and holidays are those of the job's calendar."""
    run = prepared(tmp_path, period="2026-10")
    assert "time_zone" not in run.bindings.unset
    assert [row["day"] for row in run.bindings.values["holidays"]] == [date(2026, 10, 12)]  # type: ignore[union-attr, index]


def test_a_file_with_the_id_of_a_built_in_job_is_refused(tmp_path: Path) -> None:
    """Runs of both would lie in one folder; the built-in file itself may be named by its path."""
    roots = roots_of(tmp_path)
    other = tmp_path / "monthly.toml"
    other.write_text(BUILTIN[JOB], encoding="utf-8")
    with pytest.raises(ContentError, match="an id that comprova's own jobs do not have"):
        prepare(str(other), roots, Choices(), NOW)
    assert prepare(str(roots[0].path / JOB), roots, Choices(), NOW).job.job.id == "monthly"


def test_a_report_is_named_as_its_file(tmp_path: Path) -> None:
    """The evidence keeps it under its id."""
    roots = roots_of(tmp_path, changed(BUILTIN, REPORT, 'id = "monthly"', 'id = "weekly"'))
    with pytest.raises(ContentError, match=r"reports/monthly\.toml: expected id = 'monthly', as the file is named"):
        find_report("monthly", roots)


def test_every_edition_is_of_the_catalog(tmp_path: Path) -> None:
    """An edition that nobody has is told with those there are."""
    expected = "frameworks: expected a framework (acme.policy, acts) or one edition of it (acme.policy@1, acts@2026)"
    assert f"{expected}, found 'iso'" in refused(tmp_path, frameworks=("iso",))


NEXT = BUILTIN[FRAMEWORK].replace('"2026"', '"2027"').replace("2010-01-01", '2026-10-01\nsupersedes = "2026"')
TWO_EDITIONS = {**BUILTIN, "queries/frameworks/acts-2027.toml": NEXT}


@pytest.mark.parametrize(
    ("period", "edition"),
    [("2026-09", "2026"), ("2026-10", "2027"), ("2026-09-25..2026-10-01", "2027"), ("2026-Q3", "2026")],
)
def test_a_report_uses_the_edition_in_force_on_its_last_day(tmp_path: Path, period: str, edition: str) -> None:
    """September in São Paulo ends in October of UTC, and has its own edition all the same."""
    run = prepared(tmp_path, TWO_EDITIONS, period=period)
    assert [(one.framework.edition, one.choice) for one in run.editions] == [(edition, EditionChoice.IN_FORCE)]


def test_a_report_can_be_told_to_use_another_edition(tmp_path: Path) -> None:
    """Both of them too, as when a company moves from one to the other."""
    run = prepared(tmp_path, TWO_EDITIONS, period="2026-10", frameworks=("acts@2026", "acts"))
    said = [(one.framework.edition, one.choice, one.in_force) for one in run.editions]
    assert said == [("2026", EditionChoice.NAMED, "2027"), ("2027", EditionChoice.IN_FORCE, "2027")]


def test_a_period_older_than_every_edition_is_refused(tmp_path: Path) -> None:
    """No edition is taken for a time in which it was not in force, unless it is named."""
    assert "an edition of acts in force on 2009-12-31" in refused(tmp_path, period="2009-12")
    assert prepared(tmp_path / "pinned", period="2009-12", frameworks=("acts@2026",)).editions[0].in_force is None
