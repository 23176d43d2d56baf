"""The endpoint: AWS on loopback, as far as comprova needs it, with Athena really executing on Trino."""

import itertools
import logging
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from athena_endpoint.api import AthenaApi
from athena_endpoint.catalog import Catalog
from athena_endpoint.executions import Executions
from athena_endpoint.faults import Faults
from athena_endpoint.front import Front
from athena_endpoint.journal import Journals
from athena_endpoint.mirror import Mirror
from athena_endpoint.runner import Runner
from athena_endpoint.storage import Storage, split_uri
from athena_endpoint.trino_server import TrinoServer
from athena_endpoint.workgroups import Workgroups

REGION = "us-east-1"


class Endpoint:
    """A context manager: running inside the block.

    Args:
        folder: Of its own, empty; for Trino, its metastore and the mirror of S3.

    Attributes:
        faults: What goes wrong.
        storage: The objects, from inside.
    """

    def __init__(self, folder: Path) -> None:
        self.faults = Faults()
        self.storage = Storage()
        self._trino = TrinoServer(folder)
        root = self._trino.root
        mirror = Mirror(root, self.storage)
        catalog = Catalog(root, mirror, REGION)
        journals = Journals(root, mirror, self.storage, self.faults)
        runner = Runner(self._trino.client, catalog, mirror, self.storage, journals, self.faults)
        workgroups = Workgroups()
        self._executions = Executions(runner, workgroups, self.storage, self.faults)
        self._api = AthenaApi(self._executions, workgroups, self.storage, self.faults)
        self._server: BaseWSGIServer | None = None
        self._open = ExitStack()
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        """Start Trino and the HTTP server."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line per request says nothing to whoever runs tests
        with ExitStack() as stack:
            stack.enter_context(self._trino)
            front = Front(self._api, DomainDispatcherApplication(create_backend_app), self.faults)
            server = make_server("127.0.0.1", 0, front, threaded=True, request_handler=_Handler)
            stack.callback(server.server_close)
            threading.Thread(target=server.serve_forever, name="endpoint", daemon=True).start()
            stack.callback(server.shutdown)
            stack.callback(self._executions.close)
            stack.callback(self.faults.reset)
            self._server = server
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both."""
        self._server = None
        self._open.close()

    @property
    def url(self) -> str:
        """Of the HTTP server; for AWS_ENDPOINT_URL."""
        if self._server is None:
            raise RuntimeError("not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What AWS's SDKs must find in the environment to talk to this endpoint and to nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, access_key: str = "testing") -> Any:
        """Return boto3's client of a service; it does not retry."""
        return boto3.client(
            service,  # type: ignore[call-overload]  # any that moto knows
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=access_key,
            aws_secret_access_key="testing",  # noqa: S106 - moto takes any
            config=Config(retries={"total_max_attempts": 1}),
        )

    def fresh(self, name: str) -> str:
        """Return a name, of a bucket or a database, that no other test has."""
        return f"{name}{next(self._numbers)}"

    def put_folder(self, folder: Path, uri: str) -> None:
        """Put the files of a folder below `s3://bucket/prefix`, under their relative paths; faster than over HTTP."""
        bucket, prefix = split_uri(uri)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                key = "/".join(part for part in (prefix.rstrip("/"), path.relative_to(folder).as_posix()) if part)
                self.storage.put(bucket, key, path.read_bytes())


class _Handler(MotoRequestHandler):
    """Keeps connections open, as AWS does."""

    protocol_version = "HTTP/1.1"
