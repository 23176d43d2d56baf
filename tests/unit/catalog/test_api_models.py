"""The API models that botocore ships, as they are read."""

import json
from pathlib import Path

import pytest

from comprova.catalog.api_models import ApiModels
from comprova.errors import ContentError


@pytest.fixture(scope="module")
def models() -> ApiModels:
    """Give botocore's own models."""
    return ApiModels()


@pytest.mark.parametrize(
    ("event_source", "services"),
    [
        ("monitoring.amazonaws.com", {"cloudwatch"}),
        ("elasticloadbalancing.amazonaws.com", {"elb", "elbv2"}),
        ("elasticfilesystem.amazonaws.com", {"efs"}),
        ("elasticmapreduce.amazonaws.com", {"emr"}),
        ("states.amazonaws.com", {"stepfunctions"}),
        ("tagging.amazonaws.com", {"resourcegroupstaggingapi"}),
        ("es.amazonaws.com", {"es", "opensearch"}),
        ("cognito-idp.amazonaws.com", {"cognito-idp"}),
        ("logs.amazonaws.com", {"logs"}),
        ("bedrock.amazonaws.com", {"bedrock", "bedrock-runtime"}),
        ("ses.amazonaws.com", {"ses", "sesv2"}),
    ],
)
def test_services_are_found_by_the_name_in_the_log(models: ApiModels, event_source: str, services: set[str]) -> None:
    """An event source is a signing name or an endpoint prefix, whatever botocore calls the service."""
    assert services <= set(models.services_of(event_source))


@pytest.mark.parametrize("name", ["elb", "efs", "emr", "stepfunctions"])
def test_a_service_is_not_found_by_the_name_of_its_command(models: ApiModels, name: str) -> None:
    """What botocore and the command line call a service is no event source where the two differ."""
    assert models.services_of(f"{name}.amazonaws.com") == ()
    assert models.event_source_of(name) not in (None, f"{name}.amazonaws.com")


def test_every_service_of_botocore_has_an_event_source(models: ApiModels) -> None:
    """The first kilobytes of each model file hold its metadata, which the search for services relies on."""
    folders = [path.parts[-3] for path in models.folder.glob("*/*/service-2.json*")]
    assert [name for name in folders if models.event_source_of(name) is None] == []


@pytest.mark.parametrize(
    ("operation", "dated"),
    [
        ("CreateFunction", "CreateFunction20150331"),
        ("PutFunctionConcurrency", "PutFunctionConcurrency20171031"),
        ("Invoke", None),
        ("GetFunctionCodeSigningConfig", None),
    ],
)
def test_lambda_names_that_carry_a_date(models: ApiModels, operation: str, dated: str | None) -> None:
    """Management calls of Lambda's interfaces of before 2019 are logged with the interface's date."""
    assert models.service("lambda").dated_name(operation) == dated


def test_services_are_found_by_an_operation(models: ApiModels) -> None:
    """A name that stands at the wrong service is found at the right one."""
    assert list(models.services_with("StopLogging")) == ["cloudtrail"]
    assert list(models.services_with("PassRole")) == []


def test_an_unknown_service_is_told(models: ApiModels) -> None:
    """A service that the names file invents is an error of the names file."""
    with pytest.raises(ContentError, match=r"aws_names\.toml: expected services .*'nosuch'"):
        models.service("nosuch")


def test_the_newest_version_of_a_model_is_read(tmp_path: Path) -> None:
    """Of a service's versions, the newest says what its operations are; packed or not."""
    for version, operation in (("2014-01-01", "Old"), ("2020-01-01", "New")):
        folder = tmp_path / "toy" / version
        folder.mkdir(parents=True)
        model = {
            "metadata": {"endpointPrefix": "toys", "protocol": "json"},
            "operations": {operation: {"http": {"requestUri": "/"}}},
            "shapes": {},
        }
        (folder / "service-2.json").write_text(json.dumps(model))
    models = ApiModels(tmp_path)
    assert list(models.service("toy").operations) == ["New"]
    assert models.services_of("toys.amazonaws.com") == ("toy",)
