"""The AWS API models that botocore ships: which services and operations exist, and what their members are called.

Only the models asked for are read, each once. Finding a service reads the first kilobytes of every model file, because
what a service is called in a log (its signing name or endpoint prefix) is often not the name of its folder.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from comprova.errors import ContentError, Problem

_HEAD_BYTES = 8192  # the metadata stands first in a model file
_METADATA = '"metadata":'
_DOMAIN = ".amazonaws.com"
_UNDATED_SINCE = "2019"


@dataclass(frozen=True, slots=True)
class ServiceModel:
    """One service's API model, in its newest version.

    Attributes:
        name: The service as botocore calls it, such as `cloudwatch`.
        protocol: How requests and responses are encoded, such as `json`, `query`, `ec2`, `rest-xml`.
        operations: Each operation's model, by name.
        shapes: The model of each type, by name.
    """

    name: str
    protocol: str
    operations: Mapping[str, Mapping[str, Any]]
    shapes: Mapping[str, Mapping[str, Any]]

    def dated_name(self, operation: str) -> str | None:
        """Return the name with a date under which CloudTrail logs an operation of Lambda, else None.

        The date is the version of the interface, which stands first in the operation's address. Interfaces from 2019 on
        and data events (Invoke) are logged without it. CloudFront logs both forms, so none of its names is wrong.
        """
        version = str(self.operations[operation]["http"]["requestUri"]).split("/")[1].replace("-", "")
        if self.name != "lambda" or version >= _UNDATED_SINCE or operation.startswith("Invoke"):
            return None
        return operation + version


@dataclass(frozen=True, slots=True)
class _ServiceHead:
    name: str
    endpoint_prefix: str
    signing_name: str


class ApiModels:
    """Reads API models as they are asked for.

    Attributes:
        folder: A folder laid out as `botocore/data`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _botocore_data()

    def services_of(self, event_source: str) -> tuple[str, ...]:
        """Return the services whose signing name or endpoint prefix is the first part of an event source."""
        prefix, dot, domain = event_source.partition(".")
        return self._by_prefix.get(prefix, ()) if dot + domain == _DOMAIN else ()

    def event_source_of(self, service: str) -> str | None:
        """Return the event source of a service that botocore knows by this name: `cloudwatch` → `monitoring…`."""
        for head in self._heads:
            if head.name == service:
                return f"{head.signing_name or head.endpoint_prefix}{_DOMAIN}"
        return None

    @property
    def event_sources(self) -> tuple[str, ...]:
        """Every event source that can be derived from the models."""
        names = {head.signing_name or head.endpoint_prefix for head in self._heads}
        return tuple(f"{name}{_DOMAIN}" for name in sorted(names))

    def service(self, name: str) -> ServiceModel:
        """Return a service's model.

        Raises:
            ContentError: botocore has no service of that name.
        """
        return _read_model(self.folder, name)

    def services_with(self, operation: str) -> Iterator[str]:
        """Yield every service that has an operation of this name; reads all models, so only an error asks for it."""
        needle = f'"{operation}":{{'.encode()
        for head in self._heads:
            path = _model_file(self.folder / head.name)
            if path is not None and needle in _read(path) and operation in self.service(head.name).operations:
                yield head.name

    @cached_property
    def _by_prefix(self) -> dict[str, tuple[str, ...]]:
        services: dict[str, tuple[str, ...]] = {}
        for head in self._heads:
            for prefix in {head.endpoint_prefix, head.signing_name or head.endpoint_prefix}:
                services[prefix] = (*services.get(prefix, ()), head.name)
        return services

    @cached_property
    def _heads(self) -> tuple[_ServiceHead, ...]:
        heads = []
        for folder in sorted(self.folder.iterdir()):
            path = _model_file(folder)
            if path is not None:
                metadata = _metadata(path)
                heads.append(_ServiceHead(folder.name, metadata["endpointPrefix"], metadata.get("signingName", "")))
        return tuple(heads)


def _botocore_data() -> Path:
    import botocore

    return Path(botocore.__file__).parent / "data"


@cache
def _read_model(folder: Path, name: str) -> ServiceModel:
    path = _model_file(folder / name)
    if path is None:
        raise ContentError(Problem("queries/aws_names.toml", "services that botocore has a model of", repr(name)))
    model = json.loads(_read(path))
    return ServiceModel(name, model["metadata"]["protocol"], model["operations"], model["shapes"])


def _model_file(folder: Path) -> Path | None:
    """Return the newest version of a service's model: versions are dates."""
    return max(folder.glob("*/service-2.json*"), default=None)


def _metadata(path: Path) -> dict[str, Any]:
    head = _read(path, _HEAD_BYTES).decode(errors="ignore")
    start = head.index(_METADATA) + len(_METADATA)
    metadata: dict[str, Any]
    metadata, _ = json.JSONDecoder().raw_decode(head[start:].lstrip())
    return metadata


def _read(path: Path, size: int = -1) -> bytes:
    if path.suffix == ".gz":
        with gzip.open(path) as packed:
            return packed.read(size)
    with path.open("rb") as file:
        return file.read(size)
