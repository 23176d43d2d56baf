"""A job file says what runs; what is wrong with it is told by file, key and line."""

from datetime import date
from pathlib import Path

import pytest

from comprova.content import ContentRoot
from comprova.errors import ContentError, Problem
from comprova.jobs.definition import JobFile, JobLimits, find_job
from content_builder import BUILTIN, JOB, changed, line, text_of, write_root
from languages import ENGLISH, PORTUGUESE


def read(path: Path, text: str = BUILTIN[JOB], name: str = "monthly") -> JobFile:
    """Read a job from a root that holds it."""
    return find_job(name, [write_root(path, {f"jobs/{name}.toml": text})])


def faults(path: Path, old: str, new: str) -> list[Problem]:
    """Return what is wrong with the job after a change."""
    with pytest.raises(ContentError) as raised:
        read(path, changed(BUILTIN, JOB, old, new)[JOB])
    return list(raised.value.problems)


def test_a_job_is_read_whole(tmp_path: Path) -> None:
    """Every part of the file becomes a value, and the file's text goes into the evidence."""
    file = read(tmp_path)
    assert (file.where, file.text) == (JOB, BUILTIN[JOB])
    assert file.job.languages == (ENGLISH, PORTUGUESE)
    assert file.job.scope.accounts == ("111122223333",)
    assert file.job.limits == JobLimits(gap_percent=1, unreadable_files=0)
    assert file.job.parameters == {"approved": ("arn:aws:iam::111122223333:role/admin",)}


def test_values_keep_the_types_that_toml_gives_them(tmp_path: Path) -> None:
    """Numbers stay numbers, days stay days, and tables of a list stay rows."""
    text = BUILTIN[JOB] + 'age = 30\nshare = 0.5\nfrom = 2026-10-01\nshifts = [{ day = 2026-10-12, name = "x" }]\n'
    parameters = read(tmp_path, text).job.parameters
    assert (parameters["age"], parameters["share"], parameters["from"]) == (30, 0.5, date(2026, 10, 1))
    assert parameters["shifts"] == ({"day": date(2026, 10, 12), "name": "x"},)


def test_what_a_job_may_leave_out(tmp_path: Path) -> None:
    """Scope, calendar, limits and parameters have values that take what there is and forgive nothing."""
    text = BUILTIN[JOB].split("[scope]")[0]
    job = read(tmp_path, text).job
    assert (job.scope.accounts, job.calendar.country, job.parameters, job.out) == ((), "", {}, "out")
    assert job.limits == JobLimits(gap_percent=0, unreadable_files=0)


ACCOUNT_EXPECTED = "`scope.accounts.0` to be an account id of 12 digits"


