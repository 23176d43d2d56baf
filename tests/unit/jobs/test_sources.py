"""A job says what it reads; what is wrong with its source is told by file, key and line."""

from pathlib import Path

import pytest

from athena_jobs import ACCOUNT, REGION, SOURCE, athena_job
from comprova.content import builtin_root
from comprova.engines.athena.place import S3Place
from comprova.errors import ContentError, Problem
from comprova.jobs.definition import find_job
from comprova.jobs.sources import AthenaSource, FolderSource
from content_builder import JOB, line, write_root

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1111-2222"


def read(path: Path, source: str = SOURCE) -> AthenaSource | FolderSource:
    """Return the source of a job."""
    return find_job("monthly", [write_root(path, {JOB: athena_job(source)})]).job.source


def faults(path: Path, source: str) -> list[Problem]:
    """Return what is wrong with a source."""
    with pytest.raises(ContentError) as raised:
        read(path, source)
    return list(raised.value.problems)


def test_a_source_is_read_whole(tmp_path: Path) -> None:
    """Every key becomes a value, and what is left out has one that is safe."""
    source = read(tmp_path, f'{SOURCE}max_scan = "1.5 TB"\nkms_key = "{KEY}"\nstore_owner = "{ACCOUNT}"\n')
    assert isinstance(source, AthenaSource)
    assert (source.query_cutoff_bytes, source.max_scan_bytes) == (500 * 10**9, 15 * 10**11)
    assert (source.trail_place, source.price_per_tb, source.currency) == (S3Place("acme-trail", "audit"), 5.0, "USD")
    place = source.place(7)
    assert (place.store, place.kms_key, place.store_owner) == (S3Place("acme-store", "comprova"), KEY, ACCOUNT)
    assert (place.concurrency, place.deadline.total_seconds(), place.max_scan) == (5, 1800, 7)


def test_the_job_that_comes_with_comprova_is_whole() -> None:
    """The example can be copied and changed."""
    job = find_job("athena", [builtin_root()]).job
    assert isinstance(job.source, AthenaSource)
    assert job.source.max_scan_bytes is None


@pytest.mark.parametrize(
    ("change", "key", "expected", "found"),
    [
        (('"athena"', '"bucket"'), "kind", "`source.kind` to be 'folder' or 'athena'", "'bucket'"),
        (('kind = "athena"\n', ""), "[source]", "the key `source.kind`", "none"),
        (("start = 2026-01-01\n", ""), "[source]", "the key `source.start`", "none"),
        (("start = 2026-01-01", 'start = "2026"'), "start", "`source.start` to be a date", "'2026'"),
        (("start =", "strat = 1\nstart ="), "strat", "only known keys (kind, name, region", "`source.strat`"),
        ((f'region = "{REGION}"', 'region = "Brazil"'), "region =", "`source.region` to be a region", "'Brazil'"),
        (('"s3://acme-trail/audit"', '"acme-trail"'), "trail", "`source.trail` to be the place that", "'acme-trail'"),
        (('"s3://acme-trail/audit"', '"s3://a/../b"'), "trail", "`source.trail` to be the place", "'s3://a/../b'"),
        (('"s3://acme-trail/audit"', '"s3://a-b/c d"'), "trail", "`source.trail` to be the place", "'s3://a-b/c d'"),
        (('"s3://acme-trail/audit"', '"s3://a-b/{c}"'), "trail", "`source.trail` to be the place", "'s3://a-b/{c}'"),
        (('"s3://acme-store/comprova"', '"s3://acme-store"'), "store", "`source.store` to be a place of its own", None),
        (
            ('"s3://acme-store/comprova"', '"s3://acme-trail/audit/x"'),
            "store =",
            "`source.store` to be a place apart from the trail's (s3://acme-trail/audit)",
            "'s3://acme-trail/audit/x'",
        ),
        (
            ('"s3://acme-trail/audit"', '"s3://acme-store/comprova/logs"'),
            "store =",
            "`source.store` to be a place apart from the trail's (s3://acme-store/comprova/logs)",
            "'s3://acme-store/comprova'",
        ),
        (('"o-a1b2c3d4e5"', '"acme"'), "organisation =", "`source.organisation` to be an organisation's id", "'acme'"),
        ((f'["{ACCOUNT}"', '["12"'), "accounts", "`source.accounts.0` to be an account id", "'12'"),
        ((f'["{REGION}"', '["us-east-1"'), "regions", "a list that names each once", None),
        (('"500 GB"', '"9.999 MB"'), "cutoff", "`source.query_cutoff` to be 10 MB or more", "'9.999 MB'"),
        (('"500 GB"', '"500 GiB"'), "cutoff", "`source.query_cutoff` to be a size such as 500 GB", "'500 GiB'"),
        (("query_cutoff", "concurrency = 21\nquery_cutoff"), "concurr", "`source.concurrency` to be 20 or less", "21"),
        (("query_cutoff", "price_per_tb = inf\nquery_cutoff"), "price", "`source.price_per_tb` to be", "inf"),
        (("query_cutoff", 'currency = "dollars"\nquery_cutoff'), "curr", "`source.currency` to be a curr", "'dollars'"),
        (("query_cutoff", 'database = "Comprova"\nquery_cutoff'), "database", "`source.database` to be a name", None),
        (("query_cutoff", 'kms_key = "alias/x"\nquery_cutoff'), "kms_key", "`source.kms_key` to be the ARN of", None),
        (
            ("query_cutoff", f'kms_key = "{KEY.replace(REGION, "us-east-1")}"\nquery_cutoff'),
            "kms_key",
            f"`source.kms_key` to be a key in {REGION}, where the store is",
            None,
        ),
        (("query_cutoff", "max_scan = 5\nquery_cutoff"), "max_scan", "`source.max_scan` to be", "5"),
        (
            (f'accounts = ["{ACCOUNT}", ', "accounts = ["),
            "[source]",
            "`source.accounts` to name whatever `scope.accounts` names",
            f"it without {ACCOUNT}",
        ),
    ],
)
def test_faults_name_file_key_and_line(
    tmp_path: Path, change: tuple[str, str], key: str, expected: str, found: str | None
) -> None:
    """Each is one problem, at its line, in words."""
    assert change[0] in SOURCE
    changed = SOURCE.replace(change[0], change[1], 1)
    [problem] = faults(tmp_path, changed)
    assert problem.expected.startswith(expected)
    assert found is None or problem.found == found
    text = athena_job(changed)
    start = line(text, "[source]")
    assert problem.where == f"{JOB}:{start - 1 + line(text[text.index('[source]') :], key)}"


def test_all_faults_of_a_source_are_told_at_once(tmp_path: Path) -> None:
    """One attempt to mend is enough, also where one key contradicts another."""
    wrong = (
        SOURCE.replace('"500 GB"', '"1 MB"').replace("acme-store/comprova", "acme-trail/audit").replace("2026-01", "26")
    )
    assert len(faults(tmp_path / "syntax", wrong)) == 1  # 26-01 is no TOML: nothing else can be read
    wrong = wrong.replace("start = 26-01", 'start = "2026-01-01"\ncurrency = "usd"')
    found = [problem.expected.split("`")[1] for problem in faults(tmp_path / "keys", wrong)]
    assert found == ["source.start", "source.store", "source.query_cutoff", "source.currency"]


def test_a_source_that_is_no_table_is_told(tmp_path: Path) -> None:
    """A word in its place is one problem."""
    [problem] = faults(tmp_path, 'source = "athena"\n')
    assert (problem.expected, problem.found) == ("`source` to be a table", "'athena'")
