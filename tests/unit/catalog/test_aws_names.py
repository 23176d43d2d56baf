"""The project's list of names that no API model has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comprova.catalog.api_models import ApiModels
from comprova.catalog.aws_names import AwsNames, read_aws_names
from comprova.catalog.known_names import KnownNames
from comprova.content import ContentRoot, builtin_root
from comprova.errors import ContentError


@pytest.fixture(scope="module")
def listed() -> AwsNames:
    """Give the built-in list."""
    return read_aws_names([builtin_root()])


@pytest.fixture(scope="module")
def models() -> ApiModels:
    """Give botocore's models."""
    return ApiModels()


def _needless(listed: AwsNames, models: ApiModels) -> Iterator[str]:
    names = KnownNames(models, AwsNames(event_source=listed.event_source))
    for entry in listed.event:
        yield from (f"{entry.event_source}:{name}" for name in entry.names if names.has_event(entry.event_source, name))


def test_no_listed_event_is_an_operation(listed: AwsNames, models: ApiModels) -> None:
    """What the API models know by now does not stand in the list as well."""
    assert list(_needless(listed, models)) == []


def test_renamed_operations_exist(listed: AwsNames, models: ApiModels) -> None:
    """A logged name leads to an operation that the models have."""
    names = KnownNames(models, listed)
    assert [entry.name for entry in listed.logged_as if not names.has_event(entry.event_source, entry.name)] == []


def test_members_are_of_known_events(listed: AwsNames, models: ApiModels) -> None:
    """A member is listed for events that are logged."""
    names = KnownNames(models, listed)
    strange = [
        f"{entry.event_source}:{event}"
        for entry in listed.member
        for event in entry.events
        if event != "*" and not names.has_event(entry.event_source, event)
    ]
    assert strange == []


def test_no_listed_member_is_in_its_model(listed: AwsNames, models: ApiModels) -> None:
    """A member that the API model has, in the spelling of the log, does not stand in the list as well."""
    names = KnownNames(models, listed.model_copy(update={"member": ()}))
    needless = [
        f"{entry.event_source}:{event} {path}"
        for entry in listed.member
        for event in entry.events
        for path in entry.paths
        if names.unknown_step(entry.event_source, event, entry.column, ["no such member"])  # it has a model
        and names.unknown_step(entry.event_source, event, entry.column, path.removesuffix(".*").split(".")) is None
    ]
    assert needless == []


def _project(tmp_path: Path, text: str) -> list[ContentRoot]:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "aws_names.toml").write_text(text)
    return [builtin_root(), ContentRoot(tmp_path, builtin=False)]


def test_a_project_adds_names(tmp_path: Path, models: ApiModels) -> None:
    """A project's own list makes its names known and leaves the built-in ones as they are."""
    roots = _project(
        tmp_path,
        """[[event]]
event_source = "iam.amazonaws.com"
names = ["SomethingNew"]
source = "seen in CloudTrail records: our own trail"
""",
    )
    names = KnownNames(models, read_aws_names(roots))
    assert names.has_event("iam.amazonaws.com", "SomethingNew")
    assert names.has_event("signin.amazonaws.com", "ConsoleLogin")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[event]]\nevent_source = "iam.amazonaws.com"\nnames = ["A"]\n', r"aws_names\.toml:1: .*`event\.0\.source`"),
        (
            '[[event]]\nevent_source = "iam"\nnames = ["A"]\nsource = "https://docs.aws.amazon.com/x"\n',
            r"aws_names\.toml:2: .*`event\.0\.event_source`",
        ),
        (
            '[[event]]\nevent_source = "iam.amazonaws.com"\nnames = ["A"]\nsource = "I think"\n',
            r"aws_names\.toml:4: .*`event\.0\.source`",
        ),
        (
            '[[event_source]]\nname = "s3.amazonaws.com"\nmodels = []\nsource = "https://docs.aws.amazon.com/x"\n',
            r"event sources that comprova's own file does not have, found s3\.amazonaws\.com",
        ),
    ],
)
def test_faults_are_told_at_their_line(tmp_path: Path, text: str, problem: str) -> None:
    """A name without a source, a misspelled event source and a source entry that shadows ours are refused."""
    with pytest.raises(ContentError, match=problem):
        read_aws_names(_project(tmp_path, text))
