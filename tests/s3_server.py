"""S3 for tests: moto's server on loopback, over HTTP, with a client to it."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION = "us-east-1"


@contextmanager
def running_s3() -> "Iterator[S3Client]":
    """Start a server, and give a client to it; what was put there is gone at the end."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line per request says nothing to whoever runs tests
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield s3_client(f"http://{host}:{port}")
    finally:
        server.stop()


def s3_client(url: str) -> "S3Client":
    """Return a client to a server."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - moto takes any
        config=Config(retries={"total_max_attempts": 1}),
    )


def emptied(s3: "S3Client", *buckets: str) -> "S3Client":
    """Make sure of buckets without objects in them."""
    for bucket in buckets:
        s3.create_bucket(Bucket=bucket)
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", ()):
                s3.delete_object(Bucket=bucket, Key=item["Key"])
    return s3


@contextmanager
def refusing(s3: "S3Client", operation: str, text: str, code: str = "AccessDenied") -> Iterator[None]:
    """Have S3 refuse an operation (`ListObjectsV2`) wherever a request's query or path holds a text."""

    def refuse(params: Mapping[str, Any], **_: object) -> Any:
        if text not in f"{params['url_path']} {params['query_string']}":
            return None
        refusal = {"Error": {"Code": code, "Message": "Access Denied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        return SimpleNamespace(status_code=403), refusal

    event = f"before-call.s3.{operation}"
    s3.meta.events.register(event, refuse)
    try:
        yield
    finally:
        s3.meta.events.unregister(event, refuse)
