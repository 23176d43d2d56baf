"""The HTTP side: Athena's calls go to this endpoint's own, all others to moto; what is to fail fails here."""

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from athena_endpoint.api import AthenaApi
from athena_endpoint.faults import ELSEWHERE, EXPIRED, THROTTLED, Faults
from athena_endpoint.refusals import CALLER, RefusedError

Environ = dict[str, Any]
Respond = Callable[..., Any]
App = Callable[[Environ, Respond], Iterable[bytes]]

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_OF_BUCKET = {"GET": "ListObjectsV2", "PUT": "CreateBucket", "HEAD": "HeadBucket", "DELETE": "DeleteBucket"}
_OF_OBJECT = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
_OF_BUCKET_QUERY = {
    "location": "GetBucketLocation",
    "delete": "DeleteObjects",
    "versioning": "GetBucketVersioning",
    "encryption": "GetBucketEncryption",
    "policy": "GetBucketPolicy",
}
_REDIRECT = "The bucket you are attempting to access must be addressed using the specified endpoint."
_KEY_DENIED = (
    f"User: {CALLER} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext"
)
_LOCATION = f"<LocationConstraint>{ELSEWHERE}</LocationConstraint>"


@dataclass(frozen=True, slots=True)
class _S3Answer:
    """What S3 says instead of doing something.

    Attributes:
        status: Of HTTP.
        text: XML.
        headers: Beyond the usual.
    """

    status: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()


def _s3_error(status: str, code: str, message: str, *headers: tuple[str, str]) -> _S3Answer:
    text = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><RequestId>0</RequestId></Error>"
    return _S3Answer(status, text, headers)


_S3_REFUSALS = {
    THROTTLED: _s3_error("503 Slow Down", "SlowDown", "Please reduce your request rate."),
    EXPIRED: _s3_error("400 Bad Request", "ExpiredToken", "The provided token has expired."),
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request, as far as it must be understood to fail it.

    Attributes:
        access_key: Of the credentials that signed it.
        region: That it was signed for.
        service: athena, s3, …
        action: GetObject, StartQueryExecution, …
        uri: `s3://bucket/key` that it is about; of a listing, with the prefix. Empty for other services.
    """

    access_key: str
    region: str
    service: str
    action: str
    uri: str = ""

    @classmethod
    def read(cls, environ: Environ, body: bytes) -> "Call":
        """Read a request of any service."""
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        signed = (scope[1], scope[2], scope[3]) if scope else ("", "", "")
        if target := environ.get("HTTP_X_AMZ_TARGET"):
            return cls(*signed, target.rpartition(".")[2])
        if signed[2] == "s3":
            return cls(*signed, *_s3_call(environ))
        return cls(*signed, _query_action(environ, body))


def _s3_call(environ: Environ) -> tuple[str, str]:
    method = str(environ["REQUEST_METHOD"])
    bucket, _, key = unquote(environ.get("PATH_INFO", "/")).lstrip("/").partition("/")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if key:
        return _OF_OBJECT.get(method, method), f"s3://{bucket}/{key}"
    named = next((action for name, action in _OF_BUCKET_QUERY.items() if name in query), "")
    action = named or (_OF_BUCKET.get(method, method) if bucket else "ListBuckets")
    return action, f"s3://{bucket}/{query.get('prefix', [''])[0]}"


def _query_action(environ: Environ, body: bytes) -> str:
    """Return the action of a service that takes it in a form: STS, IAM."""
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return ""
    return parse_qs(body.decode()).get("Action", [""])[0]


def _body(environ: Environ) -> bytes:
    """Return the request's body; moto can read it once more."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return bytes(body)


class Front:
    """The WSGI application.

    Args:
        athena: Answers Athena's calls.
        moto: Answers all others.
        faults: What goes wrong.
    """

    def __init__(self, athena: AthenaApi, moto: App, faults: Faults) -> None:
        self._athena = athena
        self._moto = moto
        self._faults = faults

    def __call__(self, environ: Environ, respond: Respond) -> Iterable[bytes]:
        """Answer a request."""
        # Read whole before anything is answered: the next request on the connection begins behind it.
        body = _body(environ)
        call = Call.read(environ, body)
        refusal = self._faults.of_call(call.action, call.access_key)
        if call.service == "s3":
            if answer := self._s3_answer(call, refusal):
                return _xml(answer, environ, respond)
        elif refusal:
            return _json_refusal(refusal, respond)
        if call.service == "athena":
            return self._answer(call, body, respond)
        return self._moto(environ, respond)

    def _answer(self, call: Call, body: bytes, respond: Respond) -> Iterable[bytes]:
        try:
            return _json("200 OK", self._athena.call(call.action, json.loads(body)), respond)
        except RefusedError as error:
            return _json_refusal(error, respond)
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever reads the test's output must see it
            failure = {"__type": "InternalServerException", "Message": f"the test endpoint itself failed: {error!r}"}
            return _json("500 Internal Server Error", failure, respond)

    def _s3_answer(self, call: Call, refusal: RefusedError | None) -> _S3Answer | None:
        """Return what S3 says instead of doing what it is asked; None if it does it."""
        if refusal:
            return _S3_REFUSALS.get(refusal) or _s3_error("400 Bad Request", refusal.code, refusal.message)
        if call.uri.removeprefix("s3://").partition("/")[0] in self._faults.moved:
            if call.action == "GetBucketLocation":
                return _S3Answer("200 OK", _LOCATION)
            if call.region != ELSEWHERE:
                there = ("x-amz-bucket-region", ELSEWHERE)
                return _s3_error("301 Moved Permanently", "PermanentRedirect", _REDIRECT, there)
        if self._faults.place_denied(call.uri):
            return _s3_error("403 Forbidden", "AccessDenied", "Access Denied")
        if call.action in {"GetObject", "PutObject"} and self._faults.place_key_denied(call.uri):
            return _s3_error("403 Forbidden", "AccessDenied", _KEY_DENIED)
        return None


def _json(status: str, answer: Mapping[str, Any], respond: Respond) -> Iterable[bytes]:
    body = json.dumps(answer).encode()
    respond(status, [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))])
    return [body]


def _json_refusal(refusal: RefusedError, respond: Respond) -> Iterable[bytes]:
    members = {"__type": refusal.code, "Message": refusal.message, "message": refusal.message, **refusal.details}
    return _json("400 Bad Request", members, respond)


def _xml(answer: _S3Answer, environ: Environ, respond: Respond) -> Iterable[bytes]:
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else f'<?xml version="1.0"?>{answer.text}'.encode()
    usual = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
    respond(answer.status, [*usual, *answer.headers])
    return [body]