@pytest.mark.parametrize(
    ("change", "key", "expected", "found"),
    [
        (('"111122223333"', '"1111222233"'), "accounts", ACCOUNT_EXPECTED, "'1111222233'"),
        (('"111122223333"', '"\uff1111122223333"'), "accounts", ACCOUNT_EXPECTED, "'\uff1111122223333'"),
        (('"111122223333"', "111122223333"), "accounts", "`scope.accounts.0` to be text", "111122223333"),
        (
            ('"sa-east-1"', '"São Paulo"'),
            "regions",
            "`scope.regions.0` to be a region such as sa-east-1",
            "'São Paulo'",
        ),
        (('"America/Sao_Paulo"', '"Sao_Paulo"'), "time_zone", "`time_zone` to be an IANA name", "'Sao_Paulo'"),
        (
            ('["en", "pt_BR"]', '["en", "French"]'),
            "languages",
            "`languages.1` to be the name of a language",
            "'French'",
        ),
        (('["en", "pt_BR"]', '["en", "en"]'), "languages", "each language once", "en, en"),
        (('["en", "pt_BR"]', "[]"), "languages", "`languages` to be a list of 1 or more", "[]"),
        (('["acts"]', "[]"), "frameworks", "`frameworks` to be a list of 1 or more", "[]"),
        (("gap_percent = 1", "gap_percent = 101"), "gap_percent", "`limits.gap_percent` to be 100.0 or less", "101"),
        (("gap_percent = 1", 'gap_percent = "1"'), "gap_percent", "`limits.gap_percent` to be a number", "'1'"),
        (("gap_percent = 1", "gap_percent = nan"), "gap_percent", "`limits.gap_percent` to be 100.0 or less", "nan"),
        (("gap_percent = 1", "unreadable_files = -1"), "unreadable", "`limits.unreadable_files` to be 0 or more", "-1"),
        (
            ("gap_percent = 1", "gaps = 1"),
            "gaps",
            "only known keys (gap_percent, unreadable_files, unreadable_records)",
            "`limits.gaps`",
        ),
        (('"folder"', '"bucket"'), "kind", "`source.kind` to be 'folder'", "'bucket'"),
        (('logs = "logs"\n', ""), "[source]", "the key `source.logs`", "none"),
        (('country = "BR"\n', ""), "subdivision", "the `country` of the `subdivision`", "none"),
        (
            ('"SP"', '"SP"\nextra = [{ day = "12/10", name = "x" }]'),
            "extra",
            "`calendar.extra.0.day` to be a date",
            "'12/10'",
        ),
        (("approved = [", "Approved = ["), "Approved", "the name of each table to be a name of small", "'Approved'"),
        (
            ("approved = [", "when = 07:30:00\napproved = ["),
            "when",
            "`parameters.when` to be text, a whole",
            "07:30:00",
        ),
        (
            ('report = "monthly"', 'report = "monthly"\nacceptances = "../acceptances.toml"'),
            "acceptances",
            "`acceptances` to be the name of a TOML file in the job's folder",
            "'../acceptances.toml'",
        ),
        (('"Acme"', '""'), "organisation", "`organisation` to be text that is not empty", "''"),
        (('id = "monthly"', 'id = "Monthly"'), "id", "`id` to be an id such as monthly or acme.monthly", "'Monthly'"),
        (('report = "monthly"', "report = monthly"), "report", "TOML", "invalid value"),
    ],
)
def test_faults_name_file_key_and_line(
    tmp_path: Path, change: tuple[str, str], key: str, expected: str, found: str
) -> None:
    """Each is one problem, at its line, in words."""
    [problem] = faults(tmp_path, *change)
    assert problem.expected.startswith(expected)
    assert (problem.found, problem.where) == (found, f"{JOB}:{line(changed(BUILTIN, JOB, *change)[JOB], key)}")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A job with three faults needs one attempt to mend."""
    text = BUILTIN[JOB].replace('"Acme"', "1").replace('["acts"]', "[]").replace('"111122223333"', '"1"')
    with pytest.raises(ContentError) as raised:
        read(tmp_path, text)
    lines = [line(text, part) for part in ("organisation", "frameworks", "accounts")]
    assert [problem.where for problem in raised.value.problems] == [f"{JOB}:{number}" for number in lines]


def test_the_id_is_the_name_of_the_file(tmp_path: Path) -> None:
    """Runs lie in a folder of the job's id, so two files can never write into one."""
    with pytest.raises(ContentError, match="expected id = 'weekly', as the file is named, found 'monthly'"):
        read(tmp_path, name="weekly")


def test_a_project_has_jobs_of_its_own(tmp_path: Path) -> None:
    """A job with a prefix is found by its name."""
    text = BUILTIN[JOB].replace('id = "monthly"', 'id = "acme.monthly"')
    project = write_root(tmp_path / "project", {"jobs/acme.monthly.toml": text}, builtin=False)
    roots = (ContentRoot(write_root(tmp_path / "builtin", BUILTIN).path, builtin=True), project)
    assert find_job("acme.monthly", roots).job.id == "acme.monthly"
    assert find_job(str(project.path / "jobs" / "acme.monthly.toml"), roots).job.id == "acme.monthly"


def test_english_is_the_language_that_must_be_there(tmp_path: Path) -> None:
    """A title needs English, which stands wherever another language is missing; others are free, by their names."""
    [problem] = faults(tmp_path, text_of("title"), 'title.pt_BR = "Texto"\n')
    assert problem == Problem(f"{JOB}:2", "the key `title.en`", "none")
    [problem] = faults(tmp_path, text_of("title"), 'title.en = "Text"\ntitle.ptBR = "Texto"\n')
    assert (problem.where, problem.found) == (f"{JOB}:3", "'ptBR'")
    assert "such as en, pt_BR or es" in problem.expected
