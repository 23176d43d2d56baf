"""What would run is told without reading a log."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comprova.errors import ComprovaError
from comprova.jobs.plan import plan_of
from comprova.jobs.preparation import Choices, Prepared, prepare
from content_builder import BUILTIN, JOB, changed, write_root

KEY = (
    "AWSLogs/111122223333/CloudTrail/sa-east-1/2026/{month}/05/"
    "111122223333_CloudTrail_sa-east-1_2026{month}05T0000Z_{id}.json.gz"
)


def prepared(path: Path, job: str = BUILTIN[JOB]) -> Prepared:
    """Prepare the monthly job over a folder with two log files of October, one of January and a note."""
    for month, id_ in (("10", "a" * 16), ("10", "b" * 16), ("01", "c" * 16)):
        file = path / "logs" / KEY.format(month=month, id=id_)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"not read")
    (path / "logs" / "note.txt").write_text("x", encoding="utf-8")
    roots = [write_root(path / "content", {**BUILTIN, JOB: job})]
    return prepare("monthly", roots, Choices(period="2026-10", logs=path / "logs"), datetime(2026, 11, 4, tzinfo=UTC))


def test_a_plan_counts_what_would_be_read(tmp_path: Path) -> None:
    """Files of the delivery dates, their bytes and accounts; what is no log is counted by kind."""
    plan = plan_of(prepared(tmp_path), datetime(2026, 11, 4, tzinfo=UTC))
    assert (plan.files, plan.bytes, plan.accounts) == (2, 16, ("111122223333",))
    assert plan.skipped == {"other": 1}
    assert plan.queries == ("identity.key_age@1", "identity.root_use@1")
    assert plan.documents == ("acts-2026 en", "acts-2026 pt_BR")


def test_a_plan_names_parameters_that_are_missing(tmp_path: Path) -> None:
    """With each, the queries that are inconclusive without it."""
    without = changed(BUILTIN, JOB, 'approved = ["arn:aws:iam::111122223333:role/admin"]', "")[JOB]
    moment = datetime(2026, 11, 4, tzinfo=UTC)
    assert plan_of(prepared(tmp_path / "a", without), moment).unset == {"approved": ("identity.key_age",)}
    assert plan_of(prepared(tmp_path / "b"), moment).unset == {}


@pytest.mark.parametrize(("day", "closed"), [(2, False), (4, True)])
def test_a_plan_tells_whether_the_period_is_closed(tmp_path: Path, day: int, closed: bool) -> None:  # noqa: FBT001
    """Two days after its end all its events can be expected."""
    assert plan_of(prepared(tmp_path), datetime(2026, 11, day, tzinfo=UTC)).closed is closed


def test_a_plan_is_json(tmp_path: Path) -> None:
    """A machine may read it, dates as ISO 8601."""
    said = json.loads(json.dumps(plan_of(prepared(tmp_path), datetime(2026, 11, 4, tzinfo=UTC)).as_json()))
    assert (said["first_date"], said["last_date"], said["files"]) == ("2026-07-03", "2026-11-03", 2)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nothing is planned over logs that nobody has."""
    run = prepare(
        "monthly", [write_root(tmp_path, BUILTIN)], Choices(logs=tmp_path / "none"), datetime(2026, 11, 4, tzinfo=UTC)
    )
    with pytest.raises(ComprovaError, match="a folder of CloudTrail files"):
        plan_of(run, datetime(2026, 11, 4, tzinfo=UTC))
